/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Letters as they are read. All keys begin with `emails`. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components } from '../../../../api';
import { api, askTold } from '../../kit/api';

export type Email = components['schemas']['Email'];
export type Untold = components['schemas']['Untold'];

export const STATUSES = ['queued', 'sent', 'failed', 'suppressed'] as const;
const PAGE = 50;

export interface Filters {
  status?: Email['status'];
  kind?: Email['kind'];
}

export const listQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['emails', 'list', filters],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...filters, ...(pageParam ? { cursor: pageParam } : {}) };
      return askTold(api.GET('/api/v1/emails', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

export const untoldQuery = queryOptions({
  queryKey: ['emails', 'untold'],
  queryFn: ({ signal }) =>
    askTold(api.GET('/api/v1/emails/not-told', { params: { query: { limit: PAGE } }, signal })),
});

export const emailQuery = (id: string) =>
  queryOptions({
    queryKey: ['emails', 'one', id],
    queryFn: ({ signal }) => askTold(api.GET('/api/v1/emails/{id}', { params: { path: { id } }, signal })),
  });
