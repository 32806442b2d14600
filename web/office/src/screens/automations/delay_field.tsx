/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How long before or after; the day's summary has a time of the clock instead. */
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { words } from '../../words/automations';
import type { Automation } from './data';
import { UNITS, type Unit, asClock, fromClock, inMinutes, inUnit } from './delay';
import type { Draft } from './draft';

interface DelayProps {
  of: Automation;
  draft: Draft;
  error: string | undefined;
}

export function Delay({ of, draft, error }: DelayProps) {
  if (of.key === 'owner_daily_digest') {
    return (
      <TextInput
        type="time"
        className="automation-clock"
        label={words.clock}
        value={draft.delay === null ? '' : asClock(draft.delay)}
        error={error}
        onChange={(event) => draft.set({ delay: fromClock(event.currentTarget.value) })}
      />
    );
  }
  return <Span of={of} draft={draft} error={error} />;
}

function Span({ of, draft, error }: DelayProps) {
  const [unit, setUnit] = useState<Unit>(() => inUnit(of.delay_min ?? 0).unit);
  const count = draft.delay === null ? '' : draft.delay / UNITS[unit];
  const [typed, setTyped] = useState(String(count));
  /* What was typed stays as typed as long as it means what is set; a reset does not. */
  const shown = Number(typed) === count && typed !== '' ? typed : String(count);
  const change = (text: string, per: Unit): void => {
    setTyped(text);
    setUnit(per);
    const number = text.trim() === '' ? Number.NaN : Number(text);
    draft.set({ delay: Number.isInteger(inMinutes(number, per)) && number >= 0 ? inMinutes(number, per) : null });
  };
  return (
    <div className="automation-delay">
      <TextInput
        label={words.delays[of.key] ?? words.delay}
        inputMode="numeric"
        value={draft.delay === null ? typed : shown}
        error={error ?? (draft.delay === null ? words.noNumber : undefined)}
        onChange={(event) => change(event.currentTarget.value, unit)}
      />
      <NativeSelect
        aria-label={words.unit}
        value={unit}
        onChange={(event) => change(shown, event.currentTarget.value as Unit)}
        data={(Object.keys(UNITS) as Unit[]).map((value) => ({ value, label: words.units[value] }))}
      />
    </div>
  );
}
