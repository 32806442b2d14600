// SPDX-License-Identifier: AGPL-3.0-or-later
// The lines of docs/operators.md for PostgreSQL, run as they stand there while clients book: what they
// give passes the audit, is served, and holds a prefix of what was acknowledged. And the trap that the
// manual warns of is one. SOAK=1 takes 20 dumps instead of 2.

import assert from 'node:assert/strict';
import { chownSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { sql } from '../lib/contents.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { ROOT, freePort, removeFolder, run, temporaryFolder } from '../lib/process.mjs';
import { prepareServer, startServer } from '../lib/server.mjs';
import { BOOKINGS, assertAudited, assertPrefix, seeded, startLoad } from './parts.mjs';

const DUMPS = process.env.SOAK === '1' ? 20 : 2;
const random = seeded(20261127);
const manual = readFileSync(join(ROOT, 'docs', 'operators.md'), 'utf8');

/** The block of the manual behind this mark, as it stands. */
function block(name) {
  const found = new RegExp(`<!-- backup: ${name} -->\n\`\`\`\n([\\s\\S]*?)\`\`\``).exec(manual);
  assert.ok(found, `the manual has the block "${name}"`);
  return found[1];
}

/** Debian's folder of pg_ctl, which the manual names, too. */
const BIN = readdirSync('/usr/lib/postgresql').sort((a, b) => b - a)[0];
const PROGRAMS = `/usr/lib/postgresql/${BIN}/bin`;

// Becoming the server's user is all that sudo does in the manual.
const SUDO =
  process.getuid() === 0
    ? 'sudo() { shift 2; setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; }'
    : 'sudo() { shift 2; "$@"; }';

describe('the manual of backups on PostgreSQL', () => {
  let cluster;
  let server;
  let folder;
  let load;

  before(async () => {
    cluster = await startPostgres();
    process.env.CAREOPS_TEST_POSTGRES = cluster.url;
    server = await startServer(null, { engine: 'postgres' });
    folder = temporaryFolder('dumps');
    load = await startLoad(server, { clerks: 4 });
    await load.acked(40);
  });

  after(async () => {
    await load?.stop();
    await server?.remove();
    await cluster?.stop();
    removeFolder(folder);
  });

  const shell = (lines, env = {}) =>
    run('bash', ['-euc', `${SUDO}\n${lines}`], {
      cwd: folder,
      timeoutMs: 120_000,
      env: {
        ...process.env,
        PATH: `${process.env.PATH}:${PROGRAMS}`,
        CAREOPS_DB: server.db,
        PGHOST: cluster.socketFolder,
        PGPORT: String(cluster.port),
        PGUSER: 'postgres',
        PGPASSFILE: '/dev/null',
        ...env,
      },
    });

  async function moment(work) {
    const beganMs = performance.now();
    await work();
    return { beganMs, endedMs: performance.now() };
  }

  /** Serves a copy, audits it, and gives its bookings. */
  async function tryCopy(db, window) {
    const copy = await prepareServer(null, { engine: 'sqlite' });
    try {
      Object.assign(copy, { db, engine: 'postgres' });
      const names = await sql(copy, BOOKINGS);
      assertPrefix(load.history, names, window);
      const audited = await assertAudited(copy);
      await copy.start();
      assert.equal((await fetch(`${copy.baseUrl}/readyz`)).status, 200);
      await copy.stop();
      return { names, audited };
    } finally {
      await copy.kill();
      removeFolder(copy.folder);
    }
  }

  test('a dump by the program\'s role has every row, and is restored into a new database', async () => {
    let audits = 0;
    let bookings = 0;
    const superuser = (text, name) => cluster.psql(`\\c ${name}\n${text}`);
    for (let i = 0; i < DUMPS; i += 1) {
      await sleep(random() * 300);
      const window = await moment(() => shell(block('dump')));
      const restored = new URL(server.db);
      restored.pathname = '/careops_restored';
      await shell(block('restore'), { RESTORED_DB: restored.href });
      const { names, audited } = await tryCopy(restored.href, window);
      bookings = names.length;
      audits += audited;
      const forced = 'SELECT COUNT(*) FROM pg_class WHERE relforcerowsecurity';
      const [, name] = new URL(server.db).pathname.split('/');
      assert.equal(
        await superuser(forced, 'careops_restored'),
        await superuser(forced, name),
        'row-level security is forced as before',
      );
      await cluster.psql('DROP DATABASE careops_restored WITH (FORCE)');
    }
    assert.ok(bookings > 40);
    console.log(
      `pg_dump at ${DUMPS} moments: ${DUMPS} restored and served, ${audits} audited; the last has` +
        ` ${bookings} bookings; 0 lost, 0 from later, 0 gaps`,
    );
  });

  test('without its two words a dump refuses, or is empty and says nothing', async () => {
    const [, words] = /^(PGOPTIONS='[^']*' )pg_dump/m.exec(block('dump'));
    await assert.rejects(
      shell(block('dump').replace('--enable-row-security ', '')),
      /row-level security/,
    );
    await shell(block('dump').replace(words, '').replace('careops.dump', 'empty.dump'));
    const dumped = (file) => run('pg_restore', ['--data-only', '--table=booking', '-f', '-', file]);
    const rowsOf = async (file) =>
      (await dumped(join(folder, file))).split('\n').filter((line) => /^\d+\t/.test(line)).length;
    await shell(block('dump'));
    assert.equal(await rowsOf('empty.dump'), 0, 'the trap is still one: the manual warns of it');
    assert.ok((await rowsOf('careops.dump')) > 40);
  });

  test('a copy of the whole server starts on another port, and is a prefix', async () => {
    const port = await freePort();
    const copy = join(folder, 'copy');
    mkdirSync(copy, { mode: 0o700 });
    const { uid, gid } = statSync(cluster.socketFolder);
    for (const path of [folder, copy]) chownSync(path, uid, gid);
    const window = await moment(() => shell(block('base'), { COPY: copy }));
    const at = (text) => text.replaceAll('5433', String(port)).replaceAll('/tmp', folder);
    // No password here, so the copy trusts as the original does.
    const lines = at(block('start')).replace('scram-sha-256', 'trust');
    assert.notEqual(lines, block('start'));
    try {
      await shell(lines, { COPY: copy, PGHOST: folder, PGPORT: String(port) });
      const db = new URL(server.db);
      db.port = String(port);
      const { names, audited } = await tryCopy(db.href, window);
      console.log(
        `pg_basebackup under load: started, served${audited ? ', audited' : ''}, ${names.length} bookings;` +
          ' 0 lost, 0 from later, 0 gaps',
      );
    } finally {
      await shell('sudo -u postgres pg_ctl stop --mode=immediate --pgdata="$COPY"', { COPY: copy });
    }
  });
});
