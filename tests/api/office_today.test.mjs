// SPDX-License-Identifier: AGPL-3.0-or-later
// The owner's first page: its figures are those of the raw rows, whatever waits stands there with
// what acting on it takes and goes once it is settled, and a day's health can be summed again by
// anybody.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { mailGone, sql } from '../lib/contents.mjs';
import { pastVisit, rated } from '../lib/feedback.mjs';
import { askForm, makeForm } from '../lib/forms.mjs';
import { arrive } from '../lib/members.mjs';
import { everyDay, makeSalon, noonZone } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = [
  { weekday: 1, start: '06:00', end: '22:00' },
  ...everyDay('06:00', '22:00').slice(1),
];

let server;
before(async (t) => {
  server = await startServer(t);
});

let people = 0;
const person = () => {
  people += 1;
  return { name: `Cleo ${people}`, email: `cleo${people}@client.example`, phone: '+33 1 2345' };
};
const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z').replace(/\.\d+Z/, 'Z');
const nowMs = () => Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

/** In a zone where it is about noon, open from six to ten, so that all of today's visits fit in. */
const salonOf = (options = {}) =>
  makeSalon(server, {
    timezone: noonZone(),
    hours: HOURS,
    policy: { slot_step_min: 5, min_notice_min: 0, max_advance_days: 60, cancel_cutoff_min: 0 },
    ...options,
  });

const get = async (salon, path) => expectStatus(await salon.owner.get(path), 200);
const post = async (salon, path, body) => expectStatus(await salon.owner.post(path, body), 200);
const dashboard = (salon) => get(salon, '/dashboard');
const health = (salon, date) => get(salon, date ? `/health?date=${date}` : '/health');

async function book(salon, start, more = {}) {
  return expectStatus(
    await salon.owner.post('/bookings', {
      service_ids: [salon.services[0].id],
      staff_id: salon.staff[0].id,
      start: iso(start),
      client: person(),
      ...more,
    }),
    201,
  );
}

/** Noon of the day after the business's today. */
async function tomorrowNoon(salon) {
  const { from } = await health(salon);
  return new Date(from).getTime() + 12 * HOUR_MS;
}

const rowsOf = async (query) => (await sql(server, query)).map((line) => line.split('|'));
const codes = ({ attention }) => attention.map(({ code }) => code).sort();
const ofCode = ({ attention }, code) => attention.filter((each) => each.code === code);

