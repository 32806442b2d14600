// SPDX-License-Identifier: AGPL-3.0-or-later
// Clients as they are found: as one types, by words, numbers, labels; and whatever way they came or were changed.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

let server;
before(async (t) => {
  server = await startServer(t);
});

const add = async (salon, body) => expectStatus(await salon.owner.post('/clients', body), 201);
const found = async (salon, query) => {
  const text = typeof query === 'string' ? `q=${encodeURIComponent(query)}` : new URLSearchParams(query);
  return (await salon.owner.list(`/clients?${text}`)).map(({ name }) => name).sort();
};

describe('as one types', () => {
  let salon;
  before(async () => {
    salon = await makeSalon(server);
    await add(salon, { name: 'Zoë Ångström-Müller', email: 'z.angstrom@mail.example', phone: '+44 (0)20 7946 0958' });
    await add(salon, { name: "Siobhán O'Brien", email: 'Shiv_99@post.example', phone: '020 7946 0123' });
    await add(salon, { name: 'Straße, Łukasz', phone: '(212) 555-0100' });
    await add(salon, { name: 'Anna Smith', phone: '0049 30 901820' });
    await add(salon, { name: 'Anna Maria Schmidt' });
    await add(salon, { name: '王小明 Владимир' });
  });
  const ZOE = 'Zoë Ångström-Müller';
  const SHIV = "Siobhán O'Brien";
  const CASES = [
    ['every word of the name, from its beginning', { z: [ZOE], zo: [ZOE], zoe: [ZOE], ang: [ZOE], MUL: [ZOE], 'müller': [ZOE], oe: [], uller: [] }],
    ['names with signs inside', { obrien: [SHIV], "o'bri": [SHIV], 'O’B': [SHIV], brien: [SHIV], siobhan: [SHIV], 'angstrom-m': [ZOE] }],
    ['letters that only people take apart', { strass: ['Straße, Łukasz'], 'STRASSE': ['Straße, Łukasz'], luk: ['Straße, Łukasz'] }],
    ['other scripts', { 王: ['王小明 Владимир'], 王小明: ['王小明 Владимир'], ВЛАД: ['王小明 Владимир'] }],
    ['several words, all of them, in any order', { 'anna s': ['Anna Maria Schmidt', 'Anna Smith'], 'sm anna': ['Anna Smith'], 'anna m sch': ['Anna Maria Schmidt'], 'anna zoe': [], 'an anna': ['Anna Maria Schmidt', 'Anna Smith'] }],
    ['the address', { 'z.angs': [ZOE], 'z.angstrom@mail.ex': [ZOE], 'SHIV_99@POST': [SHIV], shiv: [SHIV], 'mail.example': [], post: [] }],
    ['a number in any spelling', {
      '+44 20 7946': [SHIV, ZOE], '+4420794609': [ZOE], '0044 20 7946 0958': [ZOE], '+44 (0)20 7946 0958': [ZOE], '020 7946 09': [ZOE],
      '02079460958': [ZOE], '2079460958': [ZOE], '442079460958': [ZOE], '02079460123': [SHIV], '+44 20 7946 0123': [SHIV], '020-7946': [SHIV, ZOE],
      '212555': ['Straße, Łukasz'], '(212) 555': ['Straße, Łukasz'], '+1 212 555 0100': ['Straße, Łukasz'], '030 90': ['Anna Smith'], '+49 30 901': ['Anna Smith'], '79460958': [],
    }],
    ['a number and a name at once', { 'zoe 020 79': [ZOE], 'zoe +44 20 7946 0123': [] }],
    ['nothing, where nothing can be looked for', { '-': [], '%': [], '_': [], "'": [], '♥': [], '@': [] }],
  ];
  for (const [what, questions] of CASES) {
    test(`clients are found by ${what}`, async () => {
      for (const [q, names] of Object.entries(questions)) assert.deepEqual(await found(salon, q), names.sort(), q);
    });
  }

  test('another business finds none of them', async () => {
    const other = await makeSalon(server);
    await add(other, { name: 'Anna Other', tags: ['vip'] });
    assert.deepEqual(await found(other, 'an'), ['Anna Other']);
    assert.deepEqual(await found(other, 'zoe'), []);
  });
});

