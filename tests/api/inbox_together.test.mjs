// SPDX-License-Identifier: AGPL-3.0-or-later
// Several people answer in one inbox: saved replies, who is writing just now, and answers that cross each other.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { setableClock } from '../lib/clock.mjs';
import { openEvents } from '../lib/events.mjs';
import { arrive } from '../lib/members.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { ENGINE, prepareServer, startServer } from '../lib/server.mjs';

const tag = () => randomBytes(5).toString('hex');

async function conversationIn(salon, name = 'Cleo van Dam') {
  const email = `cleo.${tag()}@client.example`;
  const answer = await salon.visitor.post(`/public/${salon.slug}/contact`, { name, email, message: `Hello ${tag()}` });
  assert.equal(answer.status, 202, answer.text);
  const [client] = await salon.owner.list(`/clients?q=${encodeURIComponent(email)}`);
  const [conversation] = await salon.owner.list(`/conversations?client_id=${client.id}`);
  return { ...conversation, email };
}

describe('saved replies', () => {
  let server, salon, owner, ann;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server);
    owner = salon.owner;
    ann = await arrive(server, salon.staff[0]);
  });
  const body = 'Dear {first_name},\n\nbook at { booking_link }. {{client}} is you.\n{business}';
  const save = async (more = {}) => expectStatus(await owner.post('/saved-replies', { title: 'Book online', body, ...more }), 201);

  test('the owner saves, changes and deletes; every member reads', async () => {
    const saved = await save();
    assert.deepEqual([saved.title, saved.body, saved.version], ['Book online', body, 1]);
    expectProblem(await owner.patch(`/saved-replies/${saved.id}`, { title: 'x' }, { version: 9 }), 412, 'stale_version');
    const changed = expectStatus(await owner.patch(`/saved-replies/${saved.id}`, { title: 'Online' }, { version: 1 }), 200);
    assert.deepEqual([changed.title, changed.body, changed.version], ['Online', body, 2]);
    const second = await save({ title: 'Second', body: 'No.' });
    for (const who of [owner, ann]) for (const limit of [1, 50]) assert.deepEqual((await who.list('/saved-replies', { limit })).map(({ title }) => title), ['Online', 'Second']);
    expectStatus(await owner.request('DELETE', `/saved-replies/${second.id}`), 204);
    expectProblem(await owner.request('DELETE', `/saved-replies/${second.id}`), 404, 'not_found');
    assert.deepEqual((await ann.list('/saved-replies')).map(({ id }) => id), [saved.id]);
    const { data } = expectStatus(await owner.get('/audit?entity=saved_reply'), 200);
    assert.deepEqual(data.map(({ action }) => action), ['deleted', 'created', 'changed', 'created']);
    assert.ok(!JSON.stringify(data).includes('Dear'));
    expectStatus(await owner.request('DELETE', `/saved-replies/${saved.id}`), 204);
  });

  test('one key saves once', async () => {
    const key = tag();
    const [one, two] = [await owner.post('/saved-replies', { title: 'Once', body: 'x' }, { key }), await owner.post('/saved-replies', { title: 'Once', body: 'x' }, { key })];
    assert.deepEqual([one.status, one.text], [201, two.text]);
    expectStatus(await owner.request('DELETE', `/saved-replies/${one.body.id}`), 204);
  });

  test('the fields are filled in for one conversation, which the caller must see', async () => {
    const saved = await save();
    const conversation = await conversationIn(salon);
    const { body: filled } = expectStatus(await owner.get(`/saved-replies/${saved.id}/filled?conversation_id=${conversation.id}`), 200);
    assert.equal(filled, `Dear Cleo,\n\nbook at ${server.baseUrl}/book/${salon.slug}. Cleo van Dam is you.\nSalon Test`);
    const odd = await conversationIn(salon, '{business} <b>');
    assert.ok(expectStatus(await owner.get(`/saved-replies/${saved.id}/filled?conversation_id=${odd.id}`), 200).body.includes('{business} <b> is you.'), 'a name is no template');
    expectProblem(await ann.get(`/saved-replies/${saved.id}/filled?conversation_id=${conversation.id}`), 404, 'not_found');
    expectInvalid(await owner.get(`/saved-replies/${saved.id}/filled`), ['conversation_id']);
    expectProblem(await owner.get(`/saved-replies/1/filled?conversation_id=${conversation.id}`), 404, 'not_found');
    const other = await makeSalon(server);
    expectProblem(await other.owner.get(`/saved-replies/${saved.id}/filled?conversation_id=${conversation.id}`), 404, 'not_found');
    assert.deepEqual(await other.owner.list('/saved-replies'), []);
  });

  test('what is wrong with the words is said when they are saved', async () => {
    for (const words of ['Dear {name}', 'Dear {first_name', '{}', '{client.name}', '{{CLIENT}}']) {
      expectInvalid(await owner.post('/saved-replies', { title: 'x', body: words }), ['body']);
    }
    expectInvalid(await owner.post('/saved-replies', { title: '', body: 'x'.repeat(5001), tag: 'x' }), ['title', 'body', 'tag']);
    const saved = await save();
    expectInvalid(await owner.patch(`/saved-replies/${saved.id}`, { body: '{price}' }), ['body']);
    expectProblem(await ann.patch(`/saved-replies/${saved.id}`, { body: 'x' }), 403, 'forbidden');
  });

  test('there are two hundred at most', async () => {
    const have = (await owner.list('/saved-replies')).length;
    for (let i = have; i < 200; i += 1) await save({ title: `Reply ${i}` });
    expectProblem(await owner.post('/saved-replies', { title: 'x', body: 'x' }), 409, 'too_many');
  });
});

