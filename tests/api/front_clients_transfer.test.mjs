// SPDX-License-Identifier: AGPL-3.0-or-later
// Clients in from a table and out into one: what the preview says is what the import does, and what goes out comes back the same.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

let server;
before(async (t) => {
  server = await startServer(t);
});

const LINES_MAX = 2000;
const add = async (salon, body) => expectStatus(await salon.owner.post('/clients', body), 201);
const preview = async (salon, body) => expectStatus(await salon.owner.post('/client-imports/preview', body), 200);
const take = async (salon, body) => expectStatus(await salon.owner.post('/client-imports', body, { key: true }), 201);
const table = async (salon) => {
  const answer = await salon.owner.get('/clients/export.csv');
  assert.equal(answer.status, 200);
  return answer;
};
const said = ({ rows }) => rows.map(({ line, action, client, errors }) => [line, action, client.name, ...errors.map(({ column, code }) => `${column} ${code}`)]);
const names = async (salon) => (await salon.owner.list('/clients')).map(({ name }) => name).sort();
/** Without what is a client's here alone. */
const person = ({ name, email, phone, notes, tags, alerts, status, source, created_at: at, unsubscribed_at: off }) => ({ name, email, phone, notes, tags, alerts, status, source, at, off });
const people = async (salon) => (await salon.owner.list('/clients')).map(person).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** By another reader than the program's: RFC 4180. */
function parse(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    assert.ok(found, 'the text is RFC 4180');
    rows.at(-1).push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === '\r\n') rows.push([]);
  }
  rows.pop();
  return rows;
}

describe('out', () => {
  test('a table has every client, is RFC 4180 and has no cell that a spreadsheet would compute', async () => {
    const salon = await makeSalon(server);
    const evil = { name: '=HYPERLINK("http://x","y")', phone: '+44 20 7946 0958', notes: '-1+cmd|x\nsecond, "line"', tags: ['@sum(1)', 'a;b'], alerts: ['nuts; latex'] };
    const made = await add(salon, evil);
    await add(salon, { name: "'=quoted" });
    await add(salon, { name: "O'Brien", email: 'ob@c.example', status: 'booked' });
    const answer = await table(salon);
    assert.match(answer.headers.get('content-type'), /^text\/csv/);
    assert.match(answer.headers.get('content-disposition'), /^attachment/);
    assert.equal(answer.headers.get('content-length'), String(Buffer.byteLength(answer.text) + (answer.text.startsWith('\uFEFF') ? 0 : 3)));
    const rows = parse(answer.text.replace(/^\uFEFF/, ''));
    assert.deepEqual(rows[0], ['id', 'name', 'email', 'phone', 'notes', 'tags', 'alerts', 'status', 'source', 'created_at', 'unsubscribed_at']);
    assert.equal(rows.length, 4);
    for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
    assert.deepEqual(rows[1].slice(0, 9), [made.id, `'${evil.name}`, '', `'${evil.phone}`, `'${evil.notes}`, '["@sum(1)","a;b"]', '["nuts; latex"]', 'new', 'staff']);
    assert.equal(rows[2][1], "''=quoted");
    assert.equal(rows[3][1], "O'Brien");
    const events = await salon.owner.list('/audit?entity=client_export');
    assert.deepEqual(events.map(({ action }) => action), ['exported']);
  });

  test('what goes out comes back the same: into an empty business, and here without any change', async () => {
    const [salon, other] = [await makeSalon(server), await makeSalon(server)];
    await add(salon, { name: '=1+1', email: 'one@c.example', phone: '+1 (212) 555-0100', notes: "'=x\n\n@y", tags: ['a', 'b, c', '[x'], alerts: ['No; really', '-2'], status: 'contacted' });
    await add(salon, { name: "''=two" });
    await add(salon, { name: 'Zoë "Z" Å', email: 'zoe@c.example', notes: ' x', tags: ['vip', 'late'] });
    expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'Con', email: 'con@c.example', message: 'Hi' }), 202);
    await sql(server, `UPDATE client SET unsubscribed_s = 1700000000, created_s = 1600000000 WHERE workspace_id = ${salon.workspace.id} AND name = 'Con'`);
    for (let i = 0; i < 1200; i += 200) {
      const rows = Array.from({ length: 200 }, (_, k) => `(${salon.workspace.id}, ${1000 + i + k}, 'Many ${i + k}', 'many${i + k}@c.example', 'many${i + k}@c.example', 1600000000)`);
      await sql(server, `INSERT INTO client (workspace_id, id, name, email, email_key, created_s) VALUES ${rows.join(', ')}`);
    }
    const csv = (await table(salon)).text;
    const again = await preview(salon, { csv, on_existing: 'update' });
    assert.deepEqual(again.counts, { create: 0, update: 0, skip: 1204, error: 0 });
    assert.deepEqual((await take(salon, { csv, on_existing: 'update' })).counts, again.counts);
    assert.deepEqual((await preview(other, { csv })).counts, { create: 1204, update: 0, skip: 0, error: 0 });
    await take(other, { csv });
    assert.deepEqual(await people(other), await people(salon));
    const cells = (text) => parse(text.replace(/^\uFEFF/, '')).map((row) => row.slice(1)).sort();
    assert.deepEqual(cells((await table(other)).text), cells(csv));
  });
});

