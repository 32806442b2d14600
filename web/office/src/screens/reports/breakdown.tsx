/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who and what the figures come from: a table a group, with a bar behind what counts. A person and a service lead to the report of them alone. */
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { words } from '../../words/reports';
import { BY_SERVICE, BY_STAFF, type Figure, type Report, type Row } from './data';
import { ofFigure } from './format';
import { MAIN, shownFigures } from './shown';

const GROUPS = ['staff', 'service', 'by', 'notice', 'clients', 'item'] as const satisfies readonly Row['group'][];
const QUANTITIES = new Set<Figure>(['on_hand', 'planned', 'used', 'waste']);

export function Breakdown({ report, csv }: { report: Report; csv: string }) {
  const groups = GROUPS.map((group) => ({ group, rows: report.rows.filter((row) => row.group === group) }));
  return groups
    .filter(({ rows }) => rows.length > 0)
    .map(({ group, rows }) => <Group key={group} group={group} rows={rows} report={report} csv={csv} />);
}

interface GroupProps {
  group: Row['group'];
  rows: Row[];
  report: Report;
  csv: string;
}

function Group({ group, rows, report, csv }: GroupProps) {
  const { kind } = report;
  const figures = shownFigures(kind, rows.map((row) => row.figures));
  const main = rows.some((row) => row.value !== null) ? MAIN[kind] : null;
  const most = Math.max(1, ...rows.map((row) => row.value ?? 0));
  return (
    <div className="panel report-group">
      <div className="row apart">
        <h2>{words.groups[group]}</h2>
        <a className="filter" href={csv} download aria-label={words.csvOf(words.groups[group])}>
          <Download size={15} aria-hidden="true" />
          {words.csv}
        </a>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it can be scrolled by keyboard */}
      <div className="report-scroll" tabIndex={0} role="region" aria-label={words.groups[group]}>
        <table className="report-table">
          <thead>
            <tr>
              <th scope="col">{words.names[group]}</th>
              {figures.map((figure) => (
                <th key={figure} scope="col" className="num">
                  {words.figures[figure]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id ?? row.word ?? row.name}>
                <th scope="row">
                  <RowName row={row} kind={kind} />
                  {main && Boolean(row.value) && (
                    <span className="report-bar" style={{ inlineSize: `${(100 * (row.value ?? 0)) / most}%` }} aria-hidden="true" />
                  )}
                </th>
                {figures.map((figure) => (
                  <td key={figure} className="num">
                    {ofFigure(figure, row.figures[figure])}
                    {QUANTITIES.has(figure) && row.unit && <span className="soft"> {row.unit}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function RowName({ row, kind }: { row: Row; kind: Report['kind'] }) {
  const name = row.word ? (words.rowWords[row.word] ?? row.word) : row.name;
  const filter = row.group === 'staff' && BY_STAFF.includes(kind) ? 'staff' : row.group === 'service' && BY_SERVICE.includes(kind) ? 'service' : null;
  if (!filter || !row.id) return <span className="report-name">{name}</span>;
  const { id } = row;
  return (
    <Link className="report-name" to="/app/reports" search={(last) => ({ ...last, [filter]: id })} title={words.onlyThis(name)}>
      {name}
    </Link>
  );
}
