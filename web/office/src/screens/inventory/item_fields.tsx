/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is known of an item, as fields: for a new one and for changes. */
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { Item } from '../../kit/contract';
import { words } from '../../words/inventory';
import { costText, parse, parseCost, typed } from './amount';
import { summaryQuery } from './data';

export interface Values {
  name: string;
  unit: string;
  sku: string;
  category: string;
  supplier: string;
  reorder: string;
  cost: string;
  packName: string;
  packSize: string;
}

export const BLANK: Values = {
  name: '',
  unit: '',
  sku: '',
  category: '',
  supplier: '',
  reorder: '',
  cost: '',
  packName: '',
  packSize: '',
};

export const valuesOf = (item: Item): Values => ({
  name: item.name,
  unit: item.unit,
  sku: item.sku ?? '',
  category: item.category,
  supplier: item.supplier,
  reorder: item.reorder_point ? typed(item.reorder_point) : '',
  cost: costText(item.unit_cost),
  packName: item.pack?.name ?? '',
  packSize: item.pack ? typed(item.pack.size) : '',
});

export type Faults = Partial<Record<keyof Values, string>>;

const isWrong = (text: string, read: (text: string) => number | null): boolean =>
  text.trim() !== '' && (read(text) ?? -1) < 0;

/** What can be seen to be wrong before anything is sent. */
export function faultsOf(value: Values): Faults {
  const size = parse(value.packSize);
  return {
    ...(value.name.trim() ? {} : { name: words.nameMissing }),
    ...(value.unit.trim() ? {} : { unit: words.unitMissing }),
    ...(isWrong(value.reorder, parse) ? { reorder: words.numberWrong } : {}),
    ...(isWrong(value.cost, parseCost) ? { cost: words.numberWrong } : {}),
    ...(value.packName.trim() && (size === null || size <= 0) ? { packSize: words.packMissing } : {}),
  };
}

/** As the API takes it. */
export function bodyOf(value: Values) {
  const pack = value.packName.trim();
  return {
    name: value.name.trim(),
    unit: value.unit.trim(),
    sku: value.sku.trim() || null,
    category: value.category.trim(),
    supplier: value.supplier.trim(),
    reorder_point: parse(value.reorder) ?? 0,
    unit_cost: parseCost(value.cost),
    pack: pack ? { name: pack, size: parse(value.packSize) ?? 0 } : null,
  };
}

/** The server names its fields, the form has its own. */
const SERVER: Partial<Record<keyof Values, string[]>> = {
  reorder: ['reorder_point'],
  cost: ['unit_cost'],
  packSize: ['size', 'pack'],
};

export function serverFaults(told: Record<string, string>): Faults {
  const found: Faults = {};
  for (const name of Object.keys(BLANK) as (keyof Values)[]) {
    const from = [name, ...(SERVER[name] ?? [])].find((each) => told[each]);
    if (from && told[from]) found[name] = told[from];
  }
  return found;
}

interface FieldsProps {
  value: Values;
  faults: Faults;
  edit: (change: Partial<Values>) => void;
}

export function ItemFields({ value, faults, edit }: FieldsProps) {
  const { data } = useQuery(summaryQuery);
  const id = useId();
  const field = (name: keyof Values) => ({
    value: value[name],
    error: faults[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: HTMLInputElement }) => edit({ [name]: event.currentTarget.value }),
  });
  return (
    <>
      <TextInput data-autofocus label={words.name} required maxLength={120} {...field('name')} />
      <div className="pair">
        <TextInput label={words.unit} description={words.unitHint} required maxLength={20} {...field('unit')} />
        <TextInput label={words.sku} description={words.skuHint} maxLength={60} {...field('sku')} />
      </div>
      <div className="pair">
        <TextInput label={words.category} maxLength={60} list={`${id}-categories`} {...field('category')} />
        <TextInput label={words.supplier} maxLength={120} list={`${id}-suppliers`} {...field('supplier')} />
      </div>
      <div className="pair">
        <TextInput label={words.reorderPoint} description={words.reorderHint} inputMode="decimal" {...field('reorder')} />
        <TextInput label={words.unitCost} description={words.costHintNone} inputMode="decimal" {...field('cost')} />
      </div>
      <div className="pair">
        <TextInput label={words.packName} description={words.packNameHint} maxLength={40} {...field('packName')} />
        <TextInput label={words.packSize} description={value.unit.trim() || words.unitHint} inputMode="decimal" {...field('packSize')} />
      </div>
      <datalist id={`${id}-categories`}>
        {(data?.categories ?? []).map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      <datalist id={`${id}-suppliers`}>
        {(data?.suppliers ?? []).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}