describe('in', () => {
  test('the preview says line by line what the import then does, and the preview changes nothing', async () => {
    const salon = await makeSalon(server);
    const ada = await add(salon, { name: 'Ada', email: 'ada@c.example', tags: ['vip'], notes: 'keep' });
    await add(salon, { name: 'Bea Weber', phone: '+49 30 901820' });
    const csv = [
      'Full name,E-Mail,Mobile,Labels,Status',
      'New Person,new@c.example,020 7946 0958,"a, b",Booked',
      'Ada Lovelace,ADA@c.example,,,',
      'No Mail,not an address,12,,',
      ',x@c.example,,,gone',
      '',
      'Twice,new@C.example,,,',
      '"Two',
      'Lines",two@c.example,,,',
      'bea  weber,,030/901820,,',
      'Ada,ada@c.example,,"vip",',
      'Only Name',
    ].join('\n');
    const plan = await preview(salon, { csv, on_existing: 'update' });
    assert.deepEqual(plan.columns, ['Full name', 'E-Mail', 'Mobile', 'Labels', 'Status']);
    assert.deepEqual(Object.entries(plan.mapping).filter(([, heading]) => heading !== null), [
      ...[['name', 'Full name'], ['email', 'E-Mail'], ['phone', 'Mobile'], ['tags', 'Labels'], ['status', 'Status']],
    ]);
    assert.deepEqual(said(plan), [
      [2, 'create', 'New Person'],
      [3, 'update', 'Ada Lovelace'],
      [4, 'error', 'No Mail', 'E-Mail invalid_format', 'Mobile invalid_format'],
      [5, 'error', null, 'Full name required', 'Status not_a_choice'],
      [7, 'error', 'Twice', 'E-Mail duplicate_in_file'],
      [8, 'error', null, 'Full name invalid_characters'],
      [10, 'update', 'bea  weber'],
      [11, 'error', 'Ada', 'Full name duplicate_in_file'],
      [12, 'create', 'Only Name'],
    ]);
    assert.deepEqual(plan.rows[0].client, { id: null, name: 'New Person', email: 'new@c.example', phone: '020 7946 0958', tags: ['a', 'b'] });
    assert.equal(plan.rows[1].client.id, ada.id);
    assert.deepEqual(plan.counts, { create: 2, update: 2, skip: 0, error: 5 });
    assert.deepEqual(await names(salon), ['Ada', 'Bea Weber']);
    const done = await take(salon, { csv, on_existing: 'update', plan: plan.plan });
    assert.deepEqual(done.counts, plan.counts);
    assert.deepEqual(said(done), said(plan).filter(([, action]) => action === 'error'));
    assert.deepEqual(await names(salon), ['Ada Lovelace', 'New Person', 'Only Name', 'bea  weber']);
    const now = expectStatus(await salon.owner.get(`/clients/${ada.id}`), 200);
    assert.deepEqual([now.name, now.notes, now.tags, now.source], ['Ada Lovelace', 'keep', ['vip'], 'staff'], 'empty cells change nothing');
    const [fresh] = await salon.owner.list('/clients?q=new person');
    assert.deepEqual([fresh.source, fresh.status, fresh.tags], ['import', 'booked', ['a', 'b']]);
    assert.deepEqual((await salon.owner.list('/clients?q=02079460&source=import')).map(({ name }) => name), ['New Person']);
    const [event] = await salon.owner.list('/audit?entity=client_import');
    assert.equal(event.entity_id, done.id);
    assert.deepEqual(event.changes.create, [null, 2]);
    const lines = await salon.owner.list(`/audit?entity=client`);
    assert.equal(lines.filter(({ request_id: id }) => id === event.request_id).length, 4, 'each client has its own event, of the same request');
    const twice = await preview(salon, { csv });
    assert.deepEqual(twice.counts, { create: 1, update: 0, skip: 3, error: 5 });
  });

  const FORMS = [
    ['semicolons', { csv: 'Vorname;Nachname;Telefon\r\nJürgen;Groß;"030; 90"\r\n' }, 'Jürgen Groß', { code: 'invalid_format' }],
    ['tabs', { csv: 'first name\tlast name\temail\nJürgen\tGroß\tj@c.example\n' }, 'Jürgen Groß'],
    ['a byte order mark', { csv: '\uFEFFname,email\nJürgen Groß,j@c.example' }, 'Jürgen Groß'],
    ['bytes in UTF-8 with a mark', { csv_base64: Buffer.from('\uFEFFname;email\r\nJürgen Groß;j@c.example').toString('base64') }, 'Jürgen Groß'],
    ['bytes in Windows-1252', { csv_base64: Buffer.from('name;email\rJ\xFCrgen Gro\xDF \x96 \x80;j@c.example', 'latin1').toString('base64') }, 'Jürgen Groß – €'],
    ['quotes within quotes', { csv: 'name,notes\n"Jürgen ""J"" Groß","a, b\r\nc"\n' }, 'Jürgen "J" Groß'],
    ['a mapping', { csv: 'a,b,c\nGroß,Jürgen,j@c.example', mapping: { first_name: 'b', last_name: 'a', email: 'C' } }, 'Jürgen Groß'],
  ];
  for (const [what, body, name, fault] of FORMS) {
    test(`a table is read with ${what}`, async () => {
      const salon = await makeSalon(server);
      const plan = await preview(salon, body);
      assert.equal(plan.rows.length, 1);
      assert.equal(plan.rows[0].client.name, name);
      assert.deepEqual(plan.rows[0].errors.map(({ code }) => ({ code })), fault ? [fault] : []);
      const { counts } = await take(salon, { ...body, plan: plan.plan });
      assert.deepEqual(counts, plan.counts);
      assert.deepEqual(await names(salon), fault ? [] : [name]);
    });
  }

  test('what is no table, or none that can be understood, is refused in words', async () => {
    const salon = await makeSalon(server);
    const refused = async (body, path, code) => {
      for (const route of ['/client-imports/preview', '/client-imports']) {
        const { errors } = expectProblem(await salon.owner.post(route, body), 422, 'validation_failed');
        assert.deepEqual(errors.map((error) => [error.path, error.code]), [[path, code]], route);
      }
    };
    await refused({}, 'csv', 'required');
    await refused({ csv: 'name\nA', csv_base64: 'bmFtZQ==' }, 'csv', 'required');
    await refused({ csv: '\n\n' }, 'csv', 'too_short');
    await refused({ csv_base64: '###' }, 'csv_base64', 'invalid_format');
    await refused({ csv_base64: Buffer.from('name\nAda', 'utf16le').toString('base64') }, 'csv_base64', 'invalid_format');
    await refused({ csv: 'name\nAda', mapping: { name: 'nom' } }, 'mapping.name', 'not_a_choice');
    await refused({ csv: `name\n${'Ada\n'.repeat(LINES_MAX + 1)}` }, 'csv', 'too_many');
    const nameless = { csv: 'x,y\n1,2' };
    const plan = await preview(salon, nameless);
    assert.deepEqual([plan.columns, plan.mapping.name, plan.rows], [['x', 'y'], null, []]);
    const { errors } = expectProblem(await salon.owner.post('/client-imports', nameless), 422, 'validation_failed');
    assert.equal(errors[0].path, 'mapping.name');
    assert.equal((await salon.owner.post('/client-imports', { csv: 'x'.repeat(1024 * 1024 + 1) })).status, 413);
    const open = await preview(salon, { csv: 'name,notes\nAda,"no end\nBea,x' });
    assert.deepEqual(said(open), [[2, 'error', null, ' unclosed_quote']]);
    assert.deepEqual(await names(salon), []);
  });

  test('an import whose preview is no longer true is refused, and the same key takes nobody in twice', async () => {
    const salon = await makeSalon(server);
    const body = { csv: 'name,email\nAda,ada@c.example\nBea,' };
    const { plan } = await preview(salon, body);
    await add(salon, { name: 'Ada', email: 'ada@c.example' });
    expectProblem(await salon.owner.post('/client-imports', { ...body, plan }), 409, 'plan_changed');
    const key = 'import-1';
    const first = expectStatus(await salon.owner.post('/client-imports', body, { key }), 201);
    assert.deepEqual(first.counts, { create: 1, update: 0, skip: 1, error: 0 });
    assert.deepEqual(expectStatus(await salon.owner.post('/client-imports', body, { key }), 201), first);
    assert.deepEqual(await names(salon), ['Ada', 'Bea']);
  });

  test('the longest table goes in at once, and is found', async () => {
    const salon = await makeSalon(server);
    const csv = `name,email,phone,tags,notes\n${Array.from({ length: LINES_MAX }, (_, i) => `Person${i} Long${i % 50},p${i}@c.example,+4420${10_000_000 + i},"t${i % 7}; all","Note ${i}"`).join('\n')}`;
    assert.ok(csv.length < 1024 * 1024);
    const began = Date.now();
    const plan = await preview(salon, { csv });
    const planned = Date.now();
    assert.deepEqual(plan.counts, { create: LINES_MAX, update: 0, skip: 0, error: 0 });
    const { counts } = await take(salon, { csv, plan: plan.plan });
    console.log(`${server.engine}: ${LINES_MAX} lines previewed in ${planned - began} ms, taken in in ${Date.now() - planned} ms`);
    assert.deepEqual(counts, plan.counts);
    assert.deepEqual((await salon.owner.list('/clients?q=person1999')).map(({ email }) => email), ['p1999@c.example']);
    const tags = expectStatus(await salon.owner.get('/client-tags'), 200).data;
    assert.deepEqual(tags[0], { tag: 'all', count: LINES_MAX });
    assert.equal(parse((await table(salon)).text.replace(/^\uFEFF/, '')).length, LINES_MAX + 1);
  });
});
