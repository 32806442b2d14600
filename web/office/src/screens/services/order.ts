/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The menu in its order, and putting it into another one. The server sorts by the same rules. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import { useToast } from '../../kit/toast';
import { words } from '../../words/services';
import { type Service, servicesQuery } from './data';

export interface Category {
  name: string;
  services: Service[];
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const first = (services: Service[]): number => Math.min(...services.map((each) => each.position));

/** Categories by their first service, services by position and, where nobody has said, by name. */
export function menuOf(all: Service[]): Category[] {
  const groups = new Map<string, Service[]>();
  for (const service of all) groups.set(service.category, [...(groups.get(service.category) ?? []), service]);
  return [...groups]
    .map(([name, services]) => ({
      name,
      services: services.toSorted((a, b) => a.position - b.position || byName(a.name, b.name)),
    }))
    .toSorted((a, b) => first(a.services) - first(b.services) || byName(a.name, b.name));
}

export const idsOf = (menu: Category[]): string[] => menu.flatMap(({ services }) => services.map(({ id }) => id));

export function placed<T>(list: T[], from: number, to: number): T[] {
  const one = list[from];
  return one === undefined || to < 0 || to >= list.length ? list : list.toSpliced(from, 1).toSpliced(to, 0, one);
}

export function moved(menu: Category[], category: string, from: number, to: number): Category[] {
  return menu.map((each) => (each.name === category ? { ...each, services: placed(each.services, from, to) } : each));
}

/** Shown at once; where the server refuses it, it is as it was, and why is said. */
export function useOrder() {
  const cache = useQueryClient();
  const toast = useToast();
  const { queryKey } = servicesQuery;
  const send = useMutation({
    mutationFn: (ids: string[]) => ask(api.PUT('/api/v1/services/order', { body: { ids } })),
    onMutate: async (ids) => {
      await cache.cancelQueries({ queryKey });
      const before = cache.getQueryData(queryKey);
      cache.setQueryData(queryKey, (all) =>
        all?.map((each) => ({ ...each, position: ids.includes(each.id) ? ids.indexOf(each.id) + 1 : ids.length + 1 })),
      );
      return { before };
    },
    onError: (error, _ids, told) => {
      cache.setQueryData(queryKey, told?.before);
      toast.fail(error);
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: ['services'] }),
  });
  return (before: Category[], after: Category[]): void => {
    const was = idsOf(before);
    send.mutate(idsOf(after), {
      onSuccess: () => toast.say(words.orderSaved, () => send.mutate(was)),
    });
  };
}
