// SPDX-License-Identifier: AGPL-3.0-or-later
// Past the program, at its database: SQL, and all that the tables hold, to see whether a request has
// left a trace. Needs sqlite3 or psql, which asks as the superuser, whom no row-level rule concerns.
//
//   await sql(server, "UPDATE session SET expires_s = 1")    its rows, columns parted by '|'
//   const before = await contents(server)                    Map of table → rows in order, as text
//   changedTables(before, await contents(server))            [] when nothing has
//   await mailGone(server)                                   before a look that mail could blur
//   assertUnchanged(before, await contents(server), 'a refused call')

import assert from 'node:assert/strict';

import { eventually, run } from './process.mjs';

const ASK_MS = 30_000;
const MARK = '--- table ';

/** Columns that say only that somebody was there, and when: no effect of a request. */
export const SEEN = ['*.last_used_s', '*.last_seen_s', '*.seen_s'];

const linesOf = (text) => text.split('\n').filter((line) => line !== '');

function ask(server, text) {
  const options = { input: `${text};\n`, timeoutMs: ASK_MS };
  if (server.engine !== 'postgres') {
    const file = server.db.replace(/^sqlite:/, '');
    return run('sqlite3', ['-bail', '-list', '-cmd', '.timeout 10000', file], options);
  }
  const url = new URL(server.db);
  url.username = 'postgres';
  return run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', url.href], options);
}

export const sql = async (server, text) => linesOf(await ask(server, text));

const UNDER_WAY_MS = 25_000; // what the business changes waits ten seconds before it leaves

/** Letters under way and jobs that are due move by themselves: until none does. */
export const mailGone = (server) =>
  eventually('no mail waits', async () => {
    const now = Math.floor(Date.now() / 1000);
    const [waiting] = await sql(
      server,
      "SELECT (SELECT COUNT(*) FROM message WHERE status = 'queued')" +
        " + (SELECT COUNT(*) FROM job WHERE status = 'waiting'" +
        ` AND (due_s <= ${now} OR lease_owner IS NOT NULL))`,
    );
    return waiting === '0';
  }, UNDER_WAY_MS);

/** Tables and their columns, one `table|column` a line. */
const COLUMNS = {
  sqlite:
    'SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c' +
    " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY 1, c.cid",
  postgres:
    'SELECT table_name, column_name FROM information_schema.columns' +
    " WHERE table_schema = 'public' ORDER BY 1, ordinal_position",
};

async function columnsOf(server, except) {
  const tables = new Map();
  server.columns ??= await sql(server, COLUMNS[server.engine]);
  for (const [table, column] of server.columns.map((line) => line.split('|'))) {
    if ([table, `${table}.${column}`, `*.${column}`].some((name) => except.includes(name))) continue;
    if (!tables.has(table)) tables.set(table, []);
    tables.get(table).push(`"${column}"`);
  }
  return tables;
}

/** `except` names what moves by itself: `table`, `table.column`, or `*.column` of every table. */
export async function contents(server, { except = [] } = {}) {
  const asked = [...(await columnsOf(server, except))].map(([table, columns]) => {
    const order = columns.map((_, i) => i + 1).join(', ');
    return `SELECT '${MARK}${table}';\nSELECT ${columns.join(', ')} FROM "${table}" ORDER BY ${order}`;
  });
  const parts = (await ask(server, asked.join(';\n'))).split(MARK).slice(1);
  return new Map(parts.map((part) => {
    const [table, ...rows] = linesOf(part);
    return [table, rows];
  }));
}

export function changedTables(before, after) {
  const same = (table) => before.get(table)?.join('\n') === after.get(table)?.join('\n');
  return [...new Set([...before.keys(), ...after.keys()])].filter((table) => !same(table)).sort();
}

export function assertUnchanged(before, after, what) {
  for (const table of changedTables(before, after)) {
    assert.deepEqual(after.get(table), before.get(table), `${what} changed ${table}`);
  }
}
