/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where the business is, and how it is reached: it stands on the booking page and in every letter. */
import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import type { Workspace } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { session } from '../../shell/session';
import { words } from '../../words/start';
import { useReread } from './data';

export function Contact({ workspace, done }: { workspace: Workspace; done: () => void }) {
  const [value, setValue] = useState({
    address: workspace.address,
    phone: workspace.phone,
    contact_email: workspace.contact_email || session.user.email,
  });
  const reread = useReread();
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PATCH('/api/v1/workspace', {
          params: { header: { 'If-Match': ifMatch(workspace.version) } },
          body: { address: value.address.trim(), phone: value.phone.trim(), contact_email: value.contact_email.trim() },
        }),
      ),
    onSuccess: done,
    onSettled: reread,
  });
  const faults = faultsByField(save.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const field = (name: keyof typeof value) => ({
    value: value[name],
    error: faults[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const text = event.currentTarget.value;
      setValue((old) => ({ ...old, [name]: text }));
    },
  });
  return (
    <form className="stack" noValidate onSubmit={submit}>
      {save.error && Object.keys(faults).length === 0 && <Alarm>{problemText(save.error)}</Alarm>}
      <TextInput label={words.address} maxLength={200} autoComplete="street-address" {...field('address')} />
      <div className="pair">
        <TextInput label={words.phone} type="tel" autoComplete="tel" {...field('phone')} />
        <TextInput label={words.email} type="email" autoComplete="email" {...field('contact_email')} />
      </div>
      <Act type="submit" className="start" busy={save.isPending}>
        {words.contactSave}
      </Act>
    </form>
  );
}
