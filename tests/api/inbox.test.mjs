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
    assert.deepEqual(conversation, { id: conversation.id, client: { id: client.id, name: 'Cleo' }, assigned_to: null, folder: 'inbox', answering: [], last_message: null, unanswered: false, unread: 0, version: 1 });
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
    assert.deepEqual(await seen(['bookings', 'clients', 'inventory', 'reports', 'clinical']), own);
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
      const event = await stream.nextOf('message.sent', conversation.id);
      assert.equal(event.data.id, conversation.id);
      assert.ok(!stream.text.includes('secret words'));
    }
    expectStatus(await owner.patch('/workspace', { address: 'Rue Neuve' }), 200);
    await bobs.next('workspace.changed');
    assert.deepEqual(bobs.kinds().filter((kind) => kind.startsWith('message.')), []);
  });

  test('the audit says that something was written, not what', async () => {
    const conversation = await open(await makeClient());
    expectStatus(await say(conversation, 'a diagnosis'), 201);
    const { data } = expectStatus(await owner.get(`/audit?entity=conversation&entity_id=${conversation.id}`), 200);
    assert.deepEqual(data.map(({ action }) => action), ['sent', 'opened']);
    assert.ok(!JSON.stringify(data).includes('diagnosis'));
  });

  const contact = (more = {}, options = {}) =>
    salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'Dora Stern', email: `dora.${tag()}@client.example`, message: 'Is Monday free?', ...more }, options);
  const clientOf = async (email) => (await owner.list(`/clients?q=${encodeURIComponent(email)}`))[0];
  const conversationOf = async (email) => (await owner.list(`/conversations?client_id=${(await clientOf(email)).id}`))[0];
  const lettersTo = (address) => server.mail().filter((m) => m.to.includes(address));

  test('a visitor writes: client, conversation and message are there, the owner is told, the new client welcomed', async (t) => {
    const stream = await openEvents(t, server, owner);
    const email = `Dora.${tag()}@client.example`;
    const message = 'Is Monday free?\n\n> I mean <b>this</b> Monday & not the next.\nDora';
    const answer = await contact({ email, message, phone: '+49 171 5551234' });
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.text, '');
    const client = await clientOf(email);
    assert.deepEqual([client.name, client.email, client.phone, client.status], ['Dora Stern', email, '+49 171 5551234', 'new']);
    const conversation = await conversationOf(email);
    assert.deepEqual([conversation.unanswered, conversation.unread, conversation.last_message.direction], [true, 1, 'in']);
    assert.equal(conversation.last_message.preview, 'Is Monday free?  > I mean <b>this</b> Monday & not the next. Dora');
    const [kept] = await messages(conversation);
    assert.deepEqual([kept.body, kept.author, kept.author_kind, kept.doubtful, kept.email_status], [message, 'Dora Stern', 'client', false, null]);
    const told = await server.waitForMail((m) => m.to.includes(salon.ownerEmail) && m.subject === 'New message from Dora Stern');
    assert.ok(told.text.includes('> Is Monday free?') && told.text.includes('> > I mean <b>this</b>'), told.text);
    assert.ok(told.text.includes(email) && told.text.includes('+49 171 5551234'));
    assert.ok(told.html.includes('&lt;b&gt;this&lt;/b&gt;') && !told.html.includes('<b>this'));
    const welcome = await server.waitForMail((m) => m.to.includes(email));
    assert.equal(welcome.subject, 'Welcome to Salon Test');
    assert.ok(welcome.text.includes(`${server.baseUrl}/book/${salon.slug}`));
    assert.ok(!/Monday/.test(welcome.text + welcome.html), 'what a stranger wrote goes to nobody but the business');
    const event = await stream.nextOf('message.received', conversation.id);
    assert.deepEqual([event.data.id, event.data.actor_kind], [conversation.id, 'client']);
    assert.ok(!/Monday|Dora/.test(stream.text));
    assert.equal(server.mail().filter((m) => m.to.includes(email) || m.text.includes(email)).length, 2);
  });

  test('who writes again, in whatever letters, goes on in the same conversation and is not welcomed again', async () => {
    const email = `eva.${tag()}@client.example`;
    assert.equal((await contact({ email, name: 'Eva' })).status, 202);
    await server.waitForMail((m) => m.to.includes(email));
    assert.equal((await contact({ email: email.toUpperCase(), name: 'Somebody Else', phone: '+1 555 0100', message: 'and Tuesday?' })).status, 202);
    await eventually('the owner is told of both', () => lettersTo(salon.ownerEmail).filter((m) => m.text.includes(email) || m.text.includes(email.toUpperCase())).length === 2);
    const client = await clientOf(email);
    assert.deepEqual([client.name, client.phone], ['Eva', '+1 555 0100']);
    assert.equal((await owner.list(`/clients?q=eva.`)).filter((c) => c.email.toLowerCase() === email).length, 1);
    const conversation = await conversationOf(email);
    assert.equal(conversation.unread, 2);
    assert.deepEqual((await messages(conversation)).map((m) => [m.author, m.body]), [['Eva', 'Is Monday free?'], ['Somebody Else', 'and Tuesday?']]);
    assert.equal(lettersTo(email).filter((m) => m.subject.startsWith('Welcome')).length, 1);
  });

  test('a client who is on file is no new one, and the answer does not tell', async () => {
    const client = await makeClient({ phone: '+49 30 1' });
    const [known, unknown] = [await contact({ email: client.email, phone: '+49 30 2' }), await contact()];
    assert.deepEqual([known.status, known.text], [unknown.status, unknown.text]);
    await server.waitForMail((m) => m.to.includes(salon.ownerEmail) && m.text.includes(client.email));
    assert.deepEqual(lettersTo(client.email), []);
    assert.equal((await clientOf(client.email)).phone, '+49 30 1');
  });

  test('two at one moment make one client, one conversation and two messages', async () => {
    const email = `fay.${tag()}@client.example`;
    const answers = await Promise.all([1, 2, 3].map((i) => contact({ email, message: `word ${i}` })));
    assert.deepEqual(answers.map(({ status }) => status), [202, 202, 202]);
    const conversation = await conversationOf(email);
    assert.deepEqual((await messages(conversation)).map(({ body }) => body).sort(), ['word 1', 'word 2', 'word 3']);
    await server.waitForMail((m) => m.to.includes(email));
    assert.equal((await owner.list(`/clients?q=${encodeURIComponent(email)}`)).length, 1);
  });

  test('what fills in the hidden field is kept and marked, and causes no letter', async () => {
    const email = `spam.${tag()}@client.example`;
    assert.equal((await contact({ email, website: 'https://spam.example', phone: '+1 555 0199' })).status, 202);
    const conversation = await conversationOf(email);
    assert.deepEqual([conversation.unanswered, conversation.last_message.doubtful], [true, true]);
    assert.equal((await messages(conversation))[0].doubtful, true);
    assert.equal((await contact({ website: '' })).status, 202, 'an empty one is what people send');
    await server.waitForMail((m) => m.subject.startsWith('Welcome') && m.to.includes('dora.'));
    assert.deepEqual(lettersTo(email), []);
    assert.ok(!lettersTo(salon.ownerEmail).some((m) => m.text.includes(email)));
  });

  test('an answer makes it answered and the client contacted; the next word waits again', async () => {
    const email = `gil.${tag()}@client.example`;
    assert.equal((await contact({ email })).status, 202);
    const conversation = await conversationOf(email);
    expectStatus(await say(conversation, 'ask him about the dye', { internal_note: true }), 201);
    assert.equal((await conversationOf(email)).unanswered, true, 'a note is no answer');
    expectStatus(await say(conversation, 'Monday is free.'), 201);
    assert.equal((await conversationOf(email)).unanswered, false);
    assert.equal((await clientOf(email)).status, 'contacted');
    assert.equal((await contact({ email, message: 'Thank you' })).status, 202);
    assert.equal((await conversationOf(email)).unanswered, true);
    assert.equal((await clientOf(email)).status, 'contacted');
  });

  test('read is each member\'s own, up to what was there', async () => {
    const email = `hal.${tag()}@client.example`;
    for (const message of ['one', 'two']) assert.equal((await contact({ email, message })).status, 202);
    const conversation = await conversationOf(email);
    expectStatus(await owner.patch(`/staff/${salon.staff[1].id}`, { permissions: ['inbox'] }), 200);
    expectProblem(await owner.post(`/conversations/${conversation.id}/read`, undefined, { version: 1 }), 412, 'stale_version');
    assert.equal((await owner.post(`/conversations/${conversation.id}/read`)).status, 204);
    assert.equal((await conversationOf(email)).unread, 0);
    assert.equal(expectStatus(await bob.get(`/conversations/${conversation.id}`), 200).unread, 2);
    assert.equal((await contact({ email, message: 'three' })).status, 202);
    assert.equal((await conversationOf(email)).unread, 1);
    assert.equal((await conversationOf(email)).unanswered, true, 'reading is no answer');
    expectStatus(await owner.patch(`/staff/${salon.staff[1].id}`, { permissions: [] }), 200);
  });

  test('the list is unanswered first, then the newest, page by page without a gap or a double', async () => {
    const whole = await owner.list('/conversations');
    const rank = (c) => (c.unanswered ? 0 : 1);
    const sorted = whole.every((c, i) => i === 0 || rank(whole[i - 1]) <= rank(c));
    assert.ok(sorted && whole.some((c) => c.unanswered) && whole.some((c) => !c.unanswered));
    for (const group of [0, 1]) {
      const times = whole.filter((c) => rank(c) === group && c.last_message).map((c) => c.last_message.at);
      assert.deepEqual(times, [...times].sort().reverse());
    }
    for (const limit of [1, 2, 5]) assert.deepEqual(await owner.list('/conversations', { limit }), whole);
    const waiting = await owner.list('/conversations?filter=unanswered', { limit: 2 });
    assert.deepEqual(waiting, whole.filter((c) => c.unanswered));
    const answered = whole.find((c) => !c.unanswered);
    assert.deepEqual(await owner.list(`/conversations?filter=unanswered&client_id=${answered.client.id}`), []);
  });

  test('what is wrong with a visitor\'s form is said, and nothing is kept', async () => {
    const before = (await owner.list('/conversations')).length;
    expectInvalid(await contact({ name: '', email: 'nobody', message: ' ', phone: 'call me' }), ['name', 'email', 'message', 'phone']);
    expectInvalid(await contact({ message: 'x'.repeat(10_001) }), ['message']);
    expectInvalid(await contact({ subject: 'hello' }), ['subject']);
    expectProblem(await salon.visitor.post('/public/nobody-there/contact', { name: 'x', email: 'a@b.example', message: 'x' }), 404, 'not_found');
    const hidden = await makeSalon(server, { publish: false });
    expectProblem(await salon.visitor.post(`/public/${hidden.slug}/contact`, { name: 'x', email: 'a@b.example', message: 'x' }), 404, 'not_found');
    assert.equal((await owner.list('/conversations')).length, before);
  });

  test('ten thousand characters are kept whole, and one key writes once', async () => {
    const email = `ida.${tag()}@client.example`;
    const message = `${'"<&'.repeat(3333)}é`;
    const key = tag();
    for (let i = 0; i < 2; i += 1) assert.equal((await contact({ email, message }, { key })).status, 202);
    const kept = await messages(await conversationOf(email));
    assert.deepEqual(kept.map(({ body }) => body), [message]);
    await server.waitForMail((m) => m.to.includes(salon.ownerEmail) && m.text.replaceAll('\r\n', '\n').includes(message));
  });

  test('a name that is a link is in no letter, and a conversation of another business is not touched', async () => {
    const other = await makeSalon(server);
    const email = `jan.${tag()}@client.example`;
    assert.equal((await contact({ email, name: 'Win at https://evil.example' })).status, 202);
    assert.equal((await other.visitor.post(`/public/${other.slug}/contact`, { name: 'Jan', email, message: 'to the other' })).status, 202);
    await eventually('both have welcomed', () => lettersTo(email).length === 2);
    for (const mail of server.mail()) assert.ok(!`${mail.subject}${mail.text}${mail.html}`.includes('evil.example'));
    assert.equal((await messages(await conversationOf(email))).length, 1);
    const [theirs] = await other.owner.list('/conversations');
    assert.deepEqual([theirs.client.name, theirs.last_message.preview], ['Jan', 'to the other']);
  });
});

test('whoever writes very often is asked to wait', async (t) => {
  const server = await startServer(t, { env: { CAREOPS_RATE_LIMIT: 'on' } });
  const salon = await makeSalon(server);
  const answers = [];
  for (let i = 0; i < 25; i += 1) answers.push(await salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'x', email: 'a@b.example', message: `${i}` }));
  assert.equal(answers.filter(({ status }) => status === 202).length, 20);
  const refused = answers.at(-1);
  expectProblem(refused, 429, 'too_many_requests');
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  assert.equal((await salon.owner.list('/conversations')).length, 1);
});
