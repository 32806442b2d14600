/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Who comes: found as one types, by arrows and Enter or by a tap; or made in place of what was typed.
 * Whoever may not see all clients writes down a name.
 */
import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { Search, UserPlus } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { api, ask } from '../../kit/api';
import { Face } from '../../kit/face';
import { may } from '../../shell/session';
import { words } from '../../words/visit';

export interface Fresh {
  name: string;
  phone: string;
  email: string;
}
export type Who = { kind: 'known'; id: string; name: string } | { kind: 'new'; details: Fresh } | null;

const FOUND = 6;

const foundQuery = (q: string) =>
  queryOptions({
    queryKey: ['clients', 'found', q],
    enabled: q.length > 0 && may('clients'),
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/clients', { params: { query: { q, limit: FOUND } }, signal }))).data,
  });

interface FindProps {
  who: Who;
  setWho: (who: Who) => void;
  faults: Record<string, string>;
}

export function FindClient({ who, setWho, faults }: FindProps) {
  if (who?.kind === 'known') return <Known name={who.name} change={() => setWho(null)} />;
  if (who?.kind === 'new') return <FreshClient who={who.details} setWho={setWho} faults={faults} />;
  return <Seek setWho={setWho} fault={faults['client']} />;
}

function Known({ name, change }: { name: string; change: () => void }) {
  const other = useRef<HTMLButtonElement>(null);
  /* The field that had the focus is gone. */
  useEffect(() => {
    if (document.activeElement === document.body) other.current?.focus();
  }, []);
  return (
    <div className="find-known">
      <Face name={name} size={36} />
      <span>
        <span className="soft small">{words.client}</span>
        <strong>{name}</strong>
      </span>
      <Button ref={other} variant="subtle" size="compact-sm" onClick={change} aria-label={words.otherClientThan(name)}>
        {words.otherClient}
      </Button>
    </div>
  );
}

function Seek({ setWho, fault }: { setWho: (who: Who) => void; fault: string | undefined }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const q = useDeferredValue(typed.trim());
  const { data: found = [], isFetching } = useQuery({ ...foundQuery(q), placeholderData: keepPreviousData });
  const shown = q ? found : [];
  const isNumber = /^[+\d()\s/-]+$/.test(typed);
  const fresh = (): void =>
    setWho({
      kind: 'new',
      details: {
        name: isNumber || typed.includes('@') ? '' : typed.trim(),
        phone: isNumber ? typed.trim() : '',
        email: typed.includes('@') ? typed.trim() : '',
      },
    });
  const choose = (index: number): void => {
    const one = shown[index];
    if (one) setWho({ kind: 'known', id: one.id, name: one.name });
    else if (typed.trim()) fresh();
  };
  const count = typed.trim() ? shown.length + 1 : 0;
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && count > 0) {
      event.preventDefault();
      setAt((last) => (last + step + count) % count);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      /* What is being looked for may be there: nobody is made in its place. */
      if (!isFetching && q === typed.trim()) choose(at);
    } else if (event.key === 'Escape' && typed) {
      event.stopPropagation();
      setTyped('');
    }
  };
  return (
    <div className="find-client">
      <TextInput
        ref={field}
        data-autofocus
        label={words.client}
        placeholder={may('clients') ? words.clientHint : words.clientName}
        leftSection={<Search size={17} aria-hidden="true" />}
        value={typed}
        error={fault}
        role="combobox"
        autoComplete="off"
        aria-expanded={count > 0}
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={count > 0 ? `${id}${at}` : undefined}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      <div className="find-list" role="listbox" id={`${id}list`} aria-label={words.clientsFound} hidden={count === 0}>
        {shown.map((client, index) => (
          <Option key={client.id} id={`${id}${index}`} isAt={at === index} choose={() => choose(index)}>
            <Face name={client.name} size={30} />
            <span>
              <strong>{client.name}</strong>
              <span className="soft small">{[client.phone, client.email].filter(Boolean).join(' · ')}</span>
            </span>
          </Option>
        ))}
        {count > 0 && (
          <Option id={`${id}${shown.length}`} isAt={at === shown.length} choose={fresh}>
            <UserPlus size={18} aria-hidden="true" />
            <span>
              <strong>{words.newClient(typed.trim())}</strong>
            </span>
          </Option>
        )}
      </div>
    </div>
  );
}

interface OptionProps {
  id: string;
  isAt: boolean;
  choose: () => void;
  children: ReactNode;
}

/** The focus stays in the field, which says which of them is meant. */
function Option({ id, isAt, choose, children }: OptionProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field has its keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isAt}
      className="find-option"
      onMouseDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      {children}
    </div>
  );
}

interface FreshProps {
  who: Fresh;
  setWho: (who: Who) => void;
  faults: Record<string, string>;
}

function FreshClient({ who, setWho, faults }: FreshProps) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const field = (name: keyof Fresh) => ({
    value: who[name],
    error: faults[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setWho({ kind: 'new', details: { ...who, [name]: event.currentTarget.value } }),
  });
  return (
    <fieldset className="find-new">
      <legend>{words.newClientTitle}</legend>
      <TextInput ref={first} label={words.name} autoComplete="off" {...field('name')} />
      <div className="pair">
        <TextInput label={words.phone} type="tel" autoComplete="off" {...field('phone')} />
        <TextInput label={words.email} type="email" autoComplete="off" {...field('email')} />
      </div>
      <Button variant="subtle" size="compact-sm" className="start" onClick={() => setWho(null)}>
        {words.seekAgain}
      </Button>
    </fieldset>
  );
}
