/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The menu, category by category, in the order that clients see; and what is not on it. */
import './services.css';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { DoorOpen } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { PageHead } from '../../kit/page';
import { SearchField } from '../../kit/search';
import { EXACT } from '../../kit/tab_link';
import { words } from '../../words/services';
import { servicesQuery } from './data';
import type { Filters } from './find';
import { MenuList } from './menu_list';
import { AddButton } from './nothing';
import { menuOf } from './order';
import { Shelf } from './shelf';

const NewService = lazy(() => import('./new_service'));

/** In the address the services without a category are a dash, as nothing is all of them. */
const NONE = '-';

export function ServicesScreen() {
  const search = useSearch({ from: '/app/services' });
  const navigate = useNavigate();
  const isOff = search.state === 'off';
  const filters: Filters = {
    q: search.q ?? '',
    category: search.category === NONE ? '' : (search.category ?? null),
  };
  const close = (): void => void navigate({ to: '.', search: (last) => ({ ...last, show: undefined }) });
  return (
    <div className="page">
      <PageHead title={words.title} actions={<Actions />} />
      <Bar filters={filters} isOff={isOff} />
      {isOff ? <Shelf filters={filters} /> : <MenuList filters={filters} />}
      <Suspense>{search.show === 'new' && <NewService close={close} />}</Suspense>
    </div>
  );
}

function Actions() {
  return (
    <>
      <Button
        renderRoot={(props) => <Link to="/app/resources" {...props} />}
        variant="default"
        leftSection={<DoorOpen size={17} aria-hidden="true" />}
      >
        {words.rooms}
      </Button>
      <AddButton />
    </>
  );
}

function Bar({ filters, isOff }: { filters: Filters; isOff: boolean }) {
  const navigate = useNavigate();
  const { data = [] } = useQuery(servicesQuery);
  const set = (change: { q?: string | undefined; category?: string | undefined }): void =>
    void navigate({ to: '/app/services', search: (last) => ({ ...last, ...change }), replace: true });
  const categories = menuOf(data).map(({ name }) => name);
  const value = filters.category === null ? '' : filters.category || NONE;
  return (
    <div className="service-bar">
      <SearchField label={words.search} value={filters.q} onChange={(q) => set({ q: q || undefined })} />
      <NativeSelect
        aria-label={words.category}
        value={value}
        data={[
          { value: '', label: words.allCategories },
          ...categories.map((name) => ({ value: name || NONE, label: name || words.uncategorised })),
        ]}
        onChange={(event) => set({ category: event.currentTarget.value || undefined })}
      />
      <nav aria-label={words.statesLabel}>
        <ul className="service-states">
          {(['on', 'off'] as const).map((each) => (
            <li key={each}>
              <Link
                to="/app/services"
                search={(last) => ({ ...last, state: each === 'off' ? each : undefined, show: undefined })}
                replace
                activeOptions={EXACT}
                className="filter"
                aria-current={(each === 'off') === isOff ? 'true' : undefined}
              >
                {words.states[each]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}
