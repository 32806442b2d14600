/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A visit seeks a place (`?move=<id>`): what is free for it is marked, and a tap or Enter on a mark
 * puts it there. For whoever does not drag.
 */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { words } from '../../words/calendar';
import { freeStarts, indexOf } from './clash';
import type { Column } from './columns';
import { daysQuery, visitQuery } from './data';
import { type Model, type Visit, modelOf } from './model';
import type { Free } from './over';
import { servicesText } from './say';

/** As high as a finger is wide. */
const LEAST_MIN = 30;

/** On the days that are shown, or else from its own day. */
export function useSought(id: string | null, model: Model): Visit | null {
  const here = model.visits.find((visit) => visit.id === id);
  const away = id !== null && !here;
  const booking = useQuery({ ...visitQuery(id ?? ''), enabled: away });
  const date = booking.data?.local.slice(0, 10) ?? '';
  const days = useQuery({ ...daysQuery(date, date), enabled: away && date !== '' });
  const there = useMemo(
    () => (days.data ? modelOf(days.data).visits.find((visit) => visit.id === id) : undefined),
    [days.data, id],
  );
  return id === null ? null : (here ?? there ?? null);
}

export function useFree(visit: Visit | null, model: Model, columns: Column[]): Free[] {
  return useMemo(() => {
    if (!visit) return [];
    const index = indexOf(model, visit.id);
    return columns.flatMap((column, number) => {
      if (column.thingId) return [];
      const starts = freeStarts(model, index, visit, column.dayIndex, column.staffId ?? visit.staff_id);
      let last = -LEAST_MIN;
      return starts.flatMap((at) => {
        if (at - last < LEAST_MIN) return [];
        last = at;
        return [{ column: number, at, minutes: LEAST_MIN, start: column.day.start + at }];
      });
    });
  }, [visit, model, columns]);
}

export function Seeking({ visit, hasFree, stop }: { visit: Visit | null; hasFree: boolean; stop: () => void }) {
  if (!visit) return null;
  return (
    <div className="cal-seek" role="status">
      <p>
        <b>{words.choosePlace(visit.client.name, servicesText(visit))}</b>
        <span>{hasFree ? words.choosePlaceText : words.noFree}</span>
      </p>
      <Button variant="default" onClick={stop}>
        {words.cancelMove}
      </Button>
    </div>
  );
}
