// SPDX-License-Identifier: AGPL-3.0-or-later
// What was answered: who reads it, what of it is written down, and how it is asked for once more.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { askForm, makeForm } from '../lib/forms.mjs';
import { arrive } from '../lib/members.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const FIELDS = [
  { key: 'terms', label: 'Terms of the peel', type: 'section', help: 'It may redden the skin.' },
  { key: 'story', label: 'What should we know', type: 'long_text' },
  { key: 'agree', label: 'I agree', type: 'consent', required: true },
  { key: 'why', label: 'Why not', type: 'text', show_if: { key: 'agree', is: 'equals', value: 'false' } },
  { key: 'signed', label: 'Signature', type: 'signature', required: true },
];
const DRAWING = { width: 300, height: 100, strokes: [[10, 10, 290, 90], [10, 90, 290, 10]] };
const ANSWERS = { story: 'Marker: allergic to nuts', agree: true, signed: { name: 'Cleo Lane', drawing: DRAWING } };

let server;
let salon;
let ann; // each visit is hers
let bob;
let desk; // holds bookings
let nurse; // holds clinical
const client = () => ({ name: 'Cleo Lane', email: `c${Math.random().toString(36).slice(2)}@client.example` });

before(async (t) => {
  server = await startServer(t);
  salon = await makeSalon(server, { staff: ['Ann', 'Bob', 'Dee', 'Nia'] });
  const [, , dee, nia] = salon.staff;
  expectStatus(await salon.owner.patch(`/staff/${dee.id}`, { permissions: ['bookings'] }), 200);
  expectStatus(await salon.owner.patch(`/staff/${nia.id}`, { permissions: ['clinical'] }), 200);
  [ann, bob, desk, nurse] = await Promise.all(salon.staff.map((member) => arrive(server, member)));
});

let days = 2;
/** A visit of Ann's, or another's, with a form that waits; filled in with `answers`. */
async function asked(more = {}, { answers, of = 0 } = {}) {
  const form = await makeForm(salon.owner, { fields: FIELDS, ...more });
  const from = new Date(Date.now() + 86_400_000 * (days += 1)).toISOString().slice(0, 10);
  const staff_id = salon.staff[of].id;
  const [slot] = await salon.slots({ from, staff_id });
  const made = expectStatus(await salon.book({ start: slot.start, staff_id, client: client() }), 201);
  const booking = expectStatus(await salon.owner.get(`/bookings/${made.booking.id}`), 200);
  const { id, token } = await askForm(server, form, booking);
  if (answers) expectStatus(await salon.visitor.post(`/public/forms/${token}`, { answers }), 200);
  return { form, booking, id, token };
}
const read = (who, { id }) => who.get(`/submissions/${id}`);
const actions = async (id) =>
  (await salon.owner.list('/audit?entity=form_submission'))
    .filter(({ entity_id: entity }) => entity === id)
    .map(({ action, actor_name: who }) => `${action} ${who}`);

describe('who does the visit', () => {
  test('reads the answers where the form says so, and else that they are there', async () => {
    const open = await asked({ staff_reads: true }, { answers: ANSWERS });
    const closed = await asked({}, { answers: ANSWERS });
    const mine = expectStatus(await read(ann, open), 200);
    assert.deepEqual([mine.answers.story, mine.sealed, mine.readable], [ANSWERS.story, false, true]);
    assert.equal(mine.client.name, 'Cleo Lane');
    assert.equal('email' in mine.client, false, 'contacts are not theirs to see');
    const theirs = expectStatus(await read(ann, closed), 200);
    assert.deepEqual([theirs.answers, theirs.sealed, theirs.readable], [null, true, false]);

    const { data } = expectStatus(await ann.get(`/bookings/${open.booking.id}/forms`), 200);
    assert.deepEqual(data.map(({ id, answers }) => [id, answers?.story]), [[open.id, ANSWERS.story]]);
    const of = expectStatus(await ann.get(`/clients/${closed.booking.client.id}/forms`), 200);
    assert.deepEqual(of.data.map(({ id, answers }) => [id, answers]), [[closed.id, null]]);
  });

  test('is no other: to a colleague it looks absent', async () => {
    const { id, booking } = await asked({ staff_reads: true }, { answers: ANSWERS });
    for (const path of [`/submissions/${id}`, `/submissions/${id}/form.pdf`, `/bookings/${booking.id}/forms`, `/clients/${booking.client.id}/forms`]) {
      expectProblem(await bob.get(path), 404, 'not_found');
    }
    for (const path of ['link', 'remind', 'complete']) {
      expectProblem(await bob.post(`/submissions/${id}/${path}`), 404, 'not_found');
    }
    for (const path of ['/submissions', '/forms']) expectProblem(await ann.get(path), 403);
  });

  test('leaves the desk to see that it is filled in, and not what', async () => {
    const { id, booking } = await asked({ staff_reads: true }, { answers: ANSWERS });
    const seen = expectStatus(await desk.get(`/bookings/${booking.id}/forms`), 200).data[0];
    assert.deepEqual([seen.status, seen.answers, seen.readable], ['completed', null, false]);
    assert.equal(seen.client.email, booking.client.email);
    expectProblem(await desk.get(`/submissions/${id}/form.pdf`), 403, 'forbidden');
  });
});

