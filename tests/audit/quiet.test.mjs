// SPDX-License-Identifier: AGPL-3.0-or-later
// `careops audit` disturbs nobody: it writes nothing, needs nothing to write, and finds nothing wrong
// in a database that is being written to. Where it cannot look, it says so and why.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, closeSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { expectStatus } from '../lib/client.mjs';
import { assertUnchanged, contents, sql } from '../lib/contents.mjs';
import { run } from '../lib/process.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { BINARY, prepareServer, startServer } from '../lib/server.mjs';
import { makeLarge } from './large.mjs';
import { audit, copyOf, fillWorld, findings } from './world.mjs';

/** Every file beside the database, with the hash of what it holds. */
function filesOf(server) {
  const folder = dirname(server.file ?? server.db.slice('sqlite:'.length));
  const hash = (name) => createHash('sha256').update(readFileSync(join(folder, name))).digest('hex');
  return Object.fromEntries(readdirSync(folder).filter((name) => name.startsWith('careops.db')).sort().map((name) => [name, hash(name)]));
}

/** The program as a user who owns nothing here. */
const asNobody = (server, file) =>
  run('setpriv', ['--reuid=nobody', '--regid=nogroup', '--clear-groups', '--', BINARY, 'audit', '--json', '--db', `sqlite:${file}`], {
    env: server.settings(),
  });

for (const engine of ['sqlite', 'postgres']) {
  describe(`an audit on ${engine} disturbs nobody`, () => {
    let server;
    before(async (t) => {
      server = await prepareServer(t, { engine });
      await server.start();
      await fillWorld(server);
    });

    test('it writes nothing', async () => {
      const rows = await contents(server);
      const files = engine === 'sqlite' ? filesOf(server) : null;
      assert.equal((await audit(server)).status, 0);
      if (files) assert.deepEqual(filesOf(server), files);
      assertUnchanged(rows, await contents(server), 'an audit');
    });

    test('a role that may only read is enough', { skip: engine !== 'postgres' }, async () => {
      await sql(
        server,
        "DO $$ BEGIN CREATE ROLE careops_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;" +
          ' GRANT USAGE ON SCHEMA public TO careops_reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO careops_reader',
      );
      const url = new URL(server.db);
      url.username = 'careops_reader';
      const said = await audit(server, [], { env: { CAREOPS_DB: url.href } });
      assert.deepEqual([said.status, findings(said)], [0, []]);
      await sql(server, 'DROP OWNED BY careops_reader');
    });

    test('a schema that is newer or older than the program is refused with a clear sentence', async (t) => {
      const newer = await copyOf(t, server);
      await sql(newer, "INSERT INTO schema_migration (version, name, sha256, applied_s) VALUES (9000, '9000_later.sql', 'x', 1)");
      const older = await copyOf(t, server);
      await sql(older, 'DELETE FROM schema_migration WHERE version = (SELECT MAX(version) FROM schema_migration)');
      for (const [copy, words] of [[newer, /newer than this program: it has migration 9000/], [older, /older than this program.*careops migrate/]]) {
        const said = await audit(copy);
        assert.deepEqual([said.status, said.report], [2, null]);
        assert.match(said.stderr, words);
      }
      assert.equal((await sql(older, 'SELECT COUNT(*) FROM schema_migration WHERE applied_s > 0')).length, 1);
    });

    test('a word that it does not know is refused', async () => {
      for (const [args, words] of [
        [['--only', 'overlap,nothing'], /no check "nothing"/],
        [['--only', ''], /no check ""/],
        [['--nothing'], /nothing/],
        [['nothing'], /audit takes settings/],
        [['--only'], /--only wants/],
      ]) {
        const said = await audit(server, args);
        assert.deepEqual([said.status, said.report], [2, null], args.join(' '));
        assert.match(said.stderr, words);
      }
      const said = await audit(server, ['--only', 'overlap,ledger_sums']);
      assert.deepEqual([said.status, said.report.checks.map(({ name }) => name)], [0, ['overlap', 'ledger_sums']]);
    });

    test('the report for a person names each check and what it looked at', async () => {
      const text = await server.command(['audit']);
      const checks = (await run(BINARY, ['audit', '--list'])).trim().split('\n');
      for (const line of checks) assert.ok(text.includes(line.split('\t')[1]), line);
      assert.match(text, new RegExp(`\\n${checks.length} of ${checks.length} checks hold \\(\\d+ ms, at most \\d+ MB of memory\\)\\n$`));
    });

    test('under load there is no false finding', async (t) => {
      const busy = await startServer(t, { engine });
      const salon = await makeSalon(busy, {
        items: [{ name: 'Dye', on_hand: 100000 }],
        services: [{ name: 'Cut', duration_min: 15, price: 100, buffer_after_min: 5, materials: [[0, 3]] }],
      });
      let done = false;
      let made = 0;
      const slots = await salon.slots({ from: dateIn(2), to: dateIn(30) });
      const client = async (nth) => {
        for (let i = nth; i < slots.length && !done; i += 8) {
          const answer = await salon.book({ start: slots[i].start, client: { name: `C ${nth}`, email: `c${i % 50}@client.example` } });
          if (answer.status !== 201) continue;
          made += 1;
          const { id } = answer.body.booking;
          if (i % 3 === 0) expectStatus(await salon.owner.post(`/bookings/${id}/cancel`), 200);
          if (i % 9 === 0) await salon.owner.post(`/bookings/${id}/restore`); // others may have the time
          if (i % 7 === 0) await salon.owner.patch(`/bookings/${id}`, { start: slots[(i + 40) % slots.length].start });
        }
      };
      const clients = [0, 1, 2, 3, 4, 5, 6, 7].map(client);
      const audits = [];
      for (let i = 0; i < 6; i += 1) {
        audits.push(await audit(busy));
        await sleep(50);
      }
      done = true;
      await Promise.all(clients);
      for (const said of audits) assert.deepEqual([said.status, findings(said)], [0, []]);
      assert.ok(made > 20, `${made} bookings were made meanwhile`);
      assert.equal((await audit(busy)).status, 0);
      await busy.kill();
      assert.deepEqual(findings(await audit(busy)), [], 'nor after a kill');
    });
  });
}

