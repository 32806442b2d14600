/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Services as they are read, and what they are made of. Keys begin with the first word of their root. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import type { components } from '../../../../api';

export type Service = components['schemas']['Service'];
export type Terms = components['schemas']['StaffTerms'];
export type Segment = components['schemas']['Segment'];
export type Resource = components['schemas']['Resource'];
export type Member = components['schemas']['Staff'];
/** What a unit costs may not be known, nor kept at all. */
export type Item = components['schemas']['Item'] & { unit_cost?: number | null };

const MOST = 200;

interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** Every row of a list that has an end. */
async function whole<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page says where the next begins
    const page = await read(cursor);
    all.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return all;
}

const pageOf = (cursor: string | undefined) => ({ limit: MOST, ...(cursor ? { cursor } : {}) });

/** All but retired ones, in no order. */
export const servicesQuery = queryOptions({
  queryKey: ['services', 'list'],
  queryFn: ({ signal }) =>
    whole<Service>((cursor) => ask(api.GET('/api/v1/services', { params: { query: pageOf(cursor) }, signal }))),
});

/** What is not offered: switched off, or retired. */
export const shelfQuery = queryOptions({
  queryKey: ['services', 'shelf'],
  queryFn: ({ signal }) =>
    whole<Service>((cursor) =>
      ask(api.GET('/api/v1/services', { params: { query: { ...pageOf(cursor), active: false } }, signal })),
    ),
});

export const serviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/services/{id}', { params: { path: { id } }, signal })),
  });

export const staffQuery = queryOptions({
  queryKey: ['staff', 'list'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/staff', { params: { query: { limit: MOST } }, signal }))).data,
});

export const resourcesQuery = queryOptions({
  queryKey: ['resources', 'list'],
  queryFn: ({ signal }) =>
    whole<Resource>((cursor) => ask(api.GET('/api/v1/resources', { params: { query: pageOf(cursor) }, signal }))),
});

export const itemsQuery = queryOptions({
  queryKey: ['items', 'for-recipes'],
  queryFn: ({ signal }) =>
    whole<Item>((cursor) => ask(api.GET('/api/v1/items', { params: { query: pageOf(cursor) }, signal }))),
});

export const formsQuery = queryOptions({
  queryKey: ['forms', 'list'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/forms', { params: { query: { limit: MOST } }, signal }))).data,
});
