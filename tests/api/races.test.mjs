// SPDX-License-Identifier: AGPL-3.0-or-later
// Many at once: exactly as many winners as there is room, and one legal state at the end.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const ROUNDS = process.env.SOAK === '1' ? 100 : 5;

const times = (n, make) => Promise.all(Array.from({ length: n }, (_, i) => make(i)));
const client = (i) => ({ name: `Client ${i}`, email: `client${i}@client.example` });

function count(answers) {
  const statuses = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return statuses;
}

describe('many at once', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  test(`64 clients on one slot: one booking, 63 times slot_taken with the nearest starts (${ROUNDS} rounds)`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const salon = await makeSalon(server, { staff: ['Ann'] });
      const [slot] = await salon.slots();
      const answers = await times(64, (i) => salon.book({ start: slot.start, client: client(i) }));
      assert.deepEqual(count(answers), { 201: 1, 409: 63 });
      for (const { status, body } of answers) {
        if (status !== 409) continue;
        assert.equal(body.code, 'slot_taken');
        assert.equal(body.nearest.length, 3);
        assert.ok(body.nearest.every((near) => near.start !== slot.start && near.local));
      }
      const bookings = await salon.owner.list('/bookings');
      assert.equal(bookings.length, 1);
    }
  });

  test('64 clients on ten units of stock: ten bookings', async () => {
    const salon = await makeSalon(server, {
      staff: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'],
      items: [{ name: 'Kit', unit: 'piece', on_hand: 10 }],
      services: [{ name: 'Facial', duration_min: 30, price: 100, materials: [[0, 1]] }],
    });
    const slots = await salon.slots();
    const answers = await times(64, (i) => salon.book({ start: slots[(i % 8) * 2].start, client: client(i) }));
    assert.deepEqual(count(answers), { 201: 10, 409: 54 });
    assert.ok(answers.filter((a) => a.status === 409).every((a) => a.body.code === 'out_of_stock' && !a.text.includes('Kit')));
    const item = expectStatus(await salon.owner.get(`/items/${salon.items[0].id}`), 200);
    assert.deepEqual([item.on_hand, item.reserved, item.available], [10, 10, 0]);
    assert.equal((await salon.owner.list('/bookings')).length, 10, 'a refused one leaves nothing');
  });

  test('32 equal idempotency keys at once: one booking, one answer byte for byte', async () => {
    const salon = await makeSalon(server);
    const [slot] = await salon.slots();
    const answers = await times(32, () => salon.book({ start: slot.start, key: 'one-key' }));
    assert.deepEqual(count(answers), { 201: 32 });
    assert.equal(new Set(answers.map((a) => a.text)).size, 1);
    assert.equal(answers.filter((a) => a.headers.get('idempotent-replayed') === 'true').length, 31);
    assert.equal((await salon.owner.list('/bookings')).length, 1);
    const other = await salon.book({ start: slot.start, key: 'one-key', notes: 'another body' });
    assert.equal(other.status, 422);
    assert.equal(other.body.code, 'idempotency_key_reused');
  });

  test('a booking with three materials takes all or none', async () => {
    const salon = await makeSalon(server, {
      staff: ['A', 'B', 'C', 'D'],
      items: [{ name: 'One', unit: 'ml', on_hand: 50 }, { name: 'Two', unit: 'ml', on_hand: 3 }, { name: 'Three', unit: 'ml', on_hand: 50 }],
      services: [{ name: 'All', duration_min: 30, price: 100, materials: [[0, 1], [1, 1], [2, 1]] }],
    });
    const slots = await salon.slots();
    const answers = await times(16, (i) => salon.book({ start: slots[(i % 8) * 2].start, client: client(i) }));
    assert.deepEqual(count(answers), { 201: 3, 409: 13 });
    const items = await salon.owner.list('/items');
    assert.deepEqual(items.map((item) => item.reserved), [3, 3, 3]);
  });

  test('cancel and restore in parallel end in one legal state', async () => {
    const salon = await makeSalon(server, { items: [{ name: 'Wax', unit: 'g', on_hand: 100 }], services: [{ name: 'Wax', duration_min: 30, price: 1, materials: [[0, 10]] }] });
    const [slot] = await salon.slots();
    const { booking } = expectStatus(await salon.book({ start: slot.start }), 201);
    const answers = await times(40, (i) => salon.owner.post(`/bookings/${booking.id}/${i % 2 ? 'restore' : 'cancel'}`));
    assert.ok(answers.every((a) => a.status === 200 || (a.status === 409 && a.body.code === 'invalid_transition')), JSON.stringify(count(answers)));
    const { status } = expectStatus(await salon.owner.get(`/bookings/${booking.id}`), 200);
    const item = expectStatus(await salon.owner.get(`/items/${salon.items[0].id}`), 200);
    assert.equal(item.reserved, status === 'confirmed' ? 10 : 0);
    const free = (await salon.slots({ staff_id: booking.staff.id })).some((s) => s.start === slot.start);
    assert.equal(free, status === 'cancelled');
  });

  test('two bookings that change places meet no deadlock and never hold two slots nor none', async () => {
    const salon = await makeSalon(server, { staff: ['Ann', 'Bob'] });
    const slots = await salon.slots();
    const [ann, bob] = salon.staff;
    const one = expectStatus(await salon.book({ start: slots[0].start, staff_id: ann.id }), 201).booking;
    const two = expectStatus(await salon.book({ start: slots[0].start, staff_id: bob.id, client: client(2) }), 201).booking;
    const target = [slots[0].start, slots[4].start, slots[8].start];
    const answers = await times(60, (i) => salon.owner.patch(`/bookings/${i % 2 ? one.id : two.id}`, {
      start: target[i % 3], staff_id: (i >> 1) % 2 ? ann.id : bob.id,
    }));
    assert.ok(answers.every((a) => a.status === 200 || a.status === 409), JSON.stringify(count(answers)));
    const [first, second] = await Promise.all([one, two].map((b) => salon.owner.get(`/bookings/${b.id}`)));
    assert.ok(first.body.start !== second.body.start || first.body.staff_id !== second.body.staff_id);
    for (const person of salon.staff) {
      const free = new Set((await salon.slots({ staff_id: person.id })).map((s) => s.start));
      for (const { body } of [first, second]) assert.equal(free.has(body.start), body.staff_id !== person.id && !([first, second].some((o) => o.body.staff_id === person.id && o.body.start === body.start)));
    }
  });
});
