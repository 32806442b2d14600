/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The client whom the address names; nobody while it is read, or where it names nobody. */
import { useQuery } from '@tanstack/react-query';
import { api, ask } from '../../kit/api';
import { may } from '../../shell/session';
import type { Who } from './find_client';

export function useClientOf(id: string): Who {
  const { data } = useQuery({
    queryKey: ['clients', 'one', id],
    enabled: id !== '' && may('clients'),
    queryFn: ({ signal }) => ask(api.GET('/api/v1/clients/{id}', { params: { path: { id } }, signal })),
  });
  return data ? { kind: 'known', id: data.id, name: data.name } : null;
}
