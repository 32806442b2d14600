/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Today: who is here now or comes next, then the rest of the day. */
import { clock, dayLong, deviceZone, zoneCity } from '../kit/format';
import { follow } from '../kit/link';
import { href } from '../kit/place';
import { staff as words } from '../words/staff';
import { useNow } from './ask';
import type { Booking } from '../kit/contract';
import { partsOf } from './day';
import {
  Alerts,
  Failed,
  Heading,
  Skeleton,
  StateBadge,
  VisitActions,
  VisitRow,
  lengthOf,
  quantityText,
  servicesOf,
  usePortal,
} from './parts';

const WEEK = { view: 'week' };

export function Today({ isAside = false }: { isAside?: boolean }) {
  const { member, day } = usePortal();
  const { locale, timezone } = member.workspace;
  const nowMs = useNow();
  const parts = day.visits && partsOf(day.visits, nowMs);
  return (
    <>
      {isAside ? <h2>{dayLong(day.date, locale)}</h2> : <Heading>{dayLong(day.date, locale)}</Heading>}
      {deviceZone() !== timezone && <p class="hint">{words.zone(zoneCity(timezone))}</p>}
      {day.loading && <Skeleton />}
      {!day.visits && !day.loading && <Failed read={day} />}
      {day.visits?.length === 0 && <NoVisits />}
      {parts && day.visits && day.visits.length > 0 && (
        <>
          {parts.now && <Card visit={parts.now} nowMs={nowMs} />}
          {!parts.now && parts.next && <Card visit={parts.next} nowMs={nowMs} />}
          {!parts.now && !parts.next && parts.overdue.length === 0 && <AllDone />}
          {parts.now && parts.next && <Group title={words.next} visits={[parts.next]} />}
          <Group title={words.stillOpen} visits={parts.overdue} />
          <Group title={words.later} visits={parts.later} />
          <Group title={words.done} visits={parts.done} />
        </>
      )}
    </>
  );
}

export function Group({ title, visits }: { title: string; visits: Booking[] }) {
  if (visits.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ol class="visits">
        {visits.map((each) => (
          <VisitRow key={each.id} visit={each} />
        ))}
      </ol>
    </section>
  );
}

function whenText(visit: Booking, nowMs: number): string {
  const begun = visit.started_at;
  if (begun) return words.sinceMinutes(Math.floor((nowMs - Date.parse(begun)) / 60_000));
  const away = Math.ceil((Date.parse(visit.start) - nowMs) / 60_000);
  if (away > 0) return words.inMinutes(away);
  return away > -1 ? words.startsNow : words.late(-away);
}

function Card({ visit, nowMs }: { visit: Booking; nowMs: number }) {
  const { member, place } = usePortal();
  const { locale } = member.workspace;
  const to = { visit: visit.id };
  const things = [
    ...visit.resources.map((each) => each.name),
    ...visit.materials.map((each) => `${each.name} ${quantityText(each.quantity, each.unit)}`),
  ];
  return (
    <section class="next" aria-labelledby="next-title">
      <p class="when">
        <b>{visit.started_at ? words.now : words.next}</b> {whenText(visit, nowMs)}
        <StateBadge visit={visit} isCard />
      </p>
      <h2 id="next-title">
        <a href={href(to)} onClick={follow(place, to)}>
          <span class="clock">{clock(visit.local, locale)}</span> {visit.client.name}
        </a>
      </h2>
      <p class="sub">
        {servicesOf(visit)} · {lengthOf(visit)}, {words.until(clock(visit.local_end, locale))}
      </p>
      <Alerts alerts={visit.client_alerts} />
      {things.length > 0 && (
        <p>
          <span class="label">{words.prepare}</span> {things.join(', ')}
        </p>
      )}
      {visit.notes && (
        <p class="quote">
          <span class="label">{words.notes}</span> {visit.notes}
        </p>
      )}
      <VisitActions visit={visit} nowMs={nowMs} />
    </section>
  );
}

function NoVisits() {
  const { place } = usePortal();
  return (
    <div class="empty">
      <p>
        <strong>{words.noneToday}</strong>
      </p>
      <p>{words.noneTodayHint}</p>
      <a class="btn quiet" href={href(WEEK)} onClick={follow(place, WEEK)}>
        {words.seeWeek}
      </a>
    </div>
  );
}

function AllDone() {
  const { place } = usePortal();
  return (
    <div class="empty">
      <p>
        <strong>{words.allDone}</strong>
      </p>
      <a class="btn quiet" href={href(WEEK)} onClick={follow(place, WEEK)}>
        {words.seeWeek}
      </a>
    </div>
  );
}
