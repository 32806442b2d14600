/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Today's bookings and the next ones. */
import type { Booking, List, Named, Workspace } from '../kit/contract';
import { addDays, clock, dateOf, dayMedium, today } from '../kit/format';
import { useLoad } from '../kit/load';
import { Reading } from '../kit/ui';
import { app as words } from '../words/app';

const SHOWN = 8;

interface BookingsProps {
  workspace: Workspace;
  services: List<Named> | null;
  staff: List<Named> | null;
}

export function Bookings({ workspace, services, staff }: BookingsProps) {
  const now = today(workspace.timezone);
  const range = new URLSearchParams({ from: now, to: addDays(now, 14), limit: '200' });
  const load = useLoad<List<Booking>>(`/bookings?${range}`);
  const names = new Map(
    [...(services?.data ?? []), ...(staff?.data ?? [])].map(({ id, name }) => [id, name]),
  );
  const bookings = load.value?.data.filter((each) => each.status !== 'cancelled') ?? [];
  const isToday = (each: Booking): boolean => dateOf(each.local) === now;
  return (
    <section class="panel" aria-labelledby="bookings-title">
      <h2 id="bookings-title">{words.bookings}</h2>
      <Reading load={load} />
      {load.value && (
        <>
          <Group
            title={words.today}
            none={words.noneToday}
            bookings={bookings.filter(isToday)}
            names={names}
            locale={workspace.locale}
            withDay={false}
          />
          <Group
            title={words.next}
            none={words.noneNext}
            bookings={bookings.filter((each) => !isToday(each))}
            names={names}
            locale={workspace.locale}
            withDay
          />
        </>
      )}
    </section>
  );
}

interface GroupProps {
  title: string;
  none: string;
  bookings: Booking[];
  names: Map<string, string>;
  locale: string;
  withDay: boolean;
}

function Group({ title, none, bookings, names, locale, withDay }: GroupProps) {
  const rest = bookings.length - SHOWN;
  return (
    <div>
      <h3>{title}</h3>
      {bookings.length === 0 && <p class="sub">{none}</p>}
      <ol class="bookings">
        {bookings.slice(0, SHOWN).map((each) => (
          <li key={each.id}>
            <time datetime={each.start}>
              {withDay && <small>{dayMedium(dateOf(each.local), locale)}</small>}
              {clock(each.local, locale)}
            </time>
            <span>
              <strong>{each.client.name}</strong>
              <span class="sub">
                {each.service_ids
                  .map((id) => names.get(id) ?? '')
                  .filter(Boolean)
                  .join(' + ')}
                {each.staff_id && names.has(each.staff_id)
                  ? ` ${words.withPerson(names.get(each.staff_id) ?? '')}`
                  : ''}
              </span>
            </span>
            <span class="badge">{words.status[each.status]}</span>
          </li>
        ))}
      </ol>
      {rest > 0 && <p class="sub">{words.andMore(rest)}</p>}
    </div>
  );
}
