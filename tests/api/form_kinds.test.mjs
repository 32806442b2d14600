// SPDX-License-Identifier: AGPL-3.0-or-later
// What a form can be: sections, conditions, bounds, drawn signatures, drafts, forms elsewhere.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { FIELDS, askForm, makeForm } from '../lib/forms.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

let server;
before(async (t) => {
  server = await startServer(t);
});

const text = (key, more = {}) => ({ key, label: key.toUpperCase(), type: 'text', ...more });
const section = (key, more = {}) => ({ key, label: `About ${key}`, type: 'section', ...more });
const choice = { key: 'skin', label: 'Skin', type: 'choice', options: ['dry', 'oily'] };
const several = { key: 'had', label: 'Had', type: 'several', options: ['peel', 'laser'] };
const number = { key: 'weight', label: 'Weight', type: 'number' };
const consent = { key: 'agree', label: 'I agree', type: 'consent' };
const sign = { key: 'signed', label: 'Signature', type: 'signature', required: true };
const when = (key, is, value) => ({ show_if: { key, is, ...(value === undefined ? {} : { value }) } });

async function asked(fields, more = {}) {
  const salon = await makeSalon(server);
  const form = await makeForm(salon.owner, { fields, ...more });
  const [slot] = await salon.slots();
  const client = { name: 'Cleo Lane', email: `c${Math.random().toString(36).slice(2)}@client.example` };
  const { booking } = expectStatus(await salon.book({ start: slot.start, client }), 201);
  const { id, token } = await askForm(server, form, booking);
  return { salon, form, booking, id, path: `/public/forms/${token}` };
}
const fill = ({ salon, path }, answers) => salon.visitor.post(path, { answers });
const draft = ({ salon, path }, answers) => salon.visitor.put(`${path}/draft`, { answers });
const pageOf = async ({ salon, path }) => expectStatus(await salon.visitor.get(path), 200);
const readOf = async ({ salon, id }) => expectStatus(await salon.owner.get(`/submissions/${id}`), 200);

describe('a form', () => {
  let salon;
  before(async () => {
    salon = await makeSalon(server);
  });
  const add = (fields, more = {}) =>
    salon.owner.post('/forms', { name: 'Intake', kind: 'intake', fields, ...more });

  test('has sections, conditions and bounds, and shows only those that are given', async () => {
    const fields = [
      section('skin_part', { help: 'As it is today.' }),
      choice,
      text('why', when('skin', 'equals', 'dry')),
      { ...number, min: -1.5, max: 0, ...when('why', 'answered') },
      several,
      section('laser_part', when('had', 'includes', 'laser')),
    ];
    const form = expectStatus(await add(fields), 201);
    const plain = { required: false, options: [], help: '' };
    assert.deepEqual(
      form.fields,
      fields.map((field) => ({ ...plain, ...field })),
    );
    const same = await salon.owner.patch(`/forms/${form.id}`, { fields: form.fields });
    assert.equal(expectStatus(same, 200).revision, 1);
  });

  test('says what is wrong with a condition, a bound or a section', async () => {
    const wrong = [
      [[{ ...text('a'), ...when('b', 'answered') }, text('b')], ['fields.0.show_if.key']],
      [[{ ...text('a'), ...when('a', 'answered') }], ['fields.0.show_if.key']],
      [[section('s'), { ...text('a'), ...when('s', 'answered') }], ['fields.1.show_if.key']],
      [[text('a'), { ...text('b'), ...when('a', 'includes', 'x') }], ['fields.1.show_if.is']],
      [[several, { ...text('b'), ...when('had', 'equals', 'peel') }], ['fields.1.show_if.is']],
      [[sign, { ...text('b'), ...when('signed', 'equals', 'C') }], ['fields.1.show_if.is']],
      [[text('a'), { ...text('b'), ...when('a', 'equals') }], ['fields.1.show_if.value']],
      [[text('a'), { ...text('b'), ...when('a', 'answered', 'x') }], ['fields.1.show_if.value']],
      [[choice, { ...text('b'), ...when('skin', 'equals', 'blue') }], ['fields.1.show_if.value']],
      [[several, { ...text('b'), ...when('had', 'includes', 'x') }], ['fields.1.show_if.value']],
      [[number, { ...text('b'), ...when('weight', 'equals', 'x') }], ['fields.1.show_if.value']],
      [[consent, { ...text('b'), ...when('agree', 'equals', 'yes') }], ['fields.1.show_if.value']],
      [[text('a'), { ...text('b'), ...when('a', 'likes', 'x') }], ['fields.1.show_if.is']],
      [[text('a', { min: 1 })], ['fields.0.min']],
      [[text('a', { max: 1 })], ['fields.0.max']],
      [[{ ...number, min: 2, max: 1 }], ['fields.0.max']],
      [[text('a'), section('s', { required: true })], ['fields.1.required']],
      [[text('a'), section('s', { options: ['x'] })], ['fields.1.options']],
      [[section('s')], ['fields']],
      [[1, 2, 3, 4].map((i) => ({ ...sign, key: `s${i}` })), ['fields']],
    ];
    for (const [fields, paths] of wrong) expectInvalid(await add(fields), paths);
    const kept = expectStatus(await add([number, { ...text('b'), ...when('weight', 'equals', '61.50') }]), 201);
    assert.equal(kept.fields[1].show_if.value, '61.5', 'as a browser writes the number');
  });

  test('has a few words of its own, and none of them is lost by another change', async () => {
    const more = { clinical: true, staff_reads: true, thanks: 'See you soon.\nBring water.' };
    const form = expectStatus(await add(FIELDS, more), 201);
    const { clinical, staff_reads: staff, public: open, external_url: url, thanks } = form;
    assert.deepEqual([clinical, staff, open, url, thanks], [true, true, false, null, more.thanks]);
    const named = expectStatus(await salon.owner.patch(`/forms/${form.id}`, { name: 'Skin' }), 200);
    assert.deepEqual({ ...named, name: form.name, version: form.version }, form);
    expectInvalid(await add(FIELDS, { external_url: 'javascript:alert(1)' }), ['external_url']);
    expectInvalid(await add(FIELDS, { external_url: 'https://forms.example/x' }), ['fields']);
    expectInvalid(await add(undefined), ['fields']);
  });

  test('is public only where it makes a lead', async () => {
    const who = [text('name', { required: true }), { key: 'mail', label: 'E-mail', type: 'email', required: true }];
    const open = { kind: 'contact', public: true };
    assert.equal(expectStatus(await add(who, open), 201).public, true);
    expectInvalid(await add(who, { public: true }), ['public']);
    expectInvalid(await add(undefined, { ...open, external_url: 'https://forms.example/x' }), ['public']);
    const lacking = [
      [who[0]],
      [who[1]],
      [who[0], { ...who[1], required: false }],
      [who[0], { ...who[1], ...when('name', 'answered') }],
      [consent, section('s', when('agree', 'answered')), ...who],
    ];
    for (const fields of lacking) expectInvalid(await add(fields, open), ['fields']);
    const form = expectStatus(await add(who, { kind: 'contact' }), 201);
    const opened = await salon.owner.patch(`/forms/${form.id}`, { public: true });
    assert.equal(expectStatus(opened, 200).public, true);
    expectInvalid(await salon.owner.patch(`/forms/${form.id}`, { kind: 'intake' }), ['public']);
    expectInvalid(await salon.owner.patch(`/forms/${form.id}`, { fields: [who[0]] }), ['fields']);
  });
});

