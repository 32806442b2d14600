/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What has become of a letter, as far as is known. */
import { words } from '../../words/messages';
import type { Email } from './data';

type Tone = 'good' | 'warn' | 'bad' | undefined;

function toneOf({ status, delivery }: Email): Tone {
  if (status === 'failed' || delivery === 'bounced' || delivery === 'complained') return 'bad';
  if (delivery === 'delayed') return 'warn';
  return status === 'sent' ? 'good' : undefined;
}

export function stateOf({ status, delivery, reason }: Email): string {
  if (status === 'sent' && delivery) return words.deliveries[delivery];
  if (status === 'suppressed' && reason) return words.reasons[reason] ?? words.statuses.suppressed;
  return words.statuses[status];
}

export function EmailChip({ of }: { of: Email }) {
  return (
    <span className="chip" data-tone={toneOf(of)}>
      {stateOf(of)}
    </span>
  );
}