describe('labels', () => {
  test('status, source and tag narrow a list and a search, one by one and together', async () => {
    const salon = await makeSalon(server);
    await add(salon, { name: 'Ada One', tags: ['VIP', 'Café'], status: 'booked' });
    await add(salon, { name: 'Ada Two', tags: ['vip'] });
    await add(salon, { name: 'Bea', tags: ['colour: red'] });
    expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'Ada Three', email: 'a3@c.example', message: 'Hi' }), 202);
    const cases = [
      [{ status: 'booked' }, ['Ada One']],
      [{ status: 'new', q: 'ada' }, ['Ada Three', 'Ada Two']],
      [{ source: 'contact' }, ['Ada Three']],
      [{ source: 'staff', status: 'new' }, ['Ada Two', 'Bea']],
      [{ tag: 'vip' }, ['Ada One', 'Ada Two']],
      [{ tag: 'CAFE' }, ['Ada One']],
      [{ tag: 'vi' }, []],
      [{ tag: 'colour: red' }, ['Bea']],
      [{ tag: 'vip', status: 'booked', source: 'staff', q: 'on ad' }, ['Ada One']],
      [{ tag: 'vip', source: 'contact' }, []],
    ];
    for (const [query, names] of cases) assert.deepEqual(await found(salon, query), names, JSON.stringify(query));
    expectProblem(await salon.owner.get('/clients?source=radio'), 422, 'validation_failed');
  });

  test('the tags are told with how many have them, and follow every change', async () => {
    const salon = await makeSalon(server);
    const tags = async (query = '') =>
      expectStatus(await salon.owner.get(`/client-tags${query}`), 200).data.map(({ tag, count }) => `${tag} ${count}`);
    assert.deepEqual(await tags(), []);
    const ada = await add(salon, { name: 'Ada', tags: ['VIP', 'vip', 'late'] });
    await add(salon, { name: 'Bea', tags: ['Vip', 'Lashes'] });
    assert.deepEqual((await tags()).sort(), ['Lashes 1', 'VIP 2', 'late 1']);
    assert.equal((await tags())[0], 'VIP 2', 'the most used comes first');
    assert.deepEqual(await tags('?q=la'), ['Lashes 1', 'late 1']);
    expectStatus(await salon.owner.patch(`/clients/${ada.id}`, { tags: ['late', 'new'] }), 200);
    assert.deepEqual((await tags()).sort(), ['Lashes 1', 'VIP 1', 'late 1', 'new 1']);
    expectStatus(await salon.owner.patch(`/clients/${ada.id}`, { tags: [] }), 200);
    assert.deepEqual((await tags()).sort(), ['Lashes 1', 'VIP 1']);
    assert.deepEqual(await found(salon, { tag: 'late' }), []);
  });
});

