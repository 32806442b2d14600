/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The calendar: a day with a column for each person or room, a week, or lists; and its day sheets. */
import './calendar.css';
import './print.css';
import { Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { Failed, Waiting } from '../../kit/states';
import { words } from '../../words/calendar';
import { plusDays } from './clock';
import { daysQuery } from './data';
import { ghostNow, watchGhost } from './ghost';
import { DayLists, Sheets } from './list';
import { type CalendarData, type Model, modelOf } from './model';
import { Stage } from './stage';
import { Toolbar } from './toolbar';
import { type View, viewOf } from './view';

export function CalendarScreen() {
  const search = useSearch({ from: '/app/calendar' });
  const view = viewOf(search);
  const days = useQuery({
    ...daysQuery(view.from, view.to, view.cancelled),
    /* The same days with other visits; never another day's under this one's name. */
    placeholderData: (last: CalendarData | undefined) =>
      last?.days[0]?.date === view.from && last.days.length === (view.name === 'day' ? 1 : 7)
        ? last
        : undefined,
  });
  usePrefetch(view, days.isSuccess);
  const data = useStill(days.data);
  const model = useMemo(() => (data ? modelOf(data) : null), [data]);
  return (
    <div className="cal" data-view={view.name}>
      <Toolbar view={view} model={model} />
      {model ? (
        <Shown view={view} model={model} />
      ) : days.error ? (
        <Failed error={days.error} retry={() => void days.refetch()} />
      ) : (
        <Loading isList={view.name === 'list'} />
      )}
      {model && <Paper view={view} model={model} />}
    </div>
  );
}

function Shown({ view, model }: { view: View; model: Model }) {
  return (
    <>
      {model.cut && (
        <p className="cal-cut" role="status">
          {words.cut}
        </p>
      )}
      {view.name === 'list' ? <DayLists model={model} who={view.who} /> : <Stage view={view} model={model} />}
    </>
  );
}

/** The next and the last day, so that a step shows them at once. */
function usePrefetch(view: View, isReady: boolean): void {
  const client = useQueryClient();
  const { name, date, cancelled } = view;
  useEffect(() => {
    if (!isReady || name !== 'day') return;
    for (const other of [plusDays(date, 1), plusDays(date, -1)]) {
      void client.prefetchQuery(daysQuery(other, other, cancelled));
    }
  }, [client, name, date, cancelled, isReady]);
}

const isHeld = (): boolean => ghostNow() !== null;

/** What is in somebody's hands does not move under them: what comes meanwhile waits for the drop. */
function useStill(data: CalendarData | undefined): CalendarData | undefined {
  const held = useSyncExternalStore(watchGhost, isHeld);
  const [still, keep] = useState(data);
  if (held || still === data) return still;
  keep(data);
  return data;
}

const paper = matchMedia('print');

/** The sheets are there only while the page is printed. */
function usePrinting(): boolean {
  return useSyncExternalStore(
    (tell) => {
      const now = (): void => flushSync(tell);
      paper.addEventListener('change', now);
      addEventListener('beforeprint', now);
      return () => {
        paper.removeEventListener('change', now);
        removeEventListener('beforeprint', now);
      };
    },
    () => paper.matches,
  );
}

function Paper({ view, model }: { view: View; model: Model }) {
  return usePrinting() ? <Sheets model={model} who={view.who} /> : null;
}

const COLUMNS = [0, 1, 2, 3];

function Loading({ isList }: { isList: boolean }) {
  if (isList) return <Waiting rows={8} height={52} />;
  return (
    <div className="waiting cal-loading" aria-busy="true">
      <span className="unseen">{words.loading}</span>
      {COLUMNS.map((column) => (
        <div key={column}>
          <Skeleton height={28} radius="md" />
        </div>
      ))}
    </div>
  );
}
