/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the office has read. The event stream says what is stale; a refocus asks again. */
import { QueryClient } from '@tanstack/react-query';
import { Refusal } from '../kit/refusal';

const STALE_MS = 30_000;
const TRIES = 2;

export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      /* What was refused is refused again; what did not get through may. */
      retry: (count, error) => count < TRIES && error instanceof Refusal && error.mayPass,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
