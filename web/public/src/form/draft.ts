/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Saving what is typed, a moment after the last letter, one request at a time and not too many. Until the server
 * has it, and where there is no server for it, the tab keeps it over a reload.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../kit/api';
import type { Answers } from '../kit/contract';
import { forget, remember } from '../kit/store';
import type { Filling } from './value';

export type DraftState = 'none' | 'saving' | 'saved' | 'unsaved';

export interface Draft {
  state: DraftState;
  /** Something was typed. */
  keep: (filling: Filling, answers: Answers) => void;
  /** It is sent, or can be sent no more: nothing is kept. */
  drop: () => void;
}

const SETTLE_MS = 1000;
/** Between two savings: a client's address may send so many requests, and the form itself is one. */
const GAP_MS = 4000;
const AGAIN_MS = 5_000;

/** `path` null keeps it in the tab alone. `onGone`: the form takes no answers any more. */
export function useDraft(name: string, path: string | null, onGone: () => void): Draft {
  const [state, setState] = useState<DraftState>('none');
  const waiting = useRef<{ answers: Answers } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isSending = useRef(false);
  const isOver = useRef(false);
  const savedMs = useRef(0);

  const save = async (isLeaving = false): Promise<void> => {
    const next = waiting.current;
    clearTimeout(timer.current);
    if (!path || !next || isSending.current || isOver.current) return;
    isSending.current = true;
    savedMs.current = Date.now();
    const body = { answers: next.answers };
    const answer = await call<null>('PUT', path, { body, keepalive: isLeaving });
    isSending.current = false;
    if (isOver.current) return;
    if (answer.kind === 'problem' && answer.problem.status === 409) {
      onGone();
      return;
    }
    const isSaved = answer.kind === 'ok';
    const isNewest = waiting.current === next;
    if (isSaved && isNewest) {
      waiting.current = null;
      forget(name);
    }
    if (isNewest) setState(isSaved ? 'saved' : 'unsaved');
    if (!isNewest || !isSaved) later(isSaved ? SETTLE_MS : AGAIN_MS);
  };

  const later = (ms: number): void => {
    clearTimeout(timer.current);
    const pause = Math.max(ms, savedMs.current + GAP_MS - Date.now());
    timer.current = setTimeout(() => void save(), pause);
  };

  useEffect(() => {
    /* A phone may never come back to a tab that was put away. */
    const away = (): void => {
      if (document.visibilityState === 'hidden') void save(true);
    };
    const leave = (): void => void save(true);
    const back = (): void => void save();
    document.addEventListener('visibilitychange', away);
    addEventListener('pagehide', leave);
    addEventListener('online', back);
    return () => {
      clearTimeout(timer.current);
      document.removeEventListener('visibilitychange', away);
      removeEventListener('pagehide', leave);
      removeEventListener('online', back);
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [path]);

  return {
    state,
    keep: (filling, answers) => {
      remember(name, filling);
      if (!path) return;
      waiting.current = { answers };
      setState((last) => (last === 'unsaved' ? last : 'saving'));
      later(SETTLE_MS);
    },
    drop: () => {
      isOver.current = true;
      clearTimeout(timer.current);
      forget(name);
    },
  };
}
