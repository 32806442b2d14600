// SPDX-License-Identifier: AGPL-3.0-or-later
// The matrix of who may call what, walked whole: every operation of the API by every kind of caller
// on their own things, a colleague's, another business's and on what is not there. Each cell's
// exact status is known from access_samples.mjs; a refused call leaves every table as it was; and
// the members of each answer are those that access_keys.json names for that caller.
//
// A new operation needs its line in access_samples.mjs. After a change of what an answer holds,
// CAREOPS_UPDATE_KEYS=1 writes access_keys.json anew (by both engines alike): read its difference.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { SEEN, changedTables, contents, mailGone } from '../lib/contents.mjs';
import { ROOT } from '../lib/process.mjs';
import { startServer } from '../lib/server.mjs';
import { SAMPLES, THINGS } from './access_samples.mjs';
import { PERMISSIONS, SCOPES, copy, makeCallers, makeWorlds } from './access_world.mjs';
import { readContract } from './contract_check.mjs';

const KEYS = join(ROOT, 'tests/api/access_keys.json');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const ABSENT = { slug: 'nobody-is-here', token: 'A'.repeat(43) };

/** How far a caller reaches on a route: '401', '403', 'own' or 'all'. */
function reach(caller, row, method) {
  if (row.who === 'anyone') return 'all';
  if (['nobody', 'gone'].includes(caller.kind)) return '401';
  if (caller.kind === 'token') return tokenReach(caller.scope, row, method);
  if (['owner', 'other'].includes(caller.kind) || row.who === 'signed_in') return 'all';
  const holds = caller.permissions.includes(row.permission);
  if (row.who === 'own') return holds ? 'all' : 'own';
  return row.who === 'staff' || holds ? 'all' : '403';
}

function tokenReach(scope, row, method) {
  if (row.noToken || row.who === 'signed_in') return '403';
  if (scope === 'admin') return 'all';
  const [permission, reading] = scope.split(':');
  if (row.who === 'staff') return method === 'GET' ? 'all' : '403';
  const holds = permission === row.permission && (!reading || method === 'GET');
  return holds ? 'all' : '403';
}

/** The status of a cell. `object`: none, ours, own, colleague, other or absent. */
function statusOf(caller, row, method, object) {
  const far = reach(caller, row, method);
  if (far === '401' || far === '403') return Number(far);
  if (object === 'none') return row.ok;
  if (object === 'absent') return row.absent ?? 404;
  if (row.who === 'anyone' || row.shared) return row.ok;
  const foreign = (caller.kind === 'other') !== (object === 'other');
  if (foreign) return 404;
  if (far === 'own' && object !== 'own') return 404;
  const theirs = caller.kind === 'other' || (object === 'own' && caller.member);
  return theirs ? row.ok : (row.notTheirs ?? row.ok);
}

function objectsOf(row) {
  if (!row.thing) return ['none'];
  if (row.who === 'anyone' || row.shared) return ['ours', 'absent'];
  if (row.who === 'own') return ['own', 'colleague', 'other', 'absent'];
  return ['ours', 'other', 'absent'];
}

/** "data[].client.email": the members of an answer, whatever their values. */
function keysOf(value, path, found) {
  if (Array.isArray(value)) for (const item of value) keysOf(item, `${path}[]`, found);
  else if (value && typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) {
      const at = path ? `${path}.${key}` : key;
      found.add(at);
      // What an event changed is named by the change, not by the contract.
      if (key !== 'changes') keysOf(member, at, found);
    }
  }
  return found;
}

