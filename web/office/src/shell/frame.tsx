/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands round every screen: where one is, where else to go, and the way out. */
import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useSearch } from '@tanstack/react-router';
import { LogOut, MoreHorizontal, UserRound } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { useToast } from '../kit/toast';
import { waitingQuery } from '../screens/inbox/counts';
import { words } from '../words/shell';
import { leave } from './leave';
import { useOnline } from './online';
import { type Place, places } from './places';
import { may, session } from './session';

const VisitDrawer = lazy(async () => ({ default: (await import('../screens/visit/visit')).VisitDrawer }));
const NewVisit = lazy(async () => ({ default: (await import('../screens/visit/new_visit')).NewVisit }));

export function Frame() {
  const online = useOnline();
  const { data: waiting } = useQuery({ ...waitingQuery, enabled: may('inbox') });
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <header className="phone-top">
        <Mark />
        <span className="name">{session.workspace.name}</span>
        <AccountMenu />
      </header>
      <aside className="side">
        <p className="side-name">
          <Mark />
          <span>{session.workspace.name}</span>
        </p>
        <nav aria-label={words.places}>
          <ul className="places">
            {places.map((place) => (
              <li key={place.path}>
                <PlaceLink place={place} waiting={waiting} className="place" size={19} />
              </li>
            ))}
          </ul>
        </nav>
        <Foot />
      </aside>
      <main className="stage" id="content" tabIndex={-1}>
        {!online && (
          <p className="offline" role="status">
            {words.offline}
          </p>
        )}
        <Outlet />
        <Over />
      </main>
      <nav className="foot-bar" aria-label={words.places}>
        <ul>
          {places.map((place) => (
            <li key={place.path}>
              <PlaceLink place={place} waiting={waiting} size={21} />
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

/** What the address has opened over the screen. */
function Over() {
  const search = useSearch({ strict: false });
  return (
    <Suspense fallback={null}>
      {search.visit && <VisitDrawer key={search.visit} id={search.visit} />}
      {search.new && <NewVisit key={search.new} start={search.new} />}
    </Suspense>
  );
}

function Mark() {
  return (
    <span className="mark" aria-hidden="true">
      {session.workspace.name.trim().charAt(0).toUpperCase()}
    </span>
  );
}

interface PlaceLinkProps {
  place: Place;
  waiting: number | undefined;
  size: number;
  className?: string;
}

const MOST_SHOWN = 99;

function PlaceLink({ place, waiting = 0, size, className }: PlaceLinkProps) {
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
          <span className="unseen">{words.waiting(shown)}</span>
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
    <Link to={place.path} className={className} activeProps={{ 'aria-current': 'page' }}>
      {inside}
    </Link>
  );
}

function useLeave(): () => void {
  const toast = useToast();
  return () => {
    leave().catch(() => toast.fail(words.signOutFailed));
  };
}

function Foot() {
  const out = useLeave();
  return (
    <div className="side-foot">
      <p className="who">
        <b>{session.user.name}</b>
        {session.user.email}
      </p>
      <a className="place" href="/account">
        <UserRound size={19} strokeWidth={1.9} aria-hidden="true" />
        {words.account}
      </a>
      <button type="button" className="place place-button" onClick={out}>
        <LogOut size={19} strokeWidth={1.9} aria-hidden="true" />
        {words.signOut}
      </button>
    </div>
  );
}

/** By the browser's own popover, so that the shell brings none. */
function AccountMenu() {
  const out = useLeave();
  return (
    <>
      <ActionIcon aria-label={words.menu} popoverTarget="account-menu">
        <MoreHorizontal size={20} aria-hidden="true" />
      </ActionIcon>
      <div id="account-menu" className="account-menu" popover="auto">
        <p className="who">
          <b>{session.user.name}</b>
          {session.user.email}
        </p>
        <a className="place" href="/account">
          <UserRound size={19} strokeWidth={1.9} aria-hidden="true" />
          {words.account}
        </a>
        <button type="button" className="place place-button" onClick={out}>
          <LogOut size={19} strokeWidth={1.9} aria-hidden="true" />
          {words.signOut}
        </button>
      </div>
    </>
  );
}
