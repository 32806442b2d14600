// SPDX-License-Identifier: AGPL-3.0-or-later
// Sample data: an invented week that one click puts in and another takes out, and nothing of it stays
// or leaves. The server's clock is ours to set.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { setableClock } from '../lib/clock.mjs';
import { audit, findings } from '../audit/world.mjs';
import { FIELDS, makeForm } from '../lib/forms.mjs';
import { SEEN, assertUnchanged, contents, mailGone, sql } from '../lib/contents.mjs';
import { arrive } from '../lib/members.mjs';
import { eventually } from '../lib/process.mjs';
import { dateIn, makeSalon, noonZone } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const PATH = '/workspace/sample';
const DAY = 24 * 3600;
/** What tells of what was done, and for a day what was answered: both stay. */
const RECORDS = ['audit_event', 'idempotency', 'session', ...SEEN];

test('careops audit finds nothing amiss with it: as it came in, after changes, and when it is gone', async (t) => {
  const server = await startServer(t);
  const salon = await makeSalon(server, { timezone: noonZone(), items: [{ name: 'Oxide', on_hand: 100 }], services: [{ name: 'Cut', duration_min: 45, price: 4500, materials: [[0, 3]] }] });
  const holds = async (when) => {
    const said = await audit(server);
    assert.equal(said.status, 0, `${when}: ${JSON.stringify(said.report ? findings(said) : said.stderr)}`);
  };
  expectStatus(await salon.owner.post(PATH, undefined, { key: true }), 201);
  await holds('in');
  const now = new Date().toISOString();
  const [off, done, missed] = (await salon.owner.list('/bookings')).filter(({ status, start }) => status === 'confirmed' && start > now);
  expectStatus(await salon.owner.post(`/bookings/${off.id}/cancel`), 200);
  expectStatus(await salon.owner.post(`/bookings/${done.id}/complete`), 200);
  expectStatus(await salon.owner.post(`/bookings/${missed.id}/no-show`), 200);
  expectStatus(await salon.owner.patch(`/clients/${done.client.id}`, { notes: 'Other' }), 200);
  const [slot] = await salon.slots({ from: dateIn(9) });
  expectStatus(await salon.owner.post('/bookings', { service_ids: [salon.services[0].id], client_id: done.client.id, start: slot.start }, { key: true }), 201);
  await mailGone(server);
  await holds('changed');
  expectStatus(await salon.owner.delete(PATH), 204);
  await holds('gone');
});

