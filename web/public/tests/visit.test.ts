/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { describe, expect, it } from 'vitest';
import { addableTo, byCategory, peopleFor, queryOf, readVisit, stepOf } from '../src/book/visit';
import type { Service, Shop } from '../src/kit/contract';

const service = (id: string, staff_ids: string[], category = ''): Service => ({
  id,
  name: id,
  category,
  description: '',
  duration_min: 30,
  price: 1000,
  staff_ids,
  requires: [],
});

const shop: Shop = {
  name: 'Shop',
  slug: 'shop',
  timezone: 'Europe/Paris',
  currency: 'EUR',
  locale: 'en',
  address: '',
  phone: '',
  contact_email: '',
  accent_color: null,
  policy: { slot_step_min: 15, min_notice_min: 0, max_advance_days: 60, cancel_cutoff_min: 0 },
  hours: [],
  ratings: null,
  closures: [],
  services: [
    service('cut', ['ann', 'bob'], 'Hair'),
    service('nails', ['cy']),
    service('dye', ['bob'], 'Hair'),
  ],
  staff: ['ann', 'bob', 'cy'].map((id) => ({ id, name: id })),
};

const read = (query: string) => readVisit(shop, new URLSearchParams(query));
const stepAt = (query: string) => stepOf(read(query), null);

describe('a link into the flow', () => {
  it('leads to the step that its choices have reached', () => {
    expect(stepAt('')).toBe('services');
    expect(stepAt('service=cut')).toBe('time');
    expect(stepAt('service=cut&add=1')).toBe('services');
    expect(stepAt('service=cut&at=2026-11-24T10:30%2B01:00')).toBe('details');
  });

  it('falls back to the last step that still makes sense', () => {
    expect(stepAt('service=gone')).toBe('services');
    expect(stepAt('service=cut&at=soon')).toBe('time');
    expect(read('service=cut&staff=cy').staffId).toBeNull();
    expect(read('service=cut&day=today').day).toBeNull();
  });

  it('keeps service, person and day', () => {
    const visit = read('service=cut,dye&staff=bob&day=2026-11-24');
    expect(visit.services.map((each) => each.id)).toEqual(['cut', 'dye']);
    expect(queryOf(visit)).toMatchObject({ service: 'cut,dye', staff: 'bob', day: '2026-11-24' });
  });

  it('counts a service once however often it is named', () => {
    expect(read('service=cut,cut,cut').services).toHaveLength(1);
  });

  it('takes the day of the chosen time', () => {
    expect(read('service=cut&day=2026-11-20&at=2026-11-24T10:30%2B01:00').day).toBe('2026-11-24');
  });
});

describe('a visit of several services', () => {
  it('is done by those who do each of them', () => {
    expect(peopleFor(shop, shop.services.slice(0, 1)).map((each) => each.id)).toEqual([
      'ann',
      'bob',
    ]);
    expect(peopleFor(shop, read('service=cut,dye').services).map((each) => each.id)).toEqual([
      'bob',
    ]);
  });

  it('grows only by what one person can do together with the rest', () => {
    expect(addableTo(shop, read('service=cut').services).map((each) => each.id)).toEqual(['dye']);
  });
});

describe('the menu', () => {
  it('gathers categories in the order in which they first appear', () => {
    expect(byCategory(shop.services).map((each) => each.category)).toEqual(['Hair', '']);
  });
});
