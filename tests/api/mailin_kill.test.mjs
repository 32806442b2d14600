// SPDX-License-Identifier: AGPL-3.0-or-later
// The program that takes in mail is killed before each of its steps in turn, with a new mail each time,
// from a mailbox and from Resend: in the end each mail is there, once.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { startDovecot } from '../lib/dovecot.mjs';
import { ROOT } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { startResend } from '../resend/standin.mjs';

const INBOUND = 'reply@in.careops.example';
const DRIVER = resolve(ROOT, process.env.CAREOPS_BUILD ?? 'build', 'tests/unit/mailin/mailin_driver');
const STEPS_MAX = 400;

/** What it said, step by step; the last line is "done N" where it was not killed. */
async function drive(server, env, step) {
  const child = spawn(DRIVER, [server.db, String(step)], { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    said += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part) => {
    log += part;
  });
  const [code, signal] = await once(child, 'close');
  assert.ok(code === 0 || signal === 'SIGKILL', `the driver ended with ${code ?? signal}: ${said}${log}`);
  return { killed: signal === 'SIGKILL', lines: said.trim().split('\n') };
}

async function conversation(t) {
  const server = await startServer(t, { env: { CAREOPS_INBOUND_ADDRESS: INBOUND } });
  const salon = await makeSalon(server);
  const email = 'cleo@client.example';
  const client = expectStatus(await salon.owner.post('/clients', { name: 'Cleo', email }), 201);
  const { body: talk } = await salon.owner.post('/conversations', { client_id: client.id });
  expectStatus(await salon.owner.post(`/conversations/${talk.id}/messages`, { body: 'Hello' }), 201);
  const letter = await server.waitForMail((m) => m.to.includes(email));
  await server.stop();
  const replyTo = letter.header('reply-to').replace(/[<>]/g, '').trim();
  const mail = (text) =>
    `From: ${email}\r\nTo: ${replyTo}\r\nSubject: Re: x\r\nMessage-ID: <${randomUUID()}@c.example>\r\n\r\n${text}\r\n`;
  const bodies = () => sql(server, `SELECT body FROM conversation_message WHERE via = 'mail' AND direction = 'in' ORDER BY id`);
  return { server, mail, bodies };
}

/** Kills it at step 1, 2, 3 … until it comes to its end before it is killed, `give` a mail before each. */
async function killAtEach({ server, bodies }, env, give, free) {
  const wanted = [];
  const killedAt = new Set();
  for (let step = 1; step < STEPS_MAX; step++) {
    wanted.push(`mail ${step}`);
    await give(wanted.at(-1));
    const { killed, lines } = await drive(server, env, step);
    await free();
    if (killed) {
      killedAt.add(lines.at(-1));
      // What is left is taken in once more and killed at the same step: a lease that has run out, a
      // mail that was half taken.
      continue;
    }
    assert.match(lines.at(-1), /^done \d+$/);
    break;
  }
  assert.match((await drive(server, env, 0)).lines.at(-1), /^done/);
  const found = await bodies();
  assert.deepEqual([...found].sort(), [...wanted].sort());
  return killedAt;
}

test('from a mailbox', async (t) => {
  const dovecot = await startDovecot(t);
  const one = await conversation(t);
  const env = { IMAP_URL: dovecot.url, IMAP_PASSWORD: dovecot.password, INBOUND };
  const killedAt = await killAtEach(one, env, (text) => dovecot.deliver(one.mail(text)), () =>
    sql(one.server, 'UPDATE mail_box SET lease_s = 0'));
  assert.deepEqual([...killedAt].sort(), ['fetch', 'lease', 'search', 'take', 'taken', 'try']);
});

test('from Resend', async (t) => {
  const resend = await startResend();
  t.after(() => resend.stop());
  const one = await conversation(t);
  const env = { RESEND_URL: resend.url, RESEND_KEY: resend.apiKey, INBOUND };
  const now = Math.floor(Date.now() / 1000);
  const give = (text) =>
    sql(one.server, `INSERT INTO mail_fetch (email_id, status, due_s, created_s) VALUES ('${resend.receive(one.mail(text))}', 'waiting', ${now}, ${now})`);
  const killedAt = await killAtEach(one, env, give, () => sql(one.server, 'UPDATE mail_fetch SET due_s = 0'));
  assert.deepEqual([...killedAt].sort(), ['claim', 'fetch', 'take', 'taken']);
  assert.deepEqual(await sql(one.server, 'SELECT COUNT(*) FROM mail_fetch'), ['0']);
});
