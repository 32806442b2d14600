// SPDX-License-Identifier: AGPL-3.0-or-later
// The campaigns of issue and reliability page: a Chaos Day of 64 clients on each engine, whose
// server (and database, on PostgreSQL) is killed again and again while the provider fails a third
// of its calls. SOAK=1 plays by the hour: CAREOPS_SOAK_MINUTES long (60), with a seed of its own.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { auditOf, figures, findingsOf, playDay } from './campaign.mjs';

const SOAK = process.env.SOAK === '1';
const SOAK_MINUTES = Number(process.env.CAREOPS_SOAK_MINUTES ?? 60);

const SHORT = {
  sqlite: { minutes: 2.5, kills: 300, seed: 20261 },
  postgres: { minutes: 2.5, kills: 60, seed: 20262 },
};
const KILLS_A_MINUTE = { sqlite: 60, postgres: 6 };

function planOf(engine) {
  if (!SOAK) return SHORT[engine];
  return {
    minutes: SOAK_MINUTES,
    kills: Math.round(SOAK_MINUTES * KILLS_A_MINUTE[engine]),
    seed: Math.floor(Date.now() / 1000),
  };
}

/** Plays it, prints its figures, and fails on anything that must not be. */
export async function campaign(t, engine) {
  const plan = planOf(engine);
  const day = await playDay(t, { engine, ...plan });
  const said = () => `${day.stdout}\n${day.stderr.slice(-4000)}\n${day.logs}`;
  assert.ok(day.verdict, said());
  console.log(figures(day));
  assert.deepEqual(findingsOf(day), {}, said());
  assert.equal(day.status, 0, said());

  const { verdict } = day;
  assert.equal(verdict.holds, true);
  assert.equal(verdict.lost, 0);
  assert.equal(verdict.doubled, 0);
  assert.equal(verdict.injected.kill_server, plan.kills);
  assert.equal(verdict.injected.kill_database, engine === 'postgres' ? plan.kills : 0);
  // A day that asked little, or was answered little, says little.
  assert.ok(verdict.acknowledged_bookings >= 100, `${verdict.acknowledged_bookings} bookings`);
  assert.ok(verdict.unknown >= plan.kills / 4, `${verdict.unknown} calls were cut off`);
  for (const fault of ['lost_answer', 'double_tap', 'provider']) {
    assert.ok(verdict.injected[fault] >= 5, `${fault}: ${verdict.injected[fault]}`);
  }
  for (const { name, looked_at: lookedAt, skipped } of verdict.judgements) {
    assert.ok(lookedAt > 0 && !skipped, `${name} looked at ${lookedAt}`);
  }
  assert.ok(verdict.ready_p99 <= day.readyWithinMs);
  await auditOf(day);
  const report = join(day.world.folder, 'day.html');
  assert.ok(existsSync(report) && readFileSync(report, 'utf8').length > 1000);
}
