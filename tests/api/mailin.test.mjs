// SPDX-License-Identifier: AGPL-3.0-or-later
// What clients answer by e-mail comes back into their conversation: by a mailbox on a real Dovecot and
// by Resend's webhook, each mail once, whatever is killed, cut off, renumbered or sent twice.

import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { startDovecot } from '../lib/dovecot.mjs';
import { openEvents } from '../lib/events.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { startResend } from '../resend/standin.mjs';

const INBOUND = 'reply@in.careops.example';
const tag = () => randomBytes(5).toString('hex');
const setting = (dovecot, more = {}) => ({
  CAREOPS_INBOUND_ADDRESS: INBOUND,
  CAREOPS_IMAP: dovecot.url,
  CAREOPS_IMAP_PASSWORD: dovecot.password,
  ...more,
});

/** A mail as a client's program sends it. */
function mail({ from, to, subject = 'Re: A message', text = 'Yes', headers = {}, body } = {}) {
  const head = {
    From: from,
    To: to,
    Subject: subject,
    Date: new Date().toUTCString().replace('GMT', '+0000'),
    'Message-ID': `<${randomUUID()}@client.example>`,
    'MIME-Version': '1.0',
    ...(body ? {} : { 'Content-Type': 'text/plain; charset=utf-8' }),
    ...headers,
  };
  const lines = Object.entries(head).filter(([, value]) => value).map(([name, value]) => `${name}: ${value}`);
  return body ? `${lines.join('\r\n')}\r\n${body}` : `${lines.join('\r\n')}\r\n\r\n${text}\r\n`;
}

/** A client, their conversation, and a letter in it that they can answer. */
async function talk(server, salon, words = 'Does Monday suit you?') {
  const email = `cleo.${tag()}@client.example`;
  const client = expectStatus(await salon.owner.post('/clients', { name: 'Cleo', email }), 201);
  const { body: conversation } = await salon.owner.post('/conversations', { client_id: client.id });
  const messages = () => salon.owner.list(`/conversations/${conversation.id}/messages`);
  expectStatus(await salon.owner.post(`/conversations/${conversation.id}/messages`, { body: words }), 201);
  const letter = await server.waitForMail((m) => m.to.includes(email) && m.subject.includes('message'));
  const replyTo = letter.header('reply-to').replace(/[<>]/g, '').trim();
  const incoming = async () => (await messages()).filter(({ direction }) => direction === 'in');
  return { client, email, conversation, messages, incoming, letter, replyTo };
}

/** What is received, once there are so many. */
const received = (one, count = 1) =>
  eventually(`${count} answers are there`, async () => {
    const list = await one.incoming();
    return list.length >= count && list;
  }, 20_000);

const unmatched = (server) => sql(server, 'SELECT why FROM mail_unmatched ORDER BY id');

