/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Search and filters over the clients; all of it stands in the address. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { SearchField } from '../../kit/search';
import { words } from '../../words/clients';
import { type Filters, SOURCES, STATUSES, tagsQuery } from './data';

export function FilterBar({ filters }: { filters: Filters }) {
  const navigate = useNavigate();
  const { data: tags = [] } = useQuery(tagsQuery);
  const set = (name: keyof Filters) => (value: string) =>
    void navigate({
      to: '/app/clients',
      search: (last) => ({ ...last, [name]: value || undefined }),
      replace: true,
    });
  /* A tag that nobody has any more still stands in the address. */
  const known = filters.tag && !tags.includes(filters.tag) ? [filters.tag, ...tags] : tags;
  return (
    <search className="filter-bar">
      <SearchField label={words.search} value={filters.q ?? ''} onChange={set('q')} />
      <NativeSelect
        aria-label={words.status}
        value={filters.status ?? ''}
        onChange={(event) => set('status')(event.currentTarget.value)}
        data={[
          { value: '', label: words.anyStatus },
          ...STATUSES.map((value) => ({ value, label: words.statuses[value] })),
        ]}
      />
      <NativeSelect
        aria-label={words.tag}
        value={filters.tag ?? ''}
        onChange={(event) => set('tag')(event.currentTarget.value)}
        data={[{ value: '', label: words.anyTag }, ...known.map((value) => ({ value, label: value }))]}
      />
      <NativeSelect
        aria-label={words.source}
        value={filters.source ?? ''}
        onChange={(event) => set('source')(event.currentTarget.value)}
        data={[
          { value: '', label: words.anySource },
          ...SOURCES.map((value) => ({ value, label: words.sources[value] })),
        ]}
      />
    </search>
  );
}
