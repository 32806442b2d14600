/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A button that changes something: once however often it is tapped, and what came of it. */
import { useRef, useState } from 'preact/hooks';
import type { Answer } from './api';
import type { Problem } from './contract';

export interface Act {
  isBusy: boolean;
  /** `turn` tells one failure from the next. */
  failure: { problem: Problem | null; turn: number } | null;
  run: <T>(send: () => Promise<Answer<T>>, done: (value: T) => void) => void;
  clear: () => void;
}

export function useAct(): Act {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Act['failure']>(null);
  const inFlight = useRef(false);

  const start = async <T>(send: () => Promise<Answer<T>>, done: (value: T) => void) => {
    if (inFlight.current) return;
    inFlight.current = true;
    setBusy(true);
    setFailure(null);
    const answer = await send();
    inFlight.current = false;
    setBusy(false);
    if (answer.kind === 'ok') done(answer.value);
    else setFailure({ problem: answer.kind === 'problem' ? answer.problem : null, turn: Date.now() });
  };
  return {
    isBusy,
    failure,
    run: (send, done) => void start(send, done),
    clear: () => setFailure(null),
  };
}
