// SPDX-License-Identifier: AGPL-3.0-or-later
// Tokens of programs over the wire: what they may, that they end with their maker at once, and that
// their secret is nowhere but in the one answer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { run } from '../lib/process.mjs';
import { ENGINE, startServer } from '../lib/server.mjs';
import { readContract, signInAsStaff, tag } from './contract_check.mjs';
import { makeWorld } from './contract_routes.mjs';

/** Everything that the database holds, as text. */
function dump(server) {
  if (ENGINE === 'postgres') {
    const admin = new URL(server.db);
    admin.username = 'postgres';
    return run('pg_dump', ['--data-only', '--inserts', '-d', admin.href], { timeoutMs: 30_000 });
  }
  return run('sqlite3', [server.db.replace(/^sqlite:/, ''), '.dump'], { timeoutMs: 30_000 });
}

describe('tokens of programs', () => {
  let server;
  let contract;
  let world;
  let owner;

  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
    world = await makeWorld(contract, { name: 'Token Salon' });
    owner = world.owner;
  });

  async function make(scopes, maker = owner, more = {}) {
    const token = expectStatus(await maker.post('/tokens', { name: 'Till', scopes, ...more }), 201);
    return Object.assign(contract.client({ token: token.secret }), { made: token });
  }

  test('a program reads and writes what its scopes say, with no cookie', async () => {
    const till = await make(['inventory', 'bookings:read']);
    const item = { name: `Wax ${tag()}`, unit: 'g' };
    const wax = expectStatus(await till.post('/items', item, { key: true }), 201);
    expectStatus(await till.post(`/items/${wax.id}/movements`, { kind: 'receive', quantity: 5 }), 201);
    assert.ok((await till.list('/bookings')).some(({ id }) => id === world.booking.id));
    const seen = expectStatus(await till.get(`/bookings/${world.booking.id}`), 200);
    assert.equal(seen.client.email, world.client.email, 'the scope bookings shows contacts');
    expectProblem(await till.post(`/bookings/${world.booking.id}/cancel`), 403, 'insufficient_scope');
    expectProblem(await till.get('/clients'), 403, 'insufficient_scope');
    assert.equal(till.cookies.size, 0);
    const [event] = (await owner.list('/audit?entity=item')).filter(({ entity_id: id }) => id === wax.id);
    assert.match(event.actor_name, /^Olive Owner \(token Till\)$/);
  });

  test('another site needs no cookie to be refused, and a token needs no origin', async () => {
    const till = await make(['inventory']);
    const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    const item = { name: `Oil ${tag()}`, unit: 'ml' };
    expectStatus(await till.post('/items', item, { headers }), 201);
    expectProblem(await owner.post('/items', item, { headers }), 403, 'cross_site');
  });

  test('a cookie and a token together are refused, whichever is good', async () => {
    const { made } = await make(['inventory']);
    for (const token of [made.secret, 'cot_nonsense']) {
      const both = Object.assign(new Client(server.baseUrl, { token }), { cookies: owner.cookies });
      expectProblem(await both.get('/items'), 400, 'two_credentials');
    }
    const proxied = { headers: { authorization: 'Basic b3duZXI6eA==' } };
    expectStatus(await owner.get('/items', proxied), 200);
    expectProblem(await new Client(server.baseUrl).get('/items', proxied), 401, 'not_signed_in');
  });

  test('a token that is unknown, revoked or over is 401 and says so to the program', async () => {
    const stranger = contract.client({ token: `cot_${'A'.repeat(43)}` });
    const unknown = await stranger.get('/items');
    expectProblem(unknown, 401, 'invalid_token');
    assert.match(unknown.headers.get('www-authenticate'), /^Bearer error="invalid_token"$/);
    const till = await make(['inventory']);
    expectStatus(await till.get('/items'), 200);
    expectStatus(await owner.delete(`/tokens/${till.made.id}`), 204);
    const revoked = expectProblem(await till.get('/items'), 401, 'invalid_token');
    assert.equal(revoked.detail, unknown.body.detail);
    expectInvalid(
      await owner.post('/tokens', { name: 'x', scopes: ['inbox'], expires_at: '2020-01-01T00:00:00Z' }),
      ['expires_at'],
    );
    const brief = new Date(Date.now() + 2000).toISOString().replace(/\.\d+/, '');
    const short = await make(['inventory'], owner, { expires_at: brief });
    const until = Date.now() + 5000;
    let status = 200;
    while (status === 200 && Date.now() < until) ({ status } = await short.get('/items'));
    assert.equal(status, 401);
  });

  test('switching its maker off, or taking their role, ends what a token may within a second', async () => {
    const email = `second.${tag()}@staff.example`;
    const body = { name: 'Second', email, role: 'owner', permissions: [] };
    const second = expectStatus(await owner.post('/staff', body), 201);
    const lena = await signInAsStaff(contract, second);
    const admin = await make(['admin'], lena);
    const diary = await make(['bookings'], lena);
    expectStatus(await admin.patch('/workspace', { address: 'Rue 1' }), 200);

    const narrowed = { role: 'staff', permissions: ['inventory'] };
    expectStatus(await owner.patch(`/staff/${second.id}`, narrowed), 200);
    const started = performance.now();
    expectProblem(await admin.patch('/workspace', { address: 'x' }), 403, 'insufficient_scope');
    expectProblem(await diary.get('/bookings'), 403, 'insufficient_scope');
    assert.ok(performance.now() - started < 1000);

    expectStatus(await owner.patch(`/staff/${second.id}`, { role: 'owner' }), 200);
    expectStatus(await diary.get('/bookings'), 200);
    expectStatus(await owner.post(`/staff/${second.id}/deactivate`), 200);
    expectProblem(await diary.get('/bookings'), 401, 'invalid_token');
    expectProblem(await admin.get('/workspace'), 401, 'invalid_token');
    const ids = (await owner.list('/tokens')).map(({ id }) => id);
    assert.ok(!ids.includes(admin.made.id) && !ids.includes(diary.made.id));
    expectStatus(await owner.post(`/staff/${second.id}/reactivate`), 200);
    expectProblem(await diary.get('/bookings'), 401, 'invalid_token');
  });

  test("pages are for people: a token there is nobody's", async () => {
    const admin = await make(['admin']);
    const page = await admin.get('/app');
    assert.deepEqual([page.status, page.headers.get('location')], [303, '/login']);
  });

  test('staff make no tokens, and a token makes none', async () => {
    const [member] = world.staff;
    const ann = await signInAsStaff(contract, member);
    const wanted = { name: 'Mine', scopes: ['bookings'] };
    expectProblem(await ann.post('/tokens', wanted), 403, 'forbidden');
    expectProblem(await ann.get('/tokens'), 403, 'forbidden');
    const admin = await make(['admin']);
    expectProblem(await admin.post('/tokens', wanted), 403, 'insufficient_scope');
    const another = { name: 'X', email: `x.${tag()}@staff.example`, role: 'owner' };
    expectProblem(await admin.post('/staff', another), 403, 'insufficient_scope');
  });

  test('the secret is in no other answer, log line, mail or row', async () => {
    const till = await make(['admin']);
    const secret = till.made.secret.slice('cot_'.length);
    expectStatus(await till.get('/workspace'), 200);
    for (const path of ['/tokens', '/audit', '/emails']) {
      assert.ok(!(await owner.get(path)).text.includes(secret), path);
    }
    assert.ok(!server.logs.some((line) => line.includes(secret)));
    for (const { file } of server.mail()) assert.ok(!readFileSync(file, 'utf8').includes(secret));
    const rows = await dump(server);
    assert.ok(rows.includes(till.made.id), 'the rows were read');
    assert.ok(!rows.includes(secret));
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
