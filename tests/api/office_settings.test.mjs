// SPDX-License-Identifier: AGPL-3.0-or-later
// What the settings of the office lead to: the audit as a table, and a business's own data, whole.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { arrive } from '../lib/members.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let salon;
let neighbour;

/** A CSV file as rows of cells (RFC 4180). */
function cells(text) {
  const rows = [[]];
  const pattern = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/g;
  for (const [, cell, end] of text.replace(/^\uFEFF/, '').matchAll(pattern)) {
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === ',') continue;
    if (end === '') break;
    rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

before(async (t) => {
  server = await startServer(t);
  salon = await makeSalon(server, {
    name: '=HYPERLINK("http://evil.example")',
    items: [{ name: 'Dye', on_hand: 100 }],
    services: [{ name: 'Cut', duration_min: 45, price: 4500, materials: [[0, 10]] }],
  });
  neighbour = await makeSalon(server, { name: 'Next Door' });
  const [slot] = await salon.slots();
  const client = { name: 'Zoë "the client"', email: 'zoe@client.example' };
  expectStatus(await salon.book({ start: slot.start, client, notes: 'a note' }), 201);
  const [theirs] = await neighbour.slots();
  const other = { name: 'Neighbours Only', email: 'next@door.example' };
  expectStatus(await neighbour.book({ start: theirs.start, client: other }), 201);
});

describe('the audit as a table', () => {
  test('holds what the list holds, in its order, over all pages', async () => {
    const list = await salon.owner.list('/audit');
    const [head, ...rows] = cells(expectStatusText(await salon.owner.get('/audit.csv')));
    assert.deepEqual(head, ['at', 'actor_kind', 'actor', 'entity', 'entity_id', 'action', 'changes', 'request_id']);
    assert.equal(rows.length, list.length);
    const plain = (text) => text.replace(/^'(?=[=+\-@])/, '');
    assert.deepEqual(
      rows.map(([at, kind, actor, entity, id, action]) => [at, kind, plain(actor), entity, id, action]),
      list.map((each) => [each.at, each.actor_kind, each.actor_name, each.entity, each.entity_id ?? '', each.action]),
    );
  });

  test('takes the same filters, and refuses the same', async () => {
    const [, ...rows] = cells(expectStatusText(await salon.owner.get('/audit.csv?entity=service')));
    assert.ok(rows.length > 0);
    assert.ok(rows.every((row) => row[3] === 'service'));
    const [, ...none] = cells(expectStatusText(await salon.owner.get('/audit.csv?to=2001-01-01')));
    assert.deepEqual(none, []);
    expectProblem(await salon.owner.get('/audit.csv?from=yesterday!!'), 422);
    expectProblem(await salon.owner.get('/audit.csv?nonsense=1'), 422);
  });

  test('has no cell that a spreadsheet would run', async () => {
    const client = await salon.owner.post('/clients', { name: '=1+1', email: 'x@y.example' });
    expectStatus(client, 201);
    const rows = cells(expectStatusText(await salon.owner.get('/audit.csv')));
    for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+@\t\r-]/);
  });

  test('is the owner’s alone', async () => {
    const member = await arrive(server, salon.staff[0]);
    expectProblem(await member.get('/audit.csv'), 403, 'forbidden');
    expectProblem(await salon.visitor.get('/audit.csv'), 401, 'not_signed_in');
  });
});

/** The text of a good answer that is no JSON. */
function expectStatusText(answer) {
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
}

describe('everything of a business', () => {
  test('is one document, with its rows and nobody else’s, and is written down', async () => {
    const answer = await salon.owner.get('/workspace/export');
    const all = expectStatus(answer, 200);
    assert.match(answer.headers.get('content-disposition'), /business\.json/);
    assert.equal(all.careops_export, 1);
    assert.equal(all.business[0].id, salon.workspace.id);
    assert.equal(all.hours.length, 7);
    assert.deepEqual(all.services.map(({ name }) => name), ['Cut']);
    assert.deepEqual(all.staff.map(({ name }) => name).sort(), ['Ann', 'Bob', 'Olive Owner'].sort());
    const names = all.clients.map(({ name }) => name);
    assert.ok(names.includes('Zoë "the client"'));
    assert.equal(all.bookings.length, 1);
    assert.equal(all.bookings[0].notes, 'a note');
    assert.deepEqual(all.booking_materials.map(({ quantity }) => quantity), [10]);
    assert.deepEqual(all.stock_moves.map(({ kind }) => kind), ['receive', 'reserve']);
    assert.ok(all.letters.length > 0);
    assert.ok(!answer.text.includes('Neighbours Only'));
    assert.ok(!answer.text.includes('Next Door'));
    const { data } = expectStatus(await salon.owner.get('/audit?entity=workspace'), 200);
    assert.equal(data[0].action, 'exported');
    // The line about itself is in it: it was written before the first row was read.
    assert.ok(all.audit.some(({ action, entity }) => action === 'exported' && entity === 'workspace'));
  });

  test('goes on over pages, and each row is there once', async () => {
    const made = Array.from({ length: 130 }, (_, at) => ({ name: `Many ${at}`, email: `m${at}@many.example` }));
    for (const body of made) expectStatus(await neighbour.owner.post('/clients', body), 201);
    const all = expectStatus(await neighbour.owner.get('/workspace/export'), 200);
    const ids = all.clients.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.length >= made.length + 1);
    assert.equal(all.audit.filter(({ entity, action }) => entity === 'client' && action === 'created').length, ids.length);
  });

  test('holds no secret: no password, no token, no link’s key', async () => {
    const token = expectStatus(
      await salon.owner.post('/tokens', { name: 'Books', scopes: ['bookings:read'] }),
      201,
    );
    const { text } = await salon.owner.get('/workspace/export');
    assert.ok(!text.includes(token.secret));
    assert.doesNotMatch(text, /\$argon2|password_hash|token_hash|totp|"s1\./);
    assert.doesNotMatch(text, /\/(manage|form|rate|unsubscribe)\/[A-Za-z0-9_-]{40,}/);
    assert.match(text, /"name":"Books"/);
  });

  test('is the owner’s alone, and no program’s', async () => {
    const member = await arrive(server, salon.staff[1]);
    expectProblem(await member.get('/workspace/export'), 403, 'forbidden');
    expectProblem(await salon.visitor.get('/workspace/export'), 401, 'not_signed_in');
    expectProblem(await neighbour.owner.post('/workspace/export'), 405);
  });
});
