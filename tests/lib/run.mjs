// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs every part of the test suite on a built program and prints the sums:
//
//   node tests/lib/run.mjs [part ...]
//
// The last line is `N passed, N failed`. The exit status is 1 when anything failed, when a part ran
// no test, or when a part broke down. CAREOPS_BUILD names another build folder; SOAK=1 is handed
// on to the tests, which then run their long versions.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { startPostgres } from './postgres.mjs';
import { ROOT, removeFolder, temporaryFolder } from './process.mjs';

const BUILD = join(ROOT, process.env.CAREOPS_BUILD ?? 'build');
const SOAK = process.env.SOAK === '1';
const SOAK_MINUTES = Number(process.env.CAREOPS_SOAK_MINUTES ?? 60); // of a Chaos Day, which may take twice as long
const FILE_MS = (SOAK ? 110 + 2 * SOAK_MINUTES : 20) * 60_000;
const PART_MS = (SOAK ? 6 * 60 + 4 * SOAK_MINUTES : 60) * 60_000; // of a day on each engine
const UNIT_TIMES = SOAK ? 36 : 1; // as long as the tests in C say for themselves

/** Runs a command with its output shown and kept; a part that hangs is ended. */
async function show(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, CAREOPS_BINARY: join(BUILD, 'careops'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      output += part;
      process.stdout.write(part);
    });
  }
  const timer = setTimeout(() => {
    console.log(`FAILED: ${command} ran longer than ${PART_MS / 60_000} minutes`);
    process.kill(-child.pid, 'SIGKILL');
  }, PART_MS);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  keepFailures(output);
  return { code, output };
}

const FAILURES_MAX = 20;
const failures = [];

/** Failures are told again at the end, where nobody has to look for them. */
function keepFailures(output) {
  for (const [text] of output.matchAll(/^FAILED[: ].*\n(?:(?: {4}.*|)\n){0,30}/gm)) {
    if (failures.length < FAILURES_MAX) failures.push(text.trimEnd());
  }
}

function sumOf(text, pattern) {
  return [...text.matchAll(pattern)].reduce((sum, found) => sum + Number(found[1]), 0);
}

/** cmocka and Node count in their output; a program that died in between has failed once. */
function countUnit(entry) {
  const text = `${entry.stdout ?? ''}\n${entry.stderr ?? ''}`;
  const passed = sumOf(text, /^(?:\[ {2}PASSED {2}\]|# pass) (\d+)/gm);
  const failed = sumOf(text, /^(?:\[ {2}FAILED {2}\]|# fail) (\d+)/gm);
  const skipped = sumOf(text, /^(?:\[ {2}SKIPPED \]|# skipped) (\d+)/gm);
  if (entry.result !== 'OK') return { passed, failed: Math.max(failed, 1), skipped };
  // A test of another kind says yes or no by its exit status.
  return { passed: passed + failed + skipped === 0 ? 1 : passed, failed, skipped };
}

async function runUnit() {
  const log = join(BUILD, 'meson-logs', 'testlog.json');
  // Some of them stop their PostgreSQL on purpose, so they start their own and skip nothing.
  const args = ['test', '-C', BUILD, '--no-rebuild', '--print-errorlogs', '-q'];
  args.push('--timeout-multiplier', `${UNIT_TIMES}`);
  await show('meson', args, { CAREOPS_TEST_POSTGRES: undefined });
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const counts = countUnit(JSON.parse(line));
    for (const kind of Object.keys(total)) total[kind] += counts[kind];
  }
  return total;
}

const FILES_AT_ONCE = 2;
// Their figures are those of a machine that does nothing else.
const ONE_AT_A_TIME = ['tests/chaos', 'tests/disk'];

async function runNode(folder, env = {}) {
  const atOnce = ONE_AT_A_TIME.includes(folder) ? 1 : FILES_AT_ONCE;
  const files = readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join(folder, name))
    .sort();
  const notes = temporaryFolder('counts');
  const counts = join(notes, 'counts.json');
  const { code } = await show(
    process.execPath,
    [
      ...['--test', `--test-concurrency=${atOnce}`, `--test-timeout=${FILE_MS}`],
      ...['--test-reporter', join(ROOT, 'tests/lib/reporter.mjs')],
      ...['--test-reporter-destination', 'stdout', ...files],
    ],
    { ...env, CAREOPS_COUNTS: counts },
  );
  const total = existsSync(counts)
    ? JSON.parse(readFileSync(counts, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  removeFolder(notes);
  // A runner that broke down outside its tests must not pass for green.
  if (code !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

/** A runner of another kind ends with the line `N passed, N failed`. */
async function runOther(command, args, env = {}) {
  const { code, output } = await show(command, args, env);
  const lines = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)];
  const last = lines.at(-1);
  const total = {
    passed: Number(last?.[1] ?? 0),
    failed: Number(last?.[2] ?? 0),
    skipped: Number(last?.[3] ?? 0),
  };
  if (code !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

/** The folders of tests/ with tests for Node of their own, but for those that run per engine. */
function nodeFolders() {
  return readdirSync(join(ROOT, 'tests'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['api', 'browser'].includes(entry.name))
    .map((entry) => entry.name)
    .filter((name) =>
      readdirSync(join(ROOT, 'tests', name)).some((file) => file.endsWith('.test.mjs')),
    )
    .sort();
}

const PARTS = {
  lint: () => runOther(process.execPath, ['tools/lint.mjs']),
  unit: () => runUnit(),
  ...Object.fromEntries(nodeFolders().map((name) => [name, () => runNode(`tests/${name}`)])),
  'api-sqlite': () => runNode('tests/api', { CAREOPS_TEST_ENGINE: 'sqlite' }),
  'api-postgres': () => runNode('tests/api', { CAREOPS_TEST_ENGINE: 'postgres' }),
  browser: () => runOther('tests/browser/run.sh', []),
};

async function main() {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown) {
    console.error(`run.mjs: no part ${unknown}; there are ${Object.keys(PARTS).join(', ')}`);
    process.exit(2);
  }

  // As durable as in earnest, unless the tests are asked to hurry.
  const cluster = await startPostgres({ fsync: process.env.CAREOPS_TEST_FSYNC !== 'off' });
  process.env.CAREOPS_TEST_POSTGRES = cluster.url;
  const total = { passed: 0, failed: 0 };
  const table = [];
  for (const name of names.length > 0 ? names : Object.keys(PARTS)) {
    console.log(`\n== ${name}`);
    const startMs = performance.now();
    const counts = await PARTS[name]().catch((error) => {
      console.log(`FAILED: ${error.stack}`);
      return { passed: 0, failed: 1, skipped: 0 };
    });
    if (counts.passed + counts.failed === 0) {
      console.log(`FAILED: ${name} ran no test`);
      counts.failed = 1;
    }
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    const sums = `${counts.passed} passed, ${counts.failed} failed${skipped}`;
    table.push(`${name.padEnd(14)}${sums} (${seconds} s)`);
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  await cluster.stop();

  if (failures.length > 0) console.log(`\n== what failed\n${failures.join('\n')}`);
  console.log(`\n${table.join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

await main();
