/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Where a visit would go while it is in somebody's hands. It stands outside React's state: only the
 * one element that draws it is drawn again at each step.
 */
import type { Place, Verdict } from './clash';
import type { Column } from './columns';
import { type Visit, leastMinutes } from './model';

export interface Ghost {
  visit: Visit;
  mode: 'move' | 'resize';
  by: 'pointer' | 'keys';
  column: number;
  /** Of the visit's start, since the column's midnight. */
  at: number;
  minutes: number;
  place: Place;
  verdict: Verdict;
}

export type Hold = Pick<Ghost, 'visit' | 'mode' | 'by' | 'column' | 'at' | 'minutes'>;

export const FINE = 5;
export const COARSE = 15;
const LONGEST = 1440;

export const snap = (at: number, step: number): number => Math.round(at / step) * step;

/** In everybody's columns, and in a room's, a visit stays with its person. */
export function placeOf(hold: Hold, columns: Column[]): Place {
  const column = columns[hold.column];
  return {
    start: (column?.day.start ?? 0) + hold.at,
    minutes: hold.minutes,
    staffId: column?.staffId ?? hold.visit.staff_id,
  };
}

/** Never off its day, and never shorter than it can be. */
export function within(hold: Hold, columns: Column[]): Hold {
  const day = columns[hold.column]?.day;
  const latest = (day?.minutes ?? LONGEST) - FINE;
  const least = leastMinutes(hold.visit);
  return {
    ...hold,
    at: Math.max(0, Math.min(latest, hold.at)),
    minutes: Math.max(least, Math.min(LONGEST, hold.minutes)),
  };
}

/** A visit that stands in a room's column does not change it: the room is the program's choice. */
const isLocked = (columns: Column[]): boolean => columns.some((column) => column.thingId !== null);

export interface Press {
  key: string;
  altKey: boolean;
  shiftKey: boolean;
}

/** What a key does to a visit that was picked up; null: nothing. */
export function pressed(hold: Hold, press: Press, columns: Column[], isRtl: boolean): Hold | null {
  const step = press.altKey ? FINE : COARSE;
  const down = { ArrowDown: step, ArrowUp: -step }[press.key];
  if (down !== undefined) {
    const next = press.shiftKey
      ? { ...hold, minutes: snap(hold.minutes + down, FINE) }
      : { ...hold, at: snap(hold.at + down, FINE) };
    return within(next, columns);
  }
  const end = isRtl ? -1 : 1;
  const aside = { ArrowRight: end, ArrowLeft: -end }[press.key];
  if (aside === undefined) return null;
  const column = hold.column + aside;
  return column < 0 || column >= columns.length || isLocked(columns) ? hold : within({ ...hold, column }, columns);
}

/** Under a pointer: the column that it is over, and its minute on the grid. */
export function carried(hold: Hold, column: number, at: number, columns: Column[]): Hold {
  if (hold.mode === 'resize') return within({ ...hold, minutes: snap(at, COARSE) - hold.at }, columns);
  return within({ ...hold, column: isLocked(columns) ? hold.column : column, at: snap(at, COARSE) }, columns);
}

/* ---- where it is kept ---- */

let present: Ghost | null = null;
const watchers = new Set<() => void>();

export const ghostNow = (): Ghost | null => present;

export function setGhost(next: Ghost | null): void {
  if (next === present) return;
  present = next;
  for (const tell of watchers) tell();
}

export function watchGhost(tell: () => void): () => void {
  watchers.add(tell);
  return () => void watchers.delete(tell);
}
