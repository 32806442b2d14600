/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The row at a place, else the last one, else the heading: the focus never falls on the page. */
export function focusRow(list: Element | null, place: number, title: string): void {
  const row = list?.isConnected ? (list.children[place] ?? list.lastElementChild) : null;
  const target = row?.querySelector<HTMLElement>('button, a') ?? document.getElementById(title);
  target?.focus();
}