describe('answers by mail, from a mailbox', () => {
  let dovecot, server, salon;
  before(async () => {
    dovecot = await startDovecot();
    server = await startServer({}, { env: setting(dovecot) });
    salon = await makeSalon(server);
  });
  after(async () => {
    await server?.remove();
    await dovecot?.remove();
  });

  test('a letter of a conversation names an address of its own, of which only a hash is kept', async () => {
    const one = await talk(server, salon);
    assert.match(one.replyTo, /^reply\+[a-z2-7]{32}@in\.careops\.example$/);
    const token = one.replyTo.slice(6, 38);
    const again = await talk(server, salon);
    assert.notEqual(again.replyTo, one.replyTo);
    const rows = await sql(server, 'SELECT token_hash FROM reply_token');
    assert.ok(rows.length >= 2 && rows.every((row) => /^[0-9a-f]{64}$/.test(row)));
    assert.ok(!rows.join().includes(token));
  });

  test('the answer is in the conversation within a moment, and follows what follows from a word', async (t) => {
    const one = await talk(server, salon);
    const events = await openEvents(t, server, salon.owner);
    const began = Date.now();
    await dovecot.deliver(mail({
      from: `Cleo Klein <${one.email}>`,
      to: one.replyTo,
      text: 'Yes, Monday!\r\nÜnï 漢字\r\n\r\nOn Thu, 26 Nov 2026 at 10:00, Salon <x@y.example> wrote:\r\n> Does Monday suit you?\r\n> Olive',
    }));
    const [got] = await received(one);
    const took = Date.now() - began;
    assert.ok(took < 5000, `the server told us at once, not after ${took} ms`);
    assert.deepEqual(
      [got.body, got.via, got.author, got.author_kind, got.doubtful, got.from, got.attachments],
      ['Yes, Monday!\nÜnï 漢字', 'mail', 'Cleo', 'client', false, null, []],
    );
    assert.equal(got.quoted, 'On Thu, 26 Nov 2026 at 10:00, Salon <x@y.example> wrote:\n> Does Monday suit you?\n> Olive');
    const conversation = expectStatus(await salon.owner.get(`/conversations/${one.conversation.id}`), 200);
    assert.deepEqual([conversation.unanswered, conversation.unread], [true, 1]);
    await server.waitForMail((m) => m.to.includes(salon.ownerEmail) && m.text.includes('Yes, Monday!'));
    const client = expectStatus(await salon.owner.get(`/clients/${one.client.id}`), 200);
    assert.equal(client.automations_paused_until ?? null, null);
    const heard = await events.nextOf('message.received', one.conversation.id);
    assert.equal(heard.data.id, one.conversation.id);
  });

  test('an address in capital letters, and one only in the envelope, lead there as well', async () => {
    const one = await talk(server, salon);
    await dovecot.deliver(mail({ from: one.email, to: one.replyTo.toUpperCase(), text: 'loud' }));
    await received(one, 1);
    await dovecot.deliver(mail({ from: one.email, to: 'undisclosed-recipients:;', text: 'quiet', headers: { 'Delivered-To': one.replyTo } }));
    const list = await received(one, 2);
    assert.deepEqual(list.map(({ body }) => body), ['loud', 'quiet']);
  });

  test('without the address the letter that it answers leads there, and else the sender', async () => {
    const one = await talk(server, salon);
    const id = one.letter.header('message-id');
    await dovecot.deliver(mail({ from: 'other@elsewhere.example', to: INBOUND, text: 'by the letter', headers: { References: `<x@y.example> ${id}` } }));
    await received(one, 1);
    await dovecot.deliver(mail({ from: one.email.toUpperCase(), to: INBOUND, subject: 'A new question', text: 'by the sender' }));
    const list = await received(one, 2);
    assert.deepEqual(list.map(({ body }) => body), ['by the letter', 'A new question\n\nby the sender']);
    assert.deepEqual(list.map(({ from }) => from?.address ?? null), ['other@elsewhere.example', null]);
  });

  test('whoever else writes to the address is kept, and marked', async () => {
    const one = await talk(server, salon);
    await dovecot.deliver(mail({ from: 'Her Mother <mother@family.example>', to: one.replyTo, text: 'She is ill' }));
    const [got] = await received(one);
    assert.deepEqual(got.from, { name: 'Her Mother', address: 'mother@family.example' });
    assert.deepEqual([got.author, got.doubtful], ['Her Mother', false]);
  });

  test('what belongs nowhere is kept for the operator, sealed, and in nobody’s inbox', async () => {
    const before = (await unmatched(server)).length;
    const other = await makeSalon(server);
    const email = `both.${tag()}@client.example`;
    for (const { owner } of [salon, other]) expectStatus(await owner.post('/clients', { name: 'Both', email }), 201);
    await dovecot.deliver(mail({ from: `nobody.${tag()}@x.example`, to: INBOUND, text: 'UNMATCHED-WORDS' }));
    await dovecot.deliver(mail({ from: email, to: INBOUND, text: 'to whom?' }));
    await dovecot.deliver(mail({ from: `nobody.${tag()}@x.example`, to: `reply+${'a'.repeat(32)}@in.careops.example` }));
    await eventually('all three are kept', async () => (await unmatched(server)).length === before + 3);
    assert.deepEqual((await unmatched(server)).slice(before), ['unknown_sender', 'several_businesses', 'unknown_sender']);
    const raw = await sql(server, 'SELECT raw FROM mail_unmatched');
    assert.ok(raw.every((row) => row.startsWith('s1.')), 'it lies sealed');
    assert.ok(!server.logs.join('\n').includes('UNMATCHED-WORDS') && !server.logs.join('\n').includes(email));
    assert.ok(server.logObjects().some(({ message, why }) => /belongs nowhere/.test(message ?? '') && why === 'several_businesses') ||
      server.logs.some((line) => line.includes('several_businesses')));
  });

  test('machines are kept as doubtful and cause nothing', async () => {
    const one = await talk(server, salon);
    const letters = async () => Number((await sql(server, `SELECT COUNT(*) FROM message WHERE workspace_id = ${salon.workspace.id}`))[0]);
    const before = await letters();
    const machines = [
      { text: 'away', headers: { 'Auto-Submitted': 'auto-replied' } },
      { text: 'list', headers: { Precedence: 'bulk' } },
      { text: 'nobody', headers: { 'Return-Path': '<>' } },
      { text: 'ours', from: INBOUND },
      { text: 'sender', from: 'no-reply@careops.example' },
    ];
    for (const machine of machines) await dovecot.deliver(mail({ from: one.email, to: one.replyTo, ...machine }));
    const list = await received(one, machines.length);
    assert.deepEqual(list.map(({ doubtful, doubt }) => [doubtful, doubt]), machines.map(() => [true, 'automatic']));
    const conversation = expectStatus(await salon.owner.get(`/conversations/${one.conversation.id}`), 200);
    assert.equal(conversation.unanswered, false);
    assert.equal(await letters(), before);
  });

  test('files are kept within limits and handed out as downloads that no browser runs', async () => {
    const one = await talk(server, salon);
    const photo = randomBytes(3000);
    const part = (type, disposition, bytes) =>
      `--x\r\nContent-Type: ${type}\r\nContent-Disposition: ${disposition}\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;
    const body = [
      'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>See <b>these</b></p><script>alert(1)</script>\r\n',
      part('image/jpeg', 'attachment; filename="../my hair.jpg"', photo),
      part('text/html', "attachment; filename*=UTF-8''%C3%A4.html", Buffer.from('<script>alert(1)</script>')),
      part('application/zip', 'attachment; filename=big.zip', randomBytes(11 * 1024 * 1024)),
      '--x--\r\n',
    ].join('');
    await dovecot.deliver(mail({ from: one.email, to: one.replyTo, body }));
    const [got] = await received(one);
    assert.equal(got.body, 'See these');
    assert.deepEqual(got.attachments.map(({ name, type, size, kept }) => [name, type, size, kept]), [
      ['my hair.jpg', 'image/jpeg', 3000, true],
      ['ä.html', 'text/html', 25, true],
      ['big.zip', 'application/zip', 11 * 1024 * 1024, false],
    ]);
    const path = (i) => `/conversations/${one.conversation.id}/attachments/${got.attachments[i].id}`;
    const response = await fetch(salon.owner.url(path(0)), { headers: { cookie: salon.owner.cookieHeader() } });
    assert.equal(response.status, 200);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), photo);
    const head = (name) => response.headers.get(name);
    assert.deepEqual(
      [head('content-type'), head('content-disposition'), head('x-content-type-options'), head('content-security-policy')],
      ['image/jpeg', "attachment; filename=\"my_hair.jpg\"; filename*=UTF-8''my%20hair.jpg", 'nosniff', "default-src 'none'; sandbox"],
    );
    const page = await salon.owner.get(path(1));
    assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'application/octet-stream']);
    assert.match(page.headers.get('content-disposition'), /^attachment; filename="_\.html"; filename\*=UTF-8''%C3%A4\.html$/);
    expectProblem(await salon.owner.get(path(2)), 404, 'attachment_left_out');
    const another = await talk(server, salon);
    expectProblem(await salon.owner.get(`/conversations/${another.conversation.id}/attachments/${got.attachments[0].id}`), 404, 'not_found');
    const stranger = await makeSalon(server);
    expectProblem(await stranger.owner.get(path(0)), 404, 'not_found');
    expectStatus(await new Client(server.baseUrl).get(path(0)), 401);
  });

  test('a very long mail is cut in the conversation and whole in a file', async () => {
    const one = await talk(server, salon);
    const text = Array.from({ length: 3000 }, (_, i) => `line ${i} ü`).join('\n');
    await dovecot.deliver(mail({ from: one.email, to: one.replyTo, text }));
    const [got] = await received(one);
    assert.ok(got.body.length <= 10_000 && got.body.startsWith('line 0 ü\nline 1 ü'));
    assert.match(got.body, /message\.txt/);
    const [file] = got.attachments;
    assert.deepEqual([file.name, file.type], ['message.txt', 'text/plain']);
    const whole = await salon.owner.get(`/conversations/${one.conversation.id}/attachments/${file.id}`);
    assert.equal(whole.text, text);
  });

  test('the same mail twice, and all mails under new numbers, are there once', async () => {
    const one = await talk(server, salon);
    const text = mail({ from: one.email, to: one.replyTo, text: 'only once' });
    await dovecot.deliver(text);
    await dovecot.deliver(text);
    await received(one);
    const [validity] = await sql(server, 'SELECT uid_validity FROM mail_box');
    await dovecot.renumber();
    await dovecot.deliver(mail({ from: one.email, to: one.replyTo, text: 'after it' }));
    const list = await received(one, 2);
    assert.deepEqual(list.map(({ body }) => body), ['only once', 'after it']);
    assert.notEqual((await sql(server, 'SELECT uid_validity FROM mail_box'))[0], validity);
    const rows = await sql(server, "SELECT COUNT(*), COUNT(DISTINCT mail_key) FROM mail_seen");
    const [all, distinct] = rows[0].split('|').map(Number);
    assert.equal(all, distinct);
    const doubled = await sql(server, "SELECT conversation_id, body, COUNT(*) FROM conversation_message WHERE via = 'mail' GROUP BY conversation_id, body HAVING COUNT(*) > 1");
    assert.deepEqual(doubled, []);
  });

  test('a server that goes away is found again, and what came meanwhile is there', async () => {
    const one = await talk(server, salon);
    await dovecot.disconnect();
    await dovecot.deliver(mail({ from: one.email, to: one.replyTo, text: 'after the cut' }));
    await received(one, 1);
    await dovecot.stop();
    await eventually('the log says that it is away', () => server.logs.some((line) => line.includes('mailbox cannot be read')), 20_000);
    await dovecot.deliver(mail({ from: one.email, to: one.replyTo, text: 'while away' })).catch(() => {});
    await dovecot.start();
    await dovecot.deliver(mail({ from: one.email, to: one.replyTo, text: 'back' }));
    const list = await eventually('all of it is there', async () => {
      const now = await one.incoming();
      return now.some(({ body }) => body === 'back') && now;
    }, 60_000);
    assert.equal(list[0].body, 'after the cut');
    assert.equal(new Set(list.map(({ body }) => body)).size, list.length);
  });

  test('a program that is killed again and again neither loses nor doubles a mail', async () => {
    const one = await talk(server, salon);
    const wanted = [];
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 4; i++) {
        wanted.push(`mail ${round}.${i}`);
        await dovecot.deliver(mail({ from: one.email, to: one.replyTo, text: wanted.at(-1) }));
      }
      await sleep(Math.floor(Math.random() * 300));
      await server.kill();
      await sql(server, 'UPDATE mail_box SET lease_s = 0'); // its lease is over
      await server.start();
    }
    const list = await received(one, wanted.length);
    assert.deepEqual(list.map(({ body }) => body).sort(), [...wanted].sort());
  });
});

describe('the connection to the mailbox', () => {
  const check = async (t, { idle = true, ...env }, by) => {
    const dovecot = await startDovecot(t, { idle });
    const values = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value(dovecot)]));
    const server = await startServer(t, { env: setting(dovecot, values) });
    const salon = await makeSalon(server);
    const one = await talk(server, salon);
    await eventually('the mailbox is watched', () => server.logs.some((line) => line.includes(`"by":"${by}"`)), 20_000);
    await dovecot.deliver(mail({ from: one.email, to: one.replyTo, text: 'safely' }));
    const list = await eventually('it is there', async () => {
      const now = await one.incoming();
      return now.length > 0 && now;
    }, 40_000);
    assert.equal(list[0].body, 'safely');
    await server.stop(); // before Dovecot, which lets nobody go who speaks TLS with it for ten seconds
  };

  test('is made by TLS with a certificate that is trusted', (t) =>
    check(t, { CAREOPS_IMAP: (d) => d.tlsUrl, CAREOPS_CA_FILE: (d) => d.certificate }, 'idle'));

  test('is made by STARTTLS', (t) =>
    check(t, { CAREOPS_IMAP: (d) => d.startTlsUrl, CAREOPS_CA_FILE: (d) => d.certificate }, 'idle'));

  test('asks now and then where the server does not know IDLE', (t) =>
    check(t, { idle: false }, 'asking'));

  test('is not made to a certificate that nobody knows, nor with a wrong password', async (t) => {
    const dovecot = await startDovecot(t);
    const server = await startServer(t, { env: setting(dovecot, { CAREOPS_IMAP: dovecot.tlsUrl }) });
    await eventually('it says why', () => server.logs.some((line) => line.includes('certificate is not trusted')), 20_000);
    await server.restart({ env: { CAREOPS_IMAP: dovecot.url, CAREOPS_IMAP_PASSWORD: 'WRONG-PASSWORD' } });
    await eventually('it says why', () => server.logs.some((line) => line.includes('refused the login')), 20_000);
    assert.ok(!server.logs.join('\n').includes('WRONG-PASSWORD'));
  });

  test('is asked for in words where the setting is wrong, and never shows the password', async (t) => {
    const server = await startServer(t);
    for (const value of ['http://x@y.example/', 'imaps://y.example/', 'imaps://a:secret@y.example/', 'imap://a@y.example/?tls=no', 'imaps://a@y.example/?x'])
      await assert.rejects(server.command(['config'], { env: { CAREOPS_IMAP: value } }), /imaps:\/\/USER@HOST/);
    for (const value of ['nobody', 'a+b@c.example', `${'a'.repeat(32)}@c.example`])
      await assert.rejects(server.command(['config'], { env: { CAREOPS_INBOUND_ADDRESS: value } }), /inbound-address/);
    const shown = await server.command(['config'], { env: { CAREOPS_IMAP: 'imaps://a@y.example/x', CAREOPS_IMAP_PASSWORD: 'VERY-SECRET' } });
    assert.ok(!shown.includes('VERY-SECRET'));
  });
});

test('without an inbound address answers go to the business itself', async (t) => {
  const server = await startServer(t);
  const salon = await makeSalon(server);
  const one = await talk(server, salon);
  assert.equal(one.replyTo, salon.ownerEmail);
  assert.deepEqual(await sql(server, 'SELECT COUNT(*) FROM reply_token'), ['0']);
});

describe('answers by mail, from Resend', () => {
  const KEY = randomBytes(24);
  let resend, server, salon;
  before(async () => {
    resend = await startResend({ ratePerSecond: 1000 });
    server = await startServer({}, {
      env: {
        CAREOPS_INBOUND_ADDRESS: INBOUND,
        CAREOPS_RESEND_API_KEY: resend.apiKey,
        CAREOPS_RESEND_URL: resend.url,
        CAREOPS_RESEND_WEBHOOK_SECRET: `whsec_${KEY.toString('base64')}`,
      },
    });
    salon = await makeSalon(server);
  });
  after(async () => {
    await server?.remove();
    await resend?.stop();
  });

  /** Resend tells of a mail, signed. */
  async function tell(emailId, { id = `msg_${randomUUID()}`, key = KEY } = {}) {
    const text = JSON.stringify({ type: 'email.received', created_at: new Date().toISOString(), data: { email_id: emailId, from: 'a@b.example', to: [INBOUND], subject: 'x', attachments: [] } });
    const at = String(Math.floor(Date.now() / 1000));
    const code = createHmac('sha256', key).update(`${id}.${at}.${text}`).digest('base64');
    const response = await fetch(`${server.baseUrl}/api/v1/webhooks/resend`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', 'svix-id': id, 'svix-timestamp': at, 'svix-signature': `v1,${code}` },
    });
    return response.status;
  }
  const waiting = async () => Number((await sql(server, "SELECT COUNT(*) FROM mail_fetch WHERE status = 'waiting'"))[0]);

  test('a mail that Resend tells of is fetched as it came', async () => {
    const one = await talk(server, salon);
    const emailId = resend.receive(mail({ from: one.email, to: one.replyTo, text: 'via Resend\r\n\r\n> old' }));
    assert.equal(await tell(emailId), 200);
    const [got] = await received(one);
    assert.deepEqual([got.body, got.quoted, got.via], ['via Resend', '> old', 'mail']);
    await eventually('nothing waits', async () => (await waiting()) === 0);
    const asked = resend.requests.filter(({ path }) => path.includes(emailId));
    assert.deepEqual(asked.map(({ authorized }) => authorized), [true, false], 'the key goes to the API alone');
  });

  test('where the mail cannot be had as it came, its text is taken', async () => {
    const one = await talk(server, salon);
    const emailId = resend.receive(mail({ from: `Cleo <${one.email}>`, to: one.replyTo, text: 'from the JSON', headers: { 'Auto-Submitted': 'auto-replied' } }), { raw: false });
    assert.equal(await tell(emailId), 200);
    const [got] = await received(one);
    assert.deepEqual([got.body, got.doubt], ['from the JSON', 'automatic']);
  });

  test('a webhook that comes again, also under another id, brings nothing twice', async () => {
    const one = await talk(server, salon);
    const emailId = resend.receive(mail({ from: one.email, to: one.replyTo, text: 'once' }));
    const id = `msg_${randomUUID()}`;
    assert.deepEqual([await tell(emailId, { id }), await tell(emailId, { id }), await tell(emailId)], [200, 200, 200]);
    await received(one);
    assert.equal(await tell(emailId), 200);
    await eventually('nothing waits', async () => (await waiting()) === 0);
    assert.equal((await one.incoming()).length, 1);
  });

  test('a forged one is refused and fetches nothing', async () => {
    const emailId = resend.receive(mail({ from: 'a@b.example', to: INBOUND }));
    assert.equal(await tell(emailId, { key: randomBytes(24) }), 401);
    assert.equal(await waiting(), 0);
    assert.ok(!resend.requests.some(({ path }) => path.includes(emailId)));
  });

  test('Resend away, slow or mistaken for a while: the mail is fetched later', async () => {
    const one = await talk(server, salon);
    const emailId = resend.receive(mail({ from: one.email, to: one.replyTo, text: 'after all' }));
    const faults = ['refuse-500', 'refuse-429', 'accept-garbage'];
    const row = async () => (await sql(server, `SELECT attempts, last_error, due_s FROM mail_fetch WHERE email_id = '${emailId}' AND lease_owner IS NULL AND last_error IS NOT NULL`))[0]?.split('|');
    for (const [i, fault] of faults.entries()) {
      resend.receivingFaults.push(fault);
      if (i === 0) assert.equal(await tell(emailId), 200);
      else await sql(server, `UPDATE mail_fetch SET due_s = 0 WHERE email_id = '${emailId}'`);
      const [, error, dueS] = await eventually(`${fault} was met`, async () => {
        const now = await row();
        return now && Number(now[0]) === i + 1 && now;
      });
      assert.match(error, /Resend/);
      assert.ok(Number(dueS) >= Date.now() / 1000 + 5 * 2 ** i, 'it waits longer each time');
    }
    await sql(server, `UPDATE mail_fetch SET due_s = 0 WHERE email_id = '${emailId}'`);
    const [got] = await received(one);
    assert.equal(got.body, 'after all');
  });

  test('a mail that cannot be had for two days is given up, and said to be', async () => {
    const emailId = randomUUID();
    assert.equal(await tell(emailId), 200);
    const state = async () => (await sql(server, `SELECT status, attempts FROM mail_fetch WHERE email_id = '${emailId}'`))[0];
    await eventually('it was tried', async () => (await state()) === 'waiting|1');
    await sql(server, `UPDATE mail_fetch SET due_s = 0, created_s = created_s - 200000 WHERE email_id = '${emailId}'`);
    await eventually('it is given up', async () => (await state()) === 'failed|2');
    await eventually('the log says so', () => server.logs.some((line) => line.includes('mail given up') && line.includes(emailId)));
  });

  test('a program that is killed while it fetches neither loses nor doubles a mail', async () => {
    const one = await talk(server, salon);
    const wanted = [];
    for (let round = 0; round < 8; round++) {
      wanted.push(`fetched ${round}`);
      assert.equal(await tell(resend.receive(mail({ from: one.email, to: one.replyTo, text: wanted.at(-1) }))), 200);
      await sleep(Math.floor(Math.random() * 1200));
      await server.kill();
      await sql(server, 'UPDATE mail_fetch SET due_s = 0'); // its lease is over
      await server.start();
    }
    const list = await received(one, wanted.length);
    assert.deepEqual(list.map(({ body }) => body).sort(), [...wanted].sort());
    await eventually('nothing waits', async () => (await waiting()) === 0);
  });
});

test('the operator lists what belongs nowhere, and reads it as it came', async (t) => {
  const dovecot = await startDovecot(t);
  const server = await startServer(t, { env: setting(dovecot) });
  const text = mail({ from: 'nobody@x.example', to: INBOUND, text: 'Whose am I?' });
  await dovecot.deliver(text);
  await eventually('it is kept', async () => (await unmatched(server)).length === 1);
  await server.stop();
  const [line, ...more] = (await server.command(['unmatched'])).trim().split('\n');
  assert.deepEqual(more, []);
  assert.match(line, /^\d+ {2}\S+Z {2}imap {2}unknown_sender {2}\d+ bytes$/);
  const raw = await server.command(['unmatched', line.split(' ')[0]]);
  assert.ok(raw.includes('From: nobody@x.example') && raw.includes('Whose am I?'));
  await assert.rejects(server.command(['unmatched', '1']), /no such mail/);
  await assert.rejects(server.command(['unmatched', 'x']), /number/);
});
