// SPDX-License-Identifier: AGPL-3.0-or-later
// What a restore does beside putting the file in place: the erased stay erased, an older schema is
// migrated, the key is looked at, a plain copy and a damaged database are coped with; and what a
// backup refuses.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { ROOT, removeFolder, run, temporaryFolder } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { BINARY, prepareServer, startServer } from '../lib/server.mjs';
import { backup, command, contentsOf, pathOf, restore } from './parts.mjs';

const END = 320; // db/backup_end.h

async function setUp(t) {
  const server = await startServer(t, { engine: 'sqlite' });
  const folder = temporaryFolder('restore');
  t.after(() => removeFolder(folder));
  return { server, folder, file: join(folder, 'backup.db') };
}

test('a client who was erased after the backup is erased again, even when the list was lost', async (t) => {
  const { server, file } = await setUp(t);
  const salon = await makeSalon(server);
  const [{ start }] = await salon.slots();
  expectStatus(await salon.book({ start }), 201);
  await backup(server, file);
  const [client] = await salon.owner.list('/clients');
  const erase = () => salon.owner.post(`/clients/${client.id}/erase`, { name: client.name });
  const erased = await erase();
  assert.ok([200, 201].includes(erased.status), erased.text);
  await server.stop();
  const list = join(server.data, 'erasures');
  const state = async () => {
    const rows = await sql(server, `SELECT erased_s IS NOT NULL FROM client WHERE id = ${client.id}`);
    return rows[0];
  };

  for (const isLost of [false, true]) {
    if (isLost) rmSync(list);
    const said = await restore(server, file);
    assert.match(said, /1 client, who was erased after this backup was taken, is in it again/);
    if (isLost) assert.match(said, /1 erasure of the database before is new in/);
    else assert.doesNotMatch(said, /is new in/);
    assert.equal(await state(), '0', 'restored as it was');
    await server.start();
    assert.equal(await state(), '1', 'and erased again before anybody was served');
    await server.stop();
  }
  assert.equal(readFileSync(list, 'utf8').trim().split('\n').length, 1);
  assert.doesNotMatch(await restore(server, `${pathOf(server)}.aside`).catch(String), /erased after/);
});

test('an older schema is restored, and the next start migrates it', async (t) => {
  const { server, file } = await setUp(t);
  await server.stop();
  const names = readdirSync(join(ROOT, 'migrations')).filter((name) => name.endsWith('.sql')).sort();
  const steps = names.slice(0, 17).map((name, index) => {
    const text = readFileSync(join(ROOT, 'migrations', name), 'utf8');
    const hash = createHash('sha256').update(text).digest('hex');
    return `BEGIN;\n${text.replaceAll(/^--sqlite:/gm, '')};
      INSERT INTO schema_migration VALUES (${index + 1}, '${name}', '${hash}', 0); COMMIT;`;
  });
  const table =
    'CREATE TABLE schema_migration (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL,' +
    ' sha256 TEXT NOT NULL, applied_s BIGINT NOT NULL);';
  await run('sqlite3', ['-bail', file], { input: [table, ...steps].join('\n') });
  const said = await restore(server, file);
  assert.match(said, /plain SQLite file without a digest/);
  assert.match(said, new RegExp(`schema is 17, this program's ${names.length}: the next start`));
  await server.start();
  const [newest] = await sql(server, 'SELECT MAX(version) FROM schema_migration');
  assert.equal(Number(newest), names.length);
});

test('the key is no part of a backup, and one that is missing or another is warned of', async (t) => {
  const { server, folder, file } = await setUp(t);
  await backup(server, file);
  await server.stop();
  const key = readFileSync(join(server.data, 'secret.key'));
  assert.ok(!readFileSync(file).includes(key), 'the key is not in it');
  assert.doesNotMatch(await restore(server, file), /warning/);
  writeFileSync(join(server.data, 'secret.key'), 'another key of at least thirty-two bytes');
  assert.match(await restore(server, file), /sealed with the key \w{16}, and the key here is \w{16}/);
  rmSync(join(server.data, 'secret.key'));
  assert.match(await restore(server, file), /no key here/);
  assert.ok(!existsSync(join(server.data, 'secret.key')), 'and none is made');
  const elsewhere = join(folder, 'elsewhere.db');
  const said = await restore(server, file, '--db', `sqlite:${elsewhere}`);
  assert.match(said, /restored .*elsewhere\.db/);
  assert.equal(statSync(elsewhere).mode & 0o777, 0o600);
});

