/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Rooms and devices; keys begin with `resources`. */
import { queryOptions } from '@tanstack/react-query';
import type { components } from '../../../../api';
import { api, ask } from '../../kit/api';

export type Resource = components['schemas']['Resource'];
export type Kind = Resource['kind'];
export const KINDS: Kind[] = ['room', 'device'];

const MOST = 200;

/** A business has at most two hundred. */
export const resourcesQuery = queryOptions({
  queryKey: ['resources', 'list'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/resources', { params: { query: { limit: MOST } }, signal }))).data,
});

/** With the services and the visits that count on it. */
export const resourceQuery = (id: string) =>
  queryOptions({
    queryKey: ['resources', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/resources/{id}', { params: { path: { id } }, signal })),
  });
