/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What the server tells by the business's clock, `2026-12-21T09:00+01:00`, as people read it. Nothing
 * is computed of zones: the clock's own digits are shown.
 */
import { session } from '../shell/session';

function locale(): string {
  const language = document.documentElement.lang || 'en';
  try {
    const { region } = new Intl.Locale(session.workspace.locale).maximize();
    return new Intl.Locale(language, region ? { region } : {}).toString();
  } catch {
    return language;
  }
}

const format = (how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...how });

/** The clock's digits as if they were UTC, which has no gaps to fall into. */
const read = (local: string): Date => new Date(`${local.slice(0, 16)}Z`);

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** 1 is Monday. */
export const weekdayName = (weekday: number): string =>
  format({ weekday: 'long' }).format(MONDAY + (weekday - 1) * DAY_MS);

const isMidnight = (local: string): boolean => local.slice(11, 16) === '00:00';

/** `21 Dec`, `21 – 27 Dec`, or with the times where it is not whole days. */
export function span(start: string, end: string): string {
  const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  if (isMidnight(start) && isMidnight(end)) {
    return format(day).formatRange(read(start), new Date(read(end).getTime() - DAY_MS));
  }
  return format({ ...day, hour: 'numeric', minute: '2-digit' }).formatRange(read(start), read(end));
}