test('a copy of the stopped database is restored, and a damaged database gives way and is kept', async (t) => {
  const { server, folder, file } = await setUp(t);
  const salon = await makeSalon(server);
  await backup(server, file);
  await server.stop();
  const copied = join(folder, 'copied.db');
  copyFileSync(pathOf(server), copied);
  assert.match(await restore(server, copied), /plain SQLite file/);
  truncateSync(file, statSync(file).size - END);
  assert.match(await restore(server, file), /plain SQLite file/, 'its pages alone are one, too');

  const bytes = readFileSync(pathOf(server)).fill(0x5a, 0, 200);
  writeFileSync(pathOf(server), bytes);
  writeFileSync(`${pathOf(server)}-wal`, 'whatever was in its log');
  const said = await restore(server, copied);
  const [, aside] = said.match(/the database before is (\S+) \(damaged, kept as it was/);
  assert.deepEqual(readFileSync(aside), bytes);
  assert.equal(readFileSync(`${aside}-wal`, 'utf8'), 'whatever was in its log');
  assert.ok(!existsSync(`${pathOf(server)}-wal`));
  await server.start();
  const [count] = await sql(server, `SELECT COUNT(*) FROM workspace WHERE slug = '${salon.slug}'`);
  assert.equal(count, '1');
});

test('the log of a server that was killed is part of what is kept aside, and never of the new one', async (t) => {
  const { server, file } = await setUp(t);
  await backup(server, file);
  const salon = await makeSalon(server);
  await server.kill();
  assert.ok(statSync(`${pathOf(server)}-wal`).size > 0);
  const [, aside] = (await restore(server, file)).match(/the database before is (\S+?);/);
  const has = async (path) => {
    const text = `SELECT COUNT(*) FROM workspace WHERE slug = '${salon.slug}'`;
    return (await run('sqlite3', ['-bail', path, text])).trim();
  };
  assert.equal(await has(aside), '1');
  assert.equal(await has(pathOf(server)), '0');
});

test('a backup replaces nothing but a backup, and only when told to', async (t) => {
  const { server, folder, file } = await setUp(t);
  const refused = async (args, words, status = 1) => {
    const untouched = contentsOf(folder);
    const answer = await command(server, ['backup', ...args]);
    assert.equal(answer.status, status, answer.stdout + answer.stderr);
    assert.match(answer.stderr, words);
    assert.deepEqual(contentsOf(folder), untouched);
  };
  await backup(server, file);
  await refused([file], /is there already; --force replaces/);
  const other = join(folder, 'letter.txt');
  writeFileSync(other, 'Dear Ann');
  await refused([other, '--force'], /is no backup: it is not replaced/);
  await refused([pathOf(server), '--force'], /is no backup/);
  await refused([join(folder, 'none', 'x.db')], /No such file/);
  await refused([join(folder, 'x.db'), '--db', 'sqlite:nowhere.db'], /cannot read the database/);
  await refused([], /usage: careops backup/, 2);
  await refused([file, 'more'], /usage: careops backup/, 2);
  await refused([file, '--fast'], /unknown setting/, 2);
  const older = readFileSync(file);
  await makeSalon(server);
  await backup(server, file, '--force');
  assert.notDeepEqual(readFileSync(file), older);
  const dated = await backup(server, folder);
  assert.match(dated.file, /\/careops-\d{8}T\d{6}Z\.db$/);
  await server.stop();
  assert.equal((await backup(server, join(folder, 'stopped.db'))).pages > 0, true);
});

test('a disk without room gives a clear error and leaves nothing', async (t) => {
  const { server, folder, file } = await setUp(t);
  mkdirSync(join(folder, 'empty'));
  // A limit on the size of a file is met like the end of the disk.
  const script = `trap '' XFSZ; ulimit -f 128; exec "$0" backup "$1"`;
  const args = ['-c', script, BINARY, join(folder, 'empty', 'x.db')];
  const options = { env: server.settings(), cwd: server.folder };
  const said = await run('bash', args, options).catch((error) => error.message);
  assert.match(said, /ended with 1: careops: the disk is full/);
  assert.deepEqual(readdirSync(join(folder, 'empty')), []);

  await backup(server, file);
  await server.stop();
  const untouched = contentsOf(server.folder);
  const back = ['-c', script.replace('backup', 'restore'), BINARY, file];
  const why = await run('bash', back, options).catch((error) => error.message);
  assert.match(why, /ended with 1: careops: the disk is full/);
  assert.deepEqual(contentsOf(server.folder), untouched);
});

test('on PostgreSQL both say what to do there, and no password', async (t) => {
  const server = await prepareServer(t, { engine: 'sqlite' });
  const env = { CAREOPS_DB: 'postgres://careops:geheim@127.0.0.1:5432/salon' };
  for (const [name, words] of [
    ['backup', /pg_dump --enable-row-security --format=custom --file=salon\.dump/],
    ['restore', /pg_restore --exit-on-error --no-owner --single-transaction/],
  ]) {
    const { status, stdout, stderr } = await command(server, [name, 'x'], env);
    assert.equal(status, 2);
    assert.match(stderr, words);
    assert.doesNotMatch(stdout + stderr, /geheim/);
  }
});