describe('at one conversation', () => {
  let server, salon, owner, ann, bob, annId, clock;
  before(async (t) => {
    clock = await setableClock();
    server = await startServer(t, { env: clock.env });
    salon = await makeSalon(server);
    owner = salon.owner;
    [ann, bob] = [await arrive(server, salon.staff[0]), await arrive(server, salon.staff[1])];
    annId = salon.staff[0].id;
    expectStatus(await owner.patch(`/staff/${annId}`, { permissions: ['inbox'] }), 200);
  });
  const answering = (who, conversation, yes = true) => who.post(`/conversations/${conversation.id}/answering`, { answering: yes });
  const seenBy = async (who, conversation) => expectStatus(await who.get(`/conversations/${conversation.id}`), 200).answering;
  const writing = (event) => event.kind === 'conversation.answering';

  test('who writes is seen by the others, in the conversation and in the stream, and by nobody else', async (t) => {
    const conversation = await conversationIn(salon);
    const [owners, anns, bobs] = [await openEvents(t, server, owner), await openEvents(t, server, ann), await openEvents(t, server, bob)];
    const before = expectStatus(await owner.get('/audit'), 200).data.length;
    expectStatus(await answering(ann, conversation), 204);
    const event = await owners.next('conversation.answering');
    assert.deepEqual([event.data.id, event.data.answering], [conversation.id, [{ staff_id: annId, name: 'Ann' }]]);
    assert.equal(event.id, null, 'it is no place to come back to');
    assert.deepEqual(await seenBy(owner, conversation), [{ staff_id: annId, name: 'Ann' }]);
    assert.deepEqual((await owner.list('/conversations')).find(({ id }) => id === conversation.id).answering, [{ staff_id: annId, name: 'Ann' }]);
    assert.deepEqual(await seenBy(ann, conversation), []);
    expectStatus(await answering(owner, conversation), 204);
    assert.deepEqual((await anns.next(writing)).data.answering.map(({ name }) => name), ['Olive Owner']);
    expectStatus(await answering(ann, conversation, false), 204);
    assert.deepEqual((await owners.next((e) => writing(e) && e.data.answering.length === 0)).data.id, conversation.id);
    assert.deepEqual(await seenBy(owner, conversation), []);
    expectStatus(await owner.patch('/workspace', { address: 'Rue Neuve' }), 200);
    for (const stream of [anns, bobs]) await stream.next('workspace.changed');
    assert.ok(!bobs.events.some(writing));
    assert.ok(!anns.events.some((e) => e.data.answering?.some(({ name }) => name === 'Ann')), 'nobody is told of themselves');
    assert.equal(expectStatus(await owner.get('/audit'), 200).data.length, before + 1, 'only the address was changed');
    expectProblem(await answering(bob, conversation), 404, 'not_found');
    expectInvalid(await answering(ann, conversation, 'yes'), ['answering']);
  });

  test('it ends by itself, by a message, and goes on where it is said again', async (t) => {
    const conversation = await conversationIn(salon);
    const owners = await openEvents(t, server, owner);
    const next = async () => (await owners.next((e) => writing(e) && e.data.id === conversation.id)).data.answering.length;
    expectStatus(await answering(ann, conversation), 204);
    assert.equal(await next(), 1);
    clock.advance(10);
    expectStatus(await answering(ann, conversation), 204);
    assert.equal(await next(), 1, 'said again, told again');
    clock.advance(10);
    assert.equal((await seenBy(owner, conversation)).length, 1);
    clock.advance(6);
    assert.equal(await next(), 0);
    assert.deepEqual(await seenBy(owner, conversation), []);
    expectStatus(await answering(ann, conversation), 204);
    assert.equal(await next(), 1);
    expectStatus(await ann.post(`/conversations/${conversation.id}/messages`, { body: 'Here I am.' }), 201);
    assert.equal(await next(), 0);
    expectStatus(await answering(ann, conversation), 204);
    assert.equal(await next(), 1);
    clock.advance(-3600);
    assert.equal(await next(), 0, 'a clock that went back keeps nobody writing');
    clock.advance(3600);
  });

  test('an answer that crossed another word is held back, with whose it was', async () => {
    const conversation = await conversationIn(salon);
    const say = (who, text, more = {}) => who.post(`/conversations/${conversation.id}/messages`, { body: text, ...more });
    const newest = async () => (await owner.list(`/conversations/${conversation.id}/messages`)).at(-1).id;
    const seen = await newest();
    const hers = expectStatus(await say(ann, 'Monday is free.', { seen_id: seen }), 201);
    const crossed = await say(owner, 'Monday is taken.', { seen_id: seen });
    expectProblem(crossed, 409, 'answered_meanwhile');
    assert.deepEqual(crossed.body.newer, [{ id: hers.id, direction: 'out', author: 'Ann', author_kind: 'staff', at: hers.at }]);
    expectStatus(await say(ann, 'And Tuesday.', { seen_id: seen }), 201); // her own words are no surprise to her
    expectStatus(await say(owner, 'do not promise Tuesday', { seen_id: seen, internal_note: true }), 201);
    expectStatus(await say(ann, 'One more thing.', { seen_id: await newest() }), 201);
    expectStatus(await say(owner, 'A note of mine', { internal_note: true }), 201);
    const known = await newest();
    assert.equal((await salon.visitor.post(`/public/${salon.slug}/contact`, { name: 'Cleo', email: conversation.email, message: 'Never mind' })).status, 202);
    const late = await say(ann, 'See you then.', { seen_id: known });
    expectProblem(late, 409, 'answered_meanwhile');
    assert.deepEqual(late.body.newer.map(({ author, author_kind: kind, direction }) => [author, kind, direction]), [['Cleo', 'client', 'in']]);
    expectStatus(await say(ann, 'See you then.'), 201);
    assert.ok(!server.mail().some((m) => m.text.includes('Monday is taken.')));
  });

  test('of two who answer the same word at one moment, one is held back', async () => {
    for (let round = 0; round < 5; round += 1) {
      const conversation = await conversationIn(salon);
      const [{ id: seen }] = await owner.list(`/conversations/${conversation.id}/messages`);
      const answers = await Promise.all([owner, ann].map((who, i) => who.post(`/conversations/${conversation.id}/messages`, { body: `answer ${i}`, seen_id: seen })));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
      assert.equal((await owner.list(`/conversations/${conversation.id}/messages`)).length, 2);
    }
  });
});

