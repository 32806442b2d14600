// SPDX-License-Identifier: AGPL-3.0-or-later
// Conversations: what clients write, what the business answers, and who sees which.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { openEvents } from '../lib/events.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const OWN_PASSWORD = 'my own long secret 5';
const tag = () => randomBytes(5).toString('hex');

async function signIn(server, member) {
  const mail = await server.waitForMail((m) => m.to.includes(member.email) && /Password: /.test(m.text));
  const client = new Client(server.baseUrl);
  const password = /Password: (\S+)/.exec(mail.text)[1];
  expectStatus(await client.post('/session', { email: member.email, password }), 200);
  expectStatus(await client.post('/password/change', { current_password: password, new_password: OWN_PASSWORD }), 204);
  return client;
}

describe('conversations', () => {
  let server, salon, owner, ann, bob, slots;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server);
    owner = salon.owner;
    [ann, bob] = [await signIn(server, salon.staff[0]), await signIn(server, salon.staff[1])];
    slots = await salon.slots();
  });

  const makeClient = async (more = {}) => expectStatus(await owner.post('/clients', { name: 'Cleo', email: `cleo.${tag()}@client.example`, ...more }), 201);
  const open = async (client, as = owner) => (await as.post('/conversations', { client_id: client.id })).body;
  const say = (conversation, body, more = {}, as = owner) => as.post(`/conversations/${conversation.id}/messages`, { body, ...more });
  const messages = (conversation, as = owner) => as.list(`/conversations/${conversation.id}/messages`);

  let taken = 0;
  async function bookWith(member, client) {
    const start = slots.filter((slot) => slot.staff_ids.includes(member.id))[(taken += 3)].start;
    return expectStatus(await owner.post('/bookings', { service_ids: [salon.services[0].id], staff_id: member.id, start, client_id: client.id }), 201);
  }

  test('a conversation is begun once with each client, also by two at one moment', async () => {
    const client = await makeClient();
    const answers = await Promise.all([1, 2, 3, 4].map(() => owner.post('/conversations', { client_id: client.id })));
    for (const answer of answers) expectStatus(answer, 200);
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    const conversation = answers[0].body;
    assert.deepEqual(conversation, { id: conversation.id, client: { id: client.id, name: 'Cleo' }, last_message: null, unanswered: false, unread: 0, version: 1 });
    assert.deepEqual(expectStatus(await owner.get(`/conversations/${conversation.id}`), 200), conversation);
    const [listed] = await owner.list(`/conversations?client_id=${client.id}`);
    assert.deepEqual(listed, conversation);
    assert.deepEqual(await messages(conversation), []);
  });

  test('an answer goes to the client by e-mail, whole, and is seen to have gone', async () => {
    const client = await makeClient();
    const conversation = await open(client);
    const words = 'Hello Cleo,\n\nMonday is free <b>all day</b> & "Tuesday" too.\n.\nUnicode: Ünï 漢字 👩‍🎨\n' + 'word '.repeat(300).trim();
    const sent = expectStatus(await say(conversation, words, {}, owner), 201);
    assert.deepEqual([sent.direction, sent.body, sent.author, sent.author_kind, sent.doubtful], ['out', words, 'Olive Owner', 'owner', false]);
    const mail = await server.waitForMail((m) => m.to.includes(client.email));
    assert.equal(mail.subject, 'A message from Salon Test');
    assert.ok(mail.text.replaceAll('\r\n', '\n').includes(words), mail.text);
    assert.ok(mail.html.includes('&lt;b&gt;all day&lt;/b&gt; &amp; &quot;Tuesday&quot; too.'));
    assert.ok(mail.header('reply-to').includes(salon.ownerEmail));
    assert.ok(mail.text.includes(`/book/${salon.slug}`));
    await eventually('it is said to be sent', async () => (await messages(conversation))[0].email_status === 'sent');
    assert.equal((await messages(conversation))[0].body, words);
    const [email] = await owner.list('/emails?kind=conversation_message');
    assert.equal(email.client_id, client.id);
    assert.equal(expectStatus(await owner.get(`/clients/${client.id}`), 200).status, 'contacted');
  });

  test('a note stays inside: no letter, no answer', async () => {
    const client = await makeClient();
    const conversation = await open(client);
    const before = server.mail().length;
    const note = expectStatus(await say(conversation, 'allergic to henna', { internal_note: true }), 201);
    assert.deepEqual([note.direction, note.email_status], ['note', null]);
    const other = await makeClient();
    expectStatus(await say(await open(other), 'a letter'), 201);
    await server.waitForMail((m) => m.to.includes(other.email));
    assert.ok(!server.mail().slice(before).some((m) => m.to.includes(client.email) || m.text.includes('henna')));
    assert.equal(expectStatus(await owner.get(`/clients/${client.id}`), 200).status, 'new');
  });

  test('a client without an e-mail address can be noted on and not be written to', async () => {
    const client = expectStatus(await owner.post('/clients', { name: 'Walk-in' }), 201);
    const conversation = await open(client);
    expectProblem(await say(conversation, 'hello'), 409, 'no_email_address');
    assert.deepEqual(await messages(conversation), []);
    expectStatus(await say(conversation, 'has no address', { internal_note: true }), 201);
  });

  test('one key sends once', async () => {
    const client = await makeClient();
    const conversation = await open(client);
    const key = tag();
    const [one, two] = [await owner.post(`/conversations/${conversation.id}/messages`, { body: 'once' }, { key }), await owner.post(`/conversations/${conversation.id}/messages`, { body: 'once' }, { key })];
    assert.equal(one.text, two.text);
    assert.equal(two.headers.get('idempotent-replayed'), 'true');
    assert.equal((await messages(conversation)).length, 1);
  });

  test('messages are paged from the newest page on, each page in the order of time', async () => {
    const conversation = await open(await makeClient());
    for (let i = 1; i <= 7; i += 1) expectStatus(await say(conversation, `note ${i}`, { internal_note: true }), 201);
    const page = async (cursor) => expectStatus(await owner.get(`/conversations/${conversation.id}/messages?limit=3${cursor ? `&cursor=${cursor}` : ''}`), 200);
    const first = await page();
    assert.deepEqual(first.data.map(({ body }) => body), ['note 5', 'note 6', 'note 7']);
    const second = await page(first.next_cursor);
    assert.deepEqual(second.data.map(({ body }) => body), ['note 2', 'note 3', 'note 4']);
    const third = await page(second.next_cursor);
    assert.deepEqual([third.data.map(({ body }) => body), third.next_cursor], [['note 1'], null]);
    const [{ last_message: last }] = await owner.list(`/conversations?client_id=${conversation.client.id}`);
    assert.deepEqual([last.preview, last.direction], ['note 7', 'note']);
  });

  test('a preview is the beginning on one line, cut between characters', async () => {
    const conversation = await open(await makeClient());
    expectStatus(await say(conversation, `one\ntwo\t${'é'.repeat(300)}`, { internal_note: true }), 201);
    const { last_message: last } = expectStatus(await owner.get(`/conversations/${conversation.id}`), 200);
    assert.equal(last.preview, `one two ${'é'.repeat(112)}…`);
  });

  test('what is wrong is said, field by field', async () => {
    const conversation = await open(await makeClient());
    expectInvalid(await say(conversation, ''), ['body']);
    expectInvalid(await say(conversation, ' \n '), ['body']);
    expectInvalid(await say(conversation, 'x'.repeat(10_001)), ['body']);
    expectInvalid(await say(conversation, 'x', { internal_note: 'yes', to: 'a@b.example' }), ['internal_note', 'to']);
    expectInvalid(await owner.post('/conversations', {}), ['client_id']);
    expectInvalid(await owner.get('/conversations?filter=all'), ['filter']);
    expectInvalid(await owner.get('/conversations?cursor=zz'), ['cursor']);
    expectProblem(await owner.post('/conversations', { client_id: '1' }), 404, 'not_found');
    for (const path of ['', '/messages']) expectProblem(await owner.get(`/conversations/1${path}`), 404, 'not_found');
    expectProblem(await owner.post('/conversations/1/read'), 404, 'not_found');
    expectProblem(await salon.visitor.get('/conversations'), 401, 'not_signed_in');
  });

  test('a member sees the conversations of clients with whom they have a visit, and no other', async () => {
    const [mine, others] = [await makeClient({ name: 'Mine' }), await makeClient({ name: 'Other' })];
    await bookWith(salon.staff[0], mine);
    await bookWith(salon.staff[1], others);
    const theirs = await open(others);
    assert.deepEqual((await ann.list('/conversations')).map(({ client }) => client.name), []);
    const begun = expectStatus(await ann.post('/conversations', { client_id: mine.id }), 200);
    const sent = expectStatus(await say(begun, 'see you', {}, ann), 201);
    assert.deepEqual([sent.author, sent.author_kind], ['Ann', 'staff']);
    assert.deepEqual((await ann.list('/conversations')).map(({ id }) => id), [begun.id]);
    assert.deepEqual(await ann.list(`/conversations?client_id=${others.id}`), []);
    assert.equal((await messages(begun, ann)).length, 1);
    // Somebody else's looks as one that is not there, whatever is done to it.
    const calls = [['GET', ''], ['GET', '/messages'], ['POST', '/messages', { body: 'x' }], ['POST', '/read']];
    for (const [method, path, body] of calls) {
      const [real, none] = [await ann.request(method, `/conversations/${theirs.id}${path}`, { body }), await ann.request(method, `/conversations/1${path}`, { body })];
      expectProblem(real, 404, 'not_found');
      assert.equal(real.body.detail, none.body.detail);
    }
    expectProblem(await ann.post('/conversations', { client_id: others.id }), 404, 'not_found');
    assert.deepEqual(await messages(theirs), []);
  });

  test('who holds `inbox` sees all; the other permissions open none', async () => {
    const all = (await owner.list('/conversations')).map(({ id }) => id);
    const seen = async (permissions) => {
      expectStatus(await owner.patch(`/staff/${salon.staff[1].id}`, { permissions }), 200);
      return (await bob.list('/conversations')).map(({ id }) => id);
    };
    const own = await seen([]);
    assert.equal(own.length, 1);
    assert.deepEqual(await seen(['bookings', 'clients', 'inventory', 'reports']), own);
    assert.deepEqual(await seen(['inbox']), all);
    expectStatus(await owner.patch(`/staff/${salon.staff[1].id}`, { permissions: [] }), 200);
  });

  test('another business sees none of it', async () => {
    const other = await makeSalon(server);
    const conversation = await open(await makeClient());
    expectProblem(await other.owner.get(`/conversations/${conversation.id}`), 404, 'not_found');
    expectProblem(await other.owner.get(`/conversations/${conversation.id}/messages`), 404, 'not_found');
    expectProblem(await say(conversation, 'x', {}, other.owner), 404, 'not_found');
    expectProblem(await other.owner.post(`/conversations/${conversation.id}/read`), 404, 'not_found');
    expectProblem(await other.owner.post('/conversations', { client_id: conversation.client.id }), 404, 'not_found');
    assert.deepEqual(await other.owner.list('/conversations'), []);
    assert.deepEqual(await messages(conversation), []);
  });

  test('the stream tells of it to those who see it', async (t) => {
    const client = await makeClient();
    await bookWith(salon.staff[0], client);
    const [owners, anns, bobs] = [await openEvents(t, server, owner), await openEvents(t, server, ann), await openEvents(t, server, bob)];
    const conversation = await open(client);
    expectStatus(await say(conversation, 'secret words'), 201);
    for (const stream of [owners, anns]) {
      const event = await stream.next('message.sent');
      assert.equal(event.data.id, conversation.id);
      assert.ok(!stream.text.includes('secret words'));
    }
    expectStatus(await owner.patch('/workspace', { address: 'Rue Neuve' }), 200);
    await bobs.next('workspace.changed');
    assert.deepEqual(bobs.kinds(), ['workspace.changed']);
  });

  test('the audit says that something was written, not what', async () => {
    const conversation = await open(await makeClient());
    expectStatus(await say(conversation, 'a diagnosis'), 201);
    const { data } = expectStatus(await owner.get(`/audit?entity=conversation&entity_id=${conversation.id}`), 200);
    assert.deepEqual(data.map(({ action }) => action), ['sent', 'opened']);
    assert.ok(!JSON.stringify(data).includes('diagnosis'));
  });
});
