// SPDX-License-Identifier: AGPL-3.0-or-later
// The sources of the pages: their own unit tests, their linter and the size gate.

import { join } from 'node:path';
import { describe, test } from 'node:test';

import { ROOT, run } from '../lib/process.mjs';

async function script(t, name, pages = 'public') {
  const cwd = join(ROOT, 'web', pages);
  const said = await run('npm', ['run', '--silent', name], { cwd, timeoutMs: 180_000 });
  t.diagnostic(said.trim());
}

describe('the sources of the pages', () => {
  test('pass their unit tests', (t) => script(t, 'test'));
  test('pass the linter', (t) => script(t, 'lint'));
  test('build into pages within their sizes', (t) => script(t, 'size'));
});

describe('the sources of the office', () => {
  test('pass the linter', (t) => script(t, 'lint', 'office'));
  test('build into screens within their sizes', (t) => script(t, 'size', 'office'));
});
