/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The lists of a client's page: the newest of each. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';

const MOST = 100;

export const visitsQuery = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'client', id],
    queryFn: async ({ signal }) => {
      const query = { client_id: id, limit: MOST };
      const { data } = await ask(api.GET('/api/v1/bookings', { params: { query }, signal }));
      return data.toSorted((a, b) => b.start.localeCompare(a.start));
    },
  });

export const lettersQuery = (id: string) =>
  queryOptions({
    queryKey: ['clients', 'letters', id],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/clients/{id}/messages', { params: { path: { id } }, signal }))).data,
  });

export const formsQuery = (id: string) =>
  queryOptions({
    queryKey: ['submissions', 'client', id],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/clients/{id}/forms', { params: { path: { id } }, signal }))).data,
  });

export const ratingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['ratings', 'client', id],
    queryFn: async ({ signal }) => {
      const query = { client_id: id, limit: MOST };
      return (await ask(api.GET('/api/v1/ratings', { params: { query }, signal }))).data;
    },
  });
