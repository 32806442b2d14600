// SPDX-License-Identifier: AGPL-3.0-or-later
// What `careops audit` says of a database that the program alone has written, and of its damaged
// copies, on one engine: damaged_sqlite.test.mjs and damaged_postgres.test.mjs.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { prepareServer } from '../lib/server.mjs';
import { DAMAGES, damage } from './damages.mjs';
import { audit, copyOf, fillWorld, findings } from './world.mjs';

export function lookAtDamages(engine) {
  describe(`an audit on ${engine}`, () => {
    let server;
    before(async (t) => {
      server = await prepareServer(t, { engine });
      await server.start();
      await fillWorld(server);
    });

    test('all holds where the program alone has written', async () => {
      const said = await audit(server);
      assert.deepEqual(findings(said), []);
      assert.equal(said.status, 0);
      assert.deepEqual([said.report.ok, said.report.engine, said.report.workspaces, said.report.finding_count], [true, engine, 2, 0]);
      const empty = said.report.checks.filter(({ looked_at: n, name }) => n === 0 && name !== 'letters_off');
      assert.deepEqual(empty.map(({ name }) => name), [], 'each check has had something to look at');
    });

    for (const one of DAMAGES) {
      test(`${one.check} finds ${one.what}`, async (t) => {
        const copy = await copyOf(t, server);
        const wanted = await damage(copy, one);
        const said = await audit(copy);
        const found = said.report?.checks.filter(({ ok }) => !ok).map(({ name }) => name);
        assert.deepEqual(found?.sort(), [...new Set(wanted)].sort(), JSON.stringify(findings(said)));
        assert.equal(said.status, 1);
        const check = said.report.checks.find(({ name }) => name === one.check);
        assert.ok(check.finding_count >= 1 && check.findings.length >= 1 && check.next, 'says what to do');
        for (const { what, problem } of check.findings) assert.ok(what && problem);
      });
    }
  });
}
