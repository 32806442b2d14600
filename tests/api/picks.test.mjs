// SPDX-License-Identifier: AGPL-3.0-or-later
// A picked time is kept for its client while they fill in the form, and for nobody longer than that.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { eventually } from '../lib/process.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const times = (n, make) => Promise.all(Array.from({ length: n }, (_, i) => make(i)));
const someone = (i) => ({ name: `Client ${i}`, email: `client${i}@client.example` });

function count(answers) {
  const statuses = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return statuses;
}

/** Asks for a hold as the booking page does. */
function pick(salon, start, more = {}, options = {}) {
  const body = { service_ids: [salon.services[0].id], start, ...more };
  return salon.visitor.post(`/public/${salon.slug}/holds`, body, options);
}

async function picked(salon, start, more) {
  return expectStatus(await pick(salon, start, more), 201);
}

function bookWith(salon, start, token, more = {}, key = true) {
  const body = {
    service_ids: [salon.services[0].id],
    start,
    hold_token: token,
    client: { name: 'Cleo Client', email: 'cleo@client.example' },
    ...more,
  };
  return salon.visitor.post(`/public/${salon.slug}/bookings`, body, { key });
}

const isOffered = async (salon, start, more = {}) =>
  (await salon.slots(more)).some((slot) => slot.start === start);

