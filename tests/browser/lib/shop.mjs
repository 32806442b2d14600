// SPDX-License-Identifier: AGPL-3.0-or-later
// Businesses as the pages show them, made through the API, and the names that tests look for.

import { expectStatus } from '../../lib/client.mjs';
import { dateIn, makeSalon } from '../../lib/salon.mjs';

export const MENU = [
  {
    name: 'Cut & finish',
    category: 'Hair',
    description: 'Consultation, wash, cut and blow-dry',
    duration_min: 45,
    price: 4500,
  },
  {
    name: 'Root colour',
    category: 'Hair',
    description: 'Full root retouch with gloss',
    duration_min: 90,
    price: 7800,
  },
  {
    name: 'Relaxing massage',
    category: 'Body',
    description: 'Light pressure with warm oil',
    duration_min: 60,
    price: 5550,
    staff: [0],
  },
];

/** One person, one service: what one client takes, the next cannot have. */
export const LONE = {
  staff: ['Amara'],
  services: [{ name: 'Cut', duration_min: 45, price: 4500 }],
};

export const FACE = {
  locale: 'en-GB',
  address: '12 rue des Lilas, Paris',
  phone: '+33 1 55 55 01 23',
  contact_email: 'hello@maison-lune.example',
  accent_color: '#7a2b4f',
};

/** A published salon with an address, a telephone and a menu. */
export async function makeShop(server, { face = FACE, ...options } = {}) {
  const shop = await makeSalon(server, {
    name: 'Maison Lune',
    staff: ['Amara', 'Bruno'],
    services: MENU,
    policy: { cancel_cutoff_min: 1440 },
    ...options,
  });
  expectStatus(await shop.owner.patch('/workspace', face), 200);
  shop.url = `${server.baseUrl}/book/${shop.slug}`;
  return shop;
}

/** A visit booked through the API, far enough away to be moved; its `manage_url` is answered too. */
export async function bookVisit(shop, { days = 4, ...options } = {}) {
  const [slot] = await shop.slots({ from: dateIn(days) });
  return expectStatus(await shop.book({ start: slot.start, ...options }), 201);
}

/** Every booking that the business has, in any state. */
export const bookingsOf = (shop) => shop.owner.list('/bookings');
