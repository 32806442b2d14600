/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Items and their ledgers as they are read. All keys begin with `items`. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import type { Movement } from '../../kit/contract';

export const SORTS = ['low', 'name', 'days_left', 'available'] as const;
export const WHICH = ['low', 'retired'] as const;
export const HAND_KINDS = ['receive', 'count', 'waste', 'adjust'] as const;
export const KINDS = [...HAND_KINDS, 'reserve', 'release', 'consume'] as const;
export type HandKind = (typeof HAND_KINDS)[number];
export type Kind = Movement['kind'];

export interface Filters {
  q?: string;
  category?: string;
  which?: (typeof WHICH)[number];
  sort: (typeof SORTS)[number];
}

/** The address as filters; what is no value of the API's is left out. */
export function filtersOf(search: Partial<Record<'q' | 'category' | 'which' | 'sort', string>>): Filters {
  const which = WHICH.find((each) => each === search.which);
  return {
    sort: SORTS.find((each) => each === search.sort) ?? 'low',
    ...(search.q ? { q: search.q } : {}),
    ...(search.category ? { category: search.category } : {}),
    ...(which ? { which } : {}),
  };
}

const PAGE = 50;
const LEDGER_PAGE = 25;
const MOST = 200;

export const listQuery = ({ which, ...filters }: Filters) =>
  infiniteQueryOptions({
    queryKey: ['items', 'list', which ?? '', filters],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: PAGE,
        ...filters,
        active: which !== 'retired',
        ...(which === 'low' ? { low: true } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return ask(api.GET('/api/v1/items', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

export const summaryQuery = queryOptions({
  queryKey: ['items', 'summary'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/items/summary', { signal })),
});

/** To choose one of them. */
export const choicesQuery = queryOptions({
  queryKey: ['items', 'choices'],
  queryFn: async ({ signal }) => {
    const query = { limit: MOST, sort: 'name', active: true } as const;
    return (await ask(api.GET('/api/v1/items', { params: { query }, signal }))).data;
  },
});

export const itemQuery = (id: string) =>
  queryOptions({
    queryKey: ['items', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/items/{id}', { params: { path: { id } }, signal })),
  });
export type ItemFull = Awaited<ReturnType<NonNullable<ReturnType<typeof itemQuery>['queryFn']>>>;

export const levelsQuery = (id: string, days: number) =>
  queryOptions({
    queryKey: ['items', 'levels', id, days],
    queryFn: async ({ signal }) => {
      const params = { path: { id }, query: { days } };
      return (await ask(api.GET('/api/v1/items/{id}/levels', { params, signal }))).days;
    },
  });

export const ledgerQuery = (id: string, kind: Kind | undefined) =>
  infiniteQueryOptions({
    queryKey: ['items', 'ledger', id, kind ?? ''],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: LEDGER_PAGE, ...(kind ? { kind } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      return ask(api.GET('/api/v1/items/{id}/movements', { params: { path: { id }, query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

export const takesQuery = infiniteQueryOptions({
  queryKey: ['stocktakes', 'list'],
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
    return ask(api.GET('/api/v1/stocktakes', { params: { query }, signal }));
  },
  initialPageParam: '',
  getNextPageParam: (last) => last.next_cursor,
});

export const takeQuery = (id: string) =>
  queryOptions({
    queryKey: ['stocktakes', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/stocktakes/{id}', { params: { path: { id } }, signal })),
  });
export type Take = Awaited<ReturnType<NonNullable<ReturnType<typeof takeQuery>['queryFn']>>>;
