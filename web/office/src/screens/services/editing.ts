/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The state of a service that is being changed, what saving makes of it, and what others save meanwhile. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api, ask, ifMatch } from '../../kit/api';
import { Refusal } from '../../kit/refusal';
import { useToast } from '../../kit/toast';
import { words } from '../../words/service';
import { type Service, serviceQuery } from './data';
import { type Draft, type Faults, type Patch, check, differing, draftOf, localPath, patchOf } from './draft';

export interface Editing {
  draft: Draft;
  faults: Faults;
  error: unknown;
  isDirty: boolean;
  isSaving: boolean;
  /** What somebody else has saved while this was being changed. */
  theirs: { base: Draft; service: Service } | null;
  edit: (change: Partial<Draft>) => void;
  save: () => void;
  discard: () => void;
  takeTheirs: () => void;
}

function faultsOf(error: unknown, sent: Patch): Faults {
  if (!(error instanceof Refusal)) return {};
  return Object.fromEntries(
    error.faults.map(({ path, message }) => [localPath(path.replace(/^\//, '').replaceAll('/', '.'), sent), message]),
  );
}

/** What was pressed is gone once there is nothing to save. */
function focusHeading(): void {
  document.querySelector<HTMLElement>('.service-edit h1')?.focus({ preventScroll: true });
}

/** Where the focus goes once the first field with a fault is drawn as one. */
function useFaultFocus(): { current: boolean } {
  const isSought = useRef(false);
  useEffect(() => {
    if (!isSought.current) return;
    const field = document.querySelector<HTMLElement>('.service-edit [aria-invalid="true"], .service-edit [data-fault]');
    if (!field) return;
    isSought.current = false;
    field.focus();
  });
  return isSought;
}

export function useEditing(service: Service): Editing {
  const cache = useQueryClient();
  const toast = useToast();
  const [base, setBase] = useState(service);
  const [draft, setDraft] = useState<Draft>(() => draftOf(service));
  const [wrong, setWrong] = useState<Faults>({});
  const [theirs, setTheirs] = useState<Editing['theirs']>(null);
  const before = draftOf(base);
  const isDirty = differing(before, draft).length > 0;

  /* What somebody else has saved comes in by itself while nothing is being changed here. */
  if (service.version !== base.version && !isDirty && service.version > base.version) {
    setBase(service);
    setDraft(draftOf(service));
  }

  const faultFocus = useFaultFocus();
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty && current.pathname !== next.pathname && !globalThis.confirm(words.leave),
    enableBeforeUnload: () => isDirty,
  });

  const settle = (saved: Service): void => {
    setBase(saved);
    setDraft(draftOf(saved));
    setTheirs(null);
  };
  const saving = useMutation({
    mutationFn: (body: Patch) => {
      const params = { path: { id: base.id }, header: { 'If-Match': ifMatch(base.version) } };
      return ask(api.PATCH('/api/v1/services/{id}', { params, body }));
    },
    onSuccess: (saved) => {
      focusHeading();
      settle(saved);
      cache.setQueryData(serviceQuery(saved.id).queryKey, saved);
      void cache.invalidateQueries({ queryKey: ['services'] });
      toast.say(words.saved);
    },
    onError: async (error) => {
      if (!(error instanceof Refusal) || error.status !== 412) {
        faultFocus.current = true;
        return;
      }
      const fresh = await cache.fetchQuery({ ...serviceQuery(base.id), staleTime: 0 });
      setTheirs({ base: before, service: fresh });
      /* Only what was changed here is sent, so what they changed elsewhere stays. */
      setBase(fresh);
      setDraft(merged(before, draft, draftOf(fresh)));
    },
  });
  return {
    draft,
    faults: { ...faultsOf(saving.error, saving.variables ?? {}), ...wrong },
    error: saving.error,
    isDirty,
    isSaving: saving.isPending,
    theirs,
    edit: (change) => {
      faultFocus.current = false;
      setDraft((last) => ({ ...last, ...change }));
      setWrong({});
      if (saving.isError) saving.reset();
    },
    save: () => {
      const found = check(draft, words);
      setWrong(found);
      if (Object.keys(found).length > 0) faultFocus.current = true;
      else saving.mutate(patchOf(before, draft));
    },
    discard: () => {
      setDraft(before);
      setWrong({});
      setTheirs(null);
      saving.reset();
      focusHeading();
    },
    takeTheirs: () => {
      if (theirs) settle(theirs.service);
      saving.reset();
      focusHeading();
    },
  };
}

/** Theirs, with what was changed here on top of it. */
function merged(before: Draft, mine: Draft, theirs: Draft): Draft {
  const changed = Object.entries(mine).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof Draft]),
  );
  return { ...theirs, ...Object.fromEntries(changed) };
}