describe('the figures', () => {
  test('of today, of the next day and of the week are those of the raw rows', async () => {
    const salon = await salonOf({ staff: ['Ann', 'Bob', 'Cid'] });
    const now = nowMs();
    const done = await book(salon, now - 3 * HOUR_MS);
    await post(salon, `/bookings/${done.id}/complete`);
    const missed = await book(salon, now - 2 * HOUR_MS);
    await post(salon, `/bookings/${missed.id}/no-show`);
    await book(salon, now - 4 * HOUR_MS);
    await book(salon, now + 2 * HOUR_MS);
    const gone = await book(salon, now + 3 * HOUR_MS);
    await post(salon, `/bookings/${gone.id}/cancel`, {});
    await book(salon, now + 26 * HOUR_MS);
    const seen = await dashboard(salon);

    assert.deepEqual([seen.timezone, seen.currency, seen.published], [salon.workspace.timezone, 'EUR', true]);
    const sums = (where) =>
      rowsOf(
        'SELECT status, COUNT(*), SUM(price), SUM(end_s - start_s) FROM booking' +
          ` WHERE workspace_id = ${salon.workspace.id} AND ${where} GROUP BY status`,
      );
    const agrees = async (figures, where) => {
      const of = Object.fromEntries((await sums(where)).map(([status, ...rest]) => [status, rest.map(Number)]));
      const at = (status, column = 0) => of[status]?.[column] ?? 0;
      const held = ['pending', 'confirmed', 'completed'];
      const sum = (column) => held.reduce((all, status) => all + at(status, column), 0);
      assert.deepEqual(
        [figures.visits, figures.pending, figures.confirmed, figures.completed, figures.no_show, figures.cancelled],
        [sum(0), at('pending'), at('confirmed'), at('completed'), at('no_show'), at('cancelled')],
      );
      assert.deepEqual([figures.booked, figures.earned, figures.minutes], [sum(1), at('completed', 1), sum(2) / 60]);
    };
    const { from: tomorrow } = await health(salon);
    const end = new Date(tomorrow).getTime() / 1000;
    const nowS = new Date(seen.now).getTime() / 1000;
    await agrees(seen.today, `start_s >= ${end - 86400} AND start_s < ${end}`);
    await agrees(seen.next_24h, `start_s >= ${nowS} AND start_s < ${nowS + 86400}`);
    const weekday = (new Date(`${seen.date}T12:00:00Z`).getUTCDay() + 6) % 7;
    const monday = end - 86400 * (weekday + 1);
    await agrees(seen.week, `start_s >= ${monday} AND start_s < ${monday + 7 * 86400}`);
    assert.equal(seen.days.length, 7);
    for (const [i, day] of seen.days.entries())
      await agrees(day, `start_s >= ${monday + i * 86400} AND start_s < ${monday + (i + 1) * 86400}`);
    assert.equal(seen.days[weekday].date, seen.date);

    const [[byNow]] = await rowsOf(
      `SELECT SUM(price) FROM booking WHERE workspace_id = ${salon.workspace.id} AND end_s <= ${nowS}` +
        ` AND start_s >= ${end - 86400} AND status IN ('pending', 'confirmed', 'completed')`,
    );
    assert.deepEqual(
      [seen.revenue.booked, seen.revenue.earned, seen.revenue.by_now],
      [seen.today.booked, seen.today.earned, Number(byNow)],
    );
    assert.deepEqual([seen.revenue.week_booked, seen.revenue.week_earned], [seen.week.booked, seen.week.earned]);
    assert.deepEqual([seen.no_shows.today, seen.no_shows.week], [1, seen.week.no_show]);
  });

  test('the next two hours have each person with their hours and visits; who is away is left out', async () => {
    const salon = await salonOf();
    const soon = Math.floor(Date.now() / 300_000) * 300_000 + 600_000;
    const visit = await book(salon, soon);
    await book(salon, soon + 5 * HOUR_MS);
    const away = { start: iso(Date.now() - HOUR_MS), end: iso(Date.now() + 6 * HOUR_MS), reason: 'ill' };
    expectStatus(await salon.owner.post(`/staff/${salon.staff[1].id}/time-off`, away), 201);
    const { next, now } = await dashboard(salon);
    assert.deepEqual(next.map(({ name }) => name), ['Ann']);
    const [ann] = next;
    assert.deepEqual(ann.visits.map(({ id }) => id), [visit.id]);
    assert.deepEqual([ann.visits[0].client_name, ann.visits[0].services], [visit.client.name, 'Cut']);
    assert.equal(ann.open[0].start, now);
    assert.equal(new Date(ann.open[0].end) - new Date(now), 2 * HOUR_MS);
  });

  test('recent activity names what it is about and leaves sign-ins out', async () => {
    const salon = await salonOf();
    const visit = await book(salon, nowMs() + 5 * HOUR_MS);
    const { recent } = await dashboard(salon);
    const made = recent.find(({ action, entity }) => entity === 'booking' && action === 'created');
    assert.deepEqual([made.booking_id, made.name, made.actor_name], [visit.id, visit.client.name, 'Olive Owner']);
    assert.ok(recent.length <= 12 && recent.every(({ entity }) => !['session', 'user'].includes(entity)));
    assert.deepEqual(recent.map(({ id }) => BigInt(id)).toSorted((a, b) => (a < b ? 1 : -1)), recent.map(({ id }) => BigInt(id)));
  });
});

