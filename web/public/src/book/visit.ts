/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What the visitor has chosen so far, read from the URL and held against what the shop offers, so
 * that an old or wrong link leads to the last step that still makes sense.
 */
import type { Named, Receipt, Service, Shop } from '../kit/contract';
import { dateOf, instantOf, isDate, money } from '../kit/format';
import type { Place, Query } from '../kit/place';
import { book as words } from '../words/book';

export const MOST_SERVICES = 6;

export interface Visit {
  services: Service[];
  adding: boolean;
  staffId: string | null;
  day: string | null;
  /** The chosen start on the business's wall clock, with its offset. */
  at: string | null;
}

export interface StepProps {
  shop: Shop;
  visit: Visit;
  place: Place;
}

export type Step = 'services' | 'time' | 'details' | 'done';

export function readVisit(shop: Shop, query: URLSearchParams): Visit {
  const ids = new Set((query.get('service') ?? '').split(',').slice(0, MOST_SERVICES));
  const services = [...ids].flatMap((id) => shop.services.find((each) => each.id === id) ?? []);
  const staff = query.get('staff');
  const day = query.get('day');
  const at = query.get('at');
  const start = at !== null && instantOf(at) !== null ? at : null;
  return {
    services,
    adding: query.has('add'),
    staffId: peopleFor(shop, services).some((each) => each.id === staff) ? staff : null,
    day: start ? dateOf(start) : isDate(day) ? day : null,
    at: start,
  };
}

export function stepOf(visit: Visit, receipt: Receipt | null): Step {
  if (receipt) return 'done';
  if (visit.services.length === 0 || visit.adding) return 'services';
  return visit.at ? 'details' : 'time';
}

/** The query of a visit with some choices changed. */
export function queryOf(visit: Visit, change: Partial<Visit> = {}): Query {
  const next = { ...visit, ...change };
  return {
    service: next.services.map((each) => each.id).join(','),
    add: next.adding ? '1' : null,
    staff: next.staffId,
    day: next.at ? null : next.day,
    at: next.at,
  };
}

/** What the server is asked to keep and to book. */
export function wishOf({ services, at, staffId }: Visit): Record<string, unknown> {
  return {
    service_ids: services.map((each) => each.id),
    start: instantOf(at ?? ''),
    ...(staffId && { staff_id: staffId }),
  };
}

/** One person does a whole visit: those who do every service of it. */
export function peopleFor(shop: Shop, services: Service[]): Named[] {
  return shop.staff.filter((person) =>
    services.every((service) => service.staff_ids.includes(person.id)),
  );
}

/** What can join the visit: not in it yet, and someone does it together with the rest. */
export function addableTo(shop: Shop, services: Service[]): Service[] {
  if (services.length === 0) return shop.services;
  if (services.length >= MOST_SERVICES) return [];
  return shop.services.filter(
    (service) => !services.includes(service) && peopleFor(shop, [...services, service]).length > 0,
  );
}

export function byCategory(services: Service[]): { category: string; services: Service[] }[] {
  const groups: { category: string; services: Service[] }[] = [];
  for (const service of services) {
    const group = groups.find((each) => each.category === service.category);
    if (group) group.services.push(service);
    else groups.push({ category: service.category, services: [service] });
  }
  return groups;
}

/** What it takes with the chosen person; without one, the least that it takes with anyone. */
const total = (what: 'price' | 'duration_min', services: Service[], staffId: string | null): number =>
  services.reduce(
    (sum, each) =>
      sum + (each.by?.find((one) => one.staff_id === staffId) ?? each)[what],
    0,
  );

export const totalMinutes = (services: Service[], staffId: string | null): number =>
  total('duration_min', services, staffId);

export function priceText(
  services: Service[],
  staffId: string | null,
  { currency, locale }: Shop,
): string {
  const text = money(total('price', services, staffId), currency, locale);
  return !staffId && services.some((each) => each.price_from) ? words.from(text) : text;
}
