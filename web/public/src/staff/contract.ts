/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the API answers to a member of staff, as far as the portal reads it. */
import type { BookedService, BookingStatus, Closure, Hours, Named } from '../kit/contract';

export interface Member {
  user: { id: string; name: string; email: string };
  workspace: {
    id: string;
    name: string;
    timezone: string;
    locale: string;
    accent_color: string | null;
    hours: Hours[];
    closures: Closure[];
  };
  staff_id: string;
  permissions: string[];
}

export interface Material {
  item_id: string;
  name: string;
  unit: string;
  quantity: number;
  used: number | null;
}

export interface Visit {
  id: string;
  status: BookingStatus;
  start: string;
  end: string;
  local: string;
  local_end: string;
  started_at: string | null;
  services: BookedService[];
  staff_id: string;
  /** Address and number only where the owner lets this member see them. */
  client: { id: string; name: string; email?: string | null; phone?: string | null };
  client_alerts: string[];
  materials: Material[];
  resources: Named[];
  notes: string;
  version: number;
}

export interface OwnHours {
  inherits: boolean;
  weekly: Hours[];
}

export interface TimeOff {
  id: string;
  start: string;
  end: string;
  local_start: string;
  local_end: string;
  reason: string;
}

export type RequestStatus = 'pending' | 'approved' | 'declined' | 'withdrawn';

export interface TimeOffRequest {
  id: string;
  local_start: string;
  local_end: string;
  start: string;
  end: string;
  reason: string;
  status: RequestStatus;
  note: string;
  decided_by: string | null;
  version: number;
  bookings?: { id: string }[];
}

export interface Conversation {
  id: string;
  client: Named;
  last_message: { preview: string; direction: Direction; at: string } | null;
  unanswered: boolean;
  unread: number | boolean;
}

export type Direction = 'in' | 'out' | 'note';

export interface Message {
  id: string;
  direction: Direction;
  body: string;
  author: string | null;
  at: string;
  email_status?: string | null;
}
