/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The choice of person, day and time, for booking and for moving a visit. It shows two weeks of days
 * at once. Until a day is chosen, the first day with space is; when two weeks have none, it looks
 * through the next two months by itself.
 */
import { useEffect } from 'preact/hooks';
import { picker as words } from '../words/picker';
import { shared } from '../words/shared';
import type { Availability, Business, Day, Named, Slot } from './contract';
import {
  addDays,
  clock,
  clockOf,
  dayLong,
  dayMedium,
  dayNumber,
  daysBetween,
  deviceZone,
  hourOf,
  monthLong,
  offsetOf,
  today,
  weekdayShort,
  zoneCity,
} from './format';
import { Icon } from './icons';
import { useLoad } from './load';
import { LoadFailed } from './ui';
import { ReachOut } from './business';

const PAGE_DAYS = 14;
const SEARCH_DAYS = 62;

interface PickerProps {
  business: Business;
  serviceIds: string[];
  /** Who can do all the services; the choice is hidden when there is only one. */
  people: Named[];
  staffId: string | null;
  /** One's own hold, whose time is shown as free. */
  holdToken?: string | null;
  day: string | null;
  onStaff: (staffId: string | null) => void;
  onDay: (day: string) => void;
  onPick: (slot: Slot) => void;
}

function availabilityPath(props: PickerProps, from: string, to: string): string {
  const { business, serviceIds, staffId, holdToken } = props;
  const query = new URLSearchParams({ service_ids: serviceIds.join(','), from, to });
  if (staffId) query.set('staff_id', staffId);
  if (holdToken) query.set('hold_token', holdToken);
  return `/public/${encodeURIComponent(business.slug)}/availability?${query}`;
}

const earlier = (a: string, b: string): string => (a < b ? a : b);

export function Picker(props: PickerProps) {
  const { business, day, onDay, staffId } = props;
  const first = today(business.timezone);
  const last = addDays(first, business.policy.max_advance_days);
  const asked = day && day >= first && day <= last ? day : null;

  const page = asked ? Math.floor(daysBetween(first, asked) / PAGE_DAYS) : 0;
  const from = addDays(first, page * PAGE_DAYS);
  const to = earlier(addDays(from, PAGE_DAYS - 1), last);
  const load = useLoad<Availability>(availabilityPath(props, from, to));
  const days = load.value?.days ?? null;

  const firstFree = days?.find((each) => each.slots.length > 0)?.date ?? null;
  const isBare = asked === null && days !== null && firstFree === null && to < last;
  const searchTo = earlier(addDays(to, SEARCH_DAYS), last);
  const search = useLoad<Availability>(
    isBare ? availabilityPath(props, addDays(to, 1), searchTo) : null,
  );
  const found = search.value?.days.find((each) => each.slots.length > 0)?.date ?? null;
  useEffect(() => {
    if (isBare && found) onDay(found);
  }, [isBare, found, onDay]);

  const chosen = asked ?? firstFree ?? from;
  const searching = isBare && (search.loading || found !== null);
  const failed = load.value ? (isBare && !search.value ? search : null) : load;

  return (
    <div class="picker">
      <People {...props} />
      <Days
        days={days}
        from={from}
        to={to}
        first={first}
        last={last}
        chosen={searching || !days ? null : chosen}
        locale={business.locale}
        onDay={onDay}
      />
      <ZoneNote zone={business.timezone} />
      <div class="times" aria-busy={load.loading || searching}>
        {failed && (failed.problem || failed.unreachable) ? (
          <LoadFailed title={words.failed} problem={failed.problem} retry={failed.reload} />
        ) : load.loading || searching || !days ? (
          <Skeleton />
        ) : isBare ? (
          <Nothing business={business} until={searchTo} />
        ) : (
          <Times
            key={`${chosen} ${staffId ?? ''}`}
            shown={days.find((each) => each.date === chosen) ?? { date: chosen, slots: [] }}
            days={days}
            business={business}
            onDay={onDay}
            onPick={props.onPick}
          />
        )}
      </div>
    </div>
  );
}

