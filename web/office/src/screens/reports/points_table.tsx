/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The chart as a table: each part of the period and all its figures. */
import { words } from '../../words/reports';
import type { Report } from './data';
import { longPart, ofFigure, ofUnit } from './format';
import { MAIN, shownFigures } from './shown';

export function PointsTable({ report }: { report: Report }) {
  const { series, by, unit, kind } = report;
  const figures = shownFigures(kind, series.map((point) => point.figures)).filter((figure) => figure !== MAIN[kind]);
  const hasBefore = report.previous !== null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it can be scrolled by keyboard
    <div className="report-scroll" tabIndex={0} role="region" aria-label={words.kinds[kind]}>
      <table className="report-table">
        <thead>
          <tr>
            <th scope="col">{words.part}</th>
            <th scope="col" className="num">{words.figures[MAIN[kind]]}</th>
            {hasBefore && <th scope="col" className="num">{words.previous}</th>}
            {figures.map((figure) => (
              <th key={figure} scope="col" className="num">
                {words.figures[figure]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map((point) => (
            <tr key={point.from}>
              <th scope="row">{longPart(by, point.from, point.to)}</th>
              <td className="num">{ofUnit(unit, point.value)}</td>
              {hasBefore && <td className="num soft">{ofUnit(unit, point.previous)}</td>}
              {figures.map((figure) => (
                <td key={figure} className="num">
                  {ofFigure(figure, point.figures[figure])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
