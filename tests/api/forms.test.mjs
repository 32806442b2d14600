// SPDX-License-Identifier: AGPL-3.0-or-later
// Forms: made by the owner, asked after services, filled in once by the client's own link.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { openEvents } from '../lib/events.mjs';
import { FIELDS, askForm, linkTo, makeForm } from '../lib/forms.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const EVERY = [
  { key: 'name', label: 'Your name', type: 'text', required: true },
  { key: 'story', label: 'What should we know?', type: 'long_text', required: false },
  { key: 'email', label: 'E-mail', type: 'email', required: false },
  { key: 'phone', label: 'Phone', type: 'phone', required: false },
  { key: 'weight', label: 'Weight in kg', type: 'number', required: false },
  { key: 'born', label: 'Date of birth', type: 'date', required: false },
  { key: 'skin', label: 'Skin', type: 'choice', required: true, options: ['dry', 'oily', 'mixed'] },
  { key: 'had', label: 'Have you had', type: 'several', required: false, options: ['a peel', 'a laser'] },
  { key: 'agree', label: 'I agree', type: 'consent', required: true, help: 'You can take it back.' },
  { key: 'signed', label: 'Signature', type: 'signature', required: true },
];
const LEAST = { name: 'Cleo', skin: 'dry', agree: true, signed: 'Cleo Lane' };

let server;
before(async (t) => {
  server = await startServer(t);
});

const client = () => ({
  name: 'Cleo Lane',
  email: `c${Math.random().toString(36).slice(2)}@client.example`,
  phone: '+33 1 2345',
});

/** A salon with a form, and a visit whose client is asked to fill it in. */
async function asked(fields = EVERY, options = {}) {
  const salon = await makeSalon(server);
  const form = await makeForm(salon.owner, { fields });
  const [slot] = await salon.slots();
  const { booking } = expectStatus(await salon.book({ start: slot.start, client: client() }), 201);
  const { id, token } = await askForm(server, form, booking, options);
  return { salon, form, booking, id, token, path: `/public/forms/${token}` };
}

const fill = ({ salon, path }, answers) => salon.visitor.post(path, { answers });
const submissionsOf = async ({ salon, form }, query = '') =>
  expectStatus(await salon.owner.get(`/forms/${form.id}/submissions${query}`), 200);

