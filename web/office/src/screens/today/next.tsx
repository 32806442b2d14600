/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The next two hours, a line a person: when they are there, and whom they have. */
import { Link } from '@tanstack/react-router';
import { Face } from '../../kit/face';
import { clock } from '../../kit/time';
import { words } from '../../words/today';
import type { Dashboard, NextPerson } from './data';

const SPAN_MS = 2 * 3_600_000;
const TICK_MS = 1_800_000;
/** So near to the end a time would stand beyond it, and so near to now over it. */
const LEAST_TICK = 0.1;
const LAST_TICK = 0.9;

interface Stretch {
  from: number;
  to: number;
}

/** In shares of the two hours; what is under way began before them. */
function stretch(start: string, end: string, now: string): Stretch {
  const zero = new Date(now).getTime();
  const at = (instant: string): number => Math.min(1, Math.max(0, (new Date(instant).getTime() - zero) / SPAN_MS));
  return { from: at(start), to: at(end) };
}

const placed = ({ from, to }: Stretch) => ({
  insetInlineStart: `${from * 100}%`,
  inlineSize: `${(to - from) * 100}%`,
});

interface Tick {
  at: string;
  share: number;
}

/** The half hours that are to come. */
function ticksFrom(now: string): Tick[] {
  const zero = new Date(now).getTime();
  const first = Math.ceil(zero / TICK_MS) * TICK_MS;
  return [0, 1, 2, 3]
    .map((step) => first + step * TICK_MS)
    .map((at) => ({ at: new Date(at).toISOString(), share: (at - zero) / SPAN_MS }));
}

export function Next({ board }: { board: Dashboard }) {
  const { next, now } = board;
  const ticks = ticksFrom(now);
  return (
    <section className="panel" aria-labelledby="next-title">
      <header className="panel-head">
        <h2 id="next-title">{words.next}</h2>
      </header>
      {next.length === 0 ? (
        <p className="soft">{words.nobodyNext}</p>
      ) : (
        <>
          <div className="next-scale" aria-hidden="true">
            <span>{words.now}</span>
            {ticks
              .filter(({ share }) => share > LEAST_TICK && share < LAST_TICK)
              .map(({ at, share }) => (
                <span key={at} style={{ insetInlineStart: `${share * 100}%` }}>
                  {clock(at)}
                </span>
              ))}
          </div>
          <ul className="next">
            {next.map((person) => (
              <Person key={person.staff_id} person={person} now={now} ticks={ticks} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Person({ person, now, ticks }: { person: NextPerson; now: string; ticks: Tick[] }) {
  return (
    <li className="next-person">
      <p className="next-name">
        <Face name={person.name} size={26} />
        <span>{person.name}</span>
      </p>
      <div className="next-line">
        {person.open.map((open) => (
          <span key={open.start} className="next-open" style={placed(stretch(open.start, open.end, now))} />
        ))}
        {ticks.map(({ at, share }) => (
          <span key={at} className="next-tick" style={{ insetInlineStart: `${share * 100}%` }} />
        ))}
        {person.visits.length === 0 && <span className="next-free">{words.free}</span>}
        {person.visits.map((visit) => (
          <Link
            key={visit.id}
            to="."
            search={(old) => ({ ...old, visit: visit.id })}
            className="next-visit"
            data-status={visit.status}
            style={placed(stretch(visit.start, visit.end, now))}
            title={words.nextVisit(clock(visit.start), clock(visit.end), visit.client_name, visit.services)}
          >
            <span className="unseen">
              {words.nextVisit(clock(visit.start), clock(visit.end), visit.client_name, visit.services)}
            </span>
            <b aria-hidden="true">{visit.client_name}</b>
            <span aria-hidden="true">{clock(visit.start)}</span>
          </Link>
        ))}
      </div>
    </li>
  );
}
