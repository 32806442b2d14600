// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { dropDatabase, freshDatabase, startPostgres } from '../lib/postgres.mjs';
import { eventually, removeFolder, run } from '../lib/process.mjs';

const query = (url, sql) => run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql]);

test('a private PostgreSQL hands out empty databases to a role without privileges', async (t) => {
  const cluster = await startPostgres();
  t.after(() => cluster.stop());
  const [one, two] = [await freshDatabase(cluster.url), await freshDatabase(cluster.url)];
  assert.notEqual(one, two);
  await query(one, 'CREATE EXTENSION btree_gist; CREATE TABLE a (x int)');
  await assert.rejects(query(two, 'SELECT * FROM a'), /does not exist/);
  const isSuper = await query(one, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user');
  assert.equal(isSuper.trim(), 'f');
  assert.equal((await query(one, 'SHOW fsync')).trim(), 'on');
  await dropDatabase(cluster.url, one);
  await assert.rejects(query(one, 'SELECT 1'), /does not exist/);
});

test('PostgreSQL ends when the process that started it is killed', async (t) => {
  const program = `
    import { startPostgres } from '${new URL('../lib/postgres.mjs', import.meta.url)}';
    const cluster = await startPostgres({ fsync: false });
    console.log(JSON.stringify({ url: cluster.url, folder: cluster.socketFolder }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { url, folder } = JSON.parse(line);
  t.after(() => removeFolder(folder));
  assert.equal((await query(url, 'SHOW fsync')).trim(), 'off');
  child.kill('SIGKILL');
  const isGone = () => query(url, 'SELECT 1').then(() => false, () => true);
  await eventually('PostgreSQL is gone', isGone);
});