describe('what is hidden', () => {
  const must = { required: true };
  const fields = [
    choice,
    several,
    consent,
    number,
    text('dry', { ...must, ...when('skin', 'equals', 'dry') }),
    text('laser', { ...must, ...when('had', 'includes', 'laser') }),
    text('refused', { ...must, ...when('agree', 'equals', 'false') }),
    text('given', { ...must, ...when('agree', 'answered') }),
    text('heavy', { ...must, ...when('weight', 'equals', '61.5') }),
    text('after', { ...must, ...when('dry', 'answered') }),
    section('part', when('weight', 'answered')),
    text('inside', must),
    section('end'),
    text('last'),
  ];
  const cases = [
    [{}, ['refused']],
    [{ agree: false }, ['refused']],
    [{ agree: true }, ['given']],
    [{ agree: true, skin: 'oily', had: ['peel'] }, ['given']],
    [{ agree: true, had: ['peel', 'laser'] }, ['laser', 'given']],
    [{ agree: true, skin: 'dry' }, ['dry', 'given']],
    [{ agree: true, skin: 'dry', dry: ' x ' }, ['given', 'after']],
    [{ agree: true, skin: 'dry', dry: '  ' }, ['dry', 'given']],
    [{ agree: true, weight: 61.5 }, ['given', 'heavy', 'inside']],
    [{ agree: true, weight: 0 }, ['given', 'inside']],
    [{ agree: true, skin: 'oily', dry: 'x' }, ['given']],
  ];

  test('is not asked for: what is missing tells which questions are there', async () => {
    const world = await asked(fields);
    for (const [answers, missing] of cases) {
      expectInvalid(await fill(world, answers), missing.map((key) => `answers.${key}`));
    }
    expectInvalid(await fill(world, { part: 'x', agree: true, given: 'x' }), ['answers.part']);
  });

  test('is neither checked nor kept', async () => {
    const world = await asked(fields);
    const sent = { agree: true, given: 'yes', dry: 7, laser: ['x'], after: 'x', inside: 'y', last: 'z' };
    expectStatus(await fill(world, sent), 200);
    assert.deepEqual((await readOf(world)).answers, { agree: true, given: 'yes', last: 'z' });
  });
});

