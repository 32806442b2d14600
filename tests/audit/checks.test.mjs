// SPDX-License-Identifier: AGPL-3.0-or-later
// The checks of `careops audit`, held against the schema and against the damages that they must find.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { sql } from '../lib/contents.mjs';
import { ROOT, run } from '../lib/process.mjs';
import { BINARY, prepareServer } from '../lib/server.mjs';
import { DAMAGES } from './damages.mjs';

const listed = async () => (await run(BINARY, ['audit', '--list'])).trim().split('\n').map((line) => line.split('\t'));

test('every check has a damage that it must find, and a question', async () => {
  const checks = await listed();
  assert.deepEqual([...new Set(DAMAGES.map(({ check }) => check))].sort(), checks.map(([name]) => name).sort());
  for (const [name, question] of checks) assert.match(question, /^[A-Z].*\?$/, name);
});

/** Columns that end like a reference and are none, or lead to one of several tables. */
const NO_REFERENCE = [
  'audit_event.entity_id', // the check events_known
  'audit_event.request_id',
  'client_merge_row.row_id', // by its kind, and what it names may be erased
  'conversation.last_id', // the check conversations
  'conversation_read.read_id', // how far, not which
  'item.last_count_id', // the check ledger_sums
  'item.last_move_id',
  'job.subject_id', // by its kind
  'mail_fetch.email_id',
  'message.message_id',
  'message.provider_id',
  'message.subject_id', // by its kind
  'stock_move.cause_id', // the check move_causes
  'stocktake_line.seen_move_id', // how far, not which
];

test('every table of businesses and every reference of the schema is asked about', async (t) => {
  const server = await prepareServer(t, { engine: 'sqlite' });
  await server.command(['migrate']);
  const source = readFileSync(join(ROOT, 'src/inspect/belongs.c'), 'utf8');
  const columns = (await sql(
    server,
    "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, c.cid",
  )).map((line) => line.split('|'));
  const tables = columns.filter(([table, column]) => column === 'workspace_id' && table !== 'session').map(([table]) => table);
  assert.deepEqual([...source.matchAll(/STRAY\((\w+)\)/g)].map((found) => found[1]).filter((name) => name !== 'table').sort(), tables.sort());
  // What stands between one walk and the next is about the table that it names first.
  const walks = source.slice(source.indexOf('reference_walks[]'), source.indexOf('who works there')).split(/\n {4}(?=BY_|GLOBAL|\{)/);
  const asks = (table, column) =>
    walks.some((walk) => (walk.includes(`("${table}",`) || walk.includes(`FROM ${table} x`)) &&
      (walk.includes(`"${column}")`) || walk.includes(`${column},`) || (column === 'user_id' && walk.includes('USER_OF_IT'))));
  const missed = columns
    .filter(([, column]) => column.endsWith('_id') && column !== 'workspace_id')
    .filter(([table, column]) => !asks(table, column))
    .map((pair) => pair.join('.'))
    .sort();
  assert.deepEqual(missed, NO_REFERENCE);
});
