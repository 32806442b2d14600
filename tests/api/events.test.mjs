// SPDX-License-Identifier: AGPL-3.0-or-later
// GET /events: what happens, told as it happens, to whom it concerns, once, in order, and to nobody
// else.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { openEvents } from '../lib/events.mjs';
import { eventually, run } from '../lib/process.mjs';
import { PASSWORD, dateIn, everyDay, makeSalon } from '../lib/salon.mjs';
import { ENGINE, prepareServer, startServer } from '../lib/server.mjs';

const OWN_PASSWORD = 'my own long secret 5';
const EMPTY = { staff: [], services: [], publish: false };
const OIL = { name: 'Oil', unit: 'ml', on_hand: 1000, reorder_point: 10 };
const RUB = { name: 'Rub', duration_min: 30, price: 4000, materials: [[0, 2.5]] };

/** Signs a member in with the mailed password and sets their own. */
async function signIn(server, member) {
  const mail = await server.waitForMail((m) => m.to.includes(member.email) && /password/i.test(m.text));
  const password = /Password: (\S+)/.exec(mail.text)[1];
  const client = new Client(server.baseUrl);
  expectStatus(await client.post('/session', { email: member.email, password }), 200);
  expectStatus(await client.post('/password/change', { current_password: password, new_password: OWN_PASSWORD }), 204);
  return client;
}

async function allow(salon, member, permissions) {
  expectStatus(await salon.owner.patch(`/staff/${member.id}`, { permissions }), 200);
}

/** Runs SQL past the program. */
const sql = (server, text) =>
  ENGINE === 'postgres'
    ? run('psql', [server.db, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', "SET careops.tenant = 'all'", '-c', text])
    : run('sqlite3', ['-bail', server.db.replace(/^sqlite:/, ''), `PRAGMA busy_timeout = 5000; ${text}`]);

/** Audit events of this workspace, written in one transaction past the program. */
async function writeMany(server, workspaceId, count) {
  const base = (BigInt(Date.now()) - 1577836800000n) << 21n;
  const seq = ENGINE === 'postgres' ? 'CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)' : `${base} + i`;
  await sql(
    server,
    `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
     INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action, changes, seq)
     SELECT ${workspaceId}, ${base} + i, ${Math.floor(Date.now() / 1000)}, 'system', 'service', i, 'changed', '{}', ${seq} FROM n`,
  );
}

async function metric(server, name) {
  const { text } = await new Client(server.baseUrl).get('/metrics');
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)[1]);
}

/**
 * Opens a stream and waits until it tells of now: on PostgreSQL, what was done shortly before may
 * come first.
 */
async function listenAs(t, server, owner, client) {
  const stream = await openEvents(t, server, client);
  assert.equal(stream.status, 200);
  const mark = await owner.patch('/workspace', { address: `Rue ${randomBytes(4).toString('hex')}` });
  expectStatus(mark, 200);
  await stream.next((event) => event.data.request_id === mark.headers.get('x-request-id'));
  stream.events.length = 0;
  stream.seen = 0;
  return stream;
}

const openStreams = (server) => metric(server, 'careops_streams_open');

/** The streams of earlier tests are closed: the program has seen it. */
const quiet = (server, count = 0) => eventually(`${count} streams are open`, async () => (await openStreams(server)) === count);

