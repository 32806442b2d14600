/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A new service by what it cannot do without; all the rest is on its own page. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words as kit } from '../../words/kit';
import { words } from '../../words/services';
import { minorOf, minutesOf, symbol } from './amounts';
import { CategoryField } from './category_field';
import { staffQuery } from './data';

const BLANK = { name: '', category: '', minutes: '60', price: '' };
type Typed = typeof BLANK;
type Faults = Partial<Record<string, string>>;

function check({ name, minutes, price }: Typed): Faults {
  const time = minutesOf(minutes);
  return {
    ...(name.trim() ? {} : { name: words.nameMissing }),
    ...(time !== null && time >= 5 && time <= 720 ? {} : { duration_min: words.timeWrong }),
    ...(minorOf(price) === null ? { price: words.priceWrong } : {}),
  };
}

export default function NewService({ close }: { close: () => void }) {
  const [typed, setTyped] = useState(BLANK);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [wrong, setWrong] = useState<Faults>({});
  const [key, setKey] = useState(newKey);
  const { data: staff } = useQuery(staffQuery);
  const people = (staff ?? []).filter(({ active, bookable }) => active && bookable);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const toast = useToast();
  const create = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/services', {
          params: { header: { 'Idempotency-Key': key } },
          body: {
            name: typed.name.trim(),
            category: typed.category.trim(),
            duration_min: minutesOf(typed.minutes) ?? 0,
            price: minorOf(typed.price) ?? 0,
            staff_ids: people.filter(({ id }) => !left.has(id)).map(({ id }) => id),
          },
        }),
      ),
    onSuccess: async (service) => {
      void cache.invalidateQueries({ queryKey: ['services'] });
      await navigate({ to: '/app/services/$id', params: { id: service.id } });
      toast.say(words.created);
    },
    onError: () => setKey(newKey()),
  });
  const faults: Faults = { ...faultsByField(create.error), ...wrong };
  const edit = (change: Partial<Typed>): void => {
    setWrong({});
    setTyped((last) => ({ ...last, ...change }));
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const found = check(typed);
    setWrong(found);
    const first = ['name', 'duration_min', 'price'].find((name) => found[name]);
    if (first) event.currentTarget.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    else create.mutate();
  };
  return (
    <Dialog onClose={close} title={words.newService} size="lg">
      <form className="stack" onSubmit={submit} noValidate>
        {create.error && Object.keys(faults).length === 0 && <Alarm>{problemText(create.error)}</Alarm>}
        <TextInput
          data-autofocus
          name="name"
          label={words.name}
          value={typed.name}
          required
          maxLength={120}
          autoComplete="off"
          error={faults['name']}
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
        <CategoryField value={typed.category} error={faults['category']} onChange={(category) => edit({ category })} />
        <div className="pair">
          <TextInput
            name="duration_min"
            label={words.time}
            inputMode="numeric"
            required
            value={typed.minutes}
            error={faults['duration_min']}
            onChange={(event) => edit({ minutes: event.currentTarget.value })}
          />
          <TextInput
            name="price"
            label={words.price}
            inputMode="decimal"
            required
            leftSection={<span className="soft">{symbol}</span>}
            value={typed.price}
            error={faults['price']}
            onChange={(event) => edit({ price: event.currentTarget.value })}
          />
        </div>
        {staff && people.length === 0 && <p className="soft">{words.noStaff}</p>}
        {people.length > 0 && (
          <fieldset className="service-who">
            <legend>{words.who}</legend>
            {people.map(({ id, name }) => (
              <Checkbox
                key={id}
                label={name}
                checked={!left.has(id)}
                onChange={(event) => {
                  const next = new Set(left);
                  if (event.currentTarget.checked) next.delete(id);
                  else next.add(id);
                  setLeft(next);
                }}
              />
            ))}
          </fieldset>
        )}
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
