// SPDX-License-Identifier: AGPL-3.0-or-later
// A business's own mail service: its letters leave by it and by nothing else, its secrets come out
// nowhere, and no setting leads the program into its own network.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { contents, sql } from '../lib/contents.mjs';
import { expectProblem, expectStatus } from '../lib/client.mjs';
import { arrive } from '../lib/members.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { startResend } from '../resend/standin.mjs';
import { startSmtp } from '../smtp/server.mjs';

const PASSWORD = 'hunter2-of-the-mail-server-é';
const KEY = 're_secret_key_of_the_salon_9f3b';
const LONG_MS = 40_000;

const smtpOf = (smtp, more = {}) => ({
  provider: 'smtp',
  from_name: 'Salon Ada',
  from_address: 'hello@salon-ada.example',
  smtp: {
    host: '127.0.0.1',
    port: smtp.port,
    security: 'starttls',
    username: 'careops',
    password: PASSWORD,
    ...more,
  },
});

const emails = async (salon, query = '') =>
  expectStatus(await salon.owner.get(`/emails${query}`), 200).data;

/** A booking, and the address that its client's confirmation goes to. */
async function book(salon, name) {
  const [slot] = await salon.slots();
  const email = `${name}@client.example`;
  expectStatus(await salon.book({ start: slot.start, client: { name, email } }), 201);
  return email;
}

