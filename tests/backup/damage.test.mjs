// SPDX-License-Identifier: AGPL-3.0-or-later
// What is no whole backup of ours is refused before anything is touched: turned bits, cut and padded
// files, zeroed and exchanged pages, other programs' databases, newer ones, databases copied while in
// use. SOAK=1 damages 1,000. BACKUP_SEED repeats one run.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { removeFolder, run, temporaryFolder } from '../lib/process.mjs';
import { prepareServer, startServer } from '../lib/server.mjs';
import { backup, command, contentsOf, pathOf, seeded, startLoad } from './parts.mjs';

const SOAK = process.env.SOAK === '1';
const SCALE = SOAK ? 16 : 1;
const PAGE = 4096;
const END = 320; // db/backup_end.h
const seed = Number(process.env.BACKUP_SEED ?? (SOAK ? Date.now() % 1e9 : 20261127));
const random = seeded(seed);
const below = (n) => Math.floor(random() * n);

/** Each gives a damaged copy of the bytes and the words by which it is refused; 62 in all. */
const DAMAGES = [
  ['a bit is turned', 20, (b) => flip(b, below(b.length)), /damaged|cut short|no SQLite/],
  ['a bit of the header is turned', 6, (b) => flip(b, below(100)), /damaged|cut short|no SQLite/],
  ['a bit of the end is turned', 8, (b) => flip(b, b.length - 1 - below(END)), /damaged/],
  ['it is cut', 8, (b) => b.subarray(0, 1 + below(b.length - END - 1)), /cut short|no SQLite/],
  ['its end is cut', 4, (b) => b.subarray(0, b.length - 1 - below(END - 1)), /no proper end/],
  ['something follows', 4, (b) => Buffer.concat([b, Buffer.alloc(1 + below(9000))]), /no proper end/],
  ['a page is zeros', 6, (b) => b.fill(0, ...page(b, 1)), /its digest is another/],
  ['two pages have changed places', 2, (b) => exchange(b), /its digest is another/],
  ['a plain file has a bad page', 4, (b) => plain(b).fill(0xa5, ...page(b, 1)), /is damaged/],
];

function flip(bytes, at) {
  bytes[at] ^= 1 << below(8);
  return bytes;
}

const plain = (bytes) => bytes.subarray(0, bytes.length - END);
const pagesOf = (bytes) => Math.floor(bytes.length / PAGE);

/** Where a page begins and ends that is in use: a free one would be zeros already. */
function page(bytes, from) {
  for (;;) {
    const at = (from + below(pagesOf(bytes) - from)) * PAGE;
    if ([2, 5, 10, 13].includes(bytes[at])) return [at, at + PAGE];
  }
}

function exchange(bytes) {
  const [a, b] = [page(bytes, 1)[0], page(bytes, 1)[0]];
  const first = Buffer.from(bytes.subarray(a, a + PAGE));
  // Empty ones are all the same, and nothing happens to them.
  if (first.equals(bytes.subarray(b, b + PAGE))) return exchange(bytes);
  bytes.copy(bytes, a, b, b + PAGE);
  first.copy(bytes, b);
  return bytes;
}

const sqlite = (file, text) => run('sqlite3', ['-bail', file], { input: text });

