/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What every part of the team page works on. */
import type { List, Named, Permission, Staff, Workspace } from '../kit/contract';
import type { Loaded } from '../kit/load';

export interface TeamData {
  workspace: Workspace;
  members: Loaded<List<Staff>>;
  services: Loaded<List<Named>>;
}

export type InvitationStatus = Exclude<NonNullable<Staff['invitation']>['status'], 'accepted'>;

export const PERMISSIONS: readonly Permission[] = [
  'bookings',
  'inbox',
  'clients',
  'inventory',
  'reports',
  'clinical',
];

/** Where the letter is, or null for somebody who has signed in or is gone. */
export function invitationStatus(member: Staff): InvitationStatus | null {
  const status = member.invitation?.status ?? (member.invited ? 'sent' : 'accepted');
  return !member.active || status === 'accepted' ? null : status;
}
