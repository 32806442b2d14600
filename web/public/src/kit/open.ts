/* SPDX-License-Identifier: AGPL-3.0-or-later */
import type { BookingStatus } from './contract';

/** Whether a visit is still to come about, or under way. */
export const isOpen = ({ status }: { status: BookingStatus }): boolean =>
  status === 'pending' || status === 'confirmed';
