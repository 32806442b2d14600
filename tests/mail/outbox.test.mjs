// SPDX-License-Identifier: AGPL-3.0-or-later
// The outbox against a stand-in for Resend that fails in every way it can, and a mailer that is
// killed at random moments: each message is accepted exactly once, none is missing. Time runs some
// hundred times as fast, so that backoff and leases pass in seconds. SOAK=1 runs ten times as many.
// SEED chooses other faults and moments; VERBOSE=1 shows the mailers' logs.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { freshDatabase, startPostgres } from '../lib/postgres.mjs';
import { FAULTS, randomFaults, startResend } from '../resend/standin.mjs';
import { startSmtp } from '../smtp/server.mjs';
import { MAILER_DRIVER, runLines } from './driver.mjs';
import { generator } from './strings.mjs';

const SCALE = process.env.SOAK === '1' ? 10 : 1;
const SPEED = 300;
const SEED = Number(process.env.SEED ?? 20261122);
const DONE_MS = 120_000 * SCALE;

const folder = mkdtempSync(join(tmpdir(), 'careops-outbox-'));
let cluster;
before(async () => {
  if (!process.env.CAREOPS_TEST_POSTGRES) cluster = await startPostgres({ fsync: false });
});
after(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

// Those that only cost time until the deadline are rarer.
const SLOW = ['accept-then-hang', 'accept-slow'];
// A used-up quota stops everybody for an hour: it has its turn where each fault has one.
const LEFT_OUT = ['ok', 'quota'];
const QUICK = FAULTS.filter((fault) => !LEFT_OUT.includes(fault) && !SLOW.includes(fault));
const KINDS = [...SLOW, ...QUICK, ...QUICK, ...QUICK];

async function makeDatabase(engine, name) {
  if (engine === 'sqlite') return `sqlite:${join(folder, `${name}.db`)}`;
  return freshDatabase(process.env.CAREOPS_TEST_POSTGRES ?? cluster.url);
}

/** An outbox with messages 1 … count, and the mailers that deliver it. */
class Outbox {
  constructor(database, env) {
    this.database = database;
    this.env = { SPEED, BEGAN_MS: Date.now(), TIMEOUT_MS: 400, LEASE_S: 300, ...env };
    this.running = new Set();
  }

  async put(first, last) {
    await runLines(MAILER_DRIVER, [this.database, 'put', `${first}`, `${last}`], [], this.env);
  }

  async counts() {
    const [line] = await runLines(MAILER_DRIVER, [this.database, 'count'], [], this.env);
    return JSON.parse(line);
  }

  /** A mailer that runs already. */
  async start(url) {
    const child = spawn(MAILER_DRIVER, [this.database, 'run', url], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', process.env.VERBOSE ? 'inherit' : 'ignore'],
    });
    this.running.add(child);
    child.ended = once(child, 'close');
    child.ended.then(() => this.running.delete(child));
    await once(child.stdout, 'data');
    return child;
  }

  async kill(child) {
    child.kill('SIGKILL');
    await child.ended;
  }

  async stop() {
    for (const child of this.running) {
      child.kill('SIGTERM');
      await child.ended;
    }
  }
}

/** Resolves once so many e-mails are accepted; fails when that takes too long. */
async function untilAccepted(resend, count) {
  await resend.waitFor(count, DONE_MS);
}

/** After the last acceptance the last outcomes still have to be learnt. */
async function untilAllSent(outbox, url, count) {
  for (const end = Date.now() + DONE_MS; Date.now() < end; ) {
    await outbox.stop();
    const counts = await outbox.counts();
    if (counts.sent === count) return counts;
    assert.equal(counts.failed, 0, JSON.stringify(counts));
    await outbox.start(url);
    await sleep(500);
  }
  return outbox.counts();
}

function checkOnce(resend, count) {
  const keys = resend.accepted.map((one) => one.key);
  assert.equal(keys.length, count, 'accepted');
  assert.equal(new Set(keys).size, count, 'each once');
  const recipients = new Set(resend.accepted.map((one) => one.email.to[0]));
  assert.equal(recipients.size, count, 'each person one');
  const hashes = new Map(resend.accepted.map((one) => [one.key, one.hash]));
  for (const { key, hash } of resend.requests) {
    assert.equal(hash, hashes.get(key), 'every try has the same bytes');
  }
}

for (const engine of ['sqlite', 'postgres']) {
  test(`${engine}: after each fault, met twice, the message was accepted once`, async () => {
    const kinds = FAULTS.filter((fault) => fault !== 'ok');
    const met = new Map(); // key → its fault, and how often it was called with it
    const times = (fault) => (['quota', 'busy'].includes(fault) ? 1 : 2);
    const chooseFault = (_, { key }) => {
      if (!met.has(key)) met.set(key, { fault: kinds[met.size], calls: 0 });
      const one = met.get(key);
      one.calls += 1;
      return one.calls <= times(one.fault) ? one.fault : 'ok';
    };
    const resend = await startResend({ ratePerSecond: 1e6, chooseFault, busyMs: 600 });
    const env = { RESEND_KEY: resend.apiKey, RESEND_URL: resend.url, PER_SECOND: 1000 };
    const outbox = new Outbox(await makeDatabase(engine, 'each'), env);
    try {
      await outbox.put(1, kinds.length);
      await outbox.start('resend');
      await untilAccepted(resend, kinds.length);
      const counts = await untilAllSent(outbox, 'resend', kinds.length);
      assert.deepEqual(counts, { queued: 0, sent: kinds.length, failed: 0, suppressed: 0 });
      checkOnce(resend, kinds.length);
      for (const { fault, calls } of met.values()) assert.ok(calls > times(fault), `${fault}: ${calls}`);
    } finally {
      await outbox.stop();
      await resend.stop();
    }
  });
}

