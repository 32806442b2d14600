/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a business of a trade usually offers, to begin with: minutes, and prices that are looked over anyway. */
import { words } from '../../words/start';

export const TRADES = ['hair', 'barber', 'beauty', 'nails', 'massage', 'clinic'] as const;
export type Trade = (typeof TRADES)[number];

export interface Offer {
  name: string;
  category: string;
  duration_min: number;
  /** In whole euros; in other currencies about as much. */
  euros: number;
  /** Parts in which the client waits and the person is free. */
  segments: { kind: 'work' | 'processing'; minutes: number }[] | null;
}

const MINUTES: Record<Trade, [minutes: number, euros: number][]> = {
  hair: [[45, 48], [30, 32], [30, 35], [90, 75], [150, 140], [60, 65]],
  barber: [[30, 28], [20, 18], [45, 40], [30, 25]],
  beauty: [[60, 65], [75, 85], [30, 25], [20, 18], [45, 40]],
  nails: [[45, 35], [60, 48], [50, 42], [75, 60]],
  massage: [[60, 70], [30, 40], [90, 98], [60, 80]],
  clinic: [[30, 60], [45, 120], [60, 150], [20, 40]],
};

/** A root colour works by itself for half an hour. */
const COLOUR = { trade: 'hair', at: 3, segments: [
  { kind: 'work', minutes: 35 },
  { kind: 'processing', minutes: 30 },
  { kind: 'work', minutes: 25 },
] } as const;

export function menuOf(trade: Trade): Offer[] {
  return words.menus[trade].map(([name, category], at) => {
    const [minutes, euros] = MINUTES[trade][at] ?? [30, 30];
    const isColour = trade === COLOUR.trade && at === COLOUR.at;
    return {
      name,
      category,
      duration_min: minutes,
      euros,
      segments: isColour ? [...COLOUR.segments] : null,
    };
  });
}

/** About what a euro is, for a first price that is round in its currency. */
const RATES: Record<string, number> = {
  EUR: 1, USD: 1, GBP: 0.9, CHF: 1.1, PLN: 4, CZK: 24, HUF: 380, RON: 5, SEK: 11, NOK: 11, DKK: 7.5, TRY: 40,
  JPY: 160, KRW: 1450, INR: 60, CAD: 1.4, AUD: 1.6, NZD: 1.7, BRL: 4, MXN: 15, ZAR: 15, AED: 4, ILS: 4,
};
const ROUND_FROM = 1000;

/** In minor units of the business's currency. */
export function firstPrice(euros: number, currency: string): number {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const amount = euros * (RATES[currency] ?? 1);
  const step = amount >= ROUND_FROM ? 100 : 1;
  return Math.round(amount / step) * step * 10 ** digits;
}
