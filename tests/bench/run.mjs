// SPDX-License-Identifier: AGPL-3.0-or-later
// `make bench`: bookings and availability answers a second over HTTP on each engine, beside a bare
// loop of the very statements that the program runs for them (bare_bench.c), and the database floor
// by itself (db_bench.c), all in the same run and on the same disk. The figures go to
// build/bench.json too. Everything is as durable as in earnest.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { dateIn, everyDay, makeSalon } from '../lib/salon.mjs';
import { freshDatabase, startPostgres } from '../lib/postgres.mjs';
import { ROOT, removeFolder, run, temporaryFolder } from '../lib/process.mjs';
import { prepareServer } from '../lib/server.mjs';
import { load } from './load.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const WORKERS = 64; // as many as one group commit takes
const BUSINESSES = 8;
const STAFF = 10;
const DAYS = 30;
const PROGRAMS = join(ROOT, 'build', 'tests', 'bench');

function staffNames() {
  return Array.from({ length: STAFF }, (_, index) => `Person ${index + 1}`);
}

/** Every start of every person as a request that books it: none can meet another. */
async function bookings(salon) {
  const from = dateIn(2);
  const to = dateIn(2 + DAYS);
  const requests = [];
  for (const member of salon.staff) {
    for (const slot of await salon.slots({ from, to, staff_id: member.id })) {
      const body = {
        service_ids: [salon.services[0].id],
        staff_id: member.id,
        start: slot.start,
        client: { name: 'Cleo', email: `c${requests.length}@client.example` },
      };
      requests.push({
        url: salon.visitor.url(`/public/${salon.slug}/bookings`),
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'idempotency-key': `b${requests.length}` },
      });
    }
  }
  return interleave(requests, Math.ceil(requests.length / salon.staff.length));
}

/** Of lists of this length laid end to end: the first of each, then the second of each, and on. */
function interleave(requests, length) {
  return requests
    .map((request, index) => ({ request, turn: index % length }))
    .sort((a, b) => a.turn - b.turn)
    .map(({ request }) => request);
}

function makeBusiness(server) {
  return makeSalon(server, {
    staff: staffNames(),
    hours: everyDay('08:00', '20:00'),
    items: [{ name: 'Dye', on_hand: 900_000, reorder_point: 10 }],
    services: [{ name: 'Cut', duration_min: 15, price: 2500, materials: [[0, 1]] }],
  });
}

function book(requests) {
  let index = 0;
  const next = () => requests[index++] ?? null;
  return load({ next, expected: 201, workers: WORKERS, seconds: SECONDS });
}

async function overHttp(engine) {
  const server = await prepareServer(null, { engine });
  try {
    await server.start();
    const salons = [];
    while (salons.length < BUSINESSES) salons.push(await makeBusiness(server));
    const [first, ...others] = await Promise.all(salons.map(bookings));
    const question = `service_ids=${salons[0].services[0].id}&from=${dateIn(2)}&to=${dateIn(9)}`;
    const url = salons[0].visitor.url(`/public/${salons[0].slug}/availability?${question}`);
    return {
      availability: await load({ next: () => ({ url }), expected: 200, seconds: SECONDS }),
      one_business: await book(first),
      businesses: await book(interleave(others.flat(), others[0].length)),
    };
  } finally {
    await server.remove();
  }
}

/** A new, empty database of this engine. */
function empty(engine, folder, name, cluster) {
  return engine === 'sqlite' ? `sqlite:${join(folder, name)}` : freshDatabase(cluster.url);
}

/** What one of the programs says of as many empty databases as it asks for: `NAME VALUE` and words. */
async function alone(engine, cluster, program, names, more = []) {
  const folder = temporaryFolder('bench');
  try {
    const urls = [];
    for (const name of names) urls.push(await empty(engine, folder, name, cluster));
    const said = await run(join(PROGRAMS, program), [...urls, ...more], { timeoutMs: 180_000 });
    const lines = said.split('\n').filter((line) => /^\S+ [\d.]+/.test(line));
    console.log(lines.map((line) => `  ${line}`).join('\n'));
    return Object.fromEntries(
      lines.map((line) => line.split(/\s+/)).map(([name, value]) => [name, Number(value)]),
    );
  } finally {
    removeFolder(folder);
  }
}

function tell(name, { count, per_s: rate, p50_ms: p50, p99_ms: p99 }) {
  const figures = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  console.log(`  ${name.padEnd(36)}${rate.toFixed(0).padStart(7)}/s  ${figures}  (${count})`);
}

async function main() {
  const cluster = await startPostgres({ fsync: true });
  process.env.CAREOPS_TEST_POSTGRES = cluster.url;
  const results = {};
  try {
    for (const engine of ['sqlite', 'postgres']) {
      console.log(`\n${engine}, over HTTP`);
      const http = await overHttp(engine);
      tell('availability, 8 days of 10 people', http.availability);
      tell('bookings, all in one business', http.one_business);
      tell(`bookings, spread over ${BUSINESSES - 1}`, http.businesses);

      console.log(`${engine}, the same statements without the program`);
      const bare = await alone(engine, cluster, 'bare_bench', ['bare.db'], [String(SECONDS)]);
      console.log(`${engine}, the database floor alone`);
      const floor = await alone(engine, cluster, 'db_bench', ['floor.db'], [String(SECONDS)]);
      console.log(`${engine}, with the second lock between tenants to without it`);
      const tenant = await alone(engine, cluster, 'tenant_bench', ['with.db', 'without.db']);
      const share = (rate) => `${((100 * rate.per_s) / bare.booking).toFixed(0)} %`;
      console.log(
        `  bookings over HTTP come to ${share(http.one_business)} of the bare loop` +
          ` in one business, ${share(http.businesses)} over several`,
      );
      results[engine] = { http, bare, floor, tenant };
    }
  } finally {
    await cluster.stop();
  }
  writeFileSync(join(ROOT, 'build', 'bench.json'), `${JSON.stringify(results, null, 2)}\n`);
}

await main();
