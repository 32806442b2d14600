/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Words of the choice of person, day and time. */
import type { EmptyReason } from '../kit/contract';

export const picker = {
  who: 'With whom',
  anyone: 'Anyone',
  day: 'Day',
  earlier: 'Earlier days',
  later: 'Later days',
  zone: (city: string) => `Times in ${city} time`,
  morning: 'Morning',
  afternoon: 'Afternoon',
  evening: 'Evening',
  count: (count: number, day: string) =>
    count === 0
      ? `No free times on ${day}`
      : `${count} free ${count === 1 ? 'time' : 'times'} on ${day}`,
  free: 'has free times',
  none: 'no free times',
  empty: {
    closed: 'Closed on this day.',
    full: 'Everything is taken on this day.',
    out_of_stock: 'Not available on this day.',
    too_soon: 'Too soon to book this day online.',
    gate_unmet: 'Something else has to come first. Please choose another day, or get in touch.',
    too_far: 'This day is not open for booking yet.',
  } satisfies Record<EmptyReason, string>,
  emptyOther: 'No free times on this day.',
  nextFree: (day: string) => `Next free: ${day}`,
  nothing: (until: string) => `There are no free times until ${until}.`,
  nothingHint: 'Try someone else, or get in touch and we will find a time together.',
  failed: 'The free times did not load.',
};
