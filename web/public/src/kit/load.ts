/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Reading from the API with its states. What is on show stays on show while it is read again. */
import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { call } from './api';
import type { Problem } from './contract';

export interface Loaded<T> {
  value: T | null;
  problem: Problem | null;
  unreachable: boolean;
  loading: boolean;
  reload: () => void;
  /** Reads again behind what is on show. */
  refresh: () => void;
  /** Shows what an action answered, without asking again. */
  put(value: T): void;
}

type State<T> = Pick<Loaded<T>, 'value' | 'problem' | 'unreachable'> & { path: string | null };

const NOTHING = { value: null, problem: null, unreachable: false };
const FRESH_MS = 10_000;

/**
 * `path` null reads nothing, and `first` is what the page came with. A new path drops the old value;
 * `reload` and refocus keep it.
 */
export function useLoad<T>(
  path: string | null,
  first: T | null = null,
  ask: typeof call = call,
): Loaded<T> {
  const [state, setState] = useState<State<T>>({ ...NOTHING, path, value: first });
  const [turn, refresh] = useReducer((last: number, _again: void) => last + 1, 0);
  const readAt = useRef(first ? Date.now() : 0);
  const skip = useRef(first !== null);

  useEffect(() => {
    if (path === null) return;
    if (skip.current) {
      skip.current = false;
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
  }, [path, turn, ask]);

  const reload = useCallback(() => {
    setState((last) => ({ ...NOTHING, path: last.path, value: last.value }));
    refresh();
  }, []);

  const put = useCallback(
    (value: T) => {
      readAt.current = Date.now();
      setState({ ...NOTHING, path, value });
    },
    [path],
  );

  useEffect(() => {
    const again = (): void => {
      if (document.visibilityState === 'visible' && Date.now() - readAt.current > FRESH_MS) {
        refresh();
      }
    };
    document.addEventListener('visibilitychange', again);
    addEventListener('focus', again);
    return () => {
      document.removeEventListener('visibilitychange', again);
      removeEventListener('focus', again);
    };
  }, []);

  const { value, problem, unreachable } = state.path === path ? state : NOTHING;
  const loading = path !== null && value === null && !problem && !unreachable;
  return { value, problem, unreachable, loading, reload, refresh, put };
}
