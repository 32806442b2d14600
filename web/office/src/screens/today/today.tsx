/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Today: what needs the owner now, who comes next, the money of the day, and how tomorrow stands. */
import './today.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarPlus, Rocket } from 'lucide-react';
import { PageHead } from '../../kit/page';
import { Empty, Failed, Waiting } from '../../kit/states';
import { calendarDate } from '../../kit/time';
import { words } from '../../words/today';
import { SampleBand } from '../sample/sample';
import { Attention } from './attention';
import { Figures, Week } from './board';
import { type Dashboard, dashboardQuery, readinessQuery } from './data';
import { HealthCard } from './health';
import { Next } from './next';
import { BookingPage } from './publish';
import { Recent } from './recent';

export function TodayScreen() {
  const { data, error, refetch } = useQuery(dashboardQuery);
  return (
    <div className="page today">
      <PageHead
        title={words.title}
        note={data && calendarDate(data.date, { weekday: 'long', day: 'numeric', month: 'long' })}
        actions={<NewVisit />}
      />
      <SampleBand />
      {data ? (
        <Board board={data} />
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Waiting rows={5} height={96} />
      )}
    </div>
  );
}

function NewVisit() {
  return (
    <Button
      leftSection={<CalendarPlus size={17} aria-hidden="true" />}
      renderRoot={(props) => <Link {...props} to="." search={(old) => ({ ...old, new: 'now' })} />}
    >
      {words.newVisit}
    </Button>
  );
}

/** Nothing to book yet, and nobody has: the way in is what there is to say. */
function Board({ board }: { board: Dashboard }) {
  const readiness = useQuery({ ...readinessQuery, enabled: !board.published });
  const isFirst = !board.published && board.week.visits === 0 && readiness.data?.ready === false;
  if (isFirst)
    return (
      <div className="stack">
        <section className="panel">
          <Empty
            icon={Rocket}
            title={words.firstTitle}
            text={words.firstText}
            action={<Button renderRoot={(props) => <Link {...props} to="/app/start" />}>{words.firstAction}</Button>}
          />
        </section>
        <BookingPage />
      </div>
    );
  return (
    <>
      <Figures board={board} />
      <div className="board">
        <div className="board-main">
          <Attention board={board} />
          <Week board={board} />
          <Recent board={board} />
        </div>
        <div className="board-side">
          <Next board={board} />
          <HealthCard />
          <BookingPage />
        </div>
      </div>
    </>
  );
}
