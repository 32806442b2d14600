// SPDX-License-Identifier: AGPL-3.0-or-later
// A short Chaos Day with many kills, and `careops audit` over what it left behind: what each found is
// a line of its own. The exit status is 1 where either found anything.
//
//   CAREOPS_BINARY=build-seeded/careops node tests/bugs/day.mjs sqlite|postgres [kills|none]

import { auditOf, playDay } from '../chaos/campaign.mjs';

const [engine, faults] = process.argv.slice(2);
const seed = Number(process.env.CAREOPS_SEED ?? 7);
const SOAK = process.env.SOAK === '1';
const PLANS = {
  sqlite: { clients: 32, minutes: SOAK ? 5 : 0.4, kills: SOAK ? 300 : 30 },
  postgres: { clients: 32, minutes: SOAK ? 5 : 0.4, kills: SOAK ? 60 : 8 },
};

const ends = [];
let found = 0;
const tell = (who, what) => {
  found += 1;
  console.log(`${who}: ${what}`);
};

try {
  const context = { after: (fn) => ends.push(fn) };
  const plan = PLANS[engine];
  if (faults === 'none') Object.assign(plan, { kills: 0, minutes: SOAK ? 2 : 0.2 });
  const day = await playDay(context, { engine, seed, ...plan });
  if (!day.verdict) throw new Error(`the day could not be played:\n${day.stderr}\n${day.logs}`);
  const { verdict } = day;
  for (const { name, findings, told } of verdict.judgements) {
    // How soon it is ready again is the campaign's to say, on a machine that does nothing else.
    if (findings > 0 && name !== 'ready') tell(`judge ${name}`, `${findings}: ${told[0]}`);
  }
  const report = await auditOf(day, { judged: false });
  for (const { name, finding_count: count, findings } of report.checks) {
    if (count > 0) tell(`audit ${name}`, `${count}: ${findings[0].what}: ${findings[0].problem}`);
  }
  console.log(
    `${verdict.acknowledged_bookings} bookings acknowledged, ${verdict.injected.kill_server} kills` +
      ` of the server, ${verdict.injected.kill_database} of the database, ${report.checks.length} checks`,
  );
} finally {
  for (const end of ends.reverse()) await end();
}
process.exit(found > 0 ? 1 : 0);
