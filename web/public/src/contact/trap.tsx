/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A field for programs that fill in every form. `inert` keeps it from the keyboard, from screen
 * readers and from a search in the page, and the style sheet from the eyes.
 */
import { useEffect, useRef } from 'preact/hooks';
import { contact as words } from '../words/contact';

export function Trap({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current) box.current.inert = true;
  }, []);
  return (
    <div ref={box} class="unseen" aria-hidden="true">
      <label for="website">{words.leaveEmpty}</label>
      <input
        id="website"
        name="website"
        tabIndex={-1}
        autoComplete="off"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </div>
  );
}
