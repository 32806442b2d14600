// SPDX-License-Identifier: AGPL-3.0-or-later
// The program itself: wrong settings end it with one clear line before anything is touched; it stops cleanly and keeps its data.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { removeFolder, temporaryFolder } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { BINARY, ENGINE, prepareServer, startServer } from '../lib/server.mjs';

function careops(args, { env = {}, cwd } = {}) {
  return new Promise((resolve) => {
    const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CAREOPS_')));
    const child = spawn(BINARY, args, { cwd, env: { ...clean, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
    const out = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => { out[name] += data; });
    child.on('close', (code) => resolve({ code, ...out }));
  });
}

describe('the program', () => {
  const folder = temporaryFolder('program');
  after(() => removeFolder(folder));

  for (const [what, args, words] of [
    ['an unknown setting', ['serve', '--lisen', 'x'], /unknown setting --lisen/],
    ['an address without a port', ['serve', '--listen', 'localhost'], /--listen .*ADDRESS:PORT/],
    ['a database of another kind', ['serve', '--db', 'mysql://x'], /--db .*sqlite:PATH or postgres/],
    ['a mail provider of another kind', ['serve', '--mail', 'pigeon:x'], /--mail .*file:FOLDER/],
    ['Resend without a key', ['serve', '--mail', 'resend'], /CAREOPS_RESEND_API_KEY/],
    ['a secret on the command line', ['serve', '--resend-api-key', 'k'], /secret/],
    ['a base URL that is none', ['serve', '--base-url', 'javascript:alert(1)'], /--base-url/],
    ['an unknown command', ['fly'], /unknown command fly/],
    ['a sender that is no address', ['serve', '--mail-from', 'nobody'], /--mail-from/],
  ]) {
    test(`${what} is told in one line, with a non-zero exit, and nothing is touched`, async () => {
      const { code, stderr } = await careops(args, { cwd: folder });
      assert.notEqual(code, 0);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.deepEqual(readdirSync(folder), []);
    });
  }

  test('a port in use is told before the database is touched', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { code, stderr } = await careops(['serve', '--listen', `127.0.0.1:${taken.address().port}`], { cwd: folder });
    taken.close();
    assert.notEqual(code, 0);
    assert.match(stderr, /in use/);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.ok(!existsSync(join(folder, 'data')));
  });

  test('a database that cannot be opened is told in one line', async () => {
    writeFileSync(join(folder, 'not-a-database.db'), 'this is a text file, and long enough to look like something else '.repeat(40));
    for (const db of ['sqlite:not-a-database.db', 'sqlite:/nowhere/at/all/x.db', 'postgres://nobody:secret@127.0.0.1:1/none']) {
      const { code, stderr } = await careops(['serve', '--listen', '127.0.0.1:0', '--db', db, '--mail', 'file:mail'], { cwd: folder });
      assert.notEqual(code, 0, db);
      const lines = stderr.trim().split('\n').filter((line) => !line.startsWith('{'));
      assert.equal(lines.length, 1, stderr);
      assert.match(lines[0], /^careops: /);
      assert.doesNotMatch(stderr, /secret/);
    }
  });

  test('--help names every command and setting, config shows values without secrets', async () => {
    const help = await careops(['--help']);
    assert.equal(help.code, 0);
    for (const word of ['serve', 'migrate', 'demo', '--listen', 'CAREOPS_DB', '--base-url', 'CAREOPS_MAIL_FROM']) assert.ok(help.stdout.includes(word), word);
    const config = await careops(['config'], { env: { CAREOPS_DB: 'postgres://ann:hush@db/x', CAREOPS_RESEND_API_KEY: 'quiet', CAREOPS_LISTEN: '127.0.0.1:9' } });
    assert.match(config.stdout, /listen +127\.0\.0\.1:9/);
    assert.doesNotMatch(config.stdout, /hush|quiet/);
    const flag = await careops(['config', '--listen=127.0.0.1:7'], { env: { CAREOPS_LISTEN: '127.0.0.1:9' } });
    assert.match(flag.stdout, /listen +127\.0\.0\.1:7/, 'a flag wins over the environment');
  });

  test('SIGTERM ends it with 0 within ten seconds, and kill -9 loses nothing that was answered', async (t) => {
    const server = await startServer(t);
    const salon = await makeSalon(server);
    const slots = await salon.slots();
    const { booking } = expectStatus(await salon.book({ start: slots[0].start }), 201);
    await server.kill();
    await server.start();
    assert.equal(expectStatus(await salon.owner.get(`/bookings/${booking.id}`), 200).status, 'confirmed');
    const began = Date.now();
    assert.equal(await server.stop(), 0);
    assert.ok(Date.now() - began < 10_000);
  });

  test('no accepted request is reset while it drains', async (t) => {
    const server = await startServer(t);
    const salon = await makeSalon(server);
    const outcomes = { answered: 0, refused: 0, reset: [] };
    let going = true;
    const client = async () => {
      while (going) {
        try {
          const answer = await salon.owner.get('/bookings');
          assert.equal(answer.status, 200);
          outcomes.answered += 1;
        } catch (error) {
          const code = error.cause?.code ?? String(error);
          if (code === 'ECONNREFUSED') outcomes.refused += 1;
          else outcomes.reset.push(code);
          if (!server.running) return;
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    while (outcomes.answered < 200) await new Promise((resolve) => setImmediate(resolve));
    const code = await server.stop();
    going = false;
    await Promise.all(clients);
    assert.equal(code, 0);
    assert.deepEqual(outcomes.reset, []);
  });

  // SQLite has no roles.
  if (ENGINE === 'postgres') test('a database role that row-level security does not bind is warned of, and the usual one is not', async (t) => {
    const warned = (server) => server.logObjects().filter(({ level, message }) => level === 'warn' && /row-level security/.test(message)).length;
    const usual = await startServer(t);
    assert.equal(warned(usual), 0);
    const server = await prepareServer(t);
    server.env.CAREOPS_DB = server.db.replace('careops@', 'postgres@');
    await server.start();
    assert.equal(warned(server), 1);
  });

  test('every log line is one JSON object with time, level and message, and none holds a client\'s data', async (t) => {
    const server = await startServer(t);
    const salon = await makeSalon(server);
    const [slot] = await salon.slots();
    const marker = 'Zyx Marker Quux';
    expectStatus(await salon.book({ start: slot.start, client: { name: marker, email: 'marker.quux@client.example', phone: '+33 199001234' }, notes: marker }), 201);
    await server.waitForMail((m) => m.to.includes('marker.quux@client.example'));
    const lines = server.logs.filter((line) => line.trim());
    assert.ok(lines.length > 10);
    for (const line of lines) {
      const entry = JSON.parse(line);
      for (const key of ['time', 'level', 'message']) assert.equal(typeof entry[key], 'string', line);
      assert.doesNotMatch(line, /Marker|quux|199001234|careops_session|\/manage\/[\w-]{20}/i);
    }
  });
});
