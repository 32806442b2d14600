/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Seven days from Monday: each day's hours and visits. */
import type { Booking, List, TimeOff } from '../kit/contract';
import { addDays, dateOf, dayMedium, isDate } from '../kit/format';
import { Icon } from '../kit/icons';
import { follow } from '../kit/link';
import { href } from '../kit/place';
import { staff as words } from '../words/staff';
import { useRead } from './ask';
import { listPath, useShown } from './day';
import { spansOn, useOwnHours } from './hours';
import { Failed, Heading, Skeleton, Spans, VisitRow, usePortal } from './parts';

export function mondayOf(date: string): string {
  const weekday = (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(date, -weekday);
}

const to = (from: string) => ({ view: 'week', from });

export function Week() {
  const { member, place, day } = usePortal();
  const { locale } = member.workspace;
  const asked = place.query.get('from');
  const monday = mondayOf(isDate(asked) ? asked : day.date);
  const sunday = addDays(monday, 6);
  const read = useRead<List<Booking>>(listPath(member, monday, sunday), 'visits');
  const visits = useShown(read.value?.data ?? null)?.filter(
    (each) => each.status !== 'cancelled',
  );
  const title = words.weekOf(dayMedium(monday, locale), dayMedium(sunday, locale));
  return (
    <div class="wide">
      <div class="row">
        <Heading>{title}</Heading>
        <div class="steps">
          <a
            class="btn quiet"
            href={href(to(addDays(monday, -7)))}
            aria-label={words.weekBefore}
            onClick={follow(place, to(addDays(monday, -7)))}
          >
            <Icon name="back" />
          </a>
          <a
            class="btn quiet"
            href={href(to(mondayOf(day.date)))}
            aria-current={monday === mondayOf(day.date) ? 'true' : undefined}
            onClick={follow(place, to(mondayOf(day.date)))}
          >
            {words.thisWeek}
          </a>
          <a
            class="btn quiet"
            href={href(to(addDays(monday, 7)))}
            aria-label={words.weekAfter}
            onClick={follow(place, to(addDays(monday, 7)))}
          >
            <Icon name="next" />
          </a>
        </div>
      </div>
      <p class="unseen" role="status">
        {visits && words.visits(visits.length)}
      </p>
      {read.loading && <Skeleton />}
      {!visits && !read.loading && <Failed read={read} />}
      {visits && <Days monday={monday} visits={visits} />}
      {read.value?.next_cursor && <p class="hint">{words.moreVisits}</p>}
    </div>
  );
}

function Days({ monday, visits }: { monday: string; visits: Booking[] }) {
  const { member, day } = usePortal();
  const { locale } = member.workspace;
  const hours = useOwnHours();
  const off = useRead<List<TimeOff>>(
    `/staff/${member.staff_id}/time-off?from=${monday}T00:00:00Z&limit=50`,
    'time',
  );
  const dates = Array.from({ length: 7 }, (_, n) => addDays(monday, n));
  return (
    <ol class="days">
      {dates.map((date) => {
        const spans = spansOn(hours, member, date);
        const onDay = visits.filter((each) => dateOf(each.local) === date);
        const away = off.value?.data.filter((each) => touches(each, date)) ?? [];
        return (
          <li key={date} class={date < day.date && onDay.length === 0 ? 'over' : undefined}>
            <h2>
              {dayMedium(date, locale)}
              {date === day.date && <span class="badge on">{words.today}</span>}
            </h2>
            {spans && (
              <p class="hint">
                <Spans spans={spans} locale={locale} />
              </p>
            )}
            {away.map((each) => (
              <p key={each.id} class="away">
                {words.timeOff}
                {each.reason && `: ${each.reason}`}
              </p>
            ))}
            {onDay.length === 0 && <p class="sub">{words.dayFree}</p>}
            <ol class="visits">
              {onDay.map((each) => (
                <VisitRow key={each.id} visit={each} from={{ view: 'week', from: monday }} />
              ))}
            </ol>
          </li>
        );
      })}
    </ol>
  );
}

const touches = (off: TimeOff, date: string): boolean =>
  off.local_start.slice(0, 16) < `${date}T24:00` && off.local_end.slice(0, 16) > `${date}T00:00`;