describe('the matrix of who may call what', () => {
  let server;
  let contract;
  let worlds;
  let callers;
  const cells = { called: 0, refused: 0, wrong: [] };
  const keys = new Map(); // operation → caller → the members that they are told

  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
    worlds = await makeWorlds(contract);
    callers = await makeCallers(contract, worlds.home, worlds.other);
  });

  after(() => {
    console.log(`matrix: ${cells.called} cells called, ${cells.refused} of them refusals`);
  });

  const operations = () =>
    Object.entries(contract.document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => ({
        ...{ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path },
        ...{ access: item[method]['x-access'], row: SAMPLES[`${method.toUpperCase()} ${path}`] },
      })),
    );

  /** The ids of a cell's object; made by the owner of the business whose it is. */
  function idsOf({ path, row }, caller, object) {
    const { home, other } = worlds;
    if (object === 'absent') {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
      return Object.fromEntries(names.map((name) => [name, ABSENT[name] ?? '1']));
    }
    const world = object === 'other' ? other : home;
    // Who can have nothing of their own here is asked with a colleague's.
    const has = object === 'own' && caller.member && !['gone', 'other'].includes(caller.kind);
    return THINGS[row.thing](world, has ? caller.member : world.colleague.id, caller);
  }

  /** One request. The body of an event stream is not waited for. */
  async function send(client, { method, path, row }, caller, ids = {}) {
    const world = row.who === 'anyone' ? worlds.home : caller.world;
    const value = (what) => (typeof what === 'function' ? what(world, caller, ids) : what);
    const [body, query] = [value(row.body), value(row.query)];
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(ids[name]));
    const response = await fetch(`${client.baseUrl}${filled}${query ? `?${query}` : ''}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(client.token === null ? {} : { authorization: `Bearer ${client.token}` }),
        ...(client.cookies.size === 0 ? {} : { cookie: client.cookieHeader() }),
      },
    });
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream')) {
      await response.body.cancel();
      return { status: response.status, text: '', body: null };
    }
    const text = await response.text();
    return { status: response.status, text, body: /json/.test(type) && text ? JSON.parse(text) : null };
  }

  /** Notes a cell: its status, and that nothing of the wrong business is told. */
  function judge(operation, cell, answer) {
    const { caller, object, status } = cell;
    cells.called += 1;
    if (status >= 400) cells.refused += 1;
    const name = `${operation.name} by ${caller.name} on ${object}`;
    if (answer.status !== status) {
      cells.wrong.push(`${name}: ${answer.status}, not ${status}: ${answer.text.slice(0, 300)}`);
    }
    const foreign = caller.kind === 'other' ? worlds.home : worlds.other;
    const told = operation.row.who === 'anyone' ? worlds.other.marker : foreign.marker;
    if (answer.text.includes(told)) cells.wrong.push(`${name}: tells of another business`);
    if (cell.hidden && answer.text.includes(cell.hidden)) {
      cells.wrong.push(`${name}: tells of a colleague's`);
    }
  }

  function note(operation, caller, answer) {
    if (!answer.body || answer.status >= 300) return;
    if (!keys.has(operation.name)) keys.set(operation.name, new Map());
    const told = keys.get(operation.name);
    if (!told.has(caller.name)) told.set(caller.name, new Set());
    keysOf(answer.body, '', told.get(caller.name));
  }

  /** Calls that are to have no effect, on things that stay; the tables are compared around them. */
  async function callRefused(operation, refused) {
    const shared = new Map();
    for (const cell of refused.filter(({ object }) => object !== 'none')) {
      const whose = cell.object === 'own' ? cell.caller.member : '';
      const key = `${cell.object} ${whose}`;
      if (!shared.has(key)) shared.set(key, await idsOf(operation, cell.caller, cell.object));
      cell.ids = shared.get(key);
    }
    await mailGone(server);
    const rows = await contents(server, { except: SEEN });
    for (const cell of refused) {
      const answer = await send(copy(cell.caller.client), operation, cell.caller, cell.ids);
      judge(operation, cell, answer);
      note(operation, cell.caller, answer);
    }
    const changed = changedTables(rows, await contents(server, { except: SEEN }));
    if (changed.length) cells.wrong.push(`${operation.name}: refused or read, and changed ${changed}`);
  }

  async function callAllowed(operation, allowed) {
    for (const cell of allowed) {
      const { caller, object } = cell;
      if (object !== 'none') cell.ids = await idsOf(operation, caller, object);
      await operation.row.before?.(caller.world);
      const fresh = operation.row.fresh && caller.signIn && caller.kind !== 'gone';
      const client = fresh ? await caller.signIn() : copy(caller.client);
      const answer = await send(client, operation, caller, cell.ids);
      judge(operation, cell, answer);
      note(operation, caller, answer);
      if (fresh) await stayIn(caller, client);
    }
  }

  /** Whose sessions have ended goes on with the one that is left, or signs in again. */
  async function stayIn(caller, client) {
    const open = async (one) => (await one.get('/session')).status === 200;
    if (await open(copy(caller.client))) return;
    caller.client.cookies = ((await open(client)) ? client : await caller.signIn()).cookies;
  }

  async function walk(operation) {
    const { method, row } = operation;
    const all = callers.flatMap((caller) =>
      objectsOf(row).map((object) => ({
        ...{ caller, object, status: statusOf(caller, row, method, object) },
        // A list that shows only one's own names no colleague's.
        hidden: row.who === 'own' && reach(caller, row, method) === 'own' && worlds.home.hidden,
      })),
    );
    // Reading changes nothing either, so it needs no thing of its own.
    const still = ({ status }) => status >= 400 || (method === 'GET' && !row.written);
    await callRefused(operation, all.filter(still));
    await callAllowed(operation, all.filter((cell) => !still(cell)));
  }

  test('every operation has a sample, and every sample an operation', () => {
    const names = operations().map(({ name }) => name);
    const without = names.filter((name) => !SAMPLES[name]);
    assert.deepEqual(without, [], 'add a line for each to tests/api/access_samples.mjs');
    assert.deepEqual(
      Object.keys(SAMPLES).filter((name) => !names.includes(name)),
      [],
    );
  });

  test('what each route declares is what its author means', () => {
    for (const { name, method, access, row } of operations()) {
      const scopes = SCOPES.filter((scope) => tokenReach(scope, row, method) !== '403');
      const meant = {
        who: row.who === 'own' ? 'staff' : row.who,
        permissions: row.who === 'owner' && row.permission ? [row.permission] : [],
        own_without: row.who === 'own' ? [row.permission] : [],
        tokens: row.who === 'anyone' ? [] : scopes,
      };
      const sorted = (one) => ({ ...one, tokens: [...one.tokens].sort() });
      assert.deepEqual(sorted(access), sorted(meant), name);
    }
  });

  test('a change is seen in the tables, so that none would be missed', async () => {
    await mailGone(server);
    const rows = await contents(server, { except: SEEN });
    assert.ok(rows.size > 20, `only ${rows.size} tables`);
    assert.deepEqual(changedTables(rows, await contents(server, { except: SEEN })), []);
    worlds.home.hidden = (await THINGS.booking(worlds.home, worlds.home.colleague.id)).id;
    await mailGone(server);
    const changed = changedTables(rows, await contents(server, { except: SEEN }));
    for (const table of ['audit_event', 'booking', 'hold', 'message', 'stock_move']) {
      assert.ok(changed.includes(table), `${table} of ${changed}`);
    }
  });

  test('every cell is answered as declared, and what is refused leaves no trace', async () => {
    for (const operation of operations().filter(({ row }) => row)) await walk(operation);
    assert.deepEqual(cells.wrong.slice(0, 30), [], `${cells.wrong.length} cells are wrong`);
    assert.ok(cells.called > 1500, `${cells.called} cells`);
  });

  /** By operation: what everybody who may call is told, and what only some are. */
  function snapshot() {
    const lines = {};
    for (const [name, told] of [...keys].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const every = [...new Set([...told.values()].flatMap((set) => [...set]))].sort();
      const some = every.filter((key) => [...told.values()].some((set) => !set.has(key)));
      const who = (key) => [...told].filter(([, set]) => set.has(key)).map(([caller]) => caller);
      lines[name] = {
        callers: [...told.keys()].join(', '),
        all: every.filter((key) => !some.includes(key)).join(' '),
        ...(some.length && { some: Object.fromEntries(some.map((key) => [key, who(key).join(', ')])) }),
      };
    }
    return lines;
  }

  test('each caller is told the members that stand in access_keys.json, and no other', () => {
    const found = snapshot();
    if (process.env.CAREOPS_UPDATE_KEYS) writeFileSync(KEYS, `${JSON.stringify(found, null, 2)}\n`);
    assert.deepEqual(found, JSON.parse(readFileSync(KEYS, 'utf8')));
    const contact = found['GET /api/v1/bookings/{id}'].some['client.email'];
    const tokens = 'token bookings, token bookings:read, token admin';
    assert.equal(contact, `bookings, clients, owner, other owner, ${tokens}`);
    assert.ok(PERMISSIONS.every((name) => callers.some((caller) => caller.name === name)));
  });
});
