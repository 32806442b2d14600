// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs a command beside a private PostgreSQL, whose maintenance database it finds in
// CAREOPS_TEST_POSTGRES:
//
//   node tests/lib/with-postgres.mjs [--no-fsync] -- meson test -C build

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { startPostgres } from './postgres.mjs';

const split = process.argv.indexOf('--');
const options = process.argv.slice(2, split < 0 ? undefined : split);
const [command, ...args] = split < 0 ? [] : process.argv.slice(split + 1);
if (!command || options.some((option) => option !== '--no-fsync')) {
  console.error('usage: with-postgres.mjs [--no-fsync] -- COMMAND [ARGUMENT ...]');
  process.exit(2);
}

const cluster = await startPostgres({ fsync: !options.includes('--no-fsync') });
const child = spawn(command, args, {
  stdio: 'inherit',
  env: { ...process.env, CAREOPS_TEST_POSTGRES: cluster.url },
});
const [code] = await once(child, 'close');
await cluster.stop();
process.exit(code ?? 1);
