// SPDX-License-Identifier: AGPL-3.0-or-later
// Two businesses for whoever looks at every screen: one of the demo, with all that it has, and one that
// has just signed up, with nothing.
//
//   const world = await makeWorld();
//   const page = await enterOffice(t, world.full, { width: 390 });
//   await page.goto(world.server.baseUrl + '/app');

import { randomBytes } from 'node:crypto';

import { Client, expectStatus } from '../../lib/client.mjs';
import { prepareServer } from '../../lib/server.mjs';
import { openPage } from './browser.mjs';

const SIGN_IN = /\/book\/(\S+)\n\s+owner\s+(\S+)\s+password (\S+)/;

/** What `{thing}` stands for in a path (office_screens.mjs), and where one is found. */
const THINGS = {
  client: '/clients?limit=1&q=a',
  conversation: '/conversations?limit=1',
  form: '/forms',
  service: '/services',
  member: '/staff',
  item: '/items',
  stocktake: '/stocktakes',
  booking: '/bookings?limit=1',
  automation: '/automations',
};

const FORM = {
  name: 'Skin check',
  kind: 'intake',
  every_visit: false,
  fields: [
    { key: 'about', label: 'About you', type: 'section' },
    { key: 'skin', label: 'How is your skin?', type: 'choice', options: ['Dry', 'Oily', 'Mixed'], required: true },
    { key: 'allergies', label: 'Do you have allergies?', type: 'long_text' },
  ],
};

async function idsOf(owner) {
  const ids = {};
  for (const [thing, path] of Object.entries(THINGS)) {
    const { status, body } = await owner.get(path);
    const [first] = status === 200 ? (body.data ?? []) : [];
    if (first) ids[thing] = first.id ?? first.key;
  }
  return ids;
}

async function business(server, owner, slug) {
  return { server, owner, slug, ids: await idsOf(owner) };
}

async function makeFull(server, printed) {
  const [, slug, email, password] = SIGN_IN.exec(printed);
  const owner = new Client(server.baseUrl);
  expectStatus(await owner.post('/session', { email, password }), 200);
  const said = { name: 'Mei Lin', email: 'mei.lin@client.example', message: 'Is there parking near you?' };
  await new Client(server.baseUrl).post(`/public/${slug}/contact`, said);
  expectStatus(await owner.post('/stocktakes', { name: 'End of the year' }), 201);
  if ((await owner.list('/forms')).length === 0) expectStatus(await owner.post('/forms', FORM), 201);
  return business(server, owner, slug);
}

async function makeEmpty(server) {
  const owner = new Client(server.baseUrl);
  const email = `olive.${randomBytes(6).toString('hex')}@owner.example`;
  const signup = {
    business: { name: 'Nothing Yet', timezone: 'Europe/Paris', currency: 'EUR' },
    owner: { name: 'Olive Owner', email, password: 'a long enough secret 7' },
  };
  const { workspace } = expectStatus(await owner.post('/signup', signup), 201);
  return business(server, owner, workspace?.slug ?? '');
}

export async function makeWorld() {
  const server = await prepareServer(null);
  const printed = await server.command(['demo']);
  await server.start();
  return { server, full: await makeFull(server, printed), empty: await makeEmpty(server) };
}

/** A page that is signed in already, nowhere yet. */
export async function enterOffice(t, { server, owner }, options) {
  const page = await openPage(t, options);
  const cookies = [...owner.cookies].map(([name, value]) => ({ name, value, url: server.baseUrl }));
  await page.context().addCookies(cookies);
  return page;
}