describe('the owner', () => {
  let salon;
  before(async () => {
    salon = await makeSalon(server);
  });
  const add = (fields, more = {}) =>
    salon.owner.post('/forms', { name: 'Intake', kind: 'intake', fields, ...more });

  test('makes a form, changes its name and its fields, and switches it off', async () => {
    const form = expectStatus(await add(EVERY), 201);
    assert.deepEqual([form.revision, form.version, form.active], [1, 1, true]);
    assert.deepEqual(form.fields[0], { ...EVERY[0], options: [], help: '' });
    assert.deepEqual(form.fields[8].help, 'You can take it back.');

    const named = expectStatus(await salon.owner.patch(`/forms/${form.id}`, { name: 'Skin' }), 200);
    assert.deepEqual([named.name, named.revision, named.version], ['Skin', 1, 2]);
    const same = await salon.owner.patch(`/forms/${form.id}`, { fields: named.fields });
    assert.equal(expectStatus(same, 200).revision, 1, 'the same fields are no new revision');

    const fields = [...FIELDS, { key: 'more', label: 'More?', type: 'long_text' }];
    const changed = expectStatus(await salon.owner.patch(`/forms/${form.id}`, { fields }), 200);
    assert.deepEqual([changed.revision, changed.fields.length], [2, 4]);
    assert.equal(changed.fields[3].required, false);
    const first = expectStatus(await salon.owner.get(`/forms/${form.id}?revision=1`), 200);
    assert.deepEqual([first.revision, first.fields.length], [1, EVERY.length]);
    expectProblem(await salon.owner.get(`/forms/${form.id}?revision=9`), 404, 'not_found');

    expectStatus(await salon.owner.delete(`/forms/${form.id}`), 204);
    const list = await salon.owner.list('/forms');
    assert.equal(list.find(({ id }) => id === form.id).active, false);
  });

  test('is refused on a version that is no more', async () => {
    const form = expectStatus(await add(FIELDS), 201);
    const path = `/forms/${form.id}`;
    expectStatus(await salon.owner.patch(path, { name: 'One' }, { version: form.version }), 200);
    const stale = { version: form.version };
    expectProblem(await salon.owner.patch(path, { name: 'Two' }, stale), 412, 'stale_version');
    expectProblem(await salon.owner.delete(path, stale), 412, 'stale_version');
  });

  test('hears of each field what is wrong with it', async () => {
    const text = { key: 'a', label: 'A', type: 'text' };
    const choice = { key: 'c', label: 'C', type: 'choice' };
    const wrong = [
      [[], ['fields']],
      [[{ ...text, key: 'Big' }], ['fields.0.key']],
      [[{ ...text, key: 'a.b' }], ['fields.0.key']],
      [[{ ...text, key: 'x'.repeat(41) }], ['fields.0.key']],
      [[text, text], ['fields.1.key']],
      [[{ ...text, label: '' }], ['fields.0.label']],
      [[{ ...text, type: 'colour' }], ['fields.0.type']],
      [[{ ...text, options: ['x'] }], ['fields.0.options']],
      [[choice], ['fields.0.options']],
      [[{ ...choice, options: ['x', 'y', 'x'] }], ['fields.0.options.2']],
      [[{ ...choice, options: Array.from({ length: 51 }, (_, i) => `${i}`) }], ['fields.0.options']],
      [Array.from({ length: 61 }, (_, i) => ({ ...text, key: `k${i}` })), ['fields']],
      [[{ ...text, colour: 'red' }], ['fields.0.colour']],
      [[{ ...text, key: 'A' }, choice], ['fields.0.key', 'fields.1.options']],
    ];
    for (const [fields, paths] of wrong) expectInvalid(await add(fields), paths);
    expectInvalid(await add(FIELDS, { kind: 'exam' }), ['kind']);
    const long = Array.from({ length: 60 }, (_, i) => ({
      ...text,
      ...{ key: `k${i}`, label: 'l'.repeat(300), help: 'h'.repeat(500), type: 'several' },
      options: Array.from({ length: 5 }, (__, k) => `${k}`.repeat(100)),
    }));
    expectInvalid(await add(long), ['fields']);
  });

  test('says after which services it is asked', async () => {
    const form = expectStatus(await add(FIELDS), 201);
    const off = expectStatus(await add(FIELDS), 201);
    expectStatus(await salon.owner.delete(`/forms/${off.id}`), 204);
    const other = await makeForm((await makeSalon(server)).owner);
    const body = { name: 'Peel', duration_min: 30, price: 1, form_ids: [form.id] };
    const service = expectStatus(await salon.owner.post('/services', body), 201);
    assert.deepEqual(service.form_ids, [form.id]);
    const path = `/services/${service.id}`;
    for (const id of [other.id, off.id, '1']) {
      expectProblem(await salon.owner.patch(path, { form_ids: [form.id, id] }), 404, 'not_found');
    }
    expectInvalid(await salon.owner.patch(path, { form_ids: [form.id, form.id] }), ['form_ids.1']);
    const renamed = expectStatus(await salon.owner.patch(path, { name: 'Deep peel' }), 200);
    assert.deepEqual(renamed.form_ids, [form.id], 'what is not named stays');
    expectStatus(await salon.owner.delete(`/forms/${form.id}`), 204);
    assert.deepEqual(expectStatus(await salon.owner.get(path), 200).form_ids, [], 'asked no more');
    expectStatus(await salon.owner.patch(`/forms/${form.id}`, { active: true }), 200);
    const none = expectStatus(await salon.owner.patch(path, { form_ids: [] }), 200);
    assert.deepEqual(none.form_ids, []);
  });

  test('has an intake form asked for with every visit, until a service names it', async () => {
    const services = ['Cut', 'Peel'].map((name) => ({ name, duration_min: 45, price: 4500 }));
    const its = await makeSalon(server, { services });
    const body = { name: 'Intake', kind: 'intake', fields: FIELDS };
    const form = expectStatus(await its.owner.post('/forms', body), 201);
    assert.equal(form.every_visit, true);
    const slots = await its.slots();
    const book = async (service) => {
      const who = client();
      const { start } = slots.splice(0, 4)[0];
      expectStatus(await its.book({ start, services: [service], client: who }), 201);
      const { data } = await submissionsOf({ salon: its, form });
      return data.some((each) => each.client.email === who.email) ? who : null;
    };
    const [cut, peel] = its.services;
    const first = await book(cut);
    assert.ok(first && (await book(peel)), 'asked for whatever the service');
    const letter = await server.waitForMail((mail) => mail.to.includes(first.email) && /form/.test(mail.subject));
    const [, token] = /\/form\/([\w-]{43})/.exec(letter.text);
    assert.equal(expectStatus(await its.visitor.get(`/public/forms/${token}`), 200).name, 'Intake');

    expectStatus(await its.owner.patch(`/services/${peel.id}`, { form_ids: [form.id] }), 200);
    assert.equal(await book(cut), null, 'a service names it: the others do not ask');
    assert.ok(await book(peel));
    expectStatus(await its.owner.patch(`/services/${peel.id}`, { form_ids: [] }), 200);
    const change = (to) => its.owner.patch(`/forms/${form.id}`, to);
    assert.equal(expectStatus(await change({ every_visit: false }), 200).every_visit, false);
    assert.equal(await book(cut), null);
    assert.equal(expectStatus(await change({ every_visit: true }), 200).every_visit, true);
    assert.equal(expectStatus(await change({ kind: 'custom' }), 200).every_visit, false);
    expectInvalid(await change({ every_visit: true }), ['every_visit']);
    const custom = await its.owner.post('/forms', { ...body, kind: 'custom' });
    assert.equal(expectStatus(custom, 201).every_visit, false);
    assert.equal(await book(cut), null);
  });

  test('has at most 200 forms, and lists them page by page', async () => {
    const busy = await makeSalon(server);
    const form = await makeForm(busy.owner);
    await sql(
      server,
      `INSERT INTO form (workspace_id, id, name, kind, created_s)` +
        ` SELECT workspace_id, id + n.i, name, kind, created_s FROM form CROSS JOIN` +
        ` (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 199)` +
        ` SELECT i FROM n) n WHERE id = ${form.id}`,
    );
    await sql(
      server,
      `INSERT INTO form_version (workspace_id, form_id, form_revision, fields)` +
        ` SELECT f.workspace_id, f.id, 1, v.fields FROM form f JOIN form_version v` +
        ` ON v.workspace_id = f.workspace_id AND v.form_id = ${form.id} WHERE f.id <> ${form.id}`,
    );
    const refused = await busy.owner.post('/forms', { name: 'X', kind: 'custom', fields: FIELDS });
    expectProblem(refused, 409, 'limit_reached');
    const ids = new Set();
    for (let cursor = ''; cursor !== null; ) {
      const page = await busy.owner.get(`/forms?limit=90${cursor && `&cursor=${cursor}`}`);
      const { data, next_cursor: next } = expectStatus(page, 200);
      data.forEach(({ id }) => ids.add(id));
      cursor = next;
    }
    assert.equal(ids.size, 200);
  });
});

