/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * After a change of a visit: what was done, whom it will be told in ten seconds, and the two ways out:
 * not to tell, and to take it back, which Ctrl+Z does from the moment of the change.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, ask } from '../../kit/api';
import type { Booking } from '../../kit/contract';
import { type Toast, justChanged, useToast } from '../../kit/toast';
import { words } from '../../words/visit';
import { messagesQuery, visitQuery } from './data';

/** All that a changed visit may stand in. */
const ROOTS = ['bookings', 'clients', 'calendar', 'dashboard', 'health', 'items', 'submissions', 'conversations'];

export function readAgain(cache: QueryClient): void {
  for (const root of ROOTS) void cache.invalidateQueries({ queryKey: [root] });
}

const TELLS = new Set(['booking_confirmation', 'booking_rescheduled', 'booking_cancelled']);

/** Whether a letter to the client waits for its ten seconds. */
async function isWaiting(cache: QueryClient, id: string): Promise<boolean> {
  const letters = await cache.fetchQuery({ ...messagesQuery(id), staleTime: 0 });
  const now = Date.now();
  return letters.some(
    ({ kind, state, due_at: due }) => TELLS.has(kind) && state === 'queued' && due !== null && Date.parse(due) > now,
  );
}

export async function takeBack(cache: QueryClient, toast: Toast, id: string, version: number): Promise<void> {
  try {
    const back = await ask(
      api.POST('/api/v1/bookings/{id}/undo', { params: { path: { id } }, body: { version } }),
    );
    cache.setQueryData(visitQuery(id).queryKey, back);
    toast.say(words.undone);
  } catch (error) {
    toast.fail(error);
  }
  readAgain(cache);
}

async function hush(cache: QueryClient, toast: Toast, { id, version }: Booking): Promise<void> {
  try {
    await ask(api.POST('/api/v1/bookings/{id}/hush', { params: { path: { id } }, body: { version } }));
    toast.say(words.hushed);
  } catch (error) {
    toast.fail(error);
  }
  readAgain(cache);
}

/** `said`: what was done, "Visit moved". `changed`: the visit as the change has made it. */
export function useTell(): (changed: Booking, said: string) => Promise<void> {
  const cache = useQueryClient();
  const toast = useToast();
  return useCallback(
    async (changed, said) => {
      const undo = (): void => void takeBack(cache, toast, changed.id, changed.version);
      justChanged(undo);
      const waits = await isWaiting(cache, changed.id).catch(() => false);
      const { name } = changed.client;
      if (!waits) toast.say(said, undo);
      else
        toast.say(words.toldSoon(said, name), undo, {
          label: words.doNotTell,
          run: () => void hush(cache, toast, changed),
        });
    },
    [cache, toast],
  );
}
