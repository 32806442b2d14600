// SPDX-License-Identifier: AGPL-3.0-or-later
// The password of an invitation: in the mail and nowhere else, once and for seven days, and good for
// nothing but choosing one's own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { OWN_PASSWORD, invitationTo, mailedPassword } from '../lib/members.mjs';
import { ACROSS_TENANTS } from '../lib/postgres.mjs';
import { eventually, removeFolder, run, spawnBound, temporaryFolder } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { BINARY, ENGINE, startServer } from '../lib/server.mjs';
import { tag } from './contract_check.mjs';

/** Every byte of the database that text could lie in. */
async function databaseText(server) {
  const flags = ['--data-only', '--inserts', '--enable-row-security'];
  if (ENGINE === 'postgres') return run('pg_dump', [...flags, server.db], { env: ACROSS_TENANTS });
  const path = server.db.replace(/^sqlite:/, '');
  return ['', '-wal']
    .filter((end) => existsSync(path + end))
    .map((end) => readFileSync(path + end, 'latin1'))
    .join('');
}

const member = () => ({ name: 'Sara', email: `sara.${tag()}@staff.example`, role: 'staff' });

describe('the password of an invitation', () => {
  let server;
  let salon;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server, { staff: [], services: [], publish: false });
  });

  const signIn = (who, email, password) => who.post('/session', { email, password });

  test('is long, readable, and in the mail alone', async () => {
    const body = member();
    const answer = await salon.owner.post('/staff', body, { key: tag() });
    const { id } = expectStatus(answer, 201);
    const password = mailedPassword(await invitationTo(server, body.email));
    const letters = password.replaceAll('-', '');
    assert.match(password, /^([a-z0-9]{4}-){5}[a-z0-9]{4}$/);
    assert.doesNotMatch(password, /[0o1li5s2z8b6gqvu]/);
    assert.ok(letters.length * Math.log2(20) >= 96);
    const places = {
      answer: answer.text,
      staff: (await salon.owner.get(`/staff/${id}`)).text,
      emails: (await salon.owner.get('/emails')).text,
      audit: (await salon.owner.get('/audit')).text,
      metrics: (await salon.owner.get('/metrics')).text,
      log: server.logs.join('\n'),
      database: await databaseText(server),
    };
    for (const [name, text] of Object.entries(places)) {
      assert.ok(text.length > 0, name);
      assert.ok(!text.includes(password) && !text.includes(letters), `${name} holds it`);
    }
    const [row] = (await salon.owner.list('/emails?kind=staff_invitation')).slice(0, 1);
    const whole = expectStatus(await salon.owner.get(`/emails/${row.id}`), 200);
    assert.equal(whole.text, undefined);
  });

  test('lies sealed in the database while the mail waits', async (t) => {
    const env = { CAREOPS_MAIL: 'smtp://127.0.0.1:9' };
    const waiting = await startServer(t, { env });
    const there = await makeSalon(waiting, { staff: [], services: [], publish: false });
    const { id } = expectStatus(await there.owner.post('/staff', member()), 201);
    const text = await databaseText(waiting);
    assert.match(text, /invites you to its team/, 'the row is there');
    assert.doesNotMatch(text, /Password: /);
    const found = expectStatus(await there.owner.get(`/staff/${id}`), 200).invitation;
    assert.equal(found.status, 'queued');
  });

  test('opens nothing but choosing an own one', async () => {
    const body = { ...member(), role: 'owner' };
    expectStatus(await salon.owner.post('/staff', body), 201);
    const first = mailedPassword(await invitationTo(server, body.email));
    const sara = new Client(server.baseUrl);
    const session = expectStatus(await signIn(sara, body.email, first), 200);
    assert.equal(session.user.must_change_password, true);
    const document = expectStatus(await sara.get('/api/openapi.json'), 200);
    const open = /^\/api\/v1\/(session|sessions|password|two-factor)(\/|$)/;
    let closed = 0;
    for (const [path, item] of Object.entries(document.paths)) {
      if (open.test(path) || /\/(public|signup|webhooks)/.test(path)) continue;
      for (const [method, operation] of Object.entries(item)) {
        if (!operation.responses?.['401'] || !path.startsWith('/api/v1/')) continue;
        const answer = await sara.request(method.toUpperCase(), path.replace(/\{[^}]+\}/g, '1'));
        expectProblem(answer, 403, 'password_change_required');
        closed += 1;
      }
    }
    assert.ok(closed > 40, `${closed} routes were asked`);
    for (const page of ['/app', '/staff']) {
      const answer = await sara.get(`${server.baseUrl}${page}`);
      assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/login'], page);
    }
    const change = { current_password: first, new_password: OWN_PASSWORD };
    expectStatus(await sara.post('/password/change', change), 204);
    expectStatus(await sara.get('/staff'), 200);
  });

  test('lets in once, and of eight at the same moment one', async () => {
    const body = member();
    expectStatus(await salon.owner.post('/staff', body), 201);
    const first = mailedPassword(await invitationTo(server, body.email));
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => signIn(new Client(server.baseUrl), body.email, first)),
    );
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectProblem(answer, 401, 'invitation_used');
    }
    const stranger = await signIn(new Client(server.baseUrl), body.email, 'not that password');
    expectProblem(stranger, 401, 'bad_credentials');
  });

  test('is told about, and about its end, in the owner\'s view of the member', async () => {
    const body = member();
    const invited = expectStatus(await salon.owner.post('/staff', body), 201);
    const days = (Date.parse(invited.invitation.expires_at) - Date.now()) / 86_400_000;
    assert.ok(days > 6.9 && days <= 7);
    expectProblem(await salon.owner.post('/staff', body), 409, 'already_exists');
    const own = await salon.owner.post('/staff', { ...body, email: salon.ownerEmail });
    assert.match(expectProblem(own, 409, 'already_exists').detail, /your own address/);
  });
});

test('the program leaves no core file and lets nobody look into its memory', async (t) => {
  const server = await startServer(t);
  const limits = readFileSync(`/proc/${server.pid}/limits`, 'utf8');
  assert.match(limits, /^Max core file size\s+0\s+0\s/m);
  const key = join(server.data, 'secret.key');
  assert.equal(statSync(key).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(server.data).filter((name) => name.includes('key')), ['secret.key']);
  const before = readFileSync(key, 'utf8');
  await server.restart();
  assert.equal(readFileSync(key, 'utf8'), before, 'the key stays');
});

test('nobody of the same user can look into the running program', async (t) => {
  const NOBODY = 65534;
  const own = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = temporaryFolder('closed');
  const data = join(folder, 'data');
  mkdirSync(data);
  // A copy of its own: that user may not look into the folder in which it was built.
  const binary = join(folder, 'careops');
  copyFileSync(BINARY, binary);
  if (own.uid) for (const path of [folder, data, binary]) chownSync(path, NOBODY, NOBODY);
  const env = { CAREOPS_DATA: data, CAREOPS_LISTEN: '127.0.0.1:0' };
  const child = spawnBound(binary, ['serve'], { ...own, env, cwd: folder, stdio: 'ignore' });
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    removeFolder(folder);
  });
  await eventually('it has its key', () => existsSync(join(data, 'secret.key')));
  // What a process that cannot be dumped has in /proc belongs to root, and ptrace is refused.
  assert.equal(statSync(`/proc/${child.pid}/mem`).uid, 0);
});
