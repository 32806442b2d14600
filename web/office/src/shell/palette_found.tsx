/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the palette shows for what is typed: actions at once, clients as they are found. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { api, ask } from '../kit/api';
import { Face } from '../kit/face';
import { PARTS } from '../screens/settings/parts';
import { words as places } from '../words/shell';
import { type Action, actions } from './actions';
import { fits } from './find';
import type { Hands } from './hands';
import { isOwner, may } from './session';

export interface Found {
  id: string;
  label: string;
  note?: string;
  icon?: ReactNode;
  keys?: string;
  run: (hands: Hands) => void;
}

export interface FoundGroup {
  name: 'go' | 'create' | 'clients' | 'do';
  found: Found[];
}

const PAUSE_MS = 150;
const CLIENTS = 6;

/** What is typed, once it stands still. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed.trim()), typed.trim() ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}

/** A search that is no longer wanted is cancelled with its request. */
function useClients(typed: string) {
  const q = useSettled(typed);
  return useQuery({
    queryKey: ['clients', 'palette', q],
    enabled: q !== '' && may('clients'),
    retry: false,
    queryFn: async ({ signal }) => {
      const { data } = await ask(api.GET('/api/v1/clients', { params: { query: { q, limit: CLIENTS } }, signal }));
      return data;
    },
  });
}

const ICON_PX = 18;

function shown({ id, label, icon: Icon, keys, run }: Action): Found {
  return {
    id: id.replaceAll(/[^a-z0-9]+/g, '-'),
    label,
    ...(Icon ? { icon: <Icon size={ICON_PX} strokeWidth={1.9} aria-hidden="true" /> } : {}),
    ...(keys ? { keys } : {}),
    run,
  };
}

/** The parts of the settings are found by their names; before one types they would only fill the list. */
const settings: Action[] = (isOwner ? PARTS : []).map(({ name, title, icon }) => ({
  id: `settings ${name}`,
  group: 'go',
  label: `${places.settings}: ${title}`,
  icon,
  run: (hands) => hands.go(`/app/settings/${name}`),
}));

export function useFound(typed: string): { groups: FoundGroup[]; state: 'searching' | 'failed' | 'found' } {
  const clients = useClients(typed);
  const of = (name: Action['group']): Found[] =>
    (typed.trim() ? [...actions, ...settings] : actions)
      .filter((each) => each.group === name && !each.isKeyOnly && fits(each.label, typed))
      .map(shown);
  const people: Found[] = typed.trim() === '' ? [] : (clients.data ?? []).map((client) => ({
    id: `client-${client.id}`,
    label: client.name,
    note: client.email || client.phone || '',
    icon: <Face name={client.name} size={26} />,
    run: (hands) => hands.go(`/app/clients/${client.id}`),
  }));
  const groups: FoundGroup[] = [
    { name: 'create', found: of('create') },
    { name: 'go', found: of('go') },
    { name: 'clients', found: people },
    { name: 'do', found: of('do') },
  ];
  const state = clients.isFetching ? 'searching' : clients.isError && typed.trim() ? 'failed' : 'found';
  return { groups: groups.filter((group) => group.found.length > 0), state };
}
