/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Moving a visit: shown at once, sent one after another, put back with the reason where the program
 * refuses it; and the way back of all that was moved since the screen was opened.
 *
 * The program's side: PATCH /bookings/{id} {start, staff_id, duration_min, override_hours}; POST
 * /bookings/{id}/undo {version} takes the last change back; POST /bookings/{id}/hush {version} takes
 * back its letters, which wait for ten seconds.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { api, ask, ifMatch } from '../../kit/api';
import type { Booking } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Refusal } from '../../kit/refusal';
import { justChanged } from '../../kit/toast';
import { words } from '../../words/calendar';
import type { Place } from './clash';
import { checkPlace } from './data';
import { type CalendarData, type Visit, type VisitData, heldOf, instantOf, partsOf } from './model';

interface Change {
  start?: string;
  staff_id?: string;
  duration_min?: number;
  override_hours?: boolean;
}

const patch = (id: string, body: Change, version: number): Promise<Booking> =>
  ask(api.PATCH('/api/v1/bookings/{id}', { params: { path: { id }, header: { 'If-Match': ifMatch(version) } }, body }));

/** What is said of the last change, at the foot of the screen. */
export interface News {
  id: number;
  kind: 'moved' | 'back' | 'hushed' | 'refused';
  text: string;
  /** Of whom it is, for the buttons. */
  visit: Visit;
  /** moved: until when nobody has been told. */
  hush?: number;
  /** refused: only hours were in the way. */
  anyway?: Place;
}

const HUSH_MS = 10_000;

const placeOf = (visit: Visit): Place => ({ start: visit.start, minutes: visit.minutes, staffId: visit.staff_id });

/** Changes one visit wherever it is on a calendar that was read. */
function redraw(client: QueryClient, id: string, change: (visit: VisitData) => VisitData): void {
  client.setQueriesData<CalendarData>({ queryKey: ['calendar', 'days'] }, (data) =>
    data?.visits.some((visit) => visit.id === id)
      ? { ...data, visits: data.visits.map((visit) => (visit.id === id ? change(visit) : visit)) }
      : data,
  );
}

function drawAt(client: QueryClient, visit: Visit, to: Place): void {
  redraw(client, visit.id, (data) => ({
    ...data,
    start: instantOf(to.start),
    end: instantOf(to.start + to.minutes),
    minutes: to.minutes,
    staff_id: to.staffId,
    segments: partsOf(visit, to.minutes),
    resources: heldOf(visit, to.minutes),
  }));
}

interface Done {
  visit: Visit;
  to: Place;
  version: number;
}

/** The program keeps the last change of a visit alone; one before it is a move back like any other. */
function takeBack({ visit, to, version }: Done, present: number): Promise<Booking> {
  const params = { path: { id: visit.id } };
  if (version === present) return ask(api.POST('/api/v1/bookings/{id}/undo', { params, body: { version } }));
  const body = {
    start: instantOf(visit.start),
    staff_id: visit.staff_id,
    ...(to.minutes === visit.minutes ? {} : { duration_min: visit.minutes }),
    override_hours: true,
  };
  return patch(visit.id, body, present);
}

export interface Moves {
  news: News | null;
  dismiss: () => void;
  move: (visit: Visit, to: Place, override?: boolean) => void;
  /** It was not even tried. */
  refuse: (visit: Visit, text: string) => void;
  undo: () => void;
  hush: () => void;
}

let lastNews = 0;

