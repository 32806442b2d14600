/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The shapes that the HTTP API answers with, as far as these pages read them. Names are the wire's.
 * Instants are RFC 3339 in UTC; `local` is the same instant on the business's wall clock, computed
 * by the server, so that no page ever works out an offset. Money is in minor units.
 */

export interface Slot {
  start: string;
  end: string;
  local: string;
  staff_ids: string[];
}

export type EmptyReason = 'closed' | 'full' | 'out_of_stock' | 'too_soon' | 'too_far';

export interface Day {
  date: string;
  slots: Slot[];
  reason?: EmptyReason | null;
}

export interface Availability {
  timezone: string;
  days: Day[];
}

export interface Policy {
  slot_step_min: number;
  min_notice_min: number;
  max_advance_days: number;
  cancel_cutoff_min: number;
}

export interface Business {
  name: string;
  slug: string;
  timezone: string;
  currency: string;
  locale: string;
  address: string;
  phone: string;
  contact_email: string;
  accent_color: string | null;
  policy: Policy;
}

export interface Service {
  id: string;
  name: string;
  category: string;
  description: string;
  duration_min: number;
  price: number;
  staff_ids: string[];
}

export interface Named {
  id: string;
  name: string;
}

export interface Hours {
  weekday: number;
  start: string;
  end: string;
}

export interface Closure {
  from: string;
  to: string;
  reason: string;
}

export interface Shop extends Business {
  hours: Hours[];
  closures: Closure[];
  services: Service[];
  staff: Named[];
}

export interface BookedService {
  id: string;
  name: string;
  duration_min: number;
  price: number;
}

export type BookingStatus = 'pending' | 'confirmed' | 'cancelled' | 'completed' | 'no_show';

export interface PublicBooking {
  id: string;
  status: BookingStatus;
  start: string;
  end: string;
  local: string;
  services: BookedService[];
  staff: Named;
  price: number;
}

export interface Receipt {
  booking: PublicBooking;
  manage_url: string;
}

/** A time that is kept for a client for a while. */
export interface Held {
  hold_token: string;
  /** Seconds, so that no device's clock is asked. */
  expires_in: number;
}

export interface Managed {
  booking: PublicBooking & { notes: string; version: number };
  can_cancel: boolean;
  can_reschedule: boolean;
  can_restore: boolean;
  cancel_until: string;
  business: Business;
}

export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors: FieldProblem[];
  nearest: Slot[];
  checks: ReadinessCheck[];
  retryAfterSeconds: number | null;
}

export interface ReadinessCheck {
  code: string;
  ok: boolean;
  /** Publishing waits for it; the others are advice. */
  required: boolean;
  message: string;
}

export interface Readiness {
  ready: boolean;
  checks: ReadinessCheck[];
}

export interface Session {
  user: {
    id: string;
    name: string;
    email: string;
    must_change_password: boolean;
    two_factor?: boolean;
  };
  workspace: { id: string; name: string; slug: string };
  role: string;
  home: string;
  /** The workspace asks for a second step and the person has none yet. */
  must_set_up_two_factor?: boolean;
  /** Where else the person works. */
  workspaces?: Membership[];
}

export interface Membership {
  id: string;
  name: string;
  slug: string;
  role: string;
}

export interface Workspace extends Business {
  published: boolean;
  hours: Hours[];
}

export interface List<T> {
  data: T[];
  next_cursor: string | null;
}

export interface Item {
  id: string;
  name: string;
  low: boolean;
}

export interface OfficeBooking {
  id: string;
  status: BookingStatus;
  start: string;
  local: string;
  service_ids: string[];
  staff_id: string | null;
  client: { name: string };
}
