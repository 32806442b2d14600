/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Figures and dates of reports as people read them. */
import { money } from '../../kit/time';
import { session } from '../../shell/session';
import { words } from '../../words/reports';
import type { By, Figure, Report } from './data';

function locale(): string {
  const language = document.documentElement.lang || 'en';
  try {
    const { region } = new Intl.Locale(session.workspace.locale).maximize();
    return region ? `${language}-${region}` : language;
  } catch {
    return language;
  }
}

const number = (most: number): Intl.NumberFormat => new Intl.NumberFormat(locale(), { maximumFractionDigits: most });
const MINUTES_PER_HOUR = 60;

export const count = (value: number): string => number(3).format(value);
export const percent = (permille: number): string =>
  new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(permille / 1000);
export const stars = (hundredths: number): string =>
  new Intl.NumberFormat(locale(), { minimumFractionDigits: 1, maximumFractionDigits: 2 }).format(hundredths / 100);
export const hours = (minutes: number): string => words.hours(number(1).format(minutes / MINUTES_PER_HOUR));

export type Unit = Report['unit'];

export function ofUnit(unit: Unit, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'money') return money(value);
  if (unit === 'permille') return percent(value);
  if (unit === 'hundredths') return stars(value);
  return count(value);
}

/** Each figure says by its name what it is. */
export function ofFigure(figure: Figure, value: number | undefined): string {
  if (value === undefined) return '–';
  if (figure.endsWith('_value')) return money(value);
  if (figure.endsWith('_permille')) return percent(value);
  if (figure.endsWith('_hundredths')) return stars(value);
  if (figure.endsWith('_min')) return hours(value);
  return count(value);
}

const dates = (how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...how });
const at = (date: string): Date => new Date(`${date}T00:00:00Z`);

export const longDate = (date: string): string => dates({ day: 'numeric', month: 'short', year: 'numeric' }).format(at(date));
export const span = (from: string, to: string): string =>
  from === to ? longDate(from) : dates({ day: 'numeric', month: 'short', year: 'numeric' }).formatRange(at(from), at(to));

/** A part of time under its bar: `3 Mar`, `Mar`. */
export const shortPart = (by: By, from: string): string =>
  dates(by === 'month' ? { month: 'short' } : { day: 'numeric', month: 'short' }).format(at(from));

/** The same in full, where there is room. */
export function longPart(by: By, from: string, to: string): string {
  if (by === 'month') return dates({ month: 'long', year: 'numeric' }).format(at(from));
  if (by === 'day') return dates({ weekday: 'short', day: 'numeric', month: 'short' }).format(at(from));
  return dates({ day: 'numeric', month: 'short' }).formatRange(at(from), at(to));
}

/** For the axis: no longer than it must be. */
export function axis(unit: Unit, value: number): string {
  if (unit === 'money') {
    const how = new Intl.NumberFormat(locale(), {
      style: 'currency',
      currency: session.workspace.currency,
      notation: 'compact',
      maximumFractionDigits: 1,
    });
    const { maximumFractionDigits: places = 2 } = new Intl.NumberFormat('en', {
      style: 'currency',
      currency: session.workspace.currency,
    }).resolvedOptions();
    return how.format(value / 10 ** places);
  }
  return unit === 'count' ? new Intl.NumberFormat(locale(), { notation: 'compact' }).format(value) : ofUnit(unit, value);
}

