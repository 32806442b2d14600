/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Inviting someone: what they are called, where they read their mail, what they do and may do. */
import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/team';
import { usePut } from './data';
import { type Rights, RightsFields } from './rights';

const LOOKS_LIKE_EMAIL = /^\S+@\S+\.\S+$/;

type Faults = Partial<Record<'name' | 'email', string>>;

function check(name: string, email: string): Faults {
  const found: Faults = {};
  if (!name) found.name = words.nameMissing;
  if (!email) found.email = words.emailMissing;
  else if (!LOOKS_LIKE_EMAIL.test(email)) found.email = words.emailWrong;
  return found;
}

export default function Invite({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [rights, setRights] = useState<Rights>({ bookable: true, service_ids: [], permissions: [] });
  const [missing, setMissing] = useState<Faults>({});
  const nameField = useRef<HTMLInputElement>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const put = usePut();
  const toast = useToast();
  const navigate = useNavigate();
  const body = { name: name.trim(), email: email.trim(), role: 'staff' as const, ...rights };
  /* The same invitation sent again is the same; a changed one is another. */
  const key = useRef({ of: '', is: '' });
  const send = useMutation({
    mutationFn: () => {
      const of = JSON.stringify(body);
      if (key.current.of !== of) key.current = { of, is: newKey() };
      return ask(api.POST('/api/v1/staff', { params: { header: { 'Idempotency-Key': key.current.is } }, body }));
    },
    onSuccess: (member) => {
      put(member);
      toast.say(words.invited(member.name));
      void navigate({ to: '/app/team/$id', params: { id: member.id } });
    },
    onError: (error) => {
      if (faultsByField(error)['name']) nameField.current?.focus();
      else emailField.current?.focus();
    },
  });
  const faults: Record<string, string | undefined> = { ...faultsByField(send.error), ...missing };
  const isTaken = send.error instanceof Refusal && send.error.code === 'already_exists';
  if (isTaken) faults['email'] ??= send.error?.message;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found = check(body.name, body.email);
    setMissing(found);
    if (found.name) nameField.current?.focus();
    else if (found.email) emailField.current?.focus();
    else send.mutate();
  };
  return (
    <Dialog onClose={close} title={words.inviteTitle} size="lg">
      <form className="stack" noValidate onSubmit={submit}>
        <p className="soft">{words.inviteLead}</p>
        {send.error && !isTaken && Object.keys(faultsByField(send.error)).length === 0 && (
          <Alarm>{problemText(send.error)}</Alarm>
        )}
        <div className="pair">
          <TextInput
            ref={nameField}
            data-autofocus
            label={words.name}
            description={words.nameHint}
            value={name}
            required
            maxLength={120}
            autoComplete="off"
            error={faults['name']}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setMissing(({ email: still }) => (still ? { email: still } : {}));
            }}
          />
          <TextInput
            ref={emailField}
            type="email"
            label={words.email}
            description={words.emailHint}
            value={email}
            required
            autoComplete="off"
            error={faults['email']}
            onChange={(event) => {
              setEmail(event.currentTarget.value);
              setMissing(({ name: still }) => (still ? { name: still } : {}));
              send.reset();
            }}
          />
        </div>
        <RightsFields rights={rights} edit={(change) => setRights((old) => ({ ...old, ...change }))} />
        <div className="row apart">
          <span />
          <Act type="submit" busy={send.isPending}>
            {words.send}
          </Act>
        </div>
      </form>
    </Dialog>
  );
}
