// SPDX-License-Identifier: AGPL-3.0-or-later
// What a contact form gets that no person meant: kept, marked, in a folder of its own, and the cause of nothing; and the way out of it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { setableClock } from '../lib/clock.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const tag = () => randomBytes(5).toString('hex');
const address = () => `dora.${tag()}@client.example`;

/** What the tests say to one business, and see of it. */
function talk(server, salon) {
  const { owner } = salon;
  const contact = async (more = {}) => {
    const answer = await salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'Dora Stern', email: address(), message: `Is Monday free? ${tag()}`, ...more });
    assert.deepEqual([answer.status, answer.text], [202, '']);
  };
  const clientOf = async (email) => (await owner.list(`/clients?q=${encodeURIComponent(email)}`))[0];
  return {
    owner,
    contact,
    clientOf,
    page: async () => expectStatus(await salon.visitor.get(`/public/${salon.slug}/contact`), 200),
    conversationOf: async (email) => (await owner.list(`/conversations?client_id=${(await clientOf(email)).id}`))[0],
    messages: (conversation) => owner.list(`/conversations/${conversation.id}/messages`),
    folder: (name) => owner.list(`/conversations?folder=${name}`),
    counts: async () => expectStatus(await owner.get('/conversations/counts'), 200),
    welcomes: (email) => server.mail().filter((m) => m.to.includes(email) && m.subject.startsWith('Welcome')),
    told: (email) => server.mail().filter((m) => m.to.includes(salon.ownerEmail) && m.subject.startsWith('New message') && m.text.includes(email)),
    /** All that was caused before has gone out once this one has. */
    async settled() {
      const email = address();
      await contact({ email, message: `the last word ${tag()}` });
      await server.waitForMail((m) => m.to.includes(email));
      await server.waitForMail((m) => m.to.includes(salon.ownerEmail) && m.text.includes(email));
    },
  };
}

