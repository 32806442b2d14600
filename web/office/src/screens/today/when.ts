/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When something is, as briefly as it stays clear. */
import { clock, dayShort, sameDay } from '../../kit/time';
import { words } from '../../words/today';

const DAY_MS = 86_400_000;

export function when(at: string): string {
  const now = Date.now();
  if (sameDay(at, new Date(now).toISOString())) return clock(at);
  if (sameDay(at, new Date(now + DAY_MS).toISOString())) return words.tomorrowAt(clock(at));
  if (sameDay(at, new Date(now - DAY_MS).toISOString())) return words.yesterdayAt(clock(at));
  return `${dayShort(at)}, ${clock(at)}`;
}

export const span = (from: string, to: string): string =>
  sameDay(from, to) ? `${when(from)}–${clock(to)}` : `${when(from)} – ${when(to)}`;
