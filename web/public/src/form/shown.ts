/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Which fields are on show, by the same rules as on the server: a condition looks at an earlier
 * field; what is hidden counts as not answered and meets no condition; a hidden section hides what
 * follows it, up to the next.
 */
import type { FormField } from '../kit/contract';
import { type Filling, type Value, isBlank, isSignature, numberOf } from './value';

export function shownFields(fields: FormField[], filling: Filling): FormField[] {
  const shown = new Map<string, FormField>();
  let isSectionHidden = false;
  for (const field of fields) {
    if (field.type === 'section') isSectionHidden = !meets(field, shown, filling);
    if (!isSectionHidden && meets(field, shown, filling)) shown.set(field.key, field);
  }
  return [...shown.values()];
}

function meets(
  { show_if: condition }: FormField,
  shown: ReadonlyMap<string, FormField>,
  filling: Filling,
): boolean {
  if (!condition) return true;
  const asked = shown.get(condition.key);
  if (!asked) return false;
  const value = filling[condition.key] ?? '';
  if (condition.is === 'answered') return isAnswered(value);
  if (condition.is === 'includes') {
    return Array.isArray(value) && value.includes(condition.value ?? '');
  }
  return textOf(asked, value) === condition.value;
}

const isAnswered = (value: Value): boolean =>
  isSignature(value) ? value.name.trim() !== '' : !isBlank(value);

function textOf({ type }: FormField, value: Value): string | null {
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  return type === 'number' ? String(numberOf(value)) : value.trim();
}