test('a number stays within its bounds', async () => {
  const world = await asked([{ ...number, min: -1.5, max: 0 }]);
  for (const weight of [-1.6, 0.1, 61]) expectInvalid(await fill(world, { weight }), ['answers.weight']);
  expectStatus(await fill(world, { weight: 0 }), 200);
});

describe('a signature', () => {
  const fields = [
    section('terms', { help: 'The treatment may redden the skin.' }),
    { ...consent, required: true, help: 'You can take it back.' },
    text('child', when('agree', 'equals', 'false')),
    sign,
    text('below'),
  ];
  const drawing = { width: 300, height: 100, strokes: [[1, 2, 3, 4, 5, 6], [7, 8]] };

  test('is a drawing beside the name, with the time and the words that it signs', async () => {
    const world = await asked(fields);
    const signed = { name: 'Cleo <Lane>', drawing };
    const before = Date.now();
    expectStatus(await fill(world, { agree: true, signed, below: 'x' }), 200);
    const { answers, fields: given } = await readOf(world);
    assert.deepEqual([answers.signed.name, answers.signed.drawing], ['Cleo <Lane>', drawing]);
    assert.ok(Math.abs(Date.parse(answers.signed.signed_at) - before) < 60_000);
    assert.equal(
      answers.signed.text,
      ['About terms', fields[0].help, 'I agree', fields[1].help, 'Signature'].join('\n'),
      'what was shown above it, and not what was hidden or stands below',
    );
    assert.deepEqual(given.map(({ key }) => key), fields.map(({ key }) => key));
    const list = await world.salon.owner.list(`/forms/${world.form.id}/submissions`);
    assert.equal(list[0].answers.signed, 'Cleo <Lane>', 'in lists the name is enough');
  });

  test('is the typed name alone, for who cannot draw', async () => {
    const world = await asked(fields);
    expectStatus(await fill(world, { agree: true, signed: 'Cleo Lane' }), 200);
    const { signed } = (await readOf(world)).answers;
    assert.deepEqual([signed.name, signed.drawing], ['Cleo Lane', null]);
  });

  test('of before has its name, and the time of the form', async () => {
    const world = await asked(fields);
    await sql(
      server,
      `UPDATE form_submission SET status = 'completed', completed_s = 1700000000,` +
        ` answers = '{"agree":true,"signed":"Cleo"}' WHERE id = ${world.id}`,
    );
    assert.deepEqual((await readOf(world)).answers.signed, {
      ...{ name: 'Cleo', drawing: null, signed_at: '2023-11-14T22:13:20Z', text: '' },
    });
  });

  test('needs a name, and a drawing that is one', async () => {
    const world = await asked(fields);
    const signed = (more) => ({ name: 'Cleo', drawing: { ...drawing, ...more } });
    const stroke = (length, of = 1) => Array.from({ length }, () => of);
    const wrong = [
      [7, ['signed']],
      ['', ['signed']],
      [{}, ['signed']],
      [{ name: 'Cleo', colour: 'red' }, ['signed.colour']],
      [{ name: 'x'.repeat(121) }, ['signed.name']],
      [{ drawing }, ['signed']],
      [signed({ width: 10 }), ['signed']],
      [signed({ strokes: [] }), ['signed']],
      [signed({ strokes: 'x' }), ['signed']],
      [signed({ strokes: [[1]] }), ['signed']],
      [signed({ strokes: [[1, 2, 3]] }), ['signed']],
      [signed({ strokes: [[1.5, 2]] }), ['signed']],
      [signed({ strokes: [[301, 2]] }), ['signed']],
      [signed({ strokes: [[1, 101]] }), ['signed']],
      [signed({ strokes: [[-1, 1]] }), ['signed']],
      [signed({ strokes: [stroke(502)] }), ['signed']],
      [signed({ strokes: Array.from({ length: 101 }, () => [1, 1]) }), ['signed']],
      [signed({ strokes: Array.from({ length: 7 }, () => stroke(500)) }), ['signed']],
    ];
    for (const [value, keys] of wrong) {
      const answer = await fill(world, { agree: true, signed: value });
      expectInvalid(answer, keys.map((key) => `answers.${key}`));
    }
    const most = signed({ strokes: Array.from({ length: 6 }, () => stroke(500, 100)) });
    expectStatus(await fill(world, { agree: true, signed: most }), 200);
  });
});

