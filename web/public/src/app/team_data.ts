/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the team page reads from the API. Names are the wire's. */
import type { List, OfficeBooking, Workspace } from '../kit/contract';
import type { Loaded } from '../kit/load';

export interface Member {
  id: string;
  name: string;
  email: string;
  role: 'owner' | 'staff';
  permissions: string[];
  bookable: boolean;
  active: boolean;
  invited: boolean;
  service_ids: string[];
  invitation?: {
    status: 'queued' | 'sent' | 'failed' | 'expired' | 'accepted';
    expires_at: string | null;
    last_error: string | null;
  } | null;
  version: number;
}

export interface TeamWorkspace extends Workspace {
  require_two_factor?: boolean;
  staff_see_contacts?: boolean;
  session_idle_min?: number;
  version: number;
}

export interface TeamBooking extends OfficeBooking {
  end: string;
  version: number;
}

export interface OfferedService {
  id: string;
  name: string;
}

/** What every part of the page works on. */
export interface TeamData {
  workspace: TeamWorkspace;
  members: Loaded<List<Member>>;
  services: Loaded<List<OfferedService>>;
}

export const PERMISSIONS = ['bookings', 'inbox', 'clients', 'inventory', 'reports'];

/** `failed`, `expired` …, or empty for somebody who has signed in or is gone. */
export function invitationStatus(member: Member): string {
  if (!member.active) return '';
  const status = member.invitation?.status ?? (member.invited ? 'sent' : 'accepted');
  return status === 'accepted' ? '' : status;
}
