/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What stands in the form while it is filled in, and what is sent of it. The server decides; the
 * checks here spare a visitor the way there and back.
 */
import type { Answers, FormField } from '../kit/contract';
import { looksLikeEmail } from '../kit/ui';
import { form as words } from '../words/form';
import { shownFields } from './shown';
import { type Filling, type Value, isBlank, isSignature, numberOf } from './value';

export type Errors = Record<string, string>;

const NUMBER = /^[-+]?\d{1,9}([.,]\d{1,3})?$/;
const PHONE = /^[\d+\-()./ ]{3,32}$/;

function blank({ type }: FormField): Value {
  if (type === 'several') return [];
  if (type === 'signature') return { name: '', drawing: null };
  return type === 'consent' ? false : '';
}

/** What came from outside as what the control holds; null where it does not fit. */
function valueOf({ type }: FormField, given: unknown): Value | null {
  if (type === 'several') return Array.isArray(given) ? given.map(String) : null;
  if (type === 'consent') return typeof given === 'boolean' ? given : null;
  if (type === 'signature') {
    if (typeof given === 'string') return { name: given, drawing: null };
    return isSignature(given) ? { name: given.name, drawing: given.drawing ?? null } : null;
  }
  if (typeof given === 'number') return String(given);
  return typeof given === 'string' ? given : null;
}

/** What was typed before a reload goes before what the business knows already. */
export function firstFilling(
  fields: FormField[],
  known: Answers,
  typed: Record<string, unknown> | null,
): Filling {
  const first: Filling = {};
  for (const field of fields) {
    if (field.type === 'section') continue;
    first[field.key] = valueOf(field, typed?.[field.key] ?? known[field.key]) ?? blank(field);
  }
  return first;
}

function missing({ type }: FormField): string {
  if (type === 'choice') return words.missingChoice;
  if (type === 'several') return words.missingSeveral;
  if (type === 'consent') return words.missingConsent;
  return type === 'signature' ? words.missingSignature : words.missing;
}

function wrongNumber({ min, max }: FormField, text: string): string | null {
  if (!NUMBER.test(text)) return words.numberWrong;
  const number = numberOf(text);
  if (min !== undefined && number < min) return words.numberLow(min);
  return max !== undefined && number > max ? words.numberHigh(max) : null;
}

function wrong(field: FormField, value: Value): string | null {
  /* A drawing alone names nobody. */
  if (isSignature(value)) return value.name.trim().length < 2 ? words.missingSignature : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (field.type === 'email' && !looksLikeEmail(text)) return words.emailWrong;
  if (field.type === 'phone' && !PHONE.test(text)) return words.phoneWrong;
  return field.type === 'number' ? wrongNumber(field, text) : null;
}

/** Only of what is on show. */
export function check(fields: FormField[], filling: Filling): Errors {
  const errors: Errors = {};
  for (const field of shownFields(fields, filling)) {
    if (field.type === 'section') continue;
    const value = filling[field.key] ?? '';
    const error = isBlank(value) ? field.required && missing(field) : wrong(field, value);
    if (error) errors[field.key] = error;
  }
  return errors;
}

/** What was left blank is left out, but a consent that was not given is told. */
export function answersOf(fields: FormField[], filling: Filling): Answers {
  const answers: Answers = {};
  for (const { key, type } of shownFields(fields, filling)) {
    if (type === 'section') continue;
    const value = filling[key] ?? '';
    if (type === 'consent') answers[key] = value === true;
    else if (!isBlank(value)) answers[key] = sent(type, value);
  }
  return answers;
}

function sent(type: FormField['type'], value: Value): Answers[string] {
  if (isSignature(value)) {
    const name = value.name.trim();
    return value.drawing ? { name, drawing: value.drawing } : name;
  }
  if (typeof value !== 'string') return value;
  return type === 'number' ? numberOf(value) : value.trim();
}

/**
 * What is saved on the way, whole or half: also what a condition hides at the moment, and that
 * something known before has been emptied. A number that is none yet is not saved.
 */
export function draftOf(fields: FormField[], filling: Filling): Answers {
  const answers: Answers = {};
  for (const { key, type } of fields) {
    if (type === 'section') continue;
    const value = filling[key] ?? '';
    if (typeof value === 'string' && type !== 'number') answers[key] = value;
    else if (isBlank(value)) continue;
    else if (type !== 'number') answers[key] = sent(type, value);
    else if (typeof value === 'string' && NUMBER.test(value.trim())) answers[key] = numberOf(value);
  }
  return answers;
}
