// SPDX-License-Identifier: AGPL-3.0-or-later
// What is offered can be booked, what is not offered cannot, and the reason given is the reason there is.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn, everyDay, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const ZONES = process.env.SOAK === '1'
  ? ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Chatham', 'Africa/Cairo', 'America/St_Johns', 'Asia/Tokyo', 'Pacific/Apia', 'UTC']
  : ['Europe/Paris', 'Australia/Lord_Howe', 'Asia/Kathmandu'];

const clock = (slot) => slot.local.slice(11, 16);

describe('offers', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  const explain = async (salon, date, more = {}) => {
    const query = new URLSearchParams({ service_ids: salon.services[0].id, from: date, to: date, explain: 'true', ...more });
    return expectStatus(await salon.owner.get(`/availability?${query}`), 200).days[0];
  };

  for (const timezone of ZONES) {
    test(`in ${timezone} each offered start can be booked when alone, and no other start can`, async () => {
      const salon = await makeSalon(server, {
        timezone,
        staff: ['Ann'],
        hours: [...everyDay('09:00', '10:30'), ...everyDay('11:00', '12:30')],
        services: [{ name: 'Trim', duration_min: 30, buffer_before_min: 5, buffer_after_min: 5, price: 1 }],
      });
      const day = await explain(salon, dateIn(3));
      assert.ok(day.slots.length >= 4 && day.refused.length > 80, `${day.slots.length} offered`);
      for (const slot of day.slots) {
        const { booking } = expectStatus(await salon.book({ start: slot.start }), 201);
        expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
      }
      for (const slot of day.refused.filter((_, index) => index % 4 === 0)) {
        expectProblem(await salon.book({ start: slot.start }), 409, 'slot_taken');
      }
      for (const slot of day.slots) {
        const odd = new Date(Date.parse(slot.start) + 60_000).toISOString().replace('.000', '');
        expectProblem(await salon.book({ start: odd }), 409, 'slot_taken');
      }
    });
  }

  test('explain tells closed, busy, off, too soon, too far, room taken and out of stock', async () => {
    const salon = await makeSalon(server, {
      staff: ['Ann'],
      items: [{ name: 'Oil', unit: 'ml', on_hand: 10 }],
      services: [{ name: 'Massage', duration_min: 60, price: 1, materials: [[0, 10]] }],
      policy: { min_notice_min: 120, max_advance_days: 30 },
    });
    const why = (day, at) => day.refused.find((slot) => clock(slot) === at)?.why;
    const date = dateIn(4);
    assert.equal(why(await explain(salon, date), '03:00'), 'closed');
    const [slot] = await salon.slots({ from: date });
    expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, { kind: 'receive', quantity: 10 }), 201);
    expectStatus(await salon.book({ start: slot.start }), 201);
    assert.equal(why(await explain(salon, date), clock(slot)), 'staff_busy');
    const [next] = await salon.slots({ from: dateIn(5) });
    expectStatus(await salon.book({ start: next.start }), 201);
    const empty = await explain(salon, dateIn(6));
    assert.equal(empty.reason, 'out_of_stock');
    assert.equal(why(empty, '12:00'), 'out_of_stock');
    expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, { kind: 'receive', quantity: 100 }), 201);
    const off = { start: `${dateIn(7)}T00:00:00Z`, end: `${dateIn(8)}T00:00:00Z`, reason: 'course' };
    expectStatus(await salon.owner.post(`/staff/${salon.staff[0].id}/time-off`, off), 201);
    assert.equal(why(await explain(salon, dateIn(7)), '12:00'), 'staff_off');
    assert.equal((await explain(salon, dateIn(40))).reason, 'too_far');
    assert.equal((await explain(salon, dateIn(-2))).reason, 'too_soon');
    expectProblem(await salon.book({ start: `${dateIn(40)}T12:00:00Z` }), 409, 'slot_taken');
    expectProblem(await salon.book({ start: `${dateIn(-2)}T12:00:00Z` }), 409, 'slot_taken');
  });

  test('processing time is free for others, and the room is not', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'], services: [] , publish: false });
    const colour = expectStatus(await salon.owner.post('/services', {
      name: 'Colour', duration_min: 120, price: 1, staff_ids: [salon.staff[0].id],
      segments: [{ kind: 'work', minutes: 30 }, { kind: 'processing', minutes: 60 }, { kind: 'work', minutes: 30 }],
    }), 201);
    const cut = expectStatus(await salon.owner.post('/services', { name: 'Cut', duration_min: 60, price: 1, staff_ids: [salon.staff[0].id] }), 201);
    expectStatus(await salon.owner.post('/workspace/publish'), 200);
    const slots = await salon.slots({ services: [colour] });
    const ten = slots.find((slot) => clock(slot) === '10:00');
    expectStatus(await salon.book({ start: ten.start, services: [colour] }), 201);
    const cuts = (await salon.slots({ services: [cut] })).map(clock);
    assert.ok(cuts.includes('10:30'), 'while the colour takes');
    for (const gone of ['09:15', '10:00', '10:15', '10:45', '11:00', '11:30', '11:45']) assert.ok(!cuts.includes(gone), gone);
    assert.ok(cuts.includes('09:00') && cuts.includes('12:00'));
  });

  test('a room that a service needs is held, and one of several is taken', async () => {
    const salon = await makeSalon(server, { staff: ['Ann', 'Bob', 'Cid'], services: [], publish: false });
    const room = async (name) => expectStatus(await salon.owner.post('/resources', { name, kind: 'room' }), 201).id;
    const rooms = [await room('Blue'), await room('Green')];
    const facial = expectStatus(await salon.owner.post('/services', {
      name: 'Facial', duration_min: 60, price: 1, staff_ids: salon.staff.map((member) => member.id), needs: [{ any_of: rooms }],
    }), 201);
    expectStatus(await salon.owner.post('/workspace/publish'), 200);
    const [slot] = await salon.slots({ services: [facial] });
    for (let i = 0; i < 2; i += 1) {
      expectStatus(await salon.book({ start: slot.start, services: [facial], client: { name: 'R', email: `r${i}@client.example` } }), 201);
    }
    expectProblem(await salon.book({ start: slot.start, services: [facial] }), 409, 'slot_taken');
    const query = new URLSearchParams({ service_ids: facial.id, from: dateIn(2), to: dateIn(2), explain: 'true' });
    const day = expectStatus(await salon.owner.get(`/availability?${query}`), 200).days[0];
    assert.equal(day.refused.find((refused) => refused.start === slot.start).why, 'resource_busy');
    const used = (await salon.owner.list('/bookings')).map((booking) => booking.resources[0].id);
    assert.deepEqual(used.sort(), rooms.sort());
  });

  test('"anyone" spreads the work', async () => {
    const salon = await makeSalon(server, { staff: ['Ann', 'Bob', 'Cid'] });
    const slots = await salon.slots();
    for (let i = 0; i < 18; i += 1) {
      const free = await salon.slots();
      expectStatus(await salon.book({ start: free[(i * 7) % free.length].start, client: { name: 'F', email: `f${i}@client.example` } }), 201);
    }
    const counts = {};
    for (const { staff_id: id } of await salon.owner.list('/bookings')) counts[id] = (counts[id] ?? 0) + 1;
    assert.equal(Object.keys(counts).length, 3, JSON.stringify(counts));
    assert.ok(Math.min(...Object.values(counts)) >= 3, JSON.stringify(counts));
    assert.ok(slots.length > 0);
  });

  test('a closure and a change of hours are seen at once', async () => {
    const salon = await makeSalon(server);
    const date = dateIn(5);
    assert.ok((await salon.slots({ from: date })).length > 0);
    expectStatus(await salon.owner.patch('/workspace', { closures: [{ from: date, to: date, reason: 'holiday' }] }), 200);
    const query = new URLSearchParams({ service_ids: salon.services[0].id, from: date, to: date });
    const { days } = expectStatus(await salon.visitor.get(`/public/${salon.slug}/availability?${query}`), 200);
    assert.deepEqual([days[0].slots.length, days[0].reason], [0, 'closed']);
    expectProblem(await salon.book({ start: `${date}T10:00:00Z` }), 409, 'slot_taken');
  });

  test('wrong questions are answered field by field', async () => {
    const salon = await makeSalon(server);
    const ask = (query) => salon.visitor.get(`/public/${salon.slug}/availability?${new URLSearchParams(query)}`);
    const id = salon.services[0].id;
    expectInvalid(await ask({}), ['service_ids', 'from', 'to']);
    expectInvalid(await ask({ service_ids: id, from: '2026-02-30', to: 'x' }), ['from', 'to']);
    expectInvalid(await ask({ service_ids: id, from: dateIn(5), to: dateIn(4) }), ['to']);
    expectInvalid(await ask({ service_ids: id, from: dateIn(0), to: dateIn(62) }), ['to']);
    expectStatus(await ask({ service_ids: id, from: dateIn(0), to: dateIn(61) }), 200);
    expectInvalid(await ask({ service_ids: id, from: dateIn(0), to: dateIn(1), colour: 'red' }), ['colour']);
    expectProblem(await ask({ service_ids: '12345', from: dateIn(0), to: dateIn(1) }), 404);
  });
});
