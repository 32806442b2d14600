/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Conversations as they are read and changed. All keys begin with `conversations`. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import type { Conversation } from '../../kit/contract';

export const FILTERS = ['all', 'unanswered', 'mine', 'unassigned', 'doubtful'] as const;
export type Filter = (typeof FILTERS)[number];

export const filterOf = (text: string | undefined): Filter => FILTERS.find((each) => each === text) ?? 'all';

const PAGE = 30;

export const listQuery = (filter: Filter, q: string) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'list', filter, q],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: PAGE,
        ...(filter === 'doubtful' ? { folder: filter } : {}),
        ...(filter === 'all' || filter === 'doubtful' ? {} : { filter }),
        ...(q ? { q } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return ask(api.GET('/api/v1/conversations', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

export const oneQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversations', 'one', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/conversations/{id}', { params: { path: { id } }, signal })),
  });

/** The newest page comes first; each page is in the order of time. */
export const messagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'messages', id],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return ask(api.GET('/api/v1/conversations/{id}/messages', { params: { path: { id }, query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

export function useMarkRead(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.POST('/api/v1/conversations/{id}/read', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['conversations'] }),
  });
}

export interface Change {
  assigned_to?: string | null;
  folder?: Conversation['folder'];
}

/** Shown at once; what the server answers stays. */
export function useChange(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Change) =>
      ask(api.PATCH('/api/v1/conversations/{id}', { params: { path: { id } }, body })),
    onSuccess: (changed) => {
      client.setQueryData(oneQuery(id).queryKey, changed);
      void client.invalidateQueries({ queryKey: ['conversations'] });
    },
  });
}
