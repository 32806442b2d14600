/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When a member works in the week: as the business is open, or spans of their own. */
import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import type { Staff } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { Week, type WeekSpan, weekFault } from '../../kit/week';
import { words } from '../../words/team';
import { words as kit } from '../../words/kit';
import { memberQuery, usePut } from './data';

interface Plan {
  inherits: boolean;
  weekly: WeekSpan[];
}

const NINE_TO_FIVE: WeekSpan[] = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, start: '09:00', end: '17:00' }));

export function Hours({ member }: { member: Staff }) {
  const { id, hours } = member;
  const [touched, setTouched] = useState<Plan | null>(null);
  const cache = useQueryClient();
  const put = usePut();
  const toast = useToast();
  const plan = touched ?? hours;
  const fault = plan.inherits ? null : weekFault(plan.weekly);
  const send = (next: Plan, version: number) =>
    ask(
      api.PUT('/api/v1/staff/{id}/hours', {
        params: { path: { id }, header: { 'If-Match': ifMatch(version) } },
        body: next.inherits ? { inherits: true, weekly: [] } : { weekly: next.weekly },
      }),
    );
  const show = (next: Staff['hours']): void => put({ ...member, hours: next, version: next.version });
  const back = useMutation({
    mutationFn: ({ to, version }: { to: Plan; version: number }) => send(to, version),
    onSuccess: show,
    onError: (error) => toast.fail(error),
  });
  const save = useMutation({
    mutationFn: () => send(plan, hours.version),
    onSuccess: (next) => {
      show(next);
      setTouched(null);
      toast.say(words.hoursSaved, () => back.mutate({ to: hours, version: next.version }));
    },
    onError: () => void cache.invalidateQueries({ queryKey: memberQuery(id).queryKey }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (touched && !fault) save.mutate();
  };
  return (
    <form className="stack" noValidate onSubmit={submit}>
      {save.error && <Alarm>{problemText(save.error)}</Alarm>}
      <SegmentedControl
        className="start"
        aria-label={words.tabs.hours}
        value={plan.inherits ? 'business' : 'own'}
        onChange={(value) => {
          const weekly = plan.weekly.length > 0 ? plan.weekly : NINE_TO_FIVE;
          setTouched(value === 'own' ? { inherits: false, weekly } : { inherits: true, weekly: plan.weekly });
        }}
        data={[
          { value: 'business', label: words.asBusiness },
          { value: 'own', label: words.ownHours },
        ]}
      />
      {plan.inherits ? (
        <p className="soft">{words.asBusinessHint}</p>
      ) : (
        <Week spans={plan.weekly} change={(weekly) => setTouched({ inherits: false, weekly })} />
      )}
      {fault && <Alarm>{fault}</Alarm>}
      <div className="row">
        <Act type="submit" busy={save.isPending} disabled={!touched || fault !== null}>
          {kit.save}
        </Act>
        {touched && (
          <Button variant="subtle" onClick={() => setTouched(null)}>
            {words.discard}
          </Button>
        )}
      </div>
    </form>
  );
}