describe('the client', () => {
  test('sees the form of their visit, with what the business knows of them', async () => {
    const world = await asked();
    const page = expectStatus(await world.salon.visitor.get(world.path), 200);
    assert.equal(page.status, 'pending');
    assert.equal(page.name, 'Health questions');
    assert.equal(page.business.slug, world.salon.slug);
    assert.deepEqual(page.fields.map(({ key }) => key), EVERY.map(({ key }) => key));
    assert.deepEqual(Object.keys(page.answers).sort(), ['email', 'name', 'phone']);
    assert.equal(page.answers.name, 'Cleo Lane');
    assert.equal(page.start, world.booking.start);
    assert.equal(page.local, world.booking.local);
    assert.equal(page.completed_at, null);
  });

  test('fills it in once, and the owner reads it', async (t) => {
    const world = await asked();
    const events = await openEvents(t, server, world.salon.owner);
    const answers = {
      ...{ name: ' Cleo ', story: 'Two\r\nlines <b>', email: 'cleo@client.example', phone: '+33 1 2345' },
      ...{ weight: 61.5, born: '1990-02-28', skin: 'mixed', had: ['a laser'], agree: true },
      signed: 'Cleo Lane',
    };
    const done = expectStatus(await fill(world, answers), 200);
    assert.equal(done.status, 'completed');
    assert.ok(done.completed_at);
    assert.deepEqual([done.fields, done.answers], [[], {}], 'what was answered is not told again');

    const { data } = await submissionsOf(world);
    assert.equal(data.length, 1);
    assert.deepEqual(data[0].answers, { ...answers, name: 'Cleo', story: 'Two\nlines <b>' });
    assert.deepEqual(
      [data[0].status, data[0].overdue, data[0].client.name, data[0].booking_id, data[0].revision],
      ['completed', false, 'Cleo Lane', world.booking.id, 1],
    );
    const event = await events.next(({ data: { kind } }) => kind === 'form_submission.completed');
    assert.equal(event.data.id, world.id);
    const audit = await world.salon.owner.list('/audit?entity=form_submission');
    assert.deepEqual(
      audit.map(({ action, actor_kind: kind, entity_id: id }) => [action, kind, id]),
      [['completed', 'client', world.id]],
    );
    assert.doesNotMatch(JSON.stringify(audit), /mixed|1990-/, 'no answer stands in the audit');

    const again = expectProblem(await fill(world, LEAST), 409, 'already_exists');
    assert.match(again.detail, /already/);
    const page = expectStatus(await world.salon.visitor.get(world.path), 200);
    assert.deepEqual([page.status, page.fields, page.answers], ['completed', [], {}]);
  });

  test('hears of each answer what is wrong with it, and nothing is kept', async () => {
    const world = await asked();
    const wrong = [
      [{}, ['name', 'skin', 'agree', 'signed']],
      [{ ...LEAST, name: '  ' }, ['name']],
      [{ ...LEAST, name: 7 }, ['name']],
      [{ ...LEAST, name: 'two\nlines' }, ['name']],
      [{ ...LEAST, name: 'x'.repeat(501) }, ['name']],
      [{ ...LEAST, story: 'x'.repeat(5001) }, ['story']],
      [{ ...LEAST, email: 'cleo' }, ['email']],
      [{ ...LEAST, phone: 'call me' }, ['phone']],
      [{ ...LEAST, weight: '61' }, ['weight']],
      [{ ...LEAST, weight: 1e12 }, ['weight']],
      [{ ...LEAST, weight: 0.0001 }, ['weight']],
      [{ ...LEAST, born: '1990-02-30' }, ['born']],
      [{ ...LEAST, skin: 'blue' }, ['skin']],
      [{ ...LEAST, skin: ['dry'] }, ['skin']],
      [{ ...LEAST, had: 'a peel' }, ['had']],
      [{ ...LEAST, had: ['a tattoo'] }, ['had']],
      [{ ...LEAST, had: ['a peel', 'a peel'] }, ['had']],
      [{ ...LEAST, agree: false }, ['agree']],
      [{ ...LEAST, agree: 'yes' }, ['agree']],
      [{ ...LEAST, signed: 'C' }, ['signed']],
      [{ ...LEAST, colour: 'red' }, ['colour']],
      [{ ...LEAST, constructor: 'x' }, ['constructor']],
    ];
    for (const [answers, keys] of wrong) {
      expectInvalid(await fill(world, answers), keys.map((key) => `answers.${key}`));
    }
    for (const answers of [null, [], 'x', 7]) {
      expectInvalid(await fill(world, answers), ['answers']);
    }
    expectInvalid(await world.salon.visitor.post(world.path, { answers: LEAST, more: 1 }), ['more']);
    const { data } = await submissionsOf(world);
    assert.deepEqual([data[0].status, data[0].answers], ['pending', null]);
    expectStatus(await fill(world, { ...LEAST, email: '', had: [], story: null }), 200);
    assert.deepEqual((await submissionsOf(world)).data[0].answers, LEAST, 'blanks are left out');
  });

  test('gets the form as it was asked, though it has changed meanwhile', async () => {
    const world = await asked(FIELDS);
    const fields = [{ key: 'other', label: 'Other', type: 'text', required: true }];
    const changed = await world.salon.owner.patch(`/forms/${world.form.id}`, { fields });
    assert.equal(expectStatus(changed, 200).revision, 2);
    const page = expectStatus(await world.salon.visitor.get(world.path), 200);
    assert.deepEqual(page.fields.map(({ key }) => key), ['name', 'email', 'agree']);
    expectInvalid(await fill(world, { name: 'C', agree: true, other: 'x' }), ['answers.other']);
    expectStatus(await fill(world, { name: 'Cleo', agree: true }), 200);
    assert.equal((await submissionsOf(world)).data[0].revision, 1);
  });

  test('of ten who send at the same moment one is taken', async () => {
    const world = await asked(FIELDS);
    const answers = Array.from({ length: 10 }, (_, i) => ({ name: `Cleo ${i}`, agree: true }));
    const all = await Promise.all(answers.map((one) => fill(world, one)));
    const won = all.findIndex(({ status }) => status === 200);
    assert.equal(all.filter(({ status }) => status === 409).length, 9);
    assert.deepEqual((await submissionsOf(world)).data[0].answers, answers[won]);
  });

  test('has every link that was given out, and no other', async () => {
    const world = await asked(FIELDS);
    const second = await linkTo(server, world.id);
    assert.equal((await world.salon.visitor.get(`/public/forms/${second}`)).body.status, 'pending');
    const invented = world.token.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'));
    for (const token of [invented, 'x', world.token.slice(0, -1), `${world.token}A`]) {
      expectProblem(await world.salon.visitor.get(`/public/forms/${token}`), 404, 'not_found');
      const sent = await world.salon.visitor.post(`/public/forms/${token}`, { answers: {} });
      expectProblem(sent, 404, 'not_found');
    }
    const kept = await sql(server, 'SELECT * FROM form_link');
    assert.ok(!kept.join('\n').includes(world.token), 'the token itself is not kept');
    expectStatus(await fill({ ...world, path: `/public/forms/${second}` }, { name: 'C', agree: true }), 200);
    assert.equal((await world.salon.visitor.get(world.path)).body.status, 'completed');
  });

  test('is told that the visit is off or over', async () => {
    const cancelled = await asked(FIELDS);
    const { salon, booking } = cancelled;
    expectStatus(await salon.owner.post(`/bookings/${booking.id}/cancel`), 200);
    const over = await asked(FIELDS);
    const endedAgo = async (seconds) => {
      const now = Math.floor(Date.now() / 1000);
      const [end] = await sql(server, `SELECT end_s FROM booking WHERE id = ${over.booking.id}`);
      const by = Number(end) - (now - seconds);
      await sql(server, `UPDATE booking SET start_s = start_s - ${by}, end_s = end_s - ${by},` +
        ` outer_from_s = outer_from_s - ${by}, outer_to_s = outer_to_s - ${by} WHERE id = ${over.booking.id}`);
    };
    await endedAgo(3 * 86400);
    const dropped = await asked(FIELDS);
    await sql(server, `UPDATE form_submission SET status = 'dropped' WHERE id = ${dropped.id}`);
    for (const world of [cancelled, over, dropped]) {
      const page = expectStatus(await world.salon.visitor.get(world.path), 200);
      assert.deepEqual([page.status, page.fields, page.answers], ['closed', [], {}]);
      const refused = await fill(world, { name: 'Cleo', agree: true });
      assert.match(expectProblem(refused, 409, 'invalid_transition').detail, /over or cancelled/);
    }
    await endedAgo(8 * 86400);
    expectProblem(await over.salon.visitor.get(over.path), 404, 'not_found');
  });
});