describe('what is clinical', () => {
  const clinical = { clinical: true, staff_reads: true };

  test('is read by permission alone, and each reading is written down', async () => {
    const world = await asked(clinical, { answers: ANSWERS });
    const { id } = world;
    const without = expectStatus(await read(ann, world), 200);
    assert.deepEqual([without.answers, without.sealed, without.readable], [null, true, false]);
    assert.deepEqual(await actions(id), ['completed Cleo Lane'], 'what was not read is not written down');
    const owner = expectStatus(await read(salon.owner, world), 200);
    assert.equal(owner.answers.story, ANSWERS.story);
    expectStatus(await read(salon.owner, world), 200);
    assert.equal((await actions(id)).filter((line) => line.startsWith('read ')).length, 2);
    assert.doesNotMatch(JSON.stringify(await salon.owner.list('/audit')), /Marker|allergic/);
  });

  test('is read by who does the visit and holds the permission', async () => {
    const hers = await asked(clinical, { answers: ANSWERS, of: 3 });
    const other = await asked(clinical, { answers: ANSWERS });
    assert.equal(expectStatus(await read(nurse, hers), 200).answers.story, ANSWERS.story);
    assert.deepEqual(await actions(hers.id), ['completed Cleo Lane', 'read Nia'].reverse());
    expectProblem(await read(nurse, other), 404, 'not_found');
    expectStatus(await salon.owner.patch(`/staff/${salon.staff[3].id}`, { permissions: [] }), 200);
    assert.equal(expectStatus(await read(nurse, hers), 200).answers, null, 'and at once no more');
    expectStatus(await salon.owner.patch(`/staff/${salon.staff[3].id}`, { permissions: ['clinical'] }), 200);
  });

  test('stands in no list, and not readable in the database', async () => {
    const { id, form, booking } = await asked(clinical, { answers: ANSWERS });
    for (const path of [`/forms/${form.id}/submissions`, '/submissions?status=completed', `/bookings/${booking.id}/forms`, `/clients/${booking.client.id}/forms`]) {
      const row = (await salon.owner.list(path)).find((one) => one.id === id);
      assert.deepEqual([row.answers, row.sealed, row.readable], [null, true, true], path);
    }
    const rows = await sql(server, `SELECT * FROM form_submission WHERE id = ${id}`);
    assert.doesNotMatch(rows.join('\n'), /Marker|nuts/);
  });

  test('becomes so when its form does, whenever it was answered', async () => {
    const world = await asked({ staff_reads: true }, { answers: ANSWERS });
    expectStatus(await salon.owner.patch(`/forms/${world.form.id}`, { clinical: true }), 200);
    assert.equal(expectStatus(await read(ann, world), 200).answers, null);
    const [row] = await salon.owner.list(`/forms/${world.form.id}/submissions`);
    assert.equal(row.answers, null);
  });
});

describe('the lists of all forms', () => {
  test('tell by state what waits, what is late and what is done', async () => {
    const done = await asked({}, { answers: ANSWERS });
    const waits = await asked();
    const late = await asked();
    await sql(server, `UPDATE form_submission SET requested_s = 1000 WHERE id IN (${late.id}, ${done.id})`);
    const over = await asked();
    await sql(server, `UPDATE form_submission SET requested_s = 1000 WHERE id = ${over.id}`);
    expectStatus(await salon.owner.post(`/bookings/${over.booking.id}/cancel`), 200);
    const ids = async (query) => (await salon.owner.list(`/submissions${query}`)).map(({ id }) => id);
    const mine = [done.id, waits.id, late.id, over.id];
    const only = async (query) => (await ids(query)).filter((id) => mine.includes(id));
    assert.deepEqual(await only(''), [...mine].reverse(), 'newest first');
    assert.deepEqual(await only('?status=pending'), [late.id, waits.id]);
    assert.deepEqual(await only('?status=overdue'), [late.id]);
    assert.deepEqual(await only('?status=completed'), [done.id]);
    const first = expectStatus(await salon.owner.get('/submissions?limit=1'), 200);
    const rest = expectStatus(await salon.owner.get(`/submissions?limit=1&cursor=${first.next_cursor}`), 200);
    assert.deepEqual([first.data[0].id, rest.data[0].id], [over.id, late.id]);
  });
});

