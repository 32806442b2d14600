/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Whether the invented week is in, and how much of it. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';

export const sampleQuery = queryOptions({
  queryKey: ['workspace', 'sample'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/workspace/sample', { signal })),
});
export type Sample = Awaited<ReturnType<NonNullable<typeof sampleQuery.queryFn>>>;
