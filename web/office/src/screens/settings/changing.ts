/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Changes to the business that wait to be saved: over what the server has, so that a colleague's change
 * elsewhere shows at once, and with the version that the first of them was made on, so that none goes
 * over a colleague's unseen.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { paths } from '../../../../api';
import { api, ask, ifMatch } from '../../kit/api';
import type { Workspace } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { useToast } from '../../kit/toast';
import { words } from '../../words/settings';
import { workspaceQuery } from './data';

export type Patch = NonNullable<
  paths['/api/v1/workspace']['patch']['requestBody']
>['content']['application/json'];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export interface Changing<T extends object> {
  value: T;
  faults: Record<string, string>;
  error: unknown;
  /** What stands beside no field. */
  failure: string | null;
  isDirty: boolean;
  isSaving: boolean;
  edit: (change: Partial<T>) => void;
  save: () => void;
  discard: () => void;
}

interface How<T extends object> {
  base: T;
  version: number;
  send: (changes: Partial<T>, version: number, whole: T) => Promise<unknown>;
  /** Reads it again after somebody else's change; the version that it has then. */
  reread: () => Promise<number>;
  after?: () => void;
}

export function useChanging<T extends object>({ base, version, send, reread, after }: How<T>): Changing<T> {
  const [changes, setChanges] = useState<Partial<T>>({});
  const pinned = useRef<number | null>(null);
  const toast = useToast();
  const value = { ...base, ...changes };
  const real = Object.fromEntries(
    Object.entries(changes).filter(([name, each]) => !same(each, base[name as keyof T])),
  ) as Partial<T>;
  const isDirty = Object.keys(real).length > 0;
  const saving = useMutation({
    mutationFn: () => send(real, pinned.current ?? version, value),
    onSuccess: async () => {
      await reread();
      pinned.current = null;
      setChanges({});
      toast.say(words.saved);
      after?.();
    },
    onError: async (error) => {
      if (error instanceof Refusal && error.status === 412) pinned.current = await reread();
    },
  });
  const faults = faultsByField(saving.error);
  return {
    value,
    faults,
    error: saving.error,
    failure: saving.error && Object.keys(faults).length === 0 ? problemText(saving.error) : null,
    isDirty,
    isSaving: saving.isPending,
    edit: (change) => {
      pinned.current ??= version;
      setChanges((last) => ({ ...last, ...change }));
    },
    save: () => {
      if (isDirty && !saving.isPending) saving.mutate();
    },
    discard: () => {
      pinned.current = null;
      saving.reset();
      setChanges({});
    },
  };
}

/** The same for some of the business's own fields. */
export function useBusiness<K extends keyof Workspace & keyof Patch>(workspace: Workspace, ...names: K[]) {
  const cache = useQueryClient();
  const base = Object.fromEntries(names.map((name) => [name, workspace[name]])) as Pick<Workspace, K>;
  return useChanging<Pick<Workspace, K>>({
    base,
    version: workspace.version,
    send: (changes, version) =>
      ask(
        api.PATCH('/api/v1/workspace', {
          params: { header: { 'If-Match': ifMatch(version) } },
          body: changes as Patch,
        }),
      ),
    reread: async () => (await cache.fetchQuery({ ...workspaceQuery, staleTime: 0 })).version,
  });
}