describe('asking once more', () => {
  test('writes the letter now, with a link that works, but not twice in one breath', async () => {
    const { id, booking } = await asked();
    const sent = expectStatus(await ann.post(`/submissions/${id}/remind`), 202);
    assert.equal('to_address' in sent, false);
    const mail = await server.waitForMail((one) => one.to.includes(booking.client.email) && /\/form\//.test(one.text));
    const [, token] = /\/form\/([\w-]+)/.exec(mail.text);
    assert.equal(expectStatus(await salon.visitor.get(`/public/forms/${token}`), 200).status, 'pending');
    expectProblem(await ann.post(`/submissions/${id}/remind`), 409, 'reminded_just_now');
    assert.ok(expectStatus(await read(ann, { id }), 200).requested_at);
    await sql(server, `UPDATE message SET created_s = created_s - 601 WHERE subject_id = ${id}`);
    const again = expectStatus(await salon.owner.post(`/submissions/${id}/remind`), 202);
    assert.equal(again.to_address, booking.client.email);
    assert.deepEqual((await actions(id)).map((line) => line.split(' ')[0]), ['reminded', 'reminded']);
  });

  test('goes though the automation is off', async () => {
    for (const key of ['form_request', 'form_reminder']) {
      expectStatus(await salon.owner.patch(`/automations/${key}`, { enabled: false }), 200);
    }
    const { id, booking } = await asked();
    const { email_id: email } = expectStatus(await salon.owner.post(`/submissions/${id}/remind`), 202);
    assert.equal(expectStatus(await salon.owner.get(`/emails/${email}`), 200).to, booking.client.email);
    for (const key of ['form_request', 'form_reminder']) {
      expectStatus(await salon.owner.patch(`/automations/${key}`, { enabled: true }), 200);
    }
  });

  test('is refused where nobody waits for it, or nobody can be written to', async () => {
    const done = await asked({}, { answers: ANSWERS });
    const off = await asked();
    expectStatus(await salon.owner.post(`/bookings/${off.booking.id}/cancel`), 200);
    for (const path of ['remind', 'link', 'complete']) {
      expectProblem(await salon.owner.post(`/submissions/${done.id}/${path}`), 409, 'already_exists');
      expectProblem(await salon.owner.post(`/submissions/${off.id}/${path}`), 409, 'invalid_transition');
    }
    const mute = await asked();
    expectStatus(await salon.owner.patch(`/clients/${mute.booking.client.id}`, { email: null }), 200);
    expectProblem(await salon.owner.post(`/submissions/${mute.id}/remind`), 409, 'no_email_address');
  });
});

describe('at the desk', () => {
  test('a link opens the form on the tablet, and who asked for it is written down', async () => {
    const { id } = await asked();
    const { url } = expectStatus(await ann.post(`/submissions/${id}/link`), 200);
    assert.ok(url.startsWith(`${server.baseUrl}/form/`));
    const path = `/public/forms/${url.split('/').pop()}`;
    expectStatus(await salon.visitor.post(path, { answers: ANSWERS }), 200);
    assert.deepEqual(await actions(id), ['completed Cleo Lane', 'link_made Ann']);
  });

  test('a form that is filled in elsewhere is completed by hand, and no other', async () => {
    const url = 'https://forms.example/skin';
    const elsewhere = await asked({ fields: [], external_url: url });
    const link = expectStatus(await ann.post(`/submissions/${elsewhere.id}/link`), 200);
    assert.equal(link.url, url);
    const mailed = expectStatus(await salon.owner.post(`/submissions/${elsewhere.id}/remind`), 202);
    assert.ok(mailed.email_id);
    const mail = await server.waitForMail((one) => one.to.includes(elsewhere.booking.client.email) && one.text.includes(url));
    assert.ok(mail);
    const done = expectStatus(await ann.post(`/submissions/${elsewhere.id}/complete`), 200);
    assert.deepEqual([done.status, done.completed_by, done.answers, done.fields], ['completed', 'Ann', null, []]);
    expectProblem(await ann.get(`/submissions/${elsewhere.id}/form.pdf`), 409, 'not_filled_in');
    const here = await asked();
    expectProblem(await ann.post(`/submissions/${here.id}/complete`), 409, 'not_external');
  });
});

describe('on paper', () => {
  const pdfOf = async (who, id) => {
    const headers = { cookie: who.cookieHeader() };
    const { status, headers: given, ...rest } = await fetch(who.url(`/submissions/${id}/form.pdf`), { headers })
      .then(async (answer) => ({ status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }));
    assert.equal(status, 200);
    return { headers: given, ...rest };
  };
  function textOf(t, bytes) {
    const folder = mkdtempSync(join(tmpdir(), 'careops-pdf-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'form.pdf');
    writeFileSync(file, bytes);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    const pages = Number(/Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [file], { encoding: 'utf8' }))[1]);
    const ink = execFileSync('pdftoppm', ['-r', '50', '-gray', file], { maxBuffer: 1e8 });
    return { text, pages, ink };
  }

  test('stands what was asked, what was answered, and the signature', async (t) => {
    const answers = { ...ANSWERS, story: 'Ключ Ελλάς\nשלום\n<b>&amp;</b> zweite Zeile' };
    const drawn = await asked({ staff_reads: true }, { answers });
    const answer = await pdfOf(ann, drawn.id);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    assert.equal(answer.headers.get('content-disposition'), `attachment; filename="form-${drawn.id}.pdf"`);
    const { text, pages, ink } = textOf(t, answer.bytes);
    assert.equal(pages, 1);
    for (const words of ['Health questions', 'Salon Test', 'Filled in by Cleo Lane on 20', 'Terms of the peel', 'It may redden the skin.',
      'Ключ Ελλάς', '<b>&amp;</b> zweite Zeile', 'I agree', 'yes', 'Cleo Lane', 'Signed on 20', `no. ${drawn.id}, revision 1`]) {
      assert.ok(text.includes(words), `${words} in ${text}`);
    }
    assert.ok(!text.includes('Why not'), 'what was hidden is not there');
    const typed = await asked({ staff_reads: true }, { answers: { ...answers, signed: 'Cleo Lane' } });
    const dark = (image) => image.filter((byte) => byte < 128).length;
    const plain = textOf(t, (await pdfOf(ann, typed.id)).bytes);
    assert.ok(dark(ink) > dark(plain.ink) + 100, 'the drawing is drawn');
  });

  test('it goes on over as many pages as it needs', async (t) => {
    const many = Array.from({ length: 8 }, (_, i) => ({ key: `t${i}`, label: `Question ${i}`, type: 'long_text' }));
    const answers = Object.fromEntries(many.map(({ key }) => [key, 'word '.repeat(900)]));
    const { id } = await asked({ fields: many, staff_reads: true }, { answers });
    const { text, pages } = textOf(t, (await pdfOf(ann, id)).bytes);
    assert.ok(pages > 3, String(pages));
    assert.equal(text.match(/\bword\b/g).length, 8 * 900, 'and no word is lost');
    assert.ok(text.includes(`· ${pages}`));
  });

  test('what is clinical is written down as printed', async () => {
    const { id } = await asked({ clinical: true, staff_reads: true }, { answers: ANSWERS });
    await pdfOf(salon.owner, id);
    expectProblem(await ann.get(`/submissions/${id}/form.pdf`), 403, 'forbidden');
    assert.match((await actions(id))[0], /^printed /);
    assert.equal((await actions(id)).length, 2);
  });

  test('there is nothing before it is filled in', async () => {
    const { id } = await asked();
    expectProblem(await salon.owner.get(`/submissions/${id}/form.pdf`), 409, 'not_filled_in');
  });
});

test('with another key the answers are held back, and the rest is there', async (t) => {
  const { id, form } = await asked({ staff_reads: true }, { answers: ANSWERS });
  const [sealed] = await sql(server, `SELECT answers FROM form_submission WHERE id = ${id}`);
  t.after(() => sql(server, `UPDATE form_submission SET answers = '${sealed}' WHERE id = ${id}`));
  const broken = `${sealed.slice(0, -4)}${sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
  await sql(server, `UPDATE form_submission SET answers = '${broken}' WHERE id = ${id}`);
  expectProblem(await salon.owner.get(`/submissions/${id}`), 409, 'sealed_with_another_key');
  const [row] = await salon.owner.list(`/forms/${form.id}/submissions`);
  assert.deepEqual([row.status, row.answers, row.sealed, row.readable], ['completed', null, true, false]);
});

test('a form that is completed by hand opens the gate that waited for it', async () => {
  const form = await makeForm(salon.owner, { fields: [], external_url: 'https://forms.example/consent' });
  const [{ id: ann_id }] = salon.staff;
  const body = { name: 'Peel', duration_min: 30, price: 1, staff_ids: [ann_id] };
  const requires = [{ kind: 'form', form_id: form.id }];
  const service = expectStatus(await salon.owner.post('/services', { ...body, requires }), 201);
  const from = new Date(Date.now() + 86_400_000 * (days += 1)).toISOString().slice(0, 10);
  const [slot] = await salon.slots({ from, services: [service] });
  const made = expectStatus(await salon.book({ start: slot.start, services: [service], client: client() }), 201);
  const path = `/bookings/${made.booking.id}`;
  assert.equal(expectStatus(await salon.owner.get(path), 200).gates_ok, false);
  const [asked] = expectStatus(await ann.get(`${path}/forms`), 200).data;
  assert.equal(asked.form.id, form.id);
  expectStatus(await ann.post(`/submissions/${asked.id}/complete`), 200);
  assert.equal(expectStatus(await salon.owner.get(path), 200).gates_ok, true);
});
