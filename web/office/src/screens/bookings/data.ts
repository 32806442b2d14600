/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Bookings as a list reads them, and the lists that are kept under a name. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import type { Booking } from '../../kit/contract';
import { today } from '../visit/times';

export const STATUSES = ['pending', 'confirmed', 'completed', 'cancelled', 'no_show'] as const;
export const SHOWS = ['upcoming', 'past', 'all'] as const;
export type Show = (typeof SHOWS)[number];

const NAMES = ['q', 'status', 'staff', 'service', 'room', 'from', 'to', 'sort', 'show'] as const;
type Name = (typeof NAMES)[number];
export type Search = Partial<Record<Name, string>>;

/** What narrows the list, beside which part of time it shows. */
export const NARROWS = ['q', 'status', 'staff', 'service', 'room', 'from', 'to'] as const;

export const narrowed = (search: Search): boolean => NARROWS.some((name) => search[name]);
export const showOf = (search: Search): Show => SHOWS.find((each) => each === search.show) ?? 'upcoming';

/** The search part of the address, in one order, as a kept list has it. */
export function textOf(search: Search): string {
  const text = new URLSearchParams(
    NAMES.flatMap((name) => (search[name] ? [[name, search[name]] as [string, string]] : [])),
  ).toString();
  return text ? `?${text}` : '';
}

export const searchOf = (text: string): Search => {
  const all = new URLSearchParams(text);
  return Object.fromEntries(NAMES.flatMap((name) => (all.get(name) ? [[name, all.get(name)]] : []))) as Search;
};

export interface Filters {
  q?: string;
  status?: Booking['status'];
  staff_id?: string;
  service_id?: string;
  resource_id?: string;
  from?: string;
  to?: string;
  sort?: 'start' | '-start';
}

const isDate = (text: string | undefined): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '');

/** The address as the API's filters: what is no value of the API's is left out. */
export function filtersOf(search: Search): Filters {
  const show = showOf(search);
  const status = STATUSES.find((each) => each === search.status);
  const from = isDate(search.from) ? search.from : show === 'upcoming' && !search.to ? today() : undefined;
  const to = isDate(search.to) ? search.to : show === 'past' && !search.from ? today() : undefined;
  const isLatest = search.sort === '-start' || (search.sort === undefined && show !== 'upcoming');
  return {
    ...(search.q ? { q: search.q } : {}),
    ...(status ? { status } : {}),
    ...(search.staff ? { staff_id: search.staff } : {}),
    ...(search.service ? { service_id: search.service } : {}),
    ...(search.room ? { resource_id: search.room } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(isLatest ? { sort: '-start' as const } : {}),
  };
}

export function exportOf(filters: Filters): string {
  const text = new URLSearchParams(Object.entries(filters)).toString();
  return `/api/v1/bookings/export.csv${text ? `?${text}` : ''}`;
}

const PAGE = 50;
/** So many pages are kept; those far behind are read again where one comes back to them. */
const PAGES_KEPT = 8;

/** Which page came before one, by their cursors. */
const before = new Map<string, string>();

export const listQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['bookings', 'list', filters],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...filters, ...(pageParam ? { cursor: pageParam } : {}) };
      const page = await ask(api.GET('/api/v1/bookings', { params: { query }, signal }));
      return { ...page, at: pageParam };
    },
    initialPageParam: '',
    maxPages: PAGES_KEPT,
    getNextPageParam: (last) => {
      if (last.next_cursor) before.set(last.next_cursor, last.at);
      return last.next_cursor;
    },
    getPreviousPageParam: (first) => (first.at ? before.get(first.at) : undefined),
  });

const SCREEN = 'bookings';

export const savedQuery = queryOptions({
  queryKey: ['saved-views', SCREEN],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/saved-views', { params: { query: { screen: SCREEN } }, signal }))).data,
});
export type Saved = Awaited<ReturnType<NonNullable<(typeof savedQuery)['queryFn']>>>[number];

export const keepView = (name: string, query: string) =>
  ask(api.POST('/api/v1/saved-views', { body: { screen: SCREEN, name, query } }));

export const dropView = (id: string) => ask(api.DELETE('/api/v1/saved-views/{id}', { params: { path: { id } } }));
