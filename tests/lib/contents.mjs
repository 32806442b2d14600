// SPDX-License-Identifier: AGPL-3.0-or-later
// Past the program, at its database: SQL, and all that the tables hold, whatever the order and the
// engine. Needs sqlite3 or psql, which asks as the superuser, whom no row-level rule concerns.
//
//   await sql(server, "UPDATE session SET expires_s = 1")    its rows, columns parted by '|'
//   const before = await contents(server)                    Map of table → sorted rows
//   assertUnchanged(before, await contents(server), 'a refused call')

import assert from 'node:assert/strict';

import { run } from './process.mjs';

export async function sql(server, text) {
  const url = server.engine === 'postgres' ? new URL(server.db) : null;
  if (url) url.username = 'postgres';
  const said =
    url
      ? await run('psql', [url.href, ...'-X -q -A -t -v ON_ERROR_STOP=1 -c'.split(' '), text])
      : await run('sqlite3', ['-bail', server.db.replace(/^sqlite:/, ''), text]);
  return said.split('\n').filter((line) => line !== '');
}

const TABLES = {
  sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  postgres: "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
};
const COLUMNS = {
  sqlite: (table) => `SELECT name FROM pragma_table_info('${table}')`,
  postgres: (table) =>
    `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'` +
    ` AND table_name = '${table}' ORDER BY ordinal_position`,
};

/** `except` names columns as `table.column` that move by themselves, or whole tables. */
export async function contents(server, { except = [] } = {}) {
  const found = new Map();
  for (const table of (await sql(server, TABLES[server.engine])).sort()) {
    if (except.includes(table)) continue;
    const columns = (await sql(server, COLUMNS[server.engine](table))).filter(
      (column) => !except.includes(`${table}.${column}`),
    );
    const list = columns.map((column) => `"${column}"`).join(', ');
    found.set(table, (await sql(server, `SELECT ${list} FROM "${table}"`)).sort());
  }
  return found;
}

export function assertUnchanged(before, after, what) {
  for (const [table, rows] of after) {
    assert.deepEqual(rows, before.get(table), `${what} changed ${table}`);
  }
}
