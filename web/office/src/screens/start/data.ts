/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What getting started asks of the server: it alone knows what is done, so that one can come back any time. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';

export const workspaceQuery = queryOptions({
  queryKey: ['workspace', 'whole'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/workspace', { signal })),
});

export const readinessQuery = queryOptions({
  queryKey: ['workspace', 'readiness'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/workspace/readiness', { signal })),
});

export const servicesQuery = queryOptions({
  queryKey: ['services', 'start'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/services', { params: { query: { limit: 200 } }, signal }))).data,
});

export const staffQuery = queryOptions({
  queryKey: ['staff', 'list'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/staff', { params: { query: { limit: 200 } }, signal }))).data,
});

export function useReread(): () => void {
  const cache = useQueryClient();
  return () => {
    for (const root of ['workspace', 'services', 'staff']) void cache.invalidateQueries({ queryKey: [root] });
  };
}

export const STEPS = ['menu', 'hours', 'people', 'contact', 'open'] as const;
export type Step = (typeof STEPS)[number];
