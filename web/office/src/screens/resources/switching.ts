/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Switching a room or device off and on: shown at once, with the way back, and with what it leaves behind. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ask } from '../../kit/api';
import { useToast } from '../../kit/toast';
import { words } from '../../words/resources';
import { type Resource, resourceQuery, resourcesQuery } from './data';

export function useSwitch() {
  const cache = useQueryClient();
  const toast = useToast();
  const navigate = useNavigate();
  const { queryKey } = resourcesQuery;
  const send = useMutation({
    mutationFn: ({ resource, active }: { resource: Resource; active: boolean }) =>
      ask(api.PATCH('/api/v1/resources/{id}', { params: { path: { id: resource.id } }, body: { active } })),
    onMutate: async ({ resource, active }) => {
      await cache.cancelQueries({ queryKey });
      const before = cache.getQueryData(queryKey);
      cache.setQueryData(queryKey, (all) => all?.map((each) => (each.id === resource.id ? { ...each, active } : each)));
      return { before };
    },
    onSuccess: (now) => cache.setQueryData(resourceQuery(now.id).queryKey, now),
    onError: (error, _change, told) => {
      cache.setQueryData(queryKey, told?.before);
      toast.fail(error);
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: ['resources'] }),
  });
  return (resource: Resource, active: boolean): void =>
    send.mutate(
      { resource, active },
      {
        onSuccess: (now) => {
          const left = now.used_by?.visits?.length ?? 0;
          const back = (): void => send.mutate({ resource, active: !active });
          if (active || left === 0) toast.say(active ? words.isOn(now.name) : words.isOff(now.name), back);
          else {
            /* Which visits those are stands in its dialog. */
            toast.say(words.isOffWith(now.name, left), back);
            void navigate({ to: '/app/resources', search: { show: now.id } });
          }
        },
      },
    );
}