describe('a mail server of the business’s own', () => {
  let server;
  let smtp;
  let resend;
  let salon;
  let neighbour;

  before(async (t) => {
    smtp = await startSmtp({ user: 'careops', password: PASSWORD });
    resend = await startResend({ apiKey: KEY });
    server = await startServer(t, {
      env: {
        CAREOPS_MAIL_PRIVATE: 'on',
        CAREOPS_CA_FILE: smtp.caFile,
        CAREOPS_RESEND_URL: resend.url,
      },
    });
    salon = await makeSalon(server);
    neighbour = await makeSalon(server);
  });

  test('until its owner chooses, letters leave by the program’s service', async () => {
    const now = expectStatus(await salon.owner.get('/workspace/mail'), 200);
    assert.equal(now.provider, 'server');
    assert.equal(now.server_from, 'no-reply@careops.example');
    assert.equal(now.version, 0);
    assert.deepEqual(now.smtp, {
      host: '',
      port: 587,
      security: 'starttls',
      username: '',
      has_password: false,
    });
    const email = await book(salon, 'early');
    await server.waitForMail((mail) => mail.to.includes(email));
  });

  test('a trial sends one letter to the owner and says what the server said', async () => {
    const settings = smtpOf(smtp);
    const got = expectStatus(await salon.owner.post('/workspace/mail/test', { settings }), 200);
    assert.equal(got.ok, true, JSON.stringify(got));
    assert.equal(got.outcome, 'accepted');
    assert.match(got.said, /^250 /);
    assert.match(got.to, /@owner\.example$/);
    assert.equal(smtp.messages.length, 1);
    assert.equal(smtp.messages[0].from, 'hello@salon-ada.example');
    assert.deepEqual([smtp.messages[0].to].flat(), [got.to]);
    assert.ok(smtp.messages[0].tls);
    // Nothing was kept by trying.
    const now = expectStatus(await salon.owner.get('/workspace/mail'), 200);
    assert.equal(now.provider, 'server');
  });

  test('a wrong password is said, and the password is in no answer', async () => {
    const settings = smtpOf(smtp, { password: 'not the one-7h6g' });
    const answer = await salon.owner.post('/workspace/mail/test', { settings });
    const got = expectStatus(answer, 200);
    assert.equal(got.ok, false);
    assert.equal(got.outcome, 'unreachable');
    assert.match(got.detail, /refused the login/);
    assert.doesNotMatch(answer.text, /7h6g/);
  });

  test('once saved, its letters come from its address by its server, and others’ do not', async () => {
    const saved = expectStatus(
      await salon.owner.put('/workspace/mail', smtpOf(smtp), { version: 0 }),
      200,
    );
    assert.equal(saved.provider, 'smtp');
    assert.equal(saved.smtp.has_password, true);
    assert.equal(saved.version, 1);
    expectProblem(
      await salon.owner.put('/workspace/mail', smtpOf(smtp), { version: 0 }),
      412,
      'stale_version',
    );
    const mine = await book(salon, 'mine');
    const theirs = await book(neighbour, 'theirs');
    const message = await eventually(
      'the letter is at the business’s own server',
      () => smtp.messages.find((each) => [each.to].flat().includes(mine)),
      LONG_MS,
    );
    const raw = String(message.raw);
    assert.match(raw, /^From: "?Salon Ada"? <hello@salon-ada\.example>/m);
    assert.match(raw, /^Message-ID:\s+<[^>]+@salon-ada\.example>/im);
    await server.waitForMail((mail) => mail.to.includes(theirs), LONG_MS);
    assert.ok(!server.mail().some((mail) => mail.to.includes(mine)));
    assert.ok(!smtp.messages.some((each) => [each.to].flat().includes(theirs)));
    const sent = await eventually('all are sent', async () => {
      const all = await emails(salon);
      return all.every((each) => each.status === 'sent') && all;
    }, LONG_MS);
    assert.ok(sent.every(({ priority }) => priority >= 0 && priority <= 2));
    const now = expectStatus(await salon.owner.get('/workspace/mail'), 200);
    assert.equal(now.failing_since, null);
    assert.ok(now.last_sent_at);
  });

  test('a kept password goes to no other server or user: it has to be given again', async () => {
    const { password, ...elsewhere } = smtpOf(smtp, { host: 'localhost' }).smtp;
    assert.ok(password);
    const change = { ...smtpOf(smtp), smtp: elsewhere };
    const put = expectProblem(await salon.owner.put('/workspace/mail', change), 422);
    assert.deepEqual(put.errors.map(({ path }) => path), ['smtp.password']);
    const trial = await salon.owner.post('/workspace/mail/test', { settings: change });
    const problem = expectProblem(trial, 422);
    assert.deepEqual(problem.errors.map(({ path }) => path), ['settings.smtp.password']);
    // The same server needs none.
    const same = { ...smtpOf(smtp), from_name: 'Ada', smtp: { ...elsewhere, host: '127.0.0.1' } };
    assert.equal(expectStatus(await salon.owner.put('/workspace/mail', same), 200).from_name, 'Ada');
    const tried = expectStatus(await salon.owner.post('/workspace/mail/test'), 200);
    assert.equal(tried.ok, true, JSON.stringify(tried));
  });

  test('a server that refuses keeps the letter waiting with its reason, and nothing else sends it', async () => {
    smtp.faults.connections.push(...Array(100).fill('auth-fail'));
    const email = await book(salon, 'waiting');
    const waiting = await eventually('the letter says why it waits', async () => {
      const all = await emails(salon, '?status=queued');
      return all.find((each) => each.to === email && each.last_error);
    }, LONG_MS);
    assert.match(waiting.last_error, /refused the login/);
    const now = expectStatus(await salon.owner.get('/workspace/mail'), 200);
    assert.ok(now.failing_since);
    assert.match(now.last_error, /refused the login/);
    assert.ok(now.waiting >= 1);
    assert.ok(!server.mail().some((mail) => mail.to.includes(email)));
    // Saving asks the server again at once.
    smtp.faults.connections.length = 0;
    expectStatus(await salon.owner.put('/workspace/mail', smtpOf(smtp)), 200);
    await eventually(
      'the letter has gone',
      () => smtp.messages.some((each) => [each.to].flat().includes(email)),
      LONG_MS,
    );
    const after = await eventually('it is noted', async () => {
      const state = expectStatus(await salon.owner.get('/workspace/mail'), 200);
      return state.failing_since === null && state;
    }, LONG_MS);
    assert.equal(after.last_error, null);
    assert.ok(!server.mail().some((mail) => mail.to.includes(email)));
  });

  test('a program that is killed while it sends loses nothing and goes on by the same service', async () => {
    const before = smtp.messages.length;
    const email = await book(salon, 'killed');
    await server.kill();
    await server.start();
    // Whatever held the letter died with its lease, which need not be waited for here.
    await sql(server, "UPDATE message SET due_s = 0 WHERE status = 'queued'");
    await eventually(
      'the letter has gone',
      () => smtp.messages.slice(before).some((each) => [each.to].flat().includes(email)),
      LONG_MS,
    );
    assert.ok(!server.mail().some((mail) => mail.to.includes(email)));
  });

  test('Resend by the business’s own key: its letters carry it, and the key’s end is all that is shown', async () => {
    const settings = {
      provider: 'resend',
      from_name: '',
      from_address: 'post@neighbour.example',
      resend: { api_key: KEY },
    };
    const saved = expectStatus(await neighbour.owner.put('/workspace/mail', settings), 200);
    assert.deepEqual(saved.resend, { has_key: true, key_hint: '9f3b' });
    const tried = expectStatus(await neighbour.owner.post('/workspace/mail/test'), 200);
    assert.equal(tried.ok, true, JSON.stringify(tried));
    const email = await book(neighbour, 'resent');
    await eventually(
      'Resend has it',
      () => resend.accepted.some((each) => [each.email.to].flat().includes(email)),
      LONG_MS,
    );
    const one = resend.accepted.find((each) => [each.email.to].flat().includes(email));
    assert.match(one.email.from, /<post@neighbour\.example>/);
    const again = expectStatus(
      await neighbour.owner.put('/workspace/mail', { ...settings, resend: {} }),
      200,
    );
    assert.equal(again.resend.has_key, true);
    const back = expectStatus(
      await neighbour.owner.put('/workspace/mail', { provider: 'server' }),
      200,
    );
    assert.equal(back.provider, 'server');
    const later = await book(neighbour, 'later');
    await server.waitForMail((mail) => mail.to.includes(later), LONG_MS);
  });

  test('neither password nor key is in an answer, the audit, the log or the database', async () => {
    const texts = [];
    for (const path of ['/workspace/mail', '/audit?limit=200', '/audit.csv', '/workspace/export']) {
      const answer = await salon.owner.get(path);
      assert.equal(answer.status, 200, path);
      texts.push(answer.text, (await neighbour.owner.get(path)).text);
    }
    texts.push(server.logs.join('\n'), [...(await contents(server)).values()].flat().join('\n'));
    for (const text of texts) {
      assert.ok(!text.includes(PASSWORD));
      assert.ok(!text.includes(KEY));
    }
    const { data } = expectStatus(await salon.owner.get('/audit?entity=workspace_mail'), 200);
    assert.ok(data.some(({ changes }) => changes.password === 'changed'));
    assert.ok(data.some(({ action }) => action === 'tested'));
  });

  test('the settings are the owner’s own business', async () => {
    const member = await arrive(server, salon.staff[0]);
    expectProblem(await member.get('/workspace/mail'), 403, 'forbidden');
    expectProblem(await member.put('/workspace/mail', smtpOf(smtp)), 403, 'forbidden');
    expectProblem(await member.post('/workspace/mail/test'), 403, 'forbidden');
  });

  after(async () => {
    await server.stop();
    await smtp.stop();
    await resend.stop();
  });
});

