// SPDX-License-Identifier: AGPL-3.0-or-later
// Reports: every figure is what the raw rows give when they are reckoned a second time, in another
// language and by another calendar (office_reports_world.mjs), on rows made from a seed.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import * as world from './office_reports_world.mjs';

const DAY_S = 86_400;
const now = () => Math.floor(Date.now() / 1000);
const { addDays, dateAt, daysOf, partsOf } = world;

let server;
before(async (t) => {
  server = await startServer(t);
});

const ask = async (salon, kind, query = {}) =>
  expectStatus(await salon.owner.get(`/reports/${kind}?${new URLSearchParams(query)}`), 200);

/** What `figures` has of `wanted`: the members that the report shows, as the rows give them. */
function agrees(figures, wanted, what) {
  const shown = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const found = Object.fromEntries(Object.keys(shown).filter((name) => name in figures).map((name) => [name, figures[name]]));
  const expected = Object.fromEntries(Object.keys(found).map((name) => [name, shown[name]]));
  assert.deepEqual(found, expected, what);
  for (const name of Object.keys(figures)) assert.ok(name in wanted, `${what}: ${name} was not reckoned`);
}

// ---- days and months, once more ----

const monthsBack = (date, n) => {
  const [year, month, day] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - n, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.toISOString().slice(0, 10);
};
const endsMonth = (date) => addDays(date, 1).endsWith('-01');
const monthEnd = (date) => addDays(`${monthsBack(`${date.slice(0, 7)}-01`, -1)}`, -1);

function periodBefore({ from, to, compare }) {
  if (compare === 'last_year') return { from: monthsBack(from, 12), to: monthsBack(to, 12) };
  if (from.endsWith('-01')) {
    const [fy, fm, ty, tm] = [...from.split('-').slice(0, 2), ...to.split('-').slice(0, 2)].map(Number);
    const n = (ty - fy) * 12 + tm - fm + 1;
    const end = monthsBack(to, n);
    return { from: monthsBack(from, n), to: endsMonth(to) ? monthEnd(end) : end };
  }
  const shift = Math.ceil(daysOf(from, to).length / 7) * 7;
  return { from: addDays(from, -shift), to: addDays(to, -shift) };
}

/** The whole, each part, and the period before, by one function of dates. */
function checkReport(report, question, reckon) {
  const what = `${report.kind} ${JSON.stringify(question)}`;
  const { from, to, by, compare } = question;
  agrees(report.totals, reckon({ from, to }), `${what} in all`);
  const parts = partsOf(from, to, by);
  assert.deepEqual(report.series.map((p) => ({ from: p.from, to: p.to })), parts, what);
  for (const point of report.series) agrees(point.figures, reckon(point), `${what} at ${point.from}`);
  if (!compare || compare === 'none') {
    assert.equal(report.previous, null);
    return;
  }
  const earlier = periodBefore(question);
  assert.deepEqual({ from: report.previous.from, to: report.previous.to }, earlier, what);
  agrees(report.previous.totals, reckon(earlier, earlier), `${what} before`);
}

// Clocks change at two, at midnight, by half an hour, and twice a year more for a month.
const ZONES = ['Europe/Paris', 'America/Havana', 'Australia/Lord_Howe', 'Africa/Casablanca'];

