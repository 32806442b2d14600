// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs the test files of this folder and prints the sums: two at a time, since a page mostly waits,
// and those that measure a page one after another, since that wants the machine to itself.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { removeFolder, temporaryFolder } from '../lib/process.mjs';

const FILE_MS = (process.env.SOAK === '1' ? 60 : 20) * 60_000;
const MEASURED = ['flow', 'office_calendar', 'office_speed', 'speed', 'staff_look'];
const here = import.meta.dirname;

async function run(names, atOnce) {
  const notes = temporaryFolder('browser-counts');
  const counts = join(notes, 'counts.json');
  const child = spawn(
    process.execPath,
    [
      ...['--test', `--test-concurrency=${atOnce}`, `--test-timeout=${FILE_MS}`],
      ...['--test-reporter', join(here, '../lib/reporter.mjs')],
      ...['--test-reporter-destination', 'stdout', ...names.map((name) => join(here, name))],
    ],
    { stdio: 'inherit', env: { ...process.env, CAREOPS_COUNTS: counts } },
  );
  const [code] = await once(child, 'close');
  const sums = JSON.parse(readFileSync(counts, 'utf8'));
  removeFolder(notes);
  if (code !== 0 && sums.failed === 0) sums.failed = 1;
  return sums;
}

const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)))
  .sort();
const isMeasured = (name) => MEASURED.includes(name.replace('.test.mjs', ''));

const total = { passed: 0, failed: 0, skipped: 0 };
for (const [names, atOnce] of [
  [files.filter((name) => !isMeasured(name)), 2],
  [files.filter(isMeasured), 1],
]) {
  if (names.length === 0) continue;
  const sums = await run(names, atOnce);
  for (const kind of Object.keys(total)) total[kind] += sums[kind];
}
const { passed, failed, skipped } = total;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
