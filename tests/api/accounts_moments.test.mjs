// SPDX-License-Identifier: AGPL-3.0-or-later
// What ends at the very moment in which something else is under way: on PostgreSQL, where two
// transactions run at once. One of the two is made by hand, so that the moment is the right one.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { arrive } from '../lib/members.mjs';
import { eventually, run } from '../lib/process.mjs';
import { PASSWORD, makeSalon } from '../lib/salon.mjs';
import { ENGINE, startServer } from '../lib/server.mjs';

const EMPTY = { staff: [], services: [], publish: false };

describe('at the same moment', { skip: ENGINE !== 'postgres' }, () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  const sql = (text) =>
    run('psql', [server.db, '-XqAt', '-v', 'ON_ERROR_STOP=1', '-c', "SET careops.tenant = 'all'", '-c', text]);
  const waiting = async (what) =>
    Number(await sql(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${what}`));

  /** Does `change` and commits it only once what `meanwhile` began waits for it; the answer. */
  async function overtake(change, meanwhile) {
    const done = sql(`BEGIN; ${change}; SELECT pg_sleep(1.5); COMMIT`);
    await eventually('the change is made', async () => (await waiting("wait_event = 'PgSleep'")) === 1);
    const answer = meanwhile();
    await eventually('the request waits for it', async () => (await waiting("wait_event_type = 'Lock'")) === 1);
    await done;
    return answer;
  }

  test('a session that ends while it moves to another workspace leads nowhere', async () => {
    const salon = await makeSalon(server, EMPTY);
    const { user } = (await salon.owner.get('/session')).body;
    const answer = await overtake(`DELETE FROM session WHERE user_id = ${user.id}`, () =>
      salon.owner.post('/session/switch', { workspace_id: salon.workspace.id }),
    );
    expectProblem(answer, 401);
    assert.equal((await sql(`SELECT count(*) FROM session WHERE user_id = ${user.id}`)).trim(), '0');
  });

  test('a second factor that is switched on while somebody signs in without it keeps them out', async () => {
    const salon = await makeSalon(server, EMPTY);
    const answer = await overtake(
      `UPDATE user_account SET totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', totp_confirmed_s = 1 WHERE email = '${salon.ownerEmail}'`,
      () => new Client(server.baseUrl).post('/session', { email: salon.ownerEmail, password: PASSWORD }),
    );
    expectProblem(answer, 401);
  });

  test('a session that opens while its member is switched off is not there when they are switched on', async () => {
    const salon = await makeSalon(server, { ...EMPTY, staff: ['Ann'] });
    const ann = await arrive(server, salon.staff[0]);
    const off = `UPDATE resource SET active = 0 WHERE id = ${salon.staff[0].id}; DELETE FROM session WHERE workspace_id = ${salon.workspace.id}`;
    const done = sql(`BEGIN; ${off} AND user_id <> (SELECT user_id FROM staff WHERE role = 'owner' AND workspace_id = ${salon.workspace.id}); SELECT pg_sleep(1); COMMIT`);
    await eventually('the change is made', async () => (await waiting("wait_event = 'PgSleep'")) === 1);
    const again = new Client(server.baseUrl);
    expectStatus(await again.post('/session', { email: ann.email, password: ann.password }), 200);
    await done;
    expectProblem(await again.get('/session'), 401, 'not_signed_in');
    expectStatus(await salon.owner.post(`/staff/${salon.staff[0].id}/reactivate`), 200);
    expectProblem(await again.get('/session'), 401, 'not_signed_in');
  });
});
