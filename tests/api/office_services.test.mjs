// SPDX-License-Identifier: AGPL-3.0-or-later
// Services as the owner keeps them: people with a price and a time of their own, the order of the menu, what is
// retired and comes back, and the rooms that visits count on.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn, everyDay, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const MINUTE_MS = 60_000;
const minutesOf = ({ start, end }) => (Date.parse(end) - Date.parse(start)) / MINUTE_MS;
const clock = (slot) => slot.local.slice(11, 16);
const COLOUR = [
  { kind: 'work', minutes: 30 },
  { kind: 'processing', minutes: 60 },
  { kind: 'work', minutes: 30 },
];

describe('services of the office', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  const change = async (salon, service, body, status = 200) =>
    expectStatus(await salon.owner.patch(`/services/${service.id}`, body), status);

  /** Ann takes 45 minutes and 45.00; Bob 75 minutes and 30.00. */
  const withTerms = async (options = {}) => {
    const salon = await makeSalon(server, { hours: everyDay('09:00', '12:00'), ...options });
    const [ann, bob] = salon.staff;
    const terms = [{ staff_id: bob.id, price: 3000, duration_min: 75 }];
    salon.services[0] = await change(salon, salon.services[0], { staff_terms: terms });
    return { salon, ann, bob };
  };

  test('a price and a time of one person are kept, checked and taken back', async () => {
    const { salon, ann, bob } = await withTerms();
    const [service] = salon.services;
    assert.deepEqual(service.staff_terms, [{ staff_id: bob.id, price: 3000, duration_min: 75 }]);
    const only = async (body) => (await change(salon, service, body)).staff_terms;
    assert.deepEqual(await only({ staff_ids: [bob.id, ann.id] }), service.staff_terms, 'who stays keeps them');
    assert.deepEqual(await only({ staff_ids: [ann.id] }), [], 'who leaves loses them');
    assert.deepEqual(await only({ staff_ids: [ann.id, bob.id] }), []);
    assert.deepEqual(await only({ staff_terms: [{ staff_id: ann.id, price: 0 }] }), [
      { staff_id: ann.id, price: 0, duration_min: null },
    ]);
    assert.deepEqual(await only({ staff_terms: [] }), []);
    const owner = (await salon.owner.list('/staff')).find(({ role }) => role === 'owner');
    const refused = async (body) => salon.owner.patch(`/services/${service.id}`, body);
    expectInvalid(await refused({ staff_terms: [{ staff_id: owner.id, price: 1 }] }), ['staff_terms.0.staff_id']);
    expectInvalid(await refused({ staff_terms: [{ staff_id: ann.id }, { staff_id: ann.id }] }), ['staff_terms.1.staff_id']);
    expectInvalid(await refused({ staff_terms: [{ staff_id: ann.id, duration_min: 4 }] }), ['staff_terms.0.duration_min']);
    const colour = { duration_min: 120, segments: COLOUR };
    expectInvalid(await refused({ ...colour, staff_terms: [{ staff_id: ann.id, duration_min: 61 }] }), ['staff_terms.0.duration_min']);
    await change(salon, service, { staff_terms: [{ staff_id: ann.id, duration_min: 30 }] });
    expectInvalid(await refused(colour), ['staff_terms']);
  });

  test('a member whose services are put anew keeps their price for those that stay', async () => {
    const { salon, bob } = await withTerms({
      services: [{ name: 'Cut', duration_min: 45, price: 4500 }, { name: 'Shave', duration_min: 15, price: 1500 }],
    });
    const [cut, shave] = salon.services;
    expectStatus(await salon.owner.patch(`/staff/${bob.id}`, { service_ids: [cut.id] }), 200);
    const after = expectStatus(await salon.owner.get(`/services/${cut.id}`), 200);
    assert.deepEqual(after.staff_terms, [{ staff_id: bob.id, price: 3000, duration_min: 75 }]);
    const other = expectStatus(await salon.owner.get(`/services/${shave.id}`), 200);
    assert.ok(!other.staff_ids.includes(bob.id));
  });

  test('what is offered with each person is what is booked with them: time, price and end', async () => {
    const { salon, ann, bob } = await withTerms();
    const lastStart = async (staff_id) => clock((await salon.slots({ staff_id })).at(-1));
    assert.equal(await lastStart(ann.id), '11:15');
    assert.equal(await lastStart(bob.id), '10:45');
    assert.equal(await lastStart(undefined), '11:15');
    for (const [person, minutes, price] of [[ann, 45, 4500], [bob, 75, 3000]]) {
      const [slot] = await salon.slots({ staff_id: person.id });
      assert.equal(minutesOf(slot), minutes);
      const { booking } = expectStatus(await salon.book({ start: slot.start, staff_id: person.id }), 201);
      assert.deepEqual([minutesOf(booking), booking.price], [minutes, price]);
      assert.equal(booking.end, slot.end);
      const whole = expectStatus(await salon.owner.get(`/bookings/${booking.id}`), 200);
      assert.deepEqual(whole.services.map((each) => [each.duration_min, each.price]), [[minutes, price]]);
      const gone = (await salon.slots({ staff_id: person.id })).map(clock);
      assert.equal(gone[0] > clock(slot), true);
    }
  });

  test('with anyone, the visit is as the one who is assigned does it, and never longer than was said', async () => {
    const { salon, ann, bob } = await withTerms();
    const wanted = { [ann.id]: [45, 4500], [bob.id]: [75, 3000] };
    const seen = new Set();
    for (let i = 0; i < 4; i += 1) {
      const [slot] = await salon.slots();
      const client = { name: 'Any', email: `any${i}@client.example` };
      const { booking } = expectStatus(await salon.book({ start: slot.start, client }), 201);
      const whole = expectStatus(await salon.owner.get(`/bookings/${booking.id}`), 200);
      assert.ok(slot.staff_ids.includes(whole.staff_id));
      assert.deepEqual([minutesOf(whole), whole.price], wanted[whole.staff_id]);
      assert.ok(whole.end <= slot.end);
      seen.add(whole.staff_id);
    }
    assert.equal(seen.size, 2, 'both were tried');
    expectProblem(await salon.book({ start: `${dateIn(2)}T07:00:00Z`, staff_id: bob.id }), 409, 'slot_taken');
  });

  test('what is processing stays where it is with everybody, and the work that comes last takes the difference', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'], hours: everyDay('09:00', '17:00') });
    const [ann] = salon.staff;
    const body = {
      name: 'Colour', duration_min: 120, segments: COLOUR, price: 1, staff_ids: [ann.id],
      staff_terms: [{ staff_id: ann.id, duration_min: 150 }],
    };
    const colour = expectStatus(await salon.owner.post('/services', body), 201);
    const cut = { ...salon.services[0] };
    await change(salon, cut, { duration_min: 60 });
    const ten = (await salon.slots({ services: [colour] })).find((slot) => clock(slot) === '10:00');
    assert.equal(minutesOf(ten), 150);
    expectStatus(await salon.book({ start: ten.start, services: [colour] }), 201);
    const cuts = (await salon.slots({ services: [cut] })).map(clock);
    assert.ok(cuts.includes('10:30') && !cuts.includes('10:15') && !cuts.includes('10:45'), cuts.join(' '));
    assert.ok(cuts.includes('12:30') && !cuts.includes('12:15'));
  });

  test('a held time is as long, and costs what it costs, with whom it is held', async () => {
    const { salon, bob } = await withTerms();
    const hold = async (body) => expectStatus(await salon.visitor.post(`/public/${salon.slug}/holds`, body, { key: true }), 201);
    const [slot] = await salon.slots({ staff_id: bob.id });
    const held = await hold({ service_ids: [salon.services[0].id], start: slot.start, staff_id: bob.id });
    assert.equal(held.price, 3000);
    const left = (await salon.slots({ staff_id: bob.id })).map(clock);
    assert.equal(left[0], '10:15', 'ten past the hour and a quarter that he takes');
    const body = { service_ids: [salon.services[0].id], start: slot.start, hold_token: held.hold_token, client: { name: 'H', email: 'h@client.example' } };
    const { booking } = expectStatus(await salon.visitor.post(`/public/${salon.slug}/bookings`, body, { key: true }), 201);
    assert.deepEqual([minutesOf(booking), booking.price], [75, 3000]);
  });

  test('the public menu says from what, and what each person takes', async () => {
    const { salon, ann, bob } = await withTerms();
    const menu = async () => expectStatus(await salon.visitor.get(`/public/${salon.slug}`), 200).services[0];
    const service = await menu();
    assert.deepEqual([service.price, service.price_from, service.duration_min], [3000, true, 45]);
    assert.deepEqual(service.by.map(({ staff_id: id, ...rest }) => [id, rest.duration_min, rest.price]).sort(),
      [[ann.id, 45, 4500], [bob.id, 75, 3000]].sort());
    const page = await fetch(`${server.baseUrl}/book/${salon.slug}`);
    assert.match(await page.text(), /from €30/);
    await change(salon, salon.services[0], { staff_terms: [] });
    const plain = await menu();
    assert.deepEqual([plain.price, plain.price_from, plain.by], [4500, undefined, undefined]);
    const query = new URLSearchParams({ service_ids: service.id, from: dateIn(2), to: dateIn(2) });
    const answer = expectStatus(await salon.visitor.get(`/public/${salon.slug}/availability?${query}`), 200);
    assert.deepEqual(answer.people.map((each) => each.price), [4500, 4500]);
  });

  test('moved to somebody else, a visit takes their time; a client pays their price, the business keeps its word', async () => {
    const { salon, ann, bob } = await withTerms();
    const [slot] = await salon.slots({ staff_id: ann.id });
    const made = expectStatus(await salon.book({ start: slot.start, staff_id: ann.id }), 201);
    const token = made.manage_url.split('/').at(-1);
    const [to] = (await salon.slots({ staff_id: bob.id })).slice(1);
    const moved = expectStatus(await salon.owner.patch(`/bookings/${made.booking.id}`, { staff_id: bob.id, start: to.start }), 200);
    assert.deepEqual([minutesOf(moved), moved.price], [75, 4500]);
    const back = expectStatus(await salon.owner.patch(`/bookings/${made.booking.id}`, { staff_id: ann.id, start: slot.start }), 200);
    assert.deepEqual([minutesOf(back), back.price], [45, 4500]);
    const chosen = expectStatus(await salon.visitor.post(`/public/manage/${token}/reschedule`, { start: to.start, staff_id: bob.id }), 200);
    assert.deepEqual([minutesOf(chosen.booking ?? chosen), (chosen.booking ?? chosen).price], [75, 3000]);
    const whole = expectStatus(await salon.owner.get(`/bookings/${made.booking.id}`), 200);
    assert.deepEqual(whole.services.map((each) => [each.duration_min, each.price]), [[75, 3000]]);
    const history = expectStatus(await salon.owner.get(`/bookings/${made.booking.id}/history`), 200);
    assert.match(JSON.stringify(history), /4500.{1,20}3000/);
  });

  test('what is booked keeps its time and price when the terms change, moved and restored', async () => {
    const { salon, bob } = await withTerms();
    const [slot] = await salon.slots({ staff_id: bob.id });
    const { booking } = expectStatus(await salon.book({ start: slot.start, staff_id: bob.id }), 201);
    await change(salon, salon.services[0], { staff_terms: [{ staff_id: bob.id, price: 9900, duration_min: 20 }] });
    const later = new Date(Date.parse(slot.start) + 30 * MINUTE_MS).toISOString().replace('.000', '');
    const moved = expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { start: later }), 200);
    assert.deepEqual([minutesOf(moved), moved.price], [75, 3000]);
    expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
    const restored = expectStatus(await salon.owner.post(`/bookings/${booking.id}/restore`), 200);
    assert.deepEqual([minutesOf(restored), restored.price], [75, 3000]);
  });

  test('the menu stands in the order that it is put in, and a new service comes last', async () => {
    const names = ['Braid', 'Cut', 'Nails', 'Tint'];
    const salon = await makeSalon(server, {
      services: names.map((name) => ({ name, category: name === 'Nails' ? 'Hands' : 'Hair', duration_min: 30, price: 1 })),
    });
    const shown = async () => expectStatus(await salon.visitor.get(`/public/${salon.slug}`), 200).services.map(({ name }) => name);
    assert.deepEqual(await shown(), ['Braid', 'Cut', 'Tint', 'Nails'], 'by name, where nobody has said');
    const [braid, cut, nails, tint] = salon.services.map(({ id }) => id);
    const order = async (ids) => salon.owner.put('/services/order', { ids });
    expectStatus(await order([nails, tint, cut]), 204);
    assert.deepEqual(await shown(), ['Nails', 'Tint', 'Cut', 'Braid'], 'those that are not named follow');
    const added = { name: 'Almond', category: 'Hair', duration_min: 30, price: 1, staff_ids: [salon.staff[0].id] };
    expectStatus(await salon.owner.post('/services', added), 201);
    assert.deepEqual(await shown(), ['Nails', 'Tint', 'Cut', 'Braid', 'Almond']);
    expectStatus(await order([braid, nails, cut, tint]), 204);
    assert.deepEqual(await shown(), ['Braid', 'Cut', 'Tint', 'Almond', 'Nails']);
    const before = await change(salon, salon.services[0], { description: 'x' });
    expectStatus(await order([tint, cut]), 204);
    const after = expectStatus(await salon.owner.get(`/services/${before.id}`), 200);
    assert.equal(after.version, before.version, 'an order makes no open page stale');
    expectInvalid(await order([cut, cut]), ['ids.1']);
    expectInvalid(await order([]), ['ids']);
    expectStatus(await order([cut, '999']), 404);
  });

  test('a duplicate has everything but its offer', async () => {
    const { salon } = await withTerms({ items: [{ name: 'Oil', on_hand: 100 }] });
    const [service] = salon.services;
    await change(salon, service, {
      category: 'Hair', description: 'with care', buffer_after_min: 5, segments: [{ kind: 'work', minutes: 45 }],
      materials: [{ item_id: salon.items[0].id, quantity: 1.5 }],
    });
    const was = expectStatus(await salon.owner.get(`/services/${service.id}`), 200);
    const copy = expectStatus(await salon.owner.post(`/services/${service.id}/duplicate`, { name: 'Cut, long' }), 201);
    const same = ({ id, name, active, version, ...rest }) => rest;
    assert.deepEqual(same(copy), same(was));
    assert.deepEqual([copy.name, copy.active, copy.version], ['Cut, long', false, 1]);
    assert.notEqual(copy.id, was.id);
    expectStatus(await salon.owner.post('/services/999/duplicate', {}), 404);
  });

  test('what is retired is on the shelf, and comes back to the menu', async () => {
    const salon = await makeSalon(server, {
      services: [{ name: 'Cut', duration_min: 45, price: 4500 }, { name: 'Wave', duration_min: 45, price: 4500, active: false }],
    });
    const [cut, wave] = salon.services;
    const names = async (query) => (await salon.owner.list(`/services${query}`)).map(({ name }) => name).sort();
    expectStatus(await salon.owner.delete(`/services/${cut.id}`), 204);
    assert.deepEqual(await names(''), ['Wave']);
    assert.deepEqual(await names('?active=false'), ['Cut', 'Wave']);
    assert.deepEqual(await names('?active=true'), []);
    const shelf = expectStatus(await salon.owner.get('/services?active=false'), 200).data;
    assert.deepEqual(shelf.map(({ name, retired }) => [name, retired]).sort(), [['Cut', true], ['Wave', false]]);
    assert.equal(shelf.find(({ id }) => id === cut.id).staff_ids.length, 2, 'with its people');
    for (const { id } of [cut, wave]) {
      const back = expectStatus(await salon.owner.post(`/services/${id}/restore`), 200);
      assert.deepEqual([back.active, back.retired], [true, false]);
    }
    assert.deepEqual(await names('?active=true'), ['Cut', 'Wave']);
    assert.ok((await salon.slots()).length > 0);
    expectStatus(await salon.owner.post('/services/999/restore'), 404);
  });

  test('a room says which services and visits count on it, and keeps them when it is switched off', async () => {
    const salon = await makeSalon(server);
    const room = async (name) => expectStatus(await salon.owner.post('/resources', { name, kind: 'room' }), 201);
    const [blue, green] = [await room('Blue'), await room('Green')];
    const facial = expectStatus(await salon.owner.post('/services', {
      name: 'Facial', duration_min: 60, price: 1, staff_ids: salon.staff.map(({ id }) => id), needs: [{ any_of: [blue.id, green.id] }],
    }), 201);
    const [slot] = await salon.slots({ services: [facial] });
    const { booking } = expectStatus(await salon.book({ start: slot.start, services: [facial] }), 201);
    const use = async ({ id }) => expectStatus(await salon.owner.get(`/resources/${id}`), 200).used_by;
    const held = (await Promise.all([use(blue), use(green)])).map(({ visits }) => visits.map(({ id }) => id));
    assert.deepEqual(held.flat(), [booking.id]);
    assert.deepEqual((await use(blue)).services, [{ id: facial.id, name: 'Facial', alone: false }]);
    const taken = held[0].length ? blue : green;
    const off = expectStatus(await salon.owner.patch(`/resources/${taken.id}`, { active: false }), 200);
    assert.deepEqual(off.used_by.visits.map(({ id, client_name: name }) => [id, name]), [[booking.id, 'Cleo Client']]);
    const other = taken === blue ? green : blue;
    assert.equal((await use(other)).services[0].alone, true, 'the only one that is left');
    assert.ok(!('used_by' in expectStatus(await salon.owner.get('/resources'), 200).data[0]));
  });
});
