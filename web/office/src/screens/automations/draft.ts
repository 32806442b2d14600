/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is being changed of one automation and not yet saved. */
import { useState } from 'react';
import type { Automation, Change } from './data';

export interface Draft {
  subject: string;
  body: string;
  /** In minutes; null where what is typed is no number. */
  delay: number | null;
  enabled: boolean;
  set: (part: Partial<Parts>) => void;
  reset: () => void;
  /** What differs from what is saved. */
  change: Change;
  isChanged: boolean;
}

type Parts = Pick<Draft, 'subject' | 'body' | 'delay' | 'enabled'>;

/** Holds what was touched alone: what somebody else changes beside it stays theirs. */
export function useDraft(of: Automation): Draft {
  const [touched, setTouched] = useState<Partial<Parts>>({});
  const saved: Parts = { subject: of.subject ?? '', body: of.body ?? '', delay: of.delay_min, enabled: of.enabled };
  const parts = { ...saved, ...touched };
  const change: Change = {};
  if (parts.subject !== saved.subject) change.subject = parts.subject;
  if (parts.body !== saved.body) change.body = parts.body;
  if (parts.enabled !== saved.enabled) change.enabled = parts.enabled;
  if (parts.delay !== null && parts.delay !== saved.delay) change.delay_min = parts.delay;
  return {
    ...parts,
    set: (part) => setTouched((old) => ({ ...old, ...part })),
    reset: () => setTouched({}),
    change,
    isChanged: Object.keys(change).length > 0,
  };
}