describe('what waits', () => {
  test('an empty business has nothing that waits', async () => {
    const seen = await dashboard(await salonOf());
    assert.deepEqual(seen.attention, []);
    assert.deepEqual([seen.unanswered, seen.low_stock, seen.failed_emails, seen.pending_forms], [0, 0, 0, 0]);
  });

  test('visits to confirm and to mark: with the version that acting takes; acted on, they are gone', async () => {
    const salon = await salonOf();
    await salon.owner.patch('/workspace', { auto_confirm: false });
    const asked = expectStatus(await salon.book({ start: iso(nowMs() + 4 * HOUR_MS), staff_id: salon.staff[1].id }), 201);
    const ended = await book(salon, nowMs() - 3 * HOUR_MS);
    const seen = await dashboard(salon);
    assert.deepEqual(codes(seen), ['unconfirmed', 'unmarked']);
    const [yes] = ofCode(seen, 'unconfirmed');
    assert.deepEqual(
      [yes.booking_id, yes.severity, yes.client_name, yes.staff_name, yes.services, yes.fix_url],
      [asked.booking.id, 'urgent', 'Cleo Client', 'Bob', 'Cut', `/app?visit=${asked.booking.id}`],
    );
    assert.deepEqual([seen.unconfirmed, seen.unmarked], [1, 1]);
    const match = ({ version }) => ({ headers: { 'If-Match': `"${version}"` } });
    expectStatus(await salon.owner.post(`/bookings/${yes.booking_id}/confirm`, {}, match(yes)), 200);
    const [mark] = ofCode(seen, 'unmarked');
    assert.equal(mark.booking_id, ended.id);
    expectStatus(await salon.owner.post(`/bookings/${mark.booking_id}/no-show`, {}, match(mark)), 200);
    assert.deepEqual(codes(await dashboard(salon)), []);
  });

  test('visits whose person is off, away for hours or switched off, and those on a closed day', async () => {
    const salon = await salonOf({ staff: ['Ann', 'Bob', 'Cid', 'Dee'] });
    const noon = await tomorrowNoon(salon);
    const [ann, bob, cid, dee] = salon.staff;
    const off = await book(salon, noon, { staff_id: ann.id });
    const far = await book(salon, noon + 20 * DAY_MS, { staff_id: ann.id });
    const idle = await book(salon, noon, { staff_id: bob.id });
    const gone = await book(salon, noon + 30 * DAY_MS, { staff_id: cid.id });
    const shut = await book(salon, noon + 2 * DAY_MS, { staff_id: dee.id });
    for (const start of [noon + 15 * 60_000, noon + 20 * DAY_MS])
      expectStatus(
        await salon.owner.post(`/staff/${ann.id}/time-off`, { start: iso(start), end: iso(start + HOUR_MS), reason: 'x' }),
        201,
      );
    const weekly = everyDay('12:30', '20:00');
    expectStatus(await salon.owner.put(`/staff/${bob.id}/hours`, { weekly }), 200);
    expectStatus(await salon.owner.post(`/staff/${cid.id}/deactivate`), 200);
    const { date } = await health(salon);
    const day = new Date(Date.parse(`${date}T00:00:00Z`) + 2 * DAY_MS).toISOString().slice(0, 10);
    expectStatus(await salon.owner.patch('/workspace', { closures: [{ from: day, to: day, reason: 'x' }] }), 200);

    const seen = await dashboard(salon);
    const pairs = seen.attention.map(({ code, booking_id: id, minutes }) => [code, id, minutes]);
    const wanted = [
      ['staff_off', off.id, 30],
      ['staff_off', far.id, 45],
      ['staff_inactive', gone.id, 45],
      ['closed', shut.id, 45],
      ['outside_hours', idle.id, 30],
    ];
    assert.deepEqual(pairs.toSorted(), wanted.toSorted());
    await post(salon, `/bookings/${off.id}/cancel`, {});
    assert.ok(!(await dashboard(salon)).attention.some(({ booking_id: id }) => id === off.id));
  });

  test('stock that is low, and stock that stops a service', async () => {
    const salon = await salonOf({
      items: [
        { name: 'Colour', on_hand: 100, reorder_point: 50 },
        { name: 'Foil', on_hand: 20, reorder_point: 10 },
        { name: 'Gloves', on_hand: 500, reorder_point: 10 },
      ],
      services: [{ name: 'Tint', duration_min: 30, price: 1000, materials: [[0, 80], [1, 12]] }],
    });
    assert.deepEqual(codes(await dashboard(salon)), []);
    await book(salon, nowMs() + 30 * HOUR_MS);
    const seen = await dashboard(salon);
    assert.equal(seen.low_stock, 2);
    const [colour, foil] = ofCode(seen, 'short_stock');
    assert.deepEqual([colour.name, colour.available, colour.reorder_point, colour.services], ['Colour', 20, 50, 'Tint']);
    assert.equal(foil.name, 'Foil');
    assert.equal(colour.fix_url, `/app/inventory/${salon.items[0].id}?do=receive`);
    const more = { kind: 'receive', quantity: 25, reason: 'x' };
    expectStatus(await salon.owner.post(`/items/${salon.items[1].id}/movements`, more), 201);
    expectStatus(await salon.owner.post(`/items/${salon.items[0].id}/movements`, { ...more, quantity: 61 }), 201);
    assert.deepEqual(codes(await dashboard(salon)), []);
  });

  test('clients who wait for an answer, and ratings to see to', async () => {
    const salon = await salonOf();
    const words = { name: 'Ravi', email: 'ravi@client.example', message: 'Are you open\non Sunday?' };
    expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, words), 202);
    await rated(server, salon, { stars: 2, comment: 'I waited.' }, { override_hours: true });
    const seen = await dashboard(salon);
    assert.deepEqual(codes(seen), ['low_rating', 'unanswered']);
    const [talk] = ofCode(seen, 'unanswered');
    assert.deepEqual([talk.client_name, talk.detail, talk.fix_url], ['Ravi', 'Are you open on Sunday?', `/app/inbox/${talk.id}`]);
    const [low] = ofCode(seen, 'low_rating');
    assert.deepEqual([low.stars, low.detail, low.staff_name], [2, 'I waited.', 'Ann']);
    expectStatus(await salon.owner.post(`/conversations/${talk.id}/messages`, { body: 'Yes.' }), 201);
    expectStatus(await salon.owner.patch(`/ratings/${low.id}`, { handled: true }), 200);
    assert.deepEqual(codes(await dashboard(salon)), []);
  });

  test('time off that is asked for: approved where it stands', async () => {
    const salon = await salonOf();
    const ann = await arrive(server, salon.staff[0]);
    const span = { start: iso(nowMs() + 10 * DAY_MS), end: iso(nowMs() + 11 * DAY_MS), reason: 'a wedding' };
    expectStatus(await ann.post('/time-off-requests', span), 201);
    const [asked] = ofCode(await dashboard(salon), 'time_off_request');
    assert.deepEqual([asked.staff_name, asked.detail, asked.start, asked.end], ['Ann', 'a wedding', span.start, span.end]);
    await post(salon, `/time-off-requests/${asked.id}/approve`, {});
    assert.deepEqual(ofCode(await dashboard(salon), 'time_off_request'), []);
  });

  test('letters: who was not told, with what to do; the business’s own that failed; and jobs given up', async () => {
    const salon = await salonOf();
    const visit = await book(salon, nowMs() + 30 * HOUR_MS);
    await book(salon, nowMs() + 33 * HOUR_MS);
    await mailGone(server);
    const fail = (where, untold) =>
      sql(
        server,
        `UPDATE message SET status = 'failed', untold = ${untold}, delivery = NULL, last_error = 'no answer'` +
          ` WHERE workspace_id = ${salon.workspace.id} AND ${where}`,
      );
    await fail(`booking_id = ${visit.id} AND kind = 'booking_confirmation'`, 1);
    await fail(`id = (SELECT MIN(id) FROM message WHERE workspace_id = ${salon.workspace.id} AND kind = 'staff_invitation')`, 0);
    await sql(
      server,
      'INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id, status,' +
        ' anchor_s, due_s, attempts, last_error, created_s, ended_s)' +
        ` SELECT workspace_id, id, 'follow_up', id, 'x', id, client_id, 'parked', 0, 0, 8, 'away', 0, 5 FROM booking WHERE id = ${visit.id}`,
    );
    const seen = await dashboard(salon);
    const [untold] = ofCode(seen, 'not_told');
    assert.deepEqual([untold.client_name, untold.next_step, untold.booking_id], [visit.client.name, 'retry', visit.id]);
    assert.match(untold.detail, /did not take/);
    assert.equal(seen.not_told, 1);
    const [job] = ofCode(seen, 'parked_job');
    assert.deepEqual([job.kind, job.client_name, job.detail], ['follow_up', visit.client.name, 'away']);
    const failed = ofCode(seen, 'failed_email');
    assert.equal(failed.length + 1, seen.failed_emails);
    await post(salon, `/emails/${untold.id}/told`, { how: 'by phone' });
    await post(salon, `/jobs/${job.id}/retry`);
    const after = await dashboard(salon);
    assert.deepEqual([ofCode(after, 'not_told'), ofCode(after, 'parked_job')], [[], []]);
  });

  test('forms before visits: pending, overdue, and what a gate waits for', async () => {
    const salon = await salonOf({
      services: [
        { name: 'Peel', duration_min: 30, price: 1000 },
        { name: 'Test', duration_min: 15, price: 0 },
      ],
    });
    const form = await makeForm(salon.owner);
    const soon = await book(salon, nowMs() + 30 * HOUR_MS);
    const later = await book(salon, nowMs() + 102 * HOUR_MS);
    const far = await book(salon, nowMs() + 390 * HOUR_MS);
    await askForm(server, form, soon, { requestedAgoS: 3600 });
    const { id: overdue } = await askForm(server, form, later, { requestedAgoS: 90_000 });
    await askForm(server, form, far, { requestedAgoS: 90_000 });
    const seen = await dashboard(salon);
    assert.deepEqual(codes(seen), ['form_overdue', 'form_pending']);
    assert.equal(ofCode(seen, 'form_overdue')[0].id, overdue);
    assert.deepEqual([seen.pending_forms, seen.overdue_forms], [3, 2]);
    const asks = [{ kind: 'patch_test', service_id: salon.services[1].id, lead_hours: 48, valid_days: 90 }];
    await sql(server, `UPDATE booking SET gates_unmet = 2 WHERE id = ${soon.id}`);
    expectStatus(await salon.owner.patch(`/services/${salon.services[0].id}`, { requires: asks }), 200);
    const [gate] = ofCode(await dashboard(salon), 'gate_unmet');
    assert.deepEqual([gate.booking_id, gate.kind], [soon.id, 'visit']);
  });

  test('at most ten of a code, the most pressing first', async () => {
    const salon = await salonOf();
    for (let i = 0; i < 13; i += 1) await pastVisit(salon, { complete: false, override_hours: true });
    const seen = await dashboard(salon);
    const starts = ofCode(seen, 'unmarked').map(({ start }) => start);
    assert.equal(starts.length, 10);
    assert.deepEqual(starts, starts.toSorted());
    assert.equal(seen.unmarked, 13);
  });
});