for (const [engine, count] of [
  ['sqlite', 2000 * SCALE],
  ['postgres', 600 * SCALE],
]) {
  test(`${engine}: with 30 % of calls faulted each of ${count} messages arrives once`, async () => {
    const resend = await startResend({
      ratePerSecond: 1e6,
      chooseFault: randomFaults(30, SEED, KINDS),
      busyMs: 100,
    });
    const env = { RESEND_KEY: resend.apiKey, RESEND_URL: resend.url, PER_SECOND: 1000 };
    const outbox = new Outbox(await makeDatabase(engine, 'faults'), env);
    try {
      await outbox.put(1, count);
      await outbox.start('resend');
      if (engine === 'postgres') await outbox.start('resend');
      await untilAccepted(resend, count);
      const counts = await untilAllSent(outbox, 'resend', count);
      assert.deepEqual(counts, { queued: 0, sent: count, failed: 0, suppressed: 0 });
      checkOnce(resend, count);
      const faulted = resend.requests.filter((one) => one.fault && one.fault !== 'ok');
      const kinds = new Set(faulted.map((one) => one.fault));
      assert.equal(kinds.size, FAULTS.length - LEFT_OUT.length, 'every kind of fault was met');
      assert.ok(faulted.length > count / 5, `${faulted.length} faults`);
    } finally {
      await outbox.stop();
      await resend.stop();
    }
  });
}

for (const [engine, kills] of [
  ['sqlite', 100 * SCALE],
  ['postgres', 30 * SCALE],
]) {
  test(`${engine}: a mailer killed ${kills} times loses nothing and doubles nothing`, async () => {
    const PER_KILL = 8;
    const { below } = generator(SEED);
    const resend = await startResend({
      ratePerSecond: 1e6,
      chooseFault: randomFaults(15, SEED + 1, ['accept-then-reset', 'refuse-500', 'redirect']),
    });
    const env = { RESEND_KEY: resend.apiKey, RESEND_URL: resend.url, PER_SECOND: 1000 };
    const outbox = new Outbox(await makeDatabase(engine, 'kills'), env);
    try {
      let busy = 0;
      for (let n = 0; n < kills; n += 1) {
        await outbox.put(n * PER_KILL + 1, (n + 1) * PER_KILL);
        const before = resend.requests.length;
        const child = await outbox.start('resend');
        await sleep(below(60));
        await outbox.kill(child);
        busy += resend.requests.length > before ? 1 : 0;
      }
      assert.ok(busy > kills / 4, `${busy} of ${kills} were killed at work`);
      const count = kills * PER_KILL;
      await outbox.start('resend');
      await untilAccepted(resend, count);
      const counts = await untilAllSent(outbox, 'resend', count);
      assert.deepEqual(counts, { queued: 0, sent: count, failed: 0, suppressed: 0 });
      checkOnce(resend, count);
    } finally {
      await outbox.stop();
      await resend.stop();
    }
  });
}

test('smtp: every message arrives, and twice only where the answer was lost', async () => {
  const count = 200 * SCALE;
  const kinds = ['rcpt-temp', 'data-temp', 'drop', 'accept-then-drop'];
  const { below } = generator(SEED + 2);
  const messageFaults = Array.from({ length: count * 2 }, () =>
    below(100) < 20 ? kinds[below(kinds.length)] : 'ok',
  );
  const smtp = await startSmtp({ messageFaults });
  const outbox = new Outbox(await makeDatabase('sqlite', 'smtp'), { CA_FILE: smtp.caFile });
  try {
    await outbox.put(1, count);
    await outbox.start(smtp.url);
    await smtp.waitFor(count, DONE_MS);
    const counts = await untilEnded(outbox, smtp.url);
    assert.equal(counts.queued, 0);
    const seen = new Map();
    for (const { raw, to } of smtp.messages) {
      const id = /^Message-ID: (<[^>]+>)/m.exec(raw.toString('latin1'))[1];
      seen.set(to[0], [...(seen.get(to[0]) ?? []), id]);
    }
    assert.ok(seen.size >= counts.sent, 'what is called sent has arrived');
    for (const ids of seen.values()) {
      assert.equal(new Set(ids).size, 1, 'a second one has the same Message-ID');
      assert.ok(ids.length <= 2);
    }
    assert.ok(counts.failed <= count / 20, `${counts.failed} were given up after two lost answers`);
  } finally {
    await outbox.stop();
    await smtp.stop();
  }
});

async function untilEnded(outbox, url) {
  for (const end = Date.now() + DONE_MS; Date.now() < end; ) {
    await outbox.stop();
    const counts = await outbox.counts();
    if (counts.queued === 0) return counts;
    await outbox.start(url);
    await sleep(500);
  }
  return outbox.counts();
}