describe('at two processes on one PostgreSQL', { skip: ENGINE !== 'postgres' }, () => {
  let one, two, salon, ann, clock;
  before(async (t) => {
    clock = await setableClock();
    one = await startServer(t);
    two = await prepareServer(t, { engine: 'sqlite', env: clock.env });
    two.db = one.db;
    await two.start();
    salon = await makeSalon(one);
    ann = await arrive(one, salon.staff[0]);
    expectStatus(await salon.owner.patch(`/staff/${salon.staff[0].id}`, { permissions: ['inbox'] }), 200);
  });
  const at = (server, client) => Object.assign(new Client(server.baseUrl), { cookies: client.cookies });

  test('who writes at one is seen at the other', async (t) => {
    const conversation = await conversationIn(salon);
    const owners = await openEvents(t, two, salon.owner);
    expectStatus(await ann.post(`/conversations/${conversation.id}/answering`, { answering: true }), 204);
    const event = await owners.next('conversation.answering');
    assert.deepEqual([event.data.id, event.data.answering.map(({ name }) => name)], [conversation.id, ['Ann']]);
    assert.equal(expectStatus(await at(two, salon.owner).get(`/conversations/${conversation.id}`), 200).answering.length, 1);
    expectStatus(await ann.post(`/conversations/${conversation.id}/answering`, { answering: false }), 204);
    assert.deepEqual((await owners.next('conversation.answering')).data.answering, []);
  });

  test('of two who answer at one moment at different processes, one is held back, also with clocks that differ', async () => {
    const owner = at(two, salon.owner);
    for (const offset of [0, 2, -2]) {
      clock.set(offset);
      for (let round = 0; round < 5; round += 1) {
        const conversation = await conversationIn(salon);
        const say = (who, body, seen) => who.post(`/conversations/${conversation.id}/messages`, { body, seen_id: seen });
        const [{ id: seen }] = await owner.list(`/conversations/${conversation.id}/messages`);
        const answers = await Promise.all([say(owner, 'a', seen), say(ann, 'b', seen)]);
        assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
        const { id: last } = answers.find(({ status }) => status === 201).body;
        expectStatus(await say(owner, 'c', last), 201);
        expectProblem(await say(ann, 'd', last), 409, 'answered_meanwhile');
        const all = (await owner.list(`/conversations/${conversation.id}/messages`)).map(({ body }) => body);
        assert.deepEqual([all.length, all.at(-1)], [3, 'c']);
      }
    }
  });
});
