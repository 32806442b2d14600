/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a phone has instead of the column of places: a line at the top, and a bar at the thumb. */
import { ActionIcon } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { Menu, Search } from 'lucide-react';
import { words } from '../words/shell';
import { Mark } from './mark';
import { show, useOverlay } from './overlays';
import { PlaceLink } from './place_link';
import { footPlaces } from './places';
import { session } from './session';

export function PhoneTop() {
  return (
    // No header: a dialog brings one of its own, and a page has one banner.
    <section className="phone-top" aria-label={session.workspace.name}>
      <Mark />
      <span className="name">{session.workspace.name}</span>
      <ActionIcon aria-label={words.findShort} onClick={() => show('palette')}>
        <Search size={20} aria-hidden="true" />
      </ActionIcon>
    </section>
  );
}

const isIn = (path: string, place: string): boolean =>
  place === '/app' ? path === place : path === place || path.startsWith(`${place}/`);

export function FootBar({ waiting }: { waiting: number | undefined }) {
  const path = useLocation({ select: (location) => location.pathname });
  const isElsewhere = !footPlaces.some((place) => isIn(path, place.path));
  const isOpen = useOverlay() === 'more';
  return (
    <nav className="foot-bar" aria-label={words.places}>
      <ul>
        {footPlaces.map((place) => (
          <li key={place.path}>
            <PlaceLink place={place} waiting={waiting} size={21} />
          </li>
        ))}
        <li>
          <button
            type="button"
            aria-haspopup="dialog"
            aria-expanded={isOpen}
            data-here={isElsewhere || undefined}
            onClick={() => show('more')}
          >
            <Menu size={21} strokeWidth={1.9} aria-hidden="true" />
            <span>{words.more}</span>
          </button>
        </li>
      </ul>
    </nav>
  );
}
