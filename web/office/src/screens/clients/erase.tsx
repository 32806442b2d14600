/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Erasing a client: it cannot be undone, so their name is typed first. */
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import type { Client } from '../../kit/contract';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/clients';
import { words as kit } from '../../words/kit';

export default function Erase({ client: { id, name }, close }: { client: Client; close: () => void }) {
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const toast = useToast();
  const erase = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/clients/{id}/erase', { params: { path: { id } }, body: { name: typed.trim() } })),
    onSuccess: async () => {
      await navigate({ to: '/app/clients' });
      void cache.invalidateQueries();
      toast.say(words.erased);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wrong = typed.trim() !== name.trim();
    setWrong(wrong);
    if (wrong) field.current?.focus();
    else erase.mutate();
  };
  return (
    <Dialog onClose={close} title={words.eraseTitle(name)}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>{words.eraseText}</p>
        {erase.error && <Alarm>{problemText(erase.error)}</Alarm>}
        <TextInput
          ref={field}
          data-autofocus
          label={words.eraseConfirm(name)}
          value={typed}
          autoComplete="off"
          error={isWrong && words.eraseWrong}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setWrong(false);
          }}
        />
        <div className="row apart">
          <Button variant="default" onClick={close}>
            {kit.cancel}
          </Button>
          <Act type="submit" color="red.9" busy={erase.isPending}>
            {words.eraseDo}
          </Act>
        </div>
      </form>
    </Dialog>
  );
}
