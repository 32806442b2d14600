/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A form while it is being built: pure functions over what will be saved. */
import type { Form, FormField } from '../../kit/contract';

export type FieldType = FormField['type'];

/** `id` is only for the page: a key may still change, and two new questions have none. */
export interface DraftField extends FormField {
  id: string;
  isNew: boolean;
}

export interface Draft {
  name: string;
  kind: Form['kind'];
  fields: DraftField[];
  active: boolean;
  every_visit: boolean;
  clinical: boolean;
  staff_reads: boolean;
  public: boolean;
  external_url: string;
  thanks: string;
}

let lastId = 0;
const newId = (): string => {
  lastId += 1;
  return `f${lastId}`;
};

export const BLANK: Draft = {
  name: '',
  kind: 'intake',
  fields: [],
  active: true,
  every_visit: false,
  clinical: false,
  staff_reads: false,
  public: false,
  external_url: '',
  thanks: '',
};

export function draftOf(form: Form): Draft {
  const { name, kind, active, clinical, public: isPublic, thanks } = form;
  return {
    name,
    kind,
    active,
    every_visit: form.every_visit,
    clinical,
    staff_reads: form.staff_reads,
    public: isPublic,
    external_url: form.external_url ?? '',
    thanks,
    fields: form.fields.map((field) => ({ ...field, id: newId(), isNew: false })),
  };
}

export const hasOptions = (type: FieldType): boolean => type === 'choice' || type === 'several';

export function newField(type: FieldType, more: Partial<FormField> = {}): DraftField {
  return {
    key: '',
    label: '',
    help: '',
    options: [],
    required: type === 'consent' || type === 'signature',
    ...more,
    type,
    id: newId(),
    isNew: true,
  };
}

/** What a public form must ask for. */
export const forEverybody = (): DraftField[] => [
  { ...newField('text', { label: 'Your name', required: true }), key: 'name' },
  { ...newField('email', { label: 'E-mail', required: true }), key: 'email' },
];

export function lacksPublic({ fields }: Draft): boolean {
  const hasName = fields.some((each) => each.key === 'name' && each.type === 'text' && each.required);
  return !hasName || !fields.some((each) => each.type === 'email' && each.required);
}

/** A type's own members go with it. */
export function retyped(field: DraftField, type: FieldType): DraftField {
  const { min, max, ...rest } = field;
  return {
    ...rest,
    ...(type === 'number' ? { min, max } : {}),
    type,
    options: hasOptions(type) ? field.options : [],
    required: type === 'section' ? false : field.required,
  };
}

export function placed(fields: DraftField[], from: number, to: number): DraftField[] {
  const moved = fields[from];
  if (!moved || to < 0 || to >= fields.length) return fields;
  return fields.toSpliced(from, 1).toSpliced(to, 0, moved);
}

/** Questions that a condition at this place can ask about: earlier ones with an answer. */
export const askable = (fields: DraftField[], at: number): DraftField[] =>
  fields.slice(0, at).filter((each) => each.type !== 'section');

/** Without conditions that ask about what is no longer earlier. */
export function sound(fields: DraftField[]): { fields: DraftField[]; dropped: boolean } {
  let dropped = false;
  const kept = fields.map((field, at) => {
    const { show_if: condition, ...rest } = field;
    if (!condition || askable(fields, at).some((each) => keyOf(each) === condition.key)) return field;
    dropped = true;
    return rest;
  });
  return { fields: kept, dropped };
}

/** Until it is saved, a new question goes by its id in conditions. */
export const keyOf = (field: DraftField): string => field.key || field.id;

const MOST_KEY = 40;

function slug(label: string): string {
  const plain = label.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').slice(0, MOST_KEY);
  const trimmed = plain.replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(trimmed) ? trimmed : `q_${trimmed || 'question'}`.slice(0, MOST_KEY);
}

/** What goes to the server: new questions get a key from their text, once and for all. */
export function fieldsOf(draft: Draft): FormField[] {
  const taken = new Set(draft.fields.map((field) => field.key).filter(Boolean));
  const keys = new Map<string, string>();
  for (const field of draft.fields) {
    if (field.key) continue;
    const base = slug(field.label);
    let key = base;
    for (let turn = 2; taken.has(key); turn += 1) key = `${base.slice(0, MOST_KEY - 3)}_${turn}`;
    taken.add(key);
    keys.set(field.id, key);
  }
  return draft.fields.map(({ id, isNew: _isNew, show_if: condition, min, max, ...field }) => ({
    ...field,
    key: field.key || (keys.get(id) ?? id),
    label: field.label.trim(),
    options: field.options.map((each) => each.trim()).filter(Boolean),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(condition ? { show_if: { ...condition, key: keys.get(condition.key) ?? condition.key } } : {}),
  }));
}
