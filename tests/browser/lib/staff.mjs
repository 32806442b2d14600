// SPDX-License-Identifier: AGPL-3.0-or-later
// A salon in the middle of its day, and a member of its staff signed in on a phone.
//
//   const salon = await makeStaffed(server);        // a zone in which it is about noon
//   const visit = await salon.visitIn(30);          // begins in so many minutes, with the member
//   const page = await salon.openPortal(t, { width: 390 });

import { Client, expectStatus } from '../../lib/client.mjs';
import { everyDay, noonZone } from '../../lib/salon.mjs';
import { openPage } from './browser.mjs';
import { makeShop } from './shop.mjs';

const OWN = 'copper meadow window 4';
const MINUTE_MS = 60_000;

export const MATERIALS = [
  { name: 'Root colour 6.1', unit: 'ml', on_hand: 900, reorder_point: 100 },
  { name: 'Foil', unit: 'piece', on_hand: 200 },
];

export const SERVICES = [
  { name: 'Cut & finish', category: 'Hair', duration_min: 45, price: 4500 },
  {
    ...{ name: 'Root colour', category: 'Hair', duration_min: 30, price: 7800 },
    materials: [
      [0, 60],
      [1, 1.5],
    ],
  },
];

/** The member's first password from the mail, replaced by one of their own. */
export async function signInAs(server, member) {
  const mail = await server.waitForMail((each) => each.to.includes(member.email));
  const [, password] = /Password:?\s+(\S+)/.exec(mail.text);
  const client = new Client(server.baseUrl);
  expectStatus(await client.post('/session', { email: member.email, password }), 200);
  const change = { current_password: password, new_password: OWN };
  expectStatus(await client.post('/password/change', change), 204);
  const signIn = { email: member.email, password: OWN };
  expectStatus(await client.post('/session', signIn), 200);
  return client;
}

export async function makeStaffed(server, options = {}) {
  const zone = noonZone();
  const shop = await makeShop(server, {
    ...{ timezone: zone, hours: everyDay('00:00', '24:00'), items: MATERIALS, services: SERVICES },
    ...options,
  });
  const [member, colleague] = shop.staff;
  const client = await signInAs(server, member);
  const salon = { ...shop, zone, server, member, colleague, client, slots: undefined };

  /** Booked by the owner, whatever the hours and the grid say. */
  salon.visitIn = async (minutes, { service = 1, name = 'Mei Lin', staff = member, ...more } = {}) => {
    const at = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + minutes * MINUTE_MS);
    const body = {
      service_ids: [shop.services[service].id],
      staff_id: staff.id,
      start: at.toISOString().replace('.000Z', 'Z'),
      client: { name, email: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@client.example` },
      override_hours: true,
      ...more,
    };
    return expectStatus(await shop.owner.post('/bookings', body), 201);
  };

  salon.alerts = async (visit, alerts) =>
    expectStatus(await shop.owner.patch(`/clients/${visit.client.id}`, { alerts }), 200);

  salon.read = async (visit) =>
    expectStatus(await shop.owner.get(`/bookings/${visit.id}`), 200);

  /** In `page`, where the test has prepared one. */
  salon.openPortal = async (t, { path = '', who = client, page: given, ...context } = {}) => {
    const page = given ?? (await openPage(t, { zone, ...context }));
    const cookies = [...who.cookies].map(([name, value]) => ({
      ...{ name, value, url: server.baseUrl, httpOnly: true, sameSite: 'Lax' },
    }));
    await page.context().addCookies(cookies);
    await page.goto(`${server.baseUrl}/staff${path}`);
    return page;
  };
  return salon;
}

/**
 * Conversations as the API answers them, without a server behind: one, of Mei Lin. `fails` makes
 * sending fail; `sent` holds the bodies, `keys` their idempotency keys.
 */
export async function fakeInbox(page) {
  const at = new Date().toISOString();
  const messages = [
    {
      ...{ id: '1', direction: 'in', body: 'Is there parking?', author: 'Mei Lin', at },
      ...{ email_status: null, via: 'mail', quoted: 'On Monday you wrote: see you soon.' },
      from: { name: 'Mei', address: 'mei@work.example' },
      attachments: [
        { id: '9', name: 'my hair.jpg', type: 'image/jpeg', size: 2_202_009, kept: true },
        { id: '10', name: 'a film.mp4', type: 'video/mp4', size: 90_000_000, kept: false },
      ],
    },
  ];
  const inbox = { fails: false, sent: [], keys: new Set() };
  const conversation = () => ({
    id: '71',
    client: { id: '7', name: 'Mei Lin' },
    last_message: { preview: messages.at(-1).body, direction: messages.at(-1).direction, at },
    assigned_to: { id: '2', name: 'Bruno' },
    answering: [],
    unanswered: messages.at(-1).direction === 'in',
    unread: 0,
  });
  const list = (data) => ({ json: { data, next_cursor: null } });
  const send = (request) => {
    inbox.keys.add(request.headers()['idempotency-key']);
    if (inbox.fails) return { status: 500 };
    const said = request.postDataJSON();
    inbox.sent.push(said);
    const direction = said.internal_note ? 'note' : 'out';
    const id = String(messages.length + 1);
    messages.push({ id, direction, body: said.body, author: 'Amara', at, email_status: 'queued' });
    return { status: 201, json: messages.at(-1) };
  };
  await page.route('**/api/v1/conversations**', async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    const isPost = request.method() === 'POST';
    if (/\/(read|answering)$/.test(pathname)) await route.fulfill({ status: 204 });
    else if (pathname.endsWith('/messages')) await route.fulfill(isPost ? send(request) : list(messages));
    else if (pathname.endsWith('/71') || isPost) await route.fulfill({ json: conversation() });
    else await route.fulfill(list([conversation()]));
  });
  return inbox;
}
