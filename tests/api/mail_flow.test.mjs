// SPDX-License-Identifier: AGPL-3.0-or-later
// The messages of the running program: what a booking sends, the communication log, /dev/mail, and
// what happens to mail when the provider says no or the program is killed.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, before, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { eventually } from '../lib/process.mjs';
import { arrive } from '../lib/members.mjs';
import { PASSWORD, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { startResend } from '../resend/standin.mjs';

const CLIENT = { name: 'Cléo "the <b>Client</b>"', email: 'cleo@client.example' };

/** The page at a path, asked with these headers, as text. */
function get(server, path, headers = {}) {
  return new Promise((done, failed) => {
    const asked = request(`${server.baseUrl}${path}`, { headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
    });
    asked.on('error', failed).end();
  });
}

describe('mail in file: mode', () => {
  let server;
  let salon;
  let confirmation;

  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server, { name: 'Salon & Söhne' });
    const [slot] = await salon.slots();
    expectStatus(await salon.book({ start: slot.start, client: CLIENT }), 201);
    confirmation = await server.waitForMail((mail) => mail.to.includes(CLIENT.email));
  });

  test('a booking sends a confirmation with text, HTML, calendar part and manage link', () => {
    assert.match(confirmation.subject, /confirmed/);
    assert.match(confirmation.text, /Salon & Söhne/);
    assert.match(confirmation.html, /Salon &amp; Söhne/);
    assert.doesNotMatch(confirmation.html, /<b>Client/);
    const link = new RegExp(`^${server.baseUrl}/manage/[A-Za-z0-9_-]{43}$`, 'm');
    assert.match(confirmation.text, link);
    assert.match(confirmation.calendar, /BEGIN:VEVENT/);
    assert.equal(confirmation.headers('To').length, 1);
  });

  test('the owner and the member of staff are told of a new booking', async () => {
    const told = await server.waitForMail((mail) => /New booking/.test(mail.subject));
    assert.ok(told);
  });

  test('the log shows the owner what was sent, newest first and in pages', async () => {
    const all = await eventually('all messages are sent', async () => {
      const list = expectStatus(await salon.owner.get('/emails'), 200);
      return list.data.every((one) => one.status === 'sent') && list;
    });
    const one = all.data.find((mail) => mail.kind === 'booking_confirmation');
    assert.equal(one.to, CLIENT.email);
    assert.equal(one.attempts, 1);
    assert.equal(one.last_error, null);
    assert.ok(one.booking_id && one.created_at && one.sent_at);
    const ids = all.data.map((mail) => BigInt(mail.id));
    assert.deepEqual(ids, [...ids].sort((a, b) => (a < b ? 1 : -1)));

    const first = expectStatus(await salon.owner.get('/emails?limit=1'), 200);
    assert.equal(first.data.length, 1);
    const cursor = encodeURIComponent(first.next_cursor);
    const second = expectStatus(await salon.owner.get(`/emails?limit=1&cursor=${cursor}`), 200);
    assert.deepEqual([first.data[0].id, second.data[0].id], [all.data[0].id, all.data[1].id]);

    const filters = `status=sent&kind=booking_confirmation&booking_id=${one.booking_id}`;
    const filtered = expectStatus(await salon.owner.get(`/emails?${filters}`), 200);
    assert.deepEqual(filtered.data.map((mail) => mail.id), [one.id]);
    assert.deepEqual(expectStatus(await salon.owner.get('/emails?status=failed'), 200).data, []);
  });

  test('one message is answered with its words, unless they hold a secret', async () => {
    const { data } = expectStatus(await salon.owner.get('/emails'), 200);
    for (const { id, kind } of data) {
      const { text } = expectStatus(await salon.owner.get(`/emails/${id}`), 200);
      if (kind === 'staff_invitation') assert.equal(text, undefined);
      else assert.match(text, /Salon & Söhne/);
    }
    assert.ok(data.some((one) => one.kind === 'staff_invitation'));
    expectProblem(await salon.owner.get('/emails/1'), 404, 'not_found');
    expectProblem(await salon.owner.post(`/emails/${data[0].id}/retry`), 409, 'invalid_transition');
  });

  test('the log is the owner’s alone, and another business sees none of it', async () => {
    const { data } = expectStatus(await salon.owner.get('/emails'), 200);
    expectProblem(await salon.visitor.get('/emails'), 401, 'not_signed_in');
    const other = await makeSalon(server);
    expectProblem(await other.owner.get(`/emails/${data[0].id}`), 404, 'not_found');
    expectProblem(await other.owner.post(`/emails/${data[0].id}/retry`), 404, 'not_found');
    const theirs = expectStatus(await other.owner.get('/emails'), 200).data;
    assert.ok(theirs.every((one) => !data.some((mine) => mine.id === one.id)));

    const member = await arrive(server, salon.staff[0]);
    expectProblem(await member.get('/emails'), 403, 'forbidden');
  });

  test('/dev/mail lists the mail and shows a message without running any of it', async () => {
    const list = await get(server, '/dev/mail');
    assert.equal(list.status, 200);
    const [, path] = /href="(\/dev\/mail\/[^"]+\.eml)">Your booking/.exec(list.text);
    const page = await get(server, path);
    assert.equal(page.status, 200);
    assert.match(page.headers['content-security-policy'], /default-src 'none'/);
    assert.doesNotMatch(page.headers['content-security-policy'], /unsafe/);
    assert.match(page.text, /<iframe sandbox /);
    assert.match(page.text, /href="http:\/\/127\.0\.0\.1:\d+\/manage\//);
    assert.doesNotMatch(page.text, /<b>Client/);
    const html = await get(server, `${path}/html`);
    assert.match(html.headers['content-security-policy'], /default-src 'none'.*sandbox;/);
    assert.equal(html.headers['x-frame-options'], 'SAMEORIGIN');
    assert.match(html.text, /Salon &amp; Söhne/);
  });

  test('/dev/mail is absent for other hosts, behind a proxy, and outside the folder', async () => {
    const absent = [
      ['/dev/mail', { Host: 'salon.example' }],
      ['/dev/mail', { Host: '127.0.0.1.evil.example' }],
      ['/dev/mail', { 'X-Forwarded-For': '203.0.113.9' }],
      ['/dev/mail', { Forwarded: 'for=203.0.113.9' }],
      ['/dev/mail/..%2f..%2fcareops.db', {}],
      ['/dev/mail/.hidden.eml', {}],
      ['/dev/mail/nothing.eml', {}],
    ];
    for (const [path, headers] of absent) {
      const answer = await get(server, path, headers);
      assert.ok([400, 404].includes(answer.status), `${path} ${JSON.stringify(headers)}`);
      assert.doesNotMatch(answer.text, /client\.example|SQLite/);
    }
  });

  test('no log line holds an address, a name, a link or a password', () => {
    const logs = server.logs.join('\n');
    assert.match(logs, /mail sent/);
    assert.doesNotMatch(logs, /client\.example|owner\.example|Cléo|\/manage\/[A-Za-z0-9_-]{20}/);
    assert.ok(!logs.includes(PASSWORD));
  });
});

