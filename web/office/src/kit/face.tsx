/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A person's first letters, in a colour of their own. */
const HUES = [12, 48, 95, 150, 200, 245, 290, 335];

function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return HUES[sum % HUES.length] ?? 0;
}

function letters(name: string): string {
  const parts = name.trim().split(/\s+/);
  const first = [...(parts[0] ?? '')][0] ?? '?';
  const last = parts.length > 1 ? ([...(parts.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

export function Face({ name, size = 40 }: { name: string; size?: number }) {
  return (
    <span
      className="face"
      style={{ '--hue': hueOf(name), inlineSize: size, blockSize: size, fontSize: size * 0.36 }}
      aria-hidden="true"
    >
      {letters(name)}
    </span>
  );
}
