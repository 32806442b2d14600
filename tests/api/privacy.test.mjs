// SPDX-License-Identifier: AGPL-3.0-or-later
// What belongs to one person: clinical notes, everything about them in one file, and their going,
// seen in the bytes of every file that the program has.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { attach } from '../lib/attach.mjs';
import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { contents, mailGone, sql } from '../lib/contents.mjs';
import { feedbackLink, pastVisit } from '../lib/feedback.mjs';
import { FIELDS, askForm, makeForm } from '../lib/forms.mjs';
import { ERASED_BY, ERASED_TABLES, NOT_EXPORTED, PERSONAL } from '../lib/personal.mjs';
import { ROOT, eventually, run } from '../lib/process.mjs';
import { PASSWORD, dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const STAFF_PASSWORD = 'my own long secret 9';
const tag = () => randomBytes(6).toString('hex');

async function signIn(server, member) {
  const mail = await server.waitForMail((m) => m.to.includes(member.email) && /Password: /.test(m.text));
  const client = new Client(server.baseUrl);
  const password = /Password: (\S+)/.exec(mail.text)[1];
  expectStatus(await client.post('/session', { email: member.email, password }), 200);
  const change = { current_password: password, new_password: STAFF_PASSWORD };
  expectStatus(await client.post('/password/change', change), 204);
  return client;
}

const salonWith = (server) =>
  makeSalon(server, {
    items: [{ name: 'Colour', on_hand: 5000 }],
    services: [{ name: 'Cut', duration_min: 30, price: 4500, materials: [[0, 30]] }],
  });

/** Every file that the program writes, by name, as bytes. */
function files(server) {
  const found = new Map();
  const walk = (folder) => {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else found.set(path, readFileSync(path));
    }
  };
  walk(server.folder);
  found.set('the log', Buffer.from(server.logs.join('\n')));
  return found;
}

/** "file holds marker" for each that does; `besides` are folders that are not looked into. */
function found(server, markers, besides = []) {
  return [...files(server)].flatMap(([path, bytes]) =>
    besides.some((folder) => path.startsWith(folder))
      ? []
      : markers.filter((marker) => bytes.includes(marker)).map((marker) => `${path} holds ${marker}`),
  );
}

/** A person who has left something everywhere that a client can, each thing with a mark of its own. */
class Person {
  constructor() {
    this.marks = {};
    this.phone = `+33 6 ${randomInt(10, 99)} ${randomInt(1_000_000, 9_999_999)}`;
    this.marks.phone = this.phone;
  }

  mark(name) {
    return (this.marks[name] ??= `zq${name}${tag()}`);
  }

  get all() {
    return Object.values(this.marks);
  }

