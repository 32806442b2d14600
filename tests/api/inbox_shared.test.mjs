// SPDX-License-Identifier: AGPL-3.0-or-later
// An inbox that several people work in: who looks after what, and how much waits.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { openEvents } from '../lib/events.mjs';
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

describe('assignment', () => {
  let server, salon, owner, ann, bob, annId, bobId, me;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server);
    owner = salon.owner;
    [ann, bob] = [await signIn(server, salon.staff[0]), await signIn(server, salon.staff[1])];
    [annId, bobId] = salon.staff.map(({ id }) => id);
    me = (await owner.list('/staff')).find((member) => member.role === 'owner').id;
  });

  const makeConversation = async (name = 'Cleo') => {
    const email = `cleo.${tag()}@client.example`;
    const answer = await salon.visitor.post(`/public/${salon.slug}/contact`, { name, email, message: `Hello ${tag()}` });
    assert.equal(answer.status, 202, answer.text);
    const [client] = await owner.list(`/clients?q=${encodeURIComponent(email)}`);
    return (await owner.list(`/conversations?client_id=${client.id}`))[0];
  };
  const change = (conversation, body, options, as = owner) => as.patch(`/conversations/${conversation.id}`, body, options);
  const ids = async (as, query) => (await as.list(`/conversations${query}`)).map(({ id }) => id);
  const counts = async (as) => expectStatus(await as.get('/conversations/counts'), 200);

  test('a conversation is assigned, taken over and let go, and each is in the audit', async () => {
    const conversation = await makeConversation();
    assert.equal(conversation.assigned_to, null);
    const assigned = expectStatus(await change(conversation, { assigned_to: annId }, { version: conversation.version }), 200);
    assert.deepEqual([assigned.assigned_to, assigned.version], [{ id: annId, name: 'Ann' }, conversation.version + 1]);
    expectProblem(await change(conversation, { assigned_to: bobId }, { version: conversation.version }), 412, 'stale_version');
    assert.deepEqual(expectStatus(await change(conversation, { assigned_to: bobId }), 200).assigned_to, { id: bobId, name: 'Bob' });
    const same = expectStatus(await change(conversation, { assigned_to: bobId, folder: 'inbox' }), 200);
    assert.equal(same.version, conversation.version + 2, 'what changes nothing is no change');
    assert.equal(expectStatus(await change(conversation, { assigned_to: null }), 200).assigned_to, null);
    assert.equal(expectStatus(await change(conversation, {}), 200).version, conversation.version + 3);
    const { data } = expectStatus(await owner.get(`/audit?entity=conversation&entity_id=${conversation.id}`), 200);
    assert.deepEqual(data.filter(({ action }) => action === 'assigned').map(({ changes }) => changes.assigned_to), [['Bob', null], ['Ann', 'Bob'], [null, 'Ann']]);
  });

  test('what is wrong is said', async () => {
    const conversation = await makeConversation();
    expectStatus(await change(conversation, { assigned_to: annId }), 200);
    for (const assigned_to of ['1', 'ann', ''])
      expectProblem(await change(conversation, { assigned_to }), 404, 'not_found');
    assert.equal(expectStatus(await salon.owner.get(`/conversations/${conversation.id}`), 200).assigned_to.id, annId);
    expectStatus(await change(conversation, { assigned_to: null }), 200);
    expectInvalid(await change(conversation, { folder: 'bin', assigned_to: true, unread: 1 }), ['folder', 'assigned_to', 'unread']);
    expectProblem(await change({ id: '1' }, { assigned_to: annId }), 404, 'not_found');
    const other = await makeSalon(server);
    expectProblem(await change(conversation, { assigned_to: annId }, {}, other.owner), 404, 'not_found');
    expectProblem(await change(conversation, { assigned_to: other.staff[0].id }), 404, 'not_found');
    expectProblem(await change(conversation, { assigned_to: annId }, {}, ann), 403, 'forbidden');
    const eve = expectStatus(await owner.post('/staff', { name: 'Eve', email: `eve.${tag()}@staff.example`, role: 'staff', permissions: [], bookable: false }), 201);
    expectStatus(await owner.post(`/staff/${eve.id}/deactivate`), 200);
    expectInvalid(await change(conversation, { assigned_to: eve.id }), ['assigned_to']);
  });

  test('a member sees what is assigned to them, answers it, and sees it no more when it is taken away', async (t) => {
    await makeConversation(); // somebody else's: in no figure of hers
    const conversation = await makeConversation();
    expectProblem(await ann.get(`/conversations/${conversation.id}`), 404, 'not_found');
    const [anns, bobs] = [await openEvents(t, server, ann), await openEvents(t, server, bob)];
    expectStatus(await change(conversation, { assigned_to: annId }), 200);
    assert.equal((await anns.nextOf('message.assigned', conversation.id)).data.id, conversation.id);
    assert.deepEqual(await ids(ann, ''), [conversation.id]);
    assert.deepEqual(await ids(ann, '?filter=mine'), [conversation.id]);
    assert.deepEqual(await ids(ann, '?filter=unassigned'), []);
    assert.deepEqual(await counts(ann), { unanswered: 1, unread: 1, mine: 1, unassigned: 0, doubtful: 0 });
    expectStatus(await ann.post(`/conversations/${conversation.id}/messages`, { body: 'Hello, this is Ann' }), 201);
    assert.deepEqual(await counts(ann), { unanswered: 0, unread: 1, mine: 0, unassigned: 0, doubtful: 0 });
    const said = await owner.list(`/conversations/${conversation.id}/messages`);
    assert.deepEqual(said.map(({ via }) => via), ['contact', 'portal']);
    expectStatus(await change(conversation, { assigned_to: null }), 200);
    assert.equal((await anns.nextOf('message.assigned', conversation.id)).data.id, conversation.id, 'who loses it hears of it');
    expectProblem(await ann.get(`/conversations/${conversation.id}`), 404, 'not_found');
    assert.deepEqual(await ids(ann, ''), []);
    expectStatus(await owner.patch('/workspace', { address: 'Rue Neuve' }), 200);
    await bobs.next('workspace.changed');
    assert.deepEqual(bobs.kinds().filter((kind) => kind.startsWith('message.')), []);
  });

  test('the filters are each other\'s complement, page by page', async () => {
    const made = [];
    for (let i = 0; i < 9; i += 1) made.push(await makeConversation(`Guest ${i}`));
    for (const [i, conversation] of made.entries()) expectStatus(await change(conversation, { assigned_to: [annId, me, null][i % 3] }), 200);
    expectStatus(await owner.post(`/conversations/${made[0].id}/messages`, { body: 'Yes.' }), 201);
    const all = await owner.list('/conversations');
    const by = (fits) => all.filter(fits).map(({ id }) => id);
    for (const limit of [1, 4, 50]) {
      const list = async (query) => (await owner.list(`/conversations${query}`, { limit })).map(({ id }) => id);
      assert.deepEqual(await list('?filter=mine'), by((c) => c.assigned_to?.id === me));
      assert.deepEqual(await list('?filter=unassigned'), by((c) => c.assigned_to === null));
      assert.deepEqual(await list(`?assigned_to=${annId}`), by((c) => c.assigned_to?.id === annId));
      assert.deepEqual(await list(`?assigned_to=${annId}&filter=unanswered`), by((c) => c.assigned_to?.id === annId && c.unanswered));
      assert.deepEqual(await list('?assigned_to=1'), []);
    }
    assert.ok(by((c) => c.assigned_to?.id === annId).includes(made[0].id));
    const waiting = (fits) => all.filter((c) => c.unanswered && fits(c)).length;
    const figures = await counts(owner);
    assert.deepEqual(
      [figures.unanswered, figures.mine, figures.unassigned, figures.unread, figures.doubtful],
      [waiting(() => true), waiting((c) => c.assigned_to?.id === me), waiting((c) => c.assigned_to === null), all.filter((c) => c.unread > 0).length, 0],
    );
    expectStatus(await owner.post(`/conversations/${made[1].id}/read`), 204);
    assert.equal((await counts(owner)).unread, figures.unread - 1);
  });

  test('who holds `inbox` assigns, too; a figure says no more than a hundred', async () => {
    expectStatus(await owner.patch(`/staff/${bobId}`, { permissions: ['inbox'] }), 200);
    const conversation = await makeConversation();
    assert.equal(expectStatus(await change(conversation, { assigned_to: bobId }, {}, bob), 200).assigned_to.name, 'Bob');
    for (let i = 0; i < 7; i += 1) await Promise.all(Array.from({ length: 15 }, () => makeConversation()));
    const figures = await counts(bob);
    assert.deepEqual([figures.unanswered, figures.unassigned, figures.unread, figures.mine], [100, 100, 100, 1]);
    expectStatus(await owner.patch(`/staff/${bobId}`, { permissions: [] }), 200);
  });
});