function People({ people, staffId, onStaff }: PickerProps) {
  if (people.length < 2) return null;
  const choices: { id: string | null; name: string }[] = [
    { id: null, name: words.anyone },
    ...people,
  ];
  return (
    <fieldset class="strip">
      <legend class="unseen">{words.who}</legend>
      {choices.map(({ id, name }) => (
        <label key={id} class="pill">
          <input type="radio" name="staff" checked={id === staffId} onChange={() => onStaff(id)} />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface DaysProps {
  days: Day[] | null;
  from: string;
  to: string;
  first: string;
  last: string;
  chosen: string | null;
  locale: string;
  onDay: (day: string) => void;
}

function Days({ days, from, to, first, last, chosen, locale, onDay }: DaysProps) {
  const shown = Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => addDays(from, n));
  const space = new Set(days?.filter((each) => each.slots.length > 0).map((each) => each.date));
  useEffect(() => {
    document.querySelector('.day input:checked')?.parentElement?.scrollIntoView({
      block: 'nearest',
      inline: 'nearest',
    });
  }, [chosen]);

  return (
    <div>
      <div class="month">
        <h3>{monthLong(chosen ?? from, locale)}</h3>
        <button
          type="button"
          class="turn"
          aria-label={words.earlier}
          disabled={from <= first}
          onClick={() => onDay(addDays(from, -PAGE_DAYS))}
        >
          <Icon name="back" />
        </button>
        <button
          type="button"
          class="turn"
          aria-label={words.later}
          disabled={to >= last}
          onClick={() => onDay(addDays(from, PAGE_DAYS))}
        >
          <Icon name="next" />
        </button>
      </div>
      <fieldset class="strip">
        <legend class="unseen">{words.day}</legend>
        {shown.map((date) => (
          <label key={date} class={`day${days && !space.has(date) ? ' bare' : ''}`}>
            <input type="radio" name="day" checked={date === chosen} onChange={() => onDay(date)} />
            <span>
              <small aria-hidden="true">{weekdayShort(date, locale)}</small>
              <b aria-hidden="true">{dayNumber(date)}</b>
              <span class="unseen">
                {dayLong(date, locale)}
                {days && `, ${space.has(date) ? words.free : words.none}`}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function ZoneNote({ zone }: { zone: string }) {
  return deviceZone() === zone ? null : <p class="zone">{words.zone(zoneCity(zone))}</p>;
}

const PARTS = [
  { name: words.morning, from: 0, until: 12 },
  { name: words.afternoon, from: 12, until: 17 },
  { name: words.evening, from: 17, until: 24 },
];

type TimesProps = Pick<PickerProps, 'business' | 'onDay' | 'onPick'> & { shown: Day; days: Day[] };

function Times({ shown: day, days, business, onDay, onPick }: TimesProps) {
  const { locale } = business;
  const next = days.find((each) => each.date > day.date && each.slots.length > 0);
  const label = words.count(day.slots.length, dayLong(day.date, locale));
  const clocks = day.slots.map((slot) => clockOf(slot.local));
  const isRepeated = (slot: Slot): boolean =>
    clocks.filter((each) => each === clockOf(slot.local)).length > 1;

  return (
    <>
      <p class="unseen" role="status">
        {label}
      </p>
      {day.slots.length === 0 && (
        <div class="empty">
          <p>{day.reason ? words.empty[day.reason] : words.emptyOther}</p>
          {next && (
            <button type="button" class="btn quiet" onClick={() => onDay(next.date)}>
              {words.nextFree(dayMedium(next.date, locale))}
            </button>
          )}
        </div>
      )}
      {PARTS.map(({ name, from, until }) => {
        const slots = day.slots.filter(
          ({ local }) => hourOf(local) >= from && hourOf(local) < until,
        );
        return slots.length === 0 ? null : (
          <section key={name}>
            <h3>{name}</h3>
            <div class="slots">
              {slots.map((slot) => (
                <button key={slot.start} type="button" class="slot" onClick={() => onPick(slot)}>
                  {clock(slot.local, locale)}
                  {isRepeated(slot) && <small>{offsetOf(slot.local)}</small>}
                </button>
              ))}
            </div>
          </section>
        );
      })}
    </>
  );
}

function Nothing({ business, until }: { business: Business; until: string }) {
  return (
    <div class="empty" role="status">
      <p>
        <strong>{words.nothing(dayLong(until, business.locale))}</strong>
      </p>
      <p>{words.nothingHint}</p>
      <ReachOut business={business} />
    </div>
  );
}

/** As tall as an ordinary day, and unseen for the first 150 ms, so that a quick answer never flashes. */
function Skeleton() {
  return (
    <div class="skeleton">
      <p class="unseen" role="status">
        {shared.loading}
      </p>
      {Array.from({ length: 9 }, (_, n) => (
        <span key={n} />
      ))}
    </div>
  );
}