  async arrive(server, salon, { future = true } = {}) {
    const { owner, visitor } = salon;
    this.name = `Nora ${this.mark('name')}`;
    this.email = `${this.mark('email')}@client.example`;
    const first = { name: this.name, email: this.email, phone: this.phone };
    const [slot] = await salon.slots({ from: dateIn(3) });
    const key = { key: true };
    if (future) {
      this.booked = expectStatus(
        await salon.book({ start: slot.start, client: first, notes: this.mark('wish') }), 201,
      );
    }
    const contact = { ...first, message: `Hello ${this.mark('hello')}` };
    expectStatus(await visitor.post(`/public/${salon.slug}/contact`, contact, key), 202);
    const { data } = expectStatus(await owner.get(`/clients?q=${encodeURIComponent(this.email)}`), 200);
    this.id = data[0].id;

    const details = {
      notes: `likes ${this.mark('notes')}`,
      tags: [this.mark('tag')],
      alerts: [`allergic to ${this.mark('alert')}`],
    };
    expectStatus(await owner.patch(`/clients/${this.id}`, { name: `Old ${this.mark('oldname')}` }), 200);
    expectStatus(await owner.patch(`/clients/${this.id}`, { ...details, name: this.name }), 200);
    expectStatus(
      await owner.put(`/clients/${this.id}/clinical-notes`, { text: `skin: ${this.mark('skin')}` }), 200,
    );
    const talk = expectStatus(await owner.post('/conversations', { client_id: this.id }, key), 200);
    this.conversation = talk.id;
    const say = (body, more = {}) => owner.post(`/conversations/${talk.id}/messages`, { body, ...more }, key);
    expectStatus(await say(`Dear you ${this.mark('reply')}`), 201);
    expectStatus(await say(`Mind ${this.mark('inner')}`, { internal_note: true }), 201);

    this.visit = await pastVisit(salon, { client_id: this.id, notes: this.mark('visitnotes') });
    const token = await feedbackLink(server, this.visit);
    this.rateToken = token;
    const rating = { stars: 4, comment: `It was ${this.mark('comment')}`, may_show: true };
    expectStatus(await visitor.post(`/public/rate/${token}`, rating), 200);
    this.file = await attach(server, talk, { name: `${this.mark('file')}.png` });
    await sql(server, `UPDATE conversation_message SET quoted = '${this.mark('quoted')}', from_name = '${this.mark('fromname')}', from_address = '${this.mark('from')}@c.example' WHERE conversation_id = ${talk.id} AND files = 1`);
    await this.turnOutToBe(salon);
    const signature = { key: 'signed', label: 'Signature', type: 'signature', required: true };
    const form = await makeForm(owner, { fields: [...FIELDS.map((one) => ({ ...one })), signature] });
    const open = future ? this.booked.booking : await pastVisit(salon, { client_id: this.id, complete: false });
    this.asked = await askForm(server, form, future ? open : this.visit);
    const drawing = { width: 300, height: 100, strokes: [[1, 2, 3, 4, 5, 6]] };
    const answers = { name: this.mark('answer'), agree: true, ...(future && { signed: { name: this.mark('sign'), drawing } }) };
    this.formToken = this.asked.token;
    if (future) {
      expectStatus(await visitor.post(`/public/forms/${this.asked.token}`, { answers }), 200);
      const begun = await askForm(server, await makeForm(owner, { fields: FIELDS.map((one) => ({ ...one })) }), open);
      expectStatus(await visitor.put(`/public/forms/${begun.token}/draft`, { answers: { name: this.mark('draft') } }), 204);
    }
    else await sql(server, `UPDATE form_submission SET status = 'completed', completed_s = 1, answers = '{"name":"${answers.name}"}' WHERE id = ${this.asked.id}`);
    return this;
  }

  /** Somebody who was taken for another, with a talk and notes of their own. */
  async turnOutToBe({ owner, visitor, slug }) {
    const key = { key: true };
    this.otherEmail = `${this.mark('othermail')}@client.example`;
    const details = { name: `Honora ${this.mark('othername')}`, email: this.otherEmail, notes: this.mark('othernotes'), tags: [this.mark('othertag')] };
    this.other = expectStatus(await owner.post('/clients', details), 201).id;
    expectStatus(await owner.put(`/clients/${this.other}/clinical-notes`, { text: this.mark('otherskin') }), 200);
    const { name, email } = details;
    expectStatus(await visitor.post(`/public/${slug}/contact`, { name, email, message: this.mark('othersaid') }, key), 202);
    const answer = await owner.post(`/clients/${this.id}/merge`, { other_id: this.other }, key);
    this.merge = expectStatus(answer, 200).merge.id;
  }
}

/** What lies sealed, so that nothing of it is in a table or a file. */
const SAID = 5;
const SEALED = ['skin', 'otherskin', 'answer', 'sign', 'draft'];

/** SQLite's log is cut as soon as nobody reads, behind the next write. */
async function nothingLeft(server, person) {
  await eventually('no file holds a mark', () => found(server, person.all).length === 0, 10_000).catch(() => {});
  assert.deepEqual(found(server, person.all), []);
}

const textOf = async (server) => [...(await contents(server)).values()].flat().join('\n');
const holds = (text, marks) => marks.filter((mark) => text.includes(mark));

