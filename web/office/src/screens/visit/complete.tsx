/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The visit is done: with what it really took, and how a patch test turned out. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import type { Booking } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { words as kit } from '../../words/kit';
import { words } from '../../words/visit';
import { type Change, complete } from './change';
import { Short } from './short';

interface CompleteProps {
  booking: Booking;
  change: Change;
  done: () => void;
}

const numberOf = (text: string): number => Number(text.replace(',', '.'));

export default function CompleteForm({ booking, change, done }: CompleteProps) {
  const [used, setUsed] = useState<Record<string, string>>(() =>
    Object.fromEntries(booking.materials.map((one) => [one.item_id, String(one.quantity)])),
  );
  const [result, setResult] = useState<'' | 'passed' | 'failed'>('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select, button')?.focus(), []);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const bad = booking.materials.find(({ item_id: id }) => {
      const value = numberOf(used[id] ?? '');
      return (used[id] ?? '').trim() === '' || !(value >= 0);
    });
    setWrong(bad?.item_id ?? null);
    if (bad) {
      event.currentTarget.querySelector<HTMLInputElement>(`[name="${bad.item_id}"]`)?.focus();
      return;
    }
    const isAsPlanned = booking.materials.every((one) => numberOf(used[one.item_id] ?? '') === one.quantity);
    const lines = booking.materials.map(({ item_id: id }) => ({ item_id: id, quantity: numberOf(used[id] ?? '') }));
    change.mutate(
      {
        said: words.said.completed,
        now: { status: 'completed' },
        isShown: true,
        run: complete(isAsPlanned ? null : lines, result || null),
      },
      { onSuccess: done, onError: setError },
    );
  };
  return (
    <form ref={form} className="visit-form" onSubmit={submit} noValidate aria-label={words.completeTitle}>
      <h3>{words.completeTitle}</h3>
      {error && (
        <Alarm>
          <p>{problemText(error)}</p>
          <Short error={error} />
        </Alarm>
      )}
      {booking.materials.length > 0 && <p className="soft">{words.completeHint}</p>}
      {booking.materials.map((material) => (
        <TextInput
          key={material.item_id}
          name={material.item_id}
          label={material.name}
          inputMode="decimal"
          value={used[material.item_id] ?? ''}
          error={wrong === material.item_id ? words.amountWrong : undefined}
          rightSection={<span className="soft small">{material.unit}</span>}
          rightSectionWidth={56}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setWrong(null);
            setUsed((last) => ({ ...last, [material.item_id]: value }));
          }}
        />
      ))}
      {booking.is_test && (
        <NativeSelect
          label={words.testResult}
          value={result}
          onChange={(event) => setResult(event.currentTarget.value as '' | 'passed' | 'failed')}
          data={[
            { value: '', label: words.testLater },
            { value: 'passed', label: words.testPassed },
            { value: 'failed', label: words.testFailed },
          ]}
        />
      )}
      <div className="row apart">
        <Button variant="default" onClick={done}>
          {kit.cancel}
        </Button>
        <Act type="submit" busy={change.isPending}>
          {words.complete}
        </Act>
      </div>
    </form>
  );
}
