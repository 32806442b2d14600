// SPDX-License-Identifier: AGPL-3.0-or-later
// Do the checkers bite? Builds the program once with all defects of src/base/seeded.h in it, runs
// each checker on it without a defect, where it has to be quiet, and with each defect that it is
// there for, which it has to find; and prints what came of it as a table.
//
//   node tests/bugs/run.mjs [--markdown] [--short] [DEFECT ...]     --short: without whole Chaos Days
//
// The last line is `N passed, N failed`; the exit status is 1 where a defect escaped or a checker
// was not quiet. CAREOPS_SEED chooses other random choices, SOAK=1 longer runs.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { startPostgres } from '../lib/postgres.mjs';
import { ROOT } from '../lib/process.mjs';
import { DEFECTS } from './defects.mjs';
import { CHECKERS, nameOf } from './checkers.mjs';

export const BUILD = 'build-seeded';
const RUN_MS = (process.env.SOAK === '1' ? 60 : 10) * 60_000;
const AT_ONCE = Number(process.env.BUGS_AT_ONCE ?? 2);

/** A command to its end: how it ended and all that it said. */
async function listen(command, args, env) {
  const child = spawn(command, args, {
    cwd: ROOT,
    // Within a test file, a runner of its own would take itself for a part of that one.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      said += part;
    });
  }
  const timer = setTimeout(() => {
    said += `\nran longer than ${RUN_MS / 60_000} minutes`;
    process.kill(-child.pid, 'SIGKILL');
  }, RUN_MS);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return { code, said };
}

/** Builds what the checkers run, and no more. */
export async function build(checkers) {
  if (!existsSync(join(ROOT, BUILD, 'build.ninja'))) {
    const made = await listen('meson', ['setup', BUILD, '-Dseeded=true'], {});
    if (made.code !== 0) throw new Error(made.said);
  }
  const targets = ['careops', ...checkers.flatMap((one) => CHECKERS[one.kind].targets(one))];
  const built = await listen('ninja', ['-C', BUILD, ...new Set(targets)], {});
  if (built.code !== 0) throw new Error(built.said.slice(-5000));
}

/** One run of a checker: what it found, or null. */
async function runOnce(checker, defect) {
  const { command, args, env = {} } = CHECKERS[checker.kind].call(checker);
  const began = performance.now();
  const { code, said } = await listen(command, args, {
    ...env,
    CAREOPS_BUILD: BUILD,
    CAREOPS_BINARY: join(ROOT, BUILD, 'careops'),
    ...(defect ? { CAREOPS_SEEDED: defect } : {}),
  });
  const seconds = (performance.now() - began) / 1000;
  const kind = CHECKERS[checker.kind];
  // A checker that looked at nothing would be quiet, too.
  if (code === 0 && kind.looked(said)) return { found: null, seconds, said };
  return { found: kind.found(said, checker) ?? false, seconds, said };
}

/** Runs all of it, two at once; `onRow` gets each line of the table as soon as it is known. */
export async function bite(names, { long = true, onRow } = {}) {
  const rows = names.flatMap((name) =>
    DEFECTS[name].filter((one) => long || !one.long).map((checker) => ({ name, checker })),
  );
  await build(rows.map(({ checker }) => checker));
  const controls = new Map();
  const clean = (checker) => {
    const key = nameOf(checker);
    if (!controls.has(key)) controls.set(key, runOnce(checker, null));
    return controls.get(key);
  };
  const waiting = [...rows];
  const worker = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      row.clean = await clean(row.checker);
      row.seeded = await runOnce(row.checker, row.name);
      row.ok = row.clean.found === null && Boolean(row.seeded.found);
      onRow?.(row);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return rows;
}

const wordOf = (result) =>
  result.found === null ? 'quiet' : result.found ? `found: ${result.found}` : 'failed otherwise';

export function tableOf(rows, markdown = false) {
  const cells = rows.map(({ name, checker, clean, seeded }) => [
    name,
    nameOf(checker),
    wordOf(clean),
    wordOf(seeded),
    `${seeded.seconds.toFixed(1)} s`,
  ]);
  const heads = ['defect', 'checker', 'without it', 'with it', 'took'];
  if (markdown) {
    const line = (list) => `| ${list.join(' | ')} |`;
    return [line(heads), line(heads.map(() => '---')), ...cells.map(line)].join('\n');
  }
  const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((row) => row[i].length)));
  const line = (list) => list.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd();
  return [line(heads), ...cells.map(line)].join('\n');
}

function tellRow(row) {
  console.log(`${row.ok ? 'caught ' : 'ESCAPED'} ${row.name} by ${nameOf(row.checker)}`);
  if (row.ok || !process.env.VERBOSE) return;
  console.log(row.clean.said.slice(-3000), row.seeded.said.slice(-6000));
}

async function main() {
  const markdown = process.argv.includes('--markdown');
  const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const unknown = asked.find((name) => !(name in DEFECTS));
  if (unknown) {
    console.error(`run.mjs: no defect ${unknown}; there are ${Object.keys(DEFECTS).join(', ')}`);
    process.exit(2);
  }
  const cluster = process.env.CAREOPS_TEST_POSTGRES ? null : await startPostgres({ fsync: true });
  if (cluster) process.env.CAREOPS_TEST_POSTGRES = cluster.url;
  const names = asked.length > 0 ? asked : Object.keys(DEFECTS);
  const rows = await bite(names, { long: !process.argv.includes('--short'), onRow: tellRow });
  await cluster?.stop();
  const failed = rows.filter(({ ok }) => !ok).length;
  console.log(`\n${tableOf(rows, markdown)}\n`);
  console.log(`${rows.length - failed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

if (process.argv[1] === import.meta.filename) await main();
