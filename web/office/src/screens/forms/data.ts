/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Forms and what has been filled in. Keys begin with `forms` and `submissions`. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';

const MOST = 200;
const PAGE = 50;

export const formsQuery = queryOptions({
  queryKey: ['forms', 'list'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/forms', { params: { query: { limit: MOST } }, signal }))).data,
});

export const formQuery = (id: string) =>
  queryOptions({
    queryKey: ['forms', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/forms/{id}', { params: { path: { id } }, signal })),
  });

export const STATES = ['overdue', 'pending', 'completed'] as const;
export type State = (typeof STATES)[number];
export const stateOf = (text: string | undefined): State | null => STATES.find((each) => each === text) ?? null;

/** Of all forms. */
export const waitingQuery = (status: State) =>
  infiniteQueryOptions({
    queryKey: ['submissions', 'all', status],
    queryFn: ({ pageParam, signal }) => {
      const query = { status, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return ask(api.GET('/api/v1/submissions', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

/** Of one form. */
export const ofFormQuery = (id: string, status: 'pending' | 'completed' | null) =>
  infiniteQueryOptions({
    queryKey: ['submissions', 'form', id, status],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(status ? { status } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      return ask(api.GET('/api/v1/forms/{id}/submissions', { params: { path: { id }, query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

/** Reading clinical answers is recorded, so this is asked once and not again by itself. */
export const submissionQuery = (id: string) =>
  queryOptions({
    queryKey: ['submission', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/submissions/{id}', { params: { path: { id } }, signal })),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
