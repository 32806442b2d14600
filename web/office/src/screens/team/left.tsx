/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Future visits that nobody can keep any more, and giving each to somebody who can. */
import { NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import type { Booking, Staff } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm, Failed, Waiting } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/team';
import { staffQuery, unstaffedQuery } from './data';

/** Of the whole business. Nothing is shown while there is nothing to do. */
export function LeftWithoutStaff() {
  const { data, error, refetch } = useQuery(unstaffedQuery);
  if (error && !data) return <Failed title={words.leftTitle} error={error} retry={() => void refetch()} />;
  if (!data || data.length === 0) return null;
  return (
    <section className="panel team-left" aria-labelledby="left-title">
      <h2 id="left-title" tabIndex={-1}>
        {words.leftTitle}
      </h2>
      <p className="soft">{words.leftLead}</p>
      <Movables bookings={data} />
    </section>
  );
}

/** Of one member who has left. */
export function LeftOf({ member }: { member: Staff }) {
  const { data, error, isPending, refetch } = useQuery(unstaffedQuery);
  const mine = data?.filter((each) => each.staff_id === member.id) ?? [];
  return (
    <section className="panel team-left" aria-labelledby="left-title">
      <h2 id="left-title" tabIndex={-1}>
        {words.leftOf(member.name)}
      </h2>
      {isPending && <Waiting rows={2} height={44} />}
      {error && !data && <Failed error={error} retry={() => void refetch()} />}
      {data && <p className="soft">{mine.length > 0 ? words.leftOfLead : words.noneLeft}</p>}
      <Movables bookings={mine} />
    </section>
  );
}

function Movables({ bookings }: { bookings: Booking[] }) {
  return (
    <ul className="team-off">
      {bookings.map((each) => (
        <Movable key={each.id} booking={each} />
      ))}
    </ul>
  );
}

function Movable({ booking }: { booking: Booking }) {
  const { id, client, services, version } = booking;
  const [chosen, setChosen] = useState('');
  const [isMissing, setMissing] = useState(false);
  const { data: members } = useQuery(staffQuery);
  const cache = useQueryClient();
  const toast = useToast();
  const able = (members ?? []).filter(
    (each) =>
      each.active &&
      each.id !== booking.staff_id &&
      booking.service_ids.every((service) => each.service_ids.includes(service)),
  );
  const move = useMutation({
    mutationFn: () =>
      ask(
        api.PATCH('/api/v1/bookings/{id}', {
          params: { path: { id }, header: { 'If-Match': ifMatch(version) } },
          body: { staff_id: chosen },
        }),
      ),
    onSuccess: (now) => {
      (document.getElementById('left-title') ?? document.getElementById('content'))?.focus();
      toast.say(words.moved(client.name, now.staff.name));
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: ['bookings'] }),
  });
  const send = (): void => {
    setMissing(!chosen);
    if (chosen) move.mutate();
  };
  return (
    <li className="team-movable">
      <div className="team-main">
        <Link to="." search={(last) => ({ ...last, visit: id })}>
          {client.name}
        </Link>
        <p className="soft small">
          {dateTime(booking.start)} · {services.map((each) => each.name).join(' + ')}
        </p>
        {move.error && <Alarm>{problemText(move.error)}</Alarm>}
      </div>
      {members && able.length === 0 ? (
        <p className="soft small">{words.nobodyFits}</p>
      ) : (
        <div className="row">
          <NativeSelect
            aria-label={words.takes(client.name)}
            value={chosen}
            error={isMissing ? words.chooseFirst : undefined}
            onChange={(event) => {
              setChosen(event.currentTarget.value);
              setMissing(false);
            }}
            data={[
              { value: '', label: words.choose },
              ...able.map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
          <Act variant="default" busy={move.isPending} aria-label={words.moveLabel(client.name)} onClick={send}>
            {words.move}
          </Act>
        </div>
      )}
    </li>
  );
}