/** `settled`: the visit that the focus is to come back to. */
export function useMoves(settled: (id: string) => void, describe: (visit: Visit, to: Place) => string): Moves {
  const client = useQueryClient();
  const [news, setNews] = useState<News | null>(null);
  const done = useRef<Done[]>([]);
  const versions = useRef(new Map<string, number>());
  const queue = useRef<Promise<void>>(Promise.resolve());

  const say = useCallback((next: Omit<News, 'id'>): void => {
    lastNews += 1;
    setNews({ ...next, id: lastNews });
  }, []);
  /** Moves of one visit follow each other, each on the version that the one before has made. */
  const inTurn = useCallback(
    (work: () => Promise<void>): void => {
      queue.current = queue.current.then(work).finally(() => {
        void client.invalidateQueries({ queryKey: ['calendar'] });
        void client.invalidateQueries({ queryKey: ['bookings'] });
      });
    },
    [client],
  );
  const versionOf = useCallback(
    (visit: Visit): number => Math.max(visit.version, versions.current.get(visit.id) ?? 0),
    [],
  );

  const refused = useCallback(
    async (visit: Visit, to: Place, error: unknown): Promise<void> => {
      const isTaken = error instanceof Refusal && error.code === 'slot_taken';
      const checked = isTaken ? await checkPlace(visit.id, instantOf(to.start), to.staffId).catch(() => null) : null;
      const why = checked?.code ? (words.reasons[checked.code] ?? problemText(error)) : problemText(error);
      const anyway = checked?.can_override && to.minutes === visit.minutes ? { anyway: to } : {};
      say({ kind: 'refused', text: words.refused(visit.client.name, why), visit, ...anyway });
    },
    [say],
  );

  const move = useCallback(
    (visit: Visit, to: Place, override = false): void => {
      const from = placeOf(visit);
      if (from.start === to.start && from.staffId === to.staffId && from.minutes === to.minutes) return;
      void client.cancelQueries({ queryKey: ['calendar'] });
      drawAt(client, visit, to);
      settled(visit.id);
      justChanged();
      say({ kind: 'moved', text: describe(visit, to), visit, hush: Date.now() + HUSH_MS });
      inTurn(async () => {
        const body = {
          ...(from.start === to.start ? {} : { start: instantOf(to.start) }),
          ...(from.staffId === to.staffId ? {} : { staff_id: to.staffId }),
          ...(from.minutes === to.minutes ? {} : { duration_min: to.minutes }),
          ...(override ? { override_hours: true } : {}),
        };
        try {
          const { version } = await patch(visit.id, body, versionOf(visit));
          versions.current.set(visit.id, version);
          redraw(client, visit.id, (data) => ({ ...data, version }));
          done.current.push({ visit, to, version });
        } catch (error) {
          drawAt(client, { ...visit, segments: visit.segments }, from);
          settled(visit.id);
          await refused(visit, to, error);
        }
      });
    },
    [client, describe, inTurn, refused, say, settled, versionOf],
  );

  const undo = useCallback((): void => {
    inTurn(async () => {
      const last = done.current.pop();
      if (!last) return;
      const { visit, to } = last;
      drawAt(client, visit, placeOf(visit));
      settled(visit.id);
      try {
        const { version } = await takeBack(last, versionOf(visit));
        versions.current.set(visit.id, version);
        redraw(client, visit.id, (data) => ({ ...data, version }));
        say({ kind: 'back', text: words.movedBack(describe(visit, placeOf(visit))), visit });
      } catch (error) {
        drawAt(client, visit, to);
        settled(visit.id);
        say({ kind: 'refused', text: words.refused(visit.client.name, problemText(error)), visit });
      }
    });
  }, [client, describe, inTurn, say, settled, versionOf]);

  const hush = useCallback((): void => {
    inTurn(async () => {
      const last = done.current.at(-1);
      if (!last) return;
      try {
        const params = { path: { id: last.visit.id } };
        const body = { version: last.version };
        const { version } = await ask(api.POST('/api/v1/bookings/{id}/hush', { params, body }));
        last.version = version;
        versions.current.set(last.visit.id, version);
        say({ kind: 'hushed', text: words.hushed(last.visit.client.name), visit: last.visit });
      } catch (error) {
        say({ kind: 'refused', text: words.notHushed(last.visit.client.name, problemText(error)), visit: last.visit });
      }
    });
  }, [inTurn, say]);

  const dismiss = useCallback(() => setNews(null), []);
  const refuse = useCallback((visit: Visit, text: string) => say({ kind: 'refused', text, visit }), [say]);
  return useMemo(
    () => ({ news, dismiss, move, refuse, undo, hush }),
    [news, dismiss, move, refuse, undo, hush],
  );
}
