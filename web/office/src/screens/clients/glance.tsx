/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A client in four figures. */
import type { ReactNode } from 'react';
import { brief, dateTime, money } from '../../kit/time';
import { words } from '../../words/clients';
import type { Overview } from './data';

export function Glance({ overview: { visits, spend, ratings } }: { overview: Overview }) {
  const missed = [
    visits.no_show > 0 ? words.noShows(visits.no_show) : '',
    visits.cancelled > 0 ? words.cancelledCount(visits.cancelled) : '',
  ].filter(Boolean);
  return (
    <section className="glance" aria-label={words.figures}>
      <Figure label={words.nextVisit} note={visits.last && words.lastVisit(brief(visits.last.start))}>
        {visits.next ? <small>{dateTime(visits.next.start)}</small> : <small>{words.nextNone}</small>}
      </Figure>
      <Figure label={words.visits} note={missed.join(' · ') || words.upcoming(visits.upcoming)}>
        {visits.completed}
      </Figure>
      <Figure label={words.spent} note={visits.completed > 0 ? words.visitsDone(visits.completed) : null}>
        {spend.completed > 0 ? money(spend.completed) : <small>{words.spentNone}</small>}
      </Figure>
      {ratings && (
        <Figure label={words.rating} note={ratings.count > 0 ? words.ratingOf(ratings.count) : null}>
          {ratings.count > 0 && ratings.average !== null ? (
            (Math.round(ratings.average * 10) / 10).toLocaleString('en')
          ) : (
            <small>{words.ratingNone}</small>
          )}
        </Figure>
      )}
    </section>
  );
}

function Figure({ label, note, children }: { label: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="figure">
      <h2>{label}</h2>
      <p className="figure-value">{children}</p>
      {note && <p className="figure-note">{note}</p>}
    </div>
  );
}
