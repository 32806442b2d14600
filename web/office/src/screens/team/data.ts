/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Members, their time off and what they ask for. Keys begin with `staff`, `time-off` and `services`. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { components } from '../../../../api';
import { api, ask, askTold } from '../../kit/api';
import type { Staff } from '../../kit/contract';

export type TimeOff = components['schemas']['TimeOff'];
export type Request = components['schemas']['TimeOffRequest'];
export type Span = components['schemas']['HoursSpan'];
export type Permission = Staff['permissions'][number];

export const PERMISSIONS: readonly Permission[] = ['bookings', 'inbox', 'clients', 'inventory', 'reports', 'clinical'];

const MOST = 200;

export const staffQuery = queryOptions({
  queryKey: ['staff', 'list'],
  queryFn: async ({ signal }) =>
    (await askTold(api.GET('/api/v1/staff', { params: { query: { limit: MOST } }, signal }))).data,
});

/** While an invitation is on its way, what becomes of it is a matter of seconds. */
const LOOK_MS = 2000;

export const memberQuery = (id: string) =>
  queryOptions({
    queryKey: ['staff', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/staff/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.invitation?.status === 'queued' ? LOOK_MS : false),
  });

export const servicesQuery = queryOptions({
  queryKey: ['services', 'names'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/services', { params: { query: { limit: MOST } }, signal }))).data,
});

/** What is not over yet, by its end. */
export const timeOffQuery = (id: string) =>
  queryOptions({
    queryKey: ['staff', 'time-off', id],
    queryFn: async ({ signal }) => {
      const query = { limit: MOST, from: new Date().toISOString().replace(/\.\d+/, '') };
      return (await ask(api.GET('/api/v1/staff/{id}/time-off', { params: { path: { id }, query }, signal }))).data;
    },
  });

export const requestsQuery = queryOptions({
  queryKey: ['staff', 'requests'],
  queryFn: ({ signal }) =>
    ask(api.GET('/api/v1/time-off-requests', { params: { query: { limit: MOST } }, signal })),
});

export const unstaffedQuery = queryOptions({
  queryKey: ['bookings', 'unstaffed'],
  queryFn: async ({ signal }) =>
    (await ask(api.GET('/api/v1/bookings', { params: { query: { unstaffed: true, limit: MOST } }, signal }))).data,
});

export type InvitationStatus = Exclude<NonNullable<Staff['invitation']>['status'], 'accepted'>;

/** Where the letter is, or null for somebody who has signed in or is gone. */
export function invitationStatus(member: Staff): InvitationStatus | null {
  const status = member.invitation?.status ?? (member.invited ? 'sent' : 'accepted');
  return !member.active || status === 'accepted' ? null : status;
}

/** Puts what the server answered where it is shown, and has the list read again. */
export function usePut() {
  const cache = useQueryClient();
  return (member: Staff): void => {
    cache.setQueryData(memberQuery(member.id).queryKey, member);
    void cache.invalidateQueries({ queryKey: staffQuery.queryKey });
    void cache.invalidateQueries({ queryKey: ['bookings'] });
  };
}
