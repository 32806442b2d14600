/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All figures of the period, each beside what it was before. */
import { words } from '../../words/reports';
import type { Report } from './data';
import { ofFigure } from './format';
import { shownFigures } from './shown';

export function Totals({ report: { totals, previous, kind } }: { report: Report }) {
  return (
    <section className="panel" aria-labelledby="report-totals">
      <h2 id="report-totals">{words.totals}</h2>
      <dl className="report-totals">
        {shownFigures(kind, [totals]).map((figure) => (
          <div key={figure}>
            <dt>{words.figures[figure]}</dt>
            <dd>
              {ofFigure(figure, totals[figure])}
              {previous && <span>{words.was(ofFigure(figure, previous.totals[figure]))}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
