/* SPDX-License-Identifier: AGPL-3.0-or-later */
import type { Booking } from '../../kit/contract';
import { words } from '../../words/visit';

const TONES = {
  pending: 'warn',
  confirmed: 'accent',
  completed: 'good',
  cancelled: undefined,
  no_show: 'bad',
} as const;

export function StatusChip({ status }: { status: Booking['status'] }) {
  return (
    <span className="chip" data-tone={TONES[status]}>
      {words.status[status]}
    </span>
  );
}
