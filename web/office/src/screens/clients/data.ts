/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Clients as they are read. All keys begin with `clients`, so that one event makes all stale. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import type { Client } from '../../kit/contract';

export interface Filters {
  q?: string;
  status?: Client['status'];
  tag?: string;
  source?: Client['source'];
}

export const STATUSES = ['new', 'contacted', 'booked'] as const;
export const SOURCES = ['booking', 'contact', 'form', 'mail', 'staff', 'import', 'unknown'] as const;

/** The address as filters; what is no value of the API's is left out. */
export function filtersOf(search: Partial<Record<'q' | 'status' | 'tag' | 'source', string>>): Filters {
  const status = STATUSES.find((each) => each === search.status);
  const source = SOURCES.find((each) => each === search.source);
  return {
    ...(search.q ? { q: search.q } : {}),
    ...(search.tag ? { tag: search.tag } : {}),
    ...(status ? { status } : {}),
    ...(source ? { source } : {}),
  };
}

const PAGE = 50;

export const listQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['clients', 'list', filters],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...filters, ...(pageParam ? { cursor: pageParam } : {}) };
      return ask(api.GET('/api/v1/clients', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

export const tagsQuery = queryOptions({
  queryKey: ['clients', 'tags'],
  queryFn: async ({ signal }) => {
    const { data } = await ask(api.GET('/api/v1/client-tags', { signal }));
    return data.map((each) => each.tag);
  },
});

export const overviewQuery = (id: string) =>
  queryOptions({
    queryKey: ['clients', 'overview', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/clients/{id}/overview', { params: { path: { id } }, signal })),
  });

export type Overview = Awaited<ReturnType<NonNullable<ReturnType<typeof overviewQuery>['queryFn']>>>;
