/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Future bookings that nobody can keep any more, and giving each to somebody who can. */
import { useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import { call } from '../kit/api';
import type { Booking, List, Staff } from '../kit/contract';
import { clock, dateOf, dayMedium, today } from '../kit/format';
import { type Loaded, useLoad } from '../kit/load';
import { isOpen } from '../kit/open';
import { Reading, problemText } from '../kit/ui';
import { team as words } from '../words/team';
import type { TeamData } from './team_data';

/** Of the whole business. Nothing is shown while there is nothing to do. */
export function LeftWithoutStaff({ data }: { data: TeamData }) {
  const load = useLoad<List<Booking>>('/bookings?unstaffed=true&limit=200');
  const [said, setSaid] = useState('');
  const bookings = load.value?.data ?? [];
  if (load.loading || load.problem) return null;
  if (bookings.length === 0 && !said) return null;
  return (
    <section class="panel urgent" aria-labelledby="left-title">
      <h2 id="left-title" tabIndex={-1}>
        {words.leftTitle}
      </h2>
      <p class="sub">{bookings.length > 0 ? words.leftLead : words.noneLeft}</p>
      <Movables load={load} bookings={bookings} data={data} said={said} onSaid={setSaid} />
    </section>
  );
}

/** Of one member who has left. */
export function LeftOf({ member, data }: { member: Staff; data: TeamData }) {
  const from = today(data.workspace.timezone);
  const query = new URLSearchParams({ staff_id: member.id, from, limit: '200' });
  const load = useLoad<List<Booking>>(`/bookings?${query}`);
  const [said, setSaid] = useState('');
  const now = new Date().toISOString();
  const bookings = (load.value?.data ?? []).filter(
    (each) => isOpen(each) && each.start > now,
  );
  return (
    <section class="panel" aria-labelledby="left-title">
      <h2 id="left-title" tabIndex={-1}>
        {words.leftOf(member.name)}
      </h2>
      <Reading load={load} />
      {load.value && (
        <p class="sub">{bookings.length > 0 ? words.leftOfLead : words.noneLeft}</p>
      )}
      <Movables load={load} bookings={bookings} data={data} said={said} onSaid={setSaid} />
    </section>
  );
}

interface MovablesProps {
  load: Loaded<List<Booking>>;
  bookings: Booking[];
  data: TeamData;
  said: string;
  onSaid: (text: string) => void;
}

function Movables({ load, bookings, data, said, onSaid }: MovablesProps) {
  return (
    <>
      <p role="status" class="said">
        {said}
      </p>
      <ul class="rows">
        {bookings.map((each) => (
          <Movable
            key={each.id}
            booking={each}
            data={data}
            onMoved={(text) => {
              onSaid(text);
              load.reload();
              document.getElementById('left-title')?.focus();
            }}
          />
        ))}
      </ul>
    </>
  );
}

interface MovableProps {
  booking: Booking;
  data: TeamData;
  onMoved: (said: string) => void;
}

function Movable({ booking, data, onMoved }: MovableProps) {
  const act = useAct();
  const [chosen, setChosen] = useState('');
  const [isMissing, setMissing] = useState(false);
  const { locale } = data.workspace;
  const names = new Map(data.services.value?.data.map(({ id, name }) => [id, name]));
  const able = (data.members.value?.data ?? []).filter(
    (each) =>
      each.active &&
      each.id !== booking.staff_id &&
      booking.service_ids.every((id) => each.service_ids.includes(id)),
  );
  const client = booking.client.name;
  const move = (): void => {
    setMissing(!chosen);
    if (!chosen) {
      document.getElementById(`to-${booking.id}`)?.focus();
      return;
    }
    act.run(
      () =>
        call<Booking>('PATCH', `/bookings/${booking.id}`, {
          body: { staff_id: chosen },
          version: booking.version,
        }),
      () => onMoved(words.moved(client, able.find(({ id }) => id === chosen)?.name ?? '')),
    );
  };
  const error = isMissing
    ? words.chooseFirst
    : act.failure
      ? problemText(act.failure.problem)
      : '';
  return (
    <li>
      <span>
        <strong>{client}</strong>
        <span class="sub">
          {dayMedium(dateOf(booking.local), locale)}, {clock(booking.local, locale)} ·{' '}
          {booking.service_ids.map((id) => names.get(id) ?? '').join(' + ')}
        </span>
      </span>
      {data.members.value && able.length === 0 ? (
        <p class="hint">{words.nobodyFits}</p>
      ) : (
        <div class="move">
          <select
            id={`to-${booking.id}`}
            aria-label={words.takes(client)}
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={error ? `to-${booking.id}-error` : undefined}
            onChange={(event) => {
              setChosen(event.currentTarget.value);
              setMissing(false);
              act.clear();
            }}
          >
            <option value="">{words.choose}</option>
            {able.map(({ id, name }) => (
              <option key={id} value={id} selected={id === chosen}>
                {name}
              </option>
            ))}
          </select>
          <button
            type="button"
            class="btn quiet"
            aria-label={words.moveLabel(client)}
            aria-disabled={act.isBusy}
            onClick={move}
          >
            {act.isBusy ? words.moving : words.move}
          </button>
        </div>
      )}
      {error && (
        <p class="error" id={`to-${booking.id}-error`} role="alert">
          {error}
        </p>
      )}
    </li>
  );
}
