// SPDX-License-Identifier: AGPL-3.0-or-later
// What a database holds, past the program: to see whether a request has left a trace.
//
//   const before = await readRows(server);            { table: digest of its rows }
//   changedTables(before, await readRows(server))     [] when nothing has
//   await ask(server, 'SELECT COUNT(*) FROM …')       rows as text
//
// On PostgreSQL it asks as the superuser, whom no row-level rule concerns.

import { createHash } from 'node:crypto';

import { run } from './process.mjs';
import { ENGINE } from './server.mjs';

const ASK_MS = 30_000;
const MARK = '--- table ';

/** Columns that say only that somebody was there, and when: no effect of a request. */
const SEEN = ['last_used_s', 'last_seen_s', 'seen_s'];

export async function ask(server, sql) {
  if (ENGINE !== 'postgres') {
    const file = server.db.replace(/^sqlite:/, '');
    const flags = ['-readonly', '-bail', '-list', '-cmd', '.timeout 10000'];
    return run('sqlite3', [...flags, file], { input: `${sql};\n`, timeoutMs: ASK_MS });
  }
  const url = new URL(server.db);
  url.username = 'postgres';
  const flags = ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', url.href];
  return run('psql', flags, { input: `${sql};\n`, timeoutMs: ASK_MS });
}

/** Tables and their columns, one `table|column` a line. */
const COLUMNS = {
  sqlite:
    'SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c' +
    " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY 1, c.cid",
  postgres:
    'SELECT table_name, column_name FROM information_schema.columns' +
    " WHERE table_schema = 'public' ORDER BY 1, ordinal_position",
};

async function columnsOf(server) {
  const tables = new Map();
  for (const line of (await ask(server, COLUMNS[ENGINE])).split('\n').filter(Boolean)) {
    const [table, column] = line.split('|');
    if (!tables.has(table)) tables.set(table, []);
    if (!SEEN.includes(column)) tables.get(table).push(`"${column}"`);
  }
  return tables;
}

export async function readRows(server) {
  server.tables ??= await columnsOf(server);
  const asked = [...server.tables].map(([table, columns]) => {
    const order = columns.map((_, i) => i + 1).join(', ');
    return `SELECT '${MARK}${table}';\nSELECT ${columns.join(', ')} FROM "${table}" ORDER BY ${order}`;
  });
  const text = await ask(server, asked.join(';\n'));
  const digests = {};
  for (const part of text.split(MARK).slice(1)) {
    const end = part.indexOf('\n');
    const rows = part.slice(end + 1);
    digests[part.slice(0, end)] = createHash('sha256').update(rows).digest('hex');
  }
  return digests;
}

export function changedTables(before, after) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}