for (const [seed, zone] of ZONES.entries()) {
  describe(`two years in ${zone}`, () => {
    let salon;
    let raw;
    let today;
    const from = now() - 800 * DAY_S;
    before(async () => {
      salon = await world.makeWorld(server, { zone, seed: seed + 1, from_s: from, to_s: now() + 40 * DAY_S });
      raw = await world.rawRows(server, salon);
      today = dateAt(zone, now());
    });

    /** Months with a change of clocks, a year, odd pieces with one person or one service. */
    function questions() {
      const change = daysOf(addDays(today, -380), addDays(today, -1)).filter((date) => {
        const noon = Date.parse(`${date}T12:00Z`) / 1000;
        const clock = (at) => world.wall(zone, at).minute;
        return clock(noon) !== clock(noon + DAY_S);
      });
      const months = change.slice(0, 2).map((date) => ({ from: `${date.slice(0, 7)}-01`, to: monthEnd(date), by: 'day', compare: 'previous' }));
      return [
        ...months,
        { from: addDays(today, -399), to: today, by: 'month', compare: 'none' },
        { from: addDays(today, -50), to: addDays(today, 30), by: 'week', compare: 'last_year', staff: salon.staff[0].id },
        { from: addDays(change[0], -9), to: addDays(change[0], 13), by: 'week', compare: 'previous', service: salon.services[1].id },
      ];
    }
    const sent = ({ staff, service, ...rest }) => ({ ...rest, ...(staff ? { staff_id: staff } : {}), ...(service ? { service_id: service } : {}) });
    const outside = (question, dates) => ({ ...question, from: dates.from, to: dates.to });

    test('bookings, revenue, no-shows and cancellations are what the rows say', async () => {
      for (const question of questions()) {
        for (const kind of ['bookings', 'revenue', 'no_shows', 'cancellations']) {
          const report = await ask(salon, kind, sent(question));
          checkReport(report, question, (dates) => world.visitsReport(raw, zone, question, dates));
          assert.equal(report.state, 'some');
        }
      }
    });

    test('each person and each service has its part', async () => {
      const [question] = questions();
      const { rows } = await ask(salon, 'revenue', sent(question));
      const of = (group) => rows.filter((row) => row.group === group);
      assert.deepEqual(of('staff').map(({ name }) => name).sort(), ['Ann', 'Bob', 'Cem']);
      for (const row of of('staff')) agrees(row.figures, world.visitsReport(raw, zone, { ...question, staff: row.id }, question), `revenue of ${row.name}`);
      for (const row of of('service')) {
        const lines = raw.lines.flatMap((line) => {
          const b = raw.bookings.find(({ id }) => id === line.booking_id);
          const date = dateAt(zone, b.start_s);
          return line.service_id === row.id && date >= question.from && date <= question.to ? [{ ...b, price: line.price }] : [];
        });
        agrees(row.figures, world.visitFigures(lines), `revenue of ${row.name}`);
      }
      const values = of('staff').map(({ value }) => value);
      assert.deepEqual(values, values.toSorted((a, b) => b - a));
      const cancelled = (await ask(salon, 'cancellations', sent(question))).rows;
      const total = world.visitsReport(raw, zone, question, question);
      const figure = { client: 'by_client', business: 'by_business' };
      for (const row of cancelled.filter(({ group }) => ['by', 'notice'].includes(group))) {
        assert.equal(row.figures.cancelled, total[figure[row.word] ?? row.word], row.word);
      }
    });

    test('people are open minute by minute as their clocks and calendars say, and held as their visits do', async () => {
      const minutesOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
      const spans = (weekly) => weekly.map(({ weekday, start, end }) => ({ weekday, from: minutesOf(start), to: minutesOf(end) }));
      const { data: members } = expectStatus(await salon.owner.get('/staff?limit=50'), 200);
      const hours = new Map([['business', spans(salon.workspace.hours)]]);
      for (const m of members) if (m.bookable) hours.set(m.id, m.hours.inherits ? null : spans(m.hours.weekly));
      const [spring, autumn] = questions();
      for (const question of [{ ...spring, compare: 'none' }, { ...autumn, by: 'week', compare: 'none', staff: salon.staff[1].id }]) {
        const open = world.openMinutes(raw, zone, hours, question);
        const report = await ask(salon, 'utilisation', sent(question));
        checkReport(report, question, (dates) => world.peopleReport(raw, zone, question, open, dates));
        for (const row of report.rows) agrees(row.figures, world.peopleReport(raw, zone, { ...question, staff: row.id }, open, question), row.name);
      }
    });

    test('clients are new, return and come back as their visits say', async () => {
      const at = now();
      for (const question of questions()) {
        const report = await ask(salon, 'retention', sent(question));
        checkReport(report, question, (dates, whole = question) => world.clientsReport(raw, zone, outside(question, whole), dates, at));
        assert.equal(report.rows.reduce((sum, row) => sum + row.figures.clients, 0), report.totals.clients);
      }
    });

    test('ratings are those that were given', async () => {
      for (const question of questions()) {
        const report = await ask(salon, 'ratings', sent(question));
        checkReport(report, question, (dates) => world.ratingsReport(raw, zone, question, dates));
        for (const row of report.rows) agrees(row.figures, world.ratingsReport(raw, zone, { ...question, staff: row.id }, question), row.name);
      }
    });

    test('stock is worth what the whole ledger adds up to, at the end of each part', async () => {
      for (const question of questions().filter(({ staff, service }) => !staff && !service)) {
        const report = await ask(salon, 'stock_value', sent(question));
        checkReport(report, question, ({ to }) => world.stockValue(raw, zone, to));
        const stock = world.stockAt(raw, zone, question.to);
        for (const row of report.rows) {
          const item = stock.find(({ id }) => id === row.id);
          assert.equal(row.figures.on_hand, item.on_hand / 1000);
          assert.equal(row.figures.stock_value ?? '', item.unit_cost === '' ? '' : Math.floor((item.on_hand * item.unit_cost + 500) / 1000));
        }
      }
    });

    test('what visits used stands beside what was planned, and what was thrown away', async () => {
      for (const question of questions().filter(({ staff, service }) => !staff && !service)) {
        const report = await ask(salon, 'stock_usage', sent(question));
        const { items, unpriced, ...totals } = report.totals;
        checkReport({ ...report, totals }, question, (dates) => ({ ...world.usageReport(raw, zone, outside(question, dates), dates), items: undefined, unpriced: undefined }));
        const used = world.usageOf(raw, zone, question, question).filter(({ lines }) => lines > 0);
        assert.deepEqual([items, unpriced], [used.length, used.filter(({ unit_cost: cost }) => cost === '').length]);
        for (const row of report.rows) {
          const item = used.find(({ id }) => id === row.id);
          const { planned, used: took, waste } = row.figures;
          assert.deepEqual([planned, took, waste], [item.planned / 1000, item.used / 1000, item.waste / 1000]);
        }
      }
    });

    test('a table says the same as the report', async () => {
      const [question] = questions();
      for (const [kind, part] of [['revenue', 'series'], ['stock_usage', 'rows'], ['bookings', 'rows']]) {
        const answer = await salon.owner.get(`/reports/${kind}/report.csv?${new URLSearchParams({ ...sent(question), part })}`);
        assert.equal(answer.status, 200);
        assert.match(answer.headers.get('content-type'), /^text\/csv/);
        assert.match(answer.headers.get('content-disposition'), new RegExp(`${kind}-${question.from}-${question.to}\\.csv`));
        const [head, ...lines] = answer.text.replace(/^\uFEFF/, '').trimEnd().split('\r\n').map((line) => line.split(','));
        const report = await ask(salon, kind, sent(question));
        const list = report[part];
        assert.equal(lines.length, list.length);
        for (const [i, line] of lines.entries()) {
          const row = Object.fromEntries(head.map((name, k) => [name, line[k]]));
          const fixed = part === 'series' ? [list[i].from, list[i].to] : [list[i].group, list[i].id];
          assert.deepEqual(part === 'series' ? [row.from, row.to] : [row.group, row.id], fixed);
          assert.equal(row.value, String(list[i].value ?? ''));
          for (const [name, value] of Object.entries(list[i].figures)) assert.equal(Number(row[name]), value, name);
        }
      }
    });
  });
}

