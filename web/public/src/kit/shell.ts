/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The first data, which the server puts into the page so that the first paint asks for nothing. */

export function shellData<T>(name: string): T | null {
  const text = document.getElementById('careops-data')?.textContent;
  if (!text) return null;
  try {
    const all = JSON.parse(text) as Record<string, unknown>;
    return (all[name] as T | null | undefined) ?? null;
  } catch {
    return null;
  }
}

/** The n-th part of the path: `/book/maison-lune` has `maison-lune` at 1. */
export const pathPart = (n: number): string => location.pathname.split('/').slice(1)[n] ?? '';

/** The business's colour; the style sheet makes it readable in light and dark (see base.css). */
export function applyAccent(color: string | null): void {
  if (color && CSS.supports('color', color)) {
    document.documentElement.style.setProperty('--brand', color);
  }
}