describe('a picked time', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  test('is kept from other clients, who get the nearest, and from staff, who are told why', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const [slot] = await salon.slots();
    const hold = await picked(salon, slot.start);
    assert.equal(hold.start, slot.start);
    assert.deepEqual(hold.staff, { id: salon.staff[0].id, name: 'Ann' });
    assert.equal(hold.expires_in, 600);
    const left = Date.parse(hold.expires_at) - Date.now();
    assert.ok(left > 590_000 && left <= 600_000, `${left} ms`);

    assert.equal(await isOffered(salon, slot.start), false);
    for (const refused of [await salon.book({ start: slot.start }), await pick(salon, slot.start)]) {
      const { nearest } = expectProblem(refused, 409, 'slot_taken');
      assert.equal(nearest.length, 3);
      assert.ok(nearest.every((near) => near.start !== slot.start));
    }
    const byStaff = { service_ids: [salon.services[0].id], start: slot.start, client: { name: 'Walk-in' } };
    for (const override of [{}, { override_hours: true }]) {
      expectProblem(await salon.owner.post('/bookings', { ...byStaff, ...override }), 409, 'slot_taken');
    }
    const date = dateIn(2);
    const query = new URLSearchParams({ service_ids: salon.services[0].id, from: date, to: date, explain: 'true' });
    const [day] = expectStatus(await salon.owner.get(`/availability?${query}`), 200).days;
    assert.equal(day.refused.find((each) => each.start === slot.start).why, 'staff_busy');
  });

  test('is not in its own client\'s way when they look for another', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const [slot] = await salon.slots();
    const { hold_token: token } = await picked(salon, slot.start);
    const query = new URLSearchParams({
      service_ids: salon.services[0].id, from: dateIn(2), to: dateIn(2), hold_token: token,
    });
    const [day] = expectStatus(await salon.visitor.get(`/public/${salon.slug}/availability?${query}`), 200).days;
    assert.ok(day.slots.some((each) => each.start === slot.start));
    assert.equal(await isOffered(salon, slot.start), false);
  });

  test('is booked by its token, with the person who was promised', async () => {
    const salon = await makeSalon(server, { staff: ['Ann', 'Bob'] });
    const slots = await salon.slots();
    const hold = await picked(salon, slots[0].start);
    // The other one now has less to do, and would be chosen were it not for the promise.
    for (const i of [20, 28]) {
      expectStatus(await salon.book({ start: slots[i].start, staff_id: hold.staff.id, client: someone(i) }), 201);
    }
    const { booking } = expectStatus(await bookWith(salon, slots[0].start, hold.hold_token), 201);
    assert.equal(booking.staff.id, hold.staff.id);
    const second = expectStatus(await salon.book({ start: slots[0].start, client: someone(1) }), 201).booking;
    assert.notEqual(second.staff.id, hold.staff.id);

    expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
    assert.ok(await isOffered(salon, slots[0].start, { staff_id: hold.staff.id }), 'nothing is left of the hold');
  });

  test('stays the client\'s when their booking is refused for another reason', async () => {
    const salon = await makeSalon(server, {
      staff: ['Ann'],
      items: [{ name: 'Dye', unit: 'ml', on_hand: 10 }],
      services: [{ name: 'Colour', duration_min: 60, price: 1, materials: [[0, 10]] }],
    });
    const [slot] = await salon.slots();
    const { hold_token: token } = await picked(salon, slot.start);
    const waste = { kind: 'waste', quantity: 10, reason: 'spilt' };
    expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, waste), 201);
    expectProblem(await bookWith(salon, slot.start, token), 409, 'out_of_stock');
    const receive = { kind: 'receive', quantity: 20 };
    expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, receive), 201);
    expectProblem(await salon.book({ start: slot.start, client: someone(1) }), 409, 'slot_taken');
    expectStatus(await bookWith(salon, slot.start, token), 201);
  });

  test('goes back when another is chosen instead, and only when that one is had', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const slots = await salon.slots();
    const first = await picked(salon, slots[0].start);
    const theirs = await picked(salon, slots[12].start);
    const refused = await pick(salon, slots[12].start, { replaces: first.hold_token });
    assert.ok(expectProblem(refused, 409, 'slot_taken').nearest.length > 0);
    assert.equal(await isOffered(salon, slots[0].start), false, 'a refusal takes nothing away');

    // Half of the new time lies in the old one.
    const second = await picked(salon, slots[1].start, { replaces: first.hold_token });
    assert.equal(await isOffered(salon, slots[4].start), true);
    expectStatus(await bookWith(salon, slots[1].start, second.hold_token), 201);
    expectStatus(await bookWith(salon, slots[12].start, theirs.hold_token, { client: someone(1) }), 201);
  });

  test('goes back when its client leaves, and any token is answered alike', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const other = await makeSalon(server);
    const [slot] = await salon.slots();
    const { hold_token: token } = await picked(salon, slot.start);
    const leave = (slug, which) => salon.visitor.delete(`/public/${slug}/holds/${which}`);
    expectStatus(await leave(other.slug, token), 204);
    expectStatus(await leave(salon.slug, 'no-such-token'), 204);
    assert.equal(await isOffered(salon, slot.start), false);
    for (let i = 0; i < 2; i += 1) expectStatus(await leave(salon.slug, token), 204);
    assert.equal(await isOffered(salon, slot.start), true);
  });

  test('that is gone is no error in a booking: the usual rules decide', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const slots = await salon.slots();
    const { hold_token: token } = await picked(salon, slots[0].start);
    expectStatus(await salon.visitor.delete(`/public/${salon.slug}/holds/${token}`), 204);
    expectStatus(await bookWith(salon, slots[0].start, token), 201);
    expectStatus(await bookWith(salon, slots[8].start, 'never-made', { client: someone(1) }), 201);
    expectProblem(await bookWith(salon, slots[8].start, token, { client: someone(2) }), 409, 'slot_taken');
  });

  test('holds its room as well', async () => {
    const salon = await makeSalon(server, { staff: ['Ann', 'Bob'], services: [], publish: false });
    const room = expectStatus(await salon.owner.post('/resources', { name: 'Blue', kind: 'room' }), 201);
    salon.services[0] = expectStatus(await salon.owner.post('/services', {
      name: 'Facial', duration_min: 60, price: 1, staff_ids: salon.staff.map((each) => each.id), needs: [{ any_of: [room.id] }],
    }), 201);
    expectStatus(await salon.owner.post('/workspace/publish'), 200);
    const [slot] = await salon.slots();
    const { hold_token: token } = await picked(salon, slot.start);
    expectProblem(await salon.book({ start: slot.start }), 409, 'slot_taken');
    expectStatus(await bookWith(salon, slot.start, token), 201);
  });

  test('reserves no stock, tells nobody and leaves nothing in the audit', async () => {
    const salon = await makeSalon(server, {
      items: [{ name: 'Dye', unit: 'ml', on_hand: 10 }],
      services: [{ name: 'Colour', duration_min: 60, price: 1, materials: [[0, 10]] }],
    });
    const state = async () => ({
      item: expectStatus(await salon.owner.get(`/items/${salon.items[0].id}`), 200),
      moves: await salon.owner.list(`/items/${salon.items[0].id}/movements`),
      audit: await salon.owner.list('/audit'),
      bookings: await salon.owner.list('/bookings'),
      emails: await salon.owner.list('/emails'),
    });
    const earlier = await state();
    const slots = await salon.slots();
    const { hold_token: token } = await picked(salon, slots[0].start);
    await picked(salon, slots[8].start, { replaces: token });
    assert.deepEqual(await state(), earlier);
  });

  test('is had by one of 64 at once, and the others get the nearest', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const [slot] = await salon.slots();
    const answers = await times(64, () => pick(salon, slot.start));
    assert.deepEqual(count(answers), { 201: 1, 409: 63 });
    for (const { status, body } of answers) {
      if (status === 409) assert.deepEqual([body.code, body.nearest.length], ['slot_taken', 3]);
    }
    const { hold_token: token } = answers.find((each) => each.status === 201).body;
    expectStatus(await bookWith(salon, slot.start, token), 201);
  });

  test('and bookings of one time at once have one winner together', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const [slot] = await salon.slots();
    const answers = await times(32, (i) =>
      i % 2 ? pick(salon, slot.start) : salon.book({ start: slot.start, client: someone(i) }));
    assert.deepEqual(count(answers), { 201: 1, 409: 31 });
  });

  test('is booked once by equal idempotency keys, and held once', async () => {
    const salon = await makeSalon(server);
    const [slot] = await salon.slots();
    const holds = await times(8, () => pick(salon, slot.start, {}, { key: 'one-hold' }));
    assert.deepEqual(count(holds), { 201: 8 });
    assert.equal(new Set(holds.map((each) => each.text)).size, 1);
    const { hold_token: token } = holds[0].body;
    const answers = await times(16, () => bookWith(salon, slot.start, token, {}, 'one-key'));
    assert.deepEqual(count(answers), { 201: 16 });
    assert.equal(new Set(answers.map((each) => each.text)).size, 1);
    assert.equal((await salon.owner.list('/bookings')).length, 1);
  });

  test('must be one that is offered, and the question whole', async () => {
    const salon = await makeSalon(server);
    const [slot] = await salon.slots();
    const odd = new Date(Date.parse(slot.start) + 60_000).toISOString().replace('.000', '');
    for (const start of [odd, `${dateIn(2)}T01:00:00Z`, `${dateIn(-2)}T12:00:00Z`, `${dateIn(200)}T12:00:00Z`]) {
      expectProblem(await pick(salon, start), 409, 'slot_taken');
    }
    const ask = (body) => salon.visitor.post(`/public/${salon.slug}/holds`, body);
    expectInvalid(await ask({}), ['service_ids', 'start']);
    expectInvalid(await ask({ service_ids: [], start: 'soon', replaces: '', colour: 1 }), ['service_ids', 'start', 'replaces', 'colour']);
    expectProblem(await ask({ service_ids: ['12345'], start: slot.start }), 404);
    expectProblem(await pick(salon, slot.start, { staff_id: '12345' }), 404);
    expectProblem(await salon.visitor.post('/public/no-such-salon/holds', { service_ids: ['1'], start: slot.start }), 404);
    expectProblem(await salon.visitor.delete('/public/no-such-salon/holds/x'), 404);
  });

  test('counts among thirty of a business; past that its clients still book', async () => {
    const salon = await makeSalon(server, { staff: ['A', 'B', 'C', 'D'] });
    const other = await makeSalon(server);
    const slots = await salon.slots();
    const answers = await times(32, (i) =>
      pick(salon, slots[(i % 8) * 3].start, { staff_id: salon.staff[i >> 3].id }));
    assert.deepEqual(count(answers), { 201: 30, 429: 2 });
    const refused = answers.find((each) => each.status === 429);
    expectProblem(refused, 429, 'too_many_holds');
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(wait > 0 && wait <= 600, `${wait} s`);
    expectStatus(await salon.book({ start: slots[27].start }), 201);
    await picked(other, (await other.slots())[0].start);
  });
});