const ANN = {
  ...{ name: 'Ann', email: 'ann@staff.example' },
  ...{ role: 'staff', permissions: [], bookable: true },
};

/** A program that mails by a stand-in for Resend, and a business without any message yet. */
async function startWithResend(t, { path = '', kind = 'staff_invitation', ...more } = {}) {
  const resend = await startResend({ ratePerSecond: 1000 });
  t.after(() => resend.stop());
  const env = {
    CAREOPS_MAIL: 'resend',
    CAREOPS_RESEND_API_KEY: resend.apiKey,
    CAREOPS_RESEND_URL: `${resend.url}${path}`,
  };
  const server = await startServer(t, { env });
  const salon = await makeSalon(server, { staff: [], services: [], publish: false, ...more });
  const { owner } = salon;
  /** The row of the one message of that kind once `probe` is content with it. */
  const letter = (what, probe) =>
    eventually(what, async () => {
      const { data } = expectStatus(await owner.get(`/emails?kind=${kind}`), 200);
      return data.length === 1 && probe(data[0]) && data[0];
    }, 60_000);
  return { resend, server, salon, owner, letter };
}

test('what the provider refuses is failed and says why, and can be tried again', async (t) => {
  const { resend, server, salon, owner, letter } = await startWithResend(t, {
    path: '/elsewhere',
    kind: 'booking_confirmation',
    staff: ['Ann'],
    services: [{ name: 'Cut', duration_min: 45, price: 4500 }],
    publish: true,
  });
  const [slot] = await salon.slots();
  expectStatus(await salon.book({ start: slot.start }), 201);
  const failed = await letter('the refusal is known', (one) => one.status === 'failed');
  assert.match(failed.last_error, /refused the message \(404\)/);
  assert.equal((await get(server, '/dev/mail')).status, 404, 'there is no folder to show');

  await server.stop();
  await server.restart({ env: { CAREOPS_RESEND_URL: resend.url } });
  const again = `/emails/${failed.id}/retry`;
  const stale = { headers: { 'If-Match': `"${failed.version + 7}"` } };
  expectProblem(await owner.post(again, undefined, stale), 412, 'stale_version');
  const queued = expectStatus(await owner.post(again), 200);
  assert.equal(queued.status, 'queued');
  const sent = await letter('it is sent', (one) => one.status === 'sent');
  assert.ok(resend.accepted.some(({ id }) => id === sent.provider_id));
  expectProblem(await owner.post(again), 409, 'invalid_transition');
});

test('an invitation that cannot be delivered shows, and forgets its password; a new one is sent', async (t) => {
  const { resend, server, owner, letter } = await startWithResend(t, { path: '/elsewhere' });
  const member = expectStatus(await owner.post('/staff', ANN), 201);
  assert.equal(member.invitation.status, 'queued');
  const failed = await letter('the refusal is known', (one) => one.status === 'failed');
  const seen = expectStatus(await owner.get(`/staff/${member.id}`), 200).invitation;
  assert.equal(seen.status, 'failed');
  assert.match(seen.last_error, /refused the message/);
  expectProblem(await owner.post(`/emails/${failed.id}/retry`), 409, 'invalid_transition');

  await server.stop();
  await server.restart({ env: { CAREOPS_RESEND_URL: resend.url } });
  expectStatus(await owner.post(`/staff/${member.id}/resend-invite`), 200);
  await eventually('it is sent', async () => {
    const now = expectStatus(await owner.get(`/staff/${member.id}`), 200).invitation;
    return now.status === 'sent' && now.last_error === null;
  });
  assert.equal(resend.accepted.length, 1);
});

test('a program killed while an outcome is unknown sends the message once', async (t) => {
  const { resend, server, owner, letter } = await startWithResend(t);
  resend.faults.push('accept-then-reset');
  expectStatus(await owner.post('/staff', ANN), 201);
  const waiting = await letter('the answer is lost', (one) => one.last_error !== null);
  assert.equal(waiting.status, 'queued');
  await server.kill();
  await server.restart();
  const sent = await letter('it is sent', (one) => one.status === 'sent');
  assert.ok(sent.attempts >= 2);
  assert.equal(resend.accepted.length, 1);
  assert.ok(resend.requests.length >= 2);
  assert.equal(new Set(resend.requests.map((one) => `${one.key} ${one.hash}`)).size, 1);
});
