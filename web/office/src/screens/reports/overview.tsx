/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All reports of a period, each by what it found. */
import { Button, Skeleton } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { problemText } from '../../kit/problem';
import { Failed } from '../../kit/states';
import { words as kit } from '../../words/kit';
import { words } from '../../words/reports';
import { KINDS, type Kind, type Question, reportQuery } from './data';
import { findingOf } from './finding';
import { ofUnit } from './format';
import { WayMark } from './found';
import { Never } from './empty';
import { type Asked, MOST_DAYS, daysIn } from './periods';
import { Spark } from './spark';

export const questionOf = ({ from, to, compare, by, staff, service }: Asked): Question => ({
  from,
  to,
  compare,
  ...(by ? { by } : {}),
  ...(staff ? { staff_id: staff } : {}),
  ...(service ? { service_id: service } : {}),
});

export function Overview({ asked }: { asked: Asked }) {
  const question = questionOf({ ...asked, by: undefined, staff: undefined, service: undefined });
  const enabled = daysIn(asked) <= MOST_DAYS;
  const all = useQueries({ queries: KINDS.map((kind) => ({ ...reportQuery(kind, question), enabled })) });
  if (!enabled) return null;
  if (all[KINDS.indexOf('bookings')]?.data?.state === 'none_ever') return <Never kind="bookings" />;
  // What keeps all of them is said once.
  if (all.every(({ data, error }) => error && !data)) {
    return <Failed error={all[0]?.error} retry={() => all.forEach((each) => void each.refetch())} />;
  }
  return (
    <ul className="report-cards" aria-label={words.summary}>
      {KINDS.map((kind) => (
        <li key={kind}>
          <Card kind={kind} asked={asked} question={question} />
        </li>
      ))}
    </ul>
  );
}

function Card({ kind, asked, question }: { kind: Kind; asked: Asked; question: Question }) {
  const { data, error, refetch } = useQuery(reportQuery(kind, question));
  if (!data) {
    return (
      <div className="report-card" aria-busy={!error}>
        <h2>{words.kinds[kind]}</h2>
        {error ? (
          <div role="alert" className="report-failed">
            <p>{problemText(error)}</p>
            <Button variant="default" size="xs" onClick={() => void refetch()}>
              {kit.tryAgain}
            </Button>
          </div>
        ) : (
          <div className="report-soon">
            <Skeleton height={32} width="45%" radius="sm" />
            <Skeleton height={40} mt={8} radius="sm" />
          </div>
        )}
      </div>
    );
  }
  const isEmpty = data.state !== 'some';
  const found = findingOf(data, asked);
  return (
    <Link className="report-card" to="/app/reports" search={(last) => ({ ...last, kind })}>
      <h2>{words.kinds[kind]}</h2>
      <p className="report-value" data-none={data.finding.value === null || isEmpty || undefined}>
        {isEmpty ? '–' : ofUnit(data.unit, data.finding.value)}
      </p>
      <p className="report-found">
        {!isEmpty && <WayMark found={found} />}
        {isEmpty ? words.nothing[kind] : found.sentence}
      </p>
      <Spark series={data.series} />
    </Link>
  );
}
