/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The loaded days, made ready for drawing and judging: instants as whole minutes since 1970, so that
 * everything is a difference of numbers and nobody computes an offset.
 */
import type { components } from '../../../../api';

type Schemas = components['schemas'];
export type CalendarData = Schemas['Calendar'];
export type VisitData = Schemas['CalendarVisit'];
export type Span = Schemas['CalendarSpan'];
export type Mark = Schemas['CalendarMark'];
export type Part = Schemas['CalendarSegment'];
export type Held = Schemas['CalendarHeld'];
export type Thing = Schemas['CalendarResource'];

export interface Day extends Omit<Schemas['CalendarDay'], 'starts_at'> {
  /** Its midnight. */
  start: number;
}

type PersonData = Schemas['CalendarPerson'];
export interface Person extends PersonData {
  /** All their open time, joined over midnights. */
  open: { from: number; to: number }[];
}

export interface Visit extends Omit<VisitData, 'start' | 'end'> {
  start: number;
}

export interface Model {
  step: number;
  days: Day[];
  people: Person[];
  things: Thing[];
  visits: Visit[];
  picks: { resourceId: string; from: number; to: number }[];
  cut: boolean;
}

const MINUTE_MS = 60_000;
export const minuteOf = (instant: string): number => Math.floor(Date.parse(instant) / MINUTE_MS);
export const instantOf = (minute: number): string =>
  new Date(minute * MINUTE_MS).toISOString().replace('.000Z', 'Z');

/** A visit that has not changed is the same object again, and so is not drawn again. */
const made = new WeakMap<VisitData, Visit>();

function visitOf(data: VisitData): Visit {
  const known = made.get(data);
  if (known) return known;
  const visit = { ...data, start: minuteOf(data.start) };
  made.set(data, visit);
  return visit;
}

function joined(days: Day[], person: PersonData): Person['open'] {
  const open: Person['open'] = [];
  person.days.forEach(({ open: spans }, index) => {
    const midnight = days[index]?.start ?? 0;
    for (const { at, minutes } of spans) {
      const last = open.at(-1);
      if (last && last.to === midnight + at) last.to += minutes;
      else open.push({ from: midnight + at, to: midnight + at + minutes });
    }
  });
  return open;
}

export function modelOf(data: CalendarData): Model {
  const days = data.days.map((day) => ({ ...day, start: minuteOf(day.starts_at) }));
  return {
    step: data.step_min,
    days,
    people: data.people.map((person) => ({ ...person, open: joined(days, person) })),
    things: data.resources,
    visits: data.visits.map(visitOf),
    picks: data.picks.map((pick) => ({
      resourceId: pick.resource_id,
      from: minuteOf(pick.start),
      to: minuteOf(pick.start) + pick.minutes,
    })),
    cut: data.cut,
  };
}

/** Cancelled visits and those to which nobody came hold nothing. */
export const holds = (visit: Visit): boolean => visit.status !== 'cancelled' && visit.status !== 'no_show';
/** The others are over, and stay where they were. */
export const canMove = (visit: Visit): boolean => visit.status === 'pending' || visit.status === 'confirmed';

/** What the wall clock shows so many minutes after midnight. */
export function wallAt(day: Day, at: number): number {
  let mark = day.marks[0];
  for (const each of day.marks) if (each.at <= at) mark = each;
  return mark ? (((mark.wall_min + at - mark.at) % 1440) + 1440) % 1440 : at;
}

export const dayAt = (days: Day[], minute: number): Day | undefined =>
  days.find((day) => day.start <= minute && minute < day.start + day.minutes);

const LEAST_WORK = 5;

/** The shortest that it can be: its last work keeps five minutes. */
export function leastMinutes(visit: Visit): number {
  const last = visit.segments.findLast((part) => part.kind === 'work');
  return last ? visit.minutes - last.minutes + LEAST_WORK : LEAST_WORK;
}

/** Its parts were it so long: the last work takes the difference, what follows moves. */
export function partsOf(visit: Visit, minutes: number): Part[] {
  const more = minutes - visit.minutes;
  if (more === 0) return visit.segments;
  const last = visit.segments.findLastIndex((part) => part.kind === 'work');
  return visit.segments.map((part, index) => {
    if (index === last) return { ...part, minutes: part.minutes + more };
    return index > last ? { ...part, at: part.at + more } : part;
  });
}

/** The same of its rooms: those that it has to its end. */
export function heldOf(visit: Visit, minutes: number): Held[] {
  const more = minutes - visit.minutes;
  if (more === 0) return visit.resources;
  return visit.resources.map((held) =>
    held.at + held.minutes >= visit.minutes ? { ...held, minutes: held.minutes + more } : held,
  );
}

export function outerOf(visit: Visit): { at: number; minutes: number } {
  const first = visit.segments[0];
  const last = visit.segments.at(-1);
  const from = Math.min(0, first?.at ?? 0);
  const to = Math.max(visit.minutes, last ? last.at + last.minutes : 0);
  return { at: from, minutes: to - from };
}
