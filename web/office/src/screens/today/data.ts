/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands on the first page. The event stream says when it is to be read again; so does each minute. */
import { queryOptions } from '@tanstack/react-query';
import type { components } from '../../../../api';
import { api, ask, askTold } from '../../kit/api';

type Schemas = components['schemas'];
export type Dashboard = Schemas['Dashboard'];
export type Waiting = Schemas['AttentionItem'];
export type Health = Schemas['Health'];
export type Cause = Schemas['HealthCause'];
export type NextPerson = Schemas['NextPerson'];
export type DayFigures = Schemas['DayFigures'];
export type RecentEvent = Schemas['RecentEvent'];
export type Readiness = Schemas['Readiness'];

const MINUTE_MS = 60_000;

export const dashboardQuery = queryOptions({
  queryKey: ['dashboard'],
  queryFn: ({ signal }) => askTold(api.GET('/api/v1/dashboard', { signal })),
  refetchInterval: MINUTE_MS,
});

/** Of tomorrow. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/health', { signal })),
  refetchInterval: MINUTE_MS,
});

export const workspaceQuery = queryOptions({
  queryKey: ['workspace'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/workspace', { signal })),
});

export const readinessQuery = queryOptions({
  queryKey: ['workspace', 'readiness'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/workspace/readiness', { signal })),
});

export const gatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'gates', id],
    queryFn: ({ signal }) => askTold(api.GET('/api/v1/bookings/{id}/gates', { params: { path: { id } }, signal })),
  });

/** A thing that waits, as it is now: once it has changed it is another. */
export const keyOf = ({ code, id, version, at }: Waiting): string => `${code} ${id} ${version ?? at ?? ''}`;
