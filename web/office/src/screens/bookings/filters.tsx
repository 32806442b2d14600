/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Search, filters and order over the visits; all of it stands in the address. */
import { ActionIcon, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowDownNarrowWide, ArrowUpNarrowWide } from 'lucide-react';
import { SearchField } from '../../kit/search';
import { words } from '../../words/bookings';
import { menuQuery, peopleQuery, roomsQuery } from '../visit/data';
import { words as visit } from '../../words/visit';
import { STATUSES, type Search, filtersOf } from './data';

interface Choice {
  id: string;
  name: string;
}

/** One that is not there any more still stands in the address. */
const choices = (all: Choice[], chosen: string | undefined, any: string) => [
  { value: '', label: any },
  ...(chosen && !all.some(({ id }) => id === chosen) ? [{ value: chosen, label: words.former }] : []),
  ...all.map(({ id, name }) => ({ value: id, label: name })),
];

export function FilterBar({ search }: { search: Search }) {
  const navigate = useNavigate();
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: menu = [] } = useQuery(menuQuery);
  const { data: rooms = [] } = useQuery(roomsQuery);
  const set = (name: keyof Search) => (value: string) =>
    void navigate({
      to: '/app/bookings',
      search: (last) => ({ ...last, [name]: value || undefined }),
      replace: true,
      resetScroll: false,
    });
  const isLatest = filtersOf(search).sort === '-start';
  const Order = isLatest ? ArrowUpNarrowWide : ArrowDownNarrowWide;
  return (
    <search className="booking-filters">
      <div className="booking-find">
        <SearchField label={words.search} value={search.q ?? ''} onChange={set('q')} />
        <ActionIcon
          variant="default"
          size={36}
          aria-label={isLatest ? words.earliestFirst : words.latestFirst}
          title={isLatest ? words.earliestFirst : words.latestFirst}
          onClick={() => set('sort')(isLatest ? 'start' : '-start')}
        >
          <Order size={18} aria-hidden="true" />
        </ActionIcon>
        {(['from', 'to'] as const).map((end) => (
          <label key={end} className="booking-date">
            {words[end]}
            <TextInput type="date" value={search[end] ?? ''} onChange={(event) => set(end)(event.currentTarget.value)} />
          </label>
        ))}
      </div>
      <div className="booking-narrow">
        <NativeSelect
          aria-label={words.columns.status}
          value={search.status ?? ''}
          onChange={(event) => set('status')(event.currentTarget.value)}
          data={[
            { value: '', label: words.anyStatus },
            ...STATUSES.map((value) => ({ value, label: visit.status[value] })),
          ]}
        />
        <NativeSelect
          aria-label={words.columns.person}
          value={search.staff ?? ''}
          onChange={(event) => set('staff')(event.currentTarget.value)}
          data={choices(people, search.staff, words.anyPerson)}
        />
        <NativeSelect
          aria-label={words.columns.service}
          value={search.service ?? ''}
          onChange={(event) => set('service')(event.currentTarget.value)}
          data={choices(menu, search.service, words.anyService)}
        />
        {(rooms.length > 0 || search.room) && (
          <NativeSelect
            aria-label={visit.room}
            value={search.room ?? ''}
            onChange={(event) => set('room')(event.currentTarget.value)}
            data={choices(rooms, search.room, words.anyRoom)}
          />
        )}
      </div>
    </search>
  );
}
