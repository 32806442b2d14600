/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Begin to count: everything, or one category. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { words } from '../../words/inventory';
import { words as kit } from '../../words/kit';
import { summaryQuery } from './data';

export default function NewStocktake({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [category, setCategory] = useState('');
  const [key, setKey] = useState(newKey);
  const { data } = useQuery(summaryQuery);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const open = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/stocktakes', {
          params: { header: { 'Idempotency-Key': key } },
          body: { ...(name.trim() ? { name: name.trim() } : {}), ...(category ? { category } : {}) },
        }),
      ),
    onSuccess: (take) => {
      void cache.invalidateQueries({ queryKey: ['stocktakes'] });
      void navigate({ to: '/app/stocktakes/$id', params: { id: take.id } });
    },
    onError: () => setKey(newKey()),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    open.mutate();
  };
  const everything = data ? `${words.takeAll} (${data.items})` : words.takeAll;
  return (
    <Dialog onClose={close} title={words.newStocktake}>
      <form className="stack" onSubmit={submit} noValidate>
        {open.error && <Alarm>{problemText(open.error)}</Alarm>}
        <TextInput
          data-autofocus
          label={words.takeName}
          description={words.takeNameHint}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={words.takeWhat}
          value={category}
          data={[
            { value: '', label: everything },
            ...(data?.categories ?? []).map((each) => ({ value: each.name, label: `${each.name} (${each.items})` })),
          ]}
          onChange={(event) => setCategory(event.currentTarget.value)}
        />
        <div className="row apart">
          <Button variant="default" onClick={close}>
            {kit.cancel}
          </Button>
          <Act type="submit" busy={open.isPending}>
            {words.begin}
          </Act>
        </div>
      </form>
    </Dialog>
  );
}
