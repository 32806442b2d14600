// SPDX-License-Identifier: AGPL-3.0-or-later
// Sample data that is put in and taken out again leaves a database in which all holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeSalon } from '../lib/salon.mjs';
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
