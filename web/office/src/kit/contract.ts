/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The API's shapes under the names that the office uses. Instants are UTC; money is in minor units. */
import type { components, paths } from '../../../api';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type Workspace = Schemas['Workspace'];
export type Named = Schemas['Person'];
export type Staff = Schemas['Staff'];
export type Booking = Schemas['Booking'];
export type BookingPatch = Schemas['BookingPatch'];
export type BookingNew = Schemas['BookingNew'];
export type BookingMessage = Schemas['BookingMessage'];
export type HistoryEntry = Schemas['BookingHistoryEntry'];
export type Gate = Schemas['Gate'];
export type Slot = Schemas['Slot'];
export type SlotDay = Schemas['AvailabilityDay'];
export type Service = Schemas['Service'];

export type Conversation = Schemas['Conversation'];
export type Message = Schemas['ConversationMessage'];
export type Client = Schemas['Client'];
export type Form = Schemas['Form'];
export type FormField = Schemas['FormField'];
export type Submission = Schemas['FormSubmission'];
export type Rating = Schemas['Rating'];
export type Item = Schemas['Item'];
export type Movement = Schemas['StockMovement'];
export type Stocktake = Schemas['Stocktake'];
export type StocktakeLine = Schemas['StocktakeLine'];

type Answered<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  responses: { 200: { content: { 'application/json': infer T } } };
}
  ? T
  : never;

export type ImportPlan = Answered<'/api/v1/client-imports/preview', 'post'>;
