/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The days of the calendar as they are read. All keys begin with `calendar`. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';

export const daysQuery = (from: string, to: string, cancelled = false) =>
  queryOptions({
    queryKey: ['calendar', 'days', from, to, cancelled],
    queryFn: ({ signal }) => {
      const query = { from, to, ...(cancelled ? { cancelled } : {}) };
      return ask(api.GET('/api/v1/calendar', { params: { query }, signal }));
    },
  });

/** Of a visit that is to be moved and is not on the days that are shown. */
export const visitQuery = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/bookings/{id}', { params: { path: { id } }, signal })),
  });

export const checkPlace = (booking: string, start: string, staffId: string) =>
  ask(
    api.GET('/api/v1/calendar/check', {
      params: { query: { booking_id: booking, start, staff_id: staffId } },
    }),
  );
