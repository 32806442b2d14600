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

test('a database is dropped while autovacuum and a client are at work in it', async (t) => {
  const cluster = await startPostgres({ fsync: false });
  t.after(() => cluster.stop());
  await cluster.psql(`ALTER SYSTEM SET autovacuum_naptime = '1s'`);
  await cluster.psql('SELECT pg_reload_conf()');
  const url = await freshDatabase(cluster.url);
  await query(
    url,
    `CREATE TABLE a (x int, pad text) WITH (autovacuum_vacuum_threshold = 1,
       autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_limit = 1,
       autovacuum_vacuum_cost_delay = 100);
     INSERT INTO a SELECT n, repeat('x', 400) FROM generate_series(1, 20000) AS n;
     UPDATE a SET x = x + 1`,
  );
  const asleep = spawn('psql', ['-Xq', '-d', url, '-c', 'SELECT pg_sleep(60)']);
  const workers = (kind) =>
    cluster.psql(`SELECT count(*) FROM pg_stat_activity
                  WHERE backend_type = '${kind}' AND datname = '${new URL(url).pathname.slice(1)}'`);
  await eventually('autovacuum is at work', async () => {
    return Number(await workers('autovacuum worker')) > 0;
  });
  await eventually('a client is connected', async () => {
    return Number(await workers('client backend')) > 0;
  });
  await dropDatabase(cluster.url, url);
  await assert.rejects(query(url, 'SELECT 1'), /does not exist/);
  if (asleep.exitCode === null) await once(asleep, 'close');
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
