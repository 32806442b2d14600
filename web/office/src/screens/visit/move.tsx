/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Another person, day, time or length: what dragging does, without a pointer. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import type { Booking, BookingPatch } from '../../kit/contract';
import { Refusal, faultsByField } from '../../kit/refusal';
import { words as kit } from '../../words/kit';
import { words } from '../../words/visit';
import { type Change, patch } from './change';
import { menuQuery, peopleQuery } from './data';
import { Refused } from './nearest';
import { PickTime, useVerdict } from './pick_time';
import { dayAt, dayOf } from './times';

interface MoveProps {
  booking: Booking;
  change: Change;
  done: () => void;
}

const MINUTE_MS = 60_000;
const LONGEST_MIN = 1440;
const STEP_MIN = 5;

export default function MoveForm({ booking, change, done }: MoveProps) {
  const was = (Date.parse(booking.end) - Date.parse(booking.start)) / MINUTE_MS;
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: menu = [] } = useQuery(menuQuery);
  const [staff, setStaff] = useState(booking.staff_id);
  const [day, setDay] = useState(dayOf(booking.local));
  const [start, setStart] = useState<string | null>(booking.start);
  const [length, setLength] = useState(String(was));
  const [error, setError] = useState<Error | null>(null);
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const ask = { services: booking.service_ids, day, staff, booking: booking.id };
  const verdict = useVerdict(ask, start);

  /* Whoever does all of it; and whose it is now, whatever the menu says. */
  const able = people.filter(({ id }) =>
    booking.service_ids.every((service) => menu.find((one) => one.id === service)?.staff_ids.includes(id) ?? true),
  );
  const choices = able.some(({ id }) => id === booking.staff_id) ? able : [booking.staff, ...able];

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const minutes = Math.round(Number(length));
    const body: BookingPatch = {
      ...(start && start !== booking.start ? { start } : {}),
      ...(staff === booking.staff_id ? {} : { staff_id: staff }),
      ...(minutes === was ? {} : { duration_min: minutes }),
    };
    if (Object.keys(body).length === 0) {
      done();
      return;
    }
    const from = start ?? booking.start;
    const end = new Date(Date.parse(from) + minutes * MINUTE_MS).toISOString();
    const who = choices.find(({ id }) => id === staff) ?? booking.staff;
    const isMoved = body.start !== undefined || body.staff_id !== undefined;
    change.mutate(
      {
        said: isMoved ? words.said.moved : words.said.resized,
        now: { start: from, end, staff_id: staff, staff: who },
        isShown: true,
        run: patch({ ...body, ...(verdict?.kind === 'hours' ? { override_hours: true } : {}) }),
      },
      { onSuccess: done, onError: setError },
    );
  };
  const choose = (next: string | null): void => {
    setError(null);
    setStart(next);
  };
  const fault = faultsByField(error)['duration_min'];
  const isHours = verdict?.kind === 'hours';
  return (
    <form className="visit-form" onSubmit={submit} noValidate aria-label={words.moveTitle}>
      <h3>{words.moveTitle}</h3>
      <div className="pair">
        <NativeSelect
          ref={first}
          label={words.person}
          value={staff}
          onChange={(event) => {
            setError(null);
            setStaff(event.currentTarget.value);
          }}
          data={choices.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <TextInput
          type="number"
          inputMode="numeric"
          label={words.lengthMin}
          value={length}
          min={STEP_MIN}
          max={LONGEST_MIN}
          step={STEP_MIN}
          error={fault}
          onChange={(event) => {
            setError(null);
            setLength(event.currentTarget.value);
          }}
        />
      </div>
      <PickTime
        ask={ask}
        start={start}
        own={booking.start}
        setDay={(next) => {
          setDay(next);
          choose(next === dayOf(booking.local) ? booking.start : null);
        }}
        setStart={choose}
        trouble={
          error && !fault ? (
            <Refused
              error={error}
              start={start}
              choose={(at) => {
                setDay(dayAt(new Date(at)));
                choose(at);
              }}
            />
          ) : undefined
        }
      />
      {error instanceof Refusal && error.code === 'slot_taken' && staff !== booking.staff_id && (
        <p className="soft small">{words.takenPerson}</p>
      )}
      <div className="row apart">
        <Button variant="default" onClick={done}>
          {kit.cancel}
        </Button>
        <Act type="submit" busy={change.isPending} aria-disabled={start === null || undefined}>
          {isHours ? words.moveAllTheSame : words.moveNow}
        </Act>
      </div>
    </form>
  );
}
