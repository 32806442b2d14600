// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 at random moments of a backup and of a restore: a backup is whole or not there, a database
// is the one before or the one after, and what was replaced is never lost. SOAK=1 kills 1,000 of each.

import assert from 'node:assert/strict';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { removeFolder, run, temporaryFolder } from '../lib/process.mjs';
import { startServer } from '../lib/server.mjs';
import { backup, begin, command, pathOf, seeded, startLoad } from './parts.mjs';

const SOAK = process.env.SOAK === '1';
const KILLS = SOAK ? 1000 : 40;
const seed = Number(process.env.BACKUP_SEED ?? (SOAK ? Date.now() % 1e9 : 20261127));

/** Runs it until it ends or is killed, at a moment within about its usual time. */
async function killed(server, args, random, usualMs) {
  const { child, ended } = begin(server, args);
  const over = ended.then((end) => ({ ...end, inTime: true }));
  const kill = sleep(random() * usualMs).then(() => child.kill('SIGKILL'));
  await Promise.race([kill, over]);
  return ended;
}

/** How many bookings a database holds, asked of a copy, and with it whether it is sound. */
async function lookAt(path, scratch) {
  const copy = join(scratch, 'copy.db');
  for (const ending of ['', '-wal', '-shm', '-journal']) {
    rmSync(`${copy}${ending}`, { force: true });
    if (ending !== '-shm' && existsSync(`${path}${ending}`)) {
      copyFileSync(`${path}${ending}`, `${copy}${ending}`);
    }
  }
  const input = `PRAGMA quick_check; SELECT COUNT(*) FROM booking;`;
  const [check, count] = (await run('sqlite3', ['-bail', copy], { input })).trim().split('\n');
  assert.equal(check, 'ok', `${path} is sound`);
  return Number(count);
}

const timeOf = async (work) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

test('a backup that is killed leaves no file that looks like one', async (t) => {
  const server = await startServer(t, { engine: 'sqlite' });
  const folder = temporaryFolder('kills');
  t.after(() => removeFolder(folder));
  const random = seeded(seed);
  const load = await startLoad(server, { clerks: 2 });
  await load.acked(100);
  await load.stop();
  const usualMs = await timeOf(() => backup(server, join(folder, 'timed.db')));
  const [file, other] = [join(folder, 'nightly.db'), join(folder, 'renamed.db')];
  const scratch = temporaryFolder('kills-into');
  t.after(() => removeFolder(scratch));
  const target = `sqlite:${join(scratch, 'into.db')}`;

  const counts = { killed: 0, whole: 0, parts: 0 };
  for (let i = 0; i < KILLS; i += 1) {
    // Every other one replaces a backup that is there, which then is never missing.
    const had = i % 2 === 1 && existsSync(file);
    if (!had) rmSync(file, { force: true });
    const { status } = await killed(
      server,
      ['backup', file, ...(had ? ['--force'] : [])],
      random,
      usualMs * 1.3,
    );
    counts.killed += status === 'SIGKILL';
    assert.ok(!had || existsSync(file), 'the older backup is there, or the newer');
    if (existsSync(file)) {
      counts.whole += 1;
      const restored = await command(server, ['restore', file, '--db', target]);
      assert.equal(restored.status, 0, restored.stderr);
    }
    if (existsSync(`${file}.part`)) {
      counts.parts += 1;
      const asIs = await command(server, ['restore', `${file}.part`, '--db', target]);
      assert.equal(asIs.status, 1, 'under its own name');
      copyFileSync(`${file}.part`, other);
      const renamed = await command(server, ['restore', other, '--db', target]);
      if (renamed.status !== 0) assert.match(renamed.stderr, /empty|no SQLite|cut short|damaged/);
      else assert.match(renamed.stdout, /taken at/, 'only when it was whole, to the digest');
      rmSync(other);
    }
  }
  await backup(server, join(folder, 'last.db'));
  rmSync(file, { force: true });
  await backup(server, file);
  assert.ok(!existsSync(`${file}.part`), 'what was left is used up');
  assert.ok(counts.killed > KILLS / 4, `${counts.killed} were killed`);
  assert.ok(counts.parts > 0);
  console.log(
    `kill -9 during ${KILLS} backups (seed ${seed}): ${counts.killed} died,` +
      ` ${counts.parts} left an unfinished file, 0 of them taken for a backup;` +
      ` ${counts.whole} times the backup was there, and whole`,
  );
});

test('a restore that is killed leaves the old database or the new one', async (t) => {
  const server = await startServer(t, { engine: 'sqlite' });
  const folder = temporaryFolder('kills');
  t.after(() => removeFolder(folder));
  const random = seeded(seed + 1);
  const load = await startLoad(server, { clerks: 4 });
  await load.acked(40);
  const file = join(folder, 'new.db');
  await backup(server, file);
  await load.acked(60);
  await load.stop();
  await server.kill(); // so that its newest bookings lie in the log
  const path = pathOf(server);
  assert.ok(existsSync(`${path}-wal`));
  const [template, place] = [join(folder, 'template'), join(folder, 'place')];
  mkdirSync(template);
  for (const ending of ['', '-wal', '.lock']) cpSync(`${path}${ending}`, join(template, `careops.db${ending}`));
  const [before, after] = [await lookAt(path, folder), await lookAt(file, folder)];
  assert.ok(before > after);

  const fresh = () => {
    rmSync(place, { recursive: true, force: true });
    cpSync(template, place, { recursive: true });
  };
  const database = join(place, 'careops.db');
  const args = ['restore', file, '--db', `sqlite:${database}`];
  fresh();
  const usualMs = await timeOf(async () => {
    const { status, stderr } = await command(server, args);
    assert.equal(status, 0, stderr);
  });
  const counts = { killed: 0, old: 0, new: 0, left: 0 };
  for (let i = 0; i < KILLS; i += 1) {
    fresh();
    const { status } = await killed(server, args, random, usualMs * 1.3);
    counts.killed += status === 'SIGKILL';
    const there = await lookAt(database, folder);
    assert.ok(there === before || there === after, `${there} bookings: neither one nor the other`);
    counts[there === before ? 'old' : 'new'] += 1;
    const beside = readdirSync(place).filter((name) => !/^careops\.db(-wal|-shm|\.lock)?$/.test(name));
    counts.left += beside.some((name) => name.endsWith('.restoring'));
    if (there === after) {
      const kept = beside.find((name) => /\.(restoring|replaced-\d{8}T\d{6}Z)$/.test(name));
      assert.equal(await lookAt(join(place, kept), folder), before, 'the one before is kept');
      assert.ok(!existsSync(`${database}-wal`), 'no log of the one before is left');
    }
    // Once more brings it to its end, whatever was left, and nothing is lost on the way.
    const again = await command(server, args);
    assert.equal(again.status, 0, again.stderr);
    assert.equal(await lookAt(database, folder), after);
    const held = [];
    for (const name of readdirSync(place).filter((one) => one.includes('.replaced-'))) {
      held.push(await lookAt(join(place, name), folder));
    }
    assert.ok(held.includes(before), `${basename(place)} keeps ${held}`);
    assert.ok(!existsSync(`${database}.restoring`));
  }
  assert.ok(counts.killed > KILLS / 4, `${counts.killed} were killed`);
  assert.ok(counts.old > 0 && counts.new > 0, JSON.stringify(counts));
  console.log(
    `kill -9 during ${KILLS} restores (seed ${seed}): ${counts.killed} died; ${counts.old} times the` +
      ` database was the old one, ${counts.new} times the new one, 0 between, 0 lost;` +
      ` ${counts.left} left a file that the next restore used or kept`,
  );
});
