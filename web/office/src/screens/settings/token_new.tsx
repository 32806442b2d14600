/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A new token; its secret is shown once, here, and kept nowhere. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { words as kit } from '../../words/kit';
import { words } from '../../words/settings_more';
import type { Token, TokenMade } from './data';

type Scope = Token['scopes'][number];
const SCOPES = ['bookings', 'inbox', 'clients', 'inventory', 'reports', 'clinical', 'admin'] as const;
const DAY_MS = 86_400_000;
const DAYS = [30, 90, 365, 0];

export function NewToken({ close }: { close: () => void }) {
  const [made, setMade] = useState<TokenMade | null>(null);
  return (
    <Dialog
      title={made ? words.secretTitle : words.newToken}
      size="lg"
      closeOnClickOutside={!made}
      onClose={close}
    >
      {made ? <Secret token={made} close={close} /> : <Make done={setMade} close={close} />}
    </Dialog>
  );
}

function Make({ done, close }: { done: (token: TokenMade) => void; close: () => void }) {
  const [name, setName] = useState('');
  const [levels, setLevels] = useState<Partial<Record<(typeof SCOPES)[number], string>>>({});
  const [days, setDays] = useState(90);
  const [wrong, setWrong] = useState<{ name?: string; scopes?: string }>({});
  const form = useRef<HTMLFormElement>(null);
  const cache = useQueryClient();
  const scopes = SCOPES.flatMap((each): Scope[] => {
    if (levels[each] === 'write') return [each];
    return levels[each] === 'read' && each !== 'admin' ? [`${each}:read`] : [];
  });
  const create = useMutation({
    mutationFn: () => {
      const ends = new Date(Date.now() + days * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
      const body = { name: name.trim(), scopes, ...(days > 0 ? { expires_at: ends } : {}) };
      return ask(api.POST('/api/v1/tokens', { body }));
    },
    onSuccess: (token) => {
      void cache.invalidateQueries({ queryKey: ['tokens'] });
      done(token);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const now = {
      ...(name.trim() ? {} : { name: words.tokenNameMissing }),
      ...(scopes.length > 0 ? {} : { scopes: words.scopesMissing }),
    };
    setWrong(now);
    if (now.name) form.current?.querySelector('input')?.focus();
    else if (now.scopes) form.current?.querySelector('select')?.focus();
    else create.mutate();
  };
  const faults = { ...faultsByField(create.error), ...wrong };
  return (
    <form className="stack" ref={form} onSubmit={submit} noValidate>
      {create.error && Object.keys(faults).length === 0 && <Alarm>{problemText(create.error)}</Alarm>}
      <TextInput
        data-autofocus
        label={words.tokenName}
        description={words.tokenNameHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={name}
        maxLength={80}
        autoComplete="off"
        error={faults['name']}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setWrong(({ scopes: rest }) => (rest ? { scopes: rest } : {}));
        }}
      />
      <fieldset className="scopes">
        <legend>{words.scopes}</legend>
        {faults['scopes'] && (
          <p className="field-fault" role="alert">
            {faults['scopes']}
          </p>
        )}
        {SCOPES.map((each) => (
          <NativeSelect
            key={each}
            label={words.scopeNames[each]}
            value={levels[each] ?? 'none'}
            data={(['none', 'read', 'write'] as const)
              .filter((level) => each !== 'admin' || level !== 'read')
              .map((level) => ({ value: level, label: words.level[level] }))}
            onChange={(event) => setLevels({ ...levels, [each]: event.currentTarget.value })}
          />
        ))}
      </fieldset>
      <NativeSelect
        label={words.lifetime}
        value={String(days)}
        data={DAYS.map((each) => ({ value: String(each), label: words.lives(each) }))}
        onChange={(event) => setDays(Number(event.currentTarget.value))}
      />
      <div className="row apart">
        <Button variant="default" onClick={close}>
          {kit.cancel}
        </Button>
        <Act type="submit" busy={create.isPending}>
          {words.makeToken}
        </Act>
      </div>
    </form>
  );
}

function Secret({ token: { secret, name }, close }: { token: TokenMade; close: () => void }) {
  const [said, setSaid] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
      setSaid(words.copied);
    } catch {
      setSaid(words.copyFailed);
    }
  };
  return (
    <div className="stack">
      <p>{words.secretLead(name)}</p>
      <code className="once">{secret}</code>
      <div className="row apart">
        <Button
          ref={button}
          variant="default"
          leftSection={said === words.copied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
          onClick={() => void copy()}
        >
          {words.copy}
        </Button>
        <Button onClick={close}>{words.done}</Button>
      </div>
      <p role="status" className="soft small">
        {said}
      </p>
    </div>
  );
}