test('who has the permission reads reports, and nobody else; without a name of a client', async () => {
  const salon = await makeSalon(server);
  const caller = async (...scopes) =>
    new Client(server.baseUrl, { token: expectStatus(await salon.owner.post('/tokens', { name: 'x', scopes }), 201).secret });
  expectProblem(await (await caller('bookings', 'clients', 'inventory')).get('/reports/revenue'), 403, 'insufficient_scope');
  const reader = await caller('reports:read');
  expectStatus(await reader.get('/reports/revenue'), 200);
  assert.equal((await reader.get('/reports/revenue/report.csv')).status, 200);
  expectProblem(await salon.visitor.get('/reports/revenue'), 401, 'not_signed_in');
});

test('what cannot be answered is said with its reason', async () => {
  const salon = await makeSalon(server);
  const fault = async (path, field, code) => {
    const { errors } = expectProblem(await salon.owner.get(`/reports/${path}`), 422, 'validation_failed');
    assert.deepEqual(errors.map((e) => [e.path, e.code]), [[field, code]]);
  };
  expectProblem(await salon.owner.get('/reports/nothing'), 404, 'not_found');
  await fault('revenue?from=2026-03-02&to=2026-03-01', 'to', 'out_of_order');
  await fault('revenue?from=2024-01-01&to=2026-03-01', 'to', 'too_long');
  await fault('stock_value?staff_id=1', 'staff_id', 'not_applicable');
  await fault('utilisation?service_id=1', 'service_id', 'not_applicable');
  await fault('revenue?by=hour', 'by', 'not_a_choice');
  expectStatus(await salon.owner.get('/reports/revenue?from=2024-01-01&to=2025-02-03'), 200);
});

test('nothing yet is told from nothing in this period; hours alone are not something', async () => {
  const salon = await makeSalon(server, { items: [{ name: 'Oil' }] });
  const states = async (query) => {
    const kinds = ['bookings', 'revenue', 'utilisation', 'no_shows', 'cancellations', 'retention', 'ratings', 'stock_value', 'stock_usage'];
    return Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind, (await ask(salon, kind, query)).state])));
  };
  assert.deepEqual(await states({}), {
    ...{ bookings: 'none_ever', revenue: 'none_ever', utilisation: 'none_ever', no_shows: 'none_ever', cancellations: 'none_ever' },
    ...{ retention: 'none_ever', ratings: 'none_ever', stock_value: 'none_in_period', stock_usage: 'none_in_period' },
  });
  const [slot] = await salon.slots();
  expectStatus(await salon.book({ start: slot.start }), 201);
  const before = await states({ from: '2024-01-01', to: '2024-01-31' });
  assert.deepEqual([before.bookings, before.utilisation, before.ratings], ['none_in_period', 'none_in_period', 'none_ever']);
  const date = slot.local.slice(0, 10);
  const report = await ask(salon, 'bookings', { from: date, to: date, compare: 'previous' });
  assert.deepEqual([report.state, report.finding.value, report.finding.previous, report.finding.change_permille], ['some', 1, 0, null]);
  assert.deepEqual([report.finding.best_from, report.finding.leader], [date, report.rows[0].name]);
});

test('without a cost there is no value; what has happened to an erased client still counts', async () => {
  const salon = await makeSalon(server, { items: [{ name: 'Oil', on_hand: 500 }] });
  const report = await ask(salon, 'stock_value');
  assert.deepEqual([report.finding.value, report.totals.items, report.totals.unpriced, report.rows[0].figures.on_hand], [null, 1, 1, 500]);
  assert.ok(report.series.every(({ value }) => value === null));
  await sql(server, `UPDATE item SET unit_cost = 30 WHERE workspace_id = ${salon.workspace.id}`);
  assert.equal((await ask(salon, 'stock_value')).finding.value, 15_000);
});