/* ---- health ---- */

const POINTS = {
  staff_inactive: 15, staff_off: 15, closed: 10, outside_hours: 5, room_inactive: 10, room_double: 20,
  stock_short: 15, stock_inactive: 5, stock_low: 2, gate_visit: 10, gate_form: 5, form_pending: 2,
  not_told: 8, unconfirmed: 3,
};

/** From the raw rows, minute by minute, for a business whose zone has no summer time. */
async function recomputed(salon, { from, to }) {
  const ws = salon.workspace.id;
  const seconds = (at) => new Date(at).getTime() / 1000;
  const [fromS, toS] = [seconds(from), seconds(to)];
  const numbers = async (query) => (await rowsOf(query)).map((row) => row.map(Number));
  const day = `b.workspace_id = ${ws} AND b.start_s >= ${fromS} AND b.start_s < ${toS} AND b.status IN ('pending', 'confirmed')`;
  const visits = await rowsOf(
    'SELECT b.id, b.status, b.outer_from_s, b.outer_to_s, b.staff_id, r.active, b.gates_unmet, b.start_s, b.end_s, s.hours_own' +
      ' FROM booking b JOIN resource r ON r.workspace_id = b.workspace_id AND r.id = b.staff_id' +
      ` JOIN staff s ON s.workspace_id = b.workspace_id AND s.id = b.staff_id WHERE ${day}`,
  );
  const off = await numbers(`SELECT staff_id, start_s, end_s FROM time_off WHERE workspace_id = ${ws}`);
  const business = await numbers(`SELECT weekday, start_min, end_min FROM workspace_hours WHERE workspace_id = ${ws}`);
  const own = await rowsOf(`SELECT staff_id, weekday, start_min, end_min FROM staff_hours WHERE workspace_id = ${ws}`);
  const closures = await numbers(`SELECT from_day, to_day FROM closure WHERE workspace_id = ${ws}`);
  const clock = (at) => {
    const local = at - fromS; // its day begins at midnight and is 24 hours long
    const days = Math.floor(local / 86400);
    const date = new Date((fromS + 43200) * 1000 + days * DAY_MS);
    const [y, m, d] = new Intl.DateTimeFormat('en-CA', { timeZone: salon.workspace.timezone, dateStyle: 'short' })
      .format(date).split('-').map(Number);
    const epoch = Date.UTC(y, m - 1, d) / DAY_MS;
    return { minute: (local - days * 86400) / 60, weekday: ((epoch + 3) % 7) + 1, epoch };
  };
  const within = (spans, at) => {
    const { minute, weekday } = clock(at);
    return spans.some(([w, a, b]) => w === weekday && a <= minute && minute < b);
  };
  const found = [];
  for (const [id, status, outerFrom, outerTo, staff, active, gates, startS, endS, hoursOwn] of visits) {
    const minutes = { staff_inactive: 0, staff_off: 0, closed: 0, outside_hours: 0 };
    const weekly = own.filter(([whose]) => whose === staff).map((row) => row.slice(1).map(Number));
    for (let at = Number(outerFrom); at < Number(outerTo); at += 60) {
      if (active === '0') minutes.staff_inactive += 1;
      if (off.some(([whose, a, b]) => String(whose) === String(Number(staff)) && a <= at && at < b)) minutes.staff_off += 1;
      const { epoch } = clock(at);
      if (!within(business, at) || closures.some(([a, b]) => a <= epoch && epoch <= b)) minutes.closed += 1;
      if (hoursOwn === '1' && !within(weekly, at)) minutes.outside_hours += 1;
    }
    const first = Object.entries(minutes).find(([, count]) => count > 0);
    const length = (Number(endS) - Number(startS)) / 60;
    if (first) found.push([first[0], id, first[1]]);
    if (gates !== '0') found.push([gates === '2' ? 'gate_visit' : 'gate_form', id, length]);
    if (status === 'pending') found.push(['unconfirmed', id, length]);
  }
  for (const [id, minutes] of await rowsOf(
    'SELECT b.id, (h.end_s - h.start_s) / 60 FROM booking b JOIN hold h ON h.workspace_id = b.workspace_id AND h.booking_id = b.id' +
      ` JOIN resource r ON r.workspace_id = h.workspace_id AND r.id = h.resource_id WHERE ${day} AND h.active = 1 AND r.kind <> 'person' AND r.active = 0`,
  )) found.push(['room_inactive', id, Number(minutes)]);
  for (const [id, length] of await rowsOf(
    'SELECT b.id, (b.end_s - b.start_s) / 60 FROM booking b JOIN form_submission s ON s.workspace_id = b.workspace_id AND s.booking_id = b.id' +
      ` WHERE ${day} AND b.gates_unmet = 0 AND s.status = 'pending' AND s.requested_s IS NOT NULL`,
  )) found.push(['form_pending', id, Number(length)]);
  for (const [id, length] of await rowsOf(
    'SELECT DISTINCT b.id, (b.end_s - b.start_s) / 60 FROM booking b JOIN message m ON m.workspace_id = b.workspace_id AND m.booking_id = b.id' +
      ` WHERE ${day} AND m.untold = 1 AND m.matters_until_s > ${Math.floor(Date.now() / 1000)}`,
  )) found.push(['not_told', id, Number(length)]);
  for (const [id, active, onHand, reorder] of await rowsOf(
    `SELECT id, active, on_hand, reorder_point FROM item WHERE workspace_id = ${ws}`,
  )) {
    const sum = async (where, what) =>
      Number((await rowsOf(
        `SELECT COALESCE(SUM(${what}), 0) FROM booking b JOIN booking_material m ON m.workspace_id = b.workspace_id` +
          ` AND m.booking_id = b.id AND m.item_id = ${id} WHERE b.workspace_id = ${ws} AND b.status IN ('pending', 'confirmed') AND ${where}`,
      ))[0][0]);
    const needed = await sum(`b.start_s < ${toS}`, 'm.quantity');
    if ((await sum(day, 'm.quantity')) === 0) continue;
    const left = Number(onHand) - needed;
    const minutes = await sum(day, '(b.end_s - b.start_s) / 60');
    if (left < 0) found.push(['stock_short', id, minutes]);
    else if (active === '0') found.push(['stock_inactive', id, minutes]);
    else if (left <= Number(reorder)) found.push(['stock_low', id, minutes]);
  }
  return found;
}

