/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A new item, with what of it is on the shelf already. */
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/inventory';
import { words as kit } from '../../words/kit';
import { parse } from './amount';
import { BLANK, type Faults, ItemFields, type Values, bodyOf, faultsOf, serverFaults } from './item_fields';

async function createItem(value: Values, first: number, key: string) {
  const { sku, unit_cost: cost, pack, ...body } = bodyOf(value);
  const item = await ask(
    api.POST('/api/v1/items', {
      params: { header: { 'Idempotency-Key': key } },
      body: {
        ...body,
        ...(sku ? { sku } : {}),
        ...(cost === null ? {} : { unit_cost: cost }),
        ...(pack ? { pack } : {}),
      },
    }),
  );
  if (first > 0) {
    const params = { path: { id: item.id }, header: { 'Idempotency-Key': `${key}-first` } };
    await ask(api.POST('/api/v1/items/{id}/movements', { params, body: { kind: 'count', quantity: first } }));
  }
  return item;
}

export default function NewItem({ close }: { close: () => void }) {
  const [value, setValue] = useState<Values>(BLANK);
  const [first, setFirst] = useState('');
  const [isTold, setTold] = useState(false);
  const [key, setKey] = useState(newKey);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const toast = useToast();
  const create = useMutation({
    mutationFn: () => createItem(value, parse(first) ?? 0, key),
    onSuccess: (item) => {
      toast.say(words.created);
      void navigate({ to: '/app/inventory/$id', params: { id: item.id } });
    },
    /* What may have got through is sent again under the same key. */
    onError: (error) => {
      if (!(error instanceof Refusal && error.mayPass)) setKey(newKey());
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: ['items'] }),
  });
  const firstIsWrong = first.trim() !== '' && (parse(first) ?? -1) < 0;
  const own: Faults = faultsOf(value);
  const theirs = serverFaults(faultsByField(create.error));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setTold(true);
    if (Object.keys(own).length === 0 && !firstIsWrong) {
      create.mutate();
      return;
    }
    const form = event.currentTarget;
    requestAnimationFrame(() => form.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <Dialog onClose={close} title={words.newItem} size="lg">
      <form className="stack" onSubmit={submit} noValidate>
        {create.error && Object.keys(theirs).length === 0 && <Alarm>{problemText(create.error)}</Alarm>}
        <ItemFields
          value={value}
          faults={{ ...theirs, ...(isTold ? own : {}) }}
          edit={(change) => setValue((last) => ({ ...last, ...change }))}
        />
        <TextInput
          label={words.firstStock}
          inputMode="decimal"
          autoComplete="off"
          value={first}
          error={isTold && firstIsWrong ? words.numberWrong : null}
          onChange={(event) => setFirst(event.currentTarget.value)}
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
