/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who can look after a conversation. Only the owner reads the whole team; others know themselves. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import type { Named } from '../../kit/contract';
import { isOwner, session } from '../../shell/session';

const MOST = 200;
const me: Named[] = session.staff_id ? [{ id: session.staff_id, name: session.user.name }] : [];

export const staffQuery = queryOptions({
  queryKey: ['staff', 'active'],
  queryFn: async ({ signal }): Promise<Named[]> => {
    if (!isOwner) return me;
    const { data } = await ask(api.GET('/api/v1/staff', { params: { query: { limit: MOST } }, signal }));
    return data.filter((one) => one.active).map(({ id, name }) => ({ id, name }));
  },
});
