/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What one visit uses from stock, what that costs, and what is left of the price. */
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { money } from '../../kit/time';
import { words } from '../../words/service';
import { costOf, minorOf } from './amounts';
import { type Item, itemsQuery } from './data';
import type { Draft } from './draft';
import type { Editing } from './editing';
import { Part } from './part';

const MOST = 30;

export function Materials({ editing: { draft, faults, edit } }: { editing: Editing }) {
  const { data: items, isPending } = useQuery(itemsQuery);
  const { materials } = draft;
  const list = useRef<HTMLUListElement>(null);
  const focusLast = useRef(false);
  useEffect(() => {
    if (!focusLast.current) return;
    focusLast.current = false;
    [...(list.current?.querySelectorAll('input') ?? [])].at(-1)?.focus();
  });
  if (isPending) return <Part title={words.parts.materials}>{null}</Part>;
  const all = items ?? [];
  const rest = all.filter(({ id }) => !materials.some((each) => each.id === id));
  const remove = (at: number): void => {
    document.getElementById('add-material')?.focus();
    edit({ materials: materials.toSpliced(at, 1) });
  };
  return (
    <Part title={words.parts.materials} hint={words.recipeHint}>
      {all.length === 0 && (
        <>
          <p className="soft">{words.noItems}</p>
          <Button className="start" variant="default" renderRoot={(props) => <Link to="/app/inventory" {...props} />}>
            {words.toItems}
          </Button>
        </>
      )}
      {all.length > 0 && materials.length === 0 && <p className="soft">{words.noRecipe}</p>}
      <ul ref={list} className="recipe">
        {materials.map(({ id, quantity }, at) => {
          const item = all.find((each) => each.id === id);
          const name = item?.name ?? id;
          return (
            <li key={id}>
              <span>{name}</span>
              <TextInput
                aria-label={words.quantityOf(name)}
                inputMode="decimal"
                value={quantity}
                rightSection={<span className="soft small">{item?.unit}</span>}
                rightSectionWidth={56}
                error={faults[`materials.${at}.quantity`]}
                onChange={(event) => edit({ materials: materials.with(at, { id, quantity: event.currentTarget.value }) })}
              />
              <ActionIcon size={36} aria-label={words.removeItem(name)} onClick={() => remove(at)}>
                <X size={16} aria-hidden="true" />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      {rest.length > 0 && materials.length < MOST && (
        <NativeSelect
          id="add-material"
          aria-label={words.addItem}
          value=""
          data={[{ value: '', label: words.chooseItem }, ...rest.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(event) => {
            focusLast.current = true;
            edit({ materials: [...materials, { id: event.currentTarget.value, quantity: '1' }] });
          }}
        />
      )}
      {materials.length > 0 && <Earns draft={draft} items={all} />}
    </Part>
  );
}

function Earns({ draft, items }: { draft: Draft; items: Item[] }) {
  const used = draft.materials.map(({ id, quantity }) => ({ item_id: id, quantity: Number(quantity.replace(',', '.')) || 0 }));
  const { cost, unknown } = costOf(used, items);
  const price = minorOf(draft.price);
  if (cost === null) return <p className="soft small">{words.costUnknown}</p>;
  return (
    <dl className="earns">
      <div>
        <dt>{words.cost}</dt>
        <dd>{money(cost)}</dd>
      </div>
      {price !== null && (
        <div>
          <dt>{words.margin}</dt>
          <dd data-bad={price < cost || undefined}>
            {money(price - cost)}
            {price > 0 && <span className="soft small">{words.marginOf(Math.round(((price - cost) / price) * 100))}</span>}
          </dd>
        </div>
      )}
      {unknown > 0 && <p className="soft small">{words.costPart(unknown)}</p>}
    </dl>
  );
}