describe('where a mail server may stand', () => {
  let server;
  let salon;

  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server);
  });

  const settings = (smtp) => ({
    provider: 'smtp',
    from_address: 'a@b.example',
    smtp: { host: 'smtp.example.com', port: 587, security: 'starttls', ...smtp },
  });

  for (const host of [
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.9',
    '172.16.5.5',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fd00::1',
    'fe80::1',
    'localhost',
    '2130706433',
    '127.1',
  ]) {
    test(`not at ${host}`, async () => {
      const problem = expectProblem(
        await salon.owner.put('/workspace/mail', settings({ host })),
        422,
        'validation_failed',
      );
      assert.deepEqual(problem.errors.map(({ path }) => path), ['smtp.host']);
    });
  }

  test('on no port but those of mail, and never unencrypted', async () => {
    const wrong = settings({ port: 6379, security: 'none' });
    const problem = expectProblem(await salon.owner.put('/workspace/mail', wrong), 422);
    const paths = problem.errors.map(({ path }) => path).sort();
    assert.deepEqual(paths, ['smtp.port', 'smtp.security']);
  });

  test('a name that leads to this machine is found out when it is connected to', async () => {
    // RFC 6761: names under localhost lead to this machine.
    const host = 'mail.localhost';
    const got = await salon.owner.post('/workspace/mail/test', { settings: settings({ host }) });
    const answer = expectStatus(got, 200);
    assert.equal(answer.ok, false);
    assert.equal(answer.outcome, 'unreachable');
    assert.match(answer.detail, /private address/);
  });

  test('a trial is limited', async () => {
    const body = { settings: { provider: 'server' } };
    let answer;
    for (let i = 0; i < 8; i++) {
      answer = await salon.owner.post('/workspace/mail/test', body);
      if (answer.status === 429) break;
      assert.equal(expectStatus(answer, 200).ok, true);
    }
    const problem = expectProblem(answer, 429, 'too_many_requests');
    assert.ok(problem);
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
  });
});