describe('the stream of events', () => {
  let server, salon, ann, bob, slots, quietStream;
  before(async (t) => {
    server = await startServer(t, { env: { CAREOPS_WORKERS: '2' } });
    salon = await makeSalon(server, { items: [OIL], services: [RUB] });
    ann = await signIn(server, salon.staff[0]);
    bob = await signIn(server, salon.staff[1]);
    slots = await salon.slots();
    const other = await makeSalon(server);
    quietStream = await listenAs(null, server, other.owner, other.owner);
  });

  const listen = (t, client) => listenAs(t, server, salon.owner, client);

  let taken = 0;
  /** A visit with this member at a start that nobody has. */
  async function book(member = salon.staff[0]) {
    const start = slots.filter((slot) => slot.staff_ids.includes(member.id))[(taken += 2)].start;
    const body = { service_ids: [salon.services[0].id], staff_id: member.id, start, client: { name: 'Walk-in' } };
    return expectStatus(await salon.owner.post('/bookings', body), 201);
  }

  test('tells the owner what happens, at once, in order and each thing once', async (t) => {
    const stream = await openEvents(t, server, salon.owner);
    assert.equal(stream.status, 200);
    assert.match(stream.headers['content-type'], /^text\/event-stream/);
    assert.equal(stream.headers['cache-control'], 'no-store');
    assert.equal(stream.headers['x-content-type-options'], 'nosniff');
    assert.equal(stream.headers['content-length'], undefined);
    const booking = await book();
    const answered = Date.now();
    const created = await stream.nextOf('booking.created', booking.id);
    assert.ok(created.at - answered < 1000, `${created.at - answered} ms after the answer`);
    assert.equal(created.data.id, booking.id);
    assert.equal(created.data.staff_id, salon.staff[0].id);
    assert.equal(created.data.actor_kind, 'owner');
    assert.ok(Math.abs(Date.parse(created.data.at) - Date.now()) < 10_000);
    const cancelled = await salon.owner.post(`/bookings/${booking.id}/cancel`);
    expectStatus(cancelled, 200);
    const told = await stream.next('booking.cancelled');
    assert.equal(told.data.request_id, cancelled.headers.get('x-request-id'), 'a page knows its own changes');
    expectStatus(await salon.owner.patch(`/services/${salon.services[0].id}`, { description: 'warm' }), 200);
    await stream.next('service.changed');
    const ids = stream.events.map((event) => event.id).filter(Boolean);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(stream.retry, 2000);
  });

  test('tells nobody who is not signed in, and refuses what is no position', async () => {
    expectProblem(await salon.visitor.get('/events'), 401, 'not_signed_in');
    expectInvalid(await salon.owner.get('/events?last_event_id=yesterday'), ['last_event_id']);
    expectInvalid(await salon.owner.get('/events', { headers: { 'last-event-id': '7' } }), ['last_event_id']);
    expectInvalid(await salon.owner.get('/events?since=1'), ['since']);
    expectProblem(await salon.owner.post('/events', {}), 405, 'method_not_allowed');
    const head = await salon.owner.request('HEAD', '/events');
    assert.equal(head.status, 200);
  });

  test('a member hears of their own visits alone; of one that is handed over, both', async (t) => {
    await allow(salon, salon.staff[0], []);
    await allow(salon, salon.staff[1], []);
    const [hears, other] = [await listen(t, ann), await listen(t, bob)];
    const booking = await book();
    await hears.next((event) => event.data.id === booking.id);
    expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { staff_id: salon.staff[1].id }), 200);
    for (const stream of [hears, other]) {
      const moved = await stream.nextOf('booking.rescheduled', booking.id);
      assert.equal(moved.data.id, booking.id);
      assert.equal(moved.data.staff_id, salon.staff[1].id);
      assert.equal(moved.data.other_staff_id, salon.staff[0].id);
    }
    expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
    await other.next('booking.cancelled');
    // What everybody may hear comes behind it, so the rest would have come by then.
    expectStatus(await salon.owner.patch(`/services/${salon.services[0].id}`, { description: 'soft' }), 200);
    await hears.next('service.changed');
    const heard = hears.kinds().filter((kind) => kind !== 'workspace.changed'); // what `other` waited for
    assert.deepEqual(heard, ['booking.created', 'booking.rescheduled', 'service.changed']);
    assert.deepEqual(other.kinds().slice(0, 2), ['booking.rescheduled', 'booking.cancelled']);
  });

  test('each permission opens its own kinds of events and no other', async (t) => {
    const kindsWith = async (permissions) => {
      await allow(salon, salon.staff[1], permissions);
      const stream = await listen(null, bob);
      const booking = await book();
      expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, { kind: 'receive', quantity: 1 }), 201);
      expectStatus(await salon.owner.post('/clients', { name: 'Somebody' }), 201);
      expectStatus(await salon.owner.patch(`/staff/${salon.staff[0].id}`, { name: 'Ann A.' }), 200);
      expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
      expectStatus(await salon.owner.patch('/workspace', { address: `Rue ${taken}` }), 200);
      await stream.next('workspace.changed');
      stream.close();
      return [...new Set(stream.kinds())].sort();
    };
    assert.deepEqual(await kindsWith([]), ['workspace.changed']);
    assert.deepEqual(await kindsWith(['bookings']), ['booking.cancelled', 'booking.created', 'workspace.changed']);
    assert.deepEqual(await kindsWith(['clients']), ['client.changed', 'client.created', 'workspace.changed']);
    assert.deepEqual(await kindsWith(['inventory']), ['stock.moved', 'stock.received', 'workspace.changed']);
    assert.deepEqual(await kindsWith(['reports', 'inbox', 'clinical']), ['workspace.changed']);
  });

  test('a change of oneself is told, a colleague\'s is not', async (t) => {
    await allow(salon, salon.staff[0], []);
    const stream = await listen(t, ann);
    expectStatus(await salon.owner.patch(`/staff/${salon.staff[1].id}`, { name: 'Bob B.' }), 200);
    expectStatus(await salon.owner.put(`/staff/${salon.staff[0].id}/hours`, { weekly: everyDay('09:00', '18:30') }), 200);
    await stream.next('staff.hours_changed');
    assert.deepEqual(stream.kinds(), ['staff.hours_changed']);
  });

  test('what a member asks and the owner decides is told to both, and to no colleague', async (t) => {
    for (const member of salon.staff) await allow(salon, member, []);
    const [owner, hears, other] = [await listen(t, salon.owner), await listen(t, ann), await listen(t, bob)];
    for (const [days, decision, kind] of [[40, 'approve', 'approved'], [50, 'decline', 'declined'], [60, 'withdraw', 'withdrawn']]) {
      const body = { start: dateIn(days), end: dateIn(days), reason: 'Course' };
      const { id } = expectStatus(await ann.post('/time-off-requests', body), 201);
      const who = decision === 'withdraw' ? ann : salon.owner;
      expectStatus(await who.post(`/time-off-requests/${id}/${decision}`), 200);
      for (const stream of [owner, hears]) {
        for (const each of ['requested', kind]) {
          const told = await stream.next(`time_off_request.${each}`);
          assert.deepEqual([told.data.id, told.data.staff_id], [id, salon.staff[0].id]);
          assert.doesNotMatch(JSON.stringify(told.data), /Course/);
        }
      }
    }
    expectStatus(await salon.owner.patch(`/services/${salon.services[0].id}`, { description: 'calm' }), 200);
    await other.next('service.changed');
    assert.deepEqual(other.kinds().filter((kind) => !/^(workspace|service)\./.test(kind)), []);
  });

  test('stock that a visit takes is told to whoever sees the stock, with the item', async (t) => {
    const stream = await listen(t, salon.owner);
    const booking = await book(salon.staff[1]);
    const moved = await stream.next('stock.moved');
    assert.equal(moved.data.id, salon.items[0].id);
    const created = await stream.nextOf('booking.created', booking.id);
    assert.equal(created.data.id, booking.id, 'the id that one comes back with is behind both');
    assert.equal(moved.id, null);
  });

  test('another business hears nothing of it', async () => {
    assert.deepEqual(quietStream.kinds(), []);
  });

  test('who comes back hears what they missed, without a gap and without a double', async (t) => {
    const whole = await openEvents(t, server, salon.owner);
    const first = await openEvents(null, server, salon.owner);
    const booking = await book();
    const last = await first.next(({ kind, data }) => kind === 'booking.created' && data.id === booking.id);
    first.close();
    await quiet(server, 2); // `whole` and the quiet one
    for (const verb of ['cancel', 'restore', 'cancel']) expectStatus(await salon.owner.post(`/bookings/${booking.id}/${verb}`), 200);
    const byHeader = await openEvents(t, server, salon.owner, { lastEventId: last.id });
    const byQuery = await openEvents(t, server, salon.owner, { query: `?last_event_id=${last.id}` });
    // The header is the browser's newer word; its address stays as the page wrote it.
    const both = await openEvents(t, server, salon.owner, { lastEventId: last.id, query: `?last_event_id=${whole.events[0].id}` });
    const change = await salon.owner.patch('/workspace', { address: 'Rue Une' });
    expectStatus(change, 200);
    const wanted = ['booking.cancelled', 'booking.restored', 'booking.cancelled', 'workspace.changed'];
    for (const stream of [byHeader, byQuery, both]) {
      await stream.next('workspace.changed');
      assert.deepEqual(stream.kinds().filter((kind) => kind !== 'stock.moved'), wanted);
    }
    await whole.next(({ data }) => data.request_id === change.headers.get('x-request-id'));
    const ids = (stream) => stream.events.map((event) => event.id).filter(Boolean);
    assert.deepEqual(ids(byHeader), ids(whole).slice(-4));
  });

  test('a first id comes with the head, so that nothing is lost between two connections', async (t) => {
    const first = await openEvents(null, server, salon.owner);
    await eventually('it knows where it is', () => first.lastId);
    first.close();
    const booking = await book();
    const second = await openEvents(t, server, salon.owner, { lastEventId: first.lastId });
    await second.next(({ kind, data }) => kind === 'booking.created' && data.id === booking.id);
  });

  test('who was away too long, or comes from another database, is told to load again', async (t) => {
    const old = (BigInt(Date.now() - 25 * 3600 * 1000 - 1577836800000) << 21n).toString();
    const ahead = '9000000000000000000-9000000000000000000';
    for (const lastEventId of [`1-${old}`, ahead, '0-0']) {
      const stream = await openEvents(t, server, salon.owner, { lastEventId });
      const reset = await stream.next('reset');
      assert.notEqual(reset.id, lastEventId);
      expectStatus(await salon.owner.patch('/workspace', { address: `Rue ${lastEventId.length}` }), 200);
      await stream.next('workspace.changed');
      stream.close();
    }
  });

  test('more than can be told again is a reset, too; what happens meanwhile reaches who listens whole', async (t) => {
    const stream = await listen(t, salon.owner);
    const away = await openEvents(null, server, salon.owner);
    await eventually('it knows where it is', () => away.lastId);
    away.close();
    await writeMany(server, salon.workspace.id, 3000);
    await eventually('all have come', () => stream.events.length >= 3000, 20_000);
    const numbers = stream.events.filter((event) => event.kind === 'service.changed').map((event) => Number(event.data.id));
    assert.deepEqual(numbers, Array.from({ length: 3000 }, (_, i) => i + 1));
    const back = await openEvents(t, server, salon.owner, { lastEventId: away.lastId });
    await back.next('reset');
    assert.deepEqual(back.kinds(), ['reset']);
  });

  test('streams keep no worker: with two workers and eight streams the rest answers', async (t) => {
    await quiet(server, 1);
    const streams = [];
    for (let i = 0; i < 8; i += 1) streams.push(await openEvents(t, server, salon.owner));
    const ninth = await salon.owner.get('/events');
    assert.ok(Number(expectProblem(ninth, 429, 'too_many_streams') && ninth.headers.get('retry-after')) > 0);
    await openEvents(t, server, ann); // another session has its own share
    const begun = Date.now();
    for (let i = 0; i < 20; i += 1) expectStatus(await salon.owner.get('/bookings?limit=1'), 200);
    assert.ok(Date.now() - begun < 5000);
    streams[0].close();
    await eventually('one may come again', async () => {
      const stream = await openEvents(t, server, salon.owner);
      return stream.status === 200;
    });
  });

  test('a client that does not read is dropped, keeps nobody waiting and loses nothing', async (t) => {
    await quiet(server, 1);
    const slow = await openEvents(t, server, salon.owner);
    const quick = await listen(t, salon.owner);
    await eventually('both are heard', () => slow.lastId);
    slow.pause();
    const droppedBefore = await metric(server, 'careops_streams_too_slow_total');
    await writeMany(server, salon.workspace.id, 20_000);
    await eventually('the quick one has heard all', () => quick.events.length >= 20_000, 30_000);
    const numbers = quick.events.map((event) => Number(event.data.id));
    assert.ok(numbers.every((n, i) => n === i + 1), 'in order, without a gap');
    await eventually('the slow one is dropped', async () => (await metric(server, 'careops_streams_too_slow_total')) > droppedBefore, 30_000);
    await eventually('its connection is closed', async () => (await openStreams(server)) === 2);
    expectStatus(await salon.owner.patch('/workspace', { address: 'Rue Lente' }), 200);
    await quick.next('workspace.changed');
    slow.resume();
    await slow.ended();
    const back = await openEvents(t, server, salon.owner, { lastEventId: slow.lastId });
    await back.next((event) => ['reset', 'workspace.changed'].includes(event.kind));
  });

  const closesWithinASecond = async (t, client, act) => {
    const stream = await openEvents(t, server, client);
    await eventually('it is heard', () => stream.lastId);
    const asked = Date.now();
    await act();
    const ended = await stream.ended();
    assert.ok(ended - asked < 1000, `${ended - asked} ms after the request was sent`);
  };

  test('it ends within a second when the session ends, the password changes, the member is deactivated', async (t) => {
    const email = salon.staff[1].email;
    await closesWithinASecond(t, bob, async () => expectStatus(await bob.delete('/session'), 204));
    const again = async () => {
      const client = new Client(server.baseUrl);
      expectStatus(await client.post('/session', { email, password: OWN_PASSWORD }), 200);
      return client;
    };
    const [one, two] = [await again(), await again()];
    await closesWithinASecond(t, one, async () =>
      expectStatus(await two.post('/password/change', { current_password: OWN_PASSWORD, new_password: PASSWORD }), 204),
    );
    const bystander = await openEvents(t, server, ann);
    await closesWithinASecond(t, two, async () => expectStatus(await salon.owner.post(`/staff/${salon.staff[1].id}/deactivate`), 200));
    assert.equal(bystander.over, null);
    expectProblem(await two.get('/events'), 401, 'not_signed_in');
    expectStatus(await salon.owner.post(`/staff/${salon.staff[1].id}/reactivate`), 200);
  });

  test('what a member may no longer see is not told from the next event on, and what they now may is', async (t) => {
    await allow(salon, salon.staff[0], ['bookings', 'inventory']);
    const stream = await listen(t, ann);
    const mine = await book();
    await stream.next('stock.moved');
    await stream.next('booking.created');
    await allow(salon, salon.staff[0], []);
    const before = stream.events.length;
    const theirs = await book(salon.staff[1]);
    expectStatus(await salon.owner.post(`/bookings/${mine.id}/cancel`), 200);
    await stream.next('booking.cancelled');
    const since = stream.events.slice(before).filter((event) => !event.kind.startsWith('staff.'));
    assert.deepEqual(since.map((event) => [event.kind, event.data.id]), [['booking.cancelled', mine.id]]);
    await allow(salon, salon.staff[0], ['bookings']);
    expectStatus(await salon.owner.post(`/bookings/${theirs.id}/cancel`), 200);
    await stream.next((event) => event.kind === 'booking.cancelled' && event.data.id === theirs.id);
  });

  test('a token hears what its scopes read, owns nothing, and ends with itself', async (t) => {
    const token = async (scopes) => expectStatus(await salon.owner.post('/tokens', { name: 'Wall', scopes }), 201);
    const [reads, other] = [await token(['bookings:read']), await token(['inbox:read'])];
    const [hears, deaf] = [await listen(t, new Client(server.baseUrl, { token: reads.secret })), await listen(t, new Client(server.baseUrl, { token: other.secret }))];
    const booking = await book();
    assert.equal((await hears.nextOf('booking.created', booking.id)).data.id, booking.id);
    expectStatus(await salon.owner.patch('/workspace', { address: 'Rue du Jeton' }), 200);
    await deaf.next('workspace.changed');
    assert.deepEqual(deaf.kinds(), ['workspace.changed']);
    const asked = Date.now();
    expectStatus(await salon.owner.delete(`/tokens/${reads.id}`), 204);
    assert.ok((await hears.ended()) - asked < 1000);
    assert.equal(deaf.over, null);
  });

  test('a silent stream hears something at least each fifteen seconds, if only a comment', async () => {
    const heard = quietStream.text.length;
    await eventually('a heartbeat has come', () => quietStream.text.length > heard, 25_000);
    assert.ok(quietStream.comments >= 1);
    assert.deepEqual(quietStream.kinds(), []);
    const rows = (await sql(server, `SELECT id FROM audit_event WHERE workspace_id = ${salon.workspace.id}`)).match(/\d{6,}/g);
    assert.deepEqual(rows.filter((id) => quietStream.text.includes(id)), [], 'its place is told without the ids of others');
    quietStream.close();
  });

  test('its words are no other business\'s and no more than is needed', async (t) => {
    const stream = await openEvents(t, server, salon.owner);
    await book();
    const { data } = await stream.next('booking.created');
    assert.deepEqual(Object.keys(data).sort(), ['actor_kind', 'at', 'id', 'kind', 'request_id', 'staff_id']);
    assert.ok(!/Walk-in|Olive/.test(stream.text), 'no name is told');
  });
});

