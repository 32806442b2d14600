// SPDX-License-Identifier: AGPL-3.0-or-later
// What becomes of a message after it was sent: Resend's signed reports, forged, doubled, late and in
// every order; and the people who were not told, until they are.

import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { assertUnchanged, changedTables, contents, mailGone, sql } from '../lib/contents.mjs';
import { openEvents } from '../lib/events.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { startResend } from '../resend/standin.mjs';

const KEY = randomBytes(24);
const SECRET = `whsec_${KEY.toString('base64')}`;
const PATH = '/api/v1/webhooks/resend';
const LATER_S = Math.floor(Date.now() / 1000) + 20 * 24 * 3600;

const nowS = () => Math.floor(Date.now() / 1000);

/** One report as Resend sends it; `changes` to its head come after it was signed. */
async function report(server, body, { id = `msg_${randomUUID()}`, at = nowS(), key = KEY, ...changes } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const code = createHmac('sha256', key).update(`${id}.${at}.${text}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': String(at),
    'svix-signature': `v1,${code}`,
    ...changes,
  };
  for (const [name, value] of Object.entries(headers)) if (value === null) delete headers[name];
  const response = await fetch(`${server.baseUrl}${PATH}`, { method: 'POST', headers, body: text });
  const answer = await response.text();
  return { status: response.status, body: answer ? JSON.parse(answer) : null, text: answer };
}

const event = (type, emailId, data = {}) => ({
  type: `email.${type}`,
  created_at: new Date(Date.now() - 1000).toISOString(),
  data: { email_id: emailId, from: 'a@b.example', to: ['x@y.example'], subject: 'x', ...data },
});

test('without the setting there is no webhook', async (t) => {
  const server = await startServer(t);
  const answer = await report(server, event('delivered', randomUUID()));
  assert.deepEqual([answer.status, answer.body.code], [404, 'not_found']);
});

test('a secret that is none is refused at the start, and a good one is never shown', async (t) => {
  const server = await startServer(t, { env: { CAREOPS_RESEND_WEBHOOK_SECRET: SECRET } });
  const shown = await server.command(['config']);
  assert.match(shown, /resend-webhook-secret +\(set\)/);
  assert.ok(!shown.includes(SECRET));
  const wrong = server.command(['config'], { env: { CAREOPS_RESEND_WEBHOOK_SECRET: 'whsec_x' } });
  await assert.rejects(wrong, /whsec_/);
});

describe('reports', () => {
  let server;
  let salon;
  let resend;

  /** A confirmation that Resend has taken, as the log shows it. */
  async function confirmed({ fault = 'ok', until = (one) => one.status === 'sent' } = {}) {
    resend.chooseFault = () => fault;
    const client = { name: 'Bea', email: `bea.${randomUUID()}@client.example`, phone: '+49 30 123' };
    const slots = await salon.slots();
    const { booking } = expectStatus(await salon.book({ start: slots[0].start, client }), 201);
    return eventually('the confirmation is on its way', async () => {
      const list = await salon.owner.list(`/emails?booking_id=${booking.id}&kind=booking_confirmation`);
      return list.length === 1 && until(list[0]) && list[0];
    }, 30_000);
  }
  const read = async ({ id }) => expectStatus(await salon.owner.get(`/emails/${id}`), 200);
  const matters = ({ id }, s = LATER_S) =>
    sql(server, `UPDATE message SET matters_until_s = ${s} WHERE id = ${id}`);
  const notTold = async (query = '') =>
    expectStatus(await salon.owner.get(`/emails/not-told${query}`), 200);

  before(async (t) => {
    resend = await startResend({ ratePerSecond: 1000 });
    server = await startServer(t, {
      env: {
        CAREOPS_MAIL: 'resend',
        CAREOPS_RESEND_API_KEY: resend.apiKey,
        CAREOPS_RESEND_URL: resend.url,
        CAREOPS_RESEND_WEBHOOK_SECRET: SECRET,
      },
    });
    salon = await makeSalon(server);
  });
  after(() => resend?.stop());

  test('a message that was taken says so, and names itself to Resend by a tag', async () => {
    const one = await confirmed();
    assert.equal(one.delivery, 'accepted');
    assert.equal(one.delivered_at, one.sent_at);
    assert.equal(one.provider_word, `200 id ${one.provider_id}`);
    assert.deepEqual([one.reason, one.told_by, one.told_at], [null, null, null]);
    const { email } = resend.accepted.find(({ id }) => id === one.provider_id);
    assert.deepEqual(email.tags, [{ name: 'careops', value: `${salon.workspace.id}-${one.id}` }]);
  });

  test('what is not signed is refused and leaves no trace', async () => {
    const one = await confirmed();
    await mailGone(server);
    const before = await contents(server);
    const bounced = event('bounced', one.provider_id);
    const cases = [
      [{ 'svix-signature': null }, 'not_signed'],
      [{ 'svix-id': null }, 'not_signed'],
      [{ 'svix-timestamp': null }, 'not_signed'],
      [{ 'svix-timestamp': 'today' }, 'not_signed'],
      [{ at: nowS() - 301 }, 'stale_signature'],
      [{ at: nowS() + 320 }, 'stale_signature'],
      [{ key: randomBytes(24) }, 'bad_signature'],
      [{ 'svix-id': 'msg_other' }, 'bad_signature'],
      [{ 'svix-timestamp': String(nowS() - 1) }, 'bad_signature'],
      [{ 'svix-signature': 'v1,AAAA' }, 'bad_signature'],
      [{ 'svix-signature': 'v2,AAAA v1' }, 'bad_signature'],
    ];
    for (const [how, code] of cases) {
      const answer = await report(server, bounced, how);
      assert.deepEqual([answer.status, answer.body.code], [401, code], JSON.stringify(how));
      assert.doesNotMatch(answer.text, /whsec_/);
    }
    const [text, other] = [bounced, { ...bounced, x: 1 }].map((value) => JSON.stringify(value));
    const id = `msg_${randomUUID()}`;
    const code = createHmac('sha256', KEY).update(`${id}.${nowS()}.${text}`).digest('base64');
    const altered = await report(server, other, { id, 'svix-signature': `v1,${code}` });
    assert.equal(altered.status, 401);
    assertUnchanged(before, await contents(server), 'a forged report');
  });

  test('signed words that are no report are refused, and others are ignored', async () => {
    await mailGone(server);
    const before = await contents(server);
    for (const text of ['', '{', '[]', '{"type":"email.sent"}', '['.repeat(60_000)]) {
      const answer = await report(server, text);
      assert.deepEqual([answer.status, answer.body.code], [400, 'malformed_json'], text.slice(0, 30));
    }
    const long = await report(server, JSON.stringify({ ...event('sent', 'x'), y: 'y'.repeat(70_000) }));
    assert.equal(long.status, 413);
    for (const type of ['opened', 'clicked', 'scheduled', 'x'.repeat(500)]) {
      assert.equal((await report(server, event(type, randomUUID()))).status, 200);
    }
    assertUnchanged(before, await contents(server), 'what nobody follows');
    // Another sender's message on the same account.
    for (const tags of [{ careops: '1-2' }, { careops: '9-9-9' }, { careops: '-1' }, {}, null]) {
      assert.equal((await report(server, event('bounced', randomUUID(), { tags }))).status, 200);
    }
    const now = await contents(server);
    assert.deepEqual(changedTables(before, now), ['webhook_seen'], 'reports about nobody of ours');
  });

  test('a report that comes twice is answered alike and counts once', async () => {
    const one = await confirmed();
    const id = `msg_${randomUUID()}`;
    assert.equal((await report(server, event('delivered', one.provider_id), { id })).status, 200);
    const first = await read(one);
    assert.equal(first.delivery, 'delivered');
    assert.equal(first.provider_word, 'email.delivered');
    assert.equal((await report(server, event('bounced', one.provider_id), { id })).status, 200);
    assert.deepEqual(await read(one), first);
    const seen = await sql(server, `SELECT COUNT(*) FROM webhook_seen WHERE id = '${id}'`);
    assert.deepEqual(seen, ['1']);
  });

  test('in whatever order reports come, the last word is the same', async () => {
    const one = await confirmed();
    const kinds = ['sent', 'delivery_delayed', 'delivered', 'bounced', 'complained'];
    const orders = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1], [1, 4, 3, 0, 2], [3, 0, 4, 2, 1]];
    for (const order of orders) {
      await sql(server, `UPDATE message SET delivery = 'accepted' WHERE id = ${one.id}`);
      for (const i of order) await report(server, event(kinds[i], one.provider_id));
      assert.equal((await read(one)).delivery, 'complained', order.join());
    }
    await sql(server, `UPDATE message SET delivery = 'accepted' WHERE id = ${one.id}`);
    await Promise.all([...kinds, ...kinds].map((kind) => report(server, event(kind, one.provider_id))));
    assert.equal((await read(one)).delivery, 'complained', 'all at once');
  });

  test('a report settles a message whose outcome was unknown, by its tag, and it goes no second time', async () => {
    const one = await confirmed({ fault: 'accept-then-reset', until: (row) => row.last_error !== null });
    assert.equal(one.status, 'queued');
    const value = `${salon.workspace.id}-${one.id}`;
    const taken = resend.accepted.filter(({ email }) => email.tags[0].value === value);
    assert.equal(taken.length, 1);
    const [{ id }] = taken;
    const tags = { careops: value };
    assert.equal((await report(server, event('sent', id, { tags }))).status, 200);
    const now = await read(one);
    assert.deepEqual([now.status, now.provider_id, now.delivery], ['sent', id, 'accepted']);
    assert.equal(now.last_error, null);
    const calls = () => resend.requests.filter(({ key }) => key === taken[0].key).length;
    const asked = calls();
    await sql(server, `UPDATE message SET due_s = 0 WHERE id = ${one.id}`);
    await confirmed();
    await mailGone(server);
    assert.equal(calls(), asked);
  });

  test('a parked message is settled by a report, with tags in either form', async () => {
    const one = await confirmed();
    await matters(one);
    const park =
      "UPDATE message SET status = 'failed', outcome_unknown = 1, untold = 1, delivery = NULL," +
      ` provider_id = NULL WHERE id = ${one.id}`;
    const value = `${salon.workspace.id}-${one.id}`;
    for (const tags of [{ careops: value }, [{ name: 'careops', value }]]) {
      await sql(server, park);
      assert.ok((await notTold()).data.some((row) => row.email_id === one.id && row.next_step.code === 'call'));
      await report(server, event('delivered', one.provider_id, { tags }));
      const now = await read(one);
      assert.deepEqual([now.status, now.delivery, now.provider_id], ['sent', 'delivered', one.provider_id]);
      assert.ok(!(await notTold()).data.some((row) => row.email_id === one.id));
    }
  });

  test('a bounce shows who was not told, is heard at once, and ends when a person has told them', async (t) => {
    const one = await confirmed();
    await matters(one);
    const stream = await openEvents(t, server, salon.owner);
    const bounce = { type: 'Permanent', subType: 'General', message: 'No such\r\nmailbox here.' };
    await report(server, event('bounced', one.provider_id, { bounce }));
    const heard = await stream.nextOf('email.bounced', one.id);
    assert.equal(heard.data.id, one.id);
    const { data } = await notTold();
    const row = data.find(({ email_id: id }) => id === one.id);
    assert.deepEqual(
      [row.kind, row.status, row.delivery, row.client.name, row.client.email, row.client.phone],
      ['booking_confirmation', 'sent', 'bounced', 'Bea', one.to, '+49 30 123'],
    );
    assert.equal(row.last_error, 'email.bounced Permanent General No such mailbox here.');
    assert.match(row.why, /came back/);
    assert.deepEqual(row.next_step.code, 'correct_address');
    assert.equal(row.next_step.url, `/api/v1/clients/${row.client.id}`);
    assert.ok(row.booking_id === one.booking_id && row.booking_start);
    stream.close();

    const told = `/emails/${one.id}/told`;
    const stale = { headers: { 'If-Match': '"1"' } };
    expectProblem(await salon.owner.post(told, { how: 'x' }, stale), 412, 'stale_version');
    const after = expectStatus(await salon.owner.post(told, { how: 'by phone' }), 200);
    const { user } = expectStatus(await salon.owner.get('/session'), 200);
    assert.equal(after.told_by, user.name);
    assert.ok(after.told_at);
    assert.ok(!(await notTold()).data.some(({ email_id: id }) => id === one.id));
    expectProblem(await salon.owner.post(told), 409, 'invalid_transition');
    const events = await salon.owner.list(`/audit?entity=email&entity_id=${one.id}`);
    assert.deepEqual(events.map(({ action }) => action).sort(), ['bounced', 'told']);
    const audited = events.find(({ action }) => action === 'told');
    assert.deepEqual(audited.changes, { how: [null, 'by phone'] });

    // What a person has said stands, whatever a report says later.
    await sql(server, `UPDATE message SET delivery = 'accepted' WHERE id = ${one.id}`);
    await report(server, event('failed', one.provider_id, { failed: { reason: 'x' } }));
    assert.equal((await read(one)).delivery, 'bounced');
    assert.ok(!(await notTold()).data.some(({ email_id: id }) => id === one.id));
  });

  test('one that still waits is taken back when a person has told them', async () => {
    const one = await confirmed();
    await sql(server, `UPDATE message SET status = 'queued', due_s = ${nowS() + 3600}, untold = 1, delivery = NULL WHERE id = ${one.id}`);
    await matters(one);
    const row = (await notTold()).data.find(({ email_id: id }) => id === one.id);
    assert.deepEqual([row.next_step.code, row.next_step.url], ['wait', null]);
    const after = expectStatus(await salon.owner.post(`/emails/${one.id}/told`), 200);
    assert.deepEqual([after.status, after.reason], ['suppressed', 'told']);
  });

  test('each reason has its next step; the most urgent come first, in pages, and the past not at all', async () => {
    const other = await makeSalon(server);
    const rows = [];
    for (let i = 0; i < 5; i += 1) rows.push(await confirmed());
    const set = (i, what, inS) =>
      sql(server, `UPDATE message SET untold = 1, matters_until_s = ${nowS() + inS}, ${what} WHERE id = ${rows[i].id}`);
    await set(0, "status = 'failed', last_error = 'Given up after 24 hours. x'", 90_000);
    await set(1, "status = 'failed', last_error = 'The mail server refused the recipient (550).'", 80_000);
    await set(2, "status = 'suppressed', reason = 'no_address', to_address = ''", 70_000);
    await set(3, "delivery = 'bounced'", 3600);
    await set(4, "delivery = 'bounced'", -1);
    const seen = [];
    let next = '?limit=1';
    while (next) {
      const page = await notTold(next);
      seen.push(...page.data);
      next = page.next_cursor && `?limit=1&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
    const ours = seen.filter(({ email_id: id }) => rows.some((one) => one.id === id));
    assert.deepEqual(ours.map(({ email_id: id }) => id), [3, 2, 1, 0].map((i) => rows[i].id));
    const codes = ours.map(({ next_step: step }) => step.code);
    assert.deepEqual(codes, ['call', 'add_address', 'correct_address', 'retry']);
    assert.equal(ours[1].client.email, null);
    assert.equal(ours[3].next_step.url, `/api/v1/emails/${rows[0].id}/retry`);
    assert.deepEqual(seen.map((row) => row.matters_until), seen.map((row) => row.matters_until).sort());

    assert.deepEqual(expectStatus(await other.owner.get('/emails/not-told'), 200).data, []);
    expectProblem(await other.owner.post(`/emails/${rows[3].id}/told`), 404, 'not_found');
    expectProblem(await salon.visitor.get('/emails/not-told'), 401, 'not_signed_in');
  });

  test('the log can be asked for one client', async () => {
    const one = await confirmed();
    await confirmed();
    const list = await salon.owner.list(`/emails?client_id=${one.client_id}`);
    assert.ok(list.length > 0 && list.every((row) => row.client_id === one.client_id));
    const none = await salon.owner.list(`/emails?client_id=${one.client_id}&status=failed`);
    assert.deepEqual(none, []);
    const both = await salon.owner.list(`/emails?client_id=${one.client_id}&booking_id=${one.booking_id}`);
    assert.ok(both.some(({ id }) => id === one.id));
  });
});
