// SPDX-License-Identifier: AGPL-3.0-or-later
// Conversations found again by the words in them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { arrive } from '../lib/members.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const tag = () => randomBytes(5).toString('hex');

describe('search', () => {
  let server, salon, owner, ann;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server);
    owner = salon.owner;
    ann = await arrive(server, salon.staff[0]);
  });

  const write = async (name, message, more = {}) => {
    const email = more.email ?? `mail.${tag()}@client.example`;
    const answer = await salon.visitor.post(`/public/${salon.slug}/contact`, { name, email, message, ...more });
    assert.equal(answer.status, 202, answer.text);
    const [client] = await owner.list(`/clients?q=${encodeURIComponent(email)}`);
    const [conversation] = await owner.list(`/conversations?client_id=${client.id}`);
    return { ...conversation, email };
  };
  const say = async (conversation, body, more = {}) => expectStatus(await owner.post(`/conversations/${conversation.id}/messages`, { body, ...more }), 201);
  const path = (q, more = '') => `/conversations?q=${encodeURIComponent(q)}${more}`;
  const find = (q, more = '', who = owner, limit = 50) => who.list(path(q, more), { limit });
  const ids = async (...question) => (await find(...question)).map(({ id }) => id);

  test('by whole words and the beginning of the last, without case and accents, in whatever was written', async () => {
    const zoe = await write('Zoë', 'Could I have a BALAYAGE at the Café, à la Łódź?');
    const max = await write('Max', 'My appointment with O\'Brien is on Tuesday.');
    await say(max, 'Bring the henna, please.');
    await say(zoe, 'Allergic: paraphenylenediamine', { internal_note: true });
    for (const q of ['balayage', 'Balayage', 'bal', 'cafe', 'CAFÉ', 'lodz', 'balayage caf', 'caf bala', 'la cafe could', 'paraphenylenediam']) {
      if (q === 'caf bala') assert.deepEqual(await ids(q), [], 'only the last word may be a beginning');
      else assert.deepEqual(await ids(q), [zoe.id], q);
    }
    for (const q of ['henna', 'tuesday', "o'brien", 'brien', 'appointm', 'please hen']) assert.deepEqual(await ids(q), [max.id], q);
    for (const q of ['balayag cafe', 'layage', 'henna tuesday', 'nobody wrote this', '…', '%', "'"]) assert.deepEqual(await ids(q), [], q);
    expectInvalid(await owner.get(path('x'.repeat(201))), ['q']);
  });

  test('a hit shows the newest message that has the words, and what stands around them', async () => {
    const conversation = await write('Ida', `${'before '.repeat(30)}\nthe Rosewater\ttreatment ${'after '.repeat(60)}`);
    await say(conversation, 'We have no rosewater today.');
    await say(conversation, 'But tomorrow.');
    const [hit] = await find('rosewater');
    const all = await owner.list(`/conversations/${conversation.id}/messages`);
    assert.deepEqual(hit.match, { message_id: all[1].id, excerpt: 'We have no rosewater today.' });
    const [older] = await find('rosewater treat');
    assert.equal(older.match.message_id, all[0].id);
    assert.match(older.match.excerpt, /^…before .*before +the Rosewater treatment after .*…$/);
    assert.ok(older.match.excerpt.length < 170, older.match.excerpt);
    assert.deepEqual([hit.id, hit.client.name, hit.last_message.preview, hit.folder], [conversation.id, 'Ida', 'But tomorrow.', 'inbox']);
    assert.equal((await owner.list('/conversations'))[0].match, undefined);
  });

  test('names come first, then the newest mention, each conversation once', async () => {
    const word = `w${tag()}`;
    const made = [];
    for (let i = 0; i < 8; i += 1) made.push(await write(`Guest ${i}`, `a ${word} for number ${i}`));
    await say(made[2], `the ${word} again`);
    const named = [await write(`Eve ${word}`, 'hello'), await write(`${word} Smith`, `and ${word}`)];
    const expected = [...named.map(({ id }) => id).reverse(), ...[2, 7, 6, 5, 4, 3, 1, 0].map((i) => made[i].id)];
    for (const limit of [1, 2, 3, 50]) assert.deepEqual((await find(word, '', owner, limit)).map(({ id }) => id), expected, `${limit}`);
    const [first] = await find(word);
    assert.equal(first.match, undefined);
    assert.deepEqual(await ids(`smith ${word}`), [named[1].id]);
    assert.deepEqual(await ids(named[0].email), [], 'an address is not told by a search');
  });

  test('folders and filters narrow it, and a doubtful one is found too', async () => {
    const word = `w${tag()}`;
    const [good, doubtful] = [await write('Good', `${word} one`), await write('Bad', `${word} two`, { website: 'x' })];
    await say(good, 'done');
    assert.deepEqual(await ids(word), [doubtful.id, good.id]);
    assert.deepEqual(await ids(word, '&folder=doubtful'), [doubtful.id]);
    assert.deepEqual(await ids(word, '&folder=inbox'), [good.id]);
    assert.deepEqual(await ids(word, '&filter=unanswered'), [doubtful.id]);
    assert.deepEqual(await ids(word, `&client_id=${good.client.id}`), [good.id]);
    expectStatus(await owner.patch(`/conversations/${good.id}`, { assigned_to: salon.staff[0].id }), 200);
    assert.deepEqual(await ids(word, `&assigned_to=${salon.staff[0].id}`), [good.id]);
    assert.deepEqual(await ids(word, '', ann), [good.id], 'a member finds what they see');
    assert.deepEqual(await ids('bad', '', ann), []);
    const other = await makeSalon(server);
    assert.deepEqual(await ids(word, '', other.owner), []);
  });

  test('common words are walked through, page by page, without a gap or a double', async () => {
    const [word, rare] = [`w${tag()}`, `r${tag()}`];
    const conversations = [];
    for (let i = 0; i < 6; i += 1) conversations.push(await write(`Guest ${i}`, `${word} ${i}`));
    for (let i = 0; i < 60; i += 1) await say(conversations[i % 6], `${word} and more ${word}${i} ${i === 7 ? rare : ''}`, { internal_note: true });
    const whole = await ids(word);
    assert.deepEqual(whole, [5, 4, 3, 2, 1, 0].map((i) => conversations[i].id));
    for (const limit of [1, 2, 4]) assert.deepEqual((await find(word, '', owner, limit)).map(({ id }) => id), whole);
    assert.deepEqual(await ids(`${word} ${rare}`), [conversations[1].id]);
    assert.deepEqual(await ids(`${rare} ${word}`), [conversations[1].id]);
    assert.deepEqual(await ids(`${word} 7`), [], 'a single digit is no word, but may be the beginning of one');
  });

  test('what was written past the program, or before there was an index, is found after a moment', async () => {
    const word = `w${tag()}`;
    const conversation = await write('Old', 'hello');
    const id = BigInt(conversation.id) + 4711n;
    await sql(server, `INSERT INTO conversation_message (workspace_id, conversation_id, id, direction, body, author_kind, created_s)
      VALUES (${salon.workspace.id}, ${conversation.id}, ${id}, 'in', 'an old ${word}', 'client', 1)`);
    await server.restart();
    await eventually('the message is found', async () => (await ids(word)).length === 1);
    assert.equal((await find(word))[0].match.message_id, `${id}`);
  });

  test('whatever is asked, nothing but an answer comes', async () => {
    await write('Odd', '漢字 مرحبا Привет ﬁne ½ e\u0301te\u0301 😀 x');
    for (const q of ['漢', 'مرح', 'привет', 'ПРИВ', 'fine', 'été', 'ete', '1 2 3 4 5 6 7 8 9 10', '😀', 'x', '-- ; DROP', '"a" OR b*', '\\', '{}', 'a'.repeat(200)]) {
      const answer = await owner.get(path(q));
      expectStatus(answer, 200);
      if (['漢', 'مرح', 'привет', 'ПРИВ', 'fine', 'été', 'ete'].includes(q)) assert.deepEqual(answer.body.data.map(({ client }) => client.name), ['Odd'], q);
    }
  });
});
