/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Money, dates and times as people read them. A date or a wall clock is only ever formatted as what
 * it is: it is put on the UTC line and printed in UTC, so the device's own zone has no say.
 */

/** Making a formatter takes a hundred times as long as using it, and a page needs a handful. */
function kept<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fresh = make(name);
    made.set(name, fresh);
    return fresh;
  };
}

/** Words are English, so dates are too, in the order and hour cycle of the business's region. */
export function dateLocale(locale: string): string {
  try {
    const region = new Intl.Locale(locale).maximize().region;
    return region ? `en-${region}` : 'en';
  } catch {
    return 'en';
  }
}

function safeLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** The name is a currency, a space and a locale; what it keeps scales minor units itself. */
const moneyFormat = kept((name) => {
  const [currency = '', ...locale] = name.split(' ');
  const format = new Intl.NumberFormat(safeLocale(locale.join(' ')), {
    style: 'currency',
    currency,
    trailingZeroDisplay: 'stripIfInteger',
  });
  const unit = 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2);
  return (minor: number): string => format.format(minor / unit);
});

/** `minor` is in the currency's smallest unit: 4500 is €45, and ¥4500 where there are no cents. */
export const money = (minor: number, currency: string, locale: string): string =>
  moneyFormat(`${currency} ${locale}`)(minor);

export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, '0')}`;
}

/** `local` is `YYYY-MM-DDTHH:MM±HH:MM`; its date and its clock are the business's own. */
export const dateOf = (local: string): string => local.slice(0, 10);
export const clockOf = (local: string): string => local.slice(11, 16);
export const hourOf = (local: string): number => Number(local.slice(11, 13));

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z)$/;

/** The instant that a `local` names, as the API wants it; null when the text is not one. */
export function instantOf(local: string): string | null {
  if (!LOCAL.test(local)) return null;
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? null : at.toISOString().replace('.000Z', 'Z');
}

/** `UTC+2` of `…+02:00`: tells the two readings of a repeated hour apart. */
export function offsetOf(local: string): string {
  const [, sign = '+', hours = '0', minutes = '00'] = /([+-])(\d\d):(\d\d)$/.exec(local) ?? [];
  return `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`;
}

/** How a kind of date or time is printed, for `date` at `clock` in a locale. */
function printer(how: Intl.DateTimeFormatOptions) {
  const format = kept((locale) => {
    return new Intl.DateTimeFormat(dateLocale(locale), { ...how, timeZone: 'UTC' });
  });
  return (date: string, time: string, locale: string): string =>
    format(locale).format(new Date(`${date}T${time}:00Z`));
}

const printClock = printer({ timeStyle: 'short' });
const printLong = printer({ weekday: 'long', day: 'numeric', month: 'long' });
const printMedium = printer({ weekday: 'short', day: 'numeric', month: 'short' });
const printShortWeekday = printer({ weekday: 'short' });
const printWeekday = printer({ weekday: 'long' });
const printMonth = printer({ month: 'long', year: 'numeric' });

const SOME_DAY = '2000-01-01';
const NOON = '12:00';

export const clock = (local: string, locale: string): string =>
  printClock(SOME_DAY, clockOf(local), locale);

/** Opening hours may end at `24:00`, which is the next midnight. */
export const clockText = (hhmm: string, locale: string): string =>
  printClock(SOME_DAY, hhmm === '24:00' ? '00:00' : hhmm, locale);

export const dayLong = (date: string, locale: string): string => printLong(date, NOON, locale);
export const dayMedium = (date: string, locale: string): string => printMedium(date, NOON, locale);
export const monthLong = (date: string, locale: string): string => printMonth(date, NOON, locale);
export const weekdayShort = (date: string, locale: string): string =>
  printShortWeekday(date, NOON, locale);

export const dayNumber = (date: string): string => String(Number(date.slice(8, 10)));

/** 1 is Monday, as on the wire. The first of January 2024 was one. */
export const weekdayName = (weekday: number, locale: string): string =>
  printWeekday(`2024-01-0${weekday}`, NOON, locale);

export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / 86_400_000);
}

export function isDate(text: string | null): text is string {
  return text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** The calendar date that it is now in the business's zone. */
export function today(zone: string, now: Date = new Date()): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

export const deviceZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `Europe/Paris` is spoken of as Paris, `America/Argentina/Salta` as Salta. */
export const zoneCity = (zone: string): string =>
  (zone.split('/').pop() ?? zone).replaceAll('_', ' ');

const countOf = (count: number, unit: string): string =>
  `${count} ${unit}${count === 1 ? '' : 's'}`;

/** What a policy of minutes is called: `24 hours`, `2 days`, `90 minutes`. */
export function span(minutes: number): string {
  if (minutes >= 2880 && minutes % 1440 === 0) return countOf(minutes / 1440, 'day');
  if (minutes >= 60 && minutes % 60 === 0) return countOf(minutes / 60, 'hour');
  return countOf(minutes, 'minute');
}
