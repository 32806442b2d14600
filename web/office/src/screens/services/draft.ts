/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A service while it is being changed: pure functions over what will be saved. Numbers are as typed. */
import type { components } from '../../../../api';
import { majorOf, minorOf, minutesOf } from './amounts';
import type { Service } from './data';

export type Patch = components['schemas']['ServicePatch'];
export type GateKind = Service['requires'][number]['kind'];

export interface DraftGate {
  kind: GateKind;
  /** The form or the service that it asks for; empty: not chosen yet. */
  target: string;
  lead: string;
  /** Empty: for ever. */
  valid: string;
}

export interface DraftSegment {
  kind: 'work' | 'processing';
  minutes: string;
}

export interface DraftTerms {
  price: string;
  minutes: string;
}

export interface Draft {
  name: string;
  category: string;
  description: string;
  active: boolean;
  price: string;
  /** At least one: the time is what they sum to. */
  segments: DraftSegment[];
  before: string;
  after: string;
  staff: string[];
  /** By person; an empty text is as the service says. */
  terms: Record<string, DraftTerms>;
  materials: { id: string; quantity: string }[];
  needs: string[][];
  forms: string[];
  requires: DraftGate[];
}

export function draftOf(service: Service): Draft {
  const { name, category, description, active } = service;
  const segments: DraftSegment[] =
    service.segments.length > 0
      ? service.segments.map(({ kind, minutes }) => ({ kind, minutes: String(minutes) }))
      : [{ kind: 'work', minutes: String(service.duration_min) }];
  const terms = service.staff_terms.map(({ staff_id: id, price, duration_min: minutes }) => [
    id,
    { price: price === null || price === undefined ? '' : majorOf(price), minutes: minutes ? String(minutes) : '' },
  ]);
  return {
    name,
    category,
    description,
    active,
    segments,
    price: majorOf(service.price),
    before: String(service.buffer_before_min),
    after: String(service.buffer_after_min),
    staff: service.staff_ids,
    terms: Object.fromEntries(terms) as Draft['terms'],
    materials: service.materials.map(({ item_id: id, quantity }) => ({ id, quantity: String(quantity) })),
    needs: service.needs.map((need) => need.any_of),
    forms: service.form_ids,
    requires: service.requires.map((gate) => ({
      kind: gate.kind,
      target: (gate.kind === 'form' ? gate.form_id : gate.service_id) ?? '',
      lead: String(gate.lead_hours ?? 0),
      valid: gate.valid_days ? String(gate.valid_days) : '',
    })),
  };
}

export const lengthOf = ({ segments }: Pick<Draft, 'segments'>): number =>
  segments.reduce((sum, { minutes }) => sum + (minutesOf(minutes) ?? 0), 0);

const quantityOf = (text: string): number => Number(text.trim().replace(',', '.'));

/** Whole, as the server wants it; what differs of it is what is sent. */
function bodyOf(draft: Draft): Required<Omit<Patch, 'form_ids'>> & { form_ids: string[] } {
  const isPlain = draft.segments.length === 1 && draft.segments[0]?.kind === 'work';
  const terms = draft.staff.flatMap((id) => {
    const { price = '', minutes = '' } = draft.terms[id] ?? {};
    const [ownPrice, ownTime] = [minorOf(price), minutesOf(minutes)];
    if (ownPrice === null && ownTime === null) return [];
    return [
      {
        staff_id: id,
        ...(ownPrice === null ? {} : { price: ownPrice }),
        ...(ownTime === null ? {} : { duration_min: ownTime }),
      },
    ];
  });
  return {
    name: draft.name.trim(),
    category: draft.category.trim(),
    description: draft.description.trim(),
    active: draft.active,
    price: minorOf(draft.price) ?? 0,
    duration_min: lengthOf(draft),
    segments: isPlain ? [] : draft.segments.map(({ kind, minutes }) => ({ kind, minutes: minutesOf(minutes) ?? 0 })),
    buffer_before_min: minutesOf(draft.before) ?? 0,
    buffer_after_min: minutesOf(draft.after) ?? 0,
    staff_ids: draft.staff,
    staff_terms: terms,
    materials: draft.materials.map(({ id, quantity }) => ({ item_id: id, quantity: quantityOf(quantity) })),
    needs: draft.needs.filter((need) => need.length > 0).map((need) => ({ any_of: need })),
    form_ids: draft.forms,
    requires: draft.requires.map(({ kind, target, lead, valid }) => ({
      kind,
      ...(kind === 'form' ? { form_id: target } : { service_id: target }),
      lead_hours: minutesOf(lead) ?? 0,
      ...(minutesOf(valid) ? { valid_days: minutesOf(valid) ?? 0 } : {}),
    })),
  };
}