describe('an audit on files', () => {
  let server;
  before(async (t) => {
    server = await prepareServer(t, { engine: 'sqlite' });
    await makeLarge(server, 300);
  });

  test('a database in a folder where nothing may be written is looked at, and so is one that was killed', { skip: process.getuid() !== 0 }, async (t) => {
    const copy = await copyOf(t, server);
    chmodSync(dirname(copy.file), 0o555);
    chmodSync(copy.file, 0o444);
    assert.equal(JSON.parse(await asNobody(server, copy.file)).ok, true);
    assert.deepEqual(Object.keys(filesOf(copy)), [basename(copy.file)]);
  });

  test('what is no database of ours is refused, and nothing is made', async (t) => {
    const copy = await copyOf(t, server);
    const with_ = (db) => ({ ...copy, settings: () => ({ ...server.settings(), CAREOPS_DB: db }) });
    const absent = await audit(with_(`sqlite:${copy.file}.nowhere`));
    assert.equal(absent.status, 2);
    assert.match(absent.stderr, /cannot open the database .*No such file/);
    writeFileSync(`${copy.file}.text`, 'no database at all, but long enough to be looked at '.repeat(50));
    const text = await audit(with_(`sqlite:${copy.file}.text`));
    assert.equal(text.status, 2);
    writeFileSync(`${copy.file}.empty`, '');
    const empty = await audit(with_(`sqlite:${copy.file}.empty`));
    assert.equal(empty.status, 2);
    assert.match(empty.stderr, /no database of this program/);
    assert.deepEqual(Object.keys(filesOf(copy)).sort(), ['careops.db', 'careops.db.empty', 'careops.db.text']);
  });

  test('pages that were overwritten are found, and the program does not fall over them', async (t) => {
    const copy = await copyOf(t, server);
    const bytes = readFileSync(copy.file);
    const [page] = await sql(copy, "SELECT rootpage FROM sqlite_schema WHERE name = 'booking_by_client'");
    bytes.fill(0xa5, (Number(page) - 1) * 4096, Number(page) * 4096);
    writeFileSync(copy.file, bytes);
    const said = await audit(copy);
    assert.equal(said.status, 1, said.stderr);
    assert.equal(said.report.checks.find(({ name }) => name === 'intact').ok, false);
  });

  /** SQLite takes anything anywhere. */
  const STRANGE = [
    ['booking_versions', "UPDATE booking SET id = 'first' WHERE id = (SELECT MIN(id) FROM booking)"],
    ['overlap', "UPDATE hold SET end_s = 'late' WHERE id = (SELECT MIN(id) FROM hold)", 'hold_update'],
    ['ledger_prefix', "UPDATE stock_move SET on_hand_after = 'much' WHERE id = (SELECT MAX(id) FROM stock_move)", 'stock_move_no_update'],
    ['records', "INSERT INTO idempotency SELECT MIN(id), printf('%.*c', 700, 'x'), 'key', printf('%.*c', 64, 'a'), 201, '', '', 0 FROM workspace"],
    ['businesses', "UPDATE workspace SET id = 'mine'"],
  ];
  for (const [check, change, trigger] of STRANGE) {
    test(`another kind of value than ours is found by ${check}`, async (t) => {
      const copy = await copyOf(t, server);
      await sql(copy, `PRAGMA foreign_keys = OFF; ${trigger ? `DROP TRIGGER ${trigger};` : ''} ${change}`);
      const said = await audit(copy);
      assert.equal(said.status, 1, said.stderr);
      const { ok, findings: list } = said.report.checks.find(({ name }) => name === check);
      assert.ok(!ok && list.length > 0, JSON.stringify(findings(said)));
    });
  }

  test('a report that cannot be written is no good one', async () => {
    const full = openSync('/dev/full', 'w');
    for (const args of [['--json'], []]) {
      const child = spawn(BINARY, ['audit', ...args], { env: server.settings(), stdio: ['ignore', full, 'pipe'] });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (part) => {
        stderr += part;
      });
      const [status] = await once(child, 'close');
      assert.equal(status, 2);
      assert.match(stderr, /report could not be written: No space left/);
    }
    closeSync(full);
  });

  test('the memory is the same for twenty times as many bookings', async (t) => {
    const larger = await prepareServer(t, { engine: 'sqlite' });
    await makeLarge(larger, 6000);
    const [few, many] = [await audit(server), await audit(larger)];
    assert.deepEqual([few.status, many.status], [0, 0], JSON.stringify([findings(few), findings(many)]));
    const looked = ({ report }) => report.checks.reduce((sum, { looked_at: n }) => sum + n, 0);
    assert.ok(looked(many) > 10 * looked(few));
    const grown = many.report.peak_kb - few.report.peak_kb;
    assert.ok(grown < 6 * 1024, `${grown} KB more`);
  });
});
