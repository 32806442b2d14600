// SPDX-License-Identifier: AGPL-3.0-or-later
// The disk is full, and is not any more: what was acknowledged stays, reads go on, writes say why
// they cannot be and go on as soon as there is room; no letter speaks of a booking that is not
// there. SOAK=1 has ten times as many rounds, CAREOPS_SEED other ones.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { eventually, spawnBound } from '../lib/process.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { BINARY, prepareServer } from '../lib/server.mjs';
import { numbers } from './numbers.mjs';
import { KIB, MIB, mayMount, mountDisk, runApart } from './small_disk.mjs';

const SOAK = process.env.SOAK === '1';
const ROUNDS = SOAK ? 50 : 5;
const CLIENTS = 12;
const REFUSALS = 25; // of a round, so that being full is more than a moment
const ASKED_MAX = 3000; // in a round; a megabyte is full after some hundred
const ROOM = 48 * MIB;
const BACK_MS = 10_000; // a second is the aim; a busy machine may take longer, but not for good

/** Clients who book one time after the other, and remember what they were told. */
class Clients {
  constructor(salon, starts) {
    Object.assign(this, { salon, starts, next: 0, asked: new Map(), refused: 0, others: [] });
  }

  async bookOnce(key = `key-${(this.next += 1)}`) {
    const number = Number(key.slice(4));
    const answer = await this.salon.book({
      start: this.starts[number % this.starts.length],
      client: { name: `Client ${number}`, email: `client${number}@client.example` },
      key,
      notes: 'what is said here takes some room on the disk '.repeat(20),
    });
    const code = answer.body?.code;
    if (answer.status === 201) this.asked.set(key, { done: answer.body.booking.id });
    else if (answer.status === 409) this.asked.set(key, { taken: true });
    else this.asked.set(key, { open: true });
    if ([503, 507].includes(answer.status) && code === 'storage_full') this.refused += 1;
    else if (![201, 409].includes(answer.status)) this.others.push(`${answer.status} ${code}`);
    return answer.status;
  }

  get acknowledged() {
    return [...this.asked.values()].map(({ done }) => done).filter(Boolean);
  }

  async untilFull() {
    const enough = this.refused + REFUSALS;
    const last = this.next + ASKED_MAX;
    const one = async () => {
      while (this.refused < enough && this.next < last) await this.bookOnce();
    };
    await Promise.all(Array.from({ length: CLIENTS }, one));
    assert.ok(this.refused >= enough, 'the disk is full, and writes are acknowledged all the same');
  }

  /** What was refused is asked for again, under its key. */
  async askAgain() {
    for (const [key, { open }] of this.asked) if (open) await this.bookOnce(key);
  }
}

async function readsGoOn(salon, acknowledged) {
  const visitor = await salon.visitor.get(`/public/${salon.slug}`);
  assert.equal(visitor.status, 200, visitor.text);
  const owner = await salon.owner.get(`/bookings/${acknowledged.at(-1)}`);
  assert.equal(owner.status, 200, owner.text);
}

/** What is there at the end is what was acknowledged: nothing lost, doubled or left over. */
async function everythingIsThere(salon, clients) {
  const found = new Map();
  for (const booking of await salon.owner.list('/bookings')) found.set(booking.id, booking);
  const lost = clients.acknowledged.filter((id) => !found.has(id));
  const known = new Set(clients.acknowledged);
  const extra = [...found.keys()].filter((id) => !known.has(id));
  assert.deepEqual({ lost, extra }, { lost: [], extra: [] });
  const emails = [...found.values()].map(({ client }) => client.email);
  assert.equal(new Set(emails).size, emails.length, 'a key has one booking');
  return found;
}

async function auditIsClean(server) {
  const report = JSON.parse(await server.command(['audit', '--json']));
  assert.equal(report.ok, true, JSON.stringify(report.checks.filter(({ ok }) => !ok)));
  return report.checks.length;
}

