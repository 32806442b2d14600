// SPDX-License-Identifier: AGPL-3.0-or-later
// What every route has in common, held on every route: who is nobody, bodies that are none, members
// that do not exist, keys, versions, lists, headers, and the description of it all.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract, tag } from './contract_check.mjs';
import { makeWorld, nameOf, routesOf } from './contract_routes.mjs';

const EMOJI = '👩🏽‍🦰 Zoë’s';
// A change that keeps a body right, by its first member, where another text would not.
const OTHER = {
  start: { reason: 'other' },
  kind: { reason: 'other' },
  service_ids: { notes: 'other' },
};
const JSON_TYPE = { 'content-type': 'application/json' };

describe('the conventions of the contract', () => {
  let server;
  let contract;
  let world;
  let routes;
  let nobody;
  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
    world = await makeWorld(contract);
    routes = routesOf(world);
    nobody = contract.client();
  });

  /** Runs one check on each route and fails once with all that failed. */
  async function onEach(rows, probe) {
    const failed = [];
    for (const route of rows) {
      try {
        await probe(route);
      } catch (error) {
        failed.push(`${nameOf(route)}: ${error.message.split('\n')[0]}`);
      }
    }
    assert.deepEqual(failed, []);
  }

  const publicWrites = () => [
    {
      method: 'POST',
      path: `/public/${world.slug}/bookings`,
      body: {
        service_ids: [world.services[0].id],
        start: world.slots.at(-1).start,
        client: { name: 'Pia', email: 'pia@client.example' },
      },
    },
    {
      method: 'POST',
      path: '/session',
      body: { email: 'a@b.example', password: 'nothing at all' },
    },
    { method: 'POST', path: '/password/forgot', body: { email: 'a@b.example' } },
    { method: 'POST', path: '/password/reset', body: { token: 'x'.repeat(43), password: tag() } },
    {
      method: 'POST',
      path: '/signup',
      body: {
        business: { name: 'New', timezone: 'UTC', currency: 'EUR' },
        owner: { name: 'N', email: `n.${tag()}@owner.example`, password: 'a long enough secret 7' },
      },
    },
  ];
  const writes = () => [...routes.filter((route) => route.body), ...publicWrites()];

  test('every route of the contract is in the OpenAPI document', () => {
    const missing = [...routes, ...publicWrites()].filter(
      ({ method, path }) => !contract.operation(method, `/api/v1${path.split('?')[0]}`),
    );
    assert.deepEqual(missing.map(nameOf), []);
  });

  test('nobody gets 401 on every signed-in route, before anything else is looked at', async () => {
    await onEach(routes, async ({ method, path, body }) => {
      expectProblem(await nobody.request(method, path, { body }), 401);
    });
    await onEach(
      routes.filter((route) => route.body),
      async ({ method, path }) => {
        expectProblem(await nobody.request(method, path, { raw: '{', headers: JSON_TYPE }), 401);
      },
    );
    await onEach(routes, async ({ method, path }) => {
      const absent = path.replace(/\d{6,}/g, '1');
      expectProblem(await nobody.request(method, absent, { headers: { 'if-match': '"9"' } }), 401);
    });
  });

  test('a bearer header that is no token is 401 and nothing worse', async () => {
    const secrets = [
      'Bearer',
      'Bearer ',
      'Bearer x',
      `Bearer ${'x'.repeat(4000)}`,
      'Basic YTpi',
      'Bearer a b',
      'bearer null',
      "Bearer ' OR 1=1 --",
      'Bearer ../../etc/passwd',
    ];
    for (const authorization of secrets) {
      const answer = await nobody.get('/workspace', { headers: { authorization } });
      expectProblem(answer, 401);
    }
  });

  test('a body of another type is 415, a broken one 400, one that is no object 422 or 400', async () => {
    await onEach(writes(), async ({ method, path, body }) => {
      const send = (raw, type) =>
        world.owner.request(method, path, { raw, headers: type ? { 'content-type': type } : {} });
      const whole = JSON.stringify(body);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json']) {
        expectProblem(await send(whole, type), 415);
      }
      for (const raw of ['{', '{"a":1,}', '{"a":1}{', 'null1', '\u00ff', '{"a":NaN}', '']) {
        expectProblem(await send(raw, 'application/json'), 400);
      }
      expectProblem(await send('{"name":"a","name":"b"}', 'application/json'), 400);
      for (const raw of ['[]', '"x"', '1', 'null']) {
        const answer = await send(raw, 'application/json');
        assert.ok([400, 422].includes(answer.status), `${raw} is ${answer.status}`);
        expectProblem(answer, answer.status);
      }
    });
  });

  test('a body over 1 MiB is 413 and one that is nested too deeply is 400', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(1 << 20) });
    const deep = `{"name":${'['.repeat(40)}${']'.repeat(40)}}`;
    for (const path of ['/items', `/public/${world.slug}/bookings`]) {
      expectProblem(
        await world.owner.post(path, undefined, { raw: large, headers: JSON_TYPE }),
        413,
      );
      expectProblem(
        await world.owner.post(path, undefined, { raw: deep, headers: JSON_TYPE }),
        400,
      );
    }
  });

  test('no write takes a member that it does not know, and each says which', async () => {
    const strangers = ['workspace_id', 'id', 'version', 'created_at', 'is_admin', '__proto__x'];
    await onEach(writes(), async ({ method, path, body }) => {
      const more = Object.fromEntries(strangers.map((name) => [name, 1]));
      expectInvalid(
        await world.owner.request(method, path, { body: { ...body, ...more } }),
        strangers,
      );
    });
    const nested = {
      business: { name: 'N', timezone: 'UTC', currency: 'EUR', plan: 1 },
      owner: { name: 'N', email: 'n@o.example', password: 'a long enough secret 7', role: 1 },
    };
    expectInvalid(await nobody.post('/signup', nested), ['business.plan', 'owner.role']);
  });

  test('a state change that takes no body refuses one with members', async () => {
    const rows = routes.filter((route) => route.method === 'POST' && !route.body);
    await onEach(rows, async ({ path }) => {
      const answer = await world.owner.post(path, { status: 'completed' });
      assert.ok([409, 422].includes(answer.status), `${answer.status}`);
      assert.equal(answer.status, 422);
    });
  });

  test('another method on a known path is 405 and Allow names the right ones', async () => {
    const without = routes.filter(({ path }) => !/\/(clinical-notes|order|workspace\/mail)$/.test(path));
    await onEach(without, async ({ method, path }) => {
      const answer = await world.owner.request('PUT', path.replace(/\/hours$/, ''), { body: {} });
      expectProblem(answer, 405);
      const allowed = answer.headers.get('allow').split(/,\s*/);
      if (!path.endsWith('/hours'))
        assert.ok(allowed.includes(method), answer.headers.get('allow'));
      assert.ok(!allowed.includes('PUT'), answer.headers.get('allow'));
    });
  });

  test('every answer names its request, forbids storing and sniffing, and is closed to other origins', async () => {
    const answers = [
      await world.owner.get('/workspace'),
      await nobody.get('/workspace'),
      await nobody.get(`/public/${world.slug}`),
      await nobody.get('/nothing/here'),
      await world.owner.request('PUT', '/items', { body: {} }),
      await world.owner.post('/items', { a: 1 }),
      await world.owner.get('/workspace', { headers: { origin: 'https://evil.example' } }),
    ];
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    assert.ok(ids.every(Boolean));
    assert.equal(new Set(ids).size, ids.length);
    for (const { headers, call } of answers) {
      assert.equal(headers.get('x-content-type-options'), 'nosniff', call);
      assert.match(headers.get('content-security-policy'), /default-src 'none'/, call);
      assert.ok(headers.get('referrer-policy'), call);
      assert.equal(headers.get('access-control-allow-origin'), null, call);
    }
    for (const { headers } of answers.slice(0, 2)) {
      assert.match(headers.get('cache-control'), /no-store/);
    }
  });

  test('an asked-for request id cannot split the answer or the log', async () => {
    const answer = await nobody.get('/workspace', { headers: { 'x-request-id': 'a"b{}<script>' } });
    assert.doesNotMatch(answer.headers.get('x-request-id'), /["{}<>]/);
  });

  test('each creating route replays the first answer byte for byte and creates once', async () => {
    const rows = [...routes.filter((route) => route.creates), publicWrites()[0]];
    await onEach(rows, async ({ path, body }) => {
      const key = tag();
      const first = await world.owner.post(path, body, { key });
      expectStatus(first, 201);
      assert.equal(first.headers.get('idempotent-replayed'), null);
      const second = await world.owner.post(path, body, { key });
      assert.equal(second.status, 201);
      assert.equal(second.text, first.text);
      assert.equal(second.headers.get('idempotent-replayed'), 'true');
      if (!body) return; // there is nothing that could be another
      const [name] = Object.keys(body);
      const other = { ...body, ...(OTHER[name] ?? { [name]: 'Other' }) };
      expectProblem(await world.owner.post(path, other, { key }), 422, 'idempotency_key_reused');
    });
  });

  test('a key is 1 to 255 visible ASCII characters, and the same key on another route is another', async () => {
    const body = () => ({ name: `Wax ${tag()}`, unit: 'g' });
    for (const key of ['', ' ', 'a b', 'x'.repeat(256), 'é']) {
      const answer = await world.owner.post('/items', body(), { key });
      assert.ok([400, 422].includes(answer.status), `${JSON.stringify(key)} is ${answer.status}`);
      expectProblem(answer, answer.status);
    }
    for (const key of ['x'.repeat(255), '!', '~']) {
      expectStatus(await world.owner.post('/items', body(), { key }), 201);
    }
    const key = tag();
    expectStatus(await world.owner.post('/items', body(), { key }), 201);
    const answer = await world.owner.post('/clients', { name: 'Keyed' }, { key });
    assert.equal(expectStatus(answer, 201).name, 'Keyed');
  });

  test('a key belongs to its caller: another business may use the same one', async () => {
    const other = await makeWorld(contract);
    const body = { name: 'Shared', unit: 'g' };
    const key = tag();
    const mine = expectStatus(await world.owner.post('/items', body, { key }), 201);
    const theirs = await other.owner.post('/items', body, { key });
    assert.notEqual(expectStatus(theirs, 201).id, mine.id);
    assert.equal(theirs.headers.get('idempotent-replayed'), null);
  });

  test('a refused creation may be tried again with its key once the cause is gone', async () => {
    const key = tag();
    const name = `Twin ${tag()}`;
    const first = await world.owner.post('/items', { name, unit: '' }, { key });
    expectProblem(first, 422, 'validation_failed');
    expectStatus(await world.owner.post('/items', { name, unit: 'g' }, { key: tag() }), 201);
  });

  test('each mutable resource shows its version as a strong ETag, and a stale If-Match is 412', async () => {
    // One's own language is one word, nobody else's to change in the meantime: the last one holds.
    const isOne = ({ path }) => path !== '/session';
    const rows = routes.filter((route) => route.method === 'PATCH' && isOne(route));
    await onEach(rows, async ({ path, body }) => {
      const read = await world.owner.get(path);
      const { version } = expectStatus(read, 200);
      assert.ok(Number.isInteger(version), `version is ${version}`);
      assert.equal(read.headers.get('etag'), `"${version}"`);
      expectProblem(await world.owner.patch(path, body, { version: version + 1 }), 412);
      expectProblem(await world.owner.patch(path, body, { headers: { 'if-match': 'W/"1"' } }), 412);
      const changed = await world.owner.patch(path, body, { version });
      assert.ok(expectStatus(changed, 200).version > version, 'the version rises');
      assert.equal(changed.headers.get('etag'), `"${changed.body.version}"`);
      expectProblem(await world.owner.patch(path, body, { version }), 412);
      const listed = { 'if-match': `"77777", "${changed.body.version}"` };
      expectStatus(await world.owner.patch(path, body, { headers: listed }), 200);
      expectStatus(await world.owner.patch(path, body, { headers: { 'if-match': '*' } }), 200);
    });
  });

  test('a state change with a stale If-Match is 412 and changes nothing', async () => {
    const rows = routes.filter((route) => route.versioned && route.method === 'POST');
    await onEach(rows, async ({ path, body }) => {
      expectProblem(await world.owner.post(path, body, { version: 99_999 }), 412);
    });
    const { status } = expectStatus(await world.owner.get(`/bookings/${world.booking.id}`), 200);
    assert.equal(status, 'confirmed');
  });

  test('pages of a list join without gap or double, and end with null', async () => {
    const make = (path, body) => async (i) =>
      expectStatus(await world.owner.post(path, body(i)), 201).id;
    const client = make('/clients', (i) => ({ name: `Same name ${i % 2}` }));
    const item = make('/items', (i) => ({ name: `Line ${i} ${tag()}`, unit: 'g' }));
    const room = make('/resources', (i) => ({ name: `Same room ${i % 2}`, kind: 'room' }));
    for (let i = 0; i < 7; i += 1) await Promise.all([client(i), item(i), room(i)]);
    const lists = routes.filter(
      ({ method, path }) =>
        method === 'GET' &&
        /^\/(staff|services|resources|items|clients|bookings|emails|audit|tokens)$|movements$|time-off$/.test(
          path,
        ),
    );
    await onEach(lists, async ({ path }) => {
      const whole = await world.owner.list(path);
      const paged = await world.owner.list(path, { limit: 3, pagesMax: 200 });
      assert.deepEqual(
        paged.map((each) => each.id),
        whole.map((each) => each.id),
      );
      assert.equal(new Set(paged.map((each) => each.id)).size, paged.length);
    });
  });

  test('a limit outside 1 to 200 and a cursor that is garbage are refused, never a 500', async () => {
    const lists = [
      '/staff',
      '/services',
      '/resources',
      '/items',
      '/clients',
      '/bookings',
      '/emails',
      '/emails/not-told',
      '/audit',
      `/items/${world.items[0].id}/movements`,
      `/staff/${world.staff[0].id}/time-off`,
    ];
    const first = expectStatus(await world.owner.get('/audit?limit=1'), 200).next_cursor;
    const cursors = [
      'x',
      '%00',
      '%F0%9F%92%A9',
      '-1',
      '9'.repeat(40),
      'a'.repeat(201),
      "'%3B DROP TABLE item",
      '..%2F..',
      `${first}x`,
      first.slice(0, -1),
    ];
    await onEach(
      lists.map((path) => ({ method: 'GET', path })),
      async ({ path }) => {
        for (const limit of ['0', '-1', '201', 'x', '1.5', '99999999999999999999', '1e1', '+5']) {
          const answer = await world.owner.get(`${path}?limit=${limit}`);
          assert.ok([400, 422].includes(answer.status), `limit=${limit} is ${answer.status}`);
        }
        for (const cursor of cursors) {
          const answer = await world.owner.get(`${path}?cursor=${cursor}`);
          assert.ok([400, 422].includes(answer.status), `cursor=${cursor} is ${answer.status}`);
        }
        const unknown = await world.owner.get(`${path}?nothing=1`);
        assert.ok([200, 400, 422].includes(unknown.status), `unknown is ${unknown.status}`);
        const twice = await world.owner.get(`${path}?limit=1&limit=2`);
        assert.ok([400, 422].includes(twice.status), `a limit given twice is ${twice.status}`);
      },
    );
  });

  test('an id that is no id is 404 wherever it stands', async () => {
    const ids = [
      '0',
      '-1',
      '1',
      '9223372036854775807',
      '9223372036854775808',
      '9'.repeat(60),
      'x',
      '1e3',
      '0x10',
      "1'%20OR%201=1",
      '%F0%9F%92%A9',
      '+1',
      '1.0',
      '%201',
    ];
    const hidden = ['%00', '..%2F..', '%2e%2e', '%ff'];
    const unchecked = Object.assign(new Client(server.baseUrl), { cookies: world.owner.cookies });
    await onEach(
      routes.filter(({ path }) => /\d{6,}/.test(path.split('?')[0])),
      async (route) => {
        const [path, ...query] = route.path.split('?');
        for (const id of ids) {
          const at = [path.replace(/\d{6,}/, id), ...query].join('?');
          const answer = await world.owner.request(route.method, at, { body: route.body });
          assert.equal(answer.status, 404, `${id} is ${answer.status} ${answer.text}`);
          expectProblem(answer, 404);
        }
        for (const id of hidden) {
          const at = path.replace(/\d{6,}/, id);
          // Two dots are gone before anything is sent, and what is left may be another's address.
          const { pathname } = new URL(at, server.baseUrl);
          if (pathname !== at && routes.some((one) => one.path.split('?')[0] === pathname)) continue;
          const answer = await unchecked.request(route.method, at, { body: route.body });
          assert.ok([400, 404, 405].includes(answer.status), `${id} is ${answer.status}`);
        }
      },
    );
    await onEach(
      ['client_id', 'staff_id'].map((name) => ({ method: 'GET', path: `/bookings?${name}=` })),
      async ({ path }) => {
        for (const id of ['0', '-1', '9'.repeat(60), 'x', '1']) {
          const answer = await world.owner.get(path + id);
          if (answer.status === 200) assert.deepEqual(answer.body.data, [], id);
          else assert.ok([404, 422].includes(answer.status), `${id} is ${answer.status}`);
        }
      },
    );
  });

  test('the same id in another spelling is another id', async () => {
    for (const id of [
      `0${world.items[0].id}`,
      `+${world.items[0].id}`,
      `${world.items[0].id}%20`,
    ]) {
      expectProblem(await world.owner.get(`/items/${id}`), 404);
    }
  });

  test('names keep every character they were given, up to 120', async () => {
    const names = [
      EMOJI,
      'שלום עולם',
      'مرحبا',
      'é'.repeat(120),
      '👍'.repeat(120),
      '<script>alert(1)</script>',
      "Robert'); DROP TABLE client;--",
      '../../etc/passwd',
      '%s%n%x',
      '${jndi:ldap://x}',
      '"\\',
      '=1+1',
      'ﷺ',
    ];
    for (const name of names) {
      const client = expectStatus(await world.owner.post('/clients', { name }), 201);
      const read = expectStatus(await world.owner.get(`/clients/${client.id}`), 200);
      assert.equal(read.name.normalize('NFC'), name.normalize('NFC'));
    }
    expectInvalid(await world.owner.post('/clients', { name: 'x'.repeat(121) }), ['name']);
    for (const name of ['', '   ', 'a\nb', 'a\u0000b', 'a\u2028b']) {
      const answer = await world.owner.post('/clients', { name });
      assert.ok([400, 422].includes(answer.status), `${JSON.stringify(name)} is ${answer.status}`);
    }
    const lone = await world.owner.post('/clients', undefined, {
      raw: '{"name":"a\\ud800b"}',
      headers: JSON_TYPE,
    });
    assert.ok([400, 422].includes(lone.status), `a lone surrogate is ${lone.status}`);
  });

  test('a search finds what it is given and takes % and _ as letters', async () => {
    const name = `50%_off ${tag()}`;
    expectStatus(await world.owner.post('/clients', { name }), 201);
    for (const q of ['%', '_', "' OR 1=1 --", '\\']) {
      const rows = await world.owner.list(`/clients?q=${encodeURIComponent(q)}`);
      assert.ok(
        rows.every((each) => JSON.stringify(each).includes(q)),
        `${q}: ${rows.length} rows`,
      );
    }
    const rows = await world.owner.list(`/clients?q=${encodeURIComponent(name)}`);
    assert.deepEqual(
      rows.map((each) => each.name),
      [name],
    );
  });

  test('quantities have three decimals, no more, and keep them exactly', async () => {
    const name = `Essence ${tag()}`;
    const item = expectStatus(
      await world.owner.post('/items', { name, unit: 'l', reorder_point: 0.001 }),
      201,
    );
    assert.equal(item.reorder_point, 0.001);
    const move = (kind, quantity) =>
      world.owner.post(`/items/${item.id}/movements`, { kind, quantity });
    for (const quantity of [0.0001, 1.2345, 1e9 + 1, '1', null, true, 1e300, 0, -1]) {
      expectInvalid(await move('receive', quantity), ['quantity']);
    }
    for (const quantity of [0.1, 0.2, 0.001, 0.699]) {
      assert.equal(expectStatus(await move('receive', quantity), 201).on_hand_delta, quantity);
    }
    const read = async () => expectStatus(await world.owner.get(`/items/${item.id}`), 200);
    assert.equal((await read()).on_hand, 1);
    expectStatus(await move('count', 0.301), 201);
    assert.equal((await read()).on_hand, 0.301);
    expectStatus(await move('adjust', -0.3), 201);
    assert.deepEqual([(await read()).on_hand, (await read()).low], [0.001, true]);
    expectProblem(await move('waste', 0.002), 409, 'out_of_stock');
    expectStatus(await move('count', 0), 201);
    expectStatus(await move('receive', 1e9), 201);
    assert.equal((await read()).on_hand, 1e9);
    for (let i = 0; i < 3; i += 1) {
      const answer = await move('receive', 1e9);
      assert.ok([201, 409, 422].includes(answer.status), answer.text);
    }
    const rows = await world.owner.list(`/items/${item.id}/movements`);
    const sum = rows.reduce((total, each) => total + Math.round(each.on_hand_delta * 1000), 0);
    assert.equal(sum, Math.round((await read()).on_hand * 1000), 'the ledger gives the stock');
  });

  test('money is a whole number of minor units', async () => {
    const body = (price) => ({
      name: 'Priced',
      duration_min: 30,
      price,
      staff_ids: [world.staff[0].id],
    });
    for (const price of [-1, 1.5, '1', null, 1e10, 1e300]) {
      expectInvalid(await world.owner.post('/services', body(price)), ['price']);
    }
    for (const price of [0, 1, 1_000_000_000]) {
      assert.equal(
        expectStatus(await world.owner.post('/services', body(price)), 201).price,
        price,
      );
    }
  });

  test('nothing is written by a reading method', async () => {
    const before = (await world.owner.list('/audit')).length;
    const read = new Set(routes.filter(({ method }) => method === 'GET').map(({ path }) => path));
    for (const route of routes.filter(({ method, body, path }) => method === 'POST' && !body && !read.has(path))) {
      expectProblem(await world.owner.get(route.path), 405);
      const { status } = await world.owner.request('HEAD', route.path);
      assert.equal(status, 405, `HEAD ${nameOf(route)}`);
      await world.owner.request('OPTIONS', route.path);
    }
    assert.equal((await world.owner.list('/audit')).length, before);
  });

  test('the method cannot be changed by a header or a parameter', async () => {
    const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' };
    const path = `/resources/${world.room.id}?_method=DELETE`;
    await world.owner.get(path, { headers });
    assert.equal(
      expectStatus(await world.owner.get(`/resources/${world.room.id}`), 200).active,
      true,
    );
  });

  test('instants are RFC 3339 and nothing else', async () => {
    const visit = (start) =>
      world.owner.post('/bookings', {
        service_ids: [world.services[0].id],
        start,
        client: { name: 'W' },
        override_hours: true,
      });
    const date = dateIn(20);
    for (const start of [
      date,
      `${date}T10:00`,
      `${date} 10:00:00Z`,
      `${date}T25:00:00Z`,
      '2026-02-30T10:00:00Z',
      `${date}T10:00:00`,
      `${date}T10:00:61Z`,
      1,
      null,
      '',
      'now',
      `${date}T10:00:00+99:00`,
      '+020000-01-01T00:00:00Z',
    ]) {
      expectInvalid(await visit(start), ['start']);
    }
    const offset = expectStatus(await visit(`${date}T10:00:00+02:00`), 201);
    assert.equal(offset.start, `${date}T08:00:00Z`);
  });

  test('health, readiness and metrics answer anybody and tell no secret', async () => {
    const plain = new Client(server.baseUrl);
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const answer = await plain.get(path);
      assert.equal(answer.status, 200, path);
      assert.doesNotMatch(answer.text, /postgres:|careops\.db|@owner\.example/);
    }
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
