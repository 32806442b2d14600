/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A day and a time of it: the free ones to choose among, or any that is typed. What stands against a
 * typed one is said before it is sent.
 */
import { ActionIcon, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import type { Slot } from '../../kit/contract';
import { Failed, Waiting } from '../../kit/states';
import { clock, dayName } from '../../kit/time';
import { words } from '../../words/visit';
import { type SlotAsk, dayQuery } from './data';
import { type Verdict, instantOf, judge, shiftDay, timeOf } from './times';

interface PickProps {
  ask: SlotAsk;
  start: string | null;
  setDay: (day: string) => void;
  /** null: that time is not there. */
  setStart: (start: string | null) => void;
  /** What stands beside the field: why it was refused. */
  trouble?: ReactNode;
  /** The visit's own time now, which is no choice. */
  own?: string;
}

export function useVerdict(ask: SlotAsk, start: string | null): Verdict | null {
  const { data } = useQuery(dayQuery(ask));
  return judge(data, start);
}

export function PickTime({ ask, start, setDay, setStart, trouble, own }: PickProps) {
  const { day } = ask;
  const read = useQuery({ ...dayQuery(ask), placeholderData: keepPreviousData });
  const isNew = read.data?.date === day;
  const verdict = isNew ? judge(read.data, start) : null;
  const shown = read.data && isNew ? timeOf(read.data, start) : '';
  return (
    <fieldset className="pick">
      <legend>{words.time}</legend>
      <div className="pick-day">
        <ActionIcon variant="default" size={36} aria-label={words.dayBefore} onClick={() => setDay(shiftDay(day, -1))}>
          <ChevronLeft size={18} className="flip" aria-hidden="true" />
        </ActionIcon>
        <TextInput
          type="date"
          aria-label={words.day}
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <ActionIcon variant="default" size={36} aria-label={words.dayAfter} onClick={() => setDay(shiftDay(day, 1))}>
          <ChevronRight size={18} className="flip" aria-hidden="true" />
        </ActionIcon>
        <TextInput
          type="time"
          aria-label={words.otherTime}
          value={shown}
          disabled={!isNew}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setStart(read.data && value ? instantOf(read.data, value) : null);
          }}
        />
      </div>
      {ask.services.length === 0 ? (
        <p className="soft">{words.servicesFirst}</p>
      ) : read.isPending && read.fetchStatus !== 'idle' ? (
        <Waiting rows={1} height={88} />
      ) : read.data ? (
        <div aria-busy={read.isPlaceholderData}>
          <Free slots={read.data.slots} reason={read.data.reason} start={start} own={own} choose={setStart} />
        </div>
      ) : (
        read.error && <Failed error={read.error} retry={() => void read.refetch()} />
      )}
      <div aria-live="polite">
        {start && (
          <p className="pick-chosen">
            <strong>{clock(start)}</strong> {dayName(start)}
          </p>
        )}
        {verdict && verdict.kind !== 'free' && !trouble && <Warning verdict={verdict} />}
        {trouble}
      </div>
    </fieldset>
  );
}

interface FreeProps {
  slots: Slot[];
  reason: keyof typeof words.dayReasons | undefined;
  start: string | null;
  own: string | undefined;
  choose: (start: string) => void;
}

function Free({ slots, reason, start, own, choose }: FreeProps) {
  const name = useId();
  const free = slots.filter((slot) => slot.start !== own);
  if (free.length === 0) return <p className="soft">{words.dayReasons[reason ?? 'full']}</p>;
  return (
    <div className="pick-times" role="radiogroup" aria-label={words.freeTimes}>
      {free.map((slot) => (
        <label key={slot.start} className="pick-time">
          <input
            type="radio"
            name={name}
            value={slot.start}
            checked={slot.start === start}
            onChange={() => choose(slot.start)}
          />
          <span>{clock(slot.start)}</span>
        </label>
      ))}
    </div>
  );
}

const why: Partial<Record<string, string>> = words.why;

function Warning({ verdict }: { verdict: Exclude<Verdict, { kind: 'free' }> }) {
  return (
    <p className="pick-warning" data-bad={verdict.kind !== 'hours' || undefined}>
      {why[verdict.why] ?? verdict.message}
      {verdict.kind === 'gate' && verdict.message && ` ${verdict.message}`}
      {verdict.kind === 'hours' && ` ${words.allTheSame}`}
    </p>
  );
}
