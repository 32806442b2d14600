/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is done to a service from the list: off the menu and back, retired, doubled. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ask, newKey } from '../../kit/api';
import { useToast } from '../../kit/toast';
import { session } from '../../shell/session';
import { words } from '../../words/services';
import { type Service, servicesQuery, shelfQuery } from './data';

export const linkOf = (id: string): string => `${location.origin}/book/${session.workspace.slug}?service=${id}`;

type What = 'off' | 'retire' | 'restore';

const send = (what: What, id: string): Promise<unknown> => {
  const params = { path: { id } };
  if (what === 'off') return ask(api.PATCH('/api/v1/services/{id}', { params, body: { active: false } }));
  if (what === 'retire') return ask(api.DELETE('/api/v1/services/{id}', { params }));
  return ask(api.POST('/api/v1/services/{id}/restore', { params }));
};

export function useChanges() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  /* The two lists as they will be, until the server has said what they are. */
  const change = useMutation({
    mutationFn: ({ what, service }: { what: What; service: Service }) => send(what, service.id),
    onMutate: async ({ what, service }) => {
      await cache.cancelQueries({ queryKey: ['services'] });
      const menu = cache.getQueryData(servicesQuery.queryKey);
      const shelf = cache.getQueryData(shelfQuery.queryKey);
      const now: Service = { ...service, active: what === 'restore', retired: what === 'retire' };
      const rest = (list: Service[] | undefined) => list?.filter(({ id }) => id !== service.id);
      cache.setQueryData(servicesQuery.queryKey, (list) => (now.retired ? rest(list) : list && [...(rest(list) ?? []), now]));
      cache.setQueryData(shelfQuery.queryKey, (list) => (now.active ? rest(list) : list && [...(rest(list) ?? []), now]));
      return { menu, shelf };
    },
    onError: (error, _change, told) => {
      cache.setQueryData(servicesQuery.queryKey, told?.menu);
      cache.setQueryData(shelfQuery.queryKey, told?.shelf);
      toast.fail(error);
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: ['services'] }),
  });
  const duplicate = useMutation({
    mutationFn: (service: Service) =>
      ask(
        api.POST('/api/v1/services/{id}/duplicate', {
          params: { path: { id: service.id }, header: { 'Idempotency-Key': newKey() } },
          body: { name: words.copyOf(service.name).slice(0, 120) },
        }),
      ),
    onSuccess: async (made) => {
      void cache.invalidateQueries({ queryKey: ['services'] });
      await navigate({ to: '/app/services/$id', params: { id: made.id } });
      toast.say(words.duplicated);
    },
    onError: (error) => toast.fail(error),
  });
  /* Back to what it was: something that was switched off before it was retired is so again. */
  const takeBack = async (service: Service): Promise<void> => {
    await change.mutateAsync({ what: 'restore', service });
    if (!service.active) await change.mutateAsync({ what: 'off', service: { ...service, retired: false } });
  };
  /* Awaited, since the row that asked for it may be gone by then, and its callbacks with it. */
  const act = async (what: What, service: Service): Promise<void> => {
    document.getElementById('content')?.focus({ preventScroll: true });
    await change.mutateAsync({ what, service });
    toast.say(
      words.done[what](service.name),
      what === 'restore' ? undefined : () => void takeBack(service).catch(() => undefined),
    );
  };
  const copyLink = async (service: Service): Promise<void> => {
    await navigator.clipboard.writeText(linkOf(service.id));
    toast.say(words.linkCopied);
  };
  return {
    act: (what: What, service: Service) => void act(what, service).catch(() => undefined),
    duplicate: (service: Service) => duplicate.mutate(service),
    copyLink: (service: Service) => void copyLink(service).catch(toast.fail),
  };
}
