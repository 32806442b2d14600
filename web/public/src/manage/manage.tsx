/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * One visit as its client sees it: when and what, moved in three taps, cancelled in two, and taken
 * back within ten minutes. The URL says which step it is.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, call } from '../kit/api';
import { BusinessHeader, policyText } from '../kit/business';
import type { Managed, Problem, Slot } from '../kit/contract';
import { usePlace } from '../kit/place';
import { manage as words } from '../words/manage';
import { Cancel } from './cancel';
import { Confirm, Times } from './move';
import { Visit } from './visit';

export type Action = 'cancel' | 'restore' | 'reschedule';

export interface Failure {
  action: Action;
  problem: Problem | null;
  nearest: Slot[];
  turn: number;
}

/** What the steps share: the visit, the running action, and how the last one failed. */
export interface Hand {
  managed: Managed;
  token: string;
  busy: Action | null;
  failure: Failure | null;
  act: (action: Action, body?: { start: string; staff_id?: string }) => void;
  clear: () => void;
}

interface ManageProps {
  token: string;
  managed: Managed;
  put: (value: Managed) => void;
  reload: () => void;
}

const UNDO_MS = 10 * 60_000;
const HEADINGS: Record<Action, string | null> = {
  cancel: null,
  restore: words.restored,
  reschedule: words.moved,
};

export function Manage({ token, managed, put, reload }: ManageProps) {
  const place = usePlace();
  const [busy, setBusy] = useState<Action | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [last, setLast] = useState<Action | null>(null);
  const inFlight = useRef(false);

  useEffect(() => {
    if (!managed.can_restore) return;
    const timer = setTimeout(reload, UNDO_MS);
    return () => clearTimeout(timer);
  }, [managed.can_restore, reload]);

  const settle = (action: Action, answer: Answer<Managed>): void => {
    if (answer.kind === 'ok') {
      setLast(action);
      put(answer.value);
      place.go({}, 'replace');
      return;
    }
    const problem = answer.kind === 'problem' ? answer.problem : null;
    if (problem?.status === 409) reload();
    setFailure({ action, problem, nearest: problem?.nearest.slice(0, 3) ?? [], turn: Date.now() });
    if (problem?.code === 'invalid_transition') place.go({}, 'replace');
  };

  const act: Hand['act'] = (action, body) => {
    if (inFlight.current) return;
    inFlight.current = true;
    setBusy(action);
    setFailure(null);
    const path = `/public/manage/${encodeURIComponent(token)}/${action}`;
    void call<Managed>('POST', path, body ? { body } : {}).then((answer) => {
      inFlight.current = false;
      setBusy(null);
      settle(action, answer);
    });
  };

  const hand: Hand = { managed, token, busy, failure, act, clear: () => setFailure(null) };
  const { booking, business } = managed;
  const asked = place.query.get('step');
  const at = place.query.get('at');
  const step =
    at && managed.can_reschedule
      ? 'confirm'
      : asked === 'time' && managed.can_reschedule
        ? 'time'
        : asked === 'cancel' && managed.can_cancel
          ? 'cancel'
          : 'visit';

  return (
    <div class="page">
      <BusinessHeader business={business} />
      <main key={`${step} ${booking.status} ${booking.version}`}>
        {step === 'visit' && <Visit hand={hand} place={place} heading={last && HEADINGS[last]} />}
        {step === 'cancel' && <Cancel hand={hand} place={place} />}
        {step === 'time' && <Times hand={hand} place={place} />}
        {step === 'confirm' && at && <Confirm hand={hand} place={place} at={at} />}
      </main>
      {step !== 'cancel' && (
        <footer class="about">
          <p>{policyText(business.policy)}</p>
        </footer>
      )}
    </div>
  );
}
