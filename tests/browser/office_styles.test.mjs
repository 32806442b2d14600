// SPDX-License-Identifier: AGPL-3.0-or-later
// The sheets of screens that one has been to stay: a class that two of them give a look would look one way
// on a fresh page and another on the way.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from '../lib/process.mjs';

const SOURCE = join(ROOT, 'web', 'office', 'src');
/** `.name`, with what it may be in (`:hover`, `[data-off]`, `::before`), alone. */
const ALONE = /^\.([\w-]+)(?:::?[\w-]+(?!\()|\[[^\]]*\])*$/;

function classesIn(sheet) {
  const text = readFileSync(join(SOURCE, sheet), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
  const selectors = [...text.matchAll(/([^{}]+)\{/g)].flatMap(([, list]) => list.split(/,(?![^(]*\))/));
  return new Set(selectors.map((each) => ALONE.exec(each.trim())?.[1]).filter(Boolean));
}

test('a class of the office gets its look in one folder', () => {
  const homes = new Map();
  const sheets = readdirSync(SOURCE, { recursive: true }).filter((name) => name.endsWith('.css'));
  assert.ok(sheets.length > 15, 'the sheets are where they are looked for');
  for (const sheet of sheets) {
    for (const name of classesIn(sheet)) homes.set(name, (homes.get(name) ?? new Set()).add(dirname(sheet)));
  }
  assert.ok(homes.size > 300, `${homes.size} classes`);
  const twice = [...homes].filter(([, folders]) => folders.size > 1);
  assert.deepEqual(twice.map(([name, folders]) => `.${name} in ${[...folders].join(' and ')}`), []);
});