test('many who come back at once are all told all of it, and another business is told meanwhile', async (t) => {
  const MANY = 320;
  const MISSED = 490;
  const server = await startServer(t, { env: { CAREOPS_TRUSTED_PROXIES: '127.0.0.1' } });
  const [salon, other] = [await makeSalon(server, EMPTY), await makeSalon(server, EMPTY)];
  const programs = [];
  for (let i = 0; i < MANY / 8; i += 1) {
    const body = { name: `Wall ${i}`, scopes: ['bookings:read'] };
    programs.push(new Client(server.baseUrl, { token: expectStatus(await salon.owner.post('/tokens', body), 201).secret }));
  }
  const neighbour = await listenAs(t, server, other.owner, other.owner);
  const { lastId } = await listenAs(t, server, salon.owner, salon.owner);
  await writeMany(server, salon.workspace.id, MISSED);
  const streams = await Promise.all(
    Array.from({ length: MANY }, (_, i) => openEvents(t, server, programs[i >> 3], { lastEventId: lastId })),
  );
  expectStatus(await other.owner.patch('/workspace', { address: 'Rue du Tour' }), 200);
  await neighbour.next('workspace.changed', 20_000);
  await eventually('each has all of it', () => !server.running || streams.every(({ events }) => events.length >= MISSED), 30_000);
  assert.ok(server.running, server.lastLogs());
  for (const { events } of streams) {
    assert.deepEqual([...new Set(events.map(({ kind }) => kind))], ['service.changed']);
    assert.equal(new Set(events.map(({ id }) => id)).size, MISSED);
  }
});

