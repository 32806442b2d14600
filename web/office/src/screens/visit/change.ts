/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A change of a visit: shown at once, put back with the reason where it is refused. */
import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, ifMatch } from '../../kit/api';
import type { Booking, BookingPatch } from '../../kit/contract';
import { useToast } from '../../kit/toast';
import { visitQuery } from './data';
import { readAgain, useTell } from './tell';

type Page = { data: Booking[]; next_cursor: string | null };

/** Wherever the visit stands in a list that was read. */
function redraw(cache: QueryClient, id: string, next: (booking: Booking) => Booking): void {
  cache.setQueriesData<InfiniteData<Page>>({ queryKey: ['bookings', 'list'] }, (old) =>
    old && {
      ...old,
      pages: old.pages.map((page) => ({
        ...page,
        data: page.data.map((one) => (one.id === id ? next(one) : one)),
      })),
    },
  );
  cache.setQueryData<Booking>(visitQuery(id).queryKey, (one) => one && next(one));
}

export interface Step {
  /** What is said once it is done. */
  said: string;
  /** How the visit looks from now on, until the answer says it itself. */
  now?: Partial<Booking>;
  /** The failure stands beside what was to be done, and not at the foot of the page. */
  isShown?: boolean;
  run: (booking: Booking) => Promise<Booking>;
}

const to = ({ id, version }: Booking) => ({ path: { id }, header: { 'If-Match': ifMatch(version) } });

export const patch = (body: BookingPatch) => (booking: Booking) =>
  ask(api.PATCH('/api/v1/bookings/{id}', { params: to(booking), body }));

export const steps = {
  confirm: (b: Booking) => ask(api.POST('/api/v1/bookings/{id}/confirm', { params: to(b), body: {} })),
  start: (b: Booking) => ask(api.POST('/api/v1/bookings/{id}/start', { params: to(b), body: {} })),
  cancel: (b: Booking) => ask(api.POST('/api/v1/bookings/{id}/cancel', { params: to(b), body: {} })),
  restore: (b: Booking) => ask(api.POST('/api/v1/bookings/{id}/restore', { params: to(b), body: {} })),
  noShow: (b: Booking) => ask(api.POST('/api/v1/bookings/{id}/no-show', { params: to(b), body: {} })),
};

export interface Used {
  item_id: string;
  quantity: number;
}

export const complete =
  (materials: Used[] | null, result: 'passed' | 'failed' | null) => (booking: Booking) =>
    ask(
      api.POST('/api/v1/bookings/{id}/complete', {
        params: to(booking),
        body: { ...(materials ? { materials } : {}), ...(result ? { test_result: result } : {}) },
      }),
    );

export function useChange(booking: Booking) {
  const cache = useQueryClient();
  const toast = useToast();
  const tell = useTell();
  return useMutation({
    mutationFn: (step: Step) => step.run(booking),
    onMutate: async ({ now }) => {
      await cache.cancelQueries({ queryKey: visitQuery(booking.id).queryKey });
      if (now) redraw(cache, booking.id, (one) => ({ ...one, ...now }));
    },
    onError: (error, { isShown }) => {
      redraw(cache, booking.id, () => booking);
      if (!isShown) toast.fail(error);
      readAgain(cache);
    },
    onSuccess: (changed, { said }) => {
      redraw(cache, booking.id, () => changed);
      void tell(changed, said);
      readAgain(cache);
    },
  });
}

export type Change = ReturnType<typeof useChange>;
