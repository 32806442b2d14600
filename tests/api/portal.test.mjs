// SPDX-License-Identifier: AGPL-3.0-or-later
// What the staff's portal stands on: a visit that begins, what to mind with a client, and time off
// that staff ask for and the owner decides.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn, makeSalon, noonZone } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const OWN = 'copper meadow window 4';

/** A member as they sign in for the first time and choose a password of their own. */
async function signInAs(server, member) {
  const mail = await server.waitForMail((each) => each.to.includes(member.email));
  const [, password] = /Password:?\s+(\S+)/.exec(mail.text);
  const client = new Client(server.baseUrl);
  expectStatus(await client.post('/session', { email: member.email, password }), 200);
  const change = { current_password: password, new_password: OWN };
  expectStatus(await client.post('/password/change', change), 204);
  return client;
}

async function bookFor(salon, member, more = {}) {
  const [slot] = await salon.slots({ from: dateIn(3), staff_id: member.id });
  const booked = await salon.book({ start: slot.start, staff_id: member.id, ...more });
  const { booking } = expectStatus(booked, 201);
  return expectStatus(await salon.owner.get(`/bookings/${booking.id}`), 200);
}

describe('a visit begins', () => {
  let server, salon, ann;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server, {
      items: [{ name: 'Dye', unit: 'ml', on_hand: 500 }],
      services: [{ name: 'Colour', duration_min: 45, price: 1, materials: [[0, 60]] }],
    });
    ann = await signInAs(server, salon.staff[0]);
  });
  const start = (who, booking, options) => who.post(`/bookings/${booking.id}/start`, undefined, options);

  test('once: the time stands on the booking, in its history, and a second start changes nothing', async () => {
    const booking = await bookFor(salon, salon.staff[0]);
    assert.equal(booking.started_at, null);
    const begun = expectStatus(await start(ann, booking, { version: booking.version }), 200);
    assert.ok(Math.abs(Date.parse(begun.started_at) - Date.now()) < 60_000, begun.started_at);
    assert.equal(begun.status, 'confirmed');
    assert.equal(begun.version, booking.version + 1);
    const again = expectStatus(await start(ann, booking), 200);
    assert.deepEqual([again.started_at, again.version], [begun.started_at, begun.version]);
    expectProblem(await start(ann, booking, { version: booking.version }), 412, 'stale_version');
    const { data: history } = expectStatus(await ann.get(`/bookings/${booking.id}/history`), 200);
    assert.equal(history.filter((each) => JSON.stringify(each).includes('"started"')).length, 1, JSON.stringify(history));
    const done = expectStatus(await ann.post(`/bookings/${booking.id}/complete`), 200);
    assert.equal(done.started_at, begun.started_at, 'a finished visit tells when it began');
  });

  test('of a colleague looks absent, and the owner may', async () => {
    const booking = await bookFor(salon, salon.staff[1]);
    expectProblem(await start(ann, booking), 404, 'not_found');
    assert.equal(expectStatus(await salon.owner.get(`/bookings/${booking.id}`), 200).started_at, null);
    expectStatus(await start(salon.owner, booking), 200);
  });

  test('not when it is cancelled, missed or finished', async () => {
    for (const verb of ['cancel', 'no-show', 'complete']) {
      const booking = await bookFor(salon, salon.staff[0]);
      expectStatus(await ann.post(`/bookings/${booking.id}/${verb}`), 200);
      expectProblem(await start(ann, booking), 409, 'invalid_transition');
    }
  });

  test('and has not begun any more when it is moved, cancelled or missed; another person at the same time goes on', async () => {
    const moved = await bookFor(salon, salon.staff[0]);
    expectStatus(await start(ann, moved), 200);
    const handed = expectStatus(await salon.owner.patch(`/bookings/${moved.id}`, { staff_id: salon.staff[1].id }), 200);
    assert.notEqual(handed.started_at, null);
    const slots = await salon.slots({ from: dateIn(5) });
    const later = expectStatus(await salon.owner.patch(`/bookings/${moved.id}`, { start: slots[3].start }), 200);
    assert.equal(later.started_at, null);
    for (const verb of ['cancel', 'no-show']) {
      const booking = await bookFor(salon, salon.staff[0]);
      expectStatus(await start(ann, booking), 200);
      assert.equal(expectStatus(await ann.post(`/bookings/${booking.id}/${verb}`), 200).started_at, null);
    }
  });

  test('the end stands on the business\'s clock beside the start', async () => {
    const booking = await bookFor(salon, salon.staff[0]);
    assert.equal(new Date(booking.local_end).toISOString(), new Date(booking.end).toISOString());
    assert.equal(booking.local_end.slice(16), booking.local.slice(16), 'the same offset');
  });
});

