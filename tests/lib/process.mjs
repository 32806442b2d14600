// SPDX-License-Identifier: AGPL-3.0-or-later
// Child processes and temporary folders that never outlive the test that made them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The top of the source tree. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const POLL_MS = 25;
const children = new Set();
const folders = new Set();

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // An exit by signal would skip the handler above.
  process.once(name, () => process.exit(1));
}

export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `careops-${name}-`));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/**
 * Starts a program that the kernel ends when this process dies, however it dies. `deathSignal` is
 * what it then gets; `user` runs it as somebody else, which only root may.
 */
export function spawnBound(command, args, { deathSignal = 'KILL', user, ...options } = {}) {
  const change = user ? [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'] : [];
  const wrapped = [`--pdeathsig=${deathSignal}`, ...change, '--', command, ...args];
  const child = spawn('setpriv', wrapped, options);
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Runs a program to its end and gives its standard output; a failure carries what it said. */
export async function run(command, args, { input, timeoutMs = 60_000, ...options } = {}) {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  children.add(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (part) => {
      said[stream] += part;
    });
  }
  child.stdin.on('error', () => {}); // it may end before it has read everything
  child.stdin.end(input);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  children.delete(child);
  if (code !== 0) {
    throw new Error(`${command} ended with ${code ?? signal}: ${said.stderr || said.stdout}`);
  }
  return said.stdout;
}

/** A loopback port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Asks `probe` until it gives something true, and gives that. Fails with `what` after `timeoutMs`,
 * or at once when the probe throws.
 */
export async function eventually(what, probe, timeoutMs = 10_000) {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(POLL_MS);
  }
}
