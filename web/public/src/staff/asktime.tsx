/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Asking for time off: whole days, or some hours of one. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Attempts } from '../kit/attempt';
import { type Errors, useForm } from '../kit/submit';
import { Failure, Field, Submit } from '../kit/ui';
import { isSettled } from '../kit/api';
import { staff as words } from '../words/staff';
import { ask, online } from './ask';
import type { TimeOffRequest } from '../kit/contract';
import { usePortal } from './parts';
import { useStore } from './store';

const EMPTY = { from: '', to: '', fromClock: '', toClock: '', reason: '' };
type Filling = typeof EMPTY;

export function checkTimeOff(filling: Filling, wholeDays: boolean): Errors {
  const errors: Errors = {};
  if (!filling.from) errors.from = words.dateMissing;
  if (wholeDays) {
    if (filling.to && filling.to < filling.from) errors.to = words.endBefore;
    return errors;
  }
  if (!filling.fromClock) errors.fromClock = words.clockMissing;
  if (!filling.toClock) errors.toClock = words.clockMissing;
  else if (filling.toClock <= filling.fromClock) errors.toClock = words.clockBefore;
  return errors;
}

/** The server reads dates and clocks on the business's own, so none is turned into an instant here. */
export function bodyOf(filling: Filling, wholeDays: boolean): Record<string, string> {
  const { from, to, fromClock, toClock, reason } = filling;
  return wholeDays
    ? { start: from, end: to || from, reason }
    : { start: `${from}T${fromClock}`, end: `${from}T${toClock}`, reason };
}

export function AskTimeOff({ onSent }: { onSent: () => void }) {
  const [turn, setTurn] = useState(0);
  const [said, setSaid] = useState('');
  const isOnline = useStore(online);
  const done = (request: TimeOffRequest): void => {
    setSaid(words.requested(request.bookings?.length ?? 0));
    setTurn(turn + 1);
    onSent();
  };
  return (
    <section class="panel">
      <h2>{words.askTitle}</h2>
      <p class="sub">{words.askHint}</p>
      <p role="status" class="said">
        {said}
      </p>
      {isOnline ? <Form key={turn} done={done} /> : <p class="hint">{words.needsConnection}</p>}
    </section>
  );
}

function Form({ done }: { done: (request: TimeOffRequest) => void }) {
  const { day } = usePortal();
  const [wholeDays, setWholeDays] = useState(true);
  const attempts = useState(() => new Attempts('time-off'))[0];
  const form = useForm<Filling, TimeOffRequest>({
    first: EMPTY,
    order: ['from', 'to', 'fromClock', 'toClock', 'reason'],
    check: (filling) => checkTimeOff(filling, wholeDays),
    send: async (filling) => {
      const body = bodyOf(filling, wholeDays);
      const idempotencyKey = attempts.keyFor(body);
      const answer = await ask<TimeOffRequest>('POST', '/time-off-requests', {
        body,
        idempotencyKey,
      });
      if (isSettled(answer)) attempts.settle();
      return answer;
    },
    explain: (problem) => {
      const of = (path: string): string =>
        problem.errors.find((each) => each.path === path)?.message ?? '';
      return { from: of('start'), [wholeDays ? 'to' : 'toClock']: of('end') };
    },
    done,
  });
  const { filling, errors, edit } = form;
  const field = (id: keyof Filling, label: string, input: JSX.IntrinsicElements['input']) => (
    <Field
      id={id}
      label={label}
      value={filling[id]}
      error={errors[id]}
      input={input}
      onValue={edit(id)}
    />
  );
  return (
    <form noValidate onSubmit={form.submit}>
      <Failure of={form} />
      <label class="check">
        <input
          type="checkbox"
          checked={wholeDays}
          onChange={(event) => setWholeDays(event.currentTarget.checked)}
        />
        {words.allDay}
      </label>
      <div class="pair">
        {field('from', wholeDays ? words.from : words.day, { type: 'date', min: day.date })}
        {wholeDays && field('to', words.to, { type: 'date', min: filling.from || day.date })}
        {!wholeDays && field('fromClock', words.fromClock, { type: 'time' })}
        {!wholeDays && field('toClock', words.toClock, { type: 'time' })}
      </div>
      {field('reason', words.reason, { maxLength: 200, autoComplete: 'off' })}
      <Submit isSending={form.isSending} label={words.send} busy={words.sending} />
    </form>
  );
}
