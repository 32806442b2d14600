/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Periods by name, as dates of the business. Those that have begun end today, so that they are held against as much. */
import { session } from '../../shell/session';
import type { By, Kind } from './data';

export const PERIODS = ['week', 'month', 'last_month', 'quarter', 'year', 'custom'] as const;
export type Period = (typeof PERIODS)[number];
export const COMPARES = ['previous', 'last_year', 'none'] as const;
export type Compare = (typeof COMPARES)[number];
export const PARTS = ['day', 'week', 'month'] as const satisfies readonly By[];

export interface Range {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const text = (at: Date): string => at.toISOString().slice(0, 10);
const read = (date: string): Date => new Date(`${date}T00:00:00Z`);
const day = (year: number, month: number, date: number): string => text(new Date(Date.UTC(year, month, date)));
const MONTHS_OF_A_QUARTER = 3;
export const MOST_DAYS = 400;

export const today = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: session.workspace.timezone, dateStyle: 'short' }).format(new Date());

export const addDays = (date: string, days: number): string => text(new Date(read(date).getTime() + days * DAY_MS));
export const isDate = (date: string | undefined): date is string =>
  date !== undefined && DATE.test(date) && !Number.isNaN(read(date).getTime());
export const daysIn = ({ from, to }: Range): number => (read(to).getTime() - read(from).getTime()) / DAY_MS + 1;

export function rangeOf(period: Period, from: string | undefined, to: string | undefined, now = today()): Range {
  const at = read(now);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  if (period === 'week') return { from: addDays(now, -((at.getUTCDay() + 6) % 7)), to: now };
  if (period === 'last_month') return { from: day(year, month - 1, 1), to: day(year, month, 0) };
  if (period === 'quarter') return { from: day(year, month - (month % MONTHS_OF_A_QUARTER), 1), to: now };
  if (period === 'year') return { from: day(year, 0, 1), to: now };
  if (period === 'custom' && isDate(from) && isDate(to)) return from <= to ? { from, to } : { from: to, to: from };
  return { from: day(year, month, 1), to: now };
}

/** What the address says, with what it leaves out filled in. */
export interface Asked extends Range {
  period: Period;
  compare: Compare;
  by: By | undefined;
  as: 'chart' | 'table';
  kind: Kind | undefined;
  staff: string | undefined;
  service: string | undefined;
}

export type ReportSearch = Partial<
  Record<'kind' | 'period' | 'from' | 'to' | 'compare' | 'by' | 'as' | 'staff' | 'service', string>
>;

export function askedOf(search: ReportSearch, kinds: readonly Kind[]): Asked {
  const period = PERIODS.find((each) => each === search.period) ?? (isDate(search.from) ? 'custom' : 'month');
  const usual: Compare = period === 'year' ? 'last_year' : 'previous';
  return {
    period,
    ...rangeOf(period, search.from, search.to),
    compare: COMPARES.find((each) => each === search.compare) ?? usual,
    by: PARTS.find((each) => each === search.by),
    as: search.as === 'table' ? 'table' : 'chart',
    kind: kinds.find((each) => each === search.kind),
    staff: search.staff,
    service: search.service,
  };
}