describe('clinical notes', () => {
  let server, salon, owner, client;
  const path = () => `/clients/${client.id}/clinical-notes`;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server);
    owner = salon.owner;
    client = expectStatus(await owner.post('/clients', { name: 'Cleo', email: `${tag()}@c.example` }), 201);
  });

  test('are written, read and changed under their version, and a client says only that there are some', async () => {
    assert.equal(client.has_clinical_notes, false);
    const none = expectStatus(await owner.get(path()), 200);
    assert.deepEqual(none, { client_id: client.id, text: '', changed_at: null, changed_by: null, version: 0 });
    const text = 'Retinol since May.\nNo acids.';
    const written = expectStatus(await owner.put(path(), { text }), 200);
    assert.equal(written.text, text);
    assert.equal(written.changed_by, 'Olive Owner');
    const stale = await owner.put(path(), { text: 'x' }, { headers: { 'If-Match': '"0"' } });
    expectProblem(stale, 412, 'stale_version');
    const seen = expectStatus(await owner.get(`/clients/${client.id}`), 200);
    assert.equal(seen.has_clinical_notes, true);
    assert.ok(!JSON.stringify(seen).includes('Retinol'));
    assert.equal((await owner.list('/clients'))[0].has_clinical_notes, true);
    expectInvalid(await owner.put(path(), { text: 'x'.repeat(20_001) }), ['text']);
  });

  test('each reading and change is an event of the audit, without a word of them', async () => {
    const events = async () => (await owner.list(`/audit?entity=client&entity_id=${client.id}`)).filter(({ action }) => /clinical/.test(action));
    const count = (await events()).length;
    expectStatus(await owner.get(path()), 200);
    const [newest] = await events();
    assert.equal((await events()).length, count + 1);
    assert.deepEqual([newest.action, newest.actor_name, newest.changes], ['clinical_read', 'Olive Owner', {}]);
    assert.ok(!JSON.stringify(await events()).includes('Retinol'));
  });

  test('only who holds the permission reads them, whatever else they may', async () => {
    const ann = await signIn(server, salon.staff[0]);
    const allow = async (permissions) => expectStatus(await owner.patch(`/staff/${salon.staff[0].id}`, { permissions }), 200);
    await allow(['bookings', 'inbox', 'clients', 'inventory', 'reports']);
    expectProblem(await ann.get(path()), 403, 'forbidden');
    expectProblem(await ann.put(path(), { text: 'x' }), 403, 'forbidden');
    await allow(['clinical']);
    assert.match(expectStatus(await ann.get(path()), 200).text, /Retinol/);
    expectProblem(await ann.get(`/clients/${client.id}`), 403, 'forbidden');
    const other = await makeSalon(server);
    expectProblem(await other.owner.get(path()), 404, 'not_found');
    expectProblem(await other.owner.put(path(), { text: 'x' }), 404, 'not_found');
  });

  test('lie sealed in the database', async () => {
    const mark = `zqseal${tag()}`;
    expectStatus(await owner.put(path(), { text: mark }), 200);
    const [row] = await sql(server, `SELECT notes FROM client_clinical WHERE client_id = ${client.id}`);
    assert.match(row, /^s1\./);
    assert.deepEqual(found(server, [mark]), []);
    assert.deepEqual(holds(await textOf(server), [mark]), []);
  });
});

