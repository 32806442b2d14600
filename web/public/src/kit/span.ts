/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A stretch of time in words, from the business's own clock. */
import { addDays, clock, clockOf, dateOf, dayMedium } from './format';

/** Whole days by their dates, hours of one day by the clock, else both. */
export function spanText(start: string, end: string, locale: string): string {
  const [first, last] = [dateOf(start), dateOf(end)];
  if (clockOf(start) === '00:00' && clockOf(end) === '00:00') {
    const lastDay = addDays(last, -1);
    return first === lastDay
      ? dayMedium(first, locale)
      : `${dayMedium(first, locale)} – ${dayMedium(lastDay, locale)}`;
  }
  const from = `${dayMedium(first, locale)}, ${clock(start, locale)}`;
  const isOneDay = first === last || (clockOf(end) === '00:00' && addDays(last, -1) === first);
  return isOneDay
    ? `${from} – ${clock(end, locale)}`
    : `${from} – ${dayMedium(last, locale)}, ${clock(end, locale)}`;
}