describe('what to mind with a client', () => {
  let server, salon, ann;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server);
    ann = await signInAs(server, salon.staff[0]);
  });

  test('is seen by whoever sees the booking, and not by the client', async () => {
    const booking = await bookFor(salon, salon.staff[0]);
    assert.deepEqual(booking.client_alerts, []);
    const alerts = ['Allergic to PPD', 'Uses a wheelchair <b>'];
    const path = `/clients/${booking.client.id}`;
    const client = expectStatus(await salon.owner.patch(path, { alerts }), 200);
    assert.deepEqual(client.alerts, alerts);
    assert.deepEqual(expectStatus(await salon.owner.patch(path, { notes: 'x' }), 200).alerts, alerts, 'absent stays');
    assert.deepEqual(expectStatus(await ann.get(`/bookings/${booking.id}`), 200).client_alerts, alerts);
    const [listed] = await ann.list('/bookings');
    assert.deepEqual(listed.client_alerts, alerts);
    assert.equal(listed.client.email, undefined, 'no address without the permission');
    const mail = await server.waitForMail((each) => each.to.includes('cleo@client.example'));
    const [, token] = /\/manage\/([\w-]{43})/.exec(mail.text);
    const seen = await salon.visitor.get(`/public/manage/${token}`);
    assert.equal(expectStatus(seen, 200).booking.id, booking.id);
    assert.doesNotMatch(seen.text, /PPD|alerts/);
  });

  test('is short and not said twice', async () => {
    const { id } = expectStatus(await salon.owner.post('/clients', { name: 'Ada', alerts: ['Latex'] }, { key: true }), 201);
    const patch = (alerts) => salon.owner.patch(`/clients/${id}`, { alerts });
    expectStatus(await patch(['é'.repeat(200)]), 200);
    expectInvalid(await patch(['é'.repeat(201)]), ['alerts.0']);
    expectInvalid(await patch(['a', 'b', 'a']), ['alerts.2']);
    expectInvalid(await patch(Array.from({ length: 21 }, (_, n) => `a${n}`)), ['alerts']);
    expectInvalid(await patch('Latex'), ['alerts']);
    assert.deepEqual(expectStatus(await patch([]), 200).alerts, []);
  });
});

