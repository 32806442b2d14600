/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands around every view: the business, the state of the network, what waits, the sections. */
import type { ComponentChildren } from 'preact';
import { clock, dateOf, dayMedium } from '../kit/format';
import { Icon } from '../kit/icons';
import { follow } from '../kit/link';
import { isOpen } from '../kit/open';
import { href } from '../kit/place';
import { shared } from '../words/shared';
import { staff as words } from '../words/staff';
import { online } from './ask';
import { keptDay } from './copy';
import { usePortal } from './parts';
import { type Change, canInsist, queue } from './queue';
import { useStore } from './store';

const SECTIONS = [
  { view: 'today', icon: 'today', words: words.today },
  { view: 'week', icon: 'calendar', words: words.week },
  { view: 'messages', icon: 'chat', words: words.messages },
  { view: 'me', icon: 'person', words: words.me },
] as const;

interface FrameProps {
  view: string;
  unanswered: number;
  /** Beside the view where there is room for both. */
  aside: ComponentChildren;
  isStep: boolean;
  children: ComponentChildren;
}

export function Frame({ view, unanswered, aside, isStep, children }: FrameProps) {
  const { member, hasInbox } = usePortal();
  return (
    <div class="portal">
      <header class="bar">
        <p class="business">{member.workspace.name}</p>
        <Waiting />
      </header>
      <Sections view={view} hasInbox={hasInbox} unanswered={unanswered} isStep={isStep} />
      <main class={aside ? 'two' : ''}>
        <Network />
        <Refusals />
        {aside && (
          <section class="aside" aria-label={words.today}>
            {aside}
          </section>
        )}
        <div class="view">{children}</div>
      </main>
      <Said />
    </div>
  );
}

interface SectionsProps {
  view: string;
  hasInbox: boolean;
  unanswered: number;
  isStep: boolean;
}

function Sections({ view, hasInbox, unanswered, isStep }: SectionsProps) {
  const { place } = usePortal();
  return (
    <nav class="tabs" aria-label={words.sections}>
      {SECTIONS.filter((each) => each.view !== 'messages' || hasInbox).map((each) => {
        const to = each.view === 'today' ? {} : { view: each.view };
        const isHere = each.view === view;
        return (
          <a
            key={each.view}
            href={href(to)}
            aria-current={isHere ? (isStep ? 'true' : 'page') : undefined}
            onClick={follow(place, to)}
          >
            <Icon name={each.icon} />
            {each.words}
            {each.view === 'messages' && unanswered > 0 && (
              <span class="count">
                {unanswered}
                <span class="unseen"> {words.unanswered}</span>
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}

function Waiting() {
  const changes = useStore(queue.changes);
  const isOnline = useStore(online);
  const isKept = useStore(queue.isKept);
  const count = changes.filter((each) => !each.refused).length;
  /* With a network it goes within a moment, and would only flicker. */
  if (isOnline || count === 0) return null;
  return (
    <p class="badge waits">
      {words.waiting(count)}
      {!isKept && <span class="unseen"> {words.notKept}</span>}
    </p>
  );
}

function Network() {
  const { member, day } = usePortal();
  const isOnline = useStore(online);
  const isKept = useStore(queue.isKept);
  if (isOnline) return <div role="status" class="unseen" />;
  const { timezone, locale } = member.workspace;
  const savedAt = keptDay(member, day.date)?.savedAt;
  const since = savedAt
    ? new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: timezone }).format(savedAt)
    : null;
  return (
    <div role="status" class="offline">
      <strong>{words.offline}</strong> {since && words.offlineSince(since)}{' '}
      {!isKept && words.notKept}
    </div>
  );
}

function Refusals() {
  const refused = useStore(queue.changes).filter((each) => each.refused);
  return (
    <>
      {refused.map((each) => (
        <Refused key={each.id} change={each} />
      ))}
    </>
  );
}

function Refused({ change }: { change: Change }) {
  const { member, place } = usePortal();
  const { locale } = member.workspace;
  const to = { visit: change.visitId };
  return (
    <div class="alert bad" role="alert">
      <p>
        <strong>{words.refusedTitle}:</strong>{' '}
        {words.refused(words.verb[change.verb], change.client, clock(change.local, locale))}.{' '}
        {whyNot(change, locale)}
      </p>
      <div class="actions">
        {canInsist(change) && (
          <button type="button" class="btn" onClick={() => queue.insist(change)}>
            {change.refused?.code === 'gate_unmet' ? shared.tryAgain : words.insist}
          </button>
        )}
        <button type="button" class="btn quiet" onClick={() => queue.giveUp(change)}>
          {words.giveUp}
        </button>
        {change.refused?.now && (
          <a class="btn quiet" href={href(to)} onClick={follow(place, to)}>
            {words.open}
          </a>
        )}
      </div>
    </div>
  );
}

function whyNot(change: Change, locale: string): string {
  const now = change.refused?.now;
  if (!now) return words.refusedGone;
  if (!isOpen(now)) {
    return words.refusedStatus(words.status[now.status]);
  }
  if (now.local !== change.local) {
    return words.refusedMoved(
      `${dayMedium(dateOf(now.local), locale)}, ${clock(now.local, locale)}`,
    );
  }
  if (change.refused?.code === 'stale_version') return words.refusedChanged;
  return change.refused?.text ?? '';
}

/** Says what a tap has done, for whoever does not see it. */
function Said() {
  const said = useStore(queue.said);
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
