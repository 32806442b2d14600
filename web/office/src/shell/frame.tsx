/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands round every screen: where one is, where else to go, and the way out. */
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState, useSearch } from '@tanstack/react-router';
import { Suspense, lazy, useEffect } from 'react';
import { waitingQuery } from '../screens/inbox/counts';
import { words } from '../words/shell';
import { useHands } from './hands';
import { followKeys } from './keys';
import { useOnline } from './online';
import { hide, useOverlay } from './overlays';
import { FootBar, PhoneTop } from './phone';
import { may } from './session';
import { keepFocus } from './settle';
import { Side } from './side';

const VisitDrawer = lazy(async () => ({ default: (await import('../screens/visit/visit')).VisitDrawer }));
const NewVisit = lazy(async () => ({ default: (await import('../screens/visit/new_visit')).NewVisit }));
const Palette = lazy(() => import('./palette'));
const KeyList = lazy(() => import('./key_list'));
const More = lazy(() => import('./more'));

export function Frame() {
  const online = useOnline();
  const { data: waiting } = useQuery({ ...waitingQuery, enabled: may('inbox') });
  const hands = useHands();
  useEffect(() => followKeys(hands), [hands]);
  useEffect(() => keepFocus(), []);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <Progress />
      <PhoneTop />
      <Side waiting={waiting} />
      <main className="stage" id="content" tabIndex={-1}>
        {!online && (
          <p className="offline" role="status">
            {words.offline}
          </p>
        )}
        <Outlet />
        <Over />
      </main>
      <FootBar waiting={waiting} />
      <Own />
    </div>
  );
}

/** A screen that takes longer than a blink says that it is coming (style/frame.css waits the blink). */
function Progress() {
  const isLoading = useRouterState({ select: (state) => state.isLoading });
  return isLoading ? <div className="progress" aria-hidden="true" /> : null;
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

/** What a key or a button of the frame has opened. */
function Own() {
  const overlay = useOverlay();
  return (
    <Suspense fallback={null}>
      {overlay === 'palette' && <Palette close={hide} />}
      {overlay === 'keys' && <KeyList close={hide} />}
      {overlay === 'more' && <More close={hide} />}
    </Suspense>
  );
}
