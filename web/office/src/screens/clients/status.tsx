/* SPDX-License-Identifier: AGPL-3.0-or-later */
import type { Client } from '../../kit/contract';
import { words } from '../../words/clients';

const TONES = { new: 'accent', contacted: 'warn', booked: 'good' } as const;

export function StatusChip({ status }: { status: Client['status'] }) {
  return (
    <span className="chip" data-tone={TONES[status]}>
      {words.statuses[status]}
    </span>
  );
}