describe('a draft', () => {
  const fields = [
    text('name', { required: true }),
    { key: 'email', label: 'E-mail', type: 'email' },
    { key: 'born', label: 'Born', type: 'date' },
    several,
    number,
    sign,
  ];
  const half = { name: '', email: 'cleo@', born: '19', had: ['peel'], weight: 61, signed: 'C' };

  test('is saved as one types, and comes back in place of what was known', async () => {
    const world = await asked(fields);
    const fresh = await pageOf(world);
    assert.deepEqual([fresh.answers.name, fresh.saved_at], ['Cleo Lane', null]);
    expectStatus(await draft(world, half), 204);
    const page = await pageOf(world);
    assert.deepEqual(page.answers, { email: 'cleo@', born: '19', had: ['peel'], weight: 61, signed: { name: 'C' } });
    assert.ok(Math.abs(Date.parse(page.saved_at) - Date.now()) < 60_000);
    expectStatus(await draft(world, page.answers), 204);
    assert.deepEqual((await pageOf(world)).answers, page.answers, 'what is shown can be saved again');
    const { status, answers } = await readOf(world);
    assert.deepEqual([status, answers], ['pending', null], 'the business does not read along');
  });

  test('lies sealed, and is gone when the form is filled in', async () => {
    const world = await asked(fields);
    expectStatus(await draft(world, { ...half, name: 'Marker of mine' }), 204);
    const rows = async () => (await sql(server, `SELECT draft, answers FROM form_submission WHERE id = ${world.id}`)).join();
    assert.match(await rows(), /s1\./);
    assert.doesNotMatch(await rows(), /Marker/);
    expectStatus(await fill(world, { name: 'Marker of mine', signed: 'Cleo' }), 200);
    assert.doesNotMatch(await rows(), /Marker/, 'and so do the answers');
    const drafts = await sql(server, `SELECT COUNT(*) FROM form_submission WHERE draft IS NOT NULL AND id = ${world.id}`);
    assert.equal(Number(drafts[0]), 0);
    expectProblem(await draft(world, half), 409, 'already_exists');
  });

  test('has its kinds and sizes checked', async () => {
    const world = await asked(fields);
    const wrong = [
      [{ name: 7 }, ['name']],
      [{ name: 'x'.repeat(501) }, ['name']],
      [{ weight: '61' }, ['weight']],
      [{ had: 'peel' }, ['had']],
      [{ had: ['a', 'b', 'c'] }, ['had']],
      [{ other: 'x' }, ['other']],
      [{ signed: { drawing: {} } }, ['signed']],
    ];
    for (const [answers, keys] of wrong) {
      expectInvalid(await draft(world, answers), keys.map((key) => `answers.${key}`));
    }
    expectInvalid(await draft(world, null), ['answers']);
  });

  test('stays behind when the visit goes to somebody else', async () => {
    const world = await asked(fields);
    expectStatus(await draft(world, half), 204);
    const other = expectStatus(await world.salon.owner.post('/clients', { name: 'Bea', email: 'bea@client.example' }), 201);
    const moved = await world.salon.owner.patch(`/bookings/${world.booking.id}`, { client_id: other.id });
    expectStatus(moved, 200);
    const [left] = await sql(server, `SELECT COUNT(*) FROM form_submission WHERE draft IS NOT NULL AND id = ${world.id}`);
    assert.equal(Number(left), 0);
  });
});

describe('a form that is filled in elsewhere', () => {
  const url = 'https://forms.example/skin?x=1&y=2';

  test('has a link in place of its fields', async () => {
    const world = await asked(undefined, { fields: undefined, external_url: url });
    assert.deepEqual([world.form.fields, world.form.external_url], [[], url]);
    const page = await pageOf(world);
    assert.deepEqual([page.status, page.fields, page.external_url], ['pending', [], url]);
    expectProblem(await fill(world, {}), 409, 'filled_in_elsewhere');
    expectProblem(await draft(world, {}), 409, 'filled_in_elsewhere');
  });

  test('is asked here again when the link is taken away', async () => {
    const world = await asked(undefined, { fields: undefined, external_url: url });
    const path = `/forms/${world.form.id}`;
    expectInvalid(await world.salon.owner.patch(path, { external_url: null }), ['fields']);
    const here = await world.salon.owner.patch(path, { external_url: null, fields: FIELDS });
    assert.deepEqual([expectStatus(here, 200).external_url, here.body.revision], [null, 2]);
    assert.equal((await pageOf(world)).fields.length, FIELDS.length);
    expectStatus(await fill(world, { name: 'Cleo', agree: true }), 200);
  });
});

test('who has filled in a form is thanked in the words of the business', async () => {
  const world = await asked(FIELDS, { thanks: 'See you soon.' });
  assert.equal((await pageOf(world)).thanks, '');
  const done = expectStatus(await fill(world, { name: 'Cleo', agree: true }), 200);
  assert.equal(done.thanks, 'See you soon.');
  assert.equal((await pageOf(world)).thanks, 'See you soon.');
});
