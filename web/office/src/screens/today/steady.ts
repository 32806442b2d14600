/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Rows stay where they are while somebody is at them: what is new comes below, until they are left. */
import { type RefObject, useRef } from 'react';

export function useSteady<T>(rows: T[], keyOf: (row: T) => string, place: RefObject<HTMLElement | null>): T[] {
  const order = useRef<string[]>([]);
  const isTouched =
    place.current !== null && (place.current.matches(':hover') || place.current.contains(document.activeElement));
  const known = new Map(order.current.map((key, at) => [key, at]));
  const rank = (row: T): number => known.get(keyOf(row)) ?? Number.MAX_SAFE_INTEGER;
  const shown = isTouched ? rows.toSorted((a, b) => rank(a) - rank(b)) : rows;
  order.current = shown.map(keyOf);
  return shown;
}
