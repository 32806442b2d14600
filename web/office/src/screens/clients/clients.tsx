/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All clients: search as one types, filters, a table that becomes cards on a phone. */
import './clients.css';
import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Download, SearchX, Upload, UserPlus, Users } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { Pages } from '../../kit/list';
import { PageHead } from '../../kit/page';
import { Empty } from '../../kit/states';
import { words } from '../../words/clients';
import { type Filters, filtersOf, listQuery } from './data';
import { FilterBar } from './filters';
import { ClientTable } from './table';

const NewClient = lazy(() => import('./new_client'));
const ImportClients = lazy(() => import('./import'));

export function ClientsScreen() {
  const search = useSearch({ from: '/app/clients' });
  const navigate = useNavigate();
  const filters = filtersOf(search);
  const close = (): void => void navigate({ to: '.', search: (last) => ({ ...last, do: undefined }) });
  return (
    <div className="page">
      <PageHead title={words.title} actions={<Actions />} />
      <FilterBar filters={filters} />
      <List filters={filters} />
      <Suspense>
        {search.do === 'new' && <NewClient close={close} />}
        {search.do === 'import' && <ImportClients close={close} />}
      </Suspense>
    </div>
  );
}

function Actions() {
  return (
    <>
      <Button
        component="a"
        href="/api/v1/clients/export.csv"
        download
        variant="default"
        leftSection={<Download size={17} aria-hidden="true" />}
      >
        {words.exportCsv}
      </Button>
      <Button
        renderRoot={(props) => <Link to="." search={(last) => ({ ...last, do: 'import' })} {...props} />}
        id="import-clients"
        variant="default"
        leftSection={<Upload size={17} aria-hidden="true" />}
      >
        {words.importCsv}
      </Button>
      <AddButton />
    </>
  );
}

function AddButton() {
  return (
    <Button
      renderRoot={(props) => <Link to="." search={(last) => ({ ...last, do: 'new' })} {...props} />}
      leftSection={<UserPlus size={17} aria-hidden="true" />}
    >
      {words.newClient}
    </Button>
  );
}

function List({ filters }: { filters: Filters }) {
  const list = useInfiniteQuery({ ...listQuery(filters), placeholderData: keepPreviousData });
  const nothing = <Nothing isFiltered={Object.keys(filters).length > 0} />;
  return (
    <Pages list={list} rows={8} height={60} nothing={nothing}>
      {(all) => <ClientTable clients={all} />}
    </Pages>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (!isFiltered) {
    return <Empty icon={Users} title={words.emptyTitle} text={words.emptyText} action={<AddButton />} />;
  }
  const action = (
    <Button renderRoot={(props) => <Link to="/app/clients" search={{}} {...props} />} variant="default">
      {words.clearFilters}
    </Button>
  );
  return <Empty icon={SearchX} title={words.noneTitle} text={words.noneText} action={action} />;
}
