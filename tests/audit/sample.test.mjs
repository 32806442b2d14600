// SPDX-License-Identifier: AGPL-3.0-or-later
// Sample data that is put in and taken out again leaves a database in which all holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { audit, findings } from './world.mjs';

test('all holds with sample data, and when it is gone', async (t) => {
  const server = await startServer(t, { engine: 'sqlite' });
  const { owner } = await makeSalon(server);
  const put = await owner.post('/workspace/sample');
  assert.ok(put.status >= 200 && put.status < 300, put.text);
  assert.deepEqual(findings(await audit(server)), []);
  const gone = await owner.delete('/workspace/sample');
  assert.ok(gone.status >= 200 && gone.status < 300, gone.text);
  assert.deepEqual(findings(await audit(server)), []);
});

test('what is gone is found all the same, be it that samples were taken out after it', async (t) => {
  const server = await startServer(t, { engine: 'sqlite' });
  const salon = await makeSalon(server);
  const { owner } = salon;
  const [slot] = await salon.slots({ from: dateIn(5) });
  const client = { name: 'Rea', email: 'rea@client.example' };
  const before = expectStatus(await salon.book({ start: slot.start, client }), 201).booking;
  await owner.post('/workspace/sample');
  const while_ = expectStatus(await owner.post('/clients', { name: 'Tea', email: 'tea@client.example' }), 201);
  await owner.delete('/workspace/sample');
  const after = expectStatus(await owner.post('/clients', { name: 'Lea', email: 'lea@client.example' }), 201);
  await server.stop();
  for (const [table, { id }] of [['booking', before], ['client', while_], ['client', after]]) {
    await sql(server, `PRAGMA foreign_keys = OFF; DELETE FROM ${table} WHERE id = ${id}`);
  }
  const said = await audit(server, ['--only', 'events_known']);
  assert.equal(said.status, 1, said.stderr);
  const told = said.report.checks[0].findings.map(({ problem }) => problem);
  for (const { id } of [before, while_, after]) assert.ok(told.some((words) => words.includes(id)), told.join('\n'));
});
