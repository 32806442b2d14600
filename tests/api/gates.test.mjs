// SPDX-License-Identifier: AGPL-3.0-or-later
// What a service asks for before a visit: a form, a patch test, another service. Judged on the visit's
// date whenever it is booked, moved, restored, begun or completed, and by nobody's word.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { setableClock } from '../lib/clock.mjs';
import { sql } from '../lib/contents.mjs';
import { FIELDS, linkTo, makeForm } from '../lib/forms.mjs';
import { arrive } from '../lib/members.mjs';
import { eventually } from '../lib/process.mjs';
import { everyDay, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const ROUNDS = process.env.SOAK === '1' ? 40 : 6;

let server;
let clock;
before(async (t) => {
  clock = await setableClock();
  server = await startServer(t, { env: clock.env });
});

let count = 0;
const person = () => {
  count += 1;
  return { name: `Cleo ${count}`, email: `cleo${count}@client.example`, phone: '+33 1 2345' };
};
const iso = (s) => new Date(s * 1000).toISOString().replace('.000Z', 'Z');
const seconds = (instant) => new Date(instant).getTime() / 1000;

/** On the hour, so that starts stand on the grid. */
const at = (hours) => iso((Math.floor(clock.nowS() / HOUR) + hours) * HOUR);

/** Colour asks for a patch test two days before, good for 180 days. */
async function salonOf({ requires = {}, ...options } = {}) {
  const salon = await makeSalon(server, {
    timezone: 'Etc/UTC',
    hours: everyDay('00:00', '24:00'),
    policy: { max_advance_days: 700, min_notice_min: 0, slot_step_min: 60 },
    services: [
      { name: 'Colour', duration_min: 60, price: 9000 },
      { name: 'Patch test', duration_min: 15, price: 0 },
      { name: 'Consultation', duration_min: 30, price: 0 },
    ],
    ...options,
  });
  const [colour, patch, consultation] = salon.services;
  const asks = [
    { kind: 'patch_test', service_id: patch.id, lead_hours: 48, valid_days: 180, ...requires },
  ];
  expectStatus(await salon.owner.patch(`/services/${colour.id}`, { requires: asks }), 200);
  return Object.assign(salon, { colour, patch, consultation, client: person() });
}

const visit = (salon, service, start, client = salon.client, more = {}) =>
  salon.owner.post('/bookings', {
    service_ids: [service.id].flat(),
    start,
    ...(client.id ? { client_id: client.id } : { client }),
    ...more,
  });
const booked = async (...args) => expectStatus(await visit(...args), 201);
const post = async (salon, path, body) => expectStatus(await salon.owner.post(path, body), 200);
const get = async (salon, path) => expectStatus(await salon.owner.get(path), 200);
const look = (salon, booking) => get(salon, `/bookings/${booking.id}`);
const gatesOf = async (salon, booking) => (await get(salon, `/bookings/${booking.id}/gates`)).data;

/** A patch test that was done so many hours ago. */
async function tested(salon, hoursAgo, body, client = salon.client) {
  const booking = await booked(salon, salon.patch, at(-hoursAgo), client);
  return post(salon, `/bookings/${booking.id}/complete`, body);
}

const unmet = async (salon, which = 'unmet') =>
  (await get(salon, `/bookings?gates=${which}`)).data.map(({ id }) => id);

/** Each open booking's column is what the judge says of it. */
async function isConsistent(salon) {
  const open = (await salon.owner.list('/bookings')).filter(({ status }) =>
    ['pending', 'confirmed'].includes(status),
  );
  for (const booking of open) {
    const gates = await gatesOf(salon, booking);
    assert.equal(booking.gates_ok, gates.every(({ ok }) => ok), `booking ${booking.id}`);
  }
  const wrong = open.filter(({ gates_ok: ok }) => !ok).map(({ id }) => id);
  assert.deepEqual((await unmet(salon)).sort(), wrong.sort());
}

describe('what a service asks', () => {
  let salon;
  let colour;
  let patch;
  before(async () => {
    salon = await salonOf();
    ({ colour, patch } = salon);
  });
  const ask = (service, requires) => salon.owner.patch(`/services/${service.id}`, { requires });

  test('is kept as it was given, and told in the audit', async () => {
    const form = await makeForm(salon.owner);
    const wanted = [
      { kind: 'form', form_id: form.id, valid_days: 365 },
      { kind: 'patch_test', service_id: patch.id, lead_hours: 48, valid_days: 180 },
    ];
    const changed = expectStatus(await ask(colour, wanted), 200);
    assert.deepEqual(changed.requires, [
      { kind: 'form', form_id: form.id, service_id: null, lead_hours: 0, valid_days: 365 },
      { kind: 'patch_test', form_id: null, service_id: patch.id, lead_hours: 48, valid_days: 180 },
    ]);
    assert.deepEqual((await get(salon, `/services/${colour.id}`)).requires, changed.requires);
    assert.deepEqual(
      expectStatus(await ask(colour, changed.requires), 200).requires,
      changed.requires,
      'an answer can be sent back',
    );
    const { data } = await get(salon, `/audit?entity=service`);
    const events = data.filter(({ changes }) => changes.requires);
    assert.match(JSON.stringify(events), new RegExp(`form ${form.id} for 365 days, patch_test`));
  });

  test('is refused where it makes no sense', async () => {
    const cases = [
      [{ kind: 'form' }, 'requires.0.form_id'],
      [{ kind: 'patch_test' }, 'requires.0.service_id'],
      [{ kind: 'patch_test', service_id: patch.id, form_id: '7' }, 'requires.0.form_id'],
      [{ kind: 'patch_test', service_id: colour.id }, 'requires.0.service_id'],
      [
        { kind: 'prerequisite', service_id: patch.id, lead_hours: 72, valid_days: 3 },
        'requires.0.valid_days',
      ],
    ];
    for (const [gate, path] of cases) expectInvalid(await ask(colour, [gate]), [path]);
    const twice = { kind: 'patch_test', service_id: patch.id };
    expectInvalid(await ask(colour, [twice, twice]), ['requires.1.service_id']);
    expectProblem(await ask(colour, [{ kind: 'form', form_id: '12345' }]), 404, 'not_found');
    const other = await salonOf();
    const theirs = [{ kind: 'prerequisite', service_id: other.patch.id }];
    expectProblem(await ask(colour, theirs), 404, 'not_found');
  });

  test('is refused where it is switched off or retired, and named in readiness once it is', async () => {
    const form = await makeForm(salon.owner);
    expectStatus(await salon.owner.patch(`/forms/${form.id}`, { active: false }), 200);
    expectInvalid(await ask(colour, [{ kind: 'form', form_id: form.id }]), ['requires.0.form_id']);
    const gone = expectStatus(
      await salon.owner.post('/services', { name: 'Old test', duration_min: 15, price: 0 }),
      201,
    );
    const asks = [{ kind: 'prerequisite', service_id: gone.id }];
    expectStatus(await ask(colour, asks), 200);
    const check = async () =>
      (await get(salon, '/workspace/readiness')).checks.find(({ code }) => code === 'gates');
    assert.equal((await check()).ok, true);
    expectStatus(await salon.owner.delete(`/services/${gone.id}`), 204);
    const { ok, message, required } = await check();
    assert.deepEqual([ok, required], [false, false]);
    assert.match(message, /^Colour asks for "Old test"/);
    expectProblem(await ask(colour, asks), 422, 'validation_failed');
    const refused = await visit(salon, colour, at(80));
    expectProblem(refused, 409, 'gate_unmet');
    assert.match(refused.body.detail, /switched it off/, 'it is not open for that');
    assert.equal(refused.body.gates[0].book_url, null);
  });

  test('cannot go round in a circle', async () => {
    const three = await salonOf();
    const asks = (service, of) =>
      three.owner.patch(`/services/${service.id}`, {
        requires: [{ kind: 'prerequisite', service_id: of.id }],
      });
    expectStatus(await asks(three.patch, three.consultation), 200);
    expectInvalid(await asks(three.consultation, three.colour), ['requires']);
    expectInvalid(await asks(three.consultation, three.patch), ['requires']);
    assert.deepEqual((await get(three, `/services/${three.consultation.id}`)).requires, []);
  });
});

describe('a patch test', () => {
  test('has to be there before the visit is booked, long enough before it', async () => {
    const salon = await salonOf();
    const { colour, patch, client } = salon;
    const refused = await visit(salon, colour, at(72));
    expectProblem(refused, 409, 'gate_unmet');
    const [gate, ...more] = refused.body.gates;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [gate.kind, gate.service_id, gate.name, gate.service, gate.ok, gate.code, gate.book_url],
      [
        ...['patch_test', patch.id, 'Patch test', 'Colour', false, 'missing'],
        `/book/${salon.slug}?service=${patch.id}`,
      ],
    );
    assert.match(refused.body.detail, /^Colour needs "Patch test" at least 48 hours before it/);
    assert.equal(refused.body.detail, gate.why);
    const lead = seconds(gate.earliest_start) - clock.nowS();
    assert.ok(lead > 48 * HOUR && lead <= 50 * HOUR, 'the first free start, its end, two days');
    assert.deepEqual(await salon.owner.list('/bookings'), [], 'nothing is left of it');

    const test1 = await booked(salon, patch, at(24));
    const end = seconds(test1.end);
    const late = await visit(salon, colour, at(72));
    expectProblem(late, 409, 'gate_unmet');
    assert.equal(late.body.gates[0].code, 'too_soon');
    assert.equal(late.body.gates[0].earliest_start, iso(end + 48 * HOUR));
    const main = await booked(salon, colour, at(73));
    assert.equal(main.gates_ok, true);
    assert.equal(main.client.id, test1.client.id);
    assert.deepEqual(
      (await gatesOf(salon, main)).map(({ ok, done, code }) => [ok, done, code]),
      [[true, false, 'not_done']],
    );
    expectProblem(await visit(salon, colour, at(80), person()), 409, 'gate_unmet');
    expectStatus(await visit(salon, colour, at(80), { name: client.name }), 409);
    await isConsistent(salon);
  });

  test('counts for as many days of the calendar as it is valid', async () => {
    const salon = await salonOf({ requires: { lead_hours: 0, valid_days: 2 } });
    const done = await tested(salon, 24);
    const dayOf = (hours) => Math.floor(seconds(at(hours)) / DAY);
    const testDay = Math.floor(seconds(done.end) / DAY);
    for (let hours = 1; hours <= 80; hours += 1) {
      const start = at(hours);
      if (dayOf(hours) - testDay <= 2) continue;
      const refused = await visit(salon, salon.colour, start);
      expectProblem(refused, 409, 'gate_unmet');
      assert.equal(refused.body.gates[0].code, 'expired');
      assert.match(refused.body.detail, /is good for 2 days: book it again/);
      const last = await booked(salon, salon.colour, at(hours - 1));
      assert.equal(last.gates_ok, true, 'the hour before, and the day before');
      break;
    }
  });

  test('never counts for the visit that it is a part of', async () => {
    const salon = await salonOf({ requires: { lead_hours: 0, valid_days: undefined } });
    const both = { id: [salon.patch.id, salon.colour.id] };
    expectProblem(await visit(salon, both, at(5)), 409, 'gate_unmet');
    await booked(salon, salon.patch, at(4));
    const main = await booked(salon, both, at(5));
    assert.equal(main.gates_ok, true, 'an earlier one does');
  });

  test('that is cancelled, moved or missed leaves the visit unmet, and restored met again', async () => {
    const salon = await salonOf();
    const { owner } = salon;
    const test1 = await booked(salon, salon.patch, at(24));
    const main = await booked(salon, salon.colour, at(80));
    const path = `/bookings/${test1.id}`;
    const isUnmet = async (expected, what) => {
      assert.equal((await look(salon, main)).gates_ok, !expected, what);
      assert.deepEqual(await unmet(salon), expected ? [main.id] : [], what);
      assert.deepEqual(await unmet(salon, 'urgent'), expected ? [main.id] : [], what);
      await isConsistent(salon);
    };
    await isUnmet(false, 'as booked');
    await post(salon, `${path}/cancel`);
    await isUnmet(true, 'cancelled');
    await post(salon, `${path}/restore`);
    await isUnmet(false, 'restored');
    expectStatus(await owner.patch(path, { start: at(60) }), 200);
    await isUnmet(true, 'moved too near');
    expectStatus(await owner.patch(path, { start: at(24) }), 200);
    await isUnmet(false, 'moved back');
    await post(salon, `${path}/no-show`);
    await isUnmet(true, 'missed');
    const { version } = await look(salon, main);
    assert.equal(version, main.version, 'the visit itself has not changed');
    const kinds = (await get(salon, `/bookings/${main.id}/history`)).data.map((each) => each.action ?? each.kind);
    assert.equal(kinds.filter((kind) => kind === 'gate_unmet').length, 3);
    assert.equal(kinds.filter((kind) => kind === 'gate_met').length, 2);

    for (const step of ['start', 'complete']) {
      const refused = await owner.post(`/bookings/${main.id}/${step}`);
      expectProblem(refused, 409, 'gate_unmet');
    }
    await post(salon, `/bookings/${main.id}/cancel`);
    expectProblem(await owner.post(`/bookings/${main.id}/restore`), 409, 'gate_unmet');
    assert.deepEqual(await unmet(salon), []);
    assert.equal((await look(salon, main)).status, 'cancelled');
  });

  test('has to be completed before the visit begins', async () => {
    const salon = await salonOf({ requires: { lead_hours: 1 } });
    const test1 = await booked(salon, salon.patch, at(-3));
    const main = await booked(salon, salon.colour, at(1));
    const refused = await salon.owner.post(`/bookings/${main.id}/start`);
    expectProblem(refused, 409, 'gate_unmet');
    assert.match(refused.body.detail, /not completed: complete it first/);
    expectProblem(await salon.owner.post(`/bookings/${main.id}/complete`), 409, 'gate_unmet');
    await post(salon, `/bookings/${test1.id}/complete`);
    assert.deepEqual((await gatesOf(salon, main)).map(({ done }) => done), [true]);
    const started = await post(salon, `/bookings/${main.id}/start`);
    assert.ok(started.started_at);
    const completed = await post(salon, `/bookings/${main.id}/complete`);
    assert.deepEqual([completed.status, completed.gates_ok], ['completed', true]);
  });

  test('that failed never counts, and blocks until a later one has passed', async () => {
    const salon = await salonOf({ requires: { lead_hours: 1 } });
    const { owner } = salon;
    await tested(salon, 30 * 24, { test_result: 'passed' });
    const main = await booked(salon, salon.colour, at(48));
    const failed = await tested(salon, 24);
    assert.equal(failed.test_result, null);
    assert.equal((await look(salon, main)).gates_ok, true, 'what it came to nobody has said yet');
    const said = await post(salon, `/bookings/${failed.id}/test-result`, { test_result: 'failed' });
    assert.equal(said.test_result, 'failed');
    assert.equal((await look(salon, main)).gates_ok, false);
    assert.deepEqual(await unmet(salon), [main.id]);
    const [gate] = await gatesOf(salon, main);
    assert.deepEqual([gate.code, gate.earliest_start], ['failed', null]);
    assert.match(gate.why, /did not go well/);
    await booked(salon, salon.patch, at(2));
    assert.equal((await look(salon, main)).gates_ok, false, 'another one that is booked');
    const unsaid = await tested(salon, 12);
    assert.equal((await look(salon, main)).gates_ok, false, 'or done, without a word');
    await post(salon, `/bookings/${unsaid.id}/test-result`, { test_result: 'passed' });
    assert.equal((await look(salon, main)).gates_ok, true);
    await isConsistent(salon);
    const events = JSON.stringify(await get(salon, `/audit?entity=booking`));
    assert.match(events, /tested/);
    assert.doesNotMatch(events, /failed|passed/, 'the audit holds nothing clinical');

    const body = { test_result: 'passed' };
    const none = await booked(salon, salon.consultation, at(-3));
    expectInvalid(await owner.post(`/bookings/${none.id}/complete`, body), ['test_result']);
    assert.equal((await look(salon, none)).status, 'confirmed');
    expectInvalid(await owner.post(`/bookings/${none.id}/test-result`, body), ['test_result']);
    const open = await booked(salon, salon.patch, at(7));
    expectProblem(await owner.post(`/bookings/${open.id}/test-result`, body), 409, 'invalid_transition');
  });

  test('belongs to the client, also after a visit turns out to be another’s', async () => {
    const salon = await salonOf({ requires: { lead_hours: 1 } });
    const done = await tested(salon, 24);
    const main = await booked(salon, salon.colour, at(48));
    const other = expectStatus(await salon.owner.post('/clients', person()), 201);
    const give = async (booking, id) =>
      expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { client_id: id }), 200);
    assert.equal((await give(main, other.id)).gates_ok, false, 'they have had no test');
    assert.deepEqual(await unmet(salon), [main.id]);
    await give(done, other.id);
    assert.equal((await look(salon, main)).gates_ok, true, 'it was theirs as well');
    await give(done, done.client.id);
    assert.equal((await look(salon, main)).gates_ok, false);
    await isConsistent(salon);
  });

  test('is asked for again where the visit is moved, by staff and by the client', async () => {
    const salon = await salonOf({ requires: { valid_days: 4 } });
    await booked(salon, salon.patch, at(1));
    const answer = await salon.book({ start: at(72), services: [salon.colour], client: salon.client });
    const { booking, manage_url: url } = expectStatus(answer, 201);
    const path = `/bookings/${booking.id}`;
    expectProblem(await salon.owner.patch(path, { start: at(30) }), 409, 'gate_unmet');
    expectProblem(await salon.owner.patch(path, { start: at(240) }), 409, 'gate_unmet');
    expectStatus(await salon.owner.patch(path, { start: at(73) }), 200);
    const manage = `/public/manage/${url.split('/').at(-1)}`;
    const refused = await salon.visitor.post(`${manage}/reschedule`, { start: at(240) });
    expectProblem(refused, 409, 'gate_unmet');
    const today = at(0).slice(0, 10);
    const { days } = expectStatus(
      await salon.visitor.get(`${manage}/availability?from=${today}&to=${at(300).slice(0, 10)}`),
      200,
    );
    const starts = days.flatMap(({ slots }) => slots.map(({ start }) => start));
    assert.ok(starts.includes(at(72)) && !starts.includes(at(30)) && !starts.includes(at(240)));
    // Tomorrow: in the last hour of a day nothing of it is offered in any case.
    assert.equal(days.find(({ date }) => date === at(24).slice(0, 10)).reason, 'gate_unmet');
    expectStatus(await salon.visitor.post(`${manage}/reschedule`, { start: at(74) }), 200);
  });

  test('is not owed by a visit that is only written down, but it cannot be completed without', async () => {
    const salon = await salonOf({ requires: { lead_hours: 1 } });
    const past = await booked(salon, salon.colour, at(-5));
    assert.equal(past.gates_ok, false);
    assert.deepEqual(await unmet(salon), [past.id]);
    assert.deepEqual(await unmet(salon, 'urgent'), [], 'it is over');
    expectProblem(await salon.owner.post(`/bookings/${past.id}/complete`), 409, 'gate_unmet');
    await tested(salon, 30);
    const completed = await post(salon, `/bookings/${past.id}/complete`);
    assert.equal(completed.status, 'completed');
  });

  test('stands in the way of the robot that completes visits, too', async () => {
    const salon = await salonOf({ requires: { lead_hours: 1 }, staff: ['Ann'] });
    const rule = '/automations/visit_completion';
    expectStatus(await salon.owner.patch(rule, { enabled: true, delay_min: 60 }), 200);
    const test1 = await booked(salon, salon.patch, at(1));
    const main = await booked(salon, salon.colour, at(4));
    await post(salon, `/bookings/${test1.id}/no-show`);
    const free = await booked(salon, salon.consultation, at(6));
    clock.advance(10 * HOUR);
    await eventually('the robot has completed the other visit', async () =>
      (await look(salon, free)).status === 'completed', 30_000);
    await eventually('and looked at this one', async () => {
      const [outcome] = await sql(
        server,
        `SELECT outcome FROM job WHERE kind = 'visit_completion' AND subject_id = ${main.id}`,
      );
      return outcome === 'gate_unmet';
    }, 30_000);
    assert.equal((await look(salon, main)).status, 'confirmed');
    const marked = (await get(salon, '/bookings?unmarked=true')).data.map(({ id }) => id);
    assert.deepEqual(marked, [main.id], 'it is left to the owner');
  });
});

