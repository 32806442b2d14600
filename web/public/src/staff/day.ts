/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Today's visits: as the server has them, else as the phone has kept them, with what waits on top. */
import { useEffect, useState } from 'preact/hooks';
import type { Booking, List, Problem, Session } from '../kit/contract';
import { isOpen } from '../kit/open';
import { shellData } from '../kit/shell';
import { useRead } from './ask';
import { keepDay, keptDay } from './copy';
import { type Change, queue, withChanges } from './queue';
import { useStore } from './store';

export interface Day {
  date: string;
  visits: Booking[] | null;
  problem: Problem | null;
  unreachable: boolean;
  loading: boolean;
  reload: () => void;
}

export function listPath(member: Session, from: string, to: string): string {
  const query = new URLSearchParams({ from, to, staff_id: member.staff_id, limit: '200' });
  return `/bookings?${query}`;
}

/** The newest that is known of each, as it will be once its changes are sent. */
export function shown(
  visits: readonly Booking[],
  sent: ReadonlyMap<string, Booking>,
  changes: readonly Change[],
): Booking[] {
  const now = new Date().toISOString();
  return visits.map((visit) => {
    const newer = sent.get(visit.id);
    return withChanges(newer && newer.version > visit.version ? newer : visit, changes, now);
  });
}

export function useShown(visits: readonly Booking[] | null): Booking[] | null {
  const changes = useStore(queue.changes);
  const sent = useStore(queue.sent);
  return visits && shown(visits, sent, changes);
}

interface Given {
  date: string;
  data: Booking[];
}

/** What the server put into the page; a page that was open over midnight has yesterday's. */
function given(date: string): List<Booking> | null {
  const today = shellData<Given>('today');
  return today?.date === date ? { data: today.data, next_cursor: null } : null;
}

export function useDay(member: Session, date: string): Day {
  const [first] = useState(() => given(date));
  const read = useRead<List<Booking>>(listPath(member, date, date), 'visits', first);
  const copy = read.value ? null : keptDay(member, date);
  const fresh = read.value?.data;
  useEffect(() => {
    if (fresh) keepDay(member, date, fresh);
  }, [fresh, member, date]);
  const visits = useShown(fresh ?? copy?.visits ?? null);
  return {
    date,
    visits: visits?.filter((each) => each.status !== 'cancelled') ?? null,
    problem: read.problem,
    unreachable: read.unreachable,
    loading: read.loading && !copy,
    reload: read.reload,
  };
}

export interface Parts {
  now: Booking | null;
  next: Booking | null;
  /** Over by the clock, and neither begun, finished nor missed. */
  overdue: Booking[];
  later: Booking[];
  done: Booking[];
}

/** What a member needs to see of a day, at this moment. */
export function partsOf(visits: readonly Booking[], nowMs: number): Parts {
  const open = visits.filter(isOpen);
  const begun = open.filter((each) => each.started_at !== null);
  const now = begun.at(-1) ?? null;
  const waiting = open.filter((each) => each !== now);
  const isOver = (each: Booking): boolean =>
    each.started_at !== null || Date.parse(each.end) <= nowMs;
  const ahead = waiting.filter((each) => !isOver(each));
  return {
    now,
    next: ahead[0] ?? null,
    overdue: waiting.filter(isOver),
    later: ahead.slice(1),
    done: visits.filter((each) => !isOpen(each)),
  };
}
