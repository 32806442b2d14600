/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands beside what: a column for each person or room of a day, or for each day of a week. */
import { type Day, type Model, type Span, type Visit, outerOf } from './model';

export interface Placed {
  visit: Visit;
  /** With its buffers, in minutes since the column's midnight. */
  at: number;
  minutes: number;
  lane: number;
  lanes: number;
}

export interface Column {
  key: string;
  day: Day;
  dayIndex: number;
  /** Whose column it is; null: everybody's of that day, or a room's. */
  staffId: string | null;
  thingId: string | null;
  open: Span[];
  off: Span[];
  placed: Placed[];
}

interface Lying {
  at: number;
  minutes: number;
}

/** What overlaps stands side by side; what does not has the whole width. */
export function lanesOf<T extends Lying>(list: T[]): (T & { lane: number; lanes: number })[] {
  const sorted = list.toSorted((a, b) => a.at - b.at || b.minutes - a.minutes);
  const done: (T & { lane: number; lanes: number })[] = [];
  let group: (T & { lane: number; lanes: number })[] = [];
  let ends: number[] = [];
  const close = (): void => {
    for (const each of group) each.lanes = ends.length;
    done.push(...group);
    group = [];
    ends = [];
  };
  for (const each of sorted) {
    if (ends.every((end) => end <= each.at)) close();
    const free = ends.findIndex((end) => end <= each.at);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = each.at + each.minutes;
    group.push({ ...each, lane, lanes: 1 });
  }
  close();
  return done;
}

function lie(visits: Visit[], day: Day): Placed[] {
  const lying = visits.flatMap((visit) => {
    const outer = outerOf(visit);
    const at = visit.start + outer.at - day.start;
    return at < day.minutes && at + outer.minutes > 0 ? [{ visit, at, minutes: outer.minutes }] : [];
  });
  return lanesOf(lying);
}

function grouped(visits: Visit[], keysOf: (visit: Visit) => string[]): Map<string, Visit[]> {
  const groups = new Map<string, Visit[]>();
  for (const visit of visits) {
    for (const key of new Set(keysOf(visit))) {
      const group = groups.get(key);
      if (group) group.push(visit);
      else groups.set(key, [visit]);
    }
  }
  return groups;
}

export function columnsByPerson(model: Model, who: string | null): Column[] {
  const day = model.days[0];
  if (!day) return [];
  const groups = grouped(model.visits, (visit) => [visit.staff_id]);
  return model.people
    .filter(({ id }) => !who || id === who)
    .map((person) => ({
      key: person.id,
      day,
      dayIndex: 0,
      staffId: person.id,
      thingId: null,
      open: person.days[0]?.open ?? [],
      off: person.days[0]?.off ?? [],
      placed: lie(groups.get(person.id) ?? [], day),
    }));
}

/** A room has the business's hours; a visit stands there for as long as it has the room. */
export function columnsByRoom(model: Model): Column[] {
  const day = model.days[0];
  if (!day) return [];
  const groups = grouped(model.visits, (visit) => visit.resources.map((held) => held.resource_id));
  return model.things
    .filter((thing) => thing.active || groups.has(thing.id))
    .map((thing) => ({
      key: thing.id,
      day,
      dayIndex: 0,
      staffId: null,
      thingId: thing.id,
      open: day.open,
      off: [],
      placed: lie(groups.get(thing.id) ?? [], day),
    }));
}

/** One person's week, or everybody's in the same columns. */
export function columnsByDay(model: Model, who: string | null): Column[] {
  const person = model.people.find(({ id }) => id === who);
  const visits = who ? model.visits.filter((visit) => visit.staff_id === who) : model.visits;
  return model.days.map((day, dayIndex) => ({
    key: day.date,
    day,
    dayIndex,
    staffId: who,
    thingId: null,
    open: person ? (person.days[dayIndex]?.open ?? []) : day.open,
    off: person?.days[dayIndex]?.off ?? [],
    placed: lie(visits, day),
  }));
}

/** The hours in which nobody works there: what is left of the day. */
export function shut(column: Column): Span[] {
  const list: Span[] = [];
  let at = 0;
  for (const span of column.open) {
    if (span.at > at) list.push({ at, minutes: span.at - at });
    at = span.at + span.minutes;
  }
  if (at < column.day.minutes) list.push({ at, minutes: column.day.minutes - at });
  return list;
}

export type Way = 'up' | 'down' | 'left' | 'right' | 'first' | 'last';

interface Here {
  column: number;
  at: number;
}

/** Which of the things that stand in columns comes next on the way; null where none does. */
export function walk<T extends Lying>(columns: T[][], from: Here, way: Way): { column: number; item: T } | null {
  const own = (columns[from.column] ?? []).toSorted((a, b) => a.at - b.at);
  const along: Partial<Record<Way, T | undefined>> = {
    up: own.findLast((each) => each.at < from.at),
    down: own.find((each) => each.at > from.at),
    first: own[0],
    last: own.at(-1),
  };
  if (way in along) {
    const item = along[way];
    return item ? { column: from.column, item } : null;
  }
  const step = way === 'left' ? -1 : 1;
  for (let column = from.column + step; column >= 0 && column < columns.length; column += step) {
    const [first, ...others] = columns[column] ?? [];
    if (!first) continue;
    const far = (each: T): number => Math.abs(each.at - from.at);
    return { column, item: others.reduce((best, each) => (far(each) < far(best) ? each : best), first) };
  }
  return null;
}
