/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** That somebody is answering, told to the others who have the conversation open, and by them. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../kit/api';
import type { Conversation } from '../../kit/contract';
import { hear } from '../../shell/live';
import { session } from '../../shell/session';

/** The server forgets it after 15 s. */
const ENDS_MS = 15_000;
const REPEAT_MS = 8_000;

export interface Telling {
  typing: () => void;
  stop: () => void;
}

/** Tells while one types, and takes it back when one stops. Whether it arrives matters little. */
export function useTelling(id: string): Telling {
  const toldAt = useRef(0);
  const timer = useRef(0);
  const send = useCallback(
    (answering: boolean) => {
      const call = api.POST('/api/v1/conversations/{id}/answering', {
        params: { path: { id } },
        body: { answering },
        keepalive: true,
      });
      call.catch(() => undefined);
    },
    [id],
  );
  const stop = useCallback(() => {
    clearTimeout(timer.current);
    if (toldAt.current === 0) return;
    toldAt.current = 0;
    send(false);
  }, [send]);
  const typing = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(stop, ENDS_MS);
    if (Date.now() - toldAt.current < REPEAT_MS) return;
    toldAt.current = Date.now();
    send(true);
  }, [send, stop]);
  useEffect(() => {
    addEventListener('pagehide', stop);
    return () => {
      removeEventListener('pagehide', stop);
      stop();
    };
  }, [stop]);
  return { typing, stop };
}

type Person = NonNullable<Conversation['answering']>[number];

const NOBODY: Person[] = [];

/** The names of the others who are answering now. */
export function useAnswering({ id, answering = NOBODY }: Conversation): string[] {
  const [told, setTold] = useState({ by: answering, people: answering });
  /* What was read since is newer than what was told before it. */
  const people = told.by === answering ? told.people : answering;
  useEffect(
    () =>
      hear('conversation.answering', (data) => {
        if (data['id'] !== id) return;
        const now = Array.isArray(data['answering']) ? (data['answering'] as Person[]) : [];
        setTold({ by: answering, people: now });
      }),
    [id, answering],
  );
  useEffect(() => {
    if (people.length === 0) return;
    const timer = setTimeout(() => setTold({ by: answering, people: [] }), ENDS_MS);
    return () => clearTimeout(timer);
  }, [people, answering]);
  return people.filter((one) => one.staff_id !== session.staff_id).map((one) => one.name);
}