describe('a visitor of the booking page', () => {
  test('is told what to book first, and nothing of anybody', async () => {
    const salon = await salonOf();
    const { colour, patch, client } = salon;
    const { services } = expectStatus(await salon.visitor.get(`/public/${salon.slug}`), 200);
    assert.deepEqual(services.find(({ id }) => id === colour.id).requires, [
      ...[{ kind: 'patch_test', service_id: patch.id, name: 'Patch test', lead_hours: 48, valid_days: 180 }],
    ]);
    const stranger = await salon.book({ start: at(80), services: [colour], client: person() });
    expectProblem(stranger, 409, 'gate_unmet');
    const [gate] = stranger.body.gates;
    assert.deepEqual([gate.service_id, gate.name], [patch.id, 'Patch test']);
    assert.equal(gate.book_url, `/book/${salon.slug}?service=${patch.id}`);
    assert.match(stranger.body.detail, /book that first, with the same e-mail address/);
    assert.ok(seconds(gate.earliest_start) > clock.nowS() + 48 * HOUR);

    await tested(salon, 24, { test_result: 'failed' });
    const known = await salon.book({ start: at(80), services: [colour], client });
    expectProblem(known, 409, 'gate_unmet');
    const told = ({ detail, gates }) => ({ detail, gates });
    assert.deepEqual(told(known.body), told(stranger.body), 'what they have had is not told');

    const other = person();
    expectStatus(await salon.book({ start: at(1), services: [patch], client: other }), 201);
    const asked = await salon.book({ start: at(2), services: [colour], client: other });
    assert.equal(asked.body.gates[0].code, 'missing');
    expectStatus(await salon.book({ start: at(80), services: [colour], client: other }), 201);
  });
});