async function assertHealth(salon, seen) {
  const causes = seen.causes.map(({ code, booking_id: visit, item_id: item, minutes }) => [code, item ?? visit, minutes]);
  assert.deepEqual(causes.toSorted(), (await recomputed(salon, seen)).toSorted());
  for (const { code, points } of seen.causes) assert.equal(points, POINTS[code], code);
  const sum = seen.causes.reduce((all, { points }) => all + points, 0);
  assert.deepEqual([seen.points, seen.score, seen.left_off], [sum, Math.max(0, 100 - sum), 0]);
  const total = (name) => seen.groups.reduce((all, each) => all + each[name], 0);
  assert.deepEqual([total('points'), total('causes')], [sum, seen.causes.length]);
  assert.ok(seen.causes.every(({ message, action, fix_url: url }) => message && action && url.startsWith('/app')));
}

describe('the health of a day', () => {
  test('is 100 where nothing is wrong, and where there is no visit', async () => {
    const salon = await salonOf();
    const none = await health(salon);
    assert.deepEqual([none.score, none.visits, none.causes], [100, 0, []]);
    await book(salon, await tomorrowNoon(salon));
    const one = await health(salon);
    assert.deepEqual([one.score, one.visits, one.minutes, one.causes], [100, 1, 45, []]);
    assert.deepEqual(one.groups.map(({ group }) => group), ['staff', 'room', 'stock', 'forms', 'messages', 'visits']);
  });

  test('every cause is a line with its points and minutes, as the raw rows have it', async () => {
    const salon = await salonOf({
      staff: ['Ann', 'Bob', 'Cid', 'Dee'],
      items: [
        { name: 'Colour', on_hand: 100, reorder_point: 40 },
        { name: 'Foil', on_hand: 1000, reorder_point: 10 },
      ],
      services: [{ name: 'Tint', duration_min: 60, buffer_before_min: 5, buffer_after_min: 10, price: 1000, materials: [[0, 20], [1, 5]] }],
    });
    const [ann, bob, cid, dee] = salon.staff;
    const room = expectStatus(await salon.owner.post('/resources', { name: 'Blue', kind: 'room' }), 201);
    const roomy = expectStatus(
      await salon.owner.post('/services', { name: 'Bath', duration_min: 30, price: 1, staff_ids: [dee.id], needs: [{ any_of: [room.id] }] }),
      201,
    );
    const noon = await tomorrowNoon(salon);
    const off = await book(salon, noon, { staff_id: ann.id });
    const idle = await book(salon, noon, { staff_id: bob.id });
    await book(salon, noon, { staff_id: cid.id });
    const bath = await book(salon, noon - 2 * HOUR_MS, { staff_id: dee.id, service_ids: [roomy.id] });
    const late = await book(salon, noon + 9.5 * HOUR_MS, { staff_id: dee.id, override_hours: true });
    await book(salon, noon - 26 * HOUR_MS, { staff_id: dee.id }); // today's, unmarked or to come: needs stock as well
    const form = await makeForm(salon.owner);
    await askForm(server, form, late, { requestedAgoS: 60 });
    await mailGone(server);

    const away = { start: iso(noon + 25 * 60_000), end: iso(noon + 3 * HOUR_MS), reason: 'x' };
    expectStatus(await salon.owner.post(`/staff/${ann.id}/time-off`, away), 201);
    expectStatus(await salon.owner.put(`/staff/${bob.id}/hours`, { weekly: everyDay('06:00', '12:20') }), 200);
    expectStatus(await salon.owner.post(`/staff/${cid.id}/deactivate`), 200);
    expectStatus(await salon.owner.patch(`/resources/${room.id}`, { active: false }), 200);
    await sql(server, `UPDATE booking SET gates_unmet = 2 WHERE id = ${idle.id}`);
    await sql(server, `UPDATE booking SET gates_unmet = 1 WHERE id = ${bath.id}`);
    await sql(server, `UPDATE booking SET status = 'pending' WHERE id = ${off.id}`);
    await sql(server, `UPDATE message SET untold = 1 WHERE booking_id = ${late.id} AND kind = 'booking_confirmation'`);

    const seen = await health(salon);
    await assertHealth(salon, seen);
    assert.deepEqual(
      [...new Set(seen.causes.map(({ code }) => code))].toSorted(),
      [
        'closed', 'form_pending', 'gate_form', 'gate_visit', 'not_told', 'outside_hours',
        'room_inactive', 'staff_inactive', 'staff_off', 'stock_low', 'unconfirmed',
      ],
    );
    const of = (code) => seen.causes.find((each) => each.code === code);
    assert.deepEqual([of('staff_off').booking_id, of('staff_off').minutes], [off.id, 45]);
    assert.deepEqual([of('outside_hours').minutes, of('outside_hours').staff_name], [50, 'Bob']);
    assert.deepEqual([of('closed').booking_id, of('closed').minutes], [late.id, 40]);
    assert.equal(of('room_inactive').resource_name, 'Blue');
    assert.deepEqual(
      [of('stock_low').item_name, of('stock_low').needed, of('stock_low').on_hand, of('stock_low').left],
      ['Colour', 80, 100, 0],
    );
    assert.equal(seen.score, 100 - seen.points < 0 ? 0 : 100 - seen.points);

    /* What is mended no longer counts. */
    expectStatus(await salon.owner.post(`/bookings/${off.id}/confirm`), 200);
    expectStatus(await salon.owner.patch(`/resources/${room.id}`, { active: true }), 200);
    const later = await health(salon);
    await assertHealth(salon, later);
    assert.equal(later.points, seen.points - POINTS.unconfirmed - POINTS.room_inactive);
  });

  test('of a switched-off item, and of many visits at once, never falls under 0', async () => {
    const salon = await salonOf({
      items: [{ name: 'Colour', on_hand: 1000, reorder_point: 0 }],
      services: [{ name: 'Tint', duration_min: 30, price: 1000, materials: [[0, 20]] }],
    });
    const noon = await tomorrowNoon(salon);
    for (let i = 0; i < 8; i += 1) await book(salon, noon + i * HOUR_MS);
    expectStatus(await salon.owner.patch(`/items/${salon.items[0].id}`, { active: false }), 200);
    const one = await health(salon);
    await assertHealth(salon, one);
    assert.deepEqual(one.causes.map(({ code }) => code), ['stock_inactive']);
    expectStatus(await salon.owner.post(`/staff/${salon.staff[0].id}/deactivate`), 200);
    const all = await health(salon);
    await assertHealth(salon, all);
    assert.deepEqual([all.score, all.points], [0, 8 * 15 + 5]);
  });

  test('is of the day that is asked for, from today on, by the business’s clock', async () => {
    const salon = await salonOf();
    const noon = await tomorrowNoon(salon);
    await book(salon, noon + 6 * DAY_MS);
    const { date, from, to } = await health(salon);
    const day = new Date(Date.parse(`${date}T00:00:00Z`) + 6 * DAY_MS).toISOString().slice(0, 10);
    assert.equal((await health(salon, day)).visits, 1);
    assert.equal(new Date(to) - new Date(from), DAY_MS);
    const past = new Date(Date.parse(`${date}T00:00:00Z`) - 2 * DAY_MS).toISOString().slice(0, 10);
    expectInvalid(await salon.owner.get(`/health?date=${past}`), ['date']);
    expectInvalid(await salon.owner.get('/health?date=2999-01-01'), ['date']);
    expectProblem(await salon.visitor.get('/health'), 401, 'not_signed_in');
  });

  test('a day of another length has its own ends', async () => {
    const salon = await salonOf({ timezone: 'Europe/Paris' });
    const changes = ['2026-10-25', '2027-03-28', '2027-10-31', '2028-03-26', '2028-10-29', '2029-03-25'];
    const { date } = await health(salon);
    const next = changes.find((each) => each > date && Date.parse(each) - Date.parse(date) < 390 * DAY_MS);
    const { from, to } = await health(salon, next);
    assert.equal((new Date(to) - new Date(from)) / HOUR_MS, next.slice(5, 7) === '03' ? 23 : 25);
  });
});