export type Field = keyof ReturnType<typeof bodyOf>;

/** Order tells nothing in these. */
const SETS = new Set<Field>(['staff_ids', 'form_ids', 'staff_terms', 'materials']);

function canon(field: Field, value: unknown): string {
  const parts = Array.isArray(value) ? value.map((each) => JSON.stringify(each)) : [JSON.stringify(value)];
  return (SETS.has(field) ? parts.toSorted() : parts).join();
}

/** Which fields the second has otherwise than the first. */
export function differing(one: Draft, other: Draft): Field[] {
  const [a, b] = [bodyOf(one), bodyOf(other)];
  return (Object.keys(a) as Field[]).filter((field) => canon(field, a[field]) !== canon(field, b[field]));
}

/** What was changed and nothing else, so that what a colleague changes meanwhile stays. */
export function patchOf(base: Draft, draft: Draft): Patch {
  const body = bodyOf(draft);
  const fields = new Set(differing(base, draft));
  /* These are judged together: segments sum to the time, and terms are of those who perform it. */
  if (fields.has('segments')) fields.add('duration_min');
  if (fields.has('duration_min')) fields.add('segments');
  if (fields.has('staff_ids')) fields.add('staff_terms');
  return Object.fromEntries(Object.entries(body).filter(([field]) => fields.has(field as Field)));
}

export type Faults = Partial<Record<string, string>>;

export interface FaultWords {
  nameMissing: string;
  priceWrong: string;
  timeWrong: string;
  minutesWrong: string;
  bufferWrong: string;
  quantityWrong: string;
  firstWork: string;
  gateTarget: string;
  gateNumber: string;
}

const isBetween = (text: string, least: number, most: number): boolean => {
  const value = minutesOf(text);
  return value !== null && value >= least && value <= most;
};

/** By the paths that the server would use, so that one field has one place for what is wrong with it. */
export function check(draft: Draft, words: FaultWords): Faults {
  const faults: Faults = {};
  if (!draft.name.trim()) faults['name'] = words.nameMissing;
  if (minorOf(draft.price) === null) faults['price'] = words.priceWrong;
  if (lengthOf(draft) < 5 || lengthOf(draft) > 720) faults['duration_min'] = words.timeWrong;
  for (const [at, segment] of draft.segments.entries()) {
    if (!isBetween(segment.minutes, 1, 720)) faults[`segments.${at}.minutes`] = words.minutesWrong;
  }
  if (draft.segments[0]?.kind === 'processing') faults['segments.0.kind'] = words.firstWork;
  if (!isBetween(draft.before, 0, 240)) faults['buffer_before_min'] = words.bufferWrong;
  if (!isBetween(draft.after, 0, 240)) faults['buffer_after_min'] = words.bufferWrong;
  for (const id of draft.staff) {
    const { price = '', minutes = '' } = draft.terms[id] ?? {};
    if (price.trim() && minorOf(price) === null) faults[`terms.${id}.price`] = words.priceWrong;
    if (minutes.trim() && !isBetween(minutes, 5, 720)) faults[`terms.${id}.duration_min`] = words.timeWrong;
  }
  for (const [at, { quantity }] of draft.materials.entries()) {
    const isQuantity = /^\d+([.,]\d{1,3})?$/.test(quantity.trim()) && quantityOf(quantity) > 0;
    if (!isQuantity) faults[`materials.${at}.quantity`] = words.quantityWrong;
  }
  for (const [at, gate] of draft.requires.entries()) {
    if (!gate.target) faults[`requires.${at}.target`] = words.gateTarget;
    if (!isBetween(gate.lead, 0, 8760)) faults[`requires.${at}.lead_hours`] = words.gateNumber;
    if (gate.valid.trim() && !isBetween(gate.valid, 1, 3650)) faults[`requires.${at}.valid_days`] = words.gateNumber;
  }
  return faults;
}

/** The server numbers the terms that it was sent; here they stand by person. */
export function localPath(path: string, sent: Patch): string {
  const [, at, field] = /^staff_terms\.(\d+)\.(\w+)$/.exec(path) ?? [];
  const person = at === undefined ? undefined : sent.staff_terms?.[Number(at)]?.staff_id;
  return person === undefined ? path : `terms.${person}.${field}`;
}
