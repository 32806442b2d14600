/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The shapes that the HTTP API answers with, under the names that these pages use. They come from
 * the program's own description (web/api.d.ts, `make types`); what stands here besides is what that
 * document cannot say. Instants are RFC 3339 in UTC; `local` is the same instant on the business's
 * wall clock, computed by the server, so that no page ever works out an offset. Money is in minor
 * units.
 */
import type { components } from '../../../api';

type Schemas = components['schemas'];

export type Slot = Schemas['Slot'];
export type Day = Schemas['AvailabilityDay'];
export type EmptyReason = NonNullable<Day['reason']>;
export type Availability = Schemas['Availability'];

export type Policy = Schemas['BookingPolicy'];
/** What clients see of a business; a shop is one with what it offers. */
export type Business = Schemas['ManageBusiness'];
export type Shop = Schemas['PublicBusiness'];
export type Service = Schemas['PublicService'];
export type Workspace = Schemas['Workspace'];
export type Hours = Schemas['HoursSpan'];
export type Closure = Schemas['Closure'];
export type OwnHours = Schemas['StaffHours'];
/** Whatever is shown by its name alone. */
export type Named = Schemas['Person'];

export type Receipt = Schemas['PublicBooked'];
export type Held = Schemas['PublicHold'];
export type Managed = Schemas['ManagedBooking'];
export type VisitToRate = Schemas['VisitToRate'];
export type Subscription = Schemas['Subscription'];
export type FormPage = Schemas['FormPage'];
export type FormField = Schemas['FormField'];
export type Answers = FormPage['answers'];
/** A form as a member reads it: what was asked of a client, and what they answered. */
export type Submission = Schemas['FormSubmission'];
export type SubmissionWhole = Schemas['FormSubmissionFull'];
/** What somebody who writes to a business sees of it. */
export type Face = Schemas['WorkspaceCard'];
export type ContactPage = Schemas['ContactPage'];
export type LeadPage = Schemas['PublicForm'];
/** The name is what counts; the strokes are runs of x and y in a space of `width` by `height`. */
export type Signed = Extract<Answers[string], { name: string }>;
export type Drawing = NonNullable<Signed['drawing']>;
export type Booking = Schemas['Booking'];
export type TestResult = NonNullable<Booking['test_result']>;
export type BookingStatus = Booking['status'];
export type Material = Schemas['BookedMaterial'];

/** Something that must be there before a visit: a form, a patch test, another service. */
export type Gate = Schemas['Gate'];

export type Readiness = Schemas['Readiness'];
export type ReadinessCheck = Schemas['ReadinessCheck'];

export type Session = Schemas['Session'];
export type Membership = Schemas['Membership'];
export type OpenSession = Schemas['OpenSession'];
export type Permission = Session['permissions'][number];
export type Token = Schemas['Token'];
export type TokenMade = Schemas['TokenMade'];
export type TwoFactor = Schemas['TwoFactor'];
export type TwoFactorSecret = Schemas['TwoFactorSecret'];
export type RecoveryCodes = Schemas['RecoveryCodes'];

export type Staff = Schemas['Staff'];
export type TimeOff = Schemas['TimeOff'];
export type TimeOffRequest = Schemas['TimeOffRequest'];
export type RequestStatus = TimeOffRequest['status'];

export type Conversation = Schemas['Conversation'];
export type Answering = Conversation['answering'][number];
export type Attachment = Schemas['Attachment'];
export type Message = Schemas['ConversationMessage'];

/** The envelope of every list. */
export interface List<T> {
  data: T[];
  next_cursor: string | null;
}

/** A problem as `call` hands it on: with what some problems hold besides, and always the same members. */
export interface Problem extends Omit<Schemas['Problem'], 'type' | 'request_id'> {
  nearest: Slot[];
  checks: ReadinessCheck[];
  /** What was written in the meantime. */
  newer: { author: string }[];
  /** What stands before a visit. */
  gates: Gate[];
  retryAfterSeconds: number | null;
}
