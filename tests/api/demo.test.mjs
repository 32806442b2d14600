// SPDX-License-Identifier: AGPL-3.0-or-later
// `careops demo`: what it fills an empty database with, and that the fill obeys the program's rules.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Client, expectStatus } from '../lib/client.mjs';
import { prepareServer } from '../lib/server.mjs';

const SLUGS = ['atelier-lune', 'stillwater-spa', 'hudson-row-skin'];
const DAY_MS = 24 * 60 * 60 * 1000;
const day = (n) => new Date(Date.now() + n * DAY_MS).toISOString().slice(0, 10);

/** The sign-ins as they are printed: [{ slug, email, password }]. */
function signIns(printed) {
  const pattern = /\/book\/(\S+)\n\s+owner\s+(\S+)\s+password (\S+)/g;
  return [...printed.matchAll(pattern)].map(([, slug, email, password]) => ({
    slug,
    email,
    password,
  }));
}

/** Everything of a business that the checks below look at. */
async function readBusiness(baseUrl, { slug, email, password }) {
  const owner = new Client(baseUrl);
  const session = expectStatus(await owner.post('/session', { email, password }), 200);
  return {
    slug,
    owner,
    session,
    staff: await owner.list('/staff'),
    services: await owner.list('/services'),
    items: await owner.list('/items'),
    clients: await owner.list('/clients'),
    bookings: await owner.list('/bookings'),
  };
}

