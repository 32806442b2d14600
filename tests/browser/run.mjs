// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs the test files of this folder one after another, since a measured page wants the machine to
// itself, and prints the sums.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { removeFolder, temporaryFolder } from '../lib/process.mjs';

const FILE_MS = (process.env.SOAK === '1' ? 60 : 20) * 60_000;
const here = import.meta.dirname;

const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)))
  .sort()
  .map((name) => join(here, name));

const notes = temporaryFolder('browser-counts');
const counts = join(notes, 'counts.json');
const child = spawn(
  process.execPath,
  [
    ...['--test', '--test-concurrency=1', `--test-timeout=${FILE_MS}`],
    ...['--test-reporter', join(here, '../lib/reporter.mjs')],
    ...['--test-reporter-destination', 'stdout', ...files],
  ],
  { stdio: 'inherit', env: { ...process.env, CAREOPS_COUNTS: counts } },
);
const [code] = await once(child, 'close');
const { passed, failed, skipped } = JSON.parse(readFileSync(counts, 'utf8'));
removeFolder(notes);

const broken = code !== 0 && failed === 0 ? 1 : failed;
console.log(`${passed} passed, ${broken} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = broken > 0 || passed === 0 ? 1 : 0;
