// SPDX-License-Identifier: AGPL-3.0-or-later
// A Chaos Day as a test plays it: the built program on a database of its own, started, killed and
// judged by `careops chaos`.
//
//   const day = await playDay(t, { engine: 'sqlite', minutes: 3, kills: 300, seed: 7 });
//   day.status, day.verdict (its JSON), day.said (standard error), day.bareMs
//   await audit(day)            what `careops audit` says of the database afterwards
//
// PostgreSQL runs in a cluster of the day's own, as durable as in earnest, which the day kills too.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import { startPostgres } from '../lib/postgres.mjs';
import { eventually, freePort, removeFolder, spawnBound, temporaryFolder } from '../lib/process.mjs';
import { BINARY } from '../lib/server.mjs';

const BARE_STARTS = 8;
const READY_MS = 1000; // what the figure is for, on a machine that has nothing else to do
const NOISE = 5; // so much slower than a bare start may a start after kill -9 and under load be

/** Nothing of the caller's own settings reaches the day. */
function cleanEnvironment() {
  // A defect that was put in on purpose is part of the program (tests/bugs).
  const pairs = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CAREOPS_') || name === 'CAREOPS_SEEDED',
  );
  return Object.fromEntries(pairs);
}

const quote = (word) => `'${String(word).replaceAll("'", "'\\''")}'`;

/** How long the program takes to be ready when nobody has killed it and nobody asks it anything. */
async function bareStart(world) {
  const begun = performance.now();
  const child = spawnBound('/bin/sh', ['-c', world.start], {
    env: { ...cleanEnvironment(), CAREOPS_MAIL: `file:${join(world.folder, 'mail')}` },
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  await eventually('a bare start is ready', async () => {
    const answer = await fetch(`${world.url}/readyz`).catch(() => null);
    await answer?.arrayBuffer();
    return answer?.status === 200;
  }, 60_000);
  const took = performance.now() - begun;
  child.kill('SIGTERM');
  await ended;
  return took;
}

async function bareStarts(world) {
  const took = [];
  for (let i = 0; i < BARE_STARTS; i += 1) took.push(await bareStart(world));
  return took;
}

async function makeWorld(t, engine) {
  const folder = temporaryFolder(`chaos-${engine}`);
  const port = await freePort();
  const world = { engine, folder, url: `http://127.0.0.1:${port}`, cluster: null };
  t.after(() => removeFolder(folder));
  world.env = { CAREOPS_LISTEN: `127.0.0.1:${port}`, CAREOPS_DATA: join(folder, 'data') };
  if (engine === 'postgres') {
    world.cluster = await startPostgres({ fsync: true });
    t.after(() => world.cluster.stop());
    world.env.CAREOPS_DB = world.cluster.url;
  }
  const settings = Object.entries(world.env).map(([name, value]) => `${name}=${quote(value)}`);
  world.start = `${settings.join(' ')} exec ${quote(BINARY)} serve`;
  return world;
}

/**
 * Runs `careops chaos` to its end; what it said, whatever its exit status. `breakOff`: as soon as it
 * says something like this on standard error, somebody presses Ctrl-C, once.
 */
export async function runChaos(args, { timeoutMs = 60_000, breakOff } = {}) {
  const child = spawn(BINARY, ['chaos', ...args], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (part) => {
      said[stream] += part;
    });
  }
  let told = !breakOff;
  child.stderr.on('data', () => {
    if (!told && breakOff.test(said.stderr)) told = child.kill('SIGINT');
  });
  // Asked twice, it ends what it has started and then itself.
  const end = () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGTERM'), 2000).unref();
  };
  const timer = setTimeout(end, timeoutMs);
  process.once('exit', end);
  const [status] = await once(child, 'close');
  clearTimeout(timer);
  process.removeListener('exit', end);
  return { status, ...said };
}

export async function playDay(t, { engine, minutes, kills = 0, clients = 64, seed = 1, more = [], breakOff }) {
  const world = await makeWorld(t, engine);
  const bare = kills > 0 ? await bareStarts(world) : [0];
  if (world.cluster) await world.cluster.halt();
  const bareMs = Math.ceil(Math.max(...bare));
  const readyWithinMs = Math.max(READY_MS, NOISE * bareMs);
  const output = join(world.folder, 'said');
  const args = [
    ...['--url', world.url, '--clients', clients, '--minutes', minutes, '--seed', seed],
    ...['--kills', kills, '--start', world.start, '--ready-ms', readyWithinMs],
    ...['--output', output, '--report', join(world.folder, 'day.html')],
    ...['--history', join(world.folder, 'day.jsonl'), '--json', ...more],
    ...(world.cluster ? ['--database', world.cluster.command] : []),
  ].map(String);
  const timeoutMs = (minutes * 4 + 12) * 60_000;
  const day = await runChaos(args, { timeoutMs, breakOff });
  const logs = existsSync(output) ? readFileSync(output, 'utf8').slice(-3000) : '';
  let verdict = null;
  try {
    verdict = JSON.parse(day.stdout);
  } catch {
    // It could not be played; its words on standard error say why.
  }
  return { ...day, world, verdict, logs, bareMs, readyWithinMs };
}

/** The figures of a day as one line, each with what it is. */
export function figures(day) {
  const { verdict: v } = day;
  return [
    `${day.world.engine}: ${v.acknowledged_bookings} bookings acknowledged, ${v.lost} lost`,
    `${v.doubled} doubled, ${v.unknown} calls unknown`,
    `${v.injected.kill_server} kills of the server, ${v.injected.kill_database} of the database`,
    `${v.injected.provider} provider faults`,
    `ready again p50 ${v.ready_p50} ms, p99 ${v.ready_p99} ms, at most ${v.ready_max} ms`,
    `(a bare start in the same run: at most ${day.bareMs} ms; bound ${day.readyWithinMs} ms)`,
  ].join(', ');
}

/** What the judges found, by judge. */
export function findingsOf(day) {
  const found = day.verdict.judgements.filter(({ findings }) => findings > 0);
  return Object.fromEntries(found.map(({ name, told }) => [name, told]));
}

/** The database that the day left behind, looked at by `careops audit`. */
export async function auditOf(day, { judged = true } = {}) {
  const { world } = day;
  const env = { ...cleanEnvironment(), ...world.env };
  let database = null;
  if (world.cluster) {
    database = spawnBound('/bin/sh', ['-c', world.cluster.command], { deathSignal: 'INT', stdio: 'ignore' });
  }
  const ended = database && once(database, 'close');
  try {
    const report = await eventually('careops audit can look', async () => {
      const said = await runAudit(env);
      return said.status === 2 ? false : said;
    }, 60_000);
    if (!judged) return report.json;
    const found = report.json.checks.filter(({ ok }) => !ok);
    assert.deepEqual(found, [], report.stdout);
    assert.equal(report.status, 0);
    return report.json;
  } finally {
    database?.kill('SIGINT');
    await ended;
  }
}

async function runAudit(env) {
  const child = spawn(BINARY, ['audit', '--json'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    stdout += part;
  });
  const [status] = await once(child, 'close');
  return { status, stdout, json: status === 2 ? null : JSON.parse(stdout) };
}
