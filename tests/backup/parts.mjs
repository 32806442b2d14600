// SPDX-License-Identifier: AGPL-3.0-or-later
// What the tests of backups share: a business under load whose acknowledged bookings are remembered
// with their moments, the commands with their exit status, and whether a copy is a prefix.
//
//   const load = await startLoad(t, server, { clerks: 6 });
//   await load.acked(50)            once so many more were acknowledged
//   await load.stop()
//   assertPrefix(load.history, idsInTheCopy, { beganMs, endedMs })

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Client, expectStatus } from '../lib/client.mjs';
import { eventually, spawnBound } from '../lib/process.mjs';
import { everyDay, makeSalon } from '../lib/salon.mjs';
import { BINARY } from '../lib/server.mjs';

const DAY_MS = 86_400_000;
const STEP_MS = 15 * 60_000;
const COMMAND_MS = 120_000;

/** Numbers from a seed (mulberry32): 0 up to, not including, 1. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// ---- the program's commands

/** Starts a command of the program; `ended` gives its exit status, or its signal, and its words. */
export function begin(server, args, env = {}) {
  const child = spawnBound(BINARY, args, {
    env: server.settings(env),
    cwd: server.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (part) => {
      said[stream] += part;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), COMMAND_MS);
  const ended = once(child, 'close').then(([status, signal]) => {
    clearTimeout(timer);
    return { status: status ?? signal, ...said };
  });
  return { child, ended };
}

export const command = (server, args, env) => begin(server, args, env).ended;

/** A backup that has to succeed: its report, with the moments around it. */
export async function backup(server, file, ...more) {
  const beganMs = performance.now();
  const { status, stdout, stderr } = await command(server, ['backup', file, ...more]);
  const endedMs = performance.now();
  assert.equal(status, 0, stderr);
  return { ...JSON.parse(stdout), beganMs, endedMs };
}

export async function restore(server, file, ...more) {
  const { status, stdout, stderr } = await command(server, ['restore', file, ...more]);
  assert.equal(status, 0, stderr);
  return `${stdout}${stderr}`;
}

/** Whether this program has `careops audit`, and what it says of a database. */
let hasAudit = null;
export async function assertAudited(server, env = {}) {
  hasAudit ??= /^ {2}audit /m.test((await command(server, ['--help'])).stdout);
  if (!hasAudit) return false;
  const { status, stdout, stderr } = await command(server, ['audit'], env);
  assert.equal(status, 0, `${stdout}${stderr}`);
  return true;
}

// ---- folders

/** Every file of a folder with its mode, size and content: equal when nothing was touched. */
export function contentsOf(folder) {
  const found = [];
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    const path = join(folder, name);
    const { mode, size } = lstatSync(path);
    const isFile = (mode & 0o170000) === 0o100000;
    const hash = isFile ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    found.push(`${name} ${mode.toString(8)} ${isFile ? size : ''} ${hash}`);
  }
  return found;
}

export const pathOf = (server) => server.db.replace(/^sqlite:/, '');

// ---- the load

class Load {
  constructor(server, salon) {
    Object.assign(this, { server, salon, history: [], slowestMs: 0, over: false, working: [] });
  }

  /** One clerk books one person's day from front to back: its bookings come one after another. */
  async clerk(staffId) {
    const visitor = new Client(this.server.baseUrl);
    let at = Math.ceil(Date.now() / DAY_MS) * DAY_MS + DAY_MS;
    while (!this.over) {
      const start = new Date(at).toISOString().replace('.000Z', 'Z');
      const body = {
        service_ids: [this.salon.services[0].id],
        staff_id: staffId,
        start,
        client: { name: 'Cleo Client', email: `c${staffId}@client.example` },
      };
      const path = `/public/${this.salon.slug}/bookings`;
      const sentMs = performance.now();
      const answer = await visitor.post(path, body, { key: true });
      expectStatus(answer, 201);
      const ackedMs = performance.now();
      this.slowestMs = Math.max(this.slowestMs, ackedMs - sentMs);
      this.history.push({ name: `${staffId} ${at / 1000}`, sentMs, ackedMs });
      at += STEP_MS;
    }
  }

  acked(more, timeoutMs = 60_000) {
    const goal = this.history.length + more;
    return eventually(`${more} bookings are made`, () => this.history.length >= goal, timeoutMs);
  }

  async stop() {
    this.over = true;
    await Promise.all(this.working);
  }
}

/** `t`: the test, whose failure ends the load as well. */
export async function startLoad(t, server, { clerks = 6 } = {}) {
  const salon = await makeSalon(server, {
    timezone: 'Etc/UTC',
    hours: everyDay('00:00', '24:00'),
    policy: { slot_step_min: 15, min_notice_min: 0, max_advance_days: 730, cancel_cutoff_min: 0 }, // a long run books far ahead
    staff: Array.from({ length: clerks }, (_, index) => `Person ${index}`),
    services: [{ name: 'Cut', duration_min: 15, price: 2000 }],
  });
  const load = new Load(server, salon);
  t?.after(() => {
    load.over = true;
  });
  load.working = salon.staff.map(({ id }) => load.clerk(id));
  for (const one of load.working) one.catch(() => {}); // told by stop()
  return load;
}

/** The bookings of a database by the names that the history has for them. */
export const BOOKINGS = "SELECT staff_id || ' ' || start_s FROM booking ORDER BY 1";

/**
 * What was acknowledged before the backup began is there, what was sent after it ended is not, and
 * nothing is missing that was acknowledged before something that is there was sent.
 */
export function assertPrefix(history, names, { beganMs, endedMs }) {
  const present = new Set(names);
  const ofCopy = history.filter(({ name }) => present.has(name));
  const newestSentMs = Math.max(0, ...ofCopy.map(({ sentMs }) => sentMs));
  for (const { name, sentMs, ackedMs } of history) {
    const isThere = present.has(name);
    const mustBe = ackedMs < beganMs || ackedMs < newestSentMs;
    assert.ok(isThere || !mustBe, `${name} was acknowledged and is not in the copy`);
    assert.ok(!isThere || sentMs < endedMs, `${name} is in the copy, from after it`);
  }
  return ofCopy.length;
}
