/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Reports: an overview, and each by itself. What is asked stands in the address. */
import './reports.css';
import { Link, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { PageHead } from '../../kit/page';
import { Waiting } from '../../kit/states';
import { words } from '../../words/reports';
import { SampleBand } from '../sample/sample';
import { AskBar } from './ask_bar';
import { KINDS } from './data';
import { span } from './format';
import { Overview } from './overview';
import { askedOf } from './periods';

const One = lazy(async () => ({ default: (await import('./one')).One }));

export function ReportsScreen() {
  const asked = askedOf(useSearch({ from: '/app/reports' }), KINDS);
  const { kind } = asked;
  const back = kind && (
    <Link to="/app/reports" search={(last) => ({ ...last, kind: undefined, as: undefined, by: undefined, staff: undefined, service: undefined })}>
      <ArrowLeft size={16} aria-hidden="true" />
      {words.all}
    </Link>
  );
  return (
    <div className="page reports">
      <PageHead
        key={kind ?? 'all'}
        title={kind ? words.kinds[kind] : words.title}
        back={back}
        note={<span>{span(asked.from, asked.to)}</span>}
      />
      <SampleBand />
      <AskBar asked={asked} />
      {kind ? (
        <Suspense fallback={<Waiting rows={3} height={160} />}>
          <One key={kind} kind={kind} asked={asked} />
        </Suspense>
      ) : (
        <Overview asked={asked} />
      )}
    </div>
  );
}
