// SPDX-License-Identifier: AGPL-3.0-or-later
// The simulation by hand:
//
//   node tests/sim/robot/run.mjs [--days=N] [--seed=N] [--postgres] [--sabotage=NAME]
//
// --postgres: two processes on a fresh database beside CAREOPS_TEST_POSTGRES. The exit status is 1
// where anything is wrong.

import { freshDatabase } from '../../lib/postgres.mjs';
import { judgeAll } from './judge.mjs';
import { report, summary } from './report.mjs';
import { sabotages } from './sabotage.mjs';
import { simulate } from './simulate.mjs';

const options = Object.fromEntries(
  process.argv
    .slice(2)
    .map((word) => /^--([a-z]+)(?:=(.*))?$/.exec(word)?.slice(1) ?? [word, null]),
);
const seed = Number(options.seed ?? Math.floor(Math.random() * 1e9));
const days = Number(options.days ?? 21);
const postgres = 'postgres' in options;
const sabotage = options.sabotage;
if (sabotage && sabotage !== 'forget' && !(sabotage in sabotages)) {
  console.error(
    `run.mjs: no sabotage ${sabotage}; there are forget, ${Object.keys(sabotages).join(', ')}`,
  );
  process.exit(2);
}
const url = postgres ? await freshDatabase(process.env.CAREOPS_TEST_POSTGRES) : undefined;
const began = performance.now();
const evidence = await simulate({
  url,
  days,
  seed,
  seats: postgres ? 2 : 1,
  forget: sabotage === 'forget',
});
if (sabotage in sabotages) sabotages[sabotage].spoil(evidence);
const judged = judgeAll(evidence);
console.log(
  report(evidence, judged, {
    days,
    seed,
    engine: postgres ? 'PostgreSQL' : 'SQLite',
    seconds: (performance.now() - began) / 1000,
  }),
);
const { passed, failed } = summary(judged);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