describe('everything about one person', () => {
  let server, salon, nora;
  before(async (t) => {
    server = await startServer(t);
    salon = await salonWith(server);
    nora = await new Person().arrive(server, salon);
  });

  test('is one file in JSON, with all that they left and that was said of them', async () => {
    const answer = await salon.owner.get(`/clients/${nora.id}/export.json`);
    const all = expectStatus(answer, 200);
    assert.match(answer.headers.get('content-disposition'), /^attachment; filename="client-\d+\.json"$/);
    assert.deepEqual(Object.keys(all), ['exported_at', 'client', 'clinical_notes', 'merged', 'bookings', 'services', 'materials', 'forms', 'conversation', 'attachments', 'letters', 'ratings', 'planned', 'history']);
    assert.equal(all.client.email, nora.email);
    assert.equal(all.bookings.length, 2);
    assert.equal(all.services.length, 2);
    assert.equal(all.materials[0].item, 'Colour');
    assert.equal(all.materials[0].used ?? all.materials[0].reserved, 30);
    assert.equal(all.conversation.length, SAID);
    assert.equal(all.attachments.length, 1);
    assert.equal(all.merged[0].id, nora.other);
    assert.equal(all.client.came_by, 'booking');
    assert.equal(all.ratings[0].stars, 4);
    assert.equal(all.forms[0].answers.name, nora.marks.answer);
    assert.equal(all.forms[0].signatures.signed.name ?? all.forms[0].answers.signed, nora.marks.sign);
    assert.equal(all.forms[1].draft.name, nora.marks.draft);
    assert.ok(all.history.length > 10);
    const missing = nora.all.filter((mark) => !JSON.stringify(all).includes(mark));
    assert.deepEqual(missing, []);
  });

  test('and one in HTML that a person reads and no script can be in', async () => {
    const name = `<script>alert("${nora.mark('script')}")</script>`;
    expectStatus(await salon.owner.patch(`/clients/${nora.id}`, { notes: name }), 200);
    const answer = await salon.owner.get(`/clients/${nora.id}/export.html`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^text\/html/);
    const html = answer.text ?? answer.body;
    assert.ok(!html.includes('<script'));
    assert.ok(html.includes('&lt;script&gt;'));
    assert.ok(!/(?:src|href)=/.test(html), 'it needs nothing from elsewhere');
    assert.deepEqual(nora.all.filter((mark) => !html.includes(mark)), []);
  });

  test('is an owner\'s alone, of their own business, and is written down', async () => {
    const ann = await signIn(server, salon.staff[0]);
    const all = ['bookings', 'inbox', 'clients', 'inventory', 'reports', 'clinical'];
    expectStatus(await salon.owner.patch(`/staff/${salon.staff[0].id}`, { permissions: all }), 200);
    const other = await makeSalon(server);
    for (const kind of ['json', 'html']) {
      const path = `/clients/${nora.id}/export.${kind}`;
      expectProblem(await ann.get(path), 403, 'forbidden');
      expectProblem(await other.owner.get(path), 404, 'not_found');
    }
    const events = await salon.owner.list(`/audit?entity=client&entity_id=${nora.id}`);
    assert.equal(events.filter(({ action }) => action === 'exported').length, 2);
  });

  test('of a client of many years takes seconds', async () => {
    const rows = 30_000;
    const id = 900_000_000_000_000_000n;
    const series = server.engine === 'sqlite'
      ? `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`
      : `WITH n (i) AS (SELECT generate_series(1, ${rows}))`;
    await sql(server, `${series} INSERT INTO conversation_message (workspace_id, conversation_id, id, direction, body, author_kind, created_s)` +
      ` SELECT c.workspace_id, c.id, ${id} + n.i, 'in', 'a long word of theirs that says something, and again, and once more', 'client', 1 FROM conversation c, n WHERE c.id = ${nora.conversation}`);
    const began = Date.now();
    const all = expectStatus(await salon.owner.get(`/clients/${nora.id}/export.json`), 200);
    const took = Date.now() - began;
    console.log(`an export of ${rows} messages took ${took} ms`);
    assert.equal(all.conversation.length, rows + SAID);
    assert.ok(took < 20_000, `${took} ms`);
  });
});

describe('the schema', () => {
  test('has no column of which nobody has said what an erasure does to it', async (t) => {
    const server = await startServer(t);
    const ask = server.engine === 'sqlite'
      ? "SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'"
      : "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'";
    const columns = await sql(server, ask);
    assert.ok(columns.length > 300, `${columns.length} columns`);
    assert.deepEqual(columns.filter((one) => !PERSONAL.has(one)).sort(), [], 'say in tests/lib/personal.mjs what becomes of these, and give src/privacy/erase_steps.c their step');
    assert.deepEqual([...PERSONAL.keys()].filter((one) => !columns.includes(one)), []);
  });

  test('has its step for each table that an erasure touches, and its part in the export', () => {
    const read = (name) => readFileSync(join(ROOT, 'src/privacy', name), 'utf8');
    const steps = read('erase_steps.c');
    const parts = read('export_parts.c');
    const touches = (table) => new RegExp(ERASED_BY[table] ? `${ERASED_BY[table]}\\(` : `(?:UPDATE|DELETE FROM) ${table}\\b`).test(steps);
    assert.deepEqual(ERASED_TABLES.filter((table) => !touches(table)), []);
    const shown = (table) => new RegExp(`(?:FROM|JOIN) ${table}\\b`).test(parts);
    assert.deepEqual(ERASED_TABLES.filter((table) => !NOT_EXPORTED[table] && !shown(table)), []);
    assert.deepEqual(Object.keys(NOT_EXPORTED).filter((table) => !ERASED_TABLES.includes(table)), []);
  });
});

const FIGURES = ['booking_service', 'booking_material', 'item', 'rating_total', 'hold', 'resource', 'service'];

