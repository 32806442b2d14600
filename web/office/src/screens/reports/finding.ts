/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a report found, as a sentence. */
import { words } from '../../words/reports';
import type { Report } from './data';
import { ofUnit, percent } from './format';
import type { Asked } from './periods';

export type Way = 'up' | 'down' | 'same';

/** More of these is worse. */
const WORSE = new Set<Report['kind']>(['no_shows', 'cancellations', 'stock_usage']);
/** More of these is neither good nor bad. */
const NEITHER = new Set<Report['kind']>(['stock_value', 'stock_usage']);

export interface Found {
  sentence: string;
  way: Way | null;
  tone: 'good' | 'bad' | null;
  change: string | null;
}

const isRatio = ({ unit }: Report): boolean => unit === 'permille' || unit === 'hundredths';

/** A ratio moves by points of its own scale, everything else by a share of what it was. */
function changeOf(report: Report, value: number, previous: number): string | null {
  if (report.unit === 'hundredths') return ofUnit('hundredths', Math.abs(value - previous));
  if (isRatio(report)) return words.points(percent(Math.abs(value - previous)));
  const { change_permille: change } = report.finding;
  return change === null ? null : percent(Math.abs(change));
}

export function findingOf(report: Report, asked: Asked): Found {
  const { value, previous } = report.finding;
  const { clients, new: fresh } = report.totals;
  const untold = clients === undefined ? words.untold[report.kind] : words.tooEarly(clients, fresh ?? 0);
  const none: Found = { sentence: untold, way: null, tone: null, change: null };
  if (value === null) return none;
  const shown = ofUnit(report.unit, value);
  const than = words.than(asked.compare, asked.period);
  if (previous === null) return { ...none, sentence: words.plain[report.kind](shown, value) };
  const way: Way = value > previous ? 'up' : value < previous ? 'down' : 'same';
  const change = changeOf(report, value, previous);
  const isWorse = WORSE.has(report.kind) ? way === 'up' : way === 'down';
  const tone = way === 'same' || NEITHER.has(report.kind) ? null : isWorse ? 'bad' : 'good';
  if (way === 'same') return { sentence: words.same[report.kind](shown, than), way, tone, change: null };
  if (change === null) return { sentence: words.afterNone(words.plain[report.kind](shown, value), than), way, tone, change };
  return { sentence: words.moved[report.kind](way, change, than), way, tone, change };
}
