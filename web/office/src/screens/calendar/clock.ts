/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Dates as such, and the wall clock's minutes as the server has told them: no zone is in it. */
import { session } from '../../shell/session';

function locale(): string {
  const language = document.documentElement.lang || 'en';
  try {
    const { region } = new Intl.Locale(session.workspace.locale).maximize();
    return region ? `${language}-${region}` : language;
  } catch {
    return language;
  }
}

const made = new Map<string, Intl.DateTimeFormat>();

function format(how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify(how);
  const known = made.get(name) ?? new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...how });
  made.set(name, known);
  return known;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export const wallText = (wallMin: number): string =>
  format({ timeStyle: 'short' }).format(new Date(wallMin * MINUTE_MS));
/** An hour beside the grid: `9 AM`, or `09:00` where the clock has 24 hours. */
export const hourText = (wallMin: number): string =>
  format({ hour: 'numeric' }).resolvedOptions().hour12 && wallMin % 60 === 0
    ? format({ hour: 'numeric' }).format(new Date(wallMin * MINUTE_MS))
    : wallText(wallMin);
/** `Fri 27 Nov` */
export const dateText = (date: string): string =>
  format({ weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(date));
export const dateLong = (date: string): string =>
  format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(date));
export const weekdayText = (date: string): string => format({ weekday: 'short' }).format(new Date(date));
export const dayNumber = (date: string): string => String(new Date(date).getUTCDate());
export const rangeText = (from: string, to: string): string =>
  format({ day: 'numeric', month: 'short' }).formatRange(new Date(from), new Date(to));

export const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

/** Weeks begin on Monday. */
export function weekOf(date: string): string {
  const weekday = (new Date(date).getUTCDay() + 6) % 7;
  return plusDays(date, -weekday);
}

/** Today's date where the business is. */
export const today = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: session.workspace.timezone, dateStyle: 'short' }).format(new Date());

/** `Paris` of `Europe/Paris`. */
export const placeOfZone = (): string =>
  (session.workspace.timezone.split('/').at(-1) ?? '').replaceAll('_', ' ');
