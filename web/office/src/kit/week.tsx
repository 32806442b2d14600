/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The spans of a week, day by day, several a day. Times are the business's wall clock. */
import './style/week.css';
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Copy, Plus, X } from 'lucide-react';
import { words } from '../words/week';
import { weekdayName } from './local';

export interface WeekSpan {
  weekday: number;
  start: string;
  end: string;
}

const DAYS = [1, 2, 3, 4, 5, 6, 7];

/** A browser's field knows no 24:00: the day's end is its 00:00. */
const endShown = (end: string): string => (end === '24:00' ? '00:00' : end);
const endMeant = (typed: string): string => (typed === '00:00' ? '24:00' : typed);

export function weekFault(spans: WeekSpan[]): string | null {
  for (const { weekday, start, end } of spans) {
    if (!start || !end) return words.timeMissing(weekdayName(weekday));
    if (end <= start) return words.endFirst(weekdayName(weekday));
  }
  for (const day of DAYS) {
    const all = spans.filter((each) => each.weekday === day).toSorted((a, b) => a.start.localeCompare(b.start));
    if (all.some((each, at) => at > 0 && each.start < (all[at - 1]?.end ?? ''))) return words.overlap(weekdayName(day));
  }
  return null;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** After the last span of the day, an hour of pause later. */
function further(spans: WeekSpan[], weekday: number): WeekSpan {
  const last = spans.findLast((each) => each.weekday === weekday);
  if (!last) return { weekday, start: '09:00', end: '17:00' };
  const hour = Math.min(22, Number(last.end.slice(0, 2)) + 1);
  return { weekday, start: `${two(hour)}:00`, end: hour >= 20 ? '24:00' : `${two(hour + 4)}:00` };
}

interface WeekProps {
  spans: WeekSpan[];
  change: (spans: WeekSpan[]) => void;
}

export function Week({ spans, change }: WeekProps) {
  const set = (at: number, part: Partial<WeekSpan>): void =>
    change(spans.map((each, index) => (index === at ? { ...each, ...part } : each)));
  const copy = (from: number): void => {
    const day = spans.filter((each) => each.weekday === from);
    const others = DAYS.filter((each) => each <= 5 && each !== from);
    const kept = spans.filter((each) => !others.includes(each.weekday));
    change([...kept, ...others.flatMap((weekday) => day.map(({ start, end }) => ({ weekday, start, end })))]);
  };
  return (
    <ul className="week">
      {DAYS.map((weekday) => {
        const name = weekdayName(weekday);
        const mine = spans.map((span, at) => ({ span, at })).filter(({ span }) => span.weekday === weekday);
        return (
          <li key={weekday}>
            <span className="week-day">{name}</span>
            <div className="week-spans">
              {mine.length === 0 && <span className="soft">{words.dayOff}</span>}
              {mine.map(({ span, at }) => (
                <div key={at} className="week-span">
                  <TextInput
                    type="time"
                    aria-label={words.from(name)}
                    value={span.start}
                    onChange={(event) => set(at, { start: event.currentTarget.value })}
                  />
                  <span aria-hidden="true">–</span>
                  <TextInput
                    type="time"
                    aria-label={words.until(name)}
                    value={endShown(span.end)}
                    onChange={(event) => set(at, { end: endMeant(event.currentTarget.value) })}
                  />
                  <ActionIcon
                    aria-label={words.removeSpan(name)}
                    onClick={(event) => {
                      event.currentTarget.closest('li')?.querySelector<HTMLElement>('[data-add]')?.focus();
                      change(spans.filter((_, index) => index !== at));
                    }}
                  >
                    <X size={17} aria-hidden="true" />
                  </ActionIcon>
                </div>
              ))}
            </div>
            <div className="week-acts">
              <ActionIcon
                data-add
                aria-label={words.addSpan(name)}
                onClick={() => change([...spans, further(spans, weekday)])}
              >
                <Plus size={18} aria-hidden="true" />
              </ActionIcon>
              {mine.length > 0 && weekday <= 5 && (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<Copy size={15} aria-hidden="true" />}
                  aria-label={words.copyDayOf(name)}
                  onClick={() => copy(weekday)}
                >
                  {words.copyDay}
                </Button>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
