/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Stocktakes, the newest first; the open ones are gone on with. */
import './inventory.css';
import './stocktake.css';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ClipboardCheck } from 'lucide-react';
import { Suspense, lazy } from 'react';
import type { Stocktake } from '../../kit/contract';
import { Pages } from '../../kit/list';
import { PageHead } from '../../kit/page';
import { walkRows } from '../../kit/rows';
import { Empty } from '../../kit/states';
import { date, dateTime, money } from '../../kit/time';
import { words } from '../../words/inventory';
import { takesQuery } from './data';
import { Progress } from './progress';

const NewStocktake = lazy(() => import('./new_stocktake'));

export const titleOf = (take: Stocktake): string => take.name || words.takeOf(date(take.started_at));

export function StocktakesScreen() {
  const search = useSearch({ from: '/app/stocktakes' });
  const navigate = useNavigate();
  const close = (): void => void navigate({ to: '.', search: (last) => ({ ...last, do: undefined }) });
  const back = (
    <Link to="/app/inventory">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.title}
    </Link>
  );
  return (
    <div className="page">
      <PageHead title={words.stocktakesTitle} back={back} actions={<AddButton />} />
      <List />
      <Suspense>{search.do === 'new' && <NewStocktake close={close} />}</Suspense>
    </div>
  );
}

function AddButton() {
  return (
    <Button
      renderRoot={(props) => <Link to="." search={(last) => ({ ...last, do: 'new' })} {...props} />}
      leftSection={<ClipboardCheck size={17} aria-hidden="true" />}
    >
      {words.newStocktake}
    </Button>
  );
}

function List() {
  const list = useInfiniteQuery(takesQuery);
  const nothing = <Empty icon={ClipboardCheck} title={words.takesEmpty} text={words.takesEmptyText} action={<AddButton />} />;
  return (
    <Pages list={list} rows={4} height={84} nothing={nothing}>
      {(all) => (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
        <ul className="takes" aria-label={words.stocktakesTitle} onKeyDown={walkRows}>
          {all.map((take) => (
            <One key={take.id} take={take} />
          ))}
        </ul>
      )}
    </Pages>
  );
}

const TONES = { open: 'accent', finished: 'good', cancelled: undefined } as const;

export function StatusChip({ status }: { status: Stocktake['status'] }) {
  return (
    <span className="chip" data-tone={TONES[status]}>
      {words.status[status]}
    </span>
  );
}

export function who({ status, started_at: started, started_by: by, ended_at: ended, ended_by: ender }: Stocktake): string {
  if (ended === null) return words.startedBy(by, dateTime(started));
  return (status === 'cancelled' ? words.cancelledBy : words.endedBy)(ender, dateTime(ended));
}

function One({ take }: { take: Stocktake }) {
  const { id, status, counted, items, category, variance_value: value } = take;
  return (
    <li className="panel take">
      <div className="take-name">
        <Link to="/app/stocktakes/$id" params={{ id }} data-row>
          {titleOf(take)}
        </Link>
        <StatusChip status={status} />
        {category && <span className="chip">{category}</span>}
      </div>
      <p className="soft small">{who(take)}</p>
      <div className="take-end">
        {status === 'open' && <Progress counted={counted} all={items} />}
        {status !== 'open' && <span className="small">{words.progress(counted, items)}</span>}
        {value !== null && (
          <span className="small">
            {words.differenceTotal}: <b>{money(value)}</b>
          </span>
        )}
      </div>
    </li>
  );
}