test('who comes back to a business that has done very much costs the others no time', async (t) => {
  const server = await startServer(t);
  const other = await makeSalon(server, EMPTY);
  const neighbour = await listenAs(t, server, other.owner, other.owner);
  const took = [];
  for (const rows of [600, 150_000]) {
    const salon = await makeSalon(server, EMPTY);
    const away = await listenAs(t, server, salon.owner, salon.owner);
    away.close();
    for (let left = rows; left > 0; left -= 10_000) await writeMany(server, salon.workspace.id, Math.min(left, 10_000));
    expectStatus(await other.owner.patch('/workspace', { address: `Rue ${rows}` }), 200);
    await neighbour.next('workspace.changed', 30_000); // all of it has been read
    const times = [];
    for (let round = 0; round < 3; round += 1) {
      const began = Date.now();
      const streams = await Promise.all(Array.from({ length: 8 }, () => openEvents(t, server, salon.owner, { lastEventId: away.lastId })));
      await Promise.all(streams.map((stream) => stream.next('reset')));
      times.push(Date.now() - began);
      for (const stream of streams) stream.close();
      await quiet(server, 1);
    }
    took.push(Math.min(...times));
  }
  assert.ok(took[1] < 3 * took[0] + 200, `${took[0]} ms after a little, ${took[1]} ms after very much`);
});

