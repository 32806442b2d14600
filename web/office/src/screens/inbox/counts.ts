/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How many wait, for the places and for the filters. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';

export const countsQuery = queryOptions({
  queryKey: ['conversations', 'counts'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/conversations/counts', { signal })),
});

export const waitingQuery = queryOptions({ ...countsQuery, select: (counts) => counts.unanswered });
