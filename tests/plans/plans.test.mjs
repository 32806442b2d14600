// SPDX-License-Identifier: AGPL-3.0-or-later
// The plans of all the program's statements, asked of both engines on a schema that the program
// itself made. judge.mjs says what a plan may do, allowed.mjs which statements may do more.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { ROOT } from '../lib/process.mjs';
import { BINARY, prepareServer } from '../lib/server.mjs';
import { ALLOWED } from './allowed.mjs';
import { openPostgres, openSqlite } from './engines.mjs';
import { faultsOf } from './judge.mjs';
import { FILL } from './rows.mjs';
import { readSource, readStatements } from './statements.mjs';

// src/db itself speaks of nothing but the list of migrations, which has a few rows. src/inspect reads
// every row there is, on an operator's word alone (tests/audit measures that), and app/backup.c a file that nobody uses.
const { statements, problems } = readStatements(join(ROOT, 'src'), ['db', 'inspect', 'app/backup.c']);
const needed = new Set();

function isAllowed(where, sql, fault) {
  const entry = ALLOWED.find(
    ({ file, words, faults }) =>
      where.startsWith(`${file}:`) &&
      sql.includes(words) &&
      faults.some((one) => fault.startsWith(one)),
  );
  if (entry) needed.add(entry);
  return entry !== undefined;
}

/** What is wrong with the program's plans on an engine, as text to read; '' when nothing is. */
async function faultsOn(engine, name, how = 'plans') {
  const asked = statements.filter((statement) => statement[name] !== null);
  const plans = await engine[how](asked.map((one) => ({ sql: one[name], types: one.types })));
  const lines = asked.flatMap(({ where, [name]: sql }, i) =>
    faultsOf(plans[i])
      .filter((fault) => !isAllowed(where, sql, fault))
      .map((fault) => `src/${where} ${fault}\n    ${sql}\n`),
  );
  console.log(`${how}: ${name} was asked for ${plans.length} of ${statements.length} statements`);
  return lines.join('');
}

async function faultOf(engine, sql, types) {
  const [plan] = await engine.plans([{ sql, types }]);
  return faultsOf(plan).map((fault) => fault.split(' (')[0]);
}

async function migrated(t, engine) {
  const server = await prepareServer(t, { engine });
  await server.command(['migrate']);
  return server.db;
}

/** On either engine, with statistics: the faults that this test is there to find. */
async function findsFaults(engine) {
  const finds = async (fault, sql, ...types) =>
    assert.deepEqual(await faultOf(engine, sql, types), fault ? [fault] : [], sql);
  await finds('reads the whole table', 'SELECT id FROM booking WHERE notes = $1', 'text');
  await finds(
    'does not ask for a tenant',
    'SELECT token_hash FROM session WHERE expires_s < $1 ORDER BY expires_s LIMIT 5',
    'bigint',
  );
  await finds(
    'reads a whole tenant',
    'SELECT MAX(price) FROM booking WHERE workspace_id = $1',
    'bigint',
  );
  await finds(
    'puts a whole tenant in order',
    'SELECT id FROM client WHERE workspace_id = $1 ORDER BY name LIMIT 5',
    'bigint',
  );
  await finds(
    null,
    'SELECT id FROM booking WHERE workspace_id = $1 AND start_s > $2 ORDER BY start_s, id LIMIT 5',
    ...['bigint', 'bigint'],
  );
}

describe("the program's statements", () => {
  test('can all be read from its source', () => {
    assert.deepEqual(problems, []);
    assert.ok(statements.length > 150, `only ${statements.length} statements were found`);
  });

  test('are read through macros, choices, pairs for the engines and callers', () => {
    const read = (text) => readSource('x.c', text).statements.map((s) => [s.sqlite, s.postgres]);
    const call = (sql) => `int f(struct work *w) { return db_exec(w->tx, ${sql}, db_i(1)); }`;
    assert.deepEqual(read(`#define A "SELECT " \\\n "a"\n${call('A /* no */ " FROM t"')}`), [
      ['SELECT a FROM t', 'SELECT a FROM t'],
    ]);
    const headers = { 'a/a.h': '#include "a/b.h"\n', 'a/b.h': '#define B "SELECT b"\n' };
    const included = readSource('x.c', `#include "a/a.h"\n${call('B " FROM t"')}`, (path) => headers[path] ?? null);
    assert.deepEqual([included.statements.map((s) => s.sqlite), included.problems], [['SELECT b FROM t'], []]);
    assert.deepEqual(read(call('x ? "SELECT 1" : "SELECT 2"')), [
      ['SELECT 1', 'SELECT 1'],
      ['SELECT 2', 'SELECT 2'],
    ]);
    assert.deepEqual(read(call('db_sql(w->tx, "SELECT 1", "SELECT 2")')), [
      ['SELECT 1', null],
      [null, 'SELECT 2'],
    ]);
    const wrapper = 'int f(struct work *w, const char *sql) { return db_one(w->tx, &r, sql); }';
    assert.deepEqual(read(`${wrapper} int g(void) { return f(w, "SELECT 3"); }`), [
      ['SELECT 3', 'SELECT 3'],
    ]);
  });

  test('are never passed over in silence', () => {
    const problem = (text) => readSource('x.c', text).problems.join();
    assert.match(problem('int f(void) { return db_exec(tx, made_up(1)); }'), /x\.c:1.*no literal/);
    assert.match(problem('int f(void) { return db_exec(tx, sql); }'), /sql is neither/);
    assert.match(problem('\nconst char *s = "DELETE FROM t";'), /x\.c:2: SQL that no db_ call/);
  });
});

describe('SQLite', () => {
  let engine;
  before(async (t) => {
    const db = await migrated(t, 'sqlite');
    engine = await openSqlite(BINARY, db.replace(/^sqlite:/, ''));
  });

  test('reads no more than it needs on a new database', async () => {
    assert.equal(await faultsOn(engine, 'sqlite'), '');
    assert.equal(await faultsOn(engine, 'sqlite', 'narrowed'), '');
  });

  test('reads no more than it needs with the statistics of busy tenants', async () => {
    await engine.run([...FILL, 'ANALYZE']);
    assert.equal(await faultsOn(engine, 'sqlite'), '');
    assert.equal(await faultsOn(engine, 'sqlite', 'narrowed'), '');
  });

  test('is caught where it does', () => findsFaults(engine));
});

describe('PostgreSQL', () => {
  let engine;
  before(async (t) => {
    engine = openPostgres(await migrated(t, 'postgres'));
    await engine.run([...FILL, 'VACUUM ANALYZE']);
  });

  test('reads no more than it needs with the statistics of busy tenants', async () => {
    assert.equal(await faultsOn(engine, 'postgres'), '');
  });

  test('is caught where it does', () => findsFaults(engine));
});

// After both engines, which share the list.
test('every statement on the list of exceptions needs to be there', () => {
  const idle = ALLOWED.filter((entry) => !needed.has(entry));
  assert.deepEqual(idle, []);
});