describe('the demo', () => {
  let server;
  let printed;
  let businesses;

  before(async () => {
    server = await prepareServer(null);
    printed = await server.command(['demo']);
    await server.start();
    businesses = [];
    for (const signIn of signIns(printed)) {
      businesses.push(await readBusiness(server.baseUrl, signIn));
    }
  });
  after(() => server.remove());

  test('prints the booking page and the sign-in of each of its three businesses', () => {
    assert.deepEqual(
      businesses.map(({ slug }) => slug),
      SLUGS,
      printed,
    );
    for (const { session, slug } of businesses) {
      assert.equal(session.workspace.slug, slug);
      assert.equal(session.home, '/app');
    }
  });

  test('prints the staff of each; each signs in, finds what is theirs to see, and waits for no letter', async () => {
    const pattern = /staff\s+(\S+@\S+)\s+password (\S+)/g;
    const members = [...printed.matchAll(pattern)];
    const hired = businesses.flatMap(({ slug, staff }) =>
      staff.filter(({ role }) => role === 'staff').map((each) => ({ slug, ...each })),
    );
    assert.equal(members.length, hired.length, printed);
    for (const [index, [, email, password]] of members.entries()) {
      const member = new Client(server.baseUrl);
      const session = expectStatus(await member.post('/session', { email, password }), 200);
      assert.equal(email, hired[index].email);
      assert.equal(session.workspace.slug, hired[index].slug);
      assert.deepEqual([session.home, session.user.must_change_password], ['/staff', false]);
      const own = await member.list('/bookings');
      assert.ok(own.length > 0, `${email} has visits`);
      const seesAll = session.permissions.includes('bookings');
      assert.equal(own.every((booking) => booking.staff_id === session.staff_id), !seesAll);
      const page = await member.get(`${server.baseUrl}/staff`);
      assert.equal(page.status, 200);
      assert.equal(hired[index].invited, false);
    }
  });

  test('gives each business people, a menu, stock, clients and a diary', () => {
    for (const { slug, staff, services, items, clients, bookings } of businesses) {
      assert.ok(staff.length >= 4 && staff.length <= 7, `${slug}: ${staff.length} people`);
      assert.ok(services.length >= 8 && services.length <= 15, `${slug}: ${services.length} services`);
      assert.ok(items.length >= 12 && items.length <= 20, `${slug}: ${items.length} items`);
      assert.ok(clients.length >= 25 && clients.length <= 40, `${slug}: ${clients.length} clients`);
      assert.ok(bookings.length >= 50, `${slug}: ${bookings.length} bookings`);
      assert.ok(items.some((item) => item.low) && items.some((item) => !item.low), slug);
    }
  });

  test('leaves no visit that is over without an end, and finishes none that is still to come', () => {
    const now = Date.now();
    for (const { slug, bookings } of businesses) {
      const states = new Set(bookings.map((booking) => booking.status));
      for (const state of ['completed', 'confirmed', 'cancelled', 'no_show']) {
        assert.ok(states.has(state), `${slug} has a booking that is ${state}`);
      }
      for (const { id, start, end, status } of bookings) {
        const open = status === 'confirmed' || status === 'pending';
        // A visit may end while the checks are made.
        if (open) assert.ok(Date.parse(end) > now - 5 * 60_000, `${slug} ${id} is over and open`);
        if (status === 'completed') assert.ok(Date.parse(start) < now, `${slug} ${id} is to come`);
      }
      assert.ok(bookings.some(({ start }) => Date.parse(start) > now + 3 * DAY_MS), slug);
      assert.ok(bookings.some(({ start }) => Date.parse(start) < now - 3 * DAY_MS), slug);
    }
    const pending = businesses.flatMap(({ bookings }) =>
      bookings.filter(({ status }) => status === 'pending'),
    );
    assert.ok(pending.length > 0, 'something waits for a yes');
  });

  test('asks nobody to come twice on a day', () => {
    for (const { slug, bookings } of businesses) {
      const visits = bookings.filter(({ status }) => status !== 'cancelled');
      const days = new Set(visits.map(({ client, local }) => `${client.id} ${local.slice(0, 10)}`));
      assert.equal(days.size, visits.length, slug);
    }
  });

  test('has a ledger whose rows sum to each item, and reservations that open visits explain', async () => {
    for (const { slug, owner, items, bookings } of businesses) {
      const reserved = new Map();
      for (const { status, materials } of bookings) {
        if (status !== 'confirmed' && status !== 'pending') continue;
        for (const { item_id: id, quantity } of materials) {
          reserved.set(id, (reserved.get(id) ?? 0) + Math.round(quantity * 1000));
        }
      }
      for (const item of items) {
        const rows = await owner.list(`/items/${item.id}/movements`);
        const sum = (key) => rows.reduce((total, row) => total + Math.round(row[key] * 1000), 0);
        const said = `${slug}, ${item.name}`;
        assert.equal(sum('on_hand_delta'), Math.round(item.on_hand * 1000), said);
        assert.equal(sum('reserved_delta'), Math.round(item.reserved * 1000), said);
        assert.equal(reserved.get(item.id) ?? 0, Math.round(item.reserved * 1000), said);
      }
    }
  });

  test('serves each booking page, with free times for every service', async () => {
    const visitor = new Client(server.baseUrl);
    for (const { slug } of businesses) {
      const page = expectStatus(await visitor.get(`/public/${slug}`), 200);
      const shell = await visitor.get(`/book/${slug}`);
      assert.equal(shell.status, 200);
      assert.ok(shell.text.includes(page.name), `${slug}: the page names the business`);
      for (const service of page.services) {
        const query = `service_ids=${service.id}&from=${day(0)}&to=${day(30)}`;
        const { days } = expectStatus(
          await visitor.get(`/public/${slug}/availability?${query}`),
          200,
        );
        const slots = days.flatMap((each) => each.slots);
        assert.ok(slots.length > 0, `${slug}: ${service.name} has no free time`);
      }
    }
  });

  test('writes to nobody: the first mail is that of the first real booking', async () => {
    const visitor = new Client(server.baseUrl);
    const [{ slug, services, staff }] = businesses;
    const query = `service_ids=${services[0].id}&from=${day(1)}&to=${day(30)}`;
    const { days } = expectStatus(await visitor.get(`/public/${slug}/availability?${query}`), 200);
    const { start } = days.flatMap((each) => each.slots)[0];
    const client = { name: 'Cleo Client', email: 'cleo@client.example' };
    const body = { service_ids: [services[0].id], start, client };
    expectStatus(await visitor.post(`/public/${slug}/bookings`, body, { key: true }), 201);
    // Messages are sent oldest first, so one of the demo's would be there before this one.
    await server.waitForMail((mail) => mail.to.includes(client.email));
    const told = [client.email, ...staff.map((member) => member.email)];
    const mails = server.mail();
    assert.ok(mails.length <= 3, `${mails.length} mails: client, owner and member of staff`);
    for (const mail of mails) {
      assert.ok(
        told.some((address) => mail.to.includes(address)),
        `a mail went to ${mail.to}`,
      );
    }
  });

  test('is loaded once: a second run says so, changes nothing and fails', async () => {
    const diaries = () => Promise.all(businesses.map(({ owner }) => owner.list('/bookings')));
    const diariesBefore = await diaries();
    await server.stop();
    await assert.rejects(server.command(['demo']), /already/);
    await server.start();
    assert.deepEqual(await diaries(), diariesBefore);
  });

  test('leaves a database alone that has somebody else’s business', async (t) => {
    const other = await prepareServer(t);
    await other.start();
    const signup = {
      business: { name: 'Corner Salon', timezone: 'Europe/Paris', currency: 'EUR' },
      owner: { name: 'Olive', email: 'olive@owner.example', password: 'a long enough secret 7' },
    };
    expectStatus(await new Client(other.baseUrl).post('/signup', signup), 201);
    await other.stop();
    await assert.rejects(other.command(['demo']), /the demo is for an empty one/);
  });
});
