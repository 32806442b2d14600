/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Clients who may be this one, merging them, and taking a merge back. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import type { Client } from '../../kit/contract';
import { Face } from '../../kit/face';
import { date } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/clients';
import type { Overview } from './data';

/** So long after a change the lists may still come and go, and the focus with them. */
const SETTLES_MS = 5000;

const mergesQuery = (id: string) =>
  queryOptions({
    queryKey: ['clients', 'merges', id],
    queryFn: async ({ signal }) => {
      const query = { client_id: id };
      const { data } = await ask(api.GET('/api/v1/client-merges', { params: { query }, signal }));
      return data.filter((each) => each.undone_at === null);
    },
  });

interface DuplicatesProps {
  client: Client;
  duplicates: Overview['duplicates'];
}

export function Duplicates({ client: { id }, duplicates }: DuplicatesProps) {
  const cache = useQueryClient();
  const toast = useToast();
  const panel = useRef<HTMLElement>(null);
  const { data: merges = [] } = useQuery(mergesQuery(id));
  const settlesUntil = useRef(0);
  const keepFocus = (): void => (panel.current ?? document.getElementById('content'))?.focus();
  useEffect(() => {
    if (performance.now() < settlesUntil.current && document.activeElement === document.body) keepFocus();
  });
  const settle = async (): Promise<void> => {
    settlesUntil.current = performance.now() + SETTLES_MS;
    await cache.invalidateQueries({ queryKey: ['clients'] });
    void cache.invalidateQueries({ queryKey: ['conversations'] });
    void cache.invalidateQueries({ queryKey: ['bookings'] });
    /* What was pressed is gone: the focus stays in its place. */
    keepFocus();
  };
  const undo = useMutation({
    mutationFn: (merge: string) =>
      ask(api.POST('/api/v1/client-merges/{id}/undo', { params: { path: { id: merge } } })),
    onSuccess: async () => {
      await settle();
      toast.say(words.mergeUndone);
    },
    onError: (error) => toast.fail(error),
  });
  const merge = useMutation({
    mutationFn: (other: { id: string; name: string }) =>
      ask(
        api.POST('/api/v1/clients/{id}/merge', { params: { path: { id } }, body: { other_id: other.id } }),
      ),
    onSuccess: async (made, other) => {
      await settle();
      toast.say(words.merged(other.name), () => undo.mutate(made.merge.id));
    },
    onError: (error) => toast.fail(error),
  });
  if (duplicates.length === 0 && merges.length === 0) return null;
  return (
    <section className="panel" ref={panel} tabIndex={-1} aria-label={words.duplicates}>
      {duplicates.length > 0 && (
        <>
          <h2>{words.duplicates}</h2>
          <ul className="stack">
            {duplicates.map((other) => (
              <li key={other.id} className="duplicate">
                <Face name={other.name} size={36} />
                <span>
                  <Link to="/app/clients/$id" params={{ id: other.id }}>
                    {other.name}
                  </Link>
                  <small>{[other.email, other.phone, words.duplicateWhy[other.why]].filter(Boolean).join(' · ')}</small>
                </span>
                <Act
                  size="xs"
                  variant="light"
                  aria-label={words.mergeInto(other.name)}
                  busy={merge.isPending && merge.variables.id === other.id}
                  onClick={() => merge.mutate(other)}
                >
                  {words.merge}
                </Act>
              </li>
            ))}
          </ul>
        </>
      )}
      {merges.length > 0 && (
        <>
          <h2>{words.merges}</h2>
          <ul className="stack">
            {merges.map((each) => (
              <li key={each.id} className="duplicate">
                <Face name={each.other.name} size={36} />
                <span>
                  {each.other.name}
                  <small>{words.mergedOn(date(each.at))}</small>
                </span>
                <Act
                  size="xs"
                  variant="default"
                  aria-label={words.undoMergeOf(each.other.name)}
                  busy={undo.isPending}
                  onClick={() => undo.mutate(each.id)}
                >
                  {words.undoMerge}
                </Act>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
