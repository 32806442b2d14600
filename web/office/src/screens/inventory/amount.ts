/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Quantities and costs, as they are read and as they are typed. */
import { session } from '../../shell/session';
import { unitAfter } from '../../words/units';

const language = document.documentElement.lang || 'en';
const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
const rough = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
const signed = new Intl.NumberFormat(language, { maximumFractionDigits: 3, signDisplay: 'exceptZero' });

/** Thousandths are as fine as it gets, so sums stay what they are. */
export const round = (value: number): number => Math.round(value * 1000) / 1000;

export const number = (value: number): string => plain.format(value);
/** An average is no finer than it is sure. */
export const about = (value: number, unit: string): string => `${rough.format(value)} ${unitAfter(value, unit)}`;
export const amount = (value: number, unit: string): string => `${plain.format(value)} ${unitAfter(value, unit)}`;
export const difference = (value: number, unit: string): string => `${signed.format(value)} ${unitAfter(value, unit)}`;

const hasComma = plain.format(1.5).includes(',');

/** Without blanks, and with a point; where a comma parts thousands, 1,500 is no 1.5. */
function bareOf(text: string): string {
  const bare = text.replaceAll(/\s/g, '').replace('−', '-');
  const isGrouped = !hasComma && /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare);
  return isGrouped ? bare.replaceAll(',', '') : bare.replace(',', '.');
}

/** `1.5`, `1,5` and `−2` as numbers; null for what is none. */
export function parse(text: string): number | null {
  const bare = bareOf(text);
  if (!/^-?\d+(\.\d{1,3})?$|^-?\.\d{1,3}$/.test(bare)) return null;
  const value = Number(bare);
  return Math.abs(value) > 1e9 ? null : value;
}

/** As one would type it. */
export const typed = (value: number): string => (hasComma ? String(value).replace('.', ',') : String(value));

const digits =
  new Intl.NumberFormat('en', { style: 'currency', currency: session.workspace.currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

/** `12.50` as minor units; null for what is no sum. */
export function parseCost(text: string): number | null {
  const bare = bareOf(text);
  if (!/^\d+(\.\d+)?$/.test(bare)) return null;
  const minor = Math.round(Number(bare) * 10 ** digits);
  return minor > 1e9 ? null : minor;
}

export const costText = (minor: number | null): string =>
  minor === null ? '' : (minor / 10 ** digits).toFixed(digits);
