/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The business as its settings read it. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components } from '../../../../api';
import { api, ask, askTold } from '../../kit/api';

export type MailSettings = components['schemas']['MailSettings'];
export type MailTest = components['schemas']['MailTest'];
export type Token = components['schemas']['Token'];
export type TokenMade = components['schemas']['TokenMade'];
export type AuditEvent = components['schemas']['AuditEvent'];

export const workspaceQuery = queryOptions({
  queryKey: ['workspace', 'settings'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/workspace', { signal })),
});

export const mailQuery = queryOptions({
  queryKey: ['workspace', 'mail'],
  queryFn: ({ signal }) => askTold(api.GET('/api/v1/workspace/mail', { signal })),
});

export const menuQuery = queryOptions({
  queryKey: ['services', 'of-preview'],
  queryFn: async ({ signal }) => {
    const { data } = await ask(api.GET('/api/v1/services', { params: { query: { limit: 2 } }, signal }));
    return data;
  },
});

const LONGEST = 200;

export const tokensQuery = queryOptions({
  queryKey: ['tokens', 'list'],
  queryFn: async ({ signal }) => {
    const { data } = await ask(api.GET('/api/v1/tokens', { params: { query: { limit: LONGEST } }, signal }));
    return data;
  },
});

export const erasuresQuery = queryOptions({
  queryKey: ['clients', 'erasures'],
  queryFn: async ({ signal }) => {
    const { data } = await ask(api.GET('/api/v1/clients/erasures', { params: { query: { limit: 50 } }, signal }));
    return data;
  },
});

/** Whose doings may be sought: everybody who is or was of the team. */
export const peopleQuery = queryOptions({
  queryKey: ['staff', 'of-audit'],
  queryFn: async ({ signal }) => {
    const { data } = await ask(api.GET('/api/v1/staff', { params: { query: { limit: LONGEST } }, signal }));
    return data;
  },
});

export interface AuditFilters {
  entity?: string;
  actor?: string;
  from?: string;
  to?: string;
}

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...filters, ...(pageParam ? { cursor: pageParam } : {}) };
      return ask(api.GET('/api/v1/audit', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });
