// SPDX-License-Identifier: AGPL-3.0-or-later
// What the office does with a visit: longer and shorter, told or not, taken back; and its lists.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const DYE = { name: 'Dye 6.1', unit: 'ml', on_hand: 500, reorder_point: 0 };
const TONER = { name: 'Toner', unit: 'ml', on_hand: 100, reorder_point: 0 };
const CUT = { name: 'Cut', duration_min: 45, price: 4500 };
const COLOUR = {
  name: 'Colour',
  duration_min: 90,
  segments: [
    { kind: 'work', minutes: 30 },
    { kind: 'processing', minutes: 40 },
    { kind: 'work', minutes: 20 },
  ],
  buffer_after_min: 10,
  price: 9000,
  materials: [[0, 60]],
};

const act = (salon, booking, verb, body) => salon.owner.post(`/bookings/${booking.id}/${verb}`, body);
const change = (salon, booking, body) => salon.owner.patch(`/bookings/${booking.id}`, body);
const read = async (salon, id) => expectStatus(await salon.owner.get(`/bookings/${id}`), 200);
const undo = (salon, booking, more = {}) => act(salon, booking, 'undo', { version: booking.version, ...more });
const minutes = (booking) => (Date.parse(booking.end) - Date.parse(booking.start)) / 60000;
const plus = (instant, min) => new Date(Date.parse(instant) + min * 60000).toISOString().replace('.000Z', 'Z');

/** A booking as it is compared: all but what counts up. */
function same(booking) {
  const { version, ...rest } = booking;
  return rest;
}

async function stock(salon, index = 0) {
  const { on_hand: onHand, reserved } = expectStatus(await salon.owner.get(`/items/${salon.items[index].id}`), 200);
  return { onHand, reserved };
}

async function toldClient(salon, booking, kind) {
  const list = expectStatus(await salon.owner.get(`/bookings/${booking.id}/messages`), 200).data;
  return list.filter((m) => m.kind === kind).map((m) => m.state + (m.reason ? `:${m.reason}` : ''));
}

/** One whose confirmation has arrived: what is told next depends on what is believed. */
async function confirmedTo(salon, visit) {
  for (;;) {
    if ((await toldClient(salon, visit, 'booking_confirmation')).join() === 'sent') return visit;
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe('a visit in the office', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  const salonOf = (more = {}) =>
    makeSalon(server, { items: [DYE, TONER], services: [CUT, COLOUR], ...more });

  async function booked(salon, { at = 0, service = 0, ...more } = {}) {
    const services = [salon.services[service]];
    const slots = await salon.slots({ services });
    return read(salon, expectStatus(await salon.book({ start: slots[at].start, services, ...more }), 201).booking.id);
  }

  describe('longer and shorter', () => {
    test('the last stretch of work takes the difference, and buffers, holds and the last service follow', async () => {
      const salon = await salonOf({ staff: ['Ann'] });
      const visit = await booked(salon, { at: 4, service: 1 });
      const longer = expectStatus(await change(salon, visit, { duration_min: 120 }), 200);
      assert.equal(minutes(longer), 120);
      assert.equal(longer.start, visit.start);
      assert.equal(longer.price, visit.price);
      assert.deepEqual(longer.services.map((s) => s.duration_min), [120]);
      // Work 0-30, processing 30-70, work 70-120, buffer to 130: free in between and after, not within.
      const write = (from, override = true) =>
        salon.owner.post('/bookings', {
          service_ids: [salon.services[0].id],
          staff_id: salon.staff[0].id,
          start: plus(visit.start, from),
          client: { name: 'Wanda Walk-in' },
          override_hours: override,
        });
      expectProblem(await write(85), 409, 'slot_taken');
      expectProblem(await write(125), 409, 'slot_taken');
      expectStatus(await write(130), 201);
    });

    test('it keeps five minutes of work, and overlap is refused as always', async () => {
      const salon = await salonOf({ staff: ['Ann'] });
      const visit = await booked(salon, { service: 1 });
      const tooShort = expectInvalid(await change(salon, visit, { duration_min: 74 }), ['duration_min']);
      assert.equal(tooShort.errors[0].code, 'too_short');
      const least = expectStatus(await change(salon, visit, { duration_min: 75 }), 200);
      assert.equal(minutes(least), 75);
      const next = expectStatus(
        await salon.owner.post('/bookings', {
          service_ids: [salon.services[0].id],
          staff_id: salon.staff[0].id,
          start: plus(visit.start, 90),
          client: { name: 'Next' },
        }),
        201,
      );
      expectProblem(await change(salon, visit, { duration_min: 95 }), 409, 'slot_taken');
      assert.equal(minutes(await read(salon, visit.id)), 75);
      const both = expectStatus(await change(salon, next, { start: plus(next.start, 60), duration_min: 60 }), 200);
      assert.equal(both.start, plus(next.start, 60));
      assert.equal(minutes(both), 60);
      const history = expectStatus(await salon.owner.get(`/bookings/${visit.id}/history`), 200).data;
      assert.deepEqual(history.filter((e) => e.type === 'event').map((e) => e.action), ['created', 'resized']);
    });

    test('of several services the last one changes and the others keep their time', async () => {
      const salon = await salonOf({ staff: ['Ann'], services: [CUT, { ...CUT, name: 'Beard', duration_min: 30 }] });
      const services = salon.services;
      const [slot] = await salon.slots({ services });
      const { booking } = expectStatus(await salon.book({ start: slot.start, services }), 201);
      expectInvalid(await change(salon, booking, { duration_min: 49 }), ['duration_min']);
      const shorter = expectStatus(await change(salon, booking, { duration_min: 50 }), 200);
      assert.deepEqual(shorter.services.map((s) => s.duration_min), [45, 5]);
      const moved = expectStatus(await change(salon, booking, { start: plus(booking.start, 30) }), 200);
      assert.equal(minutes(moved), 50);
    });
  });

  describe('told or not', () => {
    test('tell: false sends no letters of that change, and none that waited', async () => {
      const salon = await salonOf();
      const visit = await confirmedTo(salon, await booked(salon));
      expectStatus(await change(salon, visit, { start: plus(visit.start, 60) }), 200);
      assert.deepEqual(await toldClient(salon, visit, 'booking_rescheduled'), ['queued']);
      expectStatus(await change(salon, visit, { start: plus(visit.start, 120), tell: false }), 200);
      assert.deepEqual(await toldClient(salon, visit, 'booking_rescheduled'), ['suppressed:superseded']);
      expectStatus(await act(salon, visit, 'cancel', { tell: false }), 200);
      assert.deepEqual(await toldClient(salon, visit, 'booking_cancelled'), []);
      expectStatus(await act(salon, visit, 'restore', { tell: false }), 200);
      assert.deepEqual((await toldClient(salon, visit, 'booking_rescheduled')).length, 1);
      const told = expectStatus(await act(salon, visit, 'cancel'), 200);
      assert.deepEqual(await toldClient(salon, told, 'booking_cancelled'), ['queued']);
    });

    test('hush stops the letters that wait, once, and only of the version that is', async () => {
      const salon = await salonOf();
      const visit = await confirmedTo(salon, await booked(salon));
      const moved = expectStatus(await change(salon, visit, { start: plus(visit.start, 60) }), 200);
      expectProblem(await act(salon, moved, 'hush', { version: visit.version }), 409, 'invalid_transition');
      const hushed = expectStatus(await act(salon, moved, 'hush', { version: moved.version }), 200);
      assert.equal(hushed.version, moved.version);
      assert.deepEqual(await toldClient(salon, visit, 'booking_rescheduled'), ['suppressed:hushed']);
      expectProblem(await act(salon, moved, 'hush', { version: moved.version }), 409, 'invalid_transition');
      const back = expectStatus(await undo(salon, moved), 200);
      assert.equal(back.start, visit.start);
      assert.deepEqual(await toldClient(salon, visit, 'booking_rescheduled'), ['suppressed:hushed'], 'nobody heard of it, so nobody hears of its end');
    });
  });

  test('free times of a visit that is to be moved count its own time as free', async () => {
    const salon = await salonOf({ staff: ['Ann'] });
    const visit = await booked(salon, { at: 4 });
    const day = visit.local.slice(0, 10);
    const asked = `service_ids=${visit.service_ids}&staff_id=${visit.staff_id}&from=${day}&to=${day}`;
    const starts = async (more) =>
      expectStatus(await salon.owner.get(`/availability?${asked}${more}`), 200).days[0].slots.map((s) => s.start);
    assert.ok(!(await starts('')).includes(visit.start));
    assert.ok((await starts(`&booking_id=${visit.id}`)).includes(visit.start));
    expectProblem(await salon.owner.get(`/availability?${asked}&booking_id=1`), 404, 'not_found');
  });

  describe('taken back', () => {
    test('each change goes back to exactly what was before', async () => {
      const salon = await salonOf({ resources: 1 });
      const room = expectStatus(await salon.owner.post('/resources', { name: 'Blue room', kind: 'room' }), 201);
      const red = expectStatus(await salon.owner.post('/resources', { name: 'Red room', kind: 'room' }), 201);
      const { id } = salon.services[1];
      expectStatus(await salon.owner.patch(`/services/${id}`, { needs: [{ any_of: [room.id, red.id] }] }), 200);
      const visit = await booked(salon, { at: 4, service: 1 });
      const other = salon.staff.find((member) => member.id !== visit.staff_id);
      const steps = [
        ['move', () => change(salon, visit, { start: plus(visit.start, 90) })],
        ['resize', () => change(salon, visit, { duration_min: 100 })],
        ['reassign', () => change(salon, visit, { staff_id: other.id })],
        ['all at once', () => change(salon, visit, { staff_id: other.id, start: plus(visit.start, 30), duration_min: 80, notes: 'window seat' })],
        ['notes', () => change(salon, visit, { notes: 'allergic to nuts' })],
        ['client', () => change(salon, visit, { client: { name: 'Cleopatra', phone: '+33 1 23 45 67 89' } })],
        ['start', () => act(salon, visit, 'start')],
        ['cancel', () => act(salon, visit, 'cancel')],
        ['no-show', () => act(salon, visit, 'no-show')],
        ['complete', () => act(salon, visit, 'complete', { materials: [{ item_id: salon.items[0].id, quantity: 75 }, { item_id: salon.items[1].id, quantity: 5 }] })],
      ];
      for (const [name, step] of steps) {
        const was = await read(salon, visit.id);
        const shelves = [await stock(salon, 0), await stock(salon, 1)];
        const changed = expectStatus(await step(), 200);
        const back = expectStatus(await undo(salon, changed), 200);
        assert.deepEqual(same(back), same(was), name);
        assert.deepEqual([await stock(salon, 0), await stock(salon, 1)], shelves, name);
        expectProblem(await undo(salon, back), 409, 'invalid_transition');
      }
      const cancelled = expectStatus(await act(salon, visit, 'cancel'), 200);
      const restored = expectStatus(await act(salon, visit, 'restore'), 200);
      assert.deepEqual(same(expectStatus(await undo(salon, restored), 200)), same(cancelled));
      assert.equal((await stock(salon)).reserved, 0);
      const moves = await salon.owner.list(`/items/${salon.items[0].id}/movements`);
      const sum = (field) => moves.reduce((n, m) => n + m[field], 0);
      assert.deepEqual([sum('on_hand_delta'), sum('reserved_delta')], [500, 0], 'rows were added, none taken away');
    });

    test('a confirmation goes back too, and another client gives the visit back', async () => {
      const salon = await salonOf();
      expectStatus(await salon.owner.patch('/workspace', { auto_confirm: false }), 200);
      const visit = await booked(salon);
      assert.equal(visit.status, 'pending');
      const confirmed = expectStatus(await act(salon, visit, 'confirm', { tell: false }), 200);
      const pending = expectStatus(await undo(salon, confirmed), 200);
      assert.deepEqual(same(pending), same(visit));
      const other = expectStatus(await salon.owner.post('/clients', { name: 'Otto Other', email: 'otto@client.example' }), 201);
      const given = expectStatus(await change(salon, visit, { client_id: other.id }), 200);
      assert.equal(given.client.name, 'Otto Other');
      assert.deepEqual(same(expectStatus(await undo(salon, given), 200)), same(visit));
    });

    test('only the last change, only while nothing has happened since', async () => {
      const salon = await salonOf();
      const visit = await booked(salon);
      expectProblem(await undo(salon, visit), 409, 'invalid_transition');
      const moved = expectStatus(await change(salon, visit, { start: plus(visit.start, 60) }), 200);
      const noted = expectStatus(await change(salon, visit, { notes: 'hello' }), 200);
      expectProblem(await undo(salon, moved), 409, 'invalid_transition');
      expectInvalid(await act(salon, visit, 'undo', {}), ['version']);
      const entries = expectStatus(await salon.owner.get(`/bookings/${visit.id}/history`), 200).data;
      assert.deepEqual(entries.filter((e) => e.undoable).map((e) => e.action), ['corrected']);
      assert.equal(expectStatus(await undo(salon, noted), 200).start, moved.start);
      const after = expectStatus(await salon.owner.get(`/bookings/${visit.id}/history`), 200).data;
      assert.equal(after.at(-1).action, 'undone');
      assert.deepEqual(after.at(-1).changes.undone, [null, 'corrected']);
      assert.equal(after.filter((e) => e.undoable).length, 0);
      const corrected = expectStatus(await change(salon, visit, { client: { phone: '+33 1 00 00 00 01' } }), 200);
      expectStatus(await salon.owner.patch(`/clients/${visit.client.id}`, { phone: '+33 1 00 00 00 02' }), 200);
      expectProblem(await undo(salon, corrected), 409, 'invalid_transition');
    });

    test('what is taken meanwhile is refused with its reason and changes nothing', async () => {
      const salon = await salonOf({ staff: ['Ann'] });
      const visit = await booked(salon, { service: 1 });
      const moved = expectStatus(await change(salon, visit, { start: plus(visit.start, 180) }), 200);
      const body = { service_ids: [salon.services[0].id], staff_id: salon.staff[0].id, start: visit.start, client: { name: 'Quick' } };
      const quick = expectStatus(await salon.owner.post('/bookings', body), 201);
      const refused = expectProblem(await undo(salon, moved), 409, 'slot_taken');
      assert.ok(refused.nearest.length > 0);
      assert.deepEqual(await read(salon, visit.id), moved);
      expectStatus(await act(salon, quick, 'cancel'), 200);
      assert.equal(expectStatus(await undo(salon, moved), 200).start, visit.start);
      const cancelled = expectStatus(await act(salon, visit, 'cancel'), 200);
      expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, { kind: 'waste', quantity: 450 }), 201);
      const short = expectProblem(await undo(salon, cancelled), 409, 'out_of_stock');
      assert.deepEqual(short.items.map((i) => [i.name, i.available]), [['Dye 6.1', 50]]);
      assert.equal((await read(salon, visit.id)).status, 'cancelled');
    });

    test('moved and taken back within the delay nobody is told', async () => {
      const salon = await salonOf();
      const visit = await confirmedTo(salon, await booked(salon));
      const moved = expectStatus(await change(salon, visit, { start: plus(visit.start, 60) }), 200);
      expectStatus(await undo(salon, moved), 200);
      assert.deepEqual(await toldClient(salon, visit, 'booking_rescheduled'), ['suppressed:superseded']);
    });

    test('random changes and undos keep the diary and the ledger whole', async () => {
      const salon = await salonOf({ hours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '00:00', end: '24:00' })) });
      const room = expectStatus(await salon.owner.post('/resources', { name: 'Room', kind: 'room' }), 201);
      expectStatus(await salon.owner.patch(`/services/${salon.services[1].id}`, { needs: [{ any_of: [room.id] }] }), 200);
      const seed = Number(process.env.CAREOPS_TEST_SEED ?? Date.now() % 1000000);
      let state = seed;
      const random = (n) => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return Math.floor((state / 2147483648) * n);
      };
      const first = (await salon.slots({ from: dateIn(3) }))[0].start;
      const made = [];
      for (let i = 0; i < 5; i += 1) {
        const body = {
          service_ids: [salon.services[i % 2].id],
          start: plus(first, i * 120),
          staff_id: salon.staff[i % 2].id,
          client: { name: `Client ${i}` },
        };
        made.push(expectStatus(await salon.owner.post('/bookings', body), 201));
      }
      const verbs = ['move', 'move', 'resize', 'reassign', 'cancel', 'restore', 'no-show', 'complete', 'notes', 'start'];
      let undone = 0;
      for (let step = 0; step < 120; step += 1) {
        const was = await read(salon, made[random(made.length)].id);
        const verb = verbs[random(verbs.length)];
        let answer;
        if (verb === 'move') answer = await change(salon, was, { start: plus(first, random(40) * 15), override_hours: true });
        else if (verb === 'resize') answer = await change(salon, was, { duration_min: 10 + random(30) * 5 });
        else if (verb === 'reassign') answer = await change(salon, was, { staff_id: salon.staff[random(2)].id });
        else if (verb === 'notes') answer = await change(salon, was, { notes: `n${step}` });
        else answer = await act(salon, was, verb);
        assert.ok([200, 409, 422].includes(answer.status), `seed ${seed}, step ${step}: ${verb} gave ${answer.status}`);
        if (answer.status !== 200) {
          assert.deepEqual(await read(salon, was.id), was, `seed ${seed}, step ${step}: a refused ${verb} changed it`);
          continue;
        }
        if (random(2) === 0 || answer.body.version === was.version) continue;
        const back = expectStatus(await undo(salon, answer.body), 200);
        assert.deepEqual(same(back), same(was), `seed ${seed}, step ${step}: ${verb} did not go back`);
        undone += 1;
      }
      assert.ok(undone > 5);
      const all = await Promise.all(made.map((b) => read(salon, b.id)));
      const holding = all.filter((b) => ['pending', 'confirmed', 'completed'].includes(b.status));
      for (const a of holding)
        for (const b of holding)
          if (a.id < b.id && a.staff_id === b.staff_id && a.service_ids[0] === salon.services[0].id && b.service_ids[0] === salon.services[0].id)
            assert.ok(a.end <= b.start || b.end <= a.start, `seed ${seed}: two visits overlap`);
      const item = salon.items[0].id;
      const moves = await salon.owner.list(`/items/${item}/movements`);
      const sum = (field) => moves.reduce((n, m) => n + m[field], 0);
      const shelf = await stock(salon);
      assert.deepEqual([sum('on_hand_delta'), sum('reserved_delta')], [shelf.onHand, shelf.reserved], `seed ${seed}`);
      const open = all.filter((b) => ['pending', 'confirmed'].includes(b.status) && b.materials.length > 0);
      const done = all.filter((b) => b.status === 'completed' && b.materials.length > 0);
      assert.deepEqual(shelf, { onHand: 500 - 60 * done.length, reserved: 60 * open.length }, `seed ${seed}`);
    });
  });

  describe('lists of visits', () => {
    let salon;
    const visits = [];
    before(async () => {
      salon = await salonOf();
      const room = expectStatus(await salon.owner.post('/resources', { name: 'Quiet room', kind: 'room' }), 201);
      expectStatus(await salon.owner.patch(`/services/${salon.services[1].id}`, { needs: [{ any_of: [room.id] }] }), 200);
      salon.room = room;
      const [first] = await salon.slots({ from: dateIn(4) });
      const names = ['Ada Lovelace', 'Zoë Ångström', '=HYPERLINK("x")', 'Adam Smith', 'Bo'];
      for (const [i, name] of names.entries()) {
        const body = {
          service_ids: [salon.services[i % 2].id],
          staff_id: salon.staff[i % 2].id,
          start: plus(first.start, i * 60),
          client: { name, email: `c${i}@client.example` },
          notes: i === 0 ? '+1 guest' : undefined,
        };
        visits.push(expectStatus(await salon.owner.post('/bookings', body), 201));
      }
    });
    const list = async (query) => expectStatus(await salon.owner.get(`/bookings?${query}`), 200);
    const at = (answer) => answer.data.map((b) => visits.findIndex((v) => v.id === b.id));

    test('a client is found by the beginning of a name, and filters hold together', async () => {
      assert.deepEqual(at(await list('q=ad')), [0, 3]);
      assert.deepEqual(at(await list('q=angstrom')), [1]);
      assert.deepEqual(at(await list('q=lovelace%20ada')), [0]);
      assert.deepEqual(at(await list('q=nobody')), []);
      assert.deepEqual(at(await list('q=...')), []);
      assert.deepEqual(at(await list(`service_id=${salon.services[1].id}`)), [1, 3]);
      assert.deepEqual(at(await list(`resource_id=${salon.room.id}&sort=-start`)), [3, 1]);
      assert.deepEqual(at(await list(`q=ad&service_id=${salon.services[1].id}&status=confirmed`)), [3]);
      assert.deepEqual(at(await list(`q=ad&staff_id=${salon.staff[0].id}`)), [0]);
      assert.deepEqual(at(await list('sort=-start')), [4, 3, 2, 1, 0]);
      assert.deepEqual(at(await list('sort=start')), [0, 1, 2, 3, 4]);
      assert.deepEqual(at(await list('resource_id=0')), []);
      expectInvalid(await salon.owner.get('/bookings?q=ad&unmarked=true'), ['sort']);
    });

    test('pages go on where the one before ended, in both directions', async () => {
      for (const query of ['sort=-start', 'sort=start', `service_id=${salon.services[0].id}`, 'q=c', 'q=client&sort=-start']) {
        const whole = at(await list(query));
        const seen = [];
        let cursor = '';
        for (let i = 0; i < 20; i += 1) {
          const page = await list(`${query}&limit=2${cursor && `&cursor=${cursor}`}`);
          seen.push(...at(page));
          cursor = page.next_cursor;
          if (!cursor) break;
        }
        assert.deepEqual(seen, whole, query);
      }
    });

    test('the same list is a table that a spreadsheet takes no formula from', async () => {
      const answer = await salon.owner.get(`/bookings/export.csv?from=${dateIn(1)}`);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type'), /^text\/csv/);
      const lines = answer.text.replace('\uFEFF', '').trim().split('\r\n');
      assert.equal(lines.length, 6);
      assert.match(lines[0], /^id,start,end,status,client,/);
      assert.match(lines[1], /Ada Lovelace,c0@client\.example,.*,45\.00,EUR,'\+1 guest,staff,/);
      assert.match(lines[3], /"'=HYPERLINK\(""x""\)"/);
      const some = (await salon.owner.get(`/bookings/export.csv?q=ad&sort=-start`)).text.trim().split('\r\n');
      assert.deepEqual(some.slice(1).map((l) => l.split(',')[0]), [visits[3].id, visits[0].id]);
    });

    test('lists are kept under a name, one\'s own, twenty a screen', async () => {
      const keep = (name, query) => salon.owner.post('/saved-views', { screen: 'bookings', name, query });
      const one = expectStatus(await keep('To confirm', '?status=pending'), 201);
      assert.equal(expectStatus(await keep('To confirm', '?status=pending&sort=-start'), 201).id, one.id);
      for (let i = 1; i < 20; i += 1) expectStatus(await keep(`List ${i}`, ''), 201);
      expectInvalid(await keep('One more', ''), ['name']);
      const mine = expectStatus(await salon.owner.get('/saved-views?screen=bookings'), 200).data;
      assert.equal(mine.length, 20);
      assert.equal(mine[0].query, '?status=pending&sort=-start');
      assert.deepEqual(expectStatus(await salon.owner.get('/saved-views?screen=clients'), 200).data, []);
      const other = await makeSalon(server, { staff: [] , services: [] , publish: false });
      assert.deepEqual(expectStatus(await other.owner.get('/saved-views?screen=bookings'), 200).data, []);
      expectProblem(await other.owner.delete(`/saved-views/${one.id}`), 404, 'not_found');
      expectStatus(await salon.owner.delete(`/saved-views/${one.id}`), 204);
      expectProblem(await salon.owner.delete(`/saved-views/${one.id}`), 404, 'not_found');
    });
  });
});