describe('a picked time, where clients are limited by address', () => {
  test('is one of three of an address; a chosen anew or given back one does not count', async (t) => {
    const server = await startServer(t, {
      env: { CAREOPS_RATE_LIMIT: 'on', CAREOPS_TRUSTED_PROXIES: '127.0.0.1/32' },
    });
    const salon = await makeSalon(server);
    const slots = await salon.slots();
    const from = (address) => ({ headers: { 'x-forwarded-for': address } });
    const holds = [];
    for (const i of [0, 4, 8]) holds.push(expectStatus(await pick(salon, slots[i].start, {}, from('192.0.2.7')), 201));
    const refused = await pick(salon, slots[12].start, {}, from('192.0.2.7'));
    expectProblem(refused, 429, 'too_many_holds');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    expectStatus(await pick(salon, slots[12].start, { replaces: holds[0].hold_token }, from('192.0.2.7')), 201);
    expectProblem(await pick(salon, slots[0].start, {}, from('192.0.2.7')), 429, 'too_many_holds');
    expectStatus(await pick(salon, slots[0].start, {}, from('192.0.2.8')), 201);
    expectStatus(await salon.visitor.delete(`/public/${salon.slug}/holds/${holds[1].hold_token}`), 204);
    expectStatus(await pick(salon, slots[16].start, {}, from('192.0.2.7')), 201);
    // Addresses of one IPv6 network count as one.
    for (const i of [20, 24, 28]) expectStatus(await pick(salon, slots[i].start, {}, from(`2001:db8::${i}`)), 201);
    expectProblem(await pick(salon, slots[4].start, {}, from('2001:db8::1')), 429, 'too_many_holds');
    expectStatus(await salon.book({ start: slots[4].start }), 201);
  });
});

