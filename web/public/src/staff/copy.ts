/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The copy of the day that stays readable without a network. It holds what the visits need and no
 * way to reach a client; it belongs to one member, lives for a day, and goes at sign-out.
 */
import type { Booking, Session } from '../kit/contract';
import { drop, keep, kept } from './store';

const LIVES_MS = 36 * 3_600_000;

interface Copy {
  owner: string;
  savedAt: number;
  date: string;
  visits: Booking[];
}

export const ownerOf = (member: Session): string => `${member.workspace.id}.${member.user.id}`;

export function withoutContact(visit: Booking): Booking {
  return { ...visit, client: { id: visit.client.id, name: visit.client.name } };
}

export function keepMember(member: Session): void {
  const last = kept<Session>('copy.member');
  if (last && ownerOf(last) !== ownerOf(member)) drop('copy.');
  keep('copy.member', member);
}

export const keptMember = (): Session | null => kept<Session>('copy.member');

/** An answer that was on its way when somebody left the phone is not kept any more. */
let hasLeft = false;

export function keepDay(member: Session, date: string, visits: Booking[]): void {
  if (hasLeft) return;
  const copy: Copy = {
    owner: ownerOf(member),
    savedAt: Date.now(),
    date,
    visits: visits.map(withoutContact),
  };
  keep('copy.day', copy);
}

export function keptDay(member: Session, date: string): { visits: Booking[]; savedAt: number } | null {
  const copy = kept<Copy>('copy.day');
  if (!copy || copy.owner !== ownerOf(member) || copy.date !== date) return null;
  return Date.now() - copy.savedAt > LIVES_MS ? null : copy;
}

export function dropCopies(): void {
  hasLeft = true;
  drop('copy.');
}