test('SIGTERM ends the streams at once, and the program with them', async (t) => {
  const server = await startServer(t);
  const salon = await makeSalon(server);
  const streams = await Promise.all([1, 2, 3].map(() => openEvents(t, server, salon.owner)));
  await eventually('all are heard', () => streams.every((stream) => stream.lastId));
  const asked = Date.now();
  assert.equal(await server.stop(), 0);
  assert.ok(Date.now() - asked < 3000, `${Date.now() - asked} ms`);
  for (const stream of streams) assert.ok((await stream.ended()) - asked < 1000);
});

test('after a restart it goes on where it was, also when the clock was set back', async (t) => {
  const server = await startServer(t);
  const salon = await makeSalon(server);
  const stream = await listenAs(t, server, salon.owner, salon.owner);
  // What a run whose clock was ahead by a while has left behind.
  const ahead = (BigInt(Date.now() + 3600_000) - 1577836800000n) << 21n;
  if (ENGINE === 'sqlite') {
    await sql(server, `INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action, changes, seq)
      VALUES (${salon.workspace.id}, ${ahead}, 1, 'system', 'service', 1, 'changed', '{}', ${ahead})`);
    await stream.next('service.changed');
  }
  await server.restart();
  expectStatus(await salon.owner.patch('/workspace', { address: 'Rue Deux' }), 200);
  const back = await openEvents(t, server, salon.owner, { lastEventId: stream.lastId });
  await back.next('workspace.changed');
  assert.deepEqual(back.kinds(), ['workspace.changed']);
});