describe('doubt', () => {
  let server, salon, clock, at;
  before(async (t) => {
    clock = await setableClock();
    server = await startServer(t, { env: clock.env });
    salon = await makeSalon(server);
    at = talk(server, salon);
  });

  const doubtOf = async (email) => (await at.messages(await at.conversationOf(email))).map((m) => [m.doubtful, m.doubt, m.via]);

  test('the page says whose it is, and when it was opened only to us', async () => {
    const { token, business } = await at.page();
    assert.deepEqual([business.name, business.slug, business.timezone], ['Salon Test', salon.slug, salon.workspace.timezone]);
    assert.ok(token.length > 40 && !/contact|\d{10}/.test(token), token);
    expectProblem(await salon.visitor.get('/public/nobody-there/contact'), 404, 'not_found');
    expectInvalid(await salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'x', email: 'a@b.example', message: 'x', opened_at_token: 'x'.repeat(401) }), ['opened_at_token']);
  });

  test('a form that comes back at once, or a day later, or with a token of somebody else\'s, is doubtful; one in between is not', async () => {
    const other = await makeSalon(server);
    const theirs = expectStatus(await other.visitor.get(`/public/${other.slug}/contact`), 200).token;
    const [fast, good, late, forged, strange] = [address(), address(), address(), address(), address()];
    const { token } = await at.page();
    await at.contact({ email: fast, opened_at_token: token });
    clock.advance(4);
    await at.contact({ email: good, opened_at_token: token });
    await at.contact({ email: forged, opened_at_token: `${token.slice(0, -4)}AAAA` });
    await at.contact({ email: strange, opened_at_token: theirs });
    clock.advance(24 * 3600);
    await at.contact({ email: late, opened_at_token: token });
    assert.deepEqual(await doubtOf(fast), [[true, 'too_fast', 'contact']]);
    assert.deepEqual(await doubtOf(good), [[false, null, 'contact']]);
    for (const email of [late, forged, strange]) assert.deepEqual(await doubtOf(email), [[true, 'stale', 'contact']]);
    await at.settled();
    assert.deepEqual([fast, good, late, forged, strange].map((email) => at.welcomes(email).length), [0, 1, 0, 0, 0]);
    assert.deepEqual([fast, good, late, forged, strange].map((email) => at.told(email).length), [0, 1, 0, 0, 0]);
  });

  test('links and little else are doubtful, a link among words is not', async () => {
    const [bare, many, one] = [address(), address(), address()];
    await at.contact({ email: bare, message: 'https://pills.example/buy' });
    await at.contact({ email: many, message: 'Best offers today\nhttps://a.example www.b.example\n[url=http://c.example]c[/url] click now' });
    await at.contact({ email: one, message: 'Could you do it like https://pictures.example/p/1 please?' });
    assert.deepEqual(await doubtOf(bare), [[true, 'links', 'contact']]);
    assert.deepEqual(await doubtOf(many), [[true, 'links', 'contact']]);
    assert.deepEqual(await doubtOf(one), [[false, null, 'contact']]);
  });

  test('the same words again, with nobody having answered, are doubtful, and the conversation stays where it is', async () => {
    const email = address();
    for (let i = 0; i < 2; i += 1) await at.contact({ email, message: 'Do you have time on Monday?' });
    assert.deepEqual(await doubtOf(email), [[false, null, 'contact'], [true, 'repeated', 'contact']]);
    const conversation = await at.conversationOf(email);
    assert.deepEqual([conversation.folder, conversation.unanswered, conversation.unread], ['inbox', true, 2]);
    expectStatus(await at.owner.post(`/conversations/${conversation.id}/messages`, { body: 'Which Monday?' }), 201);
    await at.contact({ email, message: 'Do you have time on Monday?' });
    assert.equal((await doubtOf(email)).at(-1)[0], false);
    await at.settled();
    assert.equal(at.told(email).length, 2);
  });

  test('a doubtful conversation waits in its folder and in no other list', async () => {
    const before = await at.counts();
    const email = address();
    await at.contact({ email, website: 'https://spam.example' });
    const { id } = await at.conversationOf(email);
    assert.ok((await at.folder('doubtful')).some((c) => c.id === id && c.folder === 'doubtful'));
    for (const list of ['', '?folder=inbox', '?filter=unanswered', '?filter=unassigned', '?filter=mine']) assert.ok(!(await at.owner.list(`/conversations${list}`)).some((c) => c.id === id), list);
    assert.deepEqual(await at.counts(), { ...before, doubtful: before.doubtful + 1 });
    expectInvalid(await at.owner.get('/conversations?folder=spam'), ['folder']);
  });

  test('a good word from the same sender brings it to the inbox, and is welcomed then', async () => {
    const email = address();
    await at.contact({ email, website: 'filled in by my browser' });
    assert.equal((await at.conversationOf(email)).folder, 'doubtful');
    await at.contact({ email, message: 'Hello? Is anybody there?' });
    const conversation = await at.conversationOf(email);
    assert.equal(conversation.folder, 'inbox');
    await eventually('they are welcomed', () => at.welcomes(email).length === 1);
    await at.contact({ email, message: 'One more thing.' });
    await at.settled();
    assert.deepEqual([at.welcomes(email).length, at.told(email).length], [1, 2]);
  });

  test('who takes one out of the folder has it told of as if it had come just now, once', async () => {
    const email = address();
    for (const message of ['first words', 'second words']) await at.contact({ email, message, website: 'x', phone: '+49 171 1' });
    const was = await at.conversationOf(email);
    expectProblem(await at.owner.patch(`/conversations/${was.id}`, { folder: 'inbox' }, { version: was.version - 1 }), 412, 'stale_version');
    const is = expectStatus(await at.owner.patch(`/conversations/${was.id}`, { folder: 'inbox' }, { version: was.version }), 200);
    assert.deepEqual([is.folder, is.unanswered, is.last_message.doubtful, is.version > was.version], ['inbox', true, false, true]);
    assert.deepEqual(await doubtOf(email), [[false, 'honeypot', 'contact'], [false, 'honeypot', 'contact']]);
    await eventually('the new client is welcomed', () => at.welcomes(email).length === 1);
    for (const folder of ['inbox', 'doubtful', 'inbox']) expectStatus(await at.owner.patch(`/conversations/${was.id}`, { folder }), 200);
    await at.settled();
    assert.equal(at.welcomes(email).length, 1);
    const told = at.told(email);
    assert.equal(told.length, 1);
    assert.ok(told[0].text.includes('> second words') && told[0].subject === 'New message from Dora Stern', told[0].text);
    const { data } = expectStatus(await at.owner.get(`/audit?entity=conversation&entity_id=${was.id}`), 200);
    assert.deepEqual(data.filter(({ action }) => action === 'moved').map(({ changes }) => changes.folder), [['doubtful', 'inbox'], ['inbox', 'doubtful'], ['doubtful', 'inbox']]);
    assert.ok(!JSON.stringify(data).includes('second words'));
  });

  test('whom a person has put there stays there, until somebody takes them out or answers', async () => {
    const email = address();
    await at.contact({ email });
    const { id } = await at.conversationOf(email);
    expectStatus(await at.owner.patch(`/conversations/${id}`, { folder: 'doubtful' }), 200);
    await at.contact({ email, message: 'cheap watches' });
    assert.equal((await at.conversationOf(email)).folder, 'doubtful');
    assert.deepEqual((await doubtOf(email)).at(-1), [true, 'sender', 'contact']);
    expectStatus(await at.owner.post(`/conversations/${id}/messages`, { body: 'not sure about these', internal_note: true }), 201);
    assert.equal((await at.conversationOf(email)).folder, 'doubtful', 'a note is no answer');
    expectStatus(await at.owner.post(`/conversations/${id}/messages`, { body: 'What do you mean?' }), 201);
    assert.equal((await at.conversationOf(email)).folder, 'inbox');
    await at.contact({ email, message: 'sorry, wrong window' });
    assert.deepEqual([(await doubtOf(email)).at(-1), (await at.conversationOf(email)).folder], [[false, null, 'contact'], 'inbox']);
    await at.settled();
    assert.equal(at.told(email).length, 2);
  });

  test('the automations of a client whom a person has answered go on with a good word, and with a doubtful one that was taken out', async () => {
    const email = address();
    await at.contact({ email });
    const { id } = await at.conversationOf(email);
    const paused = async () => (await at.clientOf(email)).paused_until;
    expectStatus(await at.owner.post(`/conversations/${id}/messages`, { body: 'Hello' }), 201);
    assert.notEqual(await paused(), null);
    await at.contact({ email, website: 'x', message: 'a machine' });
    assert.notEqual(await paused(), null, 'a doubtful word resumes nothing');
    assert.equal((await at.conversationOf(email)).folder, 'inbox', 'a conversation that has something better stays');
    await at.contact({ email, message: 'it is me' });
    assert.equal(await paused(), null);
    expectStatus(await at.owner.post(`/conversations/${id}/messages`, { body: 'Hello again' }), 201);
    expectStatus(await at.owner.patch(`/conversations/${id}`, { folder: 'doubtful' }), 200);
    await at.contact({ email, message: 'still me' });
    assert.notEqual(await paused(), null);
    expectStatus(await at.owner.patch(`/conversations/${id}`, { folder: 'inbox' }), 200);
    assert.equal(await paused(), null);
  });
});

