// SPDX-License-Identifier: AGPL-3.0-or-later
// The life of a booking: made, moved, confirmed, cancelled, restored, completed, missed; and its stock.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const DYE = { name: 'Dye 6.1', unit: 'ml', on_hand: 500, reorder_point: 100 };
const FOIL = { name: 'Foil', unit: 'piece', on_hand: 40 };
const COLOUR = { name: 'Colour', duration_min: 45, buffer_before_min: 5, buffer_after_min: 10, price: 6500, materials: [[0, 60], [1, 1.5]] };

async function stockOf(salon, index) {
  return expectStatus(await salon.owner.get(`/items/${salon.items[index].id}`), 200);
}

async function booked(salon, slot, more = {}) {
  return expectStatus(await salon.book({ start: slot.start, ...more }), 201).booking;
}

function act(salon, booking, verb, body) {
  return salon.owner.post(`/bookings/${booking.id}/${verb}`, body);
}

describe('the life of a booking', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  const colourSalon = (more = {}) => makeSalon(server, { items: [DYE, FOIL], services: [COLOUR], ...more });

  test('booking reserves every material at once and the public answer names no stock', async () => {
    const salon = await colourSalon();
    const [slot] = await salon.slots();
    const answer = expectStatus(await salon.book({ start: slot.start }), 201);
    assert.equal(answer.booking.status, 'confirmed');
    assert.equal(answer.booking.start, slot.start);
    assert.equal(answer.booking.end, slot.end);
    assert.match(answer.manage_url, /\/manage\/[\w-]{43}$/);
    assert.doesNotMatch(JSON.stringify(answer), /Dye|Foil|material|on_hand/);
    const dye = await stockOf(salon, 0);
    assert.deepEqual([dye.on_hand, dye.reserved, dye.available], [500, 60, 440]);
    assert.equal((await stockOf(salon, 1)).available, 38.5);
  });

  test('a service of 45 minutes with buffers 5 and 10 occupies 60', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const slots = await salon.slots();
    assert.equal(slots[0].local.slice(11, 16), '09:15', 'the buffer before lies inside the hours');
    const at = (clock) => slots.find((slot) => slot.local.slice(11, 16) === clock);
    await booked(salon, at('12:00'));
    const left = (await salon.slots()).map((slot) => slot.local.slice(11, 16));
    assert.ok(left.includes('11:00') && left.includes('13:00'), left.join(' '));
    for (const gone of ['11:15', '11:30', '11:45', '12:00', '12:15', '12:30', '12:45']) {
      assert.ok(!left.includes(gone), `${gone} is still offered`);
    }
  });

  test('completing consumes what was reserved, once', async () => {
    const salon = await colourSalon();
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    const done = expectStatus(await act(salon, booking, 'complete'), 200);
    assert.equal(done.status, 'completed');
    assert.deepEqual(done.materials.map((m) => m.used), [60, 1.5]);
    const dye = await stockOf(salon, 0);
    assert.deepEqual([dye.on_hand, dye.reserved], [440, 0]);
    expectProblem(await act(salon, booking, 'complete'), 409, 'invalid_transition');
    assert.equal((await stockOf(salon, 0)).on_hand, 440);
    const moves = await salon.owner.list(`/items/${dye.id}/movements`);
    assert.deepEqual(moves.map((m) => m.kind), ['consume', 'reserve', 'receive']);
    assert.equal(moves[0].booking_id, booking.id);
  });

  test('completing takes what was really used, also an item that was not planned', async () => {
    const salon = await colourSalon({ items: [DYE, FOIL, { name: 'Toner', unit: 'ml', on_hand: 10 }] });
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    const used = [{ item_id: salon.items[0].id, quantity: 75.5 }, { item_id: salon.items[2].id, quantity: 4 }];
    expectStatus(await act(salon, booking, 'complete', { materials: used }), 200);
    const [dye, foil, toner] = await Promise.all([0, 1, 2].map((i) => stockOf(salon, i)));
    assert.deepEqual([dye.on_hand, dye.reserved], [424.5, 0]);
    assert.deepEqual([foil.on_hand, foil.reserved], [40, 0]);
    assert.deepEqual([toner.on_hand, toner.reserved], [6, 0]);
  });

  test('using more than there is is refused and changes nothing', async () => {
    const salon = await colourSalon();
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    const used = [{ item_id: salon.items[1].id, quantity: 41 }];
    const problem = expectProblem(await act(salon, booking, 'complete', { materials: used }), 409, 'out_of_stock');
    assert.deepEqual(problem.items, [{ item_id: salon.items[1].id, name: 'Foil', needed: 41, available: 40 }]);
    assert.equal((await salon.owner.get(`/bookings/${booking.id}`)).body.status, 'confirmed');
    assert.equal((await stockOf(salon, 0)).reserved, 60);
  });

  test('cancelling gives back slot and stock, restoring takes both again', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    expectStatus(await act(salon, booking, 'cancel'), 200);
    assert.equal((await stockOf(salon, 0)).reserved, 0);
    assert.equal((await salon.slots())[0].start, slot.start);
    const back = expectStatus(await act(salon, booking, 'restore'), 200);
    assert.equal(back.status, 'confirmed');
    assert.equal((await stockOf(salon, 0)).reserved, 60);
    assert.notEqual((await salon.slots())[0].start, slot.start);
  });

  test('restoring is refused when the slot is gone, and when the stock is gone', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const [first, , , , second] = await salon.slots();
    const booking = await booked(salon, first);
    expectStatus(await act(salon, booking, 'cancel'), 200);
    await booked(salon, first, { client: { name: 'Quick', email: 'quick@client.example' } });
    expectProblem(await act(salon, booking, 'restore'), 409, 'slot_taken');
    const other = await booked(salon, second);
    expectStatus(await act(salon, other, 'cancel'), 200);
    expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, { kind: 'waste', quantity: 400 }), 201);
    const problem = expectProblem(await act(salon, other, 'restore'), 409, 'out_of_stock');
    assert.equal(problem.items[0].available, 40);
  });

  test('a no-show gives back slot and stock', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    assert.equal(expectStatus(await act(salon, booking, 'no-show'), 200).status, 'no_show');
    assert.equal((await stockOf(salon, 0)).reserved, 0);
    assert.equal((await salon.slots())[0].start, slot.start);
  });

  test('only legal transitions happen, and the refusal says what can be done', async () => {
    const salon = await colourSalon();
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    expectProblem(await act(salon, booking, 'restore'), 409, 'invalid_transition');
    expectStatus(await act(salon, booking, 'cancel'), 200);
    for (const verb of ['cancel', 'complete', 'no-show', 'confirm']) {
      const problem = expectProblem(await act(salon, booking, verb), 409, 'invalid_transition');
      assert.match(problem.detail, /Restore it first/);
    }
    expectProblem(await salon.owner.patch(`/bookings/${booking.id}`, { start: slot.start.replace('T', 'T') , staff_id: salon.staff[1].id }), 409, 'invalid_transition');
  });

  test('rescheduling moves the hold and never holds two', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const [first, , , , , second] = await salon.slots();
    const booking = await booked(salon, first);
    const moved = expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { start: second.start }), 200);
    assert.equal(moved.start, second.start);
    assert.equal((await stockOf(salon, 0)).reserved, 60, 'the stock stays reserved once');
    const starts = (await salon.slots()).map((slot) => slot.start);
    assert.ok(starts.includes(first.start) && !starts.includes(second.start));
  });

  test('moving by less than its own length does not collide with itself', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const [first, second] = await salon.slots();
    const booking = await booked(salon, first);
    expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { start: second.start }), 200);
  });

  test('reassigning to someone who is busy is refused and the booking stays', async () => {
    const salon = await colourSalon();
    const [slot] = await salon.slots();
    const [ann, bob] = salon.staff;
    const one = await booked(salon, slot, { staff_id: ann.id });
    await booked(salon, slot, { staff_id: bob.id });
    expectProblem(await salon.owner.patch(`/bookings/${one.id}`, { staff_id: bob.id }), 409, 'slot_taken');
    assert.equal((await salon.owner.get(`/bookings/${one.id}`)).body.staff_id, ann.id);
  });

  test('a past visit is written down as it was; an overlap never', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const walkIn = (start) => salon.owner.post('/bookings', {
      service_ids: [salon.services[0].id], staff_id: salon.staff[0].id, start, client: { name: 'Walk-in' },
    }, { key: true });
    const past = `${dateIn(-3)}T01:07:00Z`;
    assert.equal(expectStatus(await walkIn(past), 201).start, past);
    expectProblem(await walkIn(`${dateIn(-3)}T01:31:00Z`), 409, 'slot_taken');
  });

  test('a future visit outside the hours needs override_hours', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const ask = (more) => salon.owner.post('/bookings', {
      service_ids: [salon.services[0].id], start: `${dateIn(3)}T02:07:00Z`, client: { name: 'Early' }, ...more,
    });
    const problem = expectProblem(await ask({}), 409, 'slot_taken');
    assert.match(problem.detail, /override_hours/);
    expectStatus(await ask({ override_hours: true }), 201);
    expectProblem(await ask({ override_hours: true }), 409, 'slot_taken');
  });

  test('history tells every change in order', async () => {
    const salon = await colourSalon({ staff: ['Ann'] });
    const [first, , , , , second] = await salon.slots();
    const booking = await booked(salon, first);
    expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { start: second.start }), 200);
    expectStatus(await act(salon, booking, 'cancel'), 200);
    expectStatus(await act(salon, booking, 'restore'), 200);
    const rows = expectStatus(await salon.owner.get(`/bookings/${booking.id}/history`), 200).data;
    const actions = rows.filter((row) => row.type === 'event').map((row) => row.action);
    assert.deepEqual(actions, ['created', 'rescheduled', 'cancelled', 'restored']);
    const moved = rows.find((row) => row.action === 'rescheduled');
    assert.deepEqual(moved.changes.start, [first.start, second.start]);
    assert.ok(rows.some((row) => row.type === 'message' && row.kind === 'booking_confirmation'));
  });

  test('a stale If-Match is 412 and changes nothing', async () => {
    const salon = await colourSalon();
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    const read = await salon.owner.get(`/bookings/${booking.id}`);
    assert.equal(read.headers.get('etag'), `"${read.body.version}"`);
    expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { notes: 'first' }, { version: read.body.version }), 200);
    expectProblem(await salon.owner.patch(`/bookings/${booking.id}`, { notes: 'second' }, { version: read.body.version }), 412);
    assert.equal((await salon.owner.get(`/bookings/${booking.id}`)).body.notes, 'first');
    expectProblem(await salon.owner.post(`/bookings/${booking.id}/cancel`, undefined, { version: read.body.version }), 412);
  });

  test('a wrong number is corrected on the booking', async () => {
    const salon = await colourSalon();
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    const fixed = expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { client: { phone: '+33 1 99 00 12 34' } }), 200);
    assert.equal(fixed.client.phone, '+33 1 99 00 12 34');
    assert.equal(fixed.client.name, 'Cleo Client');
  });

  test('every wrong field of a booking is told, each once', async () => {
    const salon = await colourSalon();
    const answer = await salon.visitor.post(`/public/${salon.slug}/bookings`, {
      service_ids: [], start: 'tomorrow', client: { name: '', email: 'nobody' }, price: 1,
    });
    expectInvalid(answer, ['service_ids', 'start', 'client.name', 'client.email', 'price']);
  });

  test('another business\'s ids are as absent as invented ones', async () => {
    const [mine, theirs] = [await colourSalon(), await colourSalon()];
    const [slot] = await theirs.slots();
    const booking = await booked(theirs, slot);
    for (const path of [`/bookings/${booking.id}`, `/items/${theirs.items[0].id}`, `/services/${theirs.services[0].id}`,
      `/staff/${theirs.staff[0].id}`, `/clients/${booking.client?.id ?? '1'}`, '/bookings/1', '/bookings/zzz']) {
      expectProblem(await mine.owner.get(path), 404, 'not_found');
    }
    for (const verb of ['cancel', 'complete', 'restore', 'no-show']) {
      expectProblem(await mine.owner.post(`/bookings/${booking.id}/${verb}`), 404, 'not_found');
    }
    expectProblem(await mine.owner.post('/bookings', { service_ids: [theirs.services[0].id], start: slot.start, client: { name: 'X' } }), 404);
    expectProblem(await mine.book({ start: slot.start, services: theirs.services }), 404);
    assert.equal((await theirs.owner.get(`/bookings/${booking.id}`)).body.status, 'confirmed');
  });

  test('an unpublished business has no public face', async () => {
    const salon = await colourSalon({ publish: false });
    expectProblem(await salon.visitor.get(`/public/${salon.slug}`), 404);
    expectProblem(await salon.book({ start: `${dateIn(2)}T10:00:00Z` }), 404);
  });

  test('the owner is told once when available falls to the reorder point, and again only after it was above', async () => {
    const salon = await makeSalon(server, {
      items: [{ name: 'Gloss', unit: 'ml', on_hand: 100, reorder_point: 60 }],
      services: [{ name: 'Shine', duration_min: 30, price: 100, materials: [[0, 20]] }],
    });
    const slots = await salon.slots();
    const told = async () => (await salon.owner.list('/emails')).filter((m) => m.kind === 'low_stock').length;
    const first = await booked(salon, slots[0]);
    assert.equal(await told(), 0);
    await booked(salon, slots[4]);
    assert.equal(await told(), 1);
    await booked(salon, slots[8]);
    assert.equal(await told(), 1, 'not again while it stays low');
    expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, { kind: 'receive', quantity: 100 }), 201);
    assert.equal(await told(), 1);
    expectStatus(await act(salon, first, 'complete'), 200);
    expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, { kind: 'waste', quantity: 90 }), 201);
    assert.equal(await told(), 2);
    const mail = await server.waitForMail((m) => m.subject.includes('Gloss') && m.to.includes(salon.ownerEmail));
    assert.ok(mail);
  });

  test('a restored visit holds the very time that it shows, whatever the menu says by now', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'], services: [{ name: 'Cut', duration_min: 60, price: 1 }] });
    const [slot] = await salon.slots();
    const booking = await booked(salon, slot);
    expectStatus(await act(salon, booking, 'cancel'), 200);
    expectStatus(await salon.owner.patch(`/services/${salon.services[0].id}`, { duration_min: 15 }), 200);
    const back = expectStatus(await act(salon, booking, 'restore'), 200);
    assert.deepEqual([back.start, back.end], [slot.start, slot.end]);
    const free = await salon.slots();
    assert.ok(free.every((s) => s.end <= slot.start || s.start >= slot.end), 'nothing inside it is offered');
    expectProblem(await salon.book({ start: new Date(Date.parse(slot.start) + 15 * 60_000).toISOString().replace('.000', '') }), 409, 'slot_taken');
    expectStatus(await act(salon, booking, 'cancel'), 200);
    const [inside] = (await salon.slots()).filter((s) => s.start > slot.start && s.end < slot.end);
    await booked(salon, inside, { client: { name: 'In', email: 'in@client.example' } });
    expectProblem(await act(salon, booking, 'restore'), 409, 'slot_taken');
  });

  test('booking while the menu is being changed sees each service whole', async () => {
    const salon = await makeSalon(server, { staff: ['Ann', 'Bob'], services: [{ name: 'Cut', duration_min: 60, price: 1 }] });
    const { id } = salon.services[0];
    const long = { duration_min: 90, segments: [{ kind: 'work', minutes: 30 }, { kind: 'processing', minutes: 30 }, { kind: 'work', minutes: 30 }] };
    const short = { duration_min: 60, segments: [{ kind: 'work', minutes: 60 }] };
    let going = true;
    const asking = Array.from({ length: 4 }, async (_, i) => {
      for (let n = 0; going; n += 1) {
        const start = `${dateIn(3 + ((n + i) % 20))}T1${n % 6}:00:00Z`;
        const answer = await salon.book({ start, client: { name: 'C', email: `c${i}@client.example` } });
        assert.ok([201, 409].includes(answer.status), answer.text);
      }
    });
    for (let n = 0; n < 60; n += 1) {
      expectStatus(await salon.owner.patch(`/services/${id}`, n % 2 ? long : short), 200);
    }
    going = false;
    await Promise.all(asking);
    for (const { start, end } of await salon.owner.list('/bookings')) {
      assert.ok([60, 90].includes((Date.parse(end) - Date.parse(start)) / 60_000));
    }
    assert.ok(server.running);
  });

  test('moving and reassigning keep the length that was booked, whatever the menu says by now', async () => {
    const salon = await makeSalon(server, { services: [{ name: 'Cut', duration_min: 60, price: 1, buffer_after_min: 15 }] });
    const slots = await salon.slots();
    const booking = await booked(salon, slots[0], { staff_id: salon.staff[0].id });
    expectStatus(await salon.owner.patch(`/services/${salon.services[0].id}`, { duration_min: 15, buffer_after_min: 0 }), 200);
    const moved = expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { start: slots[8].start }), 200);
    assert.equal(Date.parse(moved.end) - Date.parse(moved.start), 3_600_000);
    const given = expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { staff_id: salon.staff[1].id }), 200);
    assert.equal(Date.parse(given.end) - Date.parse(given.start), 3_600_000);
    const free = await salon.slots({ staff_id: salon.staff[1].id });
    const blocked = Date.parse(given.end) + 15 * 60_000;
    assert.ok(free.every((s) => Date.parse(s.end) <= Date.parse(given.start) || Date.parse(s.start) >= blocked), 'buffer included');
  });

  test('a booking that was another client\'s opens no more by the first one\'s link, and the right one is told', async () => {
    const salon = await makeSalon(server);
    const [slot] = await salon.slots();
    const made = expectStatus(await salon.book({ start: slot.start, client: { name: 'First', email: 'first@client.example' } }), 201);
    const second = expectStatus(await salon.owner.post('/clients', { name: 'Second', email: `second.${slot.start.slice(8, 10)}.${made.booking.id}@client.example` }), 201);
    expectStatus(await salon.owner.patch(`/bookings/${made.booking.id}`, { client_id: second.id }), 200);
    const link = `/public/manage/${made.manage_url.split('/').pop()}`;
    expectProblem(await salon.visitor.get(link), 404);
    expectProblem(await salon.visitor.post(`${link}/cancel`), 404);
    await server.waitForMail((m) => m.to.includes(second.email) && m.subject.includes('confirmed'));
  });

  test('an owner who books on their own public page is told like any other, and acts as a visitor there', async () => {
    const salon = await makeSalon(server);
    const [slot] = await salon.slots();
    const body = { service_ids: [salon.services[0].id], start: slot.start, client: { name: 'Me', email: 'me@client.example' } };
    const { booking } = expectStatus(await salon.owner.post(`/public/${salon.slug}/bookings`, body, { key: true }), 201);
    const rows = expectStatus(await salon.owner.get(`/bookings/${booking.id}/history`), 200).data;
    assert.equal(rows.find((row) => row.action === 'created').actor_kind, 'client');
    assert.ok(rows.some((row) => row.kind === 'owner_new_booking' && row.to === salon.ownerEmail));
  });

  test('the business is told when the client cancels or moves, and again when it is taken back', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const slots = await salon.slots();
    const made = expectStatus(await salon.book({ start: slots[0].start }), 201);
    const link = `/public/manage/${made.manage_url.split('/').pop()}`;
    expectStatus(await salon.visitor.post(`${link}/reschedule`, { start: slots[6].start }), 200);
    expectStatus(await salon.visitor.post(`${link}/cancel`), 200);
    expectStatus(await salon.visitor.post(`${link}/restore`), 200);
    const rows = expectStatus(await salon.owner.get(`/bookings/${made.booking.id}/history`), 200).data;
    const toOwner = rows.filter((row) => row.type === 'message' && row.to === salon.ownerEmail).map((row) => row.kind);
    assert.deepEqual(toOwner, ['owner_new_booking', 'owner_booking_rescheduled', 'owner_booking_cancelled', 'owner_new_booking']);
  });

  test('a movement of stock by hand is in the audit with its request', async () => {
    const salon = await makeSalon(server, { items: [DYE] });
    const moved = await salon.owner.post(`/items/${salon.items[0].id}/movements`, { kind: 'waste', quantity: 20, reason: 'spilt' });
    expectStatus(moved, 201);
    const [event] = (await salon.owner.get(`/audit?entity=item&entity_id=${salon.items[0].id}`)).body.data;
    assert.deepEqual([event.action, event.changes.on_hand, event.request_id], ['wasted', [500, 480], moved.headers.get('x-request-id')]);
  });
});
