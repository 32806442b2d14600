// SPDX-License-Identifier: AGPL-3.0-or-later
// What the documents copy from the program is what the program says.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT, run } from '../lib/process.mjs';
import { BINARY } from '../lib/server.mjs';

const TABLE =
  /<!-- begin of what `careops config-reference` prints -->\n([\s\S]*?)<!-- end of what `careops config-reference` prints -->/;

test('the settings in docs/operators.md are those that the program has', async () => {
  const [, written] = TABLE.exec(readFileSync(join(ROOT, 'docs', 'operators.md'), 'utf8'));
  const said = await run(BINARY, ['config-reference']);
  assert.equal(written, said, 'put what `careops config-reference` prints between the marks');
});
