/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Reports as they are read. They are no live view: a figure that changes while one reads it helps
 * nobody, and each asks for a whole period. They are read again when one comes back after a minute.
 */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components } from '../../../../api';
import { api, ask } from '../../kit/api';
import type { Compare } from './periods';

export type Report = components['schemas']['Report'];
export type Kind = Report['kind'];
export type Figures = Report['totals'];
export type Figure = keyof Figures;
export type Point = Report['series'][number];
export type Row = Report['rows'][number];
export type By = Report['by'];

export const KINDS = [
  'bookings',
  'revenue',
  'utilisation',
  'no_shows',
  'cancellations',
  'retention',
  'ratings',
  'stock_value',
  'stock_usage',
] as const satisfies readonly Kind[];

/** Which of them can be narrowed to a person or a service. */
export const BY_STAFF: readonly Kind[] = ['bookings', 'revenue', 'utilisation', 'no_shows', 'cancellations', 'retention', 'ratings'];
export const BY_SERVICE: readonly Kind[] = BY_STAFF.filter((kind) => kind !== 'utilisation');

export interface Question {
  from: string;
  to: string;
  compare: Compare;
  by?: By;
  staff_id?: string;
  service_id?: string;
}

const FRESH_MS = 60_000;

export const reportQuery = (kind: Kind, query: Question) =>
  queryOptions({
    queryKey: ['reports', kind, query],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/reports/{kind}', { params: { path: { kind }, query }, signal })),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

export const csvHref = (kind: Kind, question: Question, part: 'series' | 'rows'): string =>
  `/api/v1/reports/${kind}/report.csv?${new URLSearchParams({ ...question, part })}`;
