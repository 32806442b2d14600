/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Instants on the business's wall clock, and money, as people read them. */
import { session } from '../shell/session';
import { pageLanguage } from '../words/choose';
import { words } from '../words/kit';

const { timezone, currency } = session.workspace;

/** Dates are in the page's language, in the order and hour cycle of the business's region. */
export function dateLocale(): string {
  const language = pageLanguage();
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
  const known = made.get(name) ?? new Intl.DateTimeFormat(dateLocale(), { timeZone: timezone, ...how });
  made.set(name, known);
  return known;
}

const DAY_MS = 86_400_000;
const dayOf = (at: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(at);

export const clock = (at: string): string => format({ timeStyle: 'short' }).format(new Date(at));
export const date = (at: string): string => format({ dateStyle: 'medium' }).format(new Date(at));
/** The hour has the digits that `clock` gives it: 09:45, but 9:45 AM. */
export const dateTime = (at: string): string => {
  const hour = format({ hour: 'numeric' }).resolvedOptions().hour12 ? 'numeric' : '2-digit';
  return format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour, minute: '2-digit' })
    .format(new Date(at));
};

/** `10:30` today, `Yesterday`, `Mon` in the last week, else `3 Mar`. */
export function brief(at: string, now: Date = new Date()): string {
  const then = new Date(at);
  if (dayOf(then) === dayOf(now)) return clock(at);
  if (dayOf(then) === dayOf(new Date(now.getTime() - DAY_MS))) return words.yesterday;
  const days = (now.getTime() - then.getTime()) / DAY_MS;
  if (days > 0 && days < 6) return format({ weekday: 'short' }).format(then);
  if (Math.abs(days) < 180) return format({ day: 'numeric', month: 'short' }).format(then);
  return format({ day: 'numeric', month: 'short', year: 'numeric' }).format(then);
}

/** Messages of one day stand under it. */
export const dayName = (at: string): string =>
  format({ weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at));
export const sameDay = (a: string, b: string): boolean => dayOf(new Date(a)) === dayOf(new Date(b));

/** `minor` is in the currency's smallest unit: 4500 is €45, and ¥4500 where there are no cents. */
export function money(minor: number): string {
  const how = new Intl.NumberFormat(dateLocale(), {
    style: 'currency',
    currency,
    trailingZeroDisplay: 'stripIfInteger',
  });
  return how.format(minor / 10 ** (how.resolvedOptions().maximumFractionDigits ?? 2));
}

/** `Tue, 3 Mar`, and a calendar date (`2026-03-03`), which is of no zone, in whatever way. */
export const dayShort = (at: string): string =>
  format({ weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(at));
export const calendarDate = (day: string, how: Intl.DateTimeFormatOptions): string =>
  format({ ...how, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