describe('a file that is refused', () => {
  let server; // stopped, its database in place
  let folder; // where the files lie
  let whole;

  before(async () => {
    server = await startServer(null, { engine: 'sqlite' });
    folder = temporaryFolder('damaged');
    const load = await startLoad(null, server, { clerks: 4 });
    await load.acked(40);
    const { file } = await backup(server, join(folder, 'whole.db'));
    await load.stop();
    await server.stop();
    whole = readFileSync(file);
  });

  after(async () => {
    await server.remove();
    removeFolder(folder);
  });

  async function assertRefused(file, words, { where = server, env = {} } = {}) {
    const untouched = [contentsOf(where.folder), contentsOf(folder)];
    const { status, stdout, stderr } = await command(where, ['restore', file], env);
    assert.equal(status, 1, `${file}: ${stdout}${stderr}`);
    assert.match(stderr, words);
    assert.equal(stderr.trim().split('\n').length, 1, 'one clear line');
    assert.deepEqual([contentsOf(where.folder), contentsOf(folder)], untouched);
  }

  test('damaged ones of every kind', async () => {
    let count = 0;
    for (const [what, times, damage, words] of DAMAGES) {
      for (let i = 0; i < times * SCALE; i += 1) {
        const file = join(folder, 'bad.db');
        writeFileSync(file, damage(Buffer.from(whole)));
        await assertRefused(file, words).catch((error) => {
          throw new Error(`${what} (seed ${seed}, the ${count + 1}st): ${error.message}`);
        });
        rmSync(file);
        count += 1;
      }
    }
    console.log(`damaged backups (seed ${seed}): ${count} tried, ${count} refused, 0 touched anything`);
  });

  test('what was never a backup of this program', async () => {
    const at = (name) => join(folder, name);
    writeFileSync(at('empty'), '');
    writeFileSync(at('text'), 'a shopping list\n'.repeat(1000));
    writeFileSync(at('noise'), Buffer.from(Array.from({ length: 20_000 }, () => below(256))));
    mkdirSync(at('a folder'));
    await sqlite(at('foreign'), 'CREATE TABLE t (x); INSERT INTO t VALUES (1);');
    await sqlite(
      at('other'),
      `CREATE TABLE schema_migration (version INTEGER, name TEXT, sha256 TEXT, applied_s INTEGER);
       INSERT INTO schema_migration VALUES (1, '0001_other.sql', '00', 0);`,
    );
    copyFileSync(at('whole.db'), at('unfinished.db.part'));
    const cases = [
      ['missing', /No such file/],
      ['empty', /is empty/],
      ['text', /no SQLite database/],
      ['noise', /no SQLite database/],
      ['a folder', /is no file/],
      ['foreign', /is no database of CareOps/],
      ['other', /no database of this program: its migration 0001 is another/],
      ['unfinished.db.part', /never finished/],
      ['/dev/null', /is no file/],
    ];
    for (const [name, words] of cases) {
      await assertRefused(name.startsWith('/') ? name : at(name), words);
    }
    await assertRefused(pathOf(server), /is the database itself/);
    console.log(`foreign files: ${cases.length + 1} tried, ${cases.length + 1} refused`);
  });

  test('a newer database, and one that was copied while in use', async () => {
    const newer = join(folder, 'newer.db');
    writeFileSync(newer, plain(whole));
    await sqlite(newer, "INSERT INTO schema_migration VALUES (9999, '9999_x.sql', '00', 0);");
    await assertRefused(newer, /no database of this program|is newer than this program/);
    const next = join(folder, 'next.db');
    writeFileSync(next, plain(whole));
    await sqlite(
      next,
      `INSERT INTO schema_migration
         SELECT MAX(version) + 1, 'x.sql', '00', 0 FROM schema_migration;`,
    );
    await assertRefused(next, /is newer than this program: it has migration \d{4}/);

    // The log beside it holds what the file does not.
    const hot = join(folder, 'hot.db');
    writeFileSync(hot, plain(whole));
    writeFileSync(`${hot}-wal`, 'frames');
    await assertRefused(hot, /has a log beside it/);
  });

  test('where there is no database yet, nothing is made either', async () => {
    const bare = await prepareServer(null, { engine: 'sqlite' });
    try {
      const file = join(folder, 'bad.db');
      writeFileSync(file, flip(Buffer.from(whole), 50_000));
      await assertRefused(file, /its digest is another/, { where: bare });
      // Nor a data folder, on a new machine.
      const env = { CAREOPS_DATA: join(bare.folder, 'new'), CAREOPS_DB: `sqlite:${join(bare.folder, 'new/careops.db')}` };
      await assertRefused(file, /its digest is another/, { where: bare, env });
    } finally {
      await bare.remove();
    }
  });

  test('a good one, while the database is served or being backed up', async () => {
    await server.start();
    const { status, stderr } = await command(server, ['restore', join(folder, 'whole.db')]);
    assert.equal(status, 1);
    assert.match(stderr, /is in use: stop the program first/);
    assert.equal((await fetch(`${server.baseUrl}/readyz`)).status, 200);
    await server.stop();
  });
});
