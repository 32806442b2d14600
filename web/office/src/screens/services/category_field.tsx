/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A category that there is, or a new one. */
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { words } from '../../words/services';
import { servicesQuery } from './data';
import { menuOf } from './order';

interface FieldProps {
  value: string;
  error?: string | undefined;
  onChange: (value: string) => void;
}

export function CategoryField({ value, error, onChange }: FieldProps) {
  const { data = [] } = useQuery(servicesQuery);
  const listId = useId();
  return (
    <div>
      <TextInput
        label={words.category}
        description={words.categoryHint}
        value={value}
        maxLength={80}
        autoComplete="off"
        list={listId}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={listId}>
        {menuOf(data)
          .filter(({ name }) => name)
          .map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
      </datalist>
    </div>
  );
}
