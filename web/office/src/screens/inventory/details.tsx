/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is known of an item, read, and changed in place; and taking it out of use. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Archive, ArchiveRestore, Pencil } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { money } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/inventory';
import { words as kit } from '../../words/kit';
import { amount } from './amount';
import { type ItemFull, itemQuery } from './data';
import { ItemFields, bodyOf, faultsOf, serverFaults, valuesOf } from './item_fields';

export function Details({ item }: { item: ItemFull }) {
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
      <div className="item-panel-head">
        <h2 id="details-title">{words.details}</h2>
        {!isEditing && (
          <Button
            ref={button}
            variant="subtle"
            size="compact-sm"
            aria-label={words.editOf(item.name)}
            leftSection={<Pencil size={15} aria-hidden="true" />}
            onClick={() => setEditing(true)}
          >
            {words.edit}
          </Button>
        )}
      </div>
      {isEditing ? <Edit item={item} done={() => setEditing(false)} /> : <Read item={item} />}
    </section>
  );
}

function Read({ item }: { item: ItemFull }) {
  const { unit, pack } = item;
  const rows: [string, string][] = [
    [words.reorderPoint, amount(item.reorder_point, unit)],
    [words.unitCost, item.unit_cost === null ? '' : money(item.unit_cost)],
    [words.packName, pack ? words.packIs(pack.name, amount(pack.size, unit)) : ''],
    [words.supplier, item.supplier],
    [words.category, item.category],
    [words.sku, item.sku ?? ''],
  ];
  return (
    <>
      <dl className="item-details">
        {rows.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text || <span className="soft">{words.none}</span>}</dd>
          </div>
        ))}
      </dl>
      <Use item={item} />
    </>
  );
}

/** Retiring is taken back by the same button, and from the toast. */
function Use({ item }: { item: ItemFull }) {
  const cache = useQueryClient();
  const toast = useToast();
  const { queryKey } = itemQuery(item.id);
  const change = useMutation({
    mutationFn: (active: boolean) =>
      ask(api.PATCH('/api/v1/items/{id}', { params: { path: { id: item.id } }, body: { active } })),
    onMutate: (active) => {
      const was = cache.getQueryData(queryKey);
      cache.setQueryData(queryKey, (last) => last && { ...last, active });
      return was;
    },
    onSuccess: (_made, active) => {
      toast.say(active ? words.restored : words.retiredNow, () => change.mutate(!active));
    },
    onError: (error, _active, was) => {
      cache.setQueryData(queryKey, was);
      toast.fail(error);
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: ['items'] }),
  });
  const Icon = item.active ? Archive : ArchiveRestore;
  return (
    <div className="item-use">
      <Button
        variant="default"
        leftSection={<Icon size={16} aria-hidden="true" />}
        onClick={() => change.mutate(!item.active)}
      >
        {item.active ? words.retire : words.restore}
      </Button>
      <p className="soft small">{words.retireHint}</p>
    </div>
  );
}

/** What was changed, and nothing else: what a colleague changes meanwhile stays. */
function changesOf(before: ReturnType<typeof bodyOf>, now: ReturnType<typeof bodyOf>) {
  const differs = ([name, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]);
  return Object.fromEntries(Object.entries(now).filter(differs));
}

function Edit({ item, done }: { item: ItemFull; done: () => void }) {
  const [before] = useState(() => valuesOf(item));
  const [value, setValue] = useState(before);
  /* The one that these fields were filled from, whatever has been read since. */
  const [version, setVersion] = useState(item.version);
  const [isTold, setTold] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const cache = useQueryClient();
  const toast = useToast();
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const send = (on: number) =>
    ask(
      api.PATCH('/api/v1/items/{id}', {
        params: { path: { id: item.id }, header: { 'If-Match': ifMatch(on) } },
        body: changesOf(bodyOf(before), bodyOf(value)),
      }),
    );
  const save = useMutation({
    mutationFn: async () => {
      try {
        return await send(version);
      } catch (error) {
        if (!(error instanceof Refusal && error.status === 412)) throw error;
        /* Each movement makes a new version. Where no field differs, there is nothing to look at. */
        const fresh = await cache.fetchQuery({ ...itemQuery(item.id), staleTime: 0 });
        setVersion(fresh.version);
        if (JSON.stringify(valuesOf(fresh)) !== JSON.stringify(before)) throw error;
        return send(fresh.version);
      }
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['items'] });
      toast.say(words.saved);
      done();
    },
  });
  const own = faultsOf(value);
  const theirs = serverFaults(faultsByField(save.error));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTold(true);
    if (Object.keys(own).length === 0) save.mutate();
    else requestAnimationFrame(() => form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form className="stack" ref={form} onSubmit={submit} noValidate>
      {save.error && Object.keys(theirs).length === 0 && <Alarm>{problemText(save.error)}</Alarm>}
      <ItemFields
        value={value}
        faults={{ ...theirs, ...(isTold ? own : {}) }}
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
