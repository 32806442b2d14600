// SPDX-License-Identifier: AGPL-3.0-or-later
// How the two engines would run a statement.
//
//   const sqlite = await openSqlite(binary, file)     file: of a database that is there
//   const postgres = openPostgres(url)
//   await engine.run([sql, …])                        changes, in order
//   await engine.plans([{ sql, types }, …])           a plan for each, in their order
//   await engine.narrowed([{ sql, types }, …])        SQLite: the same as a tenant's transaction
//                                                     runs them (src/db/sqlite_tenant.h)
//
// On PostgreSQL every plan has the row-level security of the program's role in it.
//
// A plan is { accesses, sorts }: accesses are the reads of tables, each
//   { table, index, first, equal, between, limited, whole, filtered, text }
// `whole`: every row is read. `first` is the column that the index is asked first; `equal` and
// `between` those that it is asked by an equality, and by a bound on both sides. `limited`: a LIMIT
// above ends the reading early, with nothing between the two that needs every row first.
// `filtered`: rows are read and thrown away (null where the engine does not say). `sorts`: whether
// rows are put in order by work.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ACROSS_TENANTS } from '../lib/postgres.mjs';
import { ROOT, run, temporaryFolder } from '../lib/process.mjs';

const ASK_MS = 180_000;

// ---- SQLite ----

/** Built with the program's own library and narrowing, since what it plans is what is tested. */
async function buildAsk(binary) {
  const ask = join(temporaryFolder('plans'), 'ask');
  const library = join(dirname(binary), 'third_party/sqlite/libsqlite3.a');
  const header = join(ROOT, 'third_party/sqlite/node_modules/better-sqlite3/deps/sqlite3');
  const how = existsSync(library) ? ['-isystem', header, library] : ['-lsqlite3'];
  const sources = ['tests/plans/sqlite_ask.c', 'src/db/sqlite_tenant.c', 'src/base/buf.c'];
  const flags = ['-std=gnu17', '-Wall', '-Wextra', '-Wconversion', '-Werror', '-D_GNU_SOURCE'];
  flags.push('-DSQLITE_ENABLE_PREUPDATE_HOOK', '-I', join(ROOT, 'src'));
  const files = sources.map((source) => join(ROOT, source));
  await run(process.env.CC ?? 'cc', [...flags, ...files, ...how, '-lm', '-lpthread', '-o', ask]);
  return ask;
}

