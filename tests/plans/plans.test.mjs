// SPDX-License-Identifier: AGPL-3.0-or-later
// The plans of all the program's statements, asked of both engines on a schema that the program
// itself made, with the statistics of 20 busy tenants.

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

// src/db itself speaks of nothing but the list of migrations, which has a few rows.
const { statements, problems } = readStatements(join(ROOT, 'src'), ['db']);

const isAllowed = (statement, sql) =>
  ALLOWED.some(({ file, words }) => statement.where.startsWith(`${file}:`) && sql.includes(words));

async function faults(engine, name) {
  const asked = statements.filter((statement) => statement[name] !== null);
  const plans = await engine.plans(asked.map((one) => ({ sql: one[name], types: one.types })));
  return asked.flatMap((statement, i) =>
    isAllowed(statement, statement[name])
      ? []
      : faultsOf(plans[i]).map((fault) => `src/${statement.where} ${fault}\n  ${statement[name]}`),
  );
}

async function migrated(t, engine) {
  const server = await prepareServer(t, { engine });
  await server.command(['migrate']);
  return server.db;
}

test('every statement of the program can be read from its source', () => {
  assert.deepEqual(problems, []);
  assert.ok(statements.length > 150, `only ${statements.length} statements were found`);
});
console.log(`plans: ${statements.length} statements`);

describe('SQLite', () => {
  let engine;
  before(async (t) => {
    const db = await migrated(t, 'sqlite');
    engine = await openSqlite(BINARY, db.replace(/^sqlite:/, ''));
  });

  test('without statistics, as the program runs, no plan reads more than it needs', async () => {
    assert.deepEqual(await faults(engine, 'sqlite'), []);
  });

  test('with the statistics of busy tenants neither', async () => {
    await engine.run([...FILL, 'ANALYZE']);
    assert.deepEqual(await faults(engine, 'sqlite'), []);
  });
});

describe('PostgreSQL', () => {
  test('with the statistics of busy tenants no plan reads more than it needs', async (t) => {
    const engine = openPostgres(await migrated(t, 'postgres'));
    await engine.run([...FILL, 'VACUUM ANALYZE']);
    assert.deepEqual(await faults(engine, 'postgres'), []);
  });
});
