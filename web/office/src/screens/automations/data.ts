/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The automations as they are read and changed. All keys begin with `automations`. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { components } from '../../../../api';
import { api, ask, askTold, ifMatch } from '../../kit/api';

export type Automation = components['schemas']['Automation'];
export type Key = Automation['key'];
export type Change = components['schemas']['AutomationPatch'];

export const listQuery = queryOptions({
  queryKey: ['automations', 'list'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/automations', { signal }))).data,
});

/** Work that was given up, for the owner to have it tried again. */
export const parkedQuery = queryOptions({
  queryKey: ['jobs', 'parked'],
  queryFn: ({ signal }) => askTold(api.GET('/api/v1/jobs', { params: { query: { limit: 50 } }, signal })),
});

/** Changes one at once on the screen, and takes that back where the server says no. */
export function useChange() {
  const cache = useQueryClient();
  const { queryKey } = listQuery;
  const put = (key: Key, with_: (old: Automation) => Automation): void =>
    void cache.setQueryData(queryKey, (all) => all?.map((each) => (each.key === key ? with_(each) : each)));
  return useMutation({
    mutationFn: ({ of, change }: { of: Automation; change: Change }) =>
      ask(
        api.PATCH('/api/v1/automations/{key}', {
          params: { path: { key: of.key }, header: { 'If-Match': ifMatch(of.version) } },
          body: change,
        }),
      ),
    onMutate: async ({ of, change: { enabled } }) => {
      await cache.cancelQueries({ queryKey });
      if (enabled !== undefined) put(of.key, (old) => ({ ...old, enabled }));
    },
    onSuccess: (now) => put(now.key, () => now),
    onError: (_, { of }) => {
      put(of.key, () => of);
      void cache.invalidateQueries({ queryKey });
    },
  });
}
