/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A client's details, read, and changed in place. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Mail, Pencil, Phone } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import type { Client } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { date } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/clients';
import { words as kit } from '../../words/kit';
import { ClientFields, type Details as Values } from './client_fields';
import { overviewQuery } from './data';

export function Details({ client }: { client: Client }) {
  const [isEditing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  /* The focus comes back to what opened the fields. */
  useEffect(() => {
    if (wasEditing.current && !isEditing) button.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  return (
    <section className="panel" aria-labelledby="details-title">
      <div className="panel-head">
        <h2 id="details-title">{words.details}</h2>
        {!isEditing && (
          <Button
            ref={button}
            variant="subtle"
            size="compact-sm"
            aria-label={words.editOf(client.name)}
            leftSection={<Pencil size={15} aria-hidden="true" />}
            onClick={() => setEditing(true)}
          >
            {words.edit}
          </Button>
        )}
      </div>
      {isEditing ? <Edit client={client} done={() => setEditing(false)} /> : <Read client={client} />}
    </section>
  );
}

function Read({ client: { email, phone, tags, notes, unsubscribed_at: unsubscribed } }: { client: Client }) {
  return (
    <div className="details">
      <p>
        <Mail size={17} aria-hidden="true" />
        {email ? <a href={`mailto:${email}`}>{email}</a> : <span className="soft">{words.noEmail}</span>}
      </p>
      <p>
        <Phone size={17} aria-hidden="true" />
        {phone ? <a href={`tel:${phone.replaceAll(/[^\d+]/g, '')}`}>{phone}</a> : <span className="soft">{words.noPhone}</span>}
      </p>
      {unsubscribed && <p className="soft small">{words.unsubscribed(date(unsubscribed))}</p>}
      {tags.length > 0 && (
        <ul className="client-tags" aria-label={words.tags}>
          {tags.map((tag) => (
            <li key={tag} className="chip">
              {tag}
            </li>
          ))}
        </ul>
      )}
      {notes ? <p className="details-notes">{notes}</p> : <p className="soft">{words.noNotes}</p>}
    </div>
  );
}

function valuesOf({ name, email, phone, notes, tags, alerts, status }: Client): Values {
  return { name, email: email ?? '', phone, notes, tags, alerts, status };
}

/** What was changed, and nothing else: what a colleague changes meanwhile stays. */
function changes(before: Values, { email, name, ...now }: Values) {
  const was = { ...before, email: before.email.trim() || null };
  const is = { ...now, name: name.trim(), email: email.trim() || null };
  const differs = (field: keyof Values): boolean => JSON.stringify(is[field]) !== JSON.stringify(was[field]);
  return Object.fromEntries(Object.entries(is).filter(([field]) => differs(field as keyof Values)));
}

function Edit({ client, done }: { client: Client; done: () => void }) {
  const { id } = client;
  const [before] = useState<Values>(() => valuesOf(client));
  const [value, setValue] = useState(before);
  /* The one that these fields were filled from, whatever has been read since. */
  const [version, setVersion] = useState(client.version);
  const [isUnnamed, setUnnamed] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const cache = useQueryClient();
  const toast = useToast();
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PATCH('/api/v1/clients/{id}', {
          params: { path: { id }, header: { 'If-Match': ifMatch(version) } },
          body: changes(before, value),
        }),
      ),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['clients'] });
      toast.say(words.saved);
      done();
    },
    onError: async (error) => {
      if (!(error instanceof Refusal && error.status === 412)) return;
      const fresh = await cache.fetchQuery({ ...overviewQuery(id), staleTime: 0 });
      setVersion(fresh.client.version);
    },
  });
  const faults = { ...faultsByField(save.error), ...(isUnnamed ? { name: words.nameMissing } : {}) };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const isMissing = !value.name.trim();
    setUnnamed(isMissing);
    if (isMissing) form.current?.querySelector('input')?.focus();
    else save.mutate();
  };
  return (
    <form className="stack" ref={form} onSubmit={submit} noValidate>
      {save.error && Object.keys(faults).length === 0 && <Alarm>{problemText(save.error)}</Alarm>}
      <ClientFields
        value={value}
        faults={faults}
        edit={(change) => setValue((last) => ({ ...last, ...change }))}
      />
      <div className="row apart">
        <Button variant="default" onClick={done}>
          {kit.cancel}
        </Button>
        <Act type="submit" busy={save.isPending}>
          {kit.save}
        </Act>
      </div>
    </form>
  );
}