describe('a picked time whose minutes are over', () => {
  let server;
  before(async (t) => {
    server = await startServer(t, { env: { CAREOPS_PICK_SECONDS: '1' } });
  });

  const offeredAgain = (salon, start) =>
    eventually('the time is offered again', () => isOffered(salon, start));

  test('is free for others at once, also under its own limits', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const [slot, , , , later] = await salon.slots();
    const { hold_token: token } = await picked(salon, slot.start);
    await offeredAgain(salon, slot.start);
    const fresh = await picked(salon, slot.start);
    await offeredAgain(salon, slot.start);
    expectStatus(await salon.book({ start: slot.start }), 201);
    for (const old of [token, fresh.hold_token]) {
      expectProblem(await bookWith(salon, slot.start, old, { client: someone(1) }), 409, 'slot_taken');
    }
    expectStatus(await bookWith(salon, later.start, token, { client: someone(1) }), 201);
  });

  test('is in the way of no reschedule, restore or booking by staff', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const slots = await salon.slots();
    const { booking } = expectStatus(await salon.book({ start: slots[20].start }), 201);
    for (const change of [
      () => salon.owner.patch(`/bookings/${booking.id}`, { start: slots[0].start }),
      async () => {
        expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
        await picked(salon, slots[0].start);
        await offeredAgain(salon, slots[0].start);
        return salon.owner.post(`/bookings/${booking.id}/restore`);
      },
    ]) {
      if (await isOffered(salon, slots[0].start)) {
        await picked(salon, slots[0].start);
        await offeredAgain(salon, slots[0].start);
      }
      expectStatus(await change(), 200);
    }
    await picked(salon, slots[8].start);
    await offeredAgain(salon, slots[8].start);
    const byStaff = { service_ids: [salon.services[0].id], start: slots[8].start, client: { name: 'Walk-in' } };
    expectStatus(await salon.owner.post('/bookings', byStaff), 201);
  });

  test('has one winner between its client and the others', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const slots = await salon.slots();
    for (let round = 0; round < 4; round += 1) {
      const { start } = slots[round * 4];
      const hold = await picked(salon, start);
      // All at the very second at which it runs out.
      await new Promise((resolve) => {
        setTimeout(resolve, Math.max(0, Date.parse(hold.expires_at) - Date.now() - 5));
      });
      const answers = await times(17, (i) =>
        i === 8
          ? bookWith(salon, start, hold.hold_token)
          : salon.book({ start, client: someone(i) }));
      assert.deepEqual(count(answers), { 201: 1, 409: 16 });
    }
    assert.equal((await salon.owner.list('/bookings')).length, 4);
  });
});

describe('the setting of how long', () => {
  test('takes 1 to 3600 seconds', async (t) => {
    const server = await startServer(t);
    for (const wrong of ['0', '3601', 'ten']) {
      await assert.rejects(server.command(['config'], { env: { CAREOPS_PICK_SECONDS: wrong } }), /pick-seconds/);
    }
    assert.match(String(await server.command(['config'], { env: { CAREOPS_PICK_SECONDS: '90' } })), /pick-seconds +90/);
  });
});
