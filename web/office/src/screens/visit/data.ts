/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A visit as it is read. The keys of what belongs to it begin with `bookings`, as its events do. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask, askTold } from '../../kit/api';
import { isOwner, session } from '../../shell/session';

const MANY = 200;
const path = (id: string) => ({ path: { id } });

export const visitQuery = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/bookings/{id}', { params: path(id), signal })),
  });

export const gatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'gates', id],
    queryFn: async ({ signal }) =>
      (await askTold(api.GET('/api/v1/bookings/{id}/gates', { params: path(id), signal }))).data,
  });

export const formsQuery = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'forms', id],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/bookings/{id}/forms', { params: path(id), signal }))).data,
  });

export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'messages', id],
    queryFn: async ({ signal }) =>
      (await askTold(api.GET('/api/v1/bookings/{id}/messages', { params: path(id), signal }))).data,
  });

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'history', id],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/bookings/{id}/history', { params: path(id), signal }))).data,
  });

export const ratingQuery = (clientId: string, bookingId: string) =>
  queryOptions({
    queryKey: ['ratings', 'booking', bookingId],
    queryFn: async ({ signal }) => {
      const query = { client_id: clientId, limit: MANY };
      const { data } = await ask(api.GET('/api/v1/ratings', { params: { query }, signal }));
      return data.find((rating) => rating.booking_id === bookingId) ?? null;
    },
  });

export interface Person {
  id: string;
  name: string;
}

/** Who can be booked. A member reads it where every visitor does, since the list of the team is the owner's. */
export const peopleQuery = queryOptions({
  queryKey: ['staff', 'bookable'],
  queryFn: async ({ signal }): Promise<Person[]> => {
    if (!isOwner) {
      const { slug } = session.workspace;
      const shown = await ask(api.GET('/api/v1/public/{slug}', { params: { path: { slug } }, signal }));
      return shown.staff.map(({ id, name }) => ({ id, name }));
    }
    const { data } = await ask(api.GET('/api/v1/staff', { params: { query: { limit: MANY } }, signal }));
    return data.filter((one) => one.active && one.bookable).map(({ id, name }) => ({ id, name }));
  },
});

export const menuQuery = queryOptions({
  queryKey: ['services', 'menu'],
  queryFn: async ({ signal }) => {
    const { data } = await ask(api.GET('/api/v1/services', { params: { query: { limit: MANY } }, signal }));
    return data.filter((service) => service.active);
  },
});

export const roomsQuery = queryOptions({
  queryKey: ['resources', 'names'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/resources', { params: { query: { limit: MANY } }, signal }))).data,
});

export interface SlotAsk {
  services: string[];
  day: string;
  staff?: string;
  client?: string;
  booking?: string;
}

/** Every start of one day, those that are free and the others with their reason. */
export const dayQuery = ({ services, day, staff, client, booking }: SlotAsk) =>
  queryOptions({
    queryKey: ['bookings', 'slots', day, services.join(), staff ?? '', client ?? '', booking ?? ''],
    enabled: services.length > 0 && /^\d{4}-\d\d-\d\d$/.test(day),
    staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const query = {
        service_ids: services,
        from: day,
        to: day,
        explain: true,
        ...(staff ? { staff_id: staff } : {}),
        ...(client ? { client_id: client } : {}),
        ...(booking ? { booking_id: booking } : {}),
      };
      const { days } = await askTold(
        api.GET('/api/v1/availability', {
          params: { query },
          querySerializer: { array: { style: 'form', explode: false } },
          signal,
        }),
      );
      return days[0] ?? { date: day, slots: [] };
    },
  });
