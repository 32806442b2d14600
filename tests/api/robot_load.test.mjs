// SPDX-License-Identifier: AGPL-3.0-or-later
// While the robot works off all that is due (a program that stood still for a week, a clock that was
// set right), clients book as before: bookings among the work are compared with bookings after it, in
// one run on one machine. A tenth of it is in the business that is booked, whose lock each job takes.
//
// 4,000 jobs, and 100,000 with SOAK=1.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { eventually } from '../lib/process.mjs';
import { dateIn, everyDay, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const SOAK = process.env.SOAK === '1';
const JOBS = SOAK ? 100_000 : 4_000;
const REMINDERS = SOAK ? 2_000 : 200;
const AT_ONCE = 4;
const QUIET = 200;
const PAUSE_MS = 100; // of a client between two bookings
const LOOK_MS = 500;
const DRAIN_MS = SOAK ? 40 * 60_000 : 4 * 60_000;
const TIMES_MAX = 8; // p95
const FAST_MS = 25; // faster than that counts as that: it is the disk's chance
const SLOWEST_MS = 2_000;

const at = (times, share) => times[Math.floor(times.length * share)];

/**
 * Books slots until `isOver()`; how long each took, in ms, shortest first. Without pauses the clients
 * alone would hold the lock of their business all the time, and the robot get its turn among them.
 */
async function bookings(salon, slots, isOver, pauseMs = PAUSE_MS) {
  const times = [];
  const desk = async () => {
    while (!isOver(times.length)) {
      assert.ok(slots.length > 0, 'there are times left to book');
      const slot = slots.shift();
      const began = performance.now();
      expectStatus(await salon.book(slot), 201);
      times.push(performance.now() - began);
      await setTimeout(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, desk));
  return times.sort((a, b) => a - b);
}

/** Visits to remind of, and others that are not there any more: due by now, in turn among businesses. */
async function makeDue(server, salon, others) {
  const now = Math.floor(Date.now() / 1000);
  const rest = (turn) => `'waiting', ${now - 3600}, ${now - 60} - ${turn} % 50, ${now}`;
  const ids = [salon, ...others].map(({ workspace }) => workspace.id);
  const business = `CASE i % 10 ${ids.map((id, i) => `WHEN ${i} THEN ${id}`).join(' ')} ELSE ${ids[1]} END`;
  await sql(
    server,
    `BEGIN;
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${JOBS - REMINDERS})
     INSERT INTO job (workspace_id, id, kind, subject_id, status, anchor_s, due_s, created_s)
       SELECT ${business}, i, 'visit_completion', i, ${rest('i')} FROM n;
     INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id, status,
         anchor_s, due_s, created_s)
       SELECT workspace_id, id, 'booking_reminder', id, CAST(start_s AS TEXT), id, client_id, ${rest('start_s / 900')}
       FROM booking ORDER BY start_s, id LIMIT ${REMINDERS};
     COMMIT`,
  );
}

const OURS = '(id < 1000000 OR id = subject_id)';

/** Asked seldom, since asking takes time from what is measured. */
async function isDone(server) {
  await setTimeout(LOOK_MS);
  const where = `status = 'waiting' AND ${OURS}`;
  return (await sql(server, `SELECT COUNT(*) FROM job WHERE ${where}`))[0] === '0';
}

test(`clients book while ${JOBS} jobs are done, each once`, async (t) => {
  const server = await startServer(t);
  const salon = await makeSalon(server, {
    hours: everyDay('00:00', '24:00'),
    staff: ['Ann', 'Bob', 'Cas', 'Dan', 'Eve', 'Fay'],
    services: [{ name: 'Cut', duration_min: 15, price: 1 }],
  });
  const others = [];
  for (let i = 1; i < 4; i += 1) others.push(await makeSalon(server, { publish: false, staff: [], services: [] }));
  const rule = { delay_min: 14 * 24 * 60 };
  expectStatus(await salon.owner.patch('/automations/booking_reminder', rule), 200);
  const slots = [];
  for (let day = 2; day < 60; day += 10) {
    const found = await salon.slots({ from: dateIn(day), to: dateIn(day + 9) });
    slots.push(...found.flatMap(({ start, staff_ids: ids }) => ids.map(() => ({ start }))));
  }
  await bookings(salon, slots, (done) => done >= REMINDERS + 100, 0); // and nothing is new any more

  await makeDue(server, salon, others);
  const began = performance.now();
  let over = false;
  const drained = eventually('nothing is due', () => isDone(server), DRAIN_MS).finally(() => {
    over = true;
  });
  const [among] = await Promise.all([bookings(salon, slots, () => over), drained]);
  const seconds = (performance.now() - began) / 1000;
  const after = await bookings(salon, slots, (done) => done >= QUIET);

  const ratio = at(among, 0.95) / Math.max(at(after, 0.95), FAST_MS);
  t.diagnostic(
    `${JOBS} jobs in ${seconds.toFixed(1)} s: ${(JOBS / seconds).toFixed(0)} a second, beside ` +
      `${(among.length / seconds).toFixed(0)} bookings a second; of ${among.length} among them median ` +
      `${at(among, 0.5).toFixed(1)} ms, p95 ${at(among, 0.95).toFixed(1)} ms, slowest ` +
      `${among.at(-1).toFixed(0)} ms; of ${after.length} after them ${at(after, 0.5).toFixed(1)} ms, ` +
      `${at(after, 0.95).toFixed(1)} ms, ${after.at(-1).toFixed(0)} ms: p95 ${ratio.toFixed(2)} times`,
  );
  assert.ok(among.length >= 50, `only ${among.length} bookings were made among the jobs`);
  assert.ok(ratio <= TIMES_MAX, `p95 ${ratio} times`);
  assert.ok(among.at(-1) <= SLOWEST_MS, `one took ${among.at(-1)} ms`);

  // A claim and an end each raise the version by one: what has three was begun once and ended once.
  assert.deepEqual(
    await sql(
      server,
      'SELECT kind, outcome, attempts, version, COUNT(*) FROM job' +
        ` WHERE status = 'done' AND ${OURS} GROUP BY 1, 2, 3, 4 ORDER BY 1`,
    ),
    [`booking_reminder|sent|1|3|${REMINDERS}`, `visit_completion|gone|1|3|${JOBS - REMINDERS}`],
  );
  assert.deepEqual(
    await sql(
      server,
      'SELECT COUNT(*), COUNT(DISTINCT subject_id) FROM message' + " WHERE kind = 'booking_reminder'",
    ),
    [`${REMINDERS}|${REMINDERS}`],
  );
});