describe('whence and when', () => {
  test('a client says how and when they came, whatever the way', async () => {
    const salon = await makeSalon(server);
    const before_s = Math.floor(Date.now() / 1000);
    const [slot, , , , later] = await salon.slots();
    expectStatus(await salon.book({ start: slot.start, client: { name: 'Bo King', email: 'bo@c.example' } }), 201);
    expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'Con Tact', email: 'con@c.example', message: 'Hi' }), 202);
    const walkIn = { service_ids: [salon.services[0].id], start: later.start, client: { name: 'Walk In' } };
    expectStatus(await salon.owner.post('/bookings', walkIn), 201);
    await add(salon, { name: 'Staff Made' });
    const list = await salon.owner.list('/clients');
    assert.deepEqual(Object.fromEntries(list.map(({ name, source }) => [name, source])), {
      ...{ 'Bo King': 'booking', 'Con Tact': 'contact', 'Walk In': 'staff', 'Staff Made': 'staff' },
    });
    for (const { created_at: at } of list) assert.ok(Date.parse(at) / 1000 >= before_s);
    assert.deepEqual(await found(salon, 'wal'), ['Walk In']);
    assert.deepEqual(await found(salon, { source: 'booking', status: 'booked' }), ['Bo King']);
  });

  test('what is changed is found by the new words and no more by the old', async () => {
    const salon = await makeSalon(server);
    const [slot] = await salon.slots();
    const client = { name: 'Greta Old', email: 'greta@c.example' };
    const { booking } = expectStatus(await salon.book({ start: slot.start, client }), 201);
    assert.deepEqual(await found(salon, 'old'), ['Greta Old']);
    const [{ id }] = await salon.owner.list('/clients');
    // a visitor's booking fills in the phone number that was missing
    const [next] = await salon.slots();
    expectStatus(await salon.book({ start: next.start, client: { ...client, phone: '+33 1 23 45 67 89' } }), 201);
    assert.deepEqual(await found(salon, '0123 45'), ['Greta Old']);
    expectStatus(await salon.owner.patch(`/bookings/${booking.id}`, { client: { name: 'Greta New' } }), 200);
    assert.deepEqual(await found(salon, 'old'), []);
    assert.deepEqual(await found(salon, 'new greta'), ['Greta New']);
    expectStatus(await salon.owner.patch(`/clients/${id}`, { email: null, phone: '', status: 'contacted' }), 200);
    assert.deepEqual(await found(salon, 'greta@c'), []);
    assert.deepEqual(await found(salon, '0123 45'), []);
    assert.deepEqual(await found(salon, { status: 'booked' }), []);
    assert.deepEqual(await found(salon, { status: 'contacted' }), ['Greta New']);
    const [left] = await sql(server, `SELECT COUNT(*) FROM client_term WHERE client_id = ${id} AND term LIKE '%old%'`);
    assert.equal(left, '0', 'and leave no trace');
  });

  test('status moves by itself: an answer makes contacted, a visit booked', async () => {
    const salon = await makeSalon(server);
    expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'Lea', email: 'lea@c.example', message: 'Hi' }), 202);
    assert.deepEqual(await found(salon, { status: 'new' }), ['Lea']);
    const [conversation] = await salon.owner.list('/conversations');
    expectStatus(await salon.owner.post(`/conversations/${conversation.id}/messages`, { body: 'Hello' }), 201);
    assert.deepEqual(await found(salon, { status: 'contacted' }), ['Lea']);
    const [slot] = await salon.slots();
    expectStatus(await salon.book({ start: slot.start, client: { name: 'Lea', email: 'LEA@c.example' } }), 201);
    assert.deepEqual(await found(salon, { status: 'booked' }), ['Lea']);
    assert.deepEqual(await found(salon, { status: 'contacted' }), []);
  });

  test('clients from before the index are found after a start, whoever is at it', async (t) => {
    const old = await startServer(t);
    const salon = await makeSalon(old);
    const ws = salon.workspace.id;
    const rows = Array.from({ length: 450 }, (_, i) => `(${ws}, ${1000 + i}, 'Old Client${i}', 'old${i}@c.example', 'old${i}@c.example', '["old"]', 0)`);
    await sql(old, `INSERT INTO client (workspace_id, id, name, email, email_key, tags, created_s) VALUES ${rows.join(', ')}`);
    assert.deepEqual(await found(salon, 'client44'), []);
    await old.restart();
    await eventually('all are found', async () => (await found(salon, 'client44')).length === 11, 20_000);
    assert.deepEqual(await found(salon, 'old client449'), ['Old Client449']);
    await eventually('all tags are counted', async () => (await salon.owner.get('/client-tags')).body.data[0]?.count === 450, 20_000);
  });
});
