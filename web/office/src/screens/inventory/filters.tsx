/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Search, filters and order of the items; all of it stands in the address. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { SearchField } from '../../kit/search';
import { words } from '../../words/inventory';
import { type Filters, SORTS, summaryQuery } from './data';

export function FilterBar({ filters }: { filters: Filters }) {
  const navigate = useNavigate();
  const { data } = useQuery(summaryQuery);
  const set = (name: keyof Filters) => (value: string) =>
    void navigate({
      to: '/app/inventory',
      search: (last) => ({ ...last, [name]: value || undefined }),
      replace: true,
    });
  const known = (data?.categories ?? []).map(({ name }) => name).toSorted((a, b) => a.localeCompare(b));
  /* One that no item has any more still stands in the address. */
  const categories = filters.category && !known.includes(filters.category) ? [filters.category, ...known] : known;
  return (
    <search className="filter-bar">
      <SearchField label={words.search} value={filters.q ?? ''} onChange={set('q')} />
      <NativeSelect
        aria-label={words.which}
        value={filters.which ?? ''}
        onChange={(event) => set('which')(event.currentTarget.value)}
        data={[
          { value: '', label: words.active },
          { value: 'low', label: words.lowOnly },
          { value: 'retired', label: words.retiredOnly },
        ]}
      />
      <NativeSelect
        aria-label={words.category}
        value={filters.category ?? ''}
        onChange={(event) => set('category')(event.currentTarget.value)}
        data={[{ value: '', label: words.anyCategory }, ...categories.map((value) => ({ value, label: value }))]}
      />
      <NativeSelect
        aria-label={words.sort}
        value={filters.sort}
        onChange={(event) => set('sort')(event.currentTarget.value === 'low' ? '' : event.currentTarget.value)}
        data={SORTS.map((value) => ({ value, label: words.sorts[value] }))}
      />
    </search>
  );
}