describe('what was asked', () => {
  test('is overdue a day after its letter, while the visit is to come', async () => {
    const world = await asked(FIELDS, { requestedAgoS: 25 * 3600 });
    const overdue = async () => (await submissionsOf(world)).data[0].overdue;
    assert.equal(await overdue(), true);
    await sql(server, `UPDATE form_submission SET requested_s = requested_s + 7200 WHERE id = ${world.id}`);
    assert.equal(await overdue(), false);
    await sql(server, `UPDATE form_submission SET requested_s = 1 WHERE id = ${world.id}`);
    expectStatus(await world.salon.owner.post(`/bookings/${world.booking.id}/cancel`), 200);
    assert.equal(await overdue(), false, 'nobody waits for it any more');
  });

  test('is listed newest first, by state and page by page', async () => {
    const world = await asked(FIELDS);
    const slots = await world.salon.slots();
    const ids = [world.id];
    for (const { start } of slots.filter((_, i) => i % 4 === 0).slice(0, 4)) {
      const { booking } = expectStatus(await world.salon.book({ start, client: client() }), 201);
      ids.unshift((await askForm(server, world.form, booking)).id);
    }
    expectStatus(await fill(world, { name: 'Cleo', agree: true }), 200);
    const idsOf = ({ data }) => data.map(({ id }) => id);
    assert.deepEqual(idsOf(await submissionsOf(world)), ids);
    assert.deepEqual(idsOf(await submissionsOf(world, '?status=completed')), [world.id]);
    const first = await submissionsOf(world, '?status=pending&limit=3');
    assert.deepEqual(idsOf(first), ids.slice(0, 3));
    const rest = await submissionsOf(world, `?status=pending&limit=3&cursor=${first.next_cursor}`);
    assert.deepEqual([idsOf(rest), rest.next_cursor], [ids.slice(3, 4), null]);
    expectInvalid(await world.salon.owner.get(`/forms/${world.form.id}/submissions?status=lost`), ['status']);
  });

  test("is nobody else's to see", async () => {
    const world = await asked(FIELDS);
    const other = await makeSalon(server);
    for (const path of [`/forms/${world.form.id}`, `/forms/${world.form.id}/submissions`]) {
      expectProblem(await other.owner.get(path), 404, 'not_found');
    }
    expectProblem(await other.owner.patch(`/forms/${world.form.id}`, { name: 'x' }), 404, 'not_found');
    expectProblem(await other.owner.delete(`/forms/${world.form.id}`), 404, 'not_found');
    expectProblem(await world.salon.visitor.get('/forms'), 401);
  });
});

test('the page of a form tells the browser and search engines nothing of its address', async () => {
  const world = await asked(FIELDS);
  const answer = await world.salon.visitor.get(`${server.baseUrl}/form/${world.token}`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  assert.match(answer.headers.get('cache-control'), /no-store/);
  assert.match(answer.text, /<meta name="robots" content="noindex">/);
  assert.match(answer.text, /<h2>Health questions<\/h2>/);
  const robots = await world.salon.visitor.get(`${server.baseUrl}/robots.txt`);
  assert.match(robots.text, /Disallow: \/form\//);
});
