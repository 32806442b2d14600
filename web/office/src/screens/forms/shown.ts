/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which questions are shown to whoever has filled in so much, by the rules of the server. */
import { type DraftField, keyOf } from './draft';

export type Filled = Record<string, string | string[] | boolean | undefined>;

function isAnswered(value: Filled[string]): boolean {
  if (typeof value === 'boolean') return value;
  return value !== undefined && value.length > 0;
}

function isMet(field: DraftField, filled: Filled, hidden: ReadonlySet<string>): boolean {
  const { show_if: condition } = field;
  if (!condition) return true;
  /* A question that is itself hidden meets nothing. */
  if (hidden.has(condition.key)) return false;
  const value = filled[condition.key];
  if (condition.is === 'answered') return isAnswered(value);
  if (condition.is === 'includes') return Array.isArray(value) && value.includes(condition.value ?? '');
  return String(value ?? false) === condition.value;
}

/** A hidden section hides all that follows up to the next one. */
export function shownFields(fields: DraftField[], filled: Filled): DraftField[] {
  const hidden = new Set<string>();
  let isSectionHidden = false;
  return fields.filter((field) => {
    const isShown = isMet(field, filled, hidden) && (field.type === 'section' || !isSectionHidden);
    if (field.type === 'section') isSectionHidden = !isShown;
    if (!isShown) hidden.add(keyOf(field));
    return isShown;
  });
}
