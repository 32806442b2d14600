/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The column of places beside a wide screen. */
import { ChevronsUpDown, LogOut, Search } from 'lucide-react';
import { useId, useRef } from 'react';
import { words } from '../words/shell';
import { AccountPanel } from './account';
import { useLeave } from './leave';
import { Mark } from './mark';
import { show } from './overlays';
import { PlaceLink } from './place_link';
import { GROUPS, places } from './places';
import { session } from './session';

const IS_APPLE = /Mac|iP(?:hone|ad)/.test(navigator.userAgent);
export const PALETTE_KEYS = IS_APPLE ? '⌘ K' : 'Ctrl K';

export function Side({ waiting }: { waiting: number | undefined }) {
  return (
    <aside className="side">
      <p className="side-name">
        <Mark />
        <span>{session.workspace.name}</span>
      </p>
      <button type="button" className="find" onClick={() => show('palette')}>
        <Search size={17} aria-hidden="true" />
        <span>{words.find}</span>
        <kbd aria-hidden="true">{PALETTE_KEYS}</kbd>
      </button>
      <nav aria-label={words.places}>
        <Places waiting={waiting} />
      </nav>
      <Foot />
    </aside>
  );
}

export function Places({ waiting, onGo }: { waiting: number | undefined; onGo?: () => void }) {
  return GROUPS.map((group) => {
    const inside = places.filter((place) => place.group === group);
    if (inside.length === 0) return null;
    return (
      <div key={group} className="place-group">
        <p id={`places-${group}`}>{words.groups[group]}</p>
        <ul className="places" aria-labelledby={`places-${group}`}>
          {inside.map((place) => (
            <li key={place.path}>
              <PlaceLink place={place} waiting={waiting} className="place" size={18} {...(onGo ? { onClick: onGo } : {})} />
            </li>
          ))}
        </ul>
      </div>
    );
  });
}

export function Who() {
  return (
    <span className="who">
      <b>{session.user.name}</b>
      {session.user.email}
    </span>
  );
}

function Foot() {
  const out = useLeave();
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  return (
    <div className="side-foot">
      <button type="button" className="place place-button" popoverTarget={id}>
        <Who />
        <span className="unseen">{words.options}</span>
        <ChevronsUpDown size={16} aria-hidden="true" />
      </button>
      {/* By the browser's own popover, so that the shell brings none. */}
      <div id={id} ref={panel} className="account-menu" popover="auto">
        <AccountPanel close={() => panel.current?.hidePopover()} />
      </div>
      <button type="button" className="place place-button" onClick={out}>
        <LogOut size={18} strokeWidth={1.9} aria-hidden="true" />
        {words.signOut}
      </button>
    </div>
  );
}
