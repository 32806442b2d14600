/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { type RefObject, useLayoutEffect, useRef } from 'react';

/** The headings of the two lists that one acts in. */
export const ATTENTION = 'attention-title';
export const HEALTH = 'health-title';

/** The row at a place, else the last one, else the heading: the focus never falls on the page. */
export function focusRow(list: Element | null, place: number, title: string): void {
  const row = list?.isConnected ? (list.children[place] ?? list.lastElementChild) : null;
  const target = row?.querySelector<HTMLElement>('button, a') ?? document.getElementById(title);
  target?.focus();
}

/**
 * For a row that may go while it has the focus. Noticed here and not where it was caused, since rows
 * also go when their list is read again.
 */
export function useGoing(title: string): RefObject<HTMLLIElement | null> {
  const row = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const own = row.current;
    return () => {
      if (!own?.contains(document.activeElement)) return;
      const list = own.parentElement;
      const place = [...(list?.children ?? [])].indexOf(own);
      queueMicrotask(() => focusRow(list, place, title));
    };
  }, [title]);
  return row;
}