describe('time off that staff ask for', () => {
  let server, salon, ann, bob;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server, { timezone: 'Europe/Paris' });
    [ann, bob] = [await signInAs(server, salon.staff[0]), await signInAs(server, salon.staff[1])];
  });
  const ask = (who, from, to = from, more = {}) =>
    who.post('/time-off-requests', { start: dateIn(from), end: dateIn(to), reason: 'course', ...more }, { key: true });
  const asked = async (...all) => expectStatus(await ask(...all), 201);

  test('a date is from its start to its end on the business\'s clock, a clock is resolved there, an instant is itself', async () => {
    const days = await asked(ann, 10, 11);
    assert.equal(days.local_start.slice(0, 16), `${dateIn(10)}T00:00`);
    assert.equal(days.local_end.slice(0, 16), `${dateIn(12)}T00:00`);
    assert.equal(days.status, 'pending');
    const clocks = await asked(ann, 14, 14, { start: `${dateIn(14)}T09:30`, end: `${dateIn(14)}T24:00` });
    assert.equal(clocks.local_start.slice(0, 16), `${dateIn(14)}T09:30`);
    assert.equal(clocks.local_end.slice(0, 16), `${dateIn(15)}T00:00`);
    const instants = await asked(ann, 16, 16, { start: `${dateIn(16)}T09:00:00Z`, end: `${dateIn(16)}T10:00:00Z` });
    assert.equal(instants.start, `${dateIn(16)}T09:00:00Z`);
  });

  test('what is no time, ends before it starts, is over or is too long is refused at its field', async () => {
    for (const [from, to, path] of [
      ['2026-02-30', dateIn(30), 'start'], [`${dateIn(30)}T25:00`, dateIn(31), 'start'], [dateIn(30), `${dateIn(30)} 12:00`, 'end'],
      [dateIn(31), dateIn(30), 'end'], [dateIn(-3), dateIn(-2), 'end'], [dateIn(30), dateIn(800), 'end'],
    ]) {
      expectInvalid(await ask(ann, 0, 0, { start: from, end: to }), [path]);
    }
    expectInvalid(await ann.post('/time-off-requests', {}, { key: true }), ['start', 'end']);
    expectInvalid(await ask(ann, 30, 30, { reason: 'x'.repeat(201) }), ['reason']);
    expectInvalid(await ask(ann, 30, 30, { staff_id: salon.staff[1].id }), ['staff_id']);
  });

  test('the owner is told by mail and approves: the time off is there, the bookings in it are listed, the member is told', async () => {
    const inside = await bookFor(salon, salon.staff[0], { client: { name: 'Ines', email: 'ines@client.example' } });
    const request = await asked(ann, 3, 3, { reason: 'dentist' });
    const told = await server.waitForMail((each) => each.to.includes(salon.ownerEmail) && /Ann asks for time off/.test(each.subject) && /dentist/.test(each.text));
    assert.match(told.text, /Bookings in that time stay/);
    assert.doesNotMatch(told.subject, /dentist/, 'a reason may be private');
    assert.deepEqual(request.bookings.map((each) => each.id), [inside.id]);

    const path = `/time-off-requests/${request.id}`;
    const approved = expectStatus(await salon.owner.post(`${path}/approve`, { note: 'Get well' }, { version: request.version }), 200);
    assert.deepEqual([approved.status, approved.note, approved.decided_by], ['approved', 'Get well', 'Olive Owner']);
    assert.deepEqual(approved.bookings, [{ id: inside.id, start: inside.start, end: inside.end, client_name: 'Ines' }]);
    const off = () => salon.owner.list(`/staff/${salon.staff[0].id}/time-off`);
    assert.deepEqual((await off()).map((each) => [each.start, each.end, each.reason]), [[request.start, request.end, 'dentist']]);
    assert.equal((await off())[0].local_start.slice(0, 16), `${dateIn(3)}T00:00`);
    assert.deepEqual(await salon.slots({ from: dateIn(3), staff_id: salon.staff[0].id }), [], 'nobody can book in it');
    const news = await server.waitForMail((each) => each.to.includes(salon.staff[0].email) && /approved/.test(each.subject));
    assert.match(news.text, /Get well/);

    expectStatus(await salon.owner.post(`${path}/approve`), 200);
    assert.equal((await off()).length, 1, 'approved once');
    expectProblem(await salon.owner.post(`${path}/decline`), 409, 'invalid_transition');
    expectProblem(await ann.post(`${path}/withdraw`), 409, 'invalid_transition');
    expectProblem(await salon.owner.post(`${path}/approve`, {}, { version: request.version }), 412, 'stale_version');
  });

  test('declined, nothing changes but the request', async () => {
    const request = await asked(bob, 20);
    const before = (await salon.owner.list(`/staff/${salon.staff[1].id}/time-off`)).length;
    const declined = expectStatus(await salon.owner.post(`/time-off-requests/${request.id}/decline`, { note: 'Fair that week' }), 200);
    assert.deepEqual([declined.status, declined.note], ['declined', 'Fair that week']);
    assert.equal((await salon.owner.list(`/staff/${salon.staff[1].id}/time-off`)).length, before);
    const news = await server.waitForMail((each) => each.to.includes(salon.staff[1].email) && /declined/.test(each.subject));
    assert.match(news.text, /Fair that week/);
  });

  test('withdrawn by who asked, while it is pending; then the time can be asked for again', async () => {
    const request = await asked(bob, 22);
    expectProblem(await ask(bob, 21, 23), 409, 'already_exists');
    expectProblem(await salon.owner.post(`/time-off-requests/${request.id}/withdraw`), 403, 'forbidden');
    const gone = expectStatus(await bob.post(`/time-off-requests/${request.id}/withdraw`), 200);
    assert.equal(gone.status, 'withdrawn');
    expectProblem(await salon.owner.post(`/time-off-requests/${request.id}/approve`), 409, 'invalid_transition');
    await asked(bob, 21, 23);
  });

  test('the same key asks once', async () => {
    const body = { start: dateIn(26), end: dateIn(26) };
    const first = expectStatus(await bob.post('/time-off-requests', body, { key: 'off-26' }), 201);
    const second = await bob.post('/time-off-requests', body, { key: 'off-26' });
    assert.equal(expectStatus(second, 201).id, first.id);
    assert.equal(second.headers.get('idempotent-replayed'), 'true');
  });

  test('of a colleague and of another business looks absent; staff decide nothing', async () => {
    const request = await asked(ann, 33);
    const other = await makeSalon(server);
    const path = `/time-off-requests/${request.id}`;
    for (const who of [bob, other.owner]) {
      expectProblem(await who.get(path), 404, 'not_found');
      expectProblem(await who.post(`${path}/withdraw`), 404, 'not_found');
    }
    expectProblem(await other.owner.post(`${path}/approve`), 404, 'not_found');
    expectProblem(await ann.post(`${path}/approve`), 403, 'forbidden');
    expectProblem(await ann.post(`${path}/decline`), 403, 'forbidden');
    expectProblem(await salon.visitor.get('/time-off-requests'), 401);
    assert.equal(expectStatus(await salon.owner.get(path), 200).status, 'pending');
    const mine = await bob.list('/time-off-requests');
    assert.ok(mine.length > 0 && mine.every((each) => each.staff_id === salon.staff[1].id), JSON.stringify(mine));
    assert.equal((await other.owner.list('/time-off-requests')).length, 0);
  });

  test('lists are paged, newest first, and filtered by state', async () => {
    const all = await salon.owner.list('/time-off-requests');
    const paged = await salon.owner.list('/time-off-requests', { limit: 2 });
    assert.deepEqual(paged.map((each) => each.id), all.map((each) => each.id));
    assert.ok(all.length > 4 && all.every((each, n) => n === 0 || BigInt(each.id) < BigInt(all[n - 1].id)));
    const pending = await salon.owner.list('/time-off-requests?status=pending', { limit: 2 });
    assert.deepEqual(pending.map((each) => each.id), all.filter((each) => each.status === 'pending').map((each) => each.id));
    const declined = await bob.list('/time-off-requests?status=declined');
    assert.deepEqual(declined.map((each) => each.status), ['declined']);
    expectInvalid(await salon.owner.get('/time-off-requests?status=maybe'), ['status']);
  });

  test('two owners\' decisions at the same moment make one', async () => {
    const request = await asked(ann, 36);
    const path = `/time-off-requests/${request.id}`;
    const verbs = ['approve', 'decline', 'approve', 'decline'];
    const answers = await Promise.all(verbs.map((verb) => salon.owner.post(`${path}/${verb}`)));
    const { status } = expectStatus(await salon.owner.get(path), 200);
    for (const [n, answer] of answers.entries()) {
      if (status.startsWith(verbs[n])) expectStatus(answer, 200);
      else expectProblem(answer, 409, 'invalid_transition');
    }
    const off = await salon.owner.list(`/staff/${salon.staff[0].id}/time-off`);
    assert.equal(off.filter((each) => each.start === request.start).length, status === 'approved' ? 1 : 0);
  });
});

