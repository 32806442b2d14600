/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Calls to the API that tell the page whether there is a network, and reading that stays current:
 * by live events, by coming back to the page, by the network's return, and otherwise each minute.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, type CallOptions, call } from '../kit/api';
import type { Problem } from '../kit/contract';
import { Store } from './store';

export type Topic = 'visits' | 'time' | 'messages';

/* Nobody's browser, in tests, is taken to be online. */
export const online = new Store(typeof navigator === 'undefined' || navigator.onLine);
/** Rises when something of a topic has changed somewhere. */
export const pulse: Record<Topic, Store<number>> = {
  visits: new Store(0),
  time: new Store(0),
  messages: new Store(0),
};

const TOPICS: readonly Topic[] = ['visits', 'time', 'messages'];

export function stir(topic: Topic | null): void {
  for (const each of topic ? [topic] : TOPICS) pulse[each].set(pulse[each].value + 1);
}

/** Leads to the sign-in; what waits to be sent stays on the phone for whoever it belongs to. */
let onOut: () => void = () => undefined;
export const whenSignedOut = (then: () => void): void => {
  onOut = then;
};

const OUT_CODES = new Set(['password_change_required', 'two_factor_setup_required']);

const isOut = (problem: Problem): boolean => problem.status === 401 || OUT_CODES.has(problem.code);

const UNREACHABLE = { kind: 'unreachable' } as const;

/** A proxy that answers for a server that is away: none of our own answers lacks a code. */
const isProxys = (answer: Answer<unknown>): boolean =>
  answer.kind === 'problem' && answer.problem.status > 501 && answer.problem.code === '';

export async function ask<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  const said = await call<T>(method, path, options);
  const answer = isProxys(said) ? UNREACHABLE : said;
  if (options.signal?.aborted) return answer;
  online.set(answer.kind !== 'unreachable');
  if (answer.kind === 'problem' && isOut(answer.problem)) onOut();
  return answer;
}

export interface Read<T> {
  value: T | null;
  problem: Problem | null;
  /** Nothing could be read so far, or not lately. */
  unreachable: boolean;
  loading: boolean;
  reload: () => void;
}

interface State<T> {
  path: string | null;
  value: T | null;
  problem: Problem | null;
  unreachable: boolean;
}

const FRESH_MS = 10_000;
const POLL_MS = 60_000;
/** Several events of one change are one reading. */
const SETTLE_MS = 150;

/** `path` null reads nothing; `first` is what the page came with. A new path drops the old value; anything else keeps it on show. */
export function useRead<T>(path: string | null, topic: Topic, first: T | null = null): Read<T> {
  const empty = { path, value: null, problem: null, unreachable: false };
  const [state, setState] = useState<State<T>>({ ...empty, value: first });
  const [turn, setTurn] = useState(0);
  const readAt = useRef(first ? Date.now() : 0);
  const isGiven = useRef(first !== null);

  useEffect(() => {
    if (path === null) return;
    if (isGiven.current) {
      isGiven.current = false;
      return;
    }
    const abort = new AbortController();
    void ask<T>('GET', path, { signal: abort.signal }).then((answer) => {
      if (abort.signal.aborted) return;
      readAt.current = Date.now();
      setState((last) => ({
        path,
        value: answer.kind === 'ok' ? answer.value : last.path === path ? last.value : null,
        problem: answer.kind === 'problem' ? answer.problem : null,
        unreachable: answer.kind === 'unreachable',
      }));
    });
    return () => abort.abort();
  }, [path, turn]);

  const again = useCallback(() => setTurn((last) => last + 1), []);

  useEffect(() => {
    let settling: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      clearTimeout(settling);
      settling = setTimeout(again, SETTLE_MS);
    };
    const back = (): void => {
      if (document.visibilityState === 'visible' && Date.now() - readAt.current > FRESH_MS) again();
    };
    const stop = pulse[topic].watch(soon);
    const poll = setInterval(() => {
      if (document.visibilityState === 'visible') again();
    }, POLL_MS);
    document.addEventListener('visibilitychange', back);
    addEventListener('focus', back);
    return () => {
      stop();
      clearTimeout(settling);
      clearInterval(poll);
      document.removeEventListener('visibilitychange', back);
      removeEventListener('focus', back);
    };
  }, [topic, again]);

  const now = state.path === path ? state : empty;
  return {
    value: now.value,
    problem: now.problem,
    unreachable: now.unreachable,
    loading: path !== null && now.value === null && !now.problem && !now.unreachable,
    reload: again,
  };
}

/** The time, each so many seconds. */
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
