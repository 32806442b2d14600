// SPDX-License-Identifier: AGPL-3.0-or-later
// The rows of docs/reliability.md: those of the days just played are put in place of their older
// ones, and the others stay.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { withRows } from '../chaos/figures.mjs';

const page = (rows) =>
  ['# Reliability', '<!-- figures: begin -->', ...rows, '<!-- figures: end -->', 'The end.', ''].join('\n');
const rowsOf = (text) => text.split('\n').filter((line) => line.startsWith('| `'));

test('a row takes the place of the older one of its day', () => {
  const text = page(['| day | x |', '|---|---|', '| `sqlite:1:2:100`, then | 1 |', '| `sqlite:2:2:100`, then | 2 |']);
  const fresh = withRows(text, ['| `sqlite:2:2:100`, now | 3 |']);
  assert.deepEqual(rowsOf(fresh).sort(), ['| `sqlite:1:2:100`, then | 1 |', '| `sqlite:2:2:100`, now | 3 |']);
  assert.ok(fresh.startsWith('# Reliability\n') && fresh.endsWith('The end.\n'));
  assert.equal(fresh.match(/^\|---/gm).length, 1);
});

test('written twice, the page is the same', () => {
  const rows = ['| `postgres:1:2:20`, now | 1 |', '| `sqlite:1:2:100`, now | 2 |'];
  const once = withRows(page([]), rows);
  assert.equal(rowsOf(once).length, 2);
  assert.equal(withRows(once, rows), once);
});

test('a page without a place for figures is refused', () => {
  assert.throws(() => withRows('# Reliability\n', ['| `sqlite:1:2:100` | 1 |']), /no place/);
});
