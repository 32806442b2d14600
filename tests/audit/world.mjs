// SPDX-License-Identifier: AGPL-3.0-or-later
// A database in which everything that `careops audit` looks at has happened, through the real API.
//
//   const world = await fillWorld(server)    the server is stopped afterwards
//   const said = await audit(server)         { status, report, stderr }
//   await copyOf(t, server)                  the same database once more, for damage

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expectStatus } from '../lib/client.mjs';
import { mailGone } from '../lib/contents.mjs';
import { feedbackLink, pastVisit } from '../lib/feedback.mjs';
import { dropDatabase } from '../lib/postgres.mjs';
import { removeFolder, run, temporaryFolder } from '../lib/process.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { BINARY } from '../lib/server.mjs';

const SERVICES = [
  { name: 'Cut', duration_min: 45, price: 4500, buffer_before_min: 5, buffer_after_min: 10, materials: [[0, 30], [1, 5]] },
  { name: 'Wash', duration_min: 30, price: 2000, materials: [[0, 10]] },
  {
    name: 'Colour',
    duration_min: 90,
    price: 9000,
    buffer_after_min: 15,
    segments: [{ kind: 'work', minutes: 30 }, { kind: 'processing', minutes: 30 }, { kind: 'work', minutes: 30 }],
    materials: [[1, 8]],
  },
];
const ITEMS = [
  { name: 'Dye', on_hand: 2000, reorder_point: 100 },
  { name: 'Gel', on_hand: 500, reorder_point: 495 },
  { name: 'Towel', on_hand: 10, reorder_point: 50 },
];
const FORM = {
  name: 'Health questions',
  kind: 'intake',
  fields: [{ key: 'agree', label: 'I agree', type: 'consent', required: true }],
};
const ok = (answer, status = 200) => expectStatus(answer, status);

/** Visits in every state, by the public page and by the desk. */
async function visits(salon) {
  const { owner } = salon;
  const slots = await salon.slots({ from: dateIn(3), to: dateIn(8) });
  let next = 0;
  // Two hours apart, so that any service fits.
  const start = () => slots[(next += 9)].start;
  const book = async (name, services = [salon.services[0]]) => {
    const client = { name, email: `${name.toLowerCase()}@client.example`, phone: '+48 600 100 200' };
    return ok(await salon.book({ start: start(), services, client }), 201).booking;
  };
  const act = async ({ id }, verb) => ok(await owner.post(`/bookings/${id}/${verb}`));
  const change = async ({ id }, body) => ok(await owner.patch(`/bookings/${id}`, body));
  const made = {};
  made.plain = await book('Ada');
  made.both = await book('Bea', [salon.services[0], salon.services[1]]);
  made.processing = await book('Cora', [salon.services[2]]);
  made.cancelled = await act(await book('Dora'), 'cancel');
  made.restored = await act(await act(await book('Ella'), 'cancel'), 'restore');
  made.moved = await change(await book('Fay'), { start: start() });
  made.longer = await change(await book('Gwen'), { duration_min: 60 });
  made.missed = await act(await book('Hana'), 'no-show');
  made.begun = await act(await book('Ines'), 'start');
  made.corrected = await change(await book('Jola'), { notes: 'By the window' });
  const moved = await change(await book('Kira'), { start: start() });
  made.undone = ok(await owner.post(`/bookings/${moved.id}/undo`, { version: moved.version }));
  made.done = await pastVisit(salon, {});
  made.doneWithMore = await pastVisit(salon, { complete: false });
  ok(await owner.post(`/bookings/${made.doneWithMore.id}/complete`, { materials: [{ item_id: salon.items[0].id, quantity: 40 }] }));
  const back = await pastVisit(salon, {});
  made.reopened = ok(await owner.post(`/bookings/${back.id}/undo`, { version: back.version }));
  ok(await owner.patch('/workspace', { auto_confirm: false }));
  made.pending = await book('Lena');
  made.confirmed = await act(await book('Mona'), 'confirm');
  ok(await owner.patch('/workspace', { auto_confirm: true }));
  return made;
}

async function stock({ owner, items }) {
  const move = async (item, body) => ok(await owner.post(`/items/${item.id}/movements`, body), 201);
  await move(items[0], { kind: 'waste', quantity: 12, reason: 'spilt' });
  await move(items[0], { kind: 'receive', quantity: 100, reason: 'delivery' });
  await move(items[2], { kind: 'count', quantity: 9, reason: 'by eye' });
  await move(items[2], { kind: 'adjust', quantity: -1, reason: 'lent' });
  const take = async (counted) => {
    const made = ok(await owner.post('/stocktakes', {}), 201);
    ok(await owner.put(`/stocktakes/${made.id}/lines/${items[2].id}`, { counted }));
    return made;
  };
  const first = await take(7);
  ok(await owner.post(`/stocktakes/${first.id}/finish`));
  await take(8);
}