async function makeWorld(t, { dbIn, mailIn, log }) {
  const server = await prepareServer(t);
  if (dbIn) server.db = `sqlite:${join(dbIn, 'careops.db')}`;
  if (mailIn) server.env.CAREOPS_MAIL = `file:${mailIn}`;
  if (mailIn) server.mailFolder = mailIn;
  if (log) {
    server.spawn = function spawn() {
      this.child = spawnBound('sh', ['-c', 'exec "$0" serve 2>>"$1"', BINARY, log], {
        env: this.settings(),
        cwd: this.folder,
        stdio: 'ignore',
      });
      this.exited = new Promise((resolve) => this.child.once('close', resolve));
    };
  }
  await server.start();
  const salon = await makeSalon(server, {
    staff: ['Ann', 'Bob', 'Cas', 'Dan', 'Eve', 'Fay', 'Gil', 'Hal'],
    items: [{ name: 'Oil', unit: 'ml', on_hand: 1000000 }],
    services: [{ name: 'Cut', duration_min: 15, price: 3000, materials: [[0, 5]] }],
  });
  const slots = await salon.slots({ from: dateIn(2), to: dateIn(60) });
  const starts = slots.map(({ start }) => start);
  return { server, salon, clients: new Clients(salon, starts) };
}

/** Each letter of confirmation is of a booking that there is, and each booking has one. */
async function lettersAreOfBookings(server, found) {
  const wanted = new Set([...found.values()].map(({ client }) => client.email));
  const told = () => {
    const counts = new Map();
    for (const letter of server.mail()) {
      const to = String(letter.to).match(/client\d+@client\.example/)?.[0];
      if (to) counts.set(to, (counts.get(to) ?? 0) + 1);
    }
    return counts;
  };
  await eventually('each booking is told', () => told().size >= wanted.size, 120_000);
  const counts = told();
  assert.deepEqual([...counts].filter(([to]) => !wanted.has(to)), [], 'letters of no booking');
  assert.deepEqual([...counts].filter(([, n]) => n !== 1), [], 'told twice');
  return counts.size;
}

if (!mayMount()) {
  test('the disk is full, in a user namespace', () => runApart(import.meta.filename));
} else {
  const seed = Number(process.env.CAREOPS_SEED ?? 20261127);

  test(`the database's disk is full ${ROUNDS} times: nothing acknowledged is lost, and writes go on`, async (t) => {
    const chance = numbers(seed);
    const disk = mountDisk(t, ROOM);
    const { server, salon, clients } = await makeWorld(t, { dbIn: disk.folder });
    const back = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let i = 0; i < 10; i += 1) await clients.bookOnce();
      disk.leave(64 * KIB + chance() * MIB);
      await clients.untilFull();
      await readsGoOn(salon, clients.acknowledged);
      assert.equal(server.running, true, server.lastLogs());
      disk.resize(ROOM);
      const began = performance.now();
      await eventually('a booking is taken again', async () => (await clients.bookOnce()) === 201, BACK_MS);
      back.push(performance.now() - began);
      await clients.askAgain();
      if (round % 2 === 1) await (chance() < 0.5 ? server.kill().then(() => server.start()) : server.restart());
    }
    const found = await everythingIsThere(salon, clients);
    const letters = await lettersAreOfBookings(server, found);
    const checks = await auditIsClean(server);
    assert.deepEqual(clients.others, []);
    back.sort((a, b) => a - b);
    console.log(
      `seed ${seed}: full ${ROUNDS} times, ${clients.refused} writes refused, ${clients.acknowledged.length} bookings acknowledged, ` +
        `0 lost, 0 doubled, ${letters} letters, none of a booking that is not there; writing again after ` +
        `${back[Math.floor(back.length / 2)].toFixed(0)} ms in the middle, ${back.at(-1).toFixed(0)} ms at most; audit: ${checks} checks hold`,
    );
  });

  test("the mail folder's disk is full: bookings go on, and each letter goes once when there is room", async (t) => {
    const disk = mountDisk(t, 4 * MIB);
    const { server, salon, clients } = await makeWorld(t, { mailIn: disk.folder });
    for (let i = 0; i < 5; i += 1) assert.equal(await clients.bookOnce(), 201);
    disk.fill();
    for (let i = 0; i < 40; i += 1) assert.equal(await clients.bookOnce(), 201, clients.others.join());
    disk.resize(ROOM);
    const found = await everythingIsThere(salon, clients);
    const letters = await lettersAreOfBookings(server, found);
    console.log(`${found.size} bookings while no letter could be written, ${letters} letters after it, each once`);
  });

  test('the disk of the log is full: the program goes on', async (t) => {
    const disk = mountDisk(t, MIB);
    const { server, salon, clients } = await makeWorld(t, { log: join(disk.folder, 'log') });
    disk.fill();
    for (let i = 0; i < 40; i += 1) assert.equal(await clients.bookOnce(), 201, clients.others.join());
    const found = await everythingIsThere(salon, clients);
    assert.equal(server.running, true);
    console.log(`${found.size} bookings while nothing could be logged`);
  });
}
