/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Small parts that the portal's views share. */
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { Booking, Hours, Session } from '../kit/contract';
import type { Loaded } from '../kit/load';
import { clock, clockText, duration } from '../kit/format';
import { Icon } from '../kit/icons';
import { follow } from '../kit/link';
import { isOpen } from '../kit/open';
import { type Place, href } from '../kit/place';
import { LoadFailed } from '../kit/ui';
import { notLoaded, shared } from '../words/shared';
import { staff as words } from '../words/staff';
import type { Day } from './day';
import { queue } from './queue';
import { useStore } from './store';

export interface Portal {
  member: Session;
  place: Place;
  day: Day;
  /** Whether there are conversations here. */
  hasInbox: boolean;
}

export const PortalContext = createContext<Portal | null>(null);

export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (!portal) throw new Error('outside the portal');
  return portal;
}

/** A view begins at its top, with the focus on its heading, unless the page has just loaded. */
export function Heading({ children }: { children: ComponentChildren }) {
  const { place } = usePortal();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!place.moved) return;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** As many rows as a usual list; unseen at first, so that a quick answer never flashes. */
export function Skeleton() {
  return (
    <div class="bones">
      <p class="unseen" role="status">
        {shared.loading}
      </p>
      {Array.from({ length: 4 }, (_, n) => (
        <span key={n} />
      ))}
    </div>
  );
}

/** What stands where something could not be read: without a network that is no fault. */
export function Failed({ read }: { read: Pick<Loaded<unknown>, 'problem' | 'unreachable' | 'reload'> }) {
  if (!read.problem) {
    return (
      <div class="empty">
        <p>{words.offlineNothing}</p>
        <button type="button" class="btn quiet" onClick={read.reload}>
          {shared.tryAgain}
        </button>
      </div>
    );
  }
  return <LoadFailed title={notLoaded} problem={read.problem} retry={read.reload} />;
}

export const servicesOf = (visit: Booking): string =>
  visit.services.map((each) => each.name).join(' + ');

export const lengthOf = (visit: Booking): string =>
  duration(Math.round((Date.parse(visit.end) - Date.parse(visit.start)) / 60_000));

export function useWaits(visitId: string): boolean {
  return useStore(queue.changes).some((each) => each.visitId === visitId && !each.refused);
}

/** `isCard`: the words beside it say already that the visit is under way. */
export function StateBadge({ visit, isCard = false }: { visit: Booking; isCard?: boolean }) {
  const waits = useWaits(visit.id);
  const begun = isOpen(visit) && visit.started_at !== null;
  return (
    <>
      {((begun && !isCard) || visit.status !== 'confirmed') && (
        <span class={`badge ${begun && !isCard ? 'on' : visit.status}`}>
          {begun && !isCard ? words.started : words.status[visit.status]}
        </span>
      )}
      {waits && <span class="badge waits">{words.waitingBadge}</span>}
    </>
  );
}

/** Something must be there before it can begin. */
export const isHeldUp = (visit: Booking): boolean => isOpen(visit) && visit.gates_ok === false;

export const quantityText = (quantity: number, unit: string): string => `${quantity} ${unit}`;

/** One visit in a list: a link to it. */
export function VisitRow({ visit, from }: { visit: Booking; from?: Record<string, string> }) {
  const { member, place } = usePortal();
  const { locale } = member.workspace;
  const to = { ...from, visit: visit.id };
  const isHere = place.query.get('visit') === visit.id;
  return (
    <li>
      <a
        class="visit"
        href={href(to)}
        aria-current={isHere ? 'true' : undefined}
        onClick={follow(place, to)}
      >
        <time datetime={visit.start}>
          {clock(visit.local, locale)}
          <small>{lengthOf(visit)}</small>
        </time>
        <span class="who">
          <strong>{visit.client.name}</strong>
          <span class="sub">{servicesOf(visit)}</span>
        </span>
        <span class="marks">
          {visit.client_alerts.length > 0 && (
            <span class="badge minds">
              <Icon name="mind" />
              {words.mindCount(visit.client_alerts.length)}
            </span>
          )}
          {isHeldUp(visit) && <span class="badge waits">{words.gatesBadge}</span>}
          <StateBadge visit={visit} />
        </span>
      </a>
    </li>
  );
}

/** The hours of one day; a span is never broken over two lines. */
export function Spans({ spans, locale }: { spans: Hours[]; locale: string }) {
  if (spans.length === 0) return <>{words.dayOff}</>;
  return (
    <>
      {spans.map((each, n) => (
        <span key={each.start}>
          {n > 0 && ', '}
          <span class="span">
            {clockText(each.start, locale)} – {clockText(each.end, locale)}
          </span>
        </span>
      ))}
    </>
  );
}

export function Alerts({ alerts }: { alerts: string[] }) {
  if (alerts.length === 0) return null;
  return (
    <div class="minds-box">
      <p>
        <Icon name="mind" />
        {words.mind}
      </p>
      <ul>
        {alerts.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}

/** What can be done with a visit today; finishing and no-show ask on a step of their own. */
export function VisitActions({ visit, nowMs }: { visit: Booking; nowMs: number }) {
  const { place, day } = usePortal();
  if (!isOpen(visit) || visit.local.slice(0, 10) > day.date) return null;
  /* The button goes with its tap, so the focus moves on to what takes its place. */
  const start = (event: MouseEvent): void => {
    const region = (event.currentTarget as HTMLElement).closest('.aside, .view');
    queue.add(visit, 'start');
    requestAnimationFrame(() =>
      requestAnimationFrame(() => region?.querySelector<HTMLElement>('.actions .btn')?.focus()),
    );
  };
  const finish = { ...at(place), visit: visit.id, step: 'finish' };
  const missed = { ...at(place), visit: visit.id, step: 'no-show' };
  const begun = visit.started_at !== null;
  const isDue = Date.parse(visit.start) <= nowMs;
  return (
    <div class="actions">
      {!begun && (
        <button type="button" class="btn" onClick={start}>
          {words.startVisit}
        </button>
      )}
      {(begun || isDue) && (
        <a class={begun ? 'btn' : 'btn quiet'} href={href(finish)} onClick={follow(place, finish)}>
          {words.finishVisit}
        </a>
      )}
      {!begun && isDue && (
        <a class="btn quiet" href={href(missed)} onClick={follow(place, missed)}>
          {words.noShow}
        </a>
      )}
    </div>
  );
}

/** The view that a step belongs to, so that it can lead back. */
export function at(place: Place): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['view', 'from']) {
    const value = place.query.get(name);
    if (value) kept[name] = value;
  }
  return kept;
}