describe('several processes on one PostgreSQL', { skip: ENGINE !== 'postgres' }, () => {
  let first, second, salon;
  before(async (t) => {
    first = await startServer(t);
    second = await prepareServer(t, { engine: 'sqlite' });
    second.db = first.db;
    await second.start();
    salon = await makeSalon(first);
  });

  test('tell each other\'s changes within half a second, in the same order and with the same ids', async (t) => {
    const elsewhere = Object.assign(new Client(second.baseUrl), { cookies: salon.owner.cookies });
    const [here, there] = [await openEvents(t, first, salon.owner), await openEvents(t, second, elsewhere)];
    await eventually('both are heard', () => here.lastId && there.lastId);
    const took = [];
    for (let i = 0; i < 10; i += 1) {
      const client = i % 2 ? elsewhere : salon.owner;
      const change = await client.patch('/workspace', { address: `Rue ${i}` });
      expectStatus(change, 200);
      const answered = Date.now();
      // By its request: a new stream may first tell what was done a moment before it.
      const isIt = ({ data }) => data.request_id === change.headers.get('x-request-id');
      const [a, b] = [await here.next(isIt), await there.next(isIt)];
      assert.equal(a.id, b.id);
      took.push(Math.max(a.at, b.at) - answered);
    }
    took.sort((a, b) => a - b);
    assert.ok(took[4] < 500, `the half of them took longer: ${took} ms`); // one may meet a busy machine
    here.close();
    expectStatus(await salon.owner.patch('/workspace', { address: 'Rue Dix' }), 200);
    const moved = await openEvents(t, second, elsewhere, { lastEventId: here.lastId });
    await moved.next('workspace.changed');
    assert.deepEqual(moved.kinds(), ['workspace.changed']);
  });

  test('a transaction that commits after a later one is told all the same, and before it', async (t) => {
    const stream = await listenAs(t, first, salon.owner, salon.owner);
    const id = (BigInt(Date.now()) - 1577836800000n) << 21n;
    const late = sql(first, `BEGIN; INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action, changes, seq)
      VALUES (${salon.workspace.id}, ${id}, 1, 'system', 'service', 4711, 'changed', '{}', CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT));
      SELECT pg_sleep(1.5); COMMIT`);
    await eventually('it has begun', async () => (await sql(first, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND wait_event = 'PgSleep'")).trim() !== '0');
    expectStatus(await salon.owner.patch('/workspace', { address: 'Rue Onze' }), 200);
    await late;
    await stream.next('workspace.changed');
    assert.deepEqual(stream.kinds(), ['service.changed', 'workspace.changed']);
  });

  test('a member deactivated in one process is shut out of the other within a second', async (t) => {
    const ann = await signIn(first, salon.staff[0]);
    const elsewhere = Object.assign(new Client(second.baseUrl), { cookies: ann.cookies });
    const stream = await openEvents(t, second, elsewhere);
    await eventually('it is heard', () => stream.lastId);
    const asked = Date.now();
    expectStatus(await salon.owner.post(`/staff/${salon.staff[0].id}/deactivate`), 200);
    assert.ok((await stream.ended()) - asked < 1000);
  });
});
