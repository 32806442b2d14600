/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Reading from the API with its states. What is on show stays on show while it is read again. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call } from './api';
import type { Problem } from './contract';

export interface Loaded<T> {
  value: T | null;
  problem: Problem | null;
  unreachable: boolean;
  loading: boolean;
  reload: () => void;
  /** Shows what an action answered, without asking again. */
  put(value: T): void;
}

const FRESH_MS = 10_000;

/** `path` null reads nothing. A new path drops the old value; `reload` and refocus keep it. */
export function useLoad<T>(path: string | null, first: T | null = null): Loaded<T> {
  const [state, setState] = useState<{
    path: string | null;
    value: T | null;
    problem: Problem | null;
    unreachable: boolean;
  }>({ path: first ? path : null, value: first, problem: null, unreachable: false });
  const [turn, setTurn] = useState(0);
  const readAt = useRef(first ? Date.now() : 0);
  const skip = useRef(first !== null);

  useEffect(() => {
    if (path === null) return;
    if (skip.current) {
      skip.current = false;
      return;
    }
    const abort = new AbortController();
    void call<T>('GET', path, { signal: abort.signal }).then((answer) => {
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

  const reload = useCallback(() => {
    setState((last) => ({ ...last, problem: null, unreachable: false }));
    setTurn((last) => last + 1);
  }, []);

  const put = useCallback(
    (value: T) => {
      readAt.current = Date.now();
      setState({ path, value, problem: null, unreachable: false });
    },
    [path],
  );

  useEffect(() => {
    const again = (): void => {
      if (document.visibilityState === 'visible' && Date.now() - readAt.current > FRESH_MS) {
        setTurn((last) => last + 1);
      }
    };
    document.addEventListener('visibilitychange', again);
    addEventListener('focus', again);
    return () => {
      document.removeEventListener('visibilitychange', again);
      removeEventListener('focus', again);
    };
  }, []);

  const current = state.path === path;
  const value = current ? state.value : null;
  const failed = current && (state.problem !== null || state.unreachable);
  return {
    value,
    problem: current ? state.problem : null,
    unreachable: current && state.unreachable,
    loading: path !== null && value === null && !failed,
    reload,
    put,
  };
}
