// SPDX-License-Identifier: AGPL-3.0-or-later
// Two businesses side by side, each with a marker of its own in every text that it wrote. Every
// route of the description is called as every kind of caller, with one's own ids and with the
// other's in each place that takes one; and every answer, page, letter, log line and event is
// searched for what belongs to the other side. Routes are read from the description, so that a new
// one is walked without being named here.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { before, describe, test } from 'node:test';

import { attach } from '../lib/attach.mjs';
import { Client, expectStatus } from '../lib/client.mjs';
import { mailGone, sql } from '../lib/contents.mjs';
import { askForm, makeForm } from '../lib/forms.mjs';
import { eventually } from '../lib/process.mjs';
import { rated } from '../lib/feedback.mjs';
import { PASSWORD, dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { Walk, idsIn } from './canary_bodies.mjs';
import { readContract, signInAsStaff } from './contract_check.mjs';

const PERMISSIONS = ['bookings', 'inbox', 'clients', 'inventory', 'reports', 'clinical'];
const STAFF_PASSWORD = 'another long secret 8';
const REPAIRS_MAX = 3;
// A path in which the name of a thing is not its list's: what its ids are called then.
const LISTS = { emails: '/emails', entities: '/clients', others: '/clients', actors: '/staff' };
// An owner who calls these is signed out or locked out, or another's session is what comes of it.
const ENDS_SESSIONS = /\/(?:session|sessions|password|two-factor)\b/;

/** One business: what is its own, and everybody who calls in its name. */
class Side {
  constructor(name) {
    this.marker = `canary${name.toLowerCase()}${randomBytes(6).toString('hex')}`;
    this.phone = `+33 ${randomInt(100, 999)} ${randomInt(100_000, 999_999)}`;
    Object.assign(this, { name, callers: {}, known: new Map(), ids: new Set(), slotsLeft: [] });
  }

  id(kind) {
    return this.known.get(kind)?.at(-1) ?? '1';
  }

  /** What stands in a path and is no id: the address of a page, or a secret that was given out. */
  secret(before, name) {
    if (name === 'slug') return this.slug;
    if (['rate', 'unsubscribe'].includes(before)) return this.feedbackToken;
    if (before === 'automations') return 'booking_reminder';
    if (before === 'reports') return 'revenue';
    const secrets = { manage: this.manageToken, forms: this.formToken, holds: this.holdToken };
    return secrets[before] ?? 'none';
  }

  start() {
    return this.slotsLeft.pop()?.start ?? `${dateIn(3)}T09:00:00Z`;
  }

  learn(kind, id) {
    if (!this.known.has(kind)) this.known.set(kind, []);
    if (!this.known.get(kind).includes(id)) this.known.get(kind).push(id);
  }

  /** The last known of a kind is the one that requests name. */
  favour(kind, id) {
    this.known.set(kind, [...(this.known.get(kind) ?? []).filter((one) => one !== id), id]);
  }
}

/** Everything that was said, and by which words it may not say more. */
class Watch {
  constructor(sides) {
    Object.assign(this, { sides, answers: 0, found: [] });
  }

  /** `asked`: the request as text; what the caller said themselves may be said back. */
  see(side, asked, text, what) {
    this.answers += 1;
    for (const other of this.sides.filter((one) => one !== side)) {
      const words = [other.marker, other.phone, ...other.ids];
      const leaked = words.find((word) => text.includes(word) && !asked.includes(word));
      if (leaked) this.found.push(`${what}: ${leaked} of ${other.name}, told to ${side.name}`);
    }
  }
}

describe('two businesses, each with its marker everywhere', () => {
  let server;
  let contract;
  let watch;
  let sides;
  const succeeded = new Set();
  const called = new Map(); // the operation's name → why it did not work for an owner
  const streams = [];

  async function makeSide(name) {
    const side = new Side(name);
    const { marker } = side;
    const salon = await makeSalon(server, {
      name: `Salon ${marker}`,
      staff: [`Ann ${marker}`, `Bob ${marker}`, `Eve ${marker}`],
      items: [{ name: `Oil ${marker}`, on_hand: 1000, reorder_point: 10 }],
      services: [{ name: `Rub ${marker}`, duration_min: 30, price: 4000, materials: [[0, 2.5]] }],
    });
    Object.assign(side, { slug: salon.slug, salon });
    side.callers.owner = Object.assign(salon.owner, { who: [salon.ownerEmail, PASSWORD] });
    side.callers.nobody = new Client(server.baseUrl);
    const business = `Salon ${marker}`;
    const joins = async (member, permission) => {
      const client = await signInAsStaff(contract, { ...member, business }, STAFF_PASSWORD);
      side.callers[permission] = Object.assign(client, { who: [member.email, STAFF_PASSWORD] });
    };
    await joins(salon.staff[0], 'no permission');
    for (const permission of PERMISSIONS) {
      const email = `${permission}.${marker}@staff.example`;
      const body = { name: `Holder ${marker}`, email, role: 'staff', permissions: [permission] };
      await joins(expectStatus(await salon.owner.post('/staff', body), 201), permission);
    }
    await fill(side);
    return side;
  }

  /** One of everything that this file knows by name; the walk adds what it finds on its way. */
  async function fill(side) {
    const { salon, marker } = side;
    const { owner } = salon;
    const made = async (path, body) => expectStatus(await owner.post(path, body), 201);
    await made('/resources', { name: `Room ${marker}`, kind: 'room' });
    await made('/stocktakes', { name: `Shelf ${marker}` });
    const email = `cleo.${marker}@client.example`;
    await made('/clients', { name: `Cleo ${marker}`, email, phone: side.phone, notes: marker });
    const off = { start: `${dateIn(40)}T08:00:00Z`, end: `${dateIn(40)}T09:00:00Z` };
    const eve = salon.staff[2];
    side.learn('time-off', (await made(`/staff/${eve.id}/time-off`, { ...off, reason: marker })).id);
    side.slotsLeft = (await salon.slots({ from: dateIn(4), to: dateIn(12) })).reverse();
    const client = { name: `Bea ${marker}`, email: `bea.${marker}@client.example`, phone: side.phone };
    const booked = expectStatus(
      await salon.book({ start: side.start(), client, notes: `Notes ${marker}` }),
      201,
    );
    side.manageToken = booked.manage_url.split('/').at(-1);
    const job = String(2 ** 40 + randomInt(2 ** 40));
    await sql(
      server,
      'INSERT INTO job (workspace_id, id, kind, subject_id, status, anchor_s, due_s, attempts,' +
        ` last_error, created_s) VALUES (${salon.workspace.id}, ${job}, 'visit_end', ${job},` +
        ` 'parked', 0, 0, 8, 'It failed for ${marker}.', 0)`,
    );
    side.learn('jobs', job);
    const form = await makeForm(owner, { name: `Form ${marker}` });
    const filled = await askForm(server, form, booked.booking);
    const said = { name: `Bea ${marker}`, agree: true };
    expectStatus(await salon.visitor.post(`/public/forms/${filled.token}`, { answers: said }), 200);
    side.formToken = (await askForm(server, form, booked.booking)).token;
    await made('/saved-replies', { title: `Hours ${marker}`, body: `We are open, says ${marker}.` });
    const asks = { key: 'email', label: 'E-mail', type: 'email', required: true };
    const lead = { kind: 'contact', public: true, fields: [{ ...asks, key: 'name', type: 'text' }, asks] };
    const open = await makeForm(owner, { ...lead, name: `Lead ${marker}` });
    const answers = { name: `Lea ${marker}`, email: `lea.${marker}@client.example` };
    expectStatus(await salon.visitor.post(`/public/${side.slug}/forms/${open.id}`, { answers }), 202);
    const hold = { service_ids: [salon.services[0].id], start: side.start() };
    const held = await salon.visitor.post(`/public/${side.slug}/holds`, hold);
    side.holdToken = expectStatus(held, 201).hold_token;
    const letter = { ...client, message: `Is there time for ${marker}?` };
    expectStatus(await salon.visitor.post(`/public/${side.slug}/contact`, letter), 202);
    await made('/time-off-requests', { start: dateIn(50), end: dateIn(50), reason: marker });
    await made('/tokens', { name: `Site ${marker}`, scopes: ['inbox'] });
    const words = { stars: 2, comment: `Not good, ${marker}` };
    side.feedbackToken = (await rated(server, salon, words, { client, staff_id: eve.id })).token;
    const [talk] = (await owner.get('/conversations')).body.data;
    const file = await attach(server, talk, { name: `${marker}.png` });
    await harvest(side);
    side.favour('conversations', talk.id);
    side.favour('attachments', file);
    side.favour('forms', open.id);
    side.favour('submissions', filled.id);
    // What the walk changes: nobody whom somebody signs in as, and nothing that ends the link.
    const visit = { service_ids: [salon.services[0].id], start: side.start(), staff_id: eve.id };
    const cleo = (await owner.get(`/clients?q=${email}`)).body.data[0].id;
    side.favour('bookings', (await made('/bookings', { ...visit, client_id: cleo })).id);
    side.favour('clients', cleo);
    side.favour('staff', eve.id);
  }

  /** Every list that the owner may read, for the ids that are the side's own. */
  async function harvest(side) {
    for (const operation of new Walk(contract.document, side).operations()) {
      const { method, path, streams: streaming } = operation;
      if (method !== 'GET' || path.includes('{') || streaming) continue;
      const list = path.split('/').at(-1);
      const answer = await side.callers.owner.get(`${path}${/availability/.test(path) ? '?none' : ''}`);
      for (const row of answer.body?.data ?? []) if (row.id) side.learn(list, row.id);
      idsIn(answer.body).forEach((id) => side.ids.add(id));
    }
    for (const [kind, path] of Object.entries(LISTS)) {
      for (const { id } of (await side.callers.owner.get(path)).body?.data ?? []) side.learn(kind, id);
    }
  }

  /** A caller as they were: what an answer does to their cookies is not kept. */
  const as = ({ cookies, token }) =>
    Object.assign(new Client(server.baseUrl, { token }), { cookies: new Map(cookies) });

  async function signedIn(side, name) {
    const client = side.callers[name];
    if (!client.who || (await as(client).get('/session')).status !== 401) return client;
    const [email, password] = client.who;
    client.cookies.clear();
    expectStatus(await client.post('/session', { email, password }), 200);
    return client;
  }

  async function send(side, client, { method, path, body }, what) {
    const answer = await as(client).request(method, path, { body });
    const asked = JSON.stringify([path, body]);
    const headers = JSON.stringify([...answer.headers]);
    watch.see(side, asked, answer.text + headers, `${what} (${answer.status})`);
    if (answer.status < 300) idsIn(answer.body).forEach((id) => side.ids.add(id));
    // A business may move its own page.
    if (answer.status === 200 && answer.body?.slug && path === '/api/v1/workspace') {
      side.slug = answer.body.slug;
    }
    assert.ok(answer.status < 500, `${what} answered ${answer.status} ${answer.text}`);
    return answer;
  }

  /** The route with one's own ids; what is refused about a body is left out of it, and tried again. */
  async function call(side, client, walk, operation, options = {}) {
    const without = [];
    for (let attempt = 0; ; attempt += 1) {
      const request = walk.request(operation, { ...options, without });
      const answer = await send(side, client, request, `${side.name} ${operation.name}`);
      if (answer.status < 300) succeeded.add(operation.name);
      if (client.who?.[0] === side.salon.ownerEmail || !called.has(operation.name)) {
        const { detail, errors } = answer.body ?? {};
        called.set(operation.name, `${answer.status} ${detail} ${JSON.stringify(errors)}`);
      }
      const wrong = (answer.body?.errors ?? []).map(({ path }) => path.split('.')[0]);
      const asked = options.change?.place === 'body' && wrong.includes(options.change.at[0]);
      const mends = wrong.length > 0 && attempt < REPAIRS_MAX && !asked;
      if (![404, 422].includes(answer.status) || !mends) return answer;
      without.push(...walk.spared(operation, wrong));
    }
  }

  /** Everything that a side's owner can read, as one text. */
  async function portrait(side) {
    const told = {};
    const owner = await signedIn(side, 'owner');
    const walk = new Walk(contract.document, side);
    for (const operation of walk.operations()) {
      if (operation.method !== 'GET' || operation.isPublic || operation.streams) continue;
      // What is written down when it is read (clinical notes and answers) would change the picture,
      // and the first page tells the time.
      if (/session|availability|dashboard|clinical-notes|export|submissions|\{id\}\/forms/.test(operation.path)) continue;
      for (const id of operation.path.includes('{id}') ? new Set(side.ids) : ['']) {
        const { path } = walk.request(operation);
        const asked = id ? operation.path.replace('{id}', id) : path;
        const answer = await as(owner).get(asked);
        if (answer.status === 200) told[asked] = answer.body;
      }
    }
    return told;
  }

  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
    sides = [await makeSide('A'), await makeSide('B')];
    watch = new Watch(sides);
    for (const side of sides) await follow(side);
  });

  /** Reads the event stream, where there is one, until the end of the test. */
  async function follow(side) {
    const stream = new Walk(contract.document, side).operations().find((one) => one.streams);
    if (!stream) return;
    const ended = new AbortController();
    const client = side.callers.owner;
    const headers = { cookie: client.cookieHeader() };
    const answer = await fetch(client.url(stream.path), { headers, signal: ended.signal });
    const kept = { side, text: '', end: () => ended.abort() };
    streams.push(kept);
    succeeded.add(stream.name);
    called.set(stream.name, '');
    (async () => {
      for await (const part of answer.body.pipeThrough(new TextDecoderStream())) kept.text += part;
    })().catch(() => {}); // it is ended from here
  }

  test("another business's id in any place that takes one is 404 or 422 and has no effect", async () => {
    const failed = [];
    let [crossed, controlled] = [0, 0];
    for (const [side, other] of [sides, [...sides].reverse()]) {
      const walk = new Walk(contract.document, side);
      await mailGone(server); // theirs goes on by itself
      const before = await portrait(other);
      for (const operation of walk.operations()) {
        for (const place of operation.ids) {
          const foreign = other.id(place.kind);
          if (foreign === '1') continue;
          const owner = await signedIn(side, 'owner');
          const change = { ...place, value: foreign };
          const answer = await call(side, owner, walk, operation, { change });
          crossed += 1;
          /* a list without entries, or a table of headings alone */
          const nothing = answer.body ? answer.body.data?.length === 0 : answer.text.trim().split('\n').length === 1;
          const empty = place.place === 'query' && nothing;
          const refused = [404, 422].includes(answer.status) || (answer.status === 200 && empty);
          if (!refused) failed.push(`${operation.name} ${place.at.join('.')}: ${answer.status} ${answer.text}`);
          if (operation.method !== 'DELETE' && !ENDS_SESSIONS.test(operation.path)) {
            const own = { ...place, value: side.id(place.kind) };
            controlled += (await call(side, owner, walk, operation, { change: own })).status < 300;
          }
        }
      }
      assert.deepEqual(await portrait(other), before, `${other.name} is as it was`);
    }
    console.log(`canary: ${crossed} ids crossed, ${controlled} of them in a request that works with one's own`);
    assert.deepEqual(failed, []);
    assert.ok(controlled * 3 > crossed, `only ${controlled} of ${crossed} requests work`);
  });

  test('every route as every kind of caller says nothing of the other business', async () => {
    const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
    for (const side of sides) {
      const walk = new Walk(contract.document, side);
      const operations = walk
        .operations()
        .filter((one) => !one.streams)
        .sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
      for (const operation of operations) {
        for (const name of Object.keys(side.callers)) {
          const client = await signedIn(side, name);
          await call(side, client, walk, operation);
          if (operation.method !== 'GET') continue;
          const optional = operation.parameters.filter((one) => one.in === 'query' && !one.required);
          for (const { name: query } of optional) {
            await call(side, client, walk, operation, { query: [query] });
          }
        }
      }
    }
    const silent = [...called.keys()].filter((name) => !succeeded.has(name)).sort();
    console.log(`canary: ${succeeded.size} of ${called.size} operations were seen to work; the others:`);
    silent.forEach((name) => console.log(`  ${name}: ${called.get(name)}`));
    assert.deepEqual(watch.found, []);
    assert.ok(succeeded.size > called.size * 0.7, `${silent.length} operations never worked`);
    const reads = silent.filter((name) => name.startsWith('GET'));
    assert.ok(reads.length <= 2, `not seen to be read: ${reads}`);
  });

  test("a search for the other's words finds nothing", async () => {
    for (const [side, other] of [sides, [...sides].reverse()]) {
      const walk = new Walk(contract.document, side);
      for (const operation of walk.operations().filter(({ method }) => method === 'GET')) {
        for (const { name } of operation.parameters.filter((one) => /^(q|query|search)$/.test(one.name))) {
          for (const word of [other.marker, other.phone, other.marker.slice(0, 12)]) {
            const change = { place: 'query', at: [name], value: word };
            const owner = await signedIn(side, 'owner');
            const answer = await call(side, owner, walk, operation, { change });
            const found = expectStatus(answer, 200);
            /* a table has its headings alone */
            if (found === null) assert.equal(answer.text.trim().split('\n').length, 1, operation.name);
            else assert.deepEqual(found.data, [], `${operation.name} ${word}`);
          }
        }
      }
    }
  });

  test("a page of the other business's shows none of what its reader has at home", async () => {
    for (const [side, other] of [sides, [...sides].reverse()]) {
      const owner = await signedIn(side, 'owner');
      const links = ['rate', 'unsubscribe'].map((kind) => `/${kind}/${other.feedbackToken}`);
      for (const path of [`/book/${other.slug}`, `/manage/${other.manageToken}`, `/form/${other.formToken}`, ...links]) {
        const answer = await send(other, owner, { method: 'GET', path }, `page ${path}`);
        expectStatus(answer, 200);
        assert.ok(answer.text.includes(other.marker), `${path} is the other's page`);
      }
      for (const path of ['/app', '/login', '/staff', '/account', '/metrics', '/openapi.json']) {
        await send(side, owner, { method: 'GET', path }, `page ${path}`);
      }
      const walk = new Walk(contract.document, other);
      for (const operation of walk.operations().filter((one) => /\/public\//.test(one.path))) {
        await call(other, owner, walk, operation);
      }
    }
    assert.deepEqual(watch.found, []);
  });

  test('no letter, log line or event has a word of the other business', async () => {
    await eventually('the mail is out', async () => {
      const waiting = await Promise.all(
        sides.map(async (side) => (await signedIn(side, 'owner')).get('/emails?status=queued')),
      );
      return waiting.every(({ body }) => body.data.length === 0);
    });
    const { answers } = watch;
    const letters = server.mail();
    for (const letter of letters) {
      const text = JSON.stringify(letter.fields) + letter.parts.map((part) => part.text).join('\n');
      const of = sides.filter(({ marker }) => text.includes(marker));
      assert.ok(of.length <= 1, `${letter.name} has words of both: ${text}`);
      if (of.length === 1) watch.see(of[0], '', text, letter.name);
    }
    assert.ok(letters.length > 20, `only ${letters.length} letters`);
    for (const line of server.logs) {
      const told = sides.find(({ marker, phone }) => line.includes(marker) || line.includes(phone));
      assert.equal(told, undefined, line);
    }
    for (const { side, text, end } of streams) {
      assert.match(text, /data:/, 'something was told while all of this happened');
      for (const event of text.split('\n\n')) watch.see(side, '', event, 'event');
      end();
    }
    assert.deepEqual(watch.found, []);
    console.log(
      `canary: ${answers} answers searched, ${letters.length} letters,` +
        ` ${server.logs.length} log lines and ${streams.length} event streams`,
    );
  });
});
