/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Calls to the API that tell the page whether there is a network, and reading that stays current:
 * by live events, by coming back to the page, by the network's return, and otherwise each minute.
 */
import { useEffect, useState } from 'preact/hooks';
import { type Answer, type CallOptions, call } from '../kit/api';
import type { Problem } from '../kit/contract';
import { type Loaded, useLoad } from '../kit/load';
import { Store } from './store';

export type Topic = 'visits' | 'time' | 'messages';

/* Nobody's browser, in tests, is taken to be online. */
export const online = new Store(typeof navigator === 'undefined' || navigator.onLine);

let goneAt = -Infinity;

/** The browser says that the network is gone. */
export function networkGone(): void {
  goneAt = performance.now();
  online.set(false);
}

/** An answer came; to what was asked at `since`, for an answer from before says nothing about now. */
export function serverReached(since: number): void {
  if (since >= goneAt) online.set(true);
}

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

/** Once: the answer to another call would begin the way there anew. */
export function toSignIn(): void {
  const out = onOut;
  onOut = () => undefined;
  out();
}

const OUT_CODES = new Set(['password_change_required', 'two_factor_setup_required']);

/** Nobody is signed in, or they first have something to do on the page for that. */
export const isOut = (problem: Problem): boolean => problem.status === 401 || OUT_CODES.has(problem.code);

const UNREACHABLE = { kind: 'unreachable' } as const;

/** A proxy that answers for a server that is away: none of our own answers lacks a code. */
const isProxys = (answer: Answer<unknown>): boolean =>
  answer.kind === 'problem' && answer.problem.status > 501 && answer.problem.code === '';

export async function ask<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  const since = performance.now();
  const said = await call<T>(method, path, options);
  const answer = isProxys(said) ? UNREACHABLE : said;
  if (options.signal?.aborted) return answer;
  if (answer.kind === 'unreachable') online.set(false);
  else serverReached(since);
  if (answer.kind === 'problem' && isOut(answer.problem)) toSignIn();
  return answer;
}

const POLL_MS = 60_000;
/** Several events of one change are one reading. */
const SETTLE_MS = 150;

/** `useLoad` for pages that stay open: what is on show stays so until it is read again. */
export function useRead<T>(path: string | null, topic: Topic, first: T | null = null): Loaded<T> {
  const load = useLoad<T>(path, first, ask);
  const { refresh } = load;
  useEffect(() => {
    let settling: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      clearTimeout(settling);
      settling = setTimeout(refresh, SETTLE_MS);
    };
    const stop = pulse[topic].watch(soon);
    const poll = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, POLL_MS);
    return () => {
      stop();
      clearTimeout(settling);
      clearInterval(poll);
    };
  }, [topic, refresh]);
  return { ...load, reload: refresh };
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
