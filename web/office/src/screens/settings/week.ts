/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A week of opening hours: changed, checked, and read out. Pure. */
import type { Workspace } from '../../kit/contract';

export type Span = Workspace['hours'][number];

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export function dayTitle(weekday: number, how: 'long' | 'short' = 'long'): string {
  const at = new Date(MONDAY + (weekday - 1) * DAY_MS);
  return new Intl.DateTimeFormat(document.documentElement.lang, { weekday: how, timeZone: 'UTC' }).format(at);
}

const minutes = (clock: string): number => {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return hour * 60 + minute;
};

/** A field for times knows no 24:00; an end at midnight is the day's. */
export const endOf = (shown: string): string => (shown === '00:00' ? '24:00' : shown);
export const shownEnd = (end: string): string => (end === '24:00' ? '00:00' : end);

export type SpanFault = 'missing' | 'order' | 'overlap';

/** What is wrong with each span of a day, by its place in the week's list. */
export function spanFaults(hours: Span[]): Map<number, SpanFault> {
  const found = new Map<number, SpanFault>();
  hours.forEach((span, at) => {
    if (!span.start || !span.end) found.set(at, 'missing');
    else if (minutes(span.start) >= minutes(span.end)) found.set(at, 'order');
    else if (hours.some((other, k) => k < at && overlaps(span, other))) found.set(at, 'overlap');
  });
  return found;
}

function overlaps(a: Span, b: Span): boolean {
  return a.weekday === b.weekday && minutes(a.start) < minutes(b.end) && minutes(b.start) < minutes(a.end);
}

/** In the order of the week, as the server keeps it. */
export const inOrder = (hours: Span[]): Span[] =>
  hours.toSorted((a, b) => a.weekday - b.weekday || minutes(a.start) - minutes(b.start));

const clockOf = (at: number): string =>
  `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;

/** Behind the last span of a day, or a day's usual hours where there is none. */
export function nextSpan(hours: Span[], weekday: number): Span {
  const last = hours.findLast((span) => span.weekday === weekday);
  if (!last) return { weekday, start: '09:00', end: '18:00' };
  const start = Math.min(minutes(last.end) + 60, 22 * 60);
  return { weekday, start: clockOf(start), end: clockOf(Math.min(start + 240, 24 * 60)) };
}

/** The days that are to be like this one. */
export function copyDay(hours: Span[], from: number, to: readonly number[]): Span[] {
  const spans = hours.filter((span) => span.weekday === from);
  const kept = hours.filter((span) => span.weekday === from || !to.includes(span.weekday));
  const copies = to.filter((day) => day !== from).flatMap((weekday) => spans.map(({ start, end }) => ({ weekday, start, end })));
  return inOrder([...kept, ...copies]);
}

/** "38 h 30 min" of a week. */
export function weekMinutes(hours: Span[]): number {
  return hours.reduce((sum, span) => sum + Math.max(0, minutes(span.end || '0') - minutes(span.start || '0')), 0);
}