describe('an erasure', () => {
  let server, salon, owner;
  before(async (t) => {
    server = await startServer(t);
    salon = await salonWith(server);
    owner = salon.owner;
  });

  const erase = (person, name = person.name, as = owner) => as.post(`/clients/${person.id}/erase`, { name });

  test('wants the name typed, and an owner of that business', async () => {
    const nora = await new Person().arrive(server, salon);
    const text = await textOf(server);
    expectInvalid(await erase(nora, 'Somebody else'), ['name']);
    const ann = await signIn(server, salon.staff[1]);
    expectStatus(await owner.patch(`/staff/${salon.staff[1].id}`, { permissions: ['clients', 'clinical', 'bookings'] }), 200);
    expectProblem(await erase(nora, nora.name, ann), 403, 'forbidden');
    const other = await makeSalon(server);
    expectProblem(await erase(nora, nora.name, other.owner), 404, 'not_found');
    assert.deepEqual(holds(await textOf(server), nora.all), holds(text, nora.all));
  });

  test('leaves no trace of the person in any table, file, log, letter or list', async () => {
    const nora = await new Person().arrive(server, salon);
    const mira = await new Person().arrive(server, salon);
    const path = `/clients/${nora.id}`;
    await mailGone(server);
    const open = nora.all.filter((mark) => !SEALED.some((name) => mark === nora.marks[name]));
    assert.equal((await owner.list(`/conversations?q=${nora.marks.hello}`)).length, 1);
    const before = await textOf(server);
    assert.deepEqual(open.filter((mark) => !before.includes(mark)), [], 'each mark was somewhere');
    assert.ok(found(server, [nora.marks.email]).length >= 2, 'in the database and in the mail folder');

    const done = expectStatus(await erase(nora), 200);
    assert.equal(done.kept.bookings, 2);
    assert.equal(done.kept.cancelled_visits, 1);
    assert.equal(done.kept.removed_messages, SAID);
    assert.equal(done.kept.removed_forms, 2);
    assert.equal(done.kept.removed_attachments, 1);
    assert.equal(done.kept.merged_clients, 1);
    assert.equal(done.client_id, nora.id);

    const after = await textOf(server);
    assert.deepEqual(holds(after, nora.all), []);
    const others = mira.all.filter((mark) => !SEALED.some((name) => mark === mira.marks[name]));
    assert.deepEqual(others.filter((mark) => !after.includes(mark)), [], 'the other person is all there');
    await nothingLeft(server, nora);

    expectProblem(await owner.get(path), 404, 'client_erased');
    expectProblem(await owner.patch(path, { name: 'Back' }), 404, 'client_erased');
    expectProblem(await owner.get(`${path}/export.json`), 404, 'client_erased');
    expectProblem(await owner.get(`${path}/clinical-notes`), 404, 'client_erased');
    expectProblem(await erase(nora), 404, 'client_erased');
    assert.equal((await owner.list('/clients')).some(({ id }) => id === nora.id), false);
    for (const word of [nora.marks.name, nora.marks.oldname, nora.email, nora.phone, nora.otherEmail, nora.marks.othername, 'Erased']) {
      assert.deepEqual(await owner.list(`/clients?q=${encodeURIComponent(word)}`), []);
    }
    for (const label of [`tag=${nora.marks.tag}`, 'status=booked', 'source=booking']) {
      assert.equal((await owner.list(`/clients?${label}`)).some(({ id }) => id === nora.id), false, label);
    }
    for (const word of ['hello', 'reply', 'inner', 'othersaid']) {
      assert.deepEqual(await owner.list(`/conversations?q=${nora.marks[word]}`), []);
    }
    const tags = expectStatus(await owner.get('/client-tags'), 200).data.map(({ tag: one }) => one);
    assert.deepEqual(holds(JSON.stringify(tags), nora.all), []);
    const { text: lines } = await owner.get('/clients/export.csv');
    assert.ok(lines.includes(mira.marks.name), `the list has the others: ${lines}`);
    assert.deepEqual(holds(lines, [...nora.all, nora.id, nora.other, 'Erased client']), []);
    const preview = { csv: `id,name,phone\n${nora.id},Erased client,${nora.phone}\n` };
    assert.deepEqual(expectStatus(await owner.post('/client-imports/preview', preview), 200).rows.map(({ action }) => action), ['create']);
    expectProblem(await owner.get(`${path}/overview`), 404, 'client_erased');
    expectProblem(await owner.get(`${path}/messages`), 404, 'client_erased');
    expectProblem(await owner.get(`${path}/forms`), 404, 'client_erased');
    expectProblem(await owner.get(`/clients/${nora.other}`), 404, 'client_merged');
    expectProblem(await owner.post(`/client-merges/${nora.merge}/undo`), 409, 'merge_erased');
    expectProblem(await owner.post(`/clients/${mira.id}/merge`, { other_id: nora.id }, { key: true }), 404, 'client_erased');
    expectProblem(await owner.post('/conversations', { client_id: nora.id }, { key: true }), 404, 'client_erased');
    assert.equal((await owner.get(`/conversations/${nora.conversation}/attachments/${nora.file}`)).status, 404);
    assert.deepEqual(await sql(server, `SELECT 1 FROM client_term WHERE client_id IN (${nora.id}, ${nora.other})`), []);
    const token = nora.booked.manage_url.split('/').at(-1);
    expectProblem(await salon.visitor.get(`/public/manage/${token}`), 404, 'not_found');
    expectProblem(await salon.visitor.get(`/public/forms/${nora.formToken}`), 404, 'not_found');
    expectProblem(await salon.visitor.get(`/public/rate/${nora.rateToken}`), 404, 'not_found');
    const start = nora.booked.booking.start;
    const body = { service_ids: [salon.services[0].id], start, client_id: nora.id };
    assert.equal((await owner.post('/bookings', body)).status, 404);
    expectProblem(await owner.post(`/bookings/${nora.booked.booking.id}/restore`), 409, 'client_erased');

    const [listed] = await owner.list('/clients/erasures');
    assert.deepEqual(listed, done);
    assert.deepEqual(holds(JSON.stringify(listed), nora.all), []);
    // A stranger who comes with that address later is a new client.
    const again = { name: 'New', email: nora.email, message: 'Hello' };
    expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, again), 202);
    const { data } = expectStatus(await owner.get(`/clients?q=${encodeURIComponent(nora.email)}`), 200);
    assert.notEqual(data[0].id, nora.id);
  });

  test('keeps the past: visits, prices, the ledger, the stars, and who did what when', async () => {
    const nora = await new Person().arrive(server, salon, { future: false });
    await mailGone(server);
    const figures = async () => {
      const rows = await contents(server, { except: ['booking.notes', 'booking.version', 'stock_move.actor_name', 'rating.comment', 'rating.may_show', 'rating.version', 'audit_event.changes', 'audit_event.actor_name', 'item.version'] });
      const text = (table) => rows.get(table).join('\n');
      return Object.fromEntries([...FIGURES, 'booking', 'stock_move', 'rating'].map((table) => [table, text(table)]));
    };
    const events = async () => sql(server, `SELECT id, at_s, actor_kind, actor_id, request_id, entity, entity_id, action, seq, staff_id FROM audit_event ORDER BY id`);
    const [was, wereEvents] = [await figures(), await events()];
    const history = expectStatus(await owner.get(`/bookings/${nora.visit.id}/history`), 200).data;
    expectStatus(await erase(nora), 200);
    assert.deepEqual(await figures(), was);
    assert.deepEqual((await events()).slice(0, wereEvents.length), wereEvents);
    const visit = expectStatus(await owner.get(`/bookings/${nora.visit.id}`), 200);
    assert.deepEqual([visit.price, visit.status, visit.client.name, visit.notes], [4500, 'completed', 'Erased client', '']);
    const kept = expectStatus(await owner.get(`/bookings/${nora.visit.id}/history`), 200).data;
    const done = (list) => list.filter(({ type }) => type === 'event').map(({ action, at }) => [action, at]);
    assert.deepEqual(done(kept), done(history));
    const created = kept.find(({ action }) => action === 'created');
    assert.equal(created.changes.price[1], 4500);
  });

  test('cancels what lies ahead without a letter, and gives back its time and stock', async () => {
    const nora = await new Person().arrive(server, salon);
    await mailGone(server);
    const mails = server.mail().length;
    const { start } = nora.booked.booking;
    const stock = async () => expectStatus(await owner.get(`/items/${salon.items[0].id}`), 200);
    const { reserved } = await stock();
    expectStatus(await erase(nora), 200);
    assert.equal((await stock()).reserved, reserved - 30);
    const visit = expectStatus(await owner.get(`/bookings/${nora.booked.booking.id}`), 200);
    assert.equal(visit.status, 'cancelled');
    await mailGone(server);
    assert.ok(server.mail().length <= mails, 'no letter has gone');
    const slots = await salon.slots({ from: start.slice(0, 10) });
    assert.ok(slots.some((slot) => slot.start === start));
  });

  test('is the only thing that may change the two ledgers, and only so', async () => {
    const nora = await new Person().arrive(server, salon);
    const refused = async (statement, constraint) =>
      assert.rejects(sql(server, statement), (error) => /append_only|never changed/.test(error.message), constraint);
    const under = `INSERT INTO client_erasure (workspace_id, id, client_id, erased_s) SELECT workspace_id, 1, id, 1 FROM client WHERE id = ${nora.id};`;
    const event = `(SELECT MIN(id) FROM audit_event WHERE entity_id = ${nora.id})`;
    const move = `(SELECT MIN(id) FROM stock_move WHERE actor_kind = 'client')`;
    await refused(`UPDATE audit_event SET changes = '{}', actor_name = '' WHERE id = ${event}`);
    await refused(`UPDATE stock_move SET actor_name = '' WHERE id = ${move}`);
    await refused(`BEGIN; ${under} UPDATE audit_event SET action = 'x' WHERE id = ${event}; COMMIT`);
    await refused(`BEGIN; ${under} UPDATE audit_event SET changes = '{"status":["a","b"]}' WHERE id = ${event}; COMMIT`);
    await refused(`BEGIN; ${under} UPDATE stock_move SET on_hand_delta = 5, actor_name = '' WHERE id = ${move}; COMMIT`);
    await refused(`BEGIN; ${under} DELETE FROM stock_move WHERE id = ${move}; COMMIT`);
    await refused(`BEGIN; ${under} DELETE FROM audit_event WHERE id = ${event}; COMMIT`);
    await sql(server, `BEGIN; ${under} UPDATE stock_move SET actor_name = '' WHERE id = ${move}; ROLLBACK`);
  });
});

