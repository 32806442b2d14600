/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Who is writing an answer in which conversation. It is told by the event itself and ends by itself,
 * so that nobody's closed laptop answers for ever.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { Answering } from '../kit/contract';
import { ask } from './ask';
import { Store, useStore } from './store';

export const ANSWERING_EVENT = 'conversation.answering';
/** The server forgets who has not said it again for this long. */
const GOOD_MS = 15_000;
const AGAIN_MS = 6_000;

interface Told {
  who: Answering[];
  untilMs: number;
}

const told = new Store<ReadonlyMap<string, Told>>(new Map());

/** Takes in what an event says; anything else than that is nothing. */
export function hearAnswering(data: string): void {
  try {
    const said = JSON.parse(data) as { id?: string; answering?: Answering[] };
    if (typeof said.id === 'string' && Array.isArray(said.answering)) note(said.id, said.answering);
  } catch {
    /* No event of ours. */
  }
}

function note(id: string, who: Answering[]): void {
  const next = new Map(told.value);
  const untilMs = Date.now() + GOOD_MS;
  if (who.length > 0) next.set(id, { who, untilMs });
  else next.delete(id);
  told.set(next);
  if (who.length > 0) setTimeout(forgetOld, GOOD_MS + 50);
}

function forgetOld(): void {
  const now = Date.now();
  const fresh = [...told.value].filter(([, { untilMs }]) => untilMs > now);
  if (fresh.length < told.value.size) told.set(new Map(fresh));
}

/** The others who are answering; `first` is what the conversation came with. */
export function useAnswering(id: string, ownId: string, first: Answering[]): string[] {
  const all = useStore(told);
  const isTold = useRef(false);
  isTold.current ||= all.has(id);
  const who = isTold.current ? (all.get(id)?.who ?? []) : first;
  return who.filter((each) => each.staff_id !== ownId).map((each) => each.name);
}

/** Says that this member is answering while they type, and when they have stopped. */
export function useSaying(path: string): { typing: (hasWords: boolean) => void } {
  const saidMs = useRef(0);
  const say = (answering: boolean): void => {
    saidMs.current = answering ? Date.now() : 0;
    void ask('POST', `${path}/answering`, { body: { answering } });
  };
  useEffect(
    () => () => {
      if (saidMs.current) say(false);
    },
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [path],
  );
  return {
    typing: (hasWords) => {
      if (!hasWords && saidMs.current) say(false);
      else if (hasWords && Date.now() - saidMs.current > AGAIN_MS) say(true);
    },
  };
}
