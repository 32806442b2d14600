/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A search field that answers as one types. What is sought stands in the address. */
import { CloseButton, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { words } from '../words/kit';

const PAUSE_MS = 200;

interface SearchProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export function SearchField({ label, value, onChange }: SearchProps) {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  const timer = useRef(0);

  /* The address may change by Back, or by a button that clears the search. */
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const tell = (next: string): void => {
    told.current = next.trim();
    onChange(told.current);
  };
  const type = (next: string): void => {
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => tell(next), PAUSE_MS);
  };
  const field = useRef<HTMLInputElement>(null);
  const clear = (): void => {
    clearTimeout(timer.current);
    setTyped('');
    tell('');
    field.current?.focus();
  };
  return (
    <TextInput
      ref={field}
      type="search"
      className="search"
      aria-label={label}
      placeholder={label}
      value={typed}
      leftSection={<Search size={17} aria-hidden="true" />}
      rightSection={typed ? <CloseButton size="sm" aria-label={words.clear} onClick={clear} /> : null}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !typed) return;
        event.preventDefault();
        clear();
      }}
    />
  );
}