/** "a=? AND b>? AND b<? AND (c,d)=(?,?)": the columns of each kind. */
function columnsOf(terms) {
  const equal = [...terms.matchAll(/(\w+)=\?/g)].map((found) => found[1]);
  for (const [, list] of terms.matchAll(/\(([\w,]+)\)=\(/g)) equal.push(...list.split(','));
  const [over, under] = ['>', '<'].map((sign) =>
    [...terms.matchAll(new RegExp(`(\\w+)${sign}\\?`, 'g'))].map((found) => found[1]),
  );
  const first = /\w+/.exec(terms)?.[0] ?? null;
  return { first, equal, between: over.filter((column) => under.includes(column)) };
}

/** The tables that a name stands for in a statement, whose own names are no other's. */
function tablesNamed(sql, name) {
  const found = [...sql.matchAll(/\b(?:FROM|JOIN|UPDATE|INTO) (\w+)(?: (?:AS )?([a-z]\w*))?/g)];
  const tables = found.filter((one) => one[2] === name || one[1] === name).map((one) => one[1]);
  return [...new Set(tables)];
}

function sqlitePlan(sql, lines) {
  const details = lines.map((line) => line.split('\t')[3]);
  const sorts = details.some((text) => text.includes('USE TEMP B-TREE'));
  const limited = / LIMIT /.test(sql) && !sorts;
  const accesses = details.flatMap((text) => {
    const read = /^(SCAN|SEARCH) (\w+)/.exec(text);
    if (!read) return [];
    const index = / USING (?:COVERING )?(?:INDEX (\w+)|(?:INTEGER )?PRIMARY KEY)/.exec(text);
    const terms = / \((.*)\)(?: LEFT-JOIN)?$/.exec(text)?.[1] ?? '';
    return tablesNamed(sql, read[2]).map((table) => ({
      ...{ table, index: index?.[1] ?? (index ? 'primary key' : null), ...columnsOf(terms) },
      ...{ whole: read[1] === 'SCAN', limited, filtered: null, text },
    }));
  });
  return { accesses, sorts };
}

export async function openSqlite(binary, file) {
  const ask = await buildAsk(binary);
  const answers = async (statements, how) => {
    const input = statements.map((sql) => `${sql}\0`).join('');
    const output = await run(ask, [file, how], { input, timeoutMs: ASK_MS });
    return output.split('\0').slice(0, -1);
  };
  const plans = async (statements, how) => {
    const texts = await answers(
      statements.map(({ sql }) => sql),
      how,
    );
    return texts.map((text, i) => sqlitePlan(statements[i].sql, text.split('\n').filter(Boolean)));
  };
  return {
    run: (statements) => answers(statements, 'run'),
    plans: (statements) => plans(statements, 'plan'),
    narrowed: (statements) => plans(statements, 'narrowed'),
  };
}

// ---- PostgreSQL ----

const NEXT = '-- next\n';
const STOPPERS = new Set(['Sort', 'Incremental Sort', 'Aggregate', 'Hash', 'Unique', 'WindowAgg']);

// The policy of row-level security (migrations/0006_tenants.sql) as a filter: it passes every row of
// the tenant that the statement asks for, so it throws nothing away.
const ASKED_ONCE = String.raw`(?:\$\d+|\(InitPlan \d+\)\.col1)`;
const POLICY = new RegExp(
  String.raw`\(\((?:\w+\.)?(?:workspace_)?id = ${ASKED_ONCE}\) OR ${ASKED_ONCE}\)`,
);

function throwsAway(filter = '') {
  return filter.replace(POLICY, '').replaceAll(/[() ]/g, '') !== '';
}

function conditionColumns(condition) {
  const name = String.raw`\(?(?:\w+\.)?(\w+)(?:\)::\w+)?`;
  const columns = (sign) =>
    [...condition.matchAll(new RegExp(`${name} (?:${sign}) `, 'g'))].map((found) => found[1]);
  const over = columns('>=?');
  return {
    first: columns('=|<=?|>=?')[0] ?? null,
    equal: columns('='),
    between: columns('<=?').filter((one) => over.includes(one)),
  };
}

/** `heap`: the Bitmap Heap Scan that a bitmap's branch belongs to; it names table and filter. */
function postgresAccesses(node, limited, heap = null) {
  const type = node['Node Type'];
  const reader = heap ?? node;
  const condition = node['Index Cond'] ?? '';
  const access = {
    table: reader['Relation Name'],
    index: node['Index Name'] ?? null,
    ...conditionColumns(condition),
    whole: !condition,
    limited: limited && !heap, // a bitmap is complete before its first row is read
    filtered: throwsAway(reader.Filter),
    text: [type, node['Index Name'], condition].filter(Boolean).join(' '),
  };
  const isRead = /^(?:Seq|Index|Index Only|Bitmap Index) Scan$/.test(type);
  const heapBelow = type === 'Bitmap Heap Scan' ? node : /^Bitmap/.test(type) ? heap : null;
  const limitedBelow = type === 'Limit' || (limited && !STOPPERS.has(type));
  return [
    ...(isRead ? [access] : []),
    ...(node.Plans ?? []).flatMap((plan) => postgresAccesses(plan, limitedBelow, heapBelow)),
  ];
}

function hasSort(node) {
  return /Sort$/.test(node['Node Type']) || (node.Plans ?? []).some(hasSort);
}

/** A plan that knows no parameter's value, as a long-lived prepared statement ends up with. */
function explain({ sql, types }, number) {
  const count = Math.max(0, ...[...sql.matchAll(/\$(\d+)/g)].map((found) => Number(found[1])));
  const list = (words) => (count > 0 ? `(${words.join(', ')})` : '');
  const declared = Array.from({ length: count }, (_, i) => types[i] ?? 'unknown');
  return (
    `PREPARE p${number} ${list(declared)} AS ${sql};\n` +
    `EXPLAIN (FORMAT JSON) EXECUTE p${number}${list(declared.map(() => 'NULL'))};\n\\echo ${NEXT}`
  );
}

export function openPostgres(url) {
  const psql = (input) =>
    run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', url], {
      ...{ input, timeoutMs: ASK_MS, env: ACROSS_TENANTS },
    });
  return {
    run: (statements) => psql(statements.map((sql) => `${sql};\n`).join('')),
    async plans(statements) {
      const asked = statements.map(explain).join('');
      const output = await psql(`SET plan_cache_mode = force_generic_plan;\n${asked}`);
      return output
        .split(NEXT)
        .slice(0, -1)
        .map((text) => {
          const plan = JSON.parse(text)[0].Plan;
          return { accesses: postgresAccesses(plan, false), sorts: hasSort(plan) };
        });
    },
  };
}