describe('the staff\'s page', () => {
  let server, salon, ann;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server, { timezone: noonZone() });
    ann = await signInAs(server, salon.staff[0]);
  });
  const get = (who, path, headers = {}) => who.get(`${server.baseUrl}${path}`, { headers });

  test('comes with the member and their own visits of today alone, and no way to reach a client', async () => {
    const today = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z/, 'Z');
    for (const [n, staff] of salon.staff.entries()) {
      const client = { name: `Client ${n}`, email: `c${n}@client.example`, phone: '+33 1 2345' };
      const body = { service_ids: [salon.services[0].id], staff_id: staff.id, start: today, client };
      expectStatus(await salon.owner.post('/bookings', body), 201);
    }
    const page = await get(ann, '/staff');
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('cache-control'), 'no-store');
    const data = JSON.parse(/id="careops-data">(.*?)<\/script>/s.exec(page.text)[1]);
    assert.equal(data.session.staff_id, salon.staff[0].id);
    assert.deepEqual(data.today.data.map((each) => each.client.name), ['Client 0']);
    assert.match(data.today.date, /^\d{4}-\d\d-\d\d$/);
    assert.doesNotMatch(page.text, /client\.example|33 1 ?2345|Client 1/);
  });

  test('is kept for a phone with nobody\'s data in it, by a worker that keeps to it', async () => {
    const kept = await get(ann, '/staff/offline');
    assert.equal(kept.status, 200);
    assert.equal(kept.headers.get('cache-control'), 'no-cache');
    assert.doesNotMatch(kept.text, /careops-data|Ann|staff\.example/);
    assert.equal((await get(salon.visitor, '/staff/offline')).text, kept.text);
    const worker = await get(salon.visitor, '/staff/worker.js');
    assert.match(worker.headers.get('content-type'), /javascript/);
    assert.equal(worker.headers.get('service-worker-allowed'), '/staff');
    assert.equal(worker.headers.get('content-security-policy'), "default-src 'none'; connect-src 'self'");
    assert.equal(worker.headers.get('cache-control'), 'no-cache');
    const again = await get(salon.visitor, '/staff/worker.js', { 'if-none-match': worker.headers.get('etag') });
    assert.equal(again.status, 304);
  });

  test('leads whoever is not signed in, and the owner, elsewhere', async () => {
    assert.equal((await get(salon.visitor, '/staff')).headers.get('location'), '/login');
    assert.equal((await get(salon.owner, '/staff')).headers.get('location'), '/app');
    assert.equal((await get(ann, '/app')).headers.get('location'), '/staff');
  });
});
