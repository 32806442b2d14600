/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The grid with what it can do: moves and their news, a free place for a visit that seeks one, nothing to show. */
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { words } from '../../words/calendar';
import { dateText, today } from './clock';
import { type Column, columnsByDay, columnsByPerson, columnsByRoom } from './columns';
import { Nothing, NothingToDraw } from './empty';
import { Grid } from './grid';
import { useCarrying } from './hands';
import { Head, columnName } from './head';
import { type Model, type Visit, instantOf } from './model';
import { type Moves, useMoves } from './moves';
import { News } from './news';
import { nowMinute } from './over';
import { Seeking, useFree, useSought } from './seek';
import { placeText } from './say';
import type { View } from './view';

const BEFORE_MIN = 45;

/** Around now where somebody works now, else a little before the first of the day. */
function firstMinute(columns: Column[]): number {
  const starts = columns.flatMap(({ open, placed }) => [open[0]?.at, placed[0]?.at]).filter((at) => at !== undefined);
  const ends = columns.map(({ open }) => open.at(-1)).map((last) => (last ? last.at + last.minutes : 0));
  const first = starts.length > 0 ? Math.min(...starts) : 9 * 60;
  const day = columns.find((column) => column.day.date === today())?.day;
  const now = day ? nowMinute() - day.start : 0;
  const isOpen = first <= now && now <= Math.max(...ends);
  return isOpen ? Math.max(first - BEFORE_MIN, now - 2 * BEFORE_MIN) : first - BEFORE_MIN;
}

function columnsOf(name: View['name'], by: View['by'], who: string | null, model: Model): Column[] {
  if (name === 'week') return columnsByDay(model, who);
  return by === 'room' ? columnsByRoom(model) : columnsByPerson(model, who);
}

export function Stage({ view, model }: { view: View; model: Model }) {
  const navigate = useNavigate();
  const [spoken, setSpoken] = useState('');
  const wanted = useRef<string | null>(null);
  const { name, by, who } = view;
  const columns = useMemo(() => columnsOf(name, by, who, model), [name, by, who, model]);
  const settled = useCallback((id: string) => void (wanted.current = id), []);
  const describe = useCallback(
    (visit: Visit, to: Parameters<typeof placeText>[2]) => placeText(model, visit, to),
    [model],
  );
  const moves = useMoves(settled, describe);
  useUndoKey(moves);

  const carrying = useCarrying({
    model,
    columns,
    speak: setSpoken,
    put: moves.move,
    refuse: (visit, why) => moves.refuse(visit, words.notPlaced(why)),
  });
  const sought = useSought(view.move, model);
  const stopSeeking = (): void => void navigate({ to: '/app/calendar', search: (old) => ({ ...old, move: undefined }) });
  const free = useFree(sought, model, columns);

  const open = (id: string): void =>
    void navigate({ to: '/app/calendar', search: (old) => ({ ...old, visit: id }) });
  const gap = (column: Column, at: number): void =>
    void navigate({
      to: '/app/calendar',
      search: (old) => ({
        ...old,
        new: instantOf(column.day.start + at),
        person: column.staffId ?? undefined,
        who: view.who ?? undefined,
      }),
    });

  if (columns.length === 0) return <NothingToDraw view={view} />;
  return (
    <>
      {view.move && <Seeking visit={sought} hasFree={free.length > 0} stop={stopSeeking} />}
      <Grid
        model={model}
        columns={columns}
        nameOf={(column) => columnName(column, model)}
        head={(column) => <Head column={column} model={model} isWeek={view.name === 'week'} />}
        carrying={carrying}
        open={open}
        gap={gap}
        scrollTo={{ key: `${view.name} ${view.from}`, at: firstMinute(columns) }}
        wanted={wanted}
        free={free}
        freeWho={(index) => {
          const column = columns[index];
          if (!column) return '';
          return view.name === 'week' ? dateText(column.day.date) : columnName(column, model);
        }}
        takeFree={(place) => {
          if (!sought) return;
          const staffId = columns[place.column]?.staffId ?? sought.staff_id;
          moves.move(sought, { start: place.start, minutes: sought.minutes, staffId });
          stopSeeking();
        }}
      >
        <Nothing view={view} model={model} columns={columns} isSeeking={view.move !== null} />
      </Grid>
      <p className="unseen" role="status" aria-live="assertive">
        {spoken}
      </p>
      <News moves={moves} />
    </>
  );
}

/** Ctrl+Z takes the last move back, unless something is being written. */
function useUndoKey({ undo }: Moves): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
      const target = event.target instanceof Element ? event.target : null;
      if (!isUndo || event.defaultPrevented || target?.closest('input, textarea, select, [contenteditable]')) return;
      event.preventDefault();
      undo();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [undo]);
}
