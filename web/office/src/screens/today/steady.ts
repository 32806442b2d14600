/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Rows stay where they are while somebody is at them: what is new comes below, until they are left. */
import { type FocusEvent, type PointerEvent, useState } from 'react';

interface Steady<T> {
  shown: T[];
  /** For the list's own element. */
  hold: {
    onPointerEnter: () => void;
    onPointerLeave: (event: PointerEvent<HTMLElement>) => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent<HTMLElement>) => void;
  };
}

export function useSteady<T>(rows: T[], keyOf: (row: T) => string): Steady<T> {
  const [held, setHeld] = useState<string[] | null>(null);
  const rank = (row: T): number => {
    const at = held?.indexOf(keyOf(row)) ?? -1;
    return at < 0 ? rows.length : at;
  };
  const take = (): void => setHeld((old) => old ?? rows.map(keyOf));
  return {
    shown: held ? rows.toSorted((a, b) => rank(a) - rank(b)) : rows,
    hold: {
      onPointerEnter: take,
      onPointerLeave: ({ currentTarget }) => {
        if (!currentTarget.contains(document.activeElement)) setHeld(null);
      },
      onFocus: take,
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setHeld(null);
      },
    },
  };
}
