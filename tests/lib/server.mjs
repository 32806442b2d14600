// SPDX-License-Identifier: AGPL-3.0-or-later
// The real program, started for a test on a free loopback port with a database of its own.
//
//   const server = await startServer(t);                    // t: the test, which then ends it
//   server.baseUrl, server.port, server.db, server.logs
//   server.mail()                the messages of the mail folder, oldest first (see mail.mjs)
//   await server.waitForMail((m) => m.to.includes('ann@')) // the first that fits
//   await server.stop()          SIGTERM, and its exit code
//   await server.kill()          SIGKILL
//   await server.restart({ env })    the same database, port and mail folder
//
// CAREOPS_TEST_ENGINE says which database (sqlite by default, or postgres, which needs
// CAREOPS_TEST_POSTGRES, as `make test` and with-postgres.mjs set it); CAREOPS_BINARY another
// program than build/careops.

import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';

import { parseMail } from './mail.mjs';
import { dropDatabase, freshDatabase } from './postgres.mjs';
import {
  ROOT,
  eventually,
  freePort,
  removeFolder,
  run,
  spawnBound,
  temporaryFolder,
} from './process.mjs';

const READY_MS = 20_000;
const STOP_MS = 15_000;
const LOG_LINES_MAX = 50_000;

export const BINARY = process.env.CAREOPS_BINARY ?? join(ROOT, 'build', 'careops');
export const ENGINE = process.env.CAREOPS_TEST_ENGINE ?? 'sqlite';

// Servers that a suite's `before` started: its context has no `after`, so the file ends them.
const ofSuites = new Set();
if (process.argv[1]?.endsWith('.test.mjs')) {
  after(() => Promise.all([...ofSuites].map((server) => server.remove())));
}

function maintenanceUrl() {
  const url = process.env.CAREOPS_TEST_POSTGRES;
  if (!url) throw new Error('CAREOPS_TEST_POSTGRES is not set: use tests/lib/with-postgres.mjs');
  return url;
}

/** Nothing of the caller's own CAREOPS_ settings may reach a tested program. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      // A defect that was put in on purpose is part of the program (tests/bugs).
      ([name]) => !name.startsWith('CAREOPS_') || name === 'CAREOPS_SEEDED',
    ),
  );
}

class Server {
  constructor({ engine, db, folder, port, env, flags }) {
    Object.assign(this, { engine, db, folder, port, env, flags });
    this.baseUrl = `http://127.0.0.1:${port}`;
    this.data = join(folder, 'data');
    this.mailFolder = join(folder, 'mail');
    this.logs = [];
    this.child = null;
  }

  settings(more = {}) {
    return {
      ...cleanEnvironment(),
      CAREOPS_LISTEN: `127.0.0.1:${this.port}`,
      CAREOPS_DB: this.db,
      CAREOPS_DATA: this.data,
      CAREOPS_MAIL: `file:${this.mailFolder}`,
      CAREOPS_MAIL_FROM: 'CareOps <no-reply@careops.example>',
      CAREOPS_BASE_URL: this.baseUrl,
      CAREOPS_RATE_LIMIT: 'off',
      ...this.env,
      ...more,
    };
  }

  spawn() {
    const child = spawnBound(BINARY, ['serve', ...this.flags], {
      env: this.settings(),
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.exited = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.logs.push(line);
        if (this.logs.length > LOG_LINES_MAX) this.logs.shift();
      });
    }
  }

  get pid() {
    return this.child.pid;
  }

  get running() {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts the program and waits until /readyz says 200. */
  async start() {
    this.spawn();
    await eventually(
      'careops is ready',
      async () => {
        if (!this.running) {
          throw new Error(`careops ended with ${this.child.exitCode}:\n${this.lastLogs()}`);
        }
        try {
          const response = await fetch(`${this.baseUrl}/readyz`);
          await response.arrayBuffer();
          return response.status === 200;
        } catch {
          return false; // not listening yet
        }
      },
      READY_MS,
    ).catch(async (error) => {
      const logs = this.lastLogs();
      await this.kill();
      throw new Error(`${error.message}\n${logs}`);
    });
    return this;
  }

  lastLogs(count = 30) {
    return this.logs.slice(-count).join('\n');
  }

  /** The log lines that are JSON, as objects. */
  logObjects() {
    return this.logs.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  /** Asks the program to end and gives its exit code. A program that does not end is a failure. */
  async stop() {
    if (!this.running) return this.child?.exitCode ?? null;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGABRT'), STOP_MS);
    await this.exited;
    clearTimeout(timer);
    if (this.child.signalCode !== null) {
      throw new Error(`careops ended by ${this.child.signalCode}:\n${this.lastLogs()}`);
    }
    return this.child.exitCode;
  }

  async kill() {
    if (this.running) this.child.kill('SIGKILL');
    if (this.child) await this.exited;
  }

  async restart({ env = {}, flags = this.flags } = {}) {
    await this.stop();
    Object.assign(this.env, env);
    this.flags = flags;
    return this.start();
  }

  /** Runs another command of the program with the same settings; its standard output. */
  command(args, { env = {}, ...options } = {}) {
    return run(BINARY, args, { env: this.settings(env), cwd: this.folder, ...options });
  }

  mail() {
    if (!existsSync(this.mailFolder)) return [];
    return readdirSync(this.mailFolder)
      .filter((name) => name.endsWith('.eml') && !name.startsWith('.'))
      .map((name) => {
        const file = join(this.mailFolder, name);
        return { name, file, at: statSync(file, { bigint: true }).mtimeNs };
      })
      .sort((a, b) => (a.at === b.at ? (a.name < b.name ? -1 : 1) : a.at < b.at ? -1 : 1))
      .map(({ name, file }) => ({ name, file, ...parseMail(readFileSync(file)) }));
  }

  waitForMail(fits, timeoutMs = 10_000) {
    return eventually('the e-mail is there', () => this.mail().find(fits), timeoutMs);
  }

  async remove() {
    try {
      await this.stop();
    } finally {
      await this.kill();
      if (this.engine === 'postgres') await dropDatabase(maintenanceUrl(), this.db);
      removeFolder(this.folder);
    }
  }
}

/**
 * A server with its own empty database, not started yet: for tests of starting itself.
 * `t` is the context of a test or of a suite's hook, which removes it; null leaves that to the
 * caller.
 */
export async function prepareServer(t, { engine = ENGINE, env = {}, flags = [] } = {}) {
  const folder = temporaryFolder('server');
  const db =
    engine === 'postgres'
      ? await freshDatabase(maintenanceUrl())
      : `sqlite:${join(folder, 'careops.db')}`;
  const port = await freePort();
  const server = new Server({ engine, db, folder, port, env: { ...env }, flags: [...flags] });
  if (typeof t?.after === 'function') t.after(() => server.remove());
  else if (t) ofSuites.add(server);
  return server;
}

export async function startServer(t, options = {}) {
  const server = await prepareServer(t, options);
  return server.start();
}
