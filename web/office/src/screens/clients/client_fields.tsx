/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is written down of a client, as fields: for a new one and for changes. */
import { NativeSelect, TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Client } from '../../kit/contract';
import { Labels } from '../../kit/labels';
import { words } from '../../words/clients';
import { STATUSES, tagsQuery } from './data';

export type Details = Pick<Client, 'name' | 'phone' | 'notes' | 'tags' | 'alerts' | 'status'> & { email: string };

export const BLANK: Details = { name: '', email: '', phone: '', notes: '', tags: [], alerts: [], status: 'new' };

interface FieldsProps {
  value: Details;
  faults: Record<string, string>;
  edit: (change: Partial<Details>) => void;
}

export function ClientFields({ value, faults, edit }: FieldsProps) {
  const { data: tags = [] } = useQuery(tagsQuery);
  return (
    <>
      <TextInput
        data-autofocus
        label={words.name}
        value={value.name}
        required
        maxLength={120}
        autoComplete="off"
        error={faults['name']}
        onChange={(event) => edit({ name: event.currentTarget.value })}
      />
      <div className="pair">
        <TextInput
          label={words.email}
          type="email"
          value={value.email}
          autoComplete="off"
          error={faults['email']}
          onChange={(event) => edit({ email: event.currentTarget.value })}
        />
        <TextInput
          label={words.phone}
          type="tel"
          value={value.phone}
          autoComplete="off"
          error={faults['phone']}
          onChange={(event) => edit({ phone: event.currentTarget.value })}
        />
      </div>
      <Labels
        label={words.alertsLabel}
        description={words.alertsHint}
        placeholder={words.addOne}
        tone="warn"
        values={value.alerts}
        error={faults['alerts']}
        onChange={(alerts) => edit({ alerts })}
      />
      <Labels
        label={words.tags}
        placeholder={words.addOne}
        values={value.tags}
        suggestions={tags}
        error={faults['tags']}
        onChange={(next) => edit({ tags: next })}
      />
      <NativeSelect
        label={words.status}
        value={value.status}
        data={STATUSES.map((each) => ({ value: each, label: words.statuses[each] }))}
        onChange={(event) => {
          const status = STATUSES.find((each) => each === event.currentTarget.value);
          if (status) edit({ status });
        }}
      />
      <Textarea
        label={words.notes}
        description={words.notesHint}
        value={value.notes}
        autosize
        minRows={2}
        maxRows={10}
        error={faults['notes']}
        onChange={(event) => edit({ notes: event.currentTarget.value })}
      />
    </>
  );
}
