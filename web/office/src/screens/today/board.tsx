/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The day in figures, and the week day by day. */
import { Link } from '@tanstack/react-router';
import { calendarDate, money } from '../../kit/time';
import { plural } from '../../words/plural';
import { words } from '../../words/today';
import type { Dashboard, DayFigures } from './data';

const visits = (count: number): string => plural(count, words.visitsForms);

export function Figures({ board }: { board: Dashboard }) {
  const { today, next_24h: ahead, week, revenue, no_shows: missed } = board;
  return (
    <dl className="figures">
      <Figure label={words.visitsToday} value={String(today.visits)} note={words.ofThem(today.completed, missed.today)} />
      <div className="figure figure-money">
        <dt>{words.moneyToday}</dt>
        <dd className="figure-value">{money(revenue.booked)}</dd>
        <dd className="figure-note">{words.earned(money(revenue.earned), money(revenue.by_now))}</dd>
        <dd className="money-bar" aria-hidden="true">
          <span className="money-now" style={{ inlineSize: share(revenue.by_now, revenue.booked) }} />
          <span className="money-earned" style={{ inlineSize: share(revenue.earned, revenue.booked) }} />
        </dd>
      </div>
      <Figure label={words.next24} value={String(ahead.visits)} note={ahead.visits > 0 ? words.worth(money(ahead.booked)) : words.nothingAhead} />
      <Figure label={words.thisWeek} value={String(week.visits)} note={words.worth(money(week.booked))} />
    </dl>
  );
}

const share = (part: number, whole: number): string => `${whole > 0 ? Math.min(100, (part / whole) * 100) : 0}%`;

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd className="figure-value">{value}</dd>
      <dd className="figure-note">{note}</dd>
    </div>
  );
}

export function Week({ board }: { board: Dashboard }) {
  const most = Math.max(1, ...board.days.map((day) => day.visits));
  const { week } = board;
  return (
    <section className="panel" aria-labelledby="week-title">
      <header className="panel-head">
        <h2 id="week-title">{words.week}</h2>
        <p className="soft small">{words.weekSum(week.visits, visits(week.visits), money(week.earned))}</p>
      </header>
      <ul className="week-bars">
        {board.days.map((day) => (
          <Day key={day.date} day={day} most={most} isToday={day.date === board.date} />
        ))}
      </ul>
    </section>
  );
}

function Day({ day, most, isToday }: { day: DayFigures; most: number; isToday: boolean }) {
  const date = day.date ?? '';
  const label = `${calendarDate(date, { weekday: 'long', day: 'numeric', month: 'long' })}: ${day.visits} ${visits(day.visits)}, ${money(day.booked)}`;
  return (
    <li>
      <Link
        to="/app/calendar"
        search={{ date }}
        className="day"
        title={label}
        aria-current={isToday ? 'date' : undefined}
      >
        <span className="unseen">{label}</span>
        <span className="day-count" aria-hidden="true">
          {day.visits}
        </span>
        <span className="day-bar" aria-hidden="true">
          <span style={{ blockSize: `${(day.visits / most) * 100}%` }} />
        </span>
        <span className="day-name" aria-hidden="true">
          {calendarDate(date, { weekday: 'short' })}
        </span>
      </Link>
    </li>
  );
}
