/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which period, held against which. */
import { NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { words } from '../../words/reports';
import { type Asked, COMPARES, MOST_DAYS, PARTS, PERIODS, type ReportSearch, daysIn } from './periods';

const DEFAULTS: ReportSearch = { period: 'month', compare: '' };

export function AskBar({ asked }: { asked: Asked }) {
  const navigate = useNavigate();
  const set = (change: ReportSearch): void =>
    void navigate({
      to: '/app/reports',
      replace: true,
      search: (last) => {
        const next: ReportSearch = { ...last, ...change };
        for (const name of Object.keys(change) as (keyof ReportSearch)[]) {
          if (!next[name] || next[name] === DEFAULTS[name]) delete next[name];
        }
        return next;
      },
    });
  const isLong = daysIn(asked) > MOST_DAYS;
  /* From a name to dates: those of the name, to be changed from there. */
  const choose = (period: string): void =>
    set(period === 'custom' ? { period, from: asked.from, to: asked.to } : { period, from: '', to: '' });
  return (
    <search className="report-ask">
      <NativeSelect
        label={words.period}
        value={asked.period}
        onChange={(event) => choose(event.currentTarget.value)}
        data={PERIODS.map((value) => ({ value, label: words.periods[value] }))}
      />
      {asked.period === 'custom' && (
        <>
          <TextInput
            type="date"
            label={words.from}
            value={asked.from}
            error={isLong && words.tooLong}
            onChange={(event) => event.currentTarget.value && set({ period: 'custom', from: event.currentTarget.value, to: asked.to })}
          />
          <TextInput
            type="date"
            label={words.to}
            value={asked.to}
            onChange={(event) => event.currentTarget.value && set({ period: 'custom', to: event.currentTarget.value, from: asked.from })}
          />
        </>
      )}
      <NativeSelect
        label={words.compare}
        value={asked.compare}
        onChange={(event) => set({ compare: event.currentTarget.value })}
        data={COMPARES.map((value) => ({ value, label: words.compares[value] }))}
      />
      {asked.kind && (
        <NativeSelect
          label={words.by}
          value={asked.by ?? ''}
          onChange={(event) => set({ by: event.currentTarget.value })}
          data={[{ value: '', label: words.byItself }, ...PARTS.map((value) => ({ value, label: words.bys[value] }))]}
        />
      )}
    </search>
  );
}
