/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All items: what is there, what is free, how long it will do; stock moved in place. */
import './inventory.css';
import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Boxes, CircleCheck, ClipboardCheck, Download, PackagePlus, SearchX } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { Pages } from '../../kit/list';
import { PageHead } from '../../kit/page';
import { Empty } from '../../kit/states';
import { money } from '../../kit/time';
import { words } from '../../words/inventory';
import { type Filters, HAND_KINDS, filtersOf, listQuery, summaryQuery } from './data';
import { FilterBar } from './filters';
import { ItemTable } from './table';

const MoveDialog = lazy(() => import('./move_dialog'));
const NewItem = lazy(() => import('./new_item'));

export function InventoryScreen() {
  const search = useSearch({ from: '/app/inventory' });
  const navigate = useNavigate();
  const filters = filtersOf(search);
  const kind = HAND_KINDS.find((each) => each === search.do);
  const close = (): void =>
    void navigate({ to: '.', search: (last) => ({ ...last, do: undefined, show: undefined }), resetScroll: false });
  return (
    <div className="page">
      <PageHead title={words.title} note={<Figures />} actions={<Actions />} />
      <FilterBar filters={filters} />
      <List filters={filters} />
      <Suspense>
        {kind && <MoveDialog kind={kind} id={search.show} close={close} />}
        {search.do === 'new' && <NewItem close={close} />}
      </Suspense>
    </div>
  );
}

function Figures() {
  const { data } = useQuery(summaryQuery);
  if (!data || data.items === 0) return null;
  return (
    <ul className="stock-figures" aria-label={words.figures}>
      <li>{words.itemCount(data.items)}</li>
      <li data-warn={data.low > 0 || undefined}>{words.lowCount(data.low)}</li>
      {(data.value > 0 || data.unpriced === 0) && <li>{words.worth(money(data.value))}</li>}
      {data.unpriced > 0 && <li>{words.unpriced(data.unpriced)}</li>}
    </ul>
  );
}

function Actions() {
  return (
    <>
      <Button
        component="a"
        href="/api/v1/items/export.csv"
        download
        variant="default"
        leftSection={<Download size={17} aria-hidden="true" />}
      >
        {words.exportCsv}
      </Button>
      <Button
        renderRoot={(props) => <Link to="/app/stocktakes" {...props} />}
        variant="default"
        leftSection={<ClipboardCheck size={17} aria-hidden="true" />}
      >
        {words.stocktakes}
      </Button>
      <AddButton />
    </>
  );
}

function AddButton() {
  return (
    <Button
      renderRoot={(props) => <Link to="." search={(last) => ({ ...last, do: 'new' })} {...props} />}
      leftSection={<PackagePlus size={17} aria-hidden="true" />}
    >
      {words.newItem}
    </Button>
  );
}

function List({ filters }: { filters: Filters }) {
  const list = useInfiniteQuery({ ...listQuery(filters), placeholderData: keepPreviousData });
  return (
    <Pages list={list} rows={8} height={64} nothing={<Nothing filters={filters} />}>
      {(all) => <ItemTable items={all} />}
    </Pages>
  );
}

function AllButton({ label }: { label: string }) {
  return (
    <Button renderRoot={(props) => <Link to="/app/inventory" search={{}} {...props} />} variant="default">
      {label}
    </Button>
  );
}

/** First use, nothing that fits, and nothing left to do are three different things. */
function Nothing({ filters: { q, category, which } }: { filters: Filters }) {
  if (which === 'low' && !q && !category) {
    return <Empty icon={CircleCheck} title={words.doneTitle} text={words.doneText} action={<AllButton label={words.showAll} />} />;
  }
  if (q || category || which) {
    return <Empty icon={SearchX} title={words.noneTitle} text={words.noneText} action={<AllButton label={words.clearFilters} />} />;
  }
  return <Empty icon={Boxes} title={words.emptyTitle} text={words.emptyText} action={<AddButton />} />;
}
