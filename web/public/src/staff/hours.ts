/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When a member works: their own weekly hours, or the business's. */
import type { Hours, OwnHours, Session } from '../kit/contract';
import type { Loaded } from '../kit/load';
import { useRead } from './ask';
import { usePortal } from './parts';

export function useOwnHours(): Loaded<OwnHours> {
  const { member } = usePortal();
  return useRead<OwnHours>(`/staff/${member.staff_id}/hours`, 'time');
}

/** Null while they are not known, or not the member's to know. */
export function weekly(read: Loaded<OwnHours>, member: Session): Hours[] | null {
  if (!read.value) return null;
  return read.value.inherits ? member.workspace.hours : read.value.weekly;
}

export function spansOn(read: Loaded<OwnHours>, member: Session, date: string): Hours[] | null {
  const spans = weekly(read, member);
  const isClosed = member.workspace.closures.some((each) => each.from <= date && date <= each.to);
  if (isClosed) return [];
  const weekday = ((new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7) + 1;
  return spans && spans.filter((each) => each.weekday === weekday);
}
