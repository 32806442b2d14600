// SPDX-License-Identifier: AGPL-3.0-or-later
// One private PostgreSQL for a test run, and fresh databases in it.
//
//   const cluster = await startPostgres({ fsync: true });
//   cluster.url                      the maintenance database, for CAREOPS_TEST_POSTGRES
//   const url = await freshDatabase(cluster.url);
//   await cluster.stop();
//   cluster.command                  starts the same cluster in the foreground, for /bin/sh
//   await cluster.halt()             stops it, so that somebody else may start it by that
//
// The program's role may create databases and nothing more, as on a real server. The cluster
// stops when this process ends, however it ends.

import { chownSync, mkdirSync, readdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

import {
  eventually,
  freePort,
  removeFolder,
  run,
  spawnBound,
  temporaryFolder,
} from './process.mjs';

const DEBIAN_VERSIONS = '/usr/lib/postgresql';
const START_MS = 30_000;

function binaries() {
  let versions = [];
  try {
    versions = readdirSync(DEBIAN_VERSIONS).filter((name) => Number(name) >= 15);
  } catch {
    // Not Debian's layout: the programs must be on PATH then.
  }
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return (name) => (newest ? join(DEBIAN_VERSIONS, newest, 'bin', name) : name);
}

/** PostgreSQL refuses to run as root, so root lends it the user that Debian's package makes. */
async function lentUser() {
  if (process.getuid() !== 0) return null;
  const [uid, gid] = await Promise.all([
    run('id', ['-u', 'postgres']),
    run('id', ['-g', 'postgres']),
  ]);
  return { name: 'postgres', uid: Number(uid), gid: Number(gid) };
}

function settings(port, folder, fsync) {
  const pairs = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: 200,
    shared_buffers: '64MB',
    fsync: fsync ? 'on' : 'off',
    log_min_messages: 'warning',
    log_destination: 'stderr',
    logging_collector: 'off',
    // Everything that the program asks is to be seen when a test asks for it.
    log_lock_waits: 'on',
    deadlock_timeout: '1s',
  };
  return Object.entries(pairs).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

export async function startPostgres({ fsync = true } = {}) {
  const binary = binaries();
  const user = await lentUser();
  const folder = temporaryFolder('postgres');
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (user) for (const path of [folder, data]) chownSync(path, user.uid, user.gid);

  const logs = [];
  const note = (stream) => stream.setEncoding('utf8').on('data', (part) => logs.push(part));
  const start = (name, args) => {
    const child = spawnBound(binary(name), args, {
      deathSignal: 'INT', // a fast shutdown
      user: user?.name,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    });
    note(child.stdout);
    note(child.stderr);
    return child;
  };

  const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8'];
  const [code] = await once(start('initdb', ['-D', data, '--no-sync', ...options]), 'close');
  if (code !== 0) throw new Error(`initdb ended with ${code}:\n${logs.join('')}`);

  const port = await freePort();
  const server = start('postgres', ['-D', data, ...settings(port, folder, fsync)]);
  const psql = (sql) =>
    run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-p', port, '-U', 'postgres'], {
      input: sql,
    });
  await eventually(
    'PostgreSQL answers',
    async () => {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended:\n${logs.join('')}`);
      return psql('SELECT 1').catch(() => false);
    },
    START_MS,
  );
  await psql('CREATE ROLE careops LOGIN CREATEDB');
  await psql('CREATE DATABASE careops OWNER careops');

  const halt = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGINT');
      await once(server, 'close');
    }
  };
  const quote = (word) => `'${String(word).replaceAll("'", "'\\''")}'`;
  const change = user ? `setpriv --reuid=${user.name} --regid=${user.name} --clear-groups -- ` : '';
  const words = [binary('postgres'), '-D', data, ...settings(port, folder, fsync)];
  return {
    command: `cd ${quote(folder)} && exec ${change}${words.map(quote).join(' ')}`,
    halt,
    url: `postgres://careops@127.0.0.1:${port}/careops`,
    port,
    socketFolder: folder,
    logs,
    /** Runs SQL as the superuser and gives its rows as text. */
    psql,
    async stop() {
      await halt();
      removeFolder(folder);
    },
  };
}

/**
 * psql as the program's role sees no row of any business until it says that it wants all; this is
 * its environment for that. Never the program's own, which takes no notice of it.
 */
export const ACROSS_TENANTS = { ...process.env, PGOPTIONS: '-c careops.tenant=all' };

/** A new, empty database on the server of `maintenanceUrl`; its URL. */
export async function freshDatabase(maintenanceUrl) {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', maintenanceUrl], {
    input: `CREATE DATABASE ${name}`,
  });
  const url = new URL(maintenanceUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * Drops what freshDatabase() made, whoever of the program's role is still connected. Not by WITH
 * (FORCE): that fails where the superuser's autovacuum is at work in the database, which a plain
 * DROP sends away by itself.
 */
export async function dropDatabase(maintenanceUrl, url) {
  const name = new URL(url).pathname.slice(1);
  await run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', maintenanceUrl], {
    input: `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = '${name}' AND usename = current_user;
            DROP DATABASE IF EXISTS ${name}`,
  });
}
