/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How long before or after: minutes as people count them. */

export const UNITS = { minutes: 1, hours: 60, days: 1440 } as const;
export type Unit = keyof typeof UNITS;

/** In the largest unit that has no rest: 2880 are 2 days, 90 are 90 minutes. */
export function inUnit(minutes: number): { count: number; unit: Unit } {
  const unit = (['days', 'hours'] as const).find((each) => minutes > 0 && minutes % UNITS[each] === 0) ?? 'minutes';
  return { count: minutes / UNITS[unit], unit };
}

export const inMinutes = (count: number, unit: Unit): number => count * UNITS[unit];

const two = (part: number): string => String(part).padStart(2, '0');

/** A minute of the day as a clock has it, and back. */
export function asClock(minutes: number): string {
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function fromClock(clock: string): number | null {
  const [hours, minutes] = clock.split(':').map(Number);
  return Number.isInteger(hours) && Number.isInteger(minutes) ? (hours ?? 0) * 60 + (minutes ?? 0) : null;
}
