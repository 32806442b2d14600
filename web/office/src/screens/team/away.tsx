/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When a member is away, whatever their hours say. Dates are the business's; the server knows its clock. */
import { ActionIcon, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plane, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import type { Staff } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { faultsByField } from '../../kit/refusal';
import { Alarm, Empty, Failed, Waiting } from '../../kit/states';
import { span } from '../../kit/local';
import { useToast } from '../../kit/toast';
import { words } from '../../words/team';
import { type TimeOff, timeOffQuery } from './data';

export function Away({ member }: { member: Staff }) {
  return (
    <div className="stack">
      <Add id={member.id} />
      <List id={member.id} />
    </div>
  );
}

interface New {
  start: string;
  end: string;
  reason: string;
}

const NOTHING: New = { start: '', end: '', reason: '' };

function useAdd(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: New) =>
      ask(
        api.POST('/api/v1/staff/{id}/time-off', {
          params: { path: { id }, header: { 'Idempotency-Key': newKey() } },
          body,
        }),
      ),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: timeOffQuery(id).queryKey });
      void cache.invalidateQueries({ queryKey: ['bookings'] });
    },
  });
}

function Add({ id }: { id: string }) {
  const [value, setValue] = useState(NOTHING);
  const [isMissing, setMissing] = useState(false);
  const toast = useToast();
  const add = useAdd(id);
  const faults = faultsByField(add.error);
  const edit = (part: Partial<New>): void => setValue((old) => ({ ...old, ...part }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(!value.start);
    if (!value.start) return;
    const body = { ...value, end: value.end || value.start, reason: value.reason.trim() };
    add.mutate(body, {
      onSuccess: () => {
        setValue(NOTHING);
        toast.say(words.awayAdded);
      },
    });
  };
  return (
    <form className="team-away" noValidate onSubmit={submit}>
      {add.error && Object.keys(faults).length === 0 && <Alarm>{problemText(add.error)}</Alarm>}
      <TextInput
        type="date"
        label={words.firstDay}
        value={value.start}
        error={isMissing ? words.dayMissing : faults['start']}
        onChange={(event) => edit({ start: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={words.lastDay}
        value={value.end}
        min={value.start}
        error={faults['end']}
        onChange={(event) => edit({ end: event.currentTarget.value })}
      />
      <TextInput
        label={words.reason}
        value={value.reason}
        maxLength={200}
        error={faults['reason']}
        onChange={(event) => edit({ reason: event.currentTarget.value })}
      />
      <Act type="submit" variant="default" busy={add.isPending}>
        {words.addAway}
      </Act>
    </form>
  );
}

function List({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useQuery(timeOffQuery(id));
  const cache = useQueryClient();
  const toast = useToast();
  const add = useAdd(id);
  const { queryKey } = timeOffQuery(id);
  const remove = useMutation({
    mutationFn: (gone: TimeOff) =>
      ask(
        api.DELETE('/api/v1/staff/{id}/time-off/{time_off_id}', { params: { path: { id, time_off_id: gone.id } } }),
      ),
    onMutate: async (gone) => {
      await cache.cancelQueries({ queryKey });
      const before = cache.getQueryData(queryKey);
      cache.setQueryData(queryKey, (all) => all?.filter((each) => each.id !== gone.id));
      document.getElementById('content')?.focus({ preventScroll: true });
      return before;
    },
    onSuccess: (_, { start, end, reason }) =>
      toast.say(words.awayRemoved, () => add.mutate({ start, end, reason }, { onError: (failure) => toast.fail(failure) })),
    onError: (failure, _, before) => {
      cache.setQueryData(queryKey, before);
      toast.fail(failure);
    },
    onSettled: () => void cache.invalidateQueries({ queryKey }),
  });
  if (isPending) return <Waiting rows={2} height={44} />;
  if (!data) return <Failed error={error} retry={() => void refetch()} />;
  if (data.length === 0) return <Empty icon={Plane} title={words.noAway} text={words.noAwayText} />;
  return (
    <ul className="team-off">
      {data.map((each) => (
        <li key={each.id}>
          <div>
            <strong>{span(each.local_start, each.local_end)}</strong>
            {each.reason && <p className="soft small">{each.reason}</p>}
          </div>
          <ActionIcon
            aria-label={words.removeAway(span(each.local_start, each.local_end))}
            onClick={() => remove.mutate(each)}
          >
            <X size={17} aria-hidden="true" />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
