/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One report: what it found, its chart or table, its figures, and who and what they come from. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, X } from 'lucide-react';
import { Failed, Waiting } from '../../kit/states';
import { words } from '../../words/reports';
import { Breakdown } from './breakdown';
import { Chart } from './chart';
import { BY_SERVICE, BY_STAFF, type Kind, type Report, csvHref, reportQuery } from './data';
import { Never, None } from './empty';
import { type Found, findingOf } from './finding';
import { longPart, ofUnit, span } from './format';
import { WayMark } from './found';
import { questionOf } from './overview';
import { type Asked, MOST_DAYS, daysIn } from './periods';
import { PointsTable } from './points_table';
import { Totals } from './totals';

export function One({ kind, asked }: { kind: Kind; asked: Asked }) {
  const narrowed: Asked = {
    ...asked,
    staff: BY_STAFF.includes(kind) ? asked.staff : undefined,
    service: BY_SERVICE.includes(kind) ? asked.service : undefined,
  };
  const question = questionOf(narrowed);
  const isLong = daysIn(asked) > MOST_DAYS;
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...reportQuery(kind, question), enabled: !isLong });
  if (isLong) return null;
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Waiting rows={3} height={160} />;
  if (data.state === 'none_ever') return <Never kind={kind} />;
  const found = findingOf(data, asked);
  const unpriced = data.totals.unpriced ?? 0;
  /* Axes without a point would only look broken: then the words above say why. */
  const isDrawn = data.series.some((point) => point.value !== null || point.previous !== null);
  return (
    <div className="stack" aria-busy={isPlaceholderData}>
      <Filters asked={narrowed} report={data} />
      {data.state === 'none_in_period' ? (
        <None asked={narrowed} />
      ) : (
        <>
          <figure className="panel report-figure">
            <figcaption>
              <div className="report-title">
                <h2>
                  <WayMark found={found} />
                  {found.sentence}
                </h2>
                <p>{words.what[kind]}</p>
              </div>
              <Tools asked={asked} kind={kind} csv={csvHref(kind, question, 'series')} />
            </figcaption>
            {asked.as === 'table' && <PointsTable report={data} />}
            {asked.as === 'chart' && isDrawn && (
              <>
                <Chart report={data} label={found.sentence} />
                <Legend report={data} found={found} />
              </>
            )}
          </figure>
          {unpriced > 0 && <p className="report-hint">{words.unpriced(unpriced)}</p>}
          <Totals report={data} />
          <Breakdown report={data} csv={csvHref(kind, question, 'rows')} />
        </>
      )}
    </div>
  );
}

function Tools({ asked, kind, csv }: { asked: Asked; kind: Kind; csv: string }) {
  return (
    <div className="report-tools">
      <nav aria-label={words.show}>
        {(['chart', 'table'] as const).map((as) => (
          <Link
            key={as}
            className="filter"
            to="/app/reports"
            replace
            search={(last) => ({ ...last, as: as === 'table' ? as : undefined })}
            activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
            {...(asked.as === as ? { 'aria-current': 'page' as const } : {})}
          >
            {words[as]}
          </Link>
        ))}
      </nav>
      <a className="filter" href={csv} download aria-label={words.csvOf(words.kinds[kind])}>
        <Download size={15} aria-hidden="true" />
        {words.csv}
      </a>
    </div>
  );
}

function Legend({ report, found }: { report: Report; found: Found }) {
  const { best_from: from, best_to: to, best_value: best } = report.finding;
  return (
    <ul className="report-legend">
      <li>
        <span className="report-key" data-now aria-hidden="true" />
        {words.now}
      </li>
      {report.previous && found.way !== null && (
        <li>
          <span className="report-key" data-before aria-hidden="true" />
          {words.before(span(report.previous.from, report.previous.to))}
        </li>
      )}
      {from && to && best !== null && report.series.length > 1 && (
        <li className="report-best">{words.best(longPart(report.by, from, to), ofUnit(report.unit, best))}</li>
      )}
    </ul>
  );
}

function Filters({ asked, report }: { asked: Asked; report: Report }) {
  const nameOf = (group: string, id: string): string | undefined =>
    report.rows.find((row) => row.group === group && row.id === id)?.name;
  const all = [
    { name: 'staff' as const, id: asked.staff, text: words.onlyPerson },
    { name: 'service' as const, id: asked.service, text: words.onlyService },
  ].filter((each): each is typeof each & { id: string } => each.id !== undefined);
  if (all.length === 0) return null;
  return (
    <div className="row">
      {all.map(({ name, id, text }) => {
        const known = nameOf(name, id);
        return (
          <Button
            key={name}
            size="xs"
            variant="light"
            rightSection={<X size={14} aria-hidden="true" />}
            renderRoot={(props) => <Link to="/app/reports" search={(last) => ({ ...last, [name]: undefined })} {...props} />}
          >
            {known ? words.only(known) : text}
            <span className="unseen">. {words.showAll}</span>
          </Button>
        );
      })}
    </div>
  );
}
