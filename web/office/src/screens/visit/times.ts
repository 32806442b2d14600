/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Days and times as the server has told them: a slot says its start and what the business's clock
 * shows then, so nothing here knows what a zone's offset is.
 */
import type { Slot, SlotDay } from '../../kit/contract';
import { session } from '../../shell/session';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const clockOf = (local: string): string => local.slice(11, 16);
export const dayOf = (local: string): string => local.slice(0, 10);

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: session.workspace.timezone, dateStyle: 'short' });
/** The business's date at an instant. */
export const dayAt = (instant: Date): string => dayFormat.format(instant);
export const today = (): string => dayAt(new Date());

/** A date so many days on: of dates alone, no zone comes in. */
export const shiftDay = (day: string, by: number): string => {
  const noon = Date.parse(`${day}T12:00:00Z`);
  return Number.isNaN(noon) ? day : new Date(noon + by * DAY_MS).toISOString().slice(0, 10);
};

export const instant = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
const two = (n: number): string => String(n).padStart(2, '0');

const allOf = (day: SlotDay): Slot[] =>
  [...day.slots, ...(day.refused ?? [])].toSorted((a, b) => a.start.localeCompare(b.start));

/** `HH:MM` of that day: a start that the server has told, or so many minutes after the last one before. */
export function instantOf(day: SlotDay, time: string): string | null {
  const all = allOf(day);
  const exact = all.find((slot) => clockOf(slot.local) === time);
  if (exact) return exact.start;
  const before = all.findLast((slot) => clockOf(slot.local) < time);
  if (!before) return null;
  return instant(Date.parse(before.start) + (minutes(time) - minutes(clockOf(before.local))) * MINUTE_MS);
}

/** What the business's clock shows at a start of that day; empty where it is of another. */
export function timeOf(day: SlotDay, start: string | null): string {
  if (!start) return '';
  const all = allOf(day);
  const exact = all.find((slot) => slot.start === start);
  if (exact) return clockOf(exact.local);
  const before = all.findLast((slot) => slot.start < start);
  if (!before || dayOf(before.local) !== day.date) return '';
  const shown = minutes(clockOf(before.local)) + (Date.parse(start) - Date.parse(before.start)) / MINUTE_MS;
  return shown < 1440 ? `${two(Math.floor(shown / 60))}:${two(shown % 60)}` : '';
}

/** free: offered. hours: only rules of the business stand against it, which a person may overrule. */
export type Verdict = { kind: 'free' } | { kind: 'hours' | 'taken' | 'gate'; why: string; message: string };

const HOURS = new Set(['closed', 'staff_off', 'too_soon', 'too_far']);

export function judge(day: SlotDay | undefined, start: string | null): Verdict | null {
  if (!day || !start) return null;
  if (day.slots.some((slot) => slot.start === start)) return { kind: 'free' };
  const told = day.refused?.find((slot) => slot.start === start);
  const why = told?.why ?? 'off_grid';
  const message = told?.message ?? '';
  /* What is past is written down as it was. */
  if (Date.parse(start) < Date.now() && HOURS.has(why)) return { kind: 'free' };
  if (why === 'off_grid' || HOURS.has(why)) return { kind: 'hours', why, message };
  return { kind: why === 'gate_unmet' ? 'gate' : 'taken', why, message };
}
