// SPDX-License-Identifier: AGPL-3.0-or-later
// Each defect that is put in on purpose is found by its checker, which is quiet without it; and the
// program as it is built for use has none of them. SOAK=1 adds whole Chaos Days (`make bugs`).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { startPostgres } from '../lib/postgres.mjs';
import { ROOT, run } from '../lib/process.mjs';
import { DEFECTS } from './defects.mjs';
import { BUILD, bite, build, tableOf } from './run.mjs';

const SOAK = process.env.SOAK === '1';
const usual = join(ROOT, process.env.CAREOPS_BUILD ?? 'build', 'careops');
const header = readFileSync(join(ROOT, 'src/base/seeded.h'), 'utf8');
const listed = [...header.matchAll(/^ {4}X\((\w+)\)/gm)].map(([, name]) => name);

/** What tells of defects in a program: their names, the setting, and functions that only they call. */
async function traces(program) {
  const texts = (await run('strings', ['-a', program])).split('\n');
  const symbols = (await run('nm', [program])).split('\n');
  return [
    ...texts.filter((line) => line === 'CAREOPS_SEEDED' || listed.includes(line)),
    ...texts.filter((line) => line.includes('put in on purpose')),
    ...symbols.filter((line) => /seeded|send_early|everybodys/.test(line)),
  ];
}

test('each defect of seeded.h has a checker, and there are at least twelve', () => {
  assert.deepEqual(Object.keys(DEFECTS).sort(), [...listed].sort());
  assert.ok(listed.length >= 12);
  for (const [name, checkers] of Object.entries(DEFECTS)) assert.ok(checkers.length > 0, name);
});

test('the program as it is built for use has no trace of them', async () => {
  assert.deepEqual(await traces(usual), []);
  await build([]);
  const found = await traces(join(ROOT, BUILD, 'careops'));
  for (const name of listed) assert.ok(found.includes(name), `${name} is not where it has to be`);
});

test(`${listed.length} defects: each is found, and each checker is quiet without it`, async (t) => {
  const cluster = process.env.CAREOPS_TEST_POSTGRES ? null : await startPostgres({ fsync: true });
  if (cluster) process.env.CAREOPS_TEST_POSTGRES = cluster.url;
  t.after(() => cluster?.stop());
  const names = Object.keys(DEFECTS).filter((name) => SOAK || DEFECTS[name].some(({ long }) => !long));
  const rows = await bite(names, { long: SOAK });
  console.log(tableOf(rows));
  for (const { name, ok, clean, seeded } of rows) {
    assert.ok(ok, `${name} escaped, or its checker was not quiet:\n${clean.said.slice(-2000)}\n${seeded.said.slice(-4000)}`);
  }
});
