// SPDX-License-Identifier: AGPL-3.0-or-later
// The inbox of a business with many clients: how long its list, its counts and its search take while messages are written. In CI a slice; with
// SOAK=1 a million messages of a hundred thousand clients.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { eventually } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { ENGINE, startServer } from '../lib/server.mjs';

const SOAK = process.env.SOAK === '1';
const MESSAGES = Number(process.env.CAREOPS_INBOX_MESSAGES ?? (SOAK ? 1_000_000 : 20_000));
const CLIENTS = MESSAGES / 10;
const ROUNDS = SOAK ? 200 : 60;
// Of one question; what is measured is printed. Far above what a quiet machine takes, and far below what a walk through everything would.
const BOUND_MS = 3000;
const INDEXED_MS = SOAK ? 3_600_000 : 120_000;

/*
 * The words of message i, by their rank as people's are: one of three in half of them, one of thirty in each, one of three thousand in each, and one
 * that stands in few. Two that never meet: north in even ones, south in odd ones.
 */
const BODY = `'Dear salon, ' || CASE i % 2 WHEN 0 THEN 'north' ELSE 'south' END || ' colour' || (i % 30) || ' is what I would like, and appointment'
  || (i * 7919 % 3000) || ' on a day' || (i % 7) || ' please; reference ref' || (i * 2654435761 % 1000003) || '. Thank you'`;

const CHUNK = 100_000;

async function fill(server, workspace) {
  const numbers = (from, to) =>
    ENGINE === 'postgres'
      ? `(SELECT CAST(g AS BIGINT) AS i FROM generate_series(${from}, ${to}) g) n`
      : `(WITH RECURSIVE g AS (SELECT ${from} AS i UNION ALL SELECT i + 1 FROM g WHERE i < ${to}) SELECT i FROM g) n`;
  const inChunks = async (count, statement) => {
    for (let from = 0; from < count; from += CHUNK) await sql(server, `${statement} FROM ${numbers(from, Math.min(count, from + CHUNK) - 1)}`);
  };
  const client = '1000000000 + i';
  await inChunks(CLIENTS, `INSERT INTO client (workspace_id, id, name, email, email_key, created_s)
    SELECT ${workspace}, ${client}, 'Guest G' || i, 'g' || i || '@many.example', 'g' || i || '@many.example', 1`);
  await inChunks(CLIENTS, `INSERT INTO conversation (workspace_id, id, client_id, unanswered, last_id, created_s, folder)
    SELECT ${workspace}, ${client}, ${client}, CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END, 2000000000 + ${MESSAGES - CLIENTS} + i, 1, CASE WHEN i % 50 = 7 THEN 'doubtful' ELSE 'inbox' END`);
  await inChunks(MESSAGES, `INSERT INTO conversation_message (workspace_id, conversation_id, id, direction, body, author_kind, author_name, created_s)
    SELECT ${workspace}, 1000000000 + i % ${CLIENTS}, 2000000000 + i, 'in', ${BODY}, 'client', 'Guest', 1`);
  if (ENGINE === 'postgres') await sql(server, 'ANALYZE');
}

const p95 = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)];

async function timed(times, call) {
  const began = performance.now();
  const answer = expectStatus(await call(), 200);
  times.push(performance.now() - began);
  return answer;
}

test('the list, the counts and the search answer at once while messages are written', { timeout: SOAK ? 7_200_000 : 300_000 }, async (t) => {
  const server = await startServer(t);
  const salon = await makeSalon(server);
  const { owner } = salon;
  let began = performance.now();
  await fill(server, salon.workspace.id);
  const filled = performance.now() - began;
  began = performance.now();
  await server.restart(); // what was written past the program is made findable by the janitor
  const unindexed = 'SELECT 1 FROM conversation_message WHERE words_made = 0 UNION ALL SELECT 1 FROM client WHERE terms_made = 0 LIMIT 1';
  await eventually('all is findable', async () => (await sql(server, unindexed)).length === 0, INDEXED_MS);
  console.log(`${ENGINE}: ${MESSAGES} messages in ${(filled / 1000).toFixed(0)} s, findable in ${((performance.now() - began) / 1000).toFixed(0)} s`);

  // Somebody writes all the time.
  let writing = true;
  const written = [];
  const writer = (async () => {
    for (let i = 0; writing; i += 1) {
      const start = performance.now();
      const answer = await owner.post(`/conversations/${1_000_000_000 + (i * 37) % CLIENTS}/messages`, { body: `Dear guest, north and colour3 will do on a day${i % 7}; note${i}`, internal_note: true });
      assert.equal(answer.status, 201, `${answer.text}\n${server.lastLogs(8)}`);
      written.push(performance.now() - start);
    }
  })();
  const find = (q) => `/conversations?limit=25&q=${encodeURIComponent(q)}`;
  const questions = {
    list: (i) => ['/conversations?limit=50', '/conversations?limit=50&filter=unanswered', '/conversations?limit=50&filter=unassigned', '/conversations?limit=50&folder=doubtful'][i % 4],
    counts: () => '/conversations/counts',
    'a word that all have': () => find('salon'),
    'a beginning that all have': (i) => find(['p', 'pl', 'tha'][i % 3]),
    'a common word and a rarer one': (i) => find(`colour${i % 30} appointment${i % 3000}`),
    'a rare word': (i) => find(`ref${((i * 4099) % MESSAGES) * 2654435761 % 1000003}`),
    'a rare word, as one types it': (i) => find(`ref${((i * 4099) % MESSAGES) * 2654435761 % 1000003}`.slice(0, 4 + (i % 5))),
    'two common words that never meet': () => find('north south'),
    'words that nobody wrote': (i) => find(`salon nobody${i}`),
    'a name': (i) => find(`guest g${(i * 31) % CLIENTS}`),
  };
  const figures = {};
  try {
    for (const [name, path] of Object.entries(questions)) {
      const times = [];
      for (let i = 0; i < ROUNDS; i += 1) await timed(times, () => owner.get(path(i)));
      figures[name] = p95(times);
    }
    // What is found is right.
    const i = MESSAGES - 123;
    const ref = `ref${(i * 2654435761) % 1000003}`;
    const hits = await timed([], () => owner.get(find(ref)));
    assert.ok(hits.data.some(({ id, match }) => id === `${1_000_000_000 + (i % CLIENTS)}` && match.excerpt.includes(ref)), ref);
    const word = await timed([], () => owner.get(find('appointment1 thank')));
    assert.ok(word.data.length > 0 && word.data.every(({ match }) => /appointment1\b/.test(match.excerpt)));
    const [named] = (await timed([], () => owner.get(find('guest g77')))).data;
    assert.equal(named.client.name.startsWith('Guest G77'), true);
    const none = await timed([], () => owner.get(find('salon nobody')));
    assert.deepEqual([none.data, none.next_cursor], [[], null]);
    // However long it takes, each question of it is short, and it ends.
    const apart = await timed([], () => owner.get(find('north south')));
    assert.deepEqual(apart.data, []);
    assert.ok(apart.next_cursor);
  } finally {
    writing = false;
    await writer;
  }
  figures.writing = p95(written);
  for (const [name, ms] of Object.entries(figures)) console.log(`${ENGINE}: ${name}: p95 ${ms.toFixed(1)} ms`);
  for (const [name, ms] of Object.entries(figures)) assert.ok(ms < BOUND_MS, `${name}: ${ms.toFixed(0)} ms`);
  assert.ok(written.length > ROUNDS, `${written.length} were written meanwhile`);
});
