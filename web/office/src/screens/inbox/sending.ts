/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What is being written, and sending it. The text is kept in this browser until it is sent; one text
 * is sent once, however often it is tried; what came in the meantime stops it.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, ask, newKey } from '../../kit/api';
import type { Message } from '../../kit/contract';
import { keep, kept } from '../../kit/kept';
import { Refusal } from '../../kit/refusal';

export type Kind = 'reply' | 'note';

interface Draft {
  kind: Kind;
  text: string;
}

function recall(id: string): Draft {
  const [first = '', ...rest] = kept(`draft:${id}`).split('\n');
  return { kind: first === 'note' ? 'note' : 'reply', text: rest.join('\n') };
}

function store(id: string, { kind, text }: Draft): void {
  keep(`draft:${id}`, text.trim() ? `${kind}\n${text}` : '');
}

export interface Writing extends Draft {
  wasKept: boolean;
  edit: (change: Partial<Draft>) => void;
  send: () => void;
  isSending: boolean;
  error: unknown;
  /** Who wrote in the meantime, where that stopped the answer. */
  meanwhile: string[] | null;
}

export function useWriting(id: string, newest: string | undefined, sent: () => void): Writing {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => recall(id));
  const [wasKept] = useState(draft.text !== '');
  const key = useRef(newKey());
  const seen = useRef<string | undefined>(undefined);
  const sending = useMutation({
    mutationFn: async ({ kind, text }: Draft): Promise<Message> => {
      const body = {
        body: text.trim(),
        internal_note: kind === 'note',
        ...(seen.current && kind === 'reply' ? { seen_id: seen.current } : {}),
      };
      const header = { 'Idempotency-Key': key.current };
      return ask(
        api.POST('/api/v1/conversations/{id}/messages', { params: { path: { id }, header }, body }),
      );
    },
    onSuccess: () => {
      key.current = newKey();
      seen.current = undefined;
      setDraft((last) => ({ ...last, text: '' }));
      store(id, { kind: 'reply', text: '' });
      sent();
    },
    onError: (error) => {
      if (!(error instanceof Refusal) || error.mayPass) return;
      key.current = newKey();
      /* What came is read now, and then counts as seen. */
      seen.current = undefined;
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['conversations'] }),
  });

  const edit = (change: Partial<Draft>): void => {
    const next = { ...draft, ...change };
    /* What stood there when one began is what the answer was written on. */
    if (!draft.text && next.text) seen.current = newest;
    if (next.text !== draft.text) key.current = newKey();
    setDraft(next);
    store(id, next);
  };
  const send = (): void => {
    if (sending.isPending) return;
    seen.current ??= newest;
    sending.mutate(draft);
  };
  const { error } = sending;
  const isMeanwhile = error instanceof Refusal && error.code === 'answered_meanwhile';
  return {
    ...draft,
    wasKept,
    edit,
    send,
    isSending: sending.isPending,
    error: isMeanwhile ? null : error,
    meanwhile: isMeanwhile ? authorsOf(error) : null,
  };
}

/** The problem names the newer messages; only who wrote them matters here. */
function authorsOf({ more }: Refusal): string[] {
  const { newer } = more;
  if (!Array.isArray(newer)) return [];
  const names = newer.map((each: unknown) =>
    each && typeof each === 'object' && 'author' in each ? String(each.author) : '',
  );
  return [...new Set(names.filter(Boolean))];
}
