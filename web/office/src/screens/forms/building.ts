/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The state of a form that is being built, and what saving makes of it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api, ask, ifMatch, newKey } from '../../kit/api';
import type { Form } from '../../kit/contract';
import { Refusal } from '../../kit/refusal';
import { useToast } from '../../kit/toast';
import { words } from '../../words/forms';
import { formQuery } from './data';
import { BLANK, type Draft, type DraftField, draftOf, fieldsOf, sound } from './draft';

/** Server paths: `name`, `external_url`, `fields.2.label`. */
type Faults = Record<string, string>;

export interface Building {
  draft: Draft;
  faults: Faults;
  error: unknown;
  isDirty: boolean;
  isSaving: boolean;
  edit: (change: Partial<Draft>) => void;
  /** New fields in a new order; conditions that no longer hold are dropped. */
  setFields: (fields: DraftField[]) => void;
  save: () => void;
  discard: () => void;
  remove: () => void;
}

function faultsOf(error: unknown): Faults {
  if (!(error instanceof Refusal)) return {};
  return Object.fromEntries(error.faults.map(({ path, message }) => [path.replace(/^\//, '').replaceAll('/', '.'), message]));
}

function bodyOf(draft: Draft) {
  const url = draft.external_url.trim();
  return { ...draft, name: draft.name.trim(), fields: fieldsOf(draft), external_url: url || null };
}

export function useBuilding(form: Form | null): Building {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [draft, setDraft] = useState<Draft>(() => (form ? draftOf(form) : BLANK));
  const [isDirty, setDirty] = useState(false);
  const isLeaving = useRef(false);
  const key = useRef(newKey());

  /* What somebody else has saved comes in while nothing is being changed here. */
  const [version, setVersion] = useState(form?.version);
  if (form && form.version !== version && !isDirty) {
    setVersion(form.version);
    setDraft(draftOf(form));
  }

  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty && !isLeaving.current && current.pathname !== next.pathname && !globalThis.confirm(words.leave),
    enableBeforeUnload: () => isDirty && !isLeaving.current,
  });

  const saving = useMutation({
    mutationFn: () => {
      const body = bodyOf(draft);
      if (!form) return ask(api.POST('/api/v1/forms', { params: { header: { 'Idempotency-Key': key.current } }, body }));
      const params = { path: { id: form.id }, header: { 'If-Match': ifMatch(version ?? form.version) } };
      return ask(api.PATCH('/api/v1/forms/{id}', { params, body }));
    },
    onSuccess: (saved) => {
      setDirty(false);
      setVersion(saved.version);
      setDraft(draftOf(saved));
      cache.setQueryData(formQuery(saved.id).queryKey, saved);
      void cache.invalidateQueries({ queryKey: ['forms'] });
      toast.say(form ? words.saved : words.created);
      if (form) return;
      isLeaving.current = true;
      void navigate({ to: '/app/forms/$id', params: { id: saved.id }, replace: true });
    },
    onError: async (error) => {
      key.current = newKey();
      if (!form || !(error instanceof Refusal) || error.status !== 412) return;
      const fresh = await cache.fetchQuery({ ...formQuery(form.id), staleTime: 0 });
      setVersion(fresh.version);
    },
  });
  const removing = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/v1/forms/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      isLeaving.current = true;
      await navigate({ to: '/app/forms' });
      void cache.invalidateQueries({ queryKey: ['forms'] });
      toast.say(words.removed);
    },
    onError: (error) => toast.fail(error),
  });

  const edit = (change: Partial<Draft>): void => {
    setDraft((last) => ({ ...last, ...change }));
    setDirty(true);
    if (saving.isError) saving.reset();
  };
  return {
    draft,
    faults: faultsOf(saving.error),
    error: saving.error,
    isDirty,
    isSaving: saving.isPending,
    edit,
    setFields: (next) => {
      const { fields, dropped } = sound(next);
      if (dropped) toast.say(words.conditionDropped);
      edit({ fields });
    },
    save: () => saving.mutate(),
    discard: () => {
      if (form) setDraft(draftOf(form));
      setDirty(false);
      saving.reset();
      document.getElementById('content')?.focus();
    },
    remove: () => form && removing.mutate(form.id),
  };
}