describe('staff who look for a time', () => {
  test('see for whom it is, and the gate by its name', async () => {
    const salon = await salonOf();
    const { colour, patch } = salon;
    const test1 = await booked(salon, patch, at(2));
    const from = at(0).slice(0, 10);
    const to = at(96).slice(0, 10);
    const query = `/availability?service_ids=${colour.id}&from=${from}&to=${to}`;
    const slots = (answer) => answer.days.flatMap((day) => day.slots.map(({ start }) => start));
    const all = slots(await get(salon, query));
    const mine = await get(salon, `${query}&client_id=${test1.client.id}&explain=true`);
    const from48 = seconds(test1.end) + 48 * HOUR;
    assert.deepEqual(slots(mine), all.filter((start) => seconds(start) >= from48));
    const refused = mine.days.flatMap((day) => day.refused).filter(({ why }) => why === 'gate_unmet');
    assert.deepEqual(
      refused.map(({ start }) => start),
      all.filter((start) => seconds(start) < from48),
    );
    assert.match(refused[0].message, /^Colour needs "Patch test" at least 48 hours before it/);
    expectProblem(await salon.owner.get(`${query}&client_id=777`), 404, 'not_found');
    await booked(salon, colour, slots(mine)[0], { id: test1.client.id });
  });

  test('see the gates of their own visits alone', async () => {
    const salon = await salonOf({ requires: { lead_hours: 1 } });
    const [ann, bob] = salon.staff;
    const member = await arrive(server, ann);
    await tested(salon, 24);
    const hers = await booked(salon, salon.colour, at(30), salon.client, { staff_id: ann.id });
    const his = await booked(salon, salon.colour, at(40), salon.client, { staff_id: bob.id });
    const seen = expectStatus(await member.get(`/bookings/${hers.id}/gates`), 200);
    assert.deepEqual(seen.data.map(({ ok, done }) => [ok, done]), [[true, true]]);
    expectProblem(await member.get(`/bookings/${his.id}/gates`), 404, 'not_found');
  });
});

