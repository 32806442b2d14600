/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { dateLocale } from './time';

const UNITS = ['byte', 'kilobyte', 'megabyte'] as const;
const STEP = 1000;

/** `2.4 MB` */
export function bytes(size: number): string {
  const at = size < STEP ? 0 : size < STEP * STEP ? 1 : 2;
  const format = new Intl.NumberFormat(dateLocale(), {
    style: 'unit',
    unitDisplay: at === 0 ? 'long' : 'short',
    unit: UNITS[at] ?? 'byte',
    maximumFractionDigits: at === 2 ? 1 : 0,
  });
  return format.format(size / STEP ** at);
}