describe('what was erased stays so', () => {
  test('in a database that was restored from before, from the start on', { skip: process.env.CAREOPS_TEST_ENGINE === 'postgres' && 'the file of SQLite is put back' }, async (t) => {
    const server = await startServer(t);
    const salon = await salonWith(server);
    const nora = await new Person().arrive(server, salon);
    await mailGone(server);
    await server.stop();
    const file = server.db.replace(/^sqlite:/, '');
    copyFileSync(file, `${file}.before`);
    await server.restart();
    const session = { email: salon.ownerEmail, password: PASSWORD };
    expectStatus(await salon.owner.post('/session', session), 200);
    expectStatus(await salon.owner.post(`/clients/${nora.id}/erase`, { name: nora.name }), 200);
    await server.stop();
    copyFileSync(`${file}.before`, file);
    rmSync(`${file}.before`);
    assert.ok(found(server, [nora.marks.hello]).length > 0, 'the backup has them');
    await server.restart();
    expectStatus(await salon.owner.post('/session', session), 200);
    expectProblem(await salon.owner.get(`/clients/${nora.id}`), 404, 'client_erased');
    assert.ok(server.logs.some((line) => line.includes('erased again')));
    assert.deepEqual(holds(await textOf(server), nora.all), []);
    await server.stop();
    console.log(await server.command(['scrub']));
    assert.deepEqual(found(server, nora.all), []);
  });

  test('in the files of the database, once they were written anew', async (t) => {
    const server = await startServer(t);
    const salon = await salonWith(server);
    const nora = await new Person().arrive(server, salon);
    await mailGone(server);
    if (server.engine === 'postgres') await sql(server, 'ANALYZE'); // its statistics hold values, too
    expectStatus(await salon.owner.post(`/clients/${nora.id}/erase`, { name: nora.name }), 200);
    await server.stop();
    assert.match((await server.command(['scrub'])).toString(), /written anew/);
    if (server.engine === 'sqlite') {
      assert.deepEqual(found(server, nora.all), []);
      return;
    }
    const [folder] = await sql(server, "CHECKPOINT; SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = current_database()");
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    assert.ok(bytes.length > 50);
    assert.deepEqual(nora.all.filter((mark) => bytes.some((one) => one.includes(mark))), []);
    assert.ok(bytes.some((one) => one.includes('Erased client')), 'it is the right folder');
  });
});
