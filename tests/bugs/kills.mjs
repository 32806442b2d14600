// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 under a load of bookings and moves, again and again; then: what was acknowledged is there,
// no key has two bookings, and `careops audit` holds. What is found is told, each a line of its own;
// the exit status is then 1.
//
//   CAREOPS_BINARY=build-seeded/careops node tests/bugs/kills.mjs

import { spawnSync } from 'node:child_process';

import { dateIn, makeSalon } from '../lib/salon.mjs';
import { BINARY, startServer } from '../lib/server.mjs';
import { numbers } from '../disk/numbers.mjs';

const SOAK = process.env.SOAK === '1';
const KILLS = SOAK ? 300 : 25;
const CLIENTS = 16;
const COMPLETED = 5;
const TRIES_MAX = 200; // a start after a kill and some answers that are lost again
const chance = numbers(Number(process.env.CAREOPS_SEED ?? 7));
const below = (n) => Math.floor(chance() * n);

const ends = [];
const server = await startServer({ after: (fn) => ends.push(fn) });
const salon = await makeSalon(server, {
  staff: ['Ann', 'Bob', 'Cas', 'Dan', 'Eve', 'Fay', 'Gil', 'Hal'],
  items: [{ name: 'Oil', unit: 'ml', on_hand: 1000000 }],
  services: [{ name: 'Cut', duration_min: 15, price: 3000, materials: [[0, 5]] }],
});
const starts = (await salon.slots({ from: dateIn(2), to: dateIn(60) })).map(({ start }) => start);

let next = 0;
let over = false;
let up = Promise.resolve();
const acknowledged = new Set();
const counts = { booked: 0, moved: 0, unknown: 0, stuck: 0 };

/** Asks until there is an answer, under one key: what a client does whose answer was lost. */
async function insist(call) {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    await up;
    try {
      const answer = await call();
      if (answer.status < 500) return answer;
    } catch {
      // The connection broke: it may have had its effect or not.
    }
    counts.unknown += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  counts.stuck += 1;
  return { status: 0 };
}

async function client(index) {
  let mine = null;
  while (!over) {
    const number = (next += 1);
    const start = starts[below(starts.length)];
    if (mine && chance() < 0.4) {
      const moved = await insist(() => salon.owner.patch(`/bookings/${mine}`, { start }));
      counts.moved += moved.status === 200;
      continue;
    }
    const who = { name: `Client ${index}`, email: `key${number}@client.example` };
    const answer = await insist(() => salon.book({ start, client: who, key: `key-${number}` }));
    if (answer.status !== 201) continue;
    mine = answer.body.booking.id;
    acknowledged.add(mine);
    counts.booked += 1;
  }
}

const clients = Array.from({ length: CLIENTS }, (_, index) => client(index));
for (let kill = 0; kill < KILLS; kill += 1) {
  await new Promise((resolve) => setTimeout(resolve, 100 + below(400)));
  let ready;
  up = new Promise((resolve) => {
    ready = resolve;
  });
  await server.kill();
  await server.start();
  ready();
}
over = true;
await Promise.all(clients);

let found = 0;
const tell = (who, count, what) => {
  if (count === 0) return;
  found += 1;
  console.log(`${who}: ${count} ${what}`);
};
const died = !server.running;
tell('kills died', died ? 1 : 0, 'of the program by itself');
if (died) await server.start();
const bookings = await salon.owner.list('/bookings');
const there = new Set(bookings.map(({ id }) => id));
const byKey = new Map();
for (const booking of bookings) {
  byKey.set(booking.client.email, (byKey.get(booking.client.email) ?? 0) + 1);
}
tell('kills lost', [...acknowledged].filter((id) => !there.has(id)).length, 'acknowledged bookings');
tell('kills stuck', counts.stuck, 'keys that nothing answers');
tell('kills doubled', [...byKey.values()].filter((n) => n > 1).length, 'keys with two bookings');
for (const id of [...acknowledged].slice(0, COMPLETED)) await salon.owner.post(`/bookings/${id}/complete`);
await server.stop();
const audit = spawnSync(BINARY, ['audit', '--json'], { env: server.settings(), encoding: 'utf8' });
const report = JSON.parse(audit.stdout);
for (const { name, finding_count: count, findings } of report.checks) {
  tell(`audit ${name}`, count, count && `${findings[0].what}: ${findings[0].problem}`);
}
console.log(
  `${KILLS} kills, ${counts.booked} bookings and ${counts.moved} moves acknowledged,` +
    ` ${counts.unknown} without an answer, ${report.checks.length} checks`,
);
for (const end of ends.reverse()) await end();
process.exit(found > 0 ? 1 : 0);
