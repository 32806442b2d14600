// SPDX-License-Identifier: AGPL-3.0-or-later
// Backups at random moments while clients book: each is sound, starts as a database of its own, and
// holds a prefix of what was acknowledged. SOAK=1 takes 1,020, of 34 businesses one after the other,
// so that neither the calendar of one nor the disk is ever full. BACKUP_SEED repeats one run.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { removeFolder, temporaryFolder } from '../lib/process.mjs';
import { prepareServer, startServer } from '../lib/server.mjs';
import {
  BOOKINGS,
  assertAudited,
  assertPrefix,
  backup,
  begin,
  pathOf,
  restore,
  seeded,
  startLoad,
} from './parts.mjs';

const SOAK = process.env.SOAK === '1';
const ROUNDS = SOAK ? 34 : 1;
const MOMENTS = 30; // of a round
const STARTS = SOAK ? 3 : 10; // of them, on which a server is started
const PAUSE_MS = 200;
const seed = Number(process.env.BACKUP_SEED ?? (SOAK ? Date.now() % 1e9 : 20261127));

/** Restores into a place of its own, looks at it as a file, and starts a server on it. */
async function tryCopy(t, source, taken, starts) {
  const copy = await prepareServer(null, { engine: 'sqlite' });
  t.after(() => copy.remove());
  mkdirSync(copy.data);
  copyFileSync(join(source.data, 'secret.key'), join(copy.data, 'secret.key'));
  const said = await restore(copy, taken.file);
  assert.doesNotMatch(said, /warning/);
  assert.deepEqual(await sql(copy, 'PRAGMA quick_check'), ['ok']);
  assert.deepEqual(await sql(copy, 'PRAGMA foreign_key_check'), []);
  const names = await sql(copy, BOOKINGS);
  assert.equal(new Set(names).size, names.length, 'no booking is there twice');
  const [newest] = await sql(copy, 'SELECT MAX(id) FROM audit_event');
  assert.equal(taken.newest_event, newest);
  const audited = await assertAudited(copy);
  if (starts) {
    await copy.start();
    assert.equal((await fetch(`${copy.baseUrl}/readyz`)).status, 200);
    await copy.stop();
    assert.deepEqual(await sql(copy, BOOKINGS), names);
  }
  await copy.remove();
  return { names, audited };
}

/** Backups of one business while it is booked; what came of them. */
async function oneRound(t, random) {
  const server = await startServer(null, { engine: 'sqlite' });
  const folder = temporaryFolder('backups');
  try {
    const load = await startLoad(t, server);
    await load.acked(20);

    const taken = [];
    for (let i = 0; i < MOMENTS; i += 1) {
      await sleep(random() * PAUSE_MS);
      const before = load.history.length;
      const one = await backup(server, join(folder, `${i}.db`));
      assert.equal(statSync(one.file).mode & 0o777, 0o600);
      assert.equal(statSync(one.file).size, one.bytes);
      taken.push({ ...one, during: load.history.length - before });
    }
    await load.stop();
    assert.equal(readdirSync(folder).length, MOMENTS, 'and nothing else lies beside them');

    let audits = 0;
    let newest = 0;
    for (const [i, one] of taken.entries()) {
      const { names, audited } = await tryCopy(t, server, one, i % (MOMENTS / STARTS) === 0);
      newest = assertPrefix(load.history, names, one);
      audits += audited;
    }
    const during = taken.reduce((sum, one) => sum + one.during, 0);
    assert.ok(during > MOMENTS / 4, `only ${during} bookings were acknowledged during backups`);
    assert.ok(newest > 20);
    return { audits, during, booked: load.history.length };
  } finally {
    await server.remove();
    removeFolder(folder);
  }
}

test('a backup at any moment is a prefix of what was acknowledged', async (t) => {
  const random = seeded(seed);
  const total = { audits: 0, during: 0, booked: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await oneRound(t, random);
    for (const what of Object.keys(total)) total[what] += one[what];
  }
  console.log(
    `backups at ${ROUNDS * MOMENTS} random moments (seed ${seed}): ${ROUNDS * MOMENTS} restored,` +
      ` ${ROUNDS * STARTS} served, ${total.audits} audited; ${total.booked} bookings acknowledged,` +
      ` ${total.during} of them while a backup ran; 0 lost, 0 from later, 0 gaps`,
  );
});

/** A backup that was stopped while it copies. It looks without a pause, since one takes a moment. */
async function standStill(server, folder) {
  for (let tries = 0; tries < 50; tries += 1) {
    const part = join(folder, `slow${tries}.db.part`);
    const beganMs = performance.now();
    const { child, ended } = begin(server, ['backup', part.slice(0, -'.part'.length)]);
    while (!existsSync(part) && performance.now() < beganMs + 5000);
    child.kill('SIGSTOP');
    // One that has all its pages only looks at its copy, and holds up nothing any more.
    if (existsSync(part) && statSync(part).size < statSync(pathOf(server)).size) return { child, ended, beganMs };
    child.kill('SIGCONT');
    await ended;
  }
  throw new Error('no backup could be stopped on its way');
}

test('a backup may take longer than the log is patient, and nobody waits for it', async (t) => {
  const server = await startServer(t, { engine: 'sqlite' });
  const folder = temporaryFolder('backups');
  t.after(() => removeFolder(folder));
  const load = await startLoad(t, server, { clerks: 8 });
  await load.acked(50);
  const wal = () => statSync(`${pathOf(server)}-wal`).size;

  // It makes its file when it has its snapshot, and stands still with it until the log is far past where the writer insists.
  const { child, ended, beganMs } = await standStill(server, folder);
  await load.acked(1);
  load.slowestMs = 0;
  // An erasure asks for the log to be cut to nothing: that waits as well, and holds nobody up.
  const person = { name: 'Ella Erased', email: 'ella@client.example' };
  const { owner } = load.salon;
  const { id } = expectStatus(await owner.post('/clients', person), 201);
  const erased = await owner.post(`/clients/${id}/erase`, { name: person.name });
  assert.ok([200, 201].includes(erased.status), erased.text);
  const frame = 4096;
  for (let rounds = 0; wal() < 11_500 * frame; rounds += 1) {
    assert.ok(rounds < 100, `the log has ${wal()} bytes`);
    await load.acked(20);
  }
  const [grown, slowestMs] = [wal(), load.slowestMs];
  child.kill('SIGCONT');
  const { status, stdout, stderr } = await ended;
  assert.equal(status, 0, stderr);
  const taken = { ...JSON.parse(stdout), beganMs, endedMs: performance.now() };

  // Then the log starts over.
  await load.acked(400);
  await load.stop();
  assert.ok(wal() <= 40 * 1024 * 1024, `the log still has ${wal()} bytes`);
  assert.ok(slowestMs < 5000, `a booking took ${slowestMs} ms`);
  const { names } = await tryCopy(t, server, taken, true);
  assertPrefix(load.history, names, taken);
  console.log(
    `a backup held up while the log grew to ${(grown / 1048576).toFixed(0)} MiB: the slowest booking` +
      ` took ${slowestMs.toFixed(0)} ms, the log then went down to ${(wal() / 1048576).toFixed(0)} MiB`,
  );
});
