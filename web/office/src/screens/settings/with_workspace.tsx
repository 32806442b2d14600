/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A part that is about the business itself waits for it. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Workspace } from '../../kit/contract';
import { Failed, Waiting } from '../../kit/states';
import { workspaceQuery } from './data';

export function WithWorkspace({ children }: { children: (workspace: Workspace) => ReactNode }) {
  const { data, error, isPending, refetch } = useQuery(workspaceQuery);
  if (isPending) return <Waiting rows={3} height={88} />;
  if (!data) return <Failed error={error} retry={() => void refetch()} />;
  return children(data);
}
