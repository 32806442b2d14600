/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a control holds while the form is filled in. */
import type { Drawing } from '../kit/contract';

/** The name is what counts; the drawing goes with it. */
export interface Signature {
  name: string;
  drawing: Drawing | null;
}

export type Value = string | boolean | string[] | Signature;
export type Filling = Record<string, Value>;

export const isSignature = (value: unknown): value is Signature =>
  typeof value === 'object' && value !== null && 'name' in value;

export function isBlank(value: Value): boolean {
  if (typeof value === 'boolean') return !value;
  if (isSignature(value)) return value.name.trim() === '' && !value.drawing;
  return typeof value === 'string' ? value.trim() === '' : value.length === 0;
}

/** People write commas. */
export const numberOf = (text: string): number => Number(text.trim().replace(',', '.'));
