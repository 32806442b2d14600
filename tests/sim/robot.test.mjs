// SPDX-License-Identifier: AGPL-3.0-or-later
// Weeks of three salons in a virtual world that crashes, whose clock jumps and whose mail service
// fails 30 % of its calls: what was due was told once, in time, and nothing else. A year with SOAK=1.
// SIM_SEED repeats one.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { dropDatabase, freshDatabase, startPostgres } from '../lib/postgres.mjs';
import { judgeAll } from './robot/judge.mjs';
import { report } from './robot/report.mjs';
import { sabotages } from './robot/sabotage.mjs';
import { simulate } from './robot/simulate.mjs';

const SOAK = process.env.SOAK === '1';
const seed = Number(process.env.SIM_SEED ?? (SOAK ? Date.now() % 1e9 : 20261126));

async function judged(options, engine, known = false) {
  const began = performance.now();
  const evidence = await simulate({ seed, ...options });
  const verdict = judgeAll(evidence);
  const seconds = (performance.now() - began) / 1000;
  if (!known) console.log(report(evidence, verdict, { ...options, seed, engine, seconds }));
  return { evidence, verdict };
}

function assertGood({ evidence, verdict }) {
  assert.deepEqual(verdict.violations, []);
  const { died, killed } = evidence.deaths;
  const faults =
    evidence.calls.filter(({ said }) => said !== 'accepted').length / evidence.calls.length;
  assert.ok(died > 0 && killed > 0, `${died} died, ${killed} were killed`);
  assert.ok(faults > 0.25 && faults < 0.35, `${faults} of the calls were at fault`);
  for (const rule of [
    'told_the_time',
    'told_of_the_cancellation',
    'reminder_due',
    'thanks_due',
    'morning_due',
    'form_request_due',
    'owner_told',
  ]) {
    assert.ok(verdict.counts.get(rule)?.[0] >= 3, `too few cases of ${rule}`);
  }
}

describe('the robot over virtual time', () => {
  let good;
  before(async () => {
    good = await judged({ days: 21 }, 'SQLite');
  });

  test('SQLite, three weeks: each due letter is taken once, none early and none of what is off', () => {
    assertGood(good);
  });

  if (SOAK) {
    test('SQLite, a year: the same', async () => {
      assertGood(await judged({ days: 365 }, 'SQLite'));
    });
  }

  for (const [name, { notices, spoil }] of Object.entries(sabotages)) {
    test(`the judge notices: ${name}`, () => {
      const spoilt = structuredClone(good.evidence);
      spoil(spoilt);
      const { counts } = judgeAll(spoilt);
      assert.ok(counts.get(notices)?.[1] > 0, `${notices} noticed nothing`);
    });
  }

  test('the judge notices a mail service that forgets its keys', async () => {
    const { verdict } = await judged({ days: 4, forget: true }, 'SQLite', true);
    assert.ok(verdict.counts.get('sent_once')[1] > 0);
  });

  test('PostgreSQL, two processes at once: the same', async () => {
    const cluster = await startPostgres({ fsync: false }); // deaths of processes, not of the machine
    const url = await freshDatabase(cluster.url);
    try {
      assertGood(await judged({ days: SOAK ? 365 : 16, seats: 2, url }, 'PostgreSQL'));
    } finally {
      await dropDatabase(cluster.url, url);
      await cluster.stop();
    }
  });
});
