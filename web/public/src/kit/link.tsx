/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Links between the steps of one page: real links, which move without loading where they can. */
import { Icon } from './icons';
import { type Place, type Query, href } from './place';

/** A plain click moves within the page; a click for a new tab or window stays the browser's. */
export function follow(place: Place, query: Query) {
  return (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    place.go(query, 'push');
  };
}

export function BackLink({ place, to, label }: { place: Place; to: Query; label: string }) {
  return (
    <a class="back" href={href(to)} onClick={follow(place, to)}>
      <Icon name="back" />
      {label}
    </a>
  );
}
