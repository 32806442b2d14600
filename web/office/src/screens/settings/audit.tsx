/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who did what: filters in the address, what changed from what to what, and all of it as a table. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ClipboardList, Download, SearchX } from 'lucide-react';
import { Pages } from '../../kit/list';
import { Empty } from '../../kit/states';
import { dayName, sameDay } from '../../kit/time';
import { words } from '../../words/settings_audit';
import { AuditRow } from './audit_row';
import { type AuditFilters, auditQuery, peopleQuery } from './data';

const NAMES = ['entity', 'actor', 'from', 'to'] as const;
const ENTITIES = Object.keys(words.entities);

export default function Audit() {
  const search = useSearch({ strict: false }) as Partial<Record<string, string>>;
  const filters: AuditFilters = Object.fromEntries(
    NAMES.flatMap((name) => (search[name] ? [[name, search[name]]] : [])),
  );
  const csv = new URLSearchParams(Object.entries(filters)).toString();
  return (
    <div className="stack">
      <Filters filters={filters} />
      <Button
        component="a"
        href={`/api/v1/audit.csv${csv ? `?${csv}` : ''}`}
        download="audit.csv"
        variant="default"
        className="start"
        leftSection={<Download size={16} aria-hidden="true" />}
      >
        {words.csv}
      </Button>
      <List filters={filters} />
    </div>
  );
}

function Filters({ filters }: { filters: AuditFilters }) {
  const { data: people = [] } = useQuery(peopleQuery);
  const navigate = useNavigate();
  const set = (change: AuditFilters): void =>
    void navigate({ to: '.', search: (last) => ({ ...last, ...change }), replace: true });
  const known = people.some(({ id }) => id === filters.actor);
  return (
    <div className="panel audit-filters" role="search" aria-label={words.filters}>
      <NativeSelect
        label={words.what}
        value={filters.entity ?? ''}
        data={[
          { value: '', label: words.everything },
          ...ENTITIES.map((value) => ({ value, label: words.entities[value] ?? value })),
        ]}
        onChange={(event) => set({ entity: event.currentTarget.value })}
      />
      <NativeSelect
        label={words.who}
        value={filters.actor ?? ''}
        data={[
          { value: '', label: words.anybody },
          ...people.map(({ id, name }) => ({ value: id, label: name })),
          ...(filters.actor && !known ? [{ value: filters.actor, label: filters.actor }] : []),
        ]}
        onChange={(event) => set({ actor: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={words.from}
        value={filters.from ?? ''}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={words.to}
        value={filters.to ?? ''}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
    </div>
  );
}

function List({ filters }: { filters: AuditFilters }) {
  const list = useInfiniteQuery({ ...auditQuery(filters), placeholderData: keepPreviousData });
  return (
    <Pages list={list} rows={6} height={52} nothing={<Nothing isFiltered={Object.keys(filters).length > 0} />}>
      {(events) => (
        <section className="panel audit" aria-label={words.title}>
          {events.map((event, at) => {
            const before = events[at - 1];
            return (
              <div key={event.id}>
                {(!before || !sameDay(before.at, event.at)) && <h2 className="audit-day">{dayName(event.at)}</h2>}
                <AuditRow event={event} />
              </div>
            );
          })}
        </section>
      )}
    </Pages>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (!isFiltered) return <Empty icon={ClipboardList} title={words.emptyTitle} text={words.emptyText} />;
  const action = (
    <Button
      renderRoot={(props) => <Link to="/app/settings/$part" params={{ part: 'audit' }} search={{}} {...props} />}
      variant="default"
    >
      {words.clear}
    </Button>
  );
  return <Empty icon={SearchX} title={words.noneTitle} text={words.noneText} action={action} />;
}
