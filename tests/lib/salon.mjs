// SPDX-License-Identifier: AGPL-3.0-or-later
// A business ready to be booked, made through the API alone.
//
//   const salon = await makeSalon(server);
//   salon.owner     a signed-in Client            salon.visitor   a Client that is nobody
//   salon.staff     [{ id, name, ... }]           salon.services  [{ id, name, ... }]
//   salon.items     [{ id, name, on_hand, ... }]  salon.slug, salon.workspace
//   await salon.slots({ from, to, staff_id })     every offered start of the first service
//   await salon.book({ start })                   the answer of a client's booking
//
// Services name their people and materials by position: { staff: [0, 1], materials: [[0, 30]] }.

import { randomBytes } from 'node:crypto';

import { Client, expectStatus } from './client.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;
export const PASSWORD = 'a long enough secret 7';

/** The same span on every day of the week. */
export function everyDay(start, end) {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start, end }));
}

/** The date so many days from today, UTC: far enough from "now" for any zone when over 1. */
export function dateIn(days) {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/** A zone in which it is about noon: whenever the tests run, today has hours on either side. */
export function noonZone(now = new Date()) {
  const offset = 12 - now.getUTCHours();
  if (offset === 0) return 'Etc/UTC';
  return `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

const DEFAULTS = {
  name: 'Salon Test',
  timezone: 'Europe/Paris',
  currency: 'EUR',
  hours: everyDay('09:00', '18:00'),
  policy: { slot_step_min: 15, min_notice_min: 0, max_advance_days: 90, cancel_cutoff_min: 0 },
  staff: ['Ann', 'Bob'],
  items: [],
  services: [{ name: 'Cut', duration_min: 45, price: 4500 }],
  publish: true,
};

async function addStaff(owner, names, hours, tag) {
  const staff = [];
  for (const [index, name] of names.entries()) {
    const email = `staff${index}.${tag}@staff.example`;
    const body = { name, email, role: 'staff', permissions: [], bookable: true };
    const member = expectStatus(await owner.post('/staff', body), 201);
    expectStatus(await owner.put(`/staff/${member.id}/hours`, { weekly: hours }), 200);
    staff.push(member);
  }
  return staff;
}

async function addItems(owner, wanted) {
  const items = [];
  for (const { on_hand: onHand = 0, unit = 'ml', reorder_point = 0, ...rest } of wanted) {
    const item = expectStatus(await owner.post('/items', { unit, reorder_point, ...rest }), 201);
    if (onHand > 0) {
      const movement = { kind: 'receive', quantity: onHand, reason: 'first delivery' };
      expectStatus(await owner.post(`/items/${item.id}/movements`, movement), 201);
    }
    items.push(expectStatus(await owner.get(`/items/${item.id}`), 200));
  }
  return items;
}

async function addServices(owner, wanted, staff, items) {
  const services = [];
  for (const { staff: people, materials = [], ...rest } of wanted) {
    const body = {
      ...rest,
      staff_ids: (people ?? staff.map((_, index) => index)).map((index) => staff[index].id),
      materials: materials.map(([index, quantity]) => ({ item_id: items[index].id, quantity })),
    };
    services.push(expectStatus(await owner.post('/services', body), 201));
  }
  return services;
}

class Salon {
  async slots({ from = dateIn(2), to = from, services = [this.services[0]], staff_id } = {}) {
    const query = new URLSearchParams({
      service_ids: services.map((service) => service.id).join(','),
      from,
      to,
      ...(staff_id === undefined ? {} : { staff_id }),
    });
    const path = `/public/${this.slug}/availability?${query}`;
    const answer = expectStatus(await this.visitor.get(path), 200);
    return answer.days.flatMap((day) => day.slots);
  }

  book({ start, services = [this.services[0]], staff_id, client, key = true, notes } = {}) {
    const body = {
      service_ids: services.map((service) => service.id),
      start,
      client: client ?? { name: 'Cleo Client', email: 'cleo@client.example' },
      ...(staff_id === undefined ? {} : { staff_id }),
      ...(notes === undefined ? {} : { notes }),
    };
    return this.visitor.post(`/public/${this.slug}/bookings`, body, { key });
  }
}

export async function makeSalon(server, options = {}) {
  const wanted = { ...DEFAULTS, ...options, policy: { ...DEFAULTS.policy, ...options.policy } };
  const tag = randomBytes(6).toString('hex');
  const owner = new Client(server.baseUrl);
  const email = `owner.${tag}@owner.example`;
  const signup = {
    business: {
      name: wanted.name,
      slug: `salon-${tag}`,
      timezone: wanted.timezone,
      currency: wanted.currency,
    },
    owner: { name: 'Olive Owner', email, password: PASSWORD },
  };
  expectStatus(await owner.post('/signup', signup), 201);
  const settings = { hours: wanted.hours, contact_email: email, ...wanted.policy };
  expectStatus(await owner.patch('/workspace', settings), 200);

  const staff = await addStaff(owner, wanted.staff, wanted.hours, tag);
  const items = await addItems(owner, wanted.items);
  const services = await addServices(owner, wanted.services, staff, items);
  if (wanted.publish) expectStatus(await owner.post('/workspace/publish'), 200);
  const workspace = expectStatus(await owner.get('/workspace'), 200);

  return Object.assign(new Salon(), {
    owner,
    ownerEmail: email,
    ownerPassword: PASSWORD,
    visitor: new Client(server.baseUrl),
    slug: workspace.slug,
    workspace,
    staff,
    items,
    services,
  });
}
