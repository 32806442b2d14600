/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Money and minutes as they are typed and read, and what a service earns. */
import { money } from '../../kit/time';
import { session } from '../../shell/session';
import { words } from '../../words/services';
import type { Item, Service } from './data';

const { currency } = session.workspace;
const DIGITS = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
const MINOR = 10 ** DIGITS;

export const symbol =
  new Intl.NumberFormat(document.documentElement.lang || 'en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    .formatToParts(0)
    .find((part) => part.type === 'currency')?.value ?? currency;

/** `45`, `45.5` and `45,50`; null for what is no amount. */
export function minorOf(text: string): number | null {
  const plain = text.trim().replaceAll(/\s/g, '').replace(',', '.');
  if (!/^\d+(\.\d+)?$/.test(plain)) return null;
  const minor = Number(plain) * MINOR;
  const whole = Math.round(minor);
  return Math.abs(minor - whole) < 1e-6 ? whole : null;
}

export const majorOf = (minor: number): string =>
  minor % MINOR === 0 ? String(minor / MINOR) : (minor / MINOR).toFixed(DIGITS);

/** Whole minutes; null for what is none. */
export const minutesOf = (text: string): number | null => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : null);

export const duration = (minutes: number): string => words.duration(Math.floor(minutes / 60), minutes % 60);

/** Least and most of what its people take; the service's own where nobody performs it. */
function spread(of: number[]): [number, number] {
  return [Math.min(...of), Math.max(...of)];
}

const byPeople = (service: Service, what: 'price' | 'duration_min'): [number, number] => {
  const own = new Map(service.staff_terms.map((each) => [each.staff_id, each[what]]));
  const all = service.staff_ids.map((id) => own.get(id) ?? service[what]);
  return spread(all.length > 0 ? all : [service[what]]);
};

export function priceText(service: Service): string {
  const [least, most] = byPeople(service, 'price');
  return least === most ? money(least) : words.range(money(least), money(most));
}

export function timeText(service: Service): string {
  const [least, most] = byPeople(service, 'duration_min');
  return least === most ? duration(least) : words.range(duration(least), duration(most));
}

export interface Margin {
  /** Null: what one of the materials costs is not known. */
  cost: number | null;
  /** How many of the materials have no cost. */
  unknown: number;
}

/** In whole minor units; what a unit costs may be less than one of them. */
export function costOf(materials: { item_id: string; quantity: number }[], items: Item[]): Margin {
  let cost = 0;
  let unknown = 0;
  for (const { item_id: id, quantity } of materials) {
    const unit = items.find((item) => item.id === id)?.unit_cost;
    if (unit === null || unit === undefined) unknown += 1;
    else cost += unit * quantity;
  }
  return { cost: unknown === materials.length && unknown > 0 ? null : Math.round(cost), unknown };
}