describe('a form that comes first', () => {
  const ANSWERS = { name: 'Cleo', agree: true };

  async function withForm(options = {}) {
    const salon = await salonOf();
    const form = await makeForm(salon.owner, { name: 'Consent', fields: FIELDS });
    const requires = [{ kind: 'form', form_id: form.id, ...options }];
    expectStatus(await salon.owner.patch(`/services/${salon.colour.id}`, { requires }), 200);
    return Object.assign(salon, { form });
  }
  const submissions = async (salon) =>
    (await get(salon, `/forms/${salon.form.id}/submissions`)).data;
  const answer = async (salon, id) =>
    salon.visitor.post(`/public/forms/${await linkTo(server, id)}`, { answers: ANSWERS });

  test('is asked for once the visit is booked, which cannot begin without', async () => {
    const salon = await withForm();
    const main = await booked(salon, salon.colour, at(80));
    assert.equal(main.gates_ok, false);
    const [asked] = await submissions(salon);
    assert.deepEqual([asked.booking_id, asked.status], [main.id, 'pending']);
    assert.deepEqual(await unmet(salon), [main.id]);
    assert.deepEqual(await unmet(salon, 'urgent'), [], 'there is time');
    const refused = await salon.owner.post(`/bookings/${main.id}/start`);
    expectProblem(refused, 409, 'gate_unmet');
    assert.deepEqual(
      refused.body.gates.map(({ kind, form_id: id, name, ok }) => [kind, id, name, ok]),
      [['form', salon.form.id, 'Consent', false]],
    );
    assert.match(refused.body.detail, /Colour needs "Consent" to be filled in/);
    const near = await booked(salon, salon.colour, at(20), person());
    assert.deepEqual(await unmet(salon, 'urgent'), [near.id], 'there is little');
    expectStatus(await answer(salon, asked.id), 200);
    assert.equal((await look(salon, main)).gates_ok, true);
    await isConsistent(salon);
    await post(salon, `/bookings/${main.id}/start`);
    await post(salon, `/bookings/${main.id}/complete`);
  });

  test('is asked anew where what was answered has run out by the visit’s date', async () => {
    const salon = await withForm({ valid_days: 10 });
    const first = await booked(salon, salon.colour, at(24));
    expectStatus(await answer(salon, (await submissions(salon))[0].id), 200);
    const second = await booked(salon, salon.colour, at(48));
    assert.equal(second.gates_ok, true);
    assert.equal((await submissions(salon)).length, 1, 'it is good for this one as well');
    const moved = expectStatus(
      await salon.owner.patch(`/bookings/${first.id}`, { start: at(20 * 24) }),
      200,
    );
    assert.equal(moved.gates_ok, false);
    const list = await submissions(salon);
    assert.deepEqual(list.map(({ status }) => status).sort(), ['completed', 'pending']);
    const [gate] = await gatesOf(salon, first);
    assert.equal(gate.code, 'expired');
    assert.match(gate.why, /are good for 10 days: have it filled in again/);
    await isConsistent(salon);
  });

  test('can be filled in after the visit for as long as that waits to be completed', async () => {
    const salon = await withForm();
    const past = await booked(salon, salon.colour, at(-3));
    const [asked] = await submissions(salon);
    assert.equal(asked.booking_id, past.id);
    expectProblem(await salon.owner.post(`/bookings/${past.id}/complete`), 409, 'gate_unmet');
    expectStatus(await answer(salon, asked.id), 200);
    await post(salon, `/bookings/${past.id}/complete`);
  });
});