/** A rating, a conversation, a form, tags, a merge that holds, one that does not, an erasure. */
async function people(server, salon, made) {
  const { owner, visitor } = salon;
  const token = await feedbackLink(server, made.done);
  ok(await visitor.post(`/public/rate/${token}`, { stars: 5, comment: 'Well done' }));
  ok(await visitor.post(`/public/${salon.slug}/contact`, { name: 'Nora', email: 'nora@client.example', message: 'A question' }), 202);
  const [talk] = await owner.list('/conversations');
  ok(await owner.post(`/conversations/${talk.id}/messages`, { body: 'An answer' }), 201);
  ok(await visitor.post(`/public/${salon.slug}/contact`, { name: 'Nora', email: 'nora@client.example', message: 'Thank you' }), 202);
  const form = ok(await owner.post('/forms', FORM), 201);
  ok(await owner.patch(`/services/${salon.services[1].id}`, { form_ids: [form.id] }));
  const [slot] = await salon.slots({ from: dateIn(10) });
  ok(await salon.book({ start: slot.start, services: [salon.services[1]], client: { name: 'Olga', email: 'olga@client.example' } }), 201);

  const add = async (name, more = {}) => ok(await owner.post('/clients', { name, email: `${name.toLowerCase()}@desk.example`, ...more }), 201);
  const pola = await add('Pola', { tags: ['vip', 'late'] });
  ok(await owner.post('/bookings', { service_ids: [salon.services[1].id], start: (await salon.slots({ from: dateIn(11) }))[0].start, client_id: pola.id }), 201);
  const [rita, sara, tina] = [await add('Rita', { tags: ['vip'] }), await add('Sara'), await add('Tina')];
  ok(await owner.post(`/clients/${rita.id}/merge`, { other_id: pola.id }));
  const merge = ok(await owner.post(`/clients/${sara.id}/merge`, { other_id: tina.id })).merge;
  ok(await owner.post(`/client-merges/${merge.id}/undo`));
  const gone = await add('Ursa', { phone: '+48 600 700 800' });
  await pastVisit(salon, { client_id: gone.id });
  ok(await owner.post(`/clients/${gone.id}/erase`, { name: gone.name }));
  const off = { start: `${dateIn(40)}T08:00:00Z`, end: `${dateIn(41)}T08:00:00Z`, reason: 'rest' };
  ok(await owner.post(`/staff/${salon.staff[1].id}/time-off`, off), 201);
}

export async function fillWorld(server) {
  const salon = await makeSalon(server, { items: ITEMS, services: SERVICES });
  const made = await visits(salon);
  await stock(salon);
  await people(server, salon, made);
  const other = await makeSalon(server, { items: [ITEMS[0]], services: [SERVICES[1]].map((s) => ({ ...s, materials: [[0, 10]] })) });
  await other.visitor.post(`/public/${other.slug}/contact`, { name: 'Vera', email: 'vera@client.example', message: 'Hello' });
  for (const { start } of (await other.slots()).slice(0, 2)) ok(await other.book({ start }), 201);
  await mailGone(server);
  await server.stop();
  return { salon, other, made };
}

const AUDIT_MS = 120_000;

/** Whatever its exit status. `report` is null where it gave none. */
export async function audit(server, args = [], { env = {}, ...options } = {}) {
  const child = spawn(BINARY, ['audit', '--json', ...args], {
    env: server.settings(env),
    timeout: AUDIT_MS,
    ...options,
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (part) => {
      said[stream] += part;
    });
  }
  const [status] = await once(child, 'close');
  return { status, report: said.stdout ? JSON.parse(said.stdout) : null, ...said };
}

/** What was found, for a person who reads a failure. */
export const findings = ({ report, stderr }) => report
  ? report.checks.filter(({ ok: holds }) => !holds).map(({ name, error, findings: list }) => [name, error, list])
  : stderr;

/** A stopped server's database once more, with what contents.mjs and audit() want of a server. */
export async function copyOf(t, server) {
  const copy = { engine: server.engine, settings: (more) => ({ ...server.settings(more), CAREOPS_DB: copy.db }) };
  if (server.engine === 'sqlite') {
    const folder = temporaryFolder('copy');
    copy.file = join(folder, 'careops.db');
    copyFileSync(server.db.slice('sqlite:'.length), copy.file);
    copy.db = `sqlite:${copy.file}`;
    t.after(() => removeFolder(folder));
    return copy;
  }
  const maintenance = process.env.CAREOPS_TEST_POSTGRES;
  const url = new URL(server.db);
  const name = `${url.pathname.slice(1)}_${Math.random().toString(36).slice(2, 8)}`;
  await run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', maintenance], {
    input: `CREATE DATABASE ${name} TEMPLATE ${url.pathname.slice(1)}`,
  });
  url.pathname = `/${name}`;
  copy.db = url.href;
  t.after(() => dropDatabase(maintenance, copy.db));
  return copy;
}
