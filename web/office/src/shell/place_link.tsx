/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The way to a place, with how many wait there. */
import { Link } from '@tanstack/react-router';
import { words } from '../words/shell';
import type { Place } from './places';

interface PlaceLinkProps {
  place: Place;
  waiting: number | undefined;
  size: number;
  className?: string;
  onClick?: () => void;
}

const MOST_SHOWN = 99;

export function PlaceLink({ place, waiting = 0, size, className, onClick }: PlaceLinkProps) {
  const Icon = place.icon;
  const count = place.path === '/app/inbox' && waiting > 0 ? waiting : 0;
  const shown = count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count);
  const inside = (
    <>
      <Icon size={size} strokeWidth={1.9} aria-hidden="true" />
      <span>{place.label}</span>
      {count > 0 && (
        <span className="count">
          <span aria-hidden="true">{shown}</span>
          <span className="unseen">{words.waiting(count, shown)}</span>
        </span>
      )}
    </>
  );
  if (!place.here) {
    return (
      <a href={place.path} className={className}>
        {inside}
      </a>
    );
  }
  return (
    <Link
      to={place.path}
      className={className}
      /* `/app` stands at the beginning of every path. */
      activeOptions={{ exact: place.path === '/app', includeSearch: false }}
      activeProps={{ 'aria-current': 'page' }}
      onClick={onClick}
    >
      {inside}
    </Link>
  );
}