describe('limits', () => {
  let server, salon, at;
  before(async (t) => {
    server = await startServer(t, { env: { CAREOPS_RATE_LIMIT: 'on', CAREOPS_TRUSTED_PROXIES: '127.0.0.1' } });
    salon = await makeSalon(server);
    at = talk(server, salon);
  });
  const from = (client, body) => salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'Dora', email: address(), message: `Hello ${tag()}`, ...body }, { headers: { 'x-forwarded-for': client } });
  const foldersOf = async (emails) => Promise.all(emails.map(async (email) => (await at.conversationOf(email)).folder));

  test('of one address, the first few are good, the next doubtful, and what is beyond reason is refused', async () => {
    const emails = Array.from({ length: 20 }, address);
    for (const email of emails) expectStatus(await from('203.0.113.7', { email }), 202);
    assert.deepEqual(await foldersOf(emails), [...Array(10).fill('inbox'), ...Array(10).fill('doubtful')]);
    expectProblem(await from('203.0.113.7'), 429, 'too_many_requests');
    const elsewhere = address();
    expectStatus(await from('203.0.113.8', { email: elsewhere }), 202);
    assert.deepEqual(await foldersOf([elsewhere]), ['inbox']);
  });

  test('the same words from many strangers are doubtful from the eleventh on', async () => {
    const emails = Array.from({ length: 13 }, address);
    for (const [i, email] of emails.entries()) expectStatus(await from(`203.0.113.${20 + i}`, { email, message: 'We make your website rank first.' }), 202);
    assert.deepEqual(await foldersOf(emails), [...Array(10).fill('inbox'), ...Array(3).fill('doubtful')]);
  });

  test('a flood of strangers becomes doubtful, a client who is known is heard through it', async () => {
    const known = expectStatus(await at.owner.post('/clients', { name: 'Cleo', email: address() }), 201);
    const emails = Array.from({ length: 70 }, address);
    for (const [i, email] of emails.entries()) expectStatus(await from(`198.51.100.${i}`, { email }), 202);
    expectStatus(await from('198.51.100.200', { email: known.email, message: 'I am late' }), 202);
    const folders = await foldersOf([...emails, known.email]);
    assert.ok(folders.slice(0, 20).every((folder) => folder === 'inbox'));
    assert.ok(folders.slice(60, 70).every((folder) => folder === 'doubtful'));
    assert.equal(folders.at(-1), 'inbox');
    assert.equal((await at.counts()).doubtful, folders.filter((folder) => folder === 'doubtful').length + 13);
  });
});
