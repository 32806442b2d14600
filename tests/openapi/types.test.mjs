// SPDX-License-Identifier: AGPL-3.0-or-later
// The types that the pages are checked with are those of this program.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { typesKept, typesOf } from './types.mjs';

test('web/api.d.ts is what `make types` makes of this program', async () => {
  const wanted = await typesOf(process.env.CAREOPS_BINARY);
  assert.equal(typesKept() === wanted, true, 'the API has changed: run make types');
});
