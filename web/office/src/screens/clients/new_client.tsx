/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A new client, written down by the team. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/clients';
import { words as kit } from '../../words/kit';
import { BLANK, ClientFields, type Details } from './client_fields';

export default function NewClient({ close }: { close: () => void }) {
  const [value, setValue] = useState<Details>(BLANK);
  const [isUnnamed, setUnnamed] = useState(false);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const toast = useToast();
  const create = useMutation({
    mutationFn: ({ email, ...rest }: Details) =>
      ask(
        api.POST('/api/v1/clients', {
          params: { header: { 'Idempotency-Key': key } },
          body: { ...rest, name: rest.name.trim(), ...(email.trim() ? { email: email.trim() } : {}) },
        }),
      ),
    onSuccess: (client) => {
      void cache.invalidateQueries({ queryKey: ['clients'] });
      toast.say(words.created);
      void navigate({ to: '/app/clients/$id', params: { id: client.id } });
    },
    onError: () => setKey(newKey()),
  });
  const faults = {
    ...faultsByField(create.error),
    ...(isUnnamed ? { name: words.nameMissing } : {}),
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const isMissing = !value.name.trim();
    setUnnamed(isMissing);
    if (isMissing) event.currentTarget.querySelector('input')?.focus();
    else create.mutate(value);
  };
  return (
    <Dialog onClose={close} title={words.newClient} size="lg">
      <form className="stack" onSubmit={submit} noValidate>
        {create.error && <Told error={create.error} hasFaults={Object.keys(faults).length > 0} />}
        <ClientFields
          value={value}
          faults={faults}
          edit={(change) => {
            setUnnamed(false);
            setValue((last) => ({ ...last, ...change }));
          }}
        />
        <div className="row apart">
          <Button variant="default" onClick={close}>
            {kit.cancel}
          </Button>
          <Act type="submit" busy={create.isPending}>
            {words.create}
          </Act>
        </div>
      </form>
    </Dialog>
  );
}

function Told({ error, hasFaults }: { error: Error; hasFaults: boolean }) {
  const existing = error instanceof Refusal ? error.more['client_id'] : null;
  if (typeof existing === 'string') {
    return (
      <Alarm>
        {words.exists}{' '}
        <Link to="/app/clients/$id" params={{ id: existing }}>
          {words.openExisting}
        </Link>
      </Alarm>
    );
  }
  return hasFaults ? null : <Alarm>{problemText(error)}</Alarm>;
}