describe('sample data', () => {
  let server;
  let clock;
  before(async (t) => {
    clock = await setableClock();
    server = await startServer(t, { env: clock.env });
  });

  const iso = (s) => new Date(s * 1000).toISOString().replace('.000Z', 'Z');
  const date = (days) => iso(clock.nowS() + days * DAY).slice(0, 10);
  const shop = (more = {}) =>
    makeSalon(server, {
      timezone: noonZone(new Date(clock.nowS() * 1000)),
      staff: ['Ann', 'Bob', 'Cem'],
      services: [
        { name: 'Cut', duration_min: 45, price: 4500, buffer_after_min: 10, materials: [[0, 30]] },
        { name: 'Colour', duration_min: 90, price: 9000, segments: [{ kind: 'work', minutes: 30 }, { kind: 'processing', minutes: 30 }, { kind: 'work', minutes: 30 }] },
      ],
      items: [{ name: 'Oxide', on_hand: 100, reorder_point: 5 }],
      ...more,
    });
  const putIn = async (salon) => expectStatus(await salon.owner.post(PATH, undefined, { key: true }), 201);
  const takeOut = async (salon) => expectStatus(await salon.owner.delete(PATH), 204);
  const look = async (salon) => expectStatus(await salon.owner.get(PATH), 200);
  const visits = (salon) => salon.owner.list(`/bookings?from=${date(-20)}&to=${date(20)}`);
  const clients = (salon) => salon.owner.list('/clients');
  const snapshot = () => contents(server, { except: RECORDS });

  test('there is none at first, and what is put in shows everywhere as a believable week', async () => {
    const salon = await shop();
    assert.deepEqual(await look(salon), { present: false, calendar_empty: true, clients: 0, bookings: 0, conversations: 0, ratings: 0 });
    const made = await putIn(salon);
    assert.deepEqual([made.present, made.clients], [true, 12]);
    assert.deepEqual(await look(salon), made);

    const people = await clients(salon);
    assert.equal(people.length, 12);
    for (const { email, tags } of people) {
      assert.match(email, /@sample\.example$/);
      assert.deepEqual(tags, ['Sample']);
    }
    const week = await visits(salon);
    assert.equal(week.length, made.bookings);
    assert.ok(week.length >= 20, `${week.length} visits`);
    const now = iso(clock.nowS());
    assert.deepEqual([...new Set(week.filter(({ end }) => end < now).map(({ status }) => status))].sort(), ['completed', 'no_show']);
    assert.deepEqual([...new Set(week.filter(({ start }) => start > now).map(({ status }) => status))].sort(), ['cancelled', 'confirmed', 'pending']);
    assert.ok(week.some(({ start }) => start.slice(0, 10) === now.slice(0, 10)), 'something today');
    assert.ok(new Set(week.map(({ staff_id }) => staff_id)).size > 1, 'more than one person works');
    assert.equal(new Set(week.map(({ service_ids }) => service_ids[0])).size, 2);

    const talks = await salon.owner.list('/conversations');
    assert.equal(talks.length, made.conversations);
    assert.ok(talks.some(({ unanswered }) => unanswered) && talks.some(({ unanswered }) => !unanswered));
    assert.ok(talks.some(({ unread }) => unread > 0));
    assert.equal((await salon.owner.list('/conversations?q=voucher')).length, 1);
    assert.equal((await salon.owner.list('/clients?q=clarke')).length, 1);
    assert.equal((await salon.owner.list('/ratings')).length, made.ratings);
    const open = expectStatus(await salon.visitor.get(`/public/${salon.slug}`), 200);
    assert.equal(open.ratings ?? null, null, 'invented stars are nobody’s to see');
    const report = expectStatus(await salon.owner.get(`/reports/revenue?from=${date(-6)}&to=${date(0)}`), 200);
    assert.ok(report.totals.completed_value > 0, JSON.stringify(report.totals));

    const [item] = await salon.owner.list('/items');
    assert.deepEqual([item.on_hand, item.reserved], [100, 0], 'stock is real');
    const events = await salon.owner.list('/audit?entity=workspace');
    assert.equal(events.filter(({ action }) => action === 'sample_added').length, 1);
    assert.deepEqual(await salon.owner.list('/audit?entity=booking'), []);
  });

  test('its visits hold their time: nothing overlaps, all are within hours, and the page offers none of it', async () => {
    const salon = await shop({ staff: ['Ann'], services: [{ name: 'Cut', duration_min: 60, price: 1000 }] });
    await putIn(salon);
    const week = (await visits(salon)).filter(({ status }) => !['cancelled', 'no_show'].includes(status));
    const spans = week.map(({ start, end }) => [start, end]).sort();
    for (const [at, [start]] of spans.entries()) {
      assert.ok(at === 0 || spans[at - 1][1] <= start, `${spans[at - 1]} and ${start}`);
    }
    const ahead = week.filter(({ start, status }) => status !== 'cancelled' && start > iso(clock.nowS() + DAY));
    assert.ok(ahead.length > 3);
    const offered = await salon.slots({ from: date(1), to: date(8) });
    for (const slot of offered) {
      assert.ok(!ahead.some(({ start, end }) => slot.start < end && slot.end > start), slot.start);
    }
  });

  test('removed, every table is as it was, whatever was done to it meanwhile; and it can come again', async () => {
    const salon = await shop();
    const other = await shop();
    const theirs = await putIn(other);
    const real = expectStatus(await salon.book({ start: (await salon.slots({ from: date(9) }))[0].start }), 201);
    expectStatus(await salon.owner.patch(`/clients/${(await clients(salon))[0].id}`, { tags: ['Sample'] }), 200);
    await mailGone(server);
    const was = await snapshot();

    for (const round of [1, 2]) {
      await putIn(salon);
      const open = (await visits(salon)).filter(({ status, client, start }) =>
        ['confirmed', 'pending'].includes(status) && /sample/.test(client.email) && start > iso(clock.nowS() + DAY));
      const [moved, cancelled, restored, done, noted, late] = open;
      const free = await salon.slots({ from: date(8), services: [salon.services.find(({ id }) => id === moved.service_ids[0])] });
      expectStatus(await salon.owner.patch(`/bookings/${moved.id}`, { start: free[0].start }), 200);
      for (const { id } of [cancelled, restored]) expectStatus(await salon.owner.post(`/bookings/${id}/cancel`), 200);
      expectStatus(await salon.owner.post(`/bookings/${restored.id}/restore`), 200);
      expectStatus(await salon.owner.post(`/bookings/${done.id}/complete`, { materials: [{ item_id: salon.items[0].id, quantity: 3 }] }), 200);
      expectStatus(await salon.owner.post(`/bookings/${late.id}/no-show`), 200);
      expectStatus(await salon.owner.patch(`/bookings/${noted.id}`, { notes: 'Bring the catalogue' }), 200);

      const people = await clients(salon);
      const invented = people.filter(({ email }) => /@sample/.test(email));
      const [a, b, c] = invented;
      expectStatus(await salon.owner.patch(`/clients/${a.id}`, { name: 'Quite Another', tags: ['vip', 'Sample'], notes: 'New' }), 200);
      expectStatus(await salon.owner.put(`/clients/${a.id}/clinical-notes`, { text: 'Allergic' }), 200);
      expectStatus(await salon.owner.post(`/clients/${b.id}/merge`, { other_id: c.id }), 200);
      const [talk] = await salon.owner.list('/conversations?filter=unanswered');
      expectStatus(await salon.owner.post(`/conversations/${talk.id}/messages`, { body: 'Of course, zebra' }, { key: true }), 201);
      expectStatus(await salon.owner.post(`/conversations/${talk.id}/messages`, { body: 'Be kind', internal_note: true }, { key: true }), 201);
      const later = await salon.slots({ from: date(10) });
      expectStatus(await salon.owner.post('/bookings', { service_ids: [salon.services[0].id], client_id: a.id, start: later[round].start }, { key: true }), 201);
      const erased = invented.at(-1);
      expectStatus(await salon.owner.post(`/clients/${erased.id}/erase`, { name: erased.name }, {}), 200);

      await takeOut(salon);
      assertUnchanged(was, await snapshot(), `round ${round}`);
    }
    assert.deepEqual((await look(other)).bookings, theirs.bookings, 'the neighbour keeps theirs');
    assert.deepEqual((await visits(salon)).map(({ id }) => id), [real.booking.id]);
    assert.deepEqual(await salon.owner.list('/conversations?q=zebra'), []);
    assert.deepEqual(await salon.owner.list('/clients?q=clarke'), []);
    expectStatus(await salon.owner.delete(PATH), 204);
    const gone = (await salon.owner.list('/audit?entity=workspace')).filter(({ action }) => action === 'sample_removed');
    assert.equal(gone.length, 2, 'one event each time, none where there was nothing');
  });

  test('nothing is ever sent about it, to nobody, and nothing is planned', async () => {
    const salon = await shop();
    await mailGone(server);
    const before = server.mail().length;
    await putIn(salon);
    const [client] = await clients(salon);
    const start = (await salon.slots({ from: date(3) }))[0].start;
    const own = expectStatus(
      await salon.owner.post('/bookings', { service_ids: [salon.services[0].id], client_id: client.id, start }, { key: true }), 201);
    const pending = (await visits(salon)).filter(({ status }) => status === 'pending');
    for (const { id } of pending) expectStatus(await salon.owner.post(`/bookings/${id}/confirm`), 200);
    const [talk] = await salon.owner.list('/conversations?filter=unanswered');
    expectStatus(await salon.owner.post(`/conversations/${talk.id}/messages`, { body: 'Yes' }, { key: true }), 201);
    const of = `workspace_id = ${salon.workspace.id} AND client_id IN (SELECT id FROM client WHERE sample = 1)`;
    assert.deepEqual(await sql(server, `SELECT DISTINCT status, reason FROM message WHERE ${of}`), ['suppressed|sample']);
    assert.deepEqual(await sql(server, `SELECT COUNT(*) FROM job WHERE ${of}`), ['0']);

    for (let day = 0; day < 9; day += 1) {
      clock.advance(DAY);
      await eventually('the robot is done', async () => {
        const waits = await sql(server, `SELECT COUNT(*) FROM job WHERE workspace_id = ${salon.workspace.id} AND status = 'waiting' AND due_s <= ${clock.nowS() - 5}`);
        return waits[0] === '0';
      });
    }
    await eventually('the mail is gone', async () => (await sql(server, `SELECT COUNT(*) FROM message WHERE workspace_id = ${salon.workspace.id} AND status = 'queued'`))[0] === '0');
    const to = server.mail().slice(before).filter(({ to }) => /sample\.example/.test(to) || to.includes(salon.ownerEmail));
    assert.deepEqual(to.map(({ subject }) => subject), [], 'not even a morning letter');
    assert.deepEqual(await sql(server, `SELECT COUNT(*) FROM job WHERE ${of}`), ['0']);

    await signInAgain(salon);
    expectStatus(await salon.owner.get(`/bookings/${own.id}`), 200);
    await takeOut(salon);
    assert.equal((await look(salon)).calendar_empty, true);
  });

  async function signInAgain(salon) {
    expectStatus(await salon.owner.post('/session', { email: salon.ownerEmail, password: salon.ownerPassword }), 200);
  }

  test('what is real does not become a sample client’s, and no sample client becomes anybody', async () => {
    const salon = await shop();
    const booked = expectStatus(await salon.book({ start: (await salon.slots({ from: date(9) }))[0].start }), 201);
    const [real] = await clients(salon);
    await putIn(salon);
    const [invented] = (await clients(salon)).filter(({ email }) => /@sample/.test(email));
    const [visit] = (await visits(salon)).filter(({ client, status }) => /@sample/.test(client.email) && status === 'confirmed');
    expectProblem(await salon.owner.post(`/clients/${real.id}/merge`, { other_id: invented.id }), 409, 'sample_client');
    expectProblem(await salon.owner.post(`/clients/${invented.id}/merge`, { other_id: real.id }), 409, 'sample_client');
    expectProblem(await salon.owner.patch(`/bookings/${visit.id}`, { client_id: real.id }), 409, 'sample_client');
    expectProblem(await salon.owner.patch(`/bookings/${booked.booking.id}`, { client_id: invented.id }), 409, 'sample_client');
    expectProblem(await salon.owner.patch(`/clients/${invented.id}`, { email: 'me@owner.example' }), 409, 'sample_client');
    expectStatus(await salon.owner.patch(`/clients/${invented.id}`, { phone: '+48 1' }), 200);
    await takeOut(salon);
    assert.deepEqual((await clients(salon)).map(({ id }) => id), [real.id]);
  });

  test('a clinic whose services all ask for a form has its week, and the form waits on each visit to come', async () => {
    const salon = await shop();
    await mailGone(server);
    const form = await makeForm(salon.owner, { name: 'Consent', fields: FIELDS });
    for (const { id } of salon.services) {
      expectStatus(await salon.owner.patch(`/services/${id}`, { requires: [{ kind: 'form', form_id: form.id }] }), 200);
    }
    await eventually('all bookings are judged anew', async () => (await sql(server, `SELECT COUNT(*) FROM job WHERE workspace_id = ${salon.workspace.id} AND kind = 'gate_review' AND status = 'waiting'`))[0] === '0');
    const was = await snapshot();
    const made = await putIn(salon);
    assert.ok(made.bookings >= 20 && made.ratings > 0, JSON.stringify(made));
    const week = await visits(salon);
    const ahead = week.filter(({ start, status }) => start > iso(clock.nowS()) && ['confirmed', 'pending'].includes(status));
    assert.ok(ahead.length > 8 && ahead.every(({ gates_ok: ok }) => !ok), 'what is missing is said');
    const waiting = expectStatus(await salon.owner.get('/submissions?status=pending&limit=100'), 200).data;
    const open = week.filter(({ status }) => status === 'confirmed').map(({ id }) => id);
    assert.deepEqual(waiting.map(({ booking_id: of }) => of).sort(), open.sort());
    assert.deepEqual(await sql(server, `SELECT COUNT(*) FROM message WHERE workspace_id = ${salon.workspace.id} AND status = 'queued'`), ['0']);
    assert.deepEqual(await sql(server, `SELECT COUNT(*) FROM job WHERE workspace_id = ${salon.workspace.id} AND kind LIKE 'form%'`), ['0']);

    const [visit, off] = ahead.filter(({ status }) => status === 'confirmed');
    expectProblem(await salon.owner.post(`/bookings/${visit.id}/start`), 409, 'gate_unmet');
    const { id } = waiting.find(({ booking_id: of }) => of === visit.id);
    const { url } = expectStatus(await salon.owner.post(`/submissions/${id}/link`), 200);
    const token = url.split('/').at(-1);
    expectStatus(await salon.visitor.post(`/public/forms/${token}`, { answers: { name: 'Emma', agree: true } }), 200);
    expectStatus(await salon.owner.post(`/bookings/${visit.id}/complete`), 200);
    expectStatus(await salon.owner.post(`/bookings/${off.id}/cancel`), 200);
    const later = await salon.slots({ from: date(9) });
    expectStatus(await salon.owner.post('/bookings', { service_ids: [salon.services[0].id], client_id: off.client.id, start: later[0].start }, { key: true }), 201);
    const said = await audit(server);
    assert.equal(said.status, 0, JSON.stringify(said.report ? findings(said) : said.stderr));
    await takeOut(salon);
    assertUnchanged(was, await snapshot(), 'removed');
  });

  test('a business all of whose services ask for another visit is told to add one that does not', async () => {
    const salon = await shop();
    const [cut, test] = salon.services;
    expectStatus(await salon.owner.patch(`/services/${cut.id}`, { requires: [{ kind: 'patch_test', service_id: test.id }] }), 200);
    await putIn(salon);
    assert.deepEqual([...new Set((await visits(salon)).flatMap(({ service_ids: ids }) => ids))], [test.id]);
    await takeOut(salon);
    expectStatus(await salon.owner.patch(`/services/${test.id}`, { active: false }), 200);
    const refused = expectProblem(await salon.owner.post(PATH, undefined, { key: true }), 409, 'not_ready');
    assert.match(refused.detail, /asks for no other visit first/);
  });

  test('it says what has to be there first, and that it is in already; of two at once one puts it in', async () => {
    const bare = await shop({ services: [], items: [], publish: false });
    const refused = expectProblem(await bare.owner.post(PATH, undefined, { key: true }), 409, 'not_ready');
    assert.ok(refused.checks.some(({ code }) => code === 'service'));
    assert.match(refused.detail, /Set these first/);
    const shut = await shop();
    const closures = [{ from: date(-9), to: date(20), reason: 'Works' }];
    expectStatus(await shut.owner.patch('/workspace', { closures }), 200);
    expectProblem(await shut.owner.post(PATH, undefined, { key: true }), 409, 'not_ready');
    assert.equal((await look(shut)).present, false, 'nothing of it stays');

    const salon = await shop();
    const answers = await Promise.all([1, 2, 3].map(() => salon.owner.post(PATH, undefined, { key: true })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
    expectProblem(answers.find(({ status }) => status === 409), 409, 'already_exists');
    assert.equal((await clients(salon)).length, 12);
    await Promise.all([1, 2].map(() => takeOut(salon)));
    assert.equal((await clients(salon)).length, 0);
  });

  test('a salon that speaks Polish has Polish people; staff may do none of it', async () => {
    const salon = await shop();
    expectStatus(await salon.owner.patch('/workspace', { locale: 'pl' }), 200);
    await putIn(salon);
    assert.equal((await salon.owner.list('/clients?q=zajac')).length, 1);
    const client = await arrive(server, salon.staff[0]);
    expectProblem(await client.get(PATH), 403, 'forbidden');
    expectProblem(await client.post(PATH, undefined, { key: true }), 403, 'forbidden');
    expectProblem(await client.delete(PATH), 403, 'forbidden');
  });
});
