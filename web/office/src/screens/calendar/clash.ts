/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What would be in the way of a visit at another place, as far as the loaded days tell: people and
 * rooms with buffers, processing time free for others. The server has the last word.
 */
import { type Model, type Visit, dayAt, heldOf, holds, partsOf } from './model';

interface Busy {
  from: number;
  to: number;
  /** Nobody's: a client is choosing it just now. */
  visit: Visit | null;
}

/** By person, room or device, sorted by start. */
export type Index = Map<string, Busy[]>;

export interface Place {
  start: number;
  minutes: number;
  staffId: string;
}

export type Verdict =
  | { code: 'free' }
  | { code: 'cannot' }
  | { code: 'busy'; visit: Visit }
  | { code: 'picked' }
  | { code: 'room'; thingId: string }
  | { code: 'closed'; reason: string }
  | { code: 'off' };

/** Hours can be overridden, and another visit cannot. */
export const blocks = ({ code }: Verdict): boolean =>
  code === 'cannot' || code === 'busy' || code === 'picked' || code === 'room';

function add(index: Index, key: string, busy: Busy): void {
  const list = index.get(key);
  if (list) list.push(busy);
  else index.set(key, [busy]);
}

/** Without the visit that is to be moved, which is not in its own way. */
export function indexOf(model: Model, except: string): Index {
  const index: Index = new Map();
  for (const visit of model.visits) {
    if (visit.id === except || !holds(visit)) continue;
    for (const { kind, at, minutes } of visit.segments) {
      if (kind === 'processing') continue;
      add(index, visit.staff_id, { from: visit.start + at, to: visit.start + at + minutes, visit });
    }
    for (const { resource_id: id, at, minutes } of visit.resources) {
      add(index, id, { from: visit.start + at, to: visit.start + at + minutes, visit });
    }
  }
  for (const { resourceId, from, to } of model.picks) add(index, resourceId, { from, to, visit: null });
  for (const list of index.values()) list.sort((a, b) => a.from - b.from);
  return index;
}

function meets(index: Index, key: string, from: number, to: number): Busy | undefined {
  return index.get(key)?.find((busy) => busy.from < to && from < busy.to);
}

/** One free thing for each need, none twice at once; the one that has none. */
function shortOf(index: Index, visit: Visit, place: Place): string | null {
  const taken: { id: string; from: number; to: number }[] = [];
  for (const held of heldOf(visit, place.minutes)) {
    const from = place.start + held.at;
    const to = from + held.minutes;
    const isFree = (id: string): boolean =>
      !meets(index, id, from, to) && !taken.some((each) => each.id === id && each.from < to && from < each.to);
    const id = [held.resource_id, ...held.any_of].find(isFree);
    if (id === undefined) return held.resource_id;
    taken.push({ id, from, to });
  }
  return null;
}

export function judge(model: Model, index: Index, visit: Visit, place: Place): Verdict {
  const person = model.people.find(({ id }) => id === place.staffId);
  const isOther = place.staffId !== visit.staff_id;
  if (isOther && !visit.services.every(({ id }) => person?.service_ids.includes(id))) return { code: 'cannot' };
  const parts = partsOf(visit, place.minutes);
  for (const { kind, at, minutes } of parts) {
    if (kind === 'processing') continue;
    const busy = meets(index, place.staffId, place.start + at, place.start + at + minutes);
    if (busy) return busy.visit ? { code: 'busy', visit: busy.visit } : { code: 'picked' };
  }
  const thingId = shortOf(index, visit, place);
  if (thingId !== null) return { code: 'room', thingId };
  const from = place.start + Math.min(0, parts[0]?.at ?? 0);
  const last = parts.at(-1);
  const to = place.start + Math.max(place.minutes, last ? last.at + last.minutes : 0);
  if (person?.open.some((open) => open.from <= from && to <= open.to)) return { code: 'free' };
  const day = dayAt(model.days, place.start);
  return day?.closed ? { code: 'closed', reason: day.closure } : { code: 'off' };
}

/** Starts on the business's grid at which the visit would be free with a person on a day. */
export function freeStarts(model: Model, index: Index, visit: Visit, dayIndex: number, staffId: string): number[] {
  const day = model.days[dayIndex];
  if (!day) return [];
  const starts: number[] = [];
  for (let at = 0; at < day.minutes; at += model.step) {
    const start = day.start + at;
    const isThere = start === visit.start && staffId === visit.staff_id;
    if (isThere) continue;
    if (judge(model, index, visit, { start, minutes: visit.minutes, staffId }).code === 'free') starts.push(at);
  }
  return starts;
}
