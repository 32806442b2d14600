/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A handful of short texts: each is a chip with a button that takes it away, and one writes a further one. */
import { CloseButton, TextInput } from '@mantine/core';
import { type ReactNode, useId, useRef, useState } from 'react';
import { words } from '../words/kit';

interface LabelsProps {
  label: string;
  description?: string;
  placeholder?: string;
  values: string[];
  suggestions?: string[];
  tone?: 'warn';
  error?: ReactNode;
  onChange: (values: string[]) => void;
}

export function Labels(props: LabelsProps) {
  const { label, description, placeholder, values, suggestions = [], tone, error, onChange } = props;
  const [typed, setTyped] = useState('');
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const add = (text: string): void => {
    const fresh = text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '' && !values.includes(each));
    if (fresh.length > 0) onChange([...values, ...new Set(fresh)]);
    setTyped('');
  };
  return (
    <div className="labels">
      <TextInput
        ref={field}
        label={label}
        description={description}
        placeholder={placeholder}
        value={typed}
        error={error}
        list={suggestions.length > 0 ? listId : undefined}
        onChange={(event) => {
          const text = event.currentTarget.value;
          if (text.endsWith(',')) add(text);
          else setTyped(text);
        }}
        onBlur={() => add(typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed.trim()) {
            event.preventDefault();
            add(typed);
          } else if (event.key === 'Backspace' && !typed && values.length > 0) {
            onChange(values.slice(0, -1));
          }
        }}
      />
      <datalist id={listId}>
        {suggestions.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </datalist>
      {values.length > 0 && (
        <ul aria-label={label}>
          {values.map((value) => (
            <li key={value} className="chip" data-tone={tone}>
              {value}
              <CloseButton
                size="xs"
                variant="transparent"
                aria-label={words.remove(value)}
                onClick={() => {
                  onChange(values.filter((each) => each !== value));
                  field.current?.focus();
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