describe('a change of what a service asks', () => {
  test('judges the visits that are booked, and taking it back frees them', async () => {
    const salon = await salonOf({ staff: ['Ann', 'Bob'] });
    const path = `/services/${salon.colour.id}`;
    expectStatus(await salon.owner.patch(path, { requires: [] }), 200);
    const mains = [];
    // More than one page of the job.
    for (let hours = 1; hours <= 120; hours += 1) {
      mains.push(await booked(salon, salon.colour, at(hours)));
    }
    const asks = [{ kind: 'patch_test', service_id: salon.patch.id }];
    expectStatus(await salon.owner.patch(path, { requires: asks }), 200);
    const all = async () => (await salon.owner.list('/bookings?gates=unmet')).length;
    await eventually('all of them are judged', async () => (await all()) === mains.length, 30_000);
    await tested(salon, 24);
    assert.equal(await all(), 0, 'one test is good for all');
    expectStatus(await salon.owner.patch(path, { requires: [] }), 200);
    await isConsistent(salon);
  });
});

describe('many at once', () => {
  test(`a test is cancelled while the visit is booked: refused, or unmet (${ROUNDS} rounds)`, async () => {
    const salon = await salonOf({ requires: { lead_hours: 1 } });
    for (let round = 0; round < ROUNDS; round += 1) {
      const client = person();
      const test1 = await booked(salon, salon.patch, at(2 + round * 4), client);
      const [main, off] = await Promise.all([
        visit(salon, salon.colour, at(100 + round * 4), client),
        salon.owner.post(`/bookings/${test1.id}/cancel`),
      ]);
      expectStatus(off, 200);
      if (main.status === 201) assert.equal((await look(salon, main.body)).gates_ok, false);
      else expectProblem(main, 409, 'gate_unmet');
    }
    await isConsistent(salon);
  });

  test(`a form is answered while the visit is booked: never both missed (${ROUNDS} rounds)`, async () => {
    const salon = await salonOf();
    const form = await makeForm(salon.owner, { name: 'Consent', fields: FIELDS });
    const requires = [{ kind: 'form', form_id: form.id }];
    expectStatus(await salon.owner.patch(`/services/${salon.colour.id}`, { requires }), 200);
    for (let round = 0; round < ROUNDS; round += 1) {
      const client = person();
      await booked(salon, salon.colour, at(2 + round * 4), client);
      const { data } = await get(salon, `/forms/${form.id}/submissions?status=pending`);
      const link = await linkTo(server, data[0].id);
      const [main, answered] = await Promise.all([
        visit(salon, salon.colour, at(100 + round * 4), client),
        salon.visitor.post(`/public/forms/${link}`, { answers: { name: 'Cleo', agree: true } }),
      ]);
      expectStatus(answered, 200);
      assert.equal((await look(salon, expectStatus(main, 201))).gates_ok, true);
    }
    await isConsistent(salon);
  });

  test('two tests of one client are given back and taken at once: the column is right', async () => {
    const salon = await salonOf({ requires: { lead_hours: 1 } });
    const tests = [await booked(salon, salon.patch, at(2)), await booked(salon, salon.patch, at(4))];
    const main = await booked(salon, salon.colour, at(50));
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(
        tests.flatMap(({ id }) => [
          salon.owner.post(`/bookings/${id}/cancel`),
          salon.owner.post(`/bookings/${id}/restore`),
        ]),
      );
      const open = await Promise.all(tests.map((each) => look(salon, each)));
      const isMet = open.some(({ status }) => status === 'confirmed');
      assert.equal((await look(salon, main)).gates_ok, isMet);
    }
  });
});
