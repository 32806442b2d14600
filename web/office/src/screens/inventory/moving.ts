/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A movement by hand: shown as done before it is, taken off the screen again where it is refused,
 * and undone by its opposite, since a ledger forgets nothing.
 */
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, newKey } from '../../kit/api';
import type { Item, Movement } from '../../kit/contract';
import { useToast } from '../../kit/toast';
import { words } from '../../words/inventory';
import { round } from './amount';
import type { HandKind } from './data';

export interface Move {
  item: Item;
  kind: HandKind;
  quantity?: number;
  packs?: number;
  unit_cost?: number;
  reason: string;
}

/** What the shelf holds after it. */
export function after({ item, kind, quantity = 0, packs }: Omit<Move, 'reason'>): number {
  const amount = packs === undefined ? quantity : packs * (item.pack?.size ?? 0);
  if (kind === 'count') return amount;
  return round(item.on_hand + (kind === 'waste' ? -amount : amount));
}

interface Page {
  data: Item[];
}

function moved(item: Item, onHand: number): Item {
  const available = round(onHand - item.reserved);
  return { ...item, on_hand: onHand, available, low: available <= item.reorder_point };
}

/** Every list and page that shows the item; what was there comes back to undo it. */
function show(cache: QueryClient, id: string, onHand: number): () => void {
  const change = (item: Item): Item => (item.id === id ? moved(item, onHand) : item);
  const was = [
    ...cache.getQueriesData({ queryKey: ['items', 'list'] }),
    ...cache.getQueriesData({ queryKey: ['items', 'one', id] }),
  ];
  cache.setQueriesData<{ pages: Page[] }>({ queryKey: ['items', 'list'] }, (list) =>
    list && { ...list, pages: list.pages.map((page) => ({ ...page, data: page.data.map(change) })) },
  );
  cache.setQueriesData<Item>({ queryKey: ['items', 'one', id] }, (item) => item && change(item));
  return () => {
    for (const [key, value] of was) cache.setQueryData(key, value);
  };
}

const send = (id: string, body: Omit<Move, 'item'>): Promise<Movement> =>
  ask(
    api.POST('/api/v1/items/{id}/movements', {
      params: { path: { id }, header: { 'Idempotency-Key': newKey() } },
      body,
    }),
  );

export function useMove(): (move: Move) => void {
  const cache = useQueryClient();
  const toast = useToast();
  const fresh = (): void => void cache.invalidateQueries({ queryKey: ['items'] });
  const undo = useMutation({
    mutationFn: ({ item, made }: { item: Item; made: Movement }) =>
      send(item.id, {
        kind: 'adjust',
        quantity: -made.on_hand_delta,
        reason: words.undoReason(words.done[made.kind]),
      }),
    onSuccess: () => toast.say(words.undone),
    onError: (error) => toast.fail(error),
    onSettled: fresh,
  });
  const move = useMutation({
    mutationFn: ({ item, ...body }: Move) => send(item.id, body),
    onMutate: async (wanted) => {
      await cache.cancelQueries({ queryKey: ['items'] });
      return show(cache, wanted.item.id, after(wanted));
    },
    onSuccess: (made, { item }) => {
      const back = made.on_hand_delta === 0 ? undefined : () => undo.mutate({ item, made });
      toast.say(words.moved(words.done[made.kind], item.name), back);
    },
    onError: (error, _wanted, back) => {
      back?.();
      toast.fail(error);
    },
    onSettled: fresh,
  });
  return move.mutate;
}
