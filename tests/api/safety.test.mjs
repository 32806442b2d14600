// SPDX-License-Identifier: AGPL-3.0-or-later
// What keeps a browser's session safe, item by item, each named by its id in our security checklist.
// What only a browser can show (Back after signing out, what scripts may do, what is kept on the device)
// is in tests/browser/safety.test.mjs.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { before, describe, test } from 'node:test';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { arrive } from '../lib/members.mjs';
import { PASSWORD, makeSalon } from '../lib/salon.mjs';
import { assertUnchanged, contents, mailGone, sql } from '../lib/contents.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract } from './contract_check.mjs';
import { makeWorld, routesOf } from './contract_routes.mjs';
import { exchange } from './http_raw.mjs';
import { PAGES, UNSAFE, operations, visit } from './safety_parts.mjs';

const COOKIE = 'careops_session';
/* Written when a session is used, at most once a minute: the one thing that a reading leaves behind. */
const MOVING = ['session.last_seen_s'];

let server;
let world;
let all;
before(async (t) => {
  server = await startServer(t);
  world = await makeWorld(await readContract(server));
  all = await operations(server);
});

const signedIn = async (email, password = PASSWORD, from = server) => {
  const client = new Client(from.baseUrl);
  const answer = await client.post('/session', { email, password });
  expectStatus(answer, 200);
  return Object.assign(client, { answer });
};
const tokenOf = (client) => client.cookies.get(COOKIE);
const withToken = (token) => {
  const client = new Client(server.baseUrl);
  client.cookies.set(COOKIE, token);
  return client;
};
const isDead = async (client) => expectProblem(await client.get('/session'), 401, 'not_signed_in');

describe('sessions', () => {
  test('S19: a token is 256 random bits, and the database holds only its hash', async () => {
    const tokens = [];
    for (let i = 0; i < 4; i += 1) tokens.push(tokenOf(await signedIn(world.ownerEmail)));
    assert.equal(new Set(tokens).size, tokens.length);
    const kept = [...(await contents(server)).values()].flat().join('\n');
    for (const token of tokens) {
      assert.equal(Buffer.from(token, 'base64url').length, 32);
      assert.ok(!kept.includes(token), 'a token stands in the database');
    }
    const hashes = await sql(server, 'SELECT token_hash FROM session');
    assert.ok(hashes.length >= tokens.length);
    for (const hash of hashes) await isDead(withToken(hash));
  });

  test('S19: who somebody is comes from the token alone', async () => {
    const { id } = expectStatus(await world.owner.get('/session'), 200).user;
    const claims = { 'x-user-id': id, 'x-forwarded-user': world.ownerEmail, 'x-workspace-id': '1' };
    expectProblem(await new Client(server.baseUrl).get('/session', { headers: claims }), 401);
    const claim = { email: world.ownerEmail, password: 'wrong', user_id: id, role: 'owner' };
    expectProblem(await new Client(server.baseUrl).post('/session', claim), 422);
    const forged = withToken(`${tokenOf(world.owner).slice(0, -1)}A`);
    if (forged.cookies.get(COOKIE) !== tokenOf(world.owner)) await isDead(forged);
  });

  test('S20: signing in makes a new token, and one that was planted before stays worthless', async () => {
    const planted = randomBytes(32).toString('base64url');
    const victim = withToken(planted);
    expectStatus(
      await victim.post('/session', { email: world.ownerEmail, password: PASSWORD }),
      200,
    );
    assert.notEqual(tokenOf(victim), planted);
    await isDead(withToken(planted));
  });

  test('S20: changing the password ends every session that was open before', async () => {
    const salon = await makeSalon(server);
    const [here, there] = [await signedIn(salon.ownerEmail), await signedIn(salon.ownerEmail)];
    const before = tokenOf(here);
    const change = { current_password: PASSWORD, new_password: 'another long secret 8' };
    expectStatus(await here.post('/password/change', change), 204);
    await isDead(there);
    await isDead(salon.owner);
    expectStatus(await here.get('/session'), 200);
    if (tokenOf(here) !== before) await isDead(withToken(before));
  });

  test('S21: every cookie has what the prefix __Host- asks for', async (t) => {
    const secure = await startServer(t, { env: { CAREOPS_BASE_URL: 'https://careops.example' } });
    for (const [from, wanted] of [
      [server, ['HttpOnly', 'Path=/', 'SameSite=Lax']],
      [secure, ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']],
    ]) {
      const salon = await makeSalon(from);
      const { headers } = (await signedIn(salon.ownerEmail, PASSWORD, from)).answer;
      const out = await salon.owner.delete('/session');
      const lines = [...headers.getSetCookie(), ...out.headers.getSetCookie()];
      assert.ok(lines.length >= 2);
      for (const line of lines) {
        const [, ...attributes] = line.split(/;\s*/);
        /* The one that knows a device is for the API alone: narrower than the prefix asks for. */
        const rest = attributes
          .filter((each) => !/^Max-Age=\d+$/.test(each))
          .map((each) => (line.startsWith('careops_device=') ? each.replace('/api/v1/', '/') : each));
        assert.deepEqual(rest.sort(), wanted, line);
      }
    }
  });

  test('S22: a session that is over is over on the server, whatever the browser keeps', async () => {
    const client = await signedIn(world.ownerEmail);
    const age = /Max-Age=(\d+)/.exec(client.answer.headers.getSetCookie()[0])[1];
    assert.ok(Number(age) <= 30 * 86_400, `${age} s`);
    const { id } = expectStatus(await client.get('/session'), 200).user;
    await sql(server, `UPDATE session SET expires_s = 1 WHERE user_id = ${id} AND id = (
      SELECT max(id) FROM session WHERE user_id = ${id})`);
    await isDead(client);
  });

  test('S23: signing out ends the session on the server and clears what the browser kept', async () => {
    const client = await signedIn(world.ownerEmail);
    const copy = withToken(tokenOf(client));
    const out = await client.delete('/session');
    expectStatus(out, 204);
    const cleared = out.headers.get('clear-site-data');
    assert.match(cleared, /"cache"/);
    assert.match(cleared, /"storage"/);
    assert.equal(tokenOf(client), undefined);
    await isDead(copy);
    assert.equal((await visit(copy, '/app')).headers.get('location'), '/login');
  });

  test('S24: a deactivated member is out within a second, in every session', async () => {
    const [member] = world.staff;
    const first = await arrive(server, member);
    const second = await signedIn(member.email, first.password);
    expectStatus(await world.owner.post(`/staff/${member.id}/deactivate`), 200);
    const began = performance.now();
    await Promise.all([isDead(first), isDead(second)]);
    assert.ok(performance.now() - began < 1000);
    expectStatus(await world.owner.post(`/staff/${member.id}/reactivate`), 200);
    await isDead(first);
  });

  test('S28: a person has at most 50 sessions; the oldest makes room', async (t) => {
    const behind = await startServer(t, { env: { CAREOPS_TRUSTED_PROXIES: '127.0.0.1' } });
    const salon = await makeSalon(behind);
    const clients = [salon.owner];
    for (let i = 1; i <= 50; i += 1) {
      const client = new Client(behind.baseUrl);
      const body = { email: salon.ownerEmail, password: PASSWORD };
      const headers = { 'x-forwarded-for': `198.51.100.${i}` };
      expectStatus(await client.post('/session', body, { headers }), 200);
      clients.push(client);
    }
    await isDead(clients[0]);
    expectStatus(await clients[1].get('/session'), 200);
    expectStatus(await clients[50].get('/session'), 200);
  });
});

describe('S29: reading changes nothing', () => {
  test('GET, HEAD and OPTIONS of every route leave the database as it is', async () => {
    const real = routesOf(world).filter(({ method }) => method === 'GET');
    const paths = new Set([
      ...real.map(({ path }) => `/api/v1${path}`),
      ...routesOf(world).map(({ path }) => `/api/v1${path.split('?')[0]}`),
      ...all.map(({ path }) => path),
      ...PAGES,
      `/book/${world.slug}`,
    ]);
    await mailGone(server);
    const before = await contents(server, { except: MOVING });
    for (const path of paths) {
      if (path.endsWith('/events')) continue; // never ends
      if (READ_IN_THE_OPEN.test(path)) continue;
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const { status } = await visit(world.owner, path, { method });
        assert.ok(status < 500, `${method} ${path} answered ${status}`);
      }
    }
    assertUnchanged(before, await contents(server, { except: MOVING }), 'reading');
  });
});

/** What is written down by whom it was read, on purpose: http/route.h, `written_down`. */
const READ_IN_THE_OPEN = /\/(clinical-notes|workspace\/export|export\.(json|html|csv)|submissions\/\d+|form\.pdf)$/;

describe('S30: a page of another site changes nothing', () => {
  const FOREIGN = {
    'an origin elsewhere': { origin: 'https://evil.example' },
    'an origin without a name': { origin: 'null' },
    'our name on another port': { origin: 'http://127.0.0.1:1' },
    'our name in front of another': { origin: 'http://127.0.0.1.evil.example' },
    'a cross-site fetch': { 'sec-fetch-site': 'cross-site' },
    'a fetch from a sister site': { 'sec-fetch-site': 'same-site' },
  };
  for (const [name, headers] of Object.entries(FOREIGN)) {
    test(`${name} is refused on every route that changes something`, async () => {
      for (const { method, path } of all.filter((each) => UNSAFE.includes(each.method))) {
        const answer = await visit(world.owner, path, { method, headers });
        expectProblem(answer, 403, 'cross_site');
      }
    });
  }

  test('what a form can send is refused for its type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { 'content-type': type };
      const raw = JSON.stringify({ email: world.ownerEmail, password: PASSWORD });
      const answer = await new Client(server.baseUrl).request('POST', '/session', { raw, headers });
      expectProblem(answer, 415);
      assert.equal(answer.headers.getSetCookie().length, 0);
    }
  });
});

describe('S31: types', () => {
  test('a body of another type is 415 on every route that takes one', async () => {
    let asked = 0;
    for (const { method, path, operation } of all) {
      // A report's bytes are judged by their signature before they are anything.
      if (!operation.requestBody || path.startsWith('/api/v1/webhooks/')) continue;
      const headers = { 'content-type': 'text/plain' };
      const answer = await visit(world.owner, path, { method, raw: '{}', headers });
      expectProblem(answer, 415, 'unsupported_media_type');
      asked += 1;
    }
    assert.ok(asked > 20, `${asked} routes take a body`);
  });

  test('every answer names its type, and each text its encoding', async () => {
    for (const path of [...all.map((each) => each.path), ...PAGES, '/nowhere', '/robots.txt']) {
      if (path.endsWith('/events')) continue;
      const { status, headers, text } = await visit(world.owner, path);
      const type = headers.get('content-type');
      if (text === '') continue;
      assert.ok(type, `GET ${path} answered ${status} without a type`);
      const isText = /^text\/|^application\/json\b/.test(type);
      if (isText) assert.match(type, /charset=utf-8/, path);
      else assert.equal(type, 'application/problem+json', path);
    }
  });
});

describe('S32: no other site may read', () => {
  const ORIGINS = [
    ...['https://evil.example', 'http://evil.example', 'null', 'file://', 'http://localhost'],
    ...['http://127.0.0.1', 'http://127.0.0.1:1', 'https://127.0.0.1', 'http://127.0.0.1.evil.example'],
    ...['http://evil.example/127.0.0.1', 'http://[::1]', 'http://0.0.0.0', 'chrome-extension://abc'],
    ...['https://careops.example', 'https://a.careops.example', 'http://xn--careops-.example', '*'],
    ...['http://evil.example#', 'http://evil.example?', 'http://user@127.0.0.1'],
  ];
  test(`none of ${ORIGINS.length} origins is let in, asked first or not`, async () => {
    for (const origin of ORIGINS) {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      };
      for (const [method, path] of [
        ['OPTIONS', '/api/v1/session'],
        ['OPTIONS', '/api/v1/bookings'],
        ['GET', '/api/v1/session'],
        ['GET', `/api/v1/public/${world.slug}`],
      ]) {
        const answer = await visit(world.owner, path, { method, headers });
        const shared = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'));
        assert.deepEqual(shared, [], `${method} ${path} for ${origin}`);
      }
    }
  });
});

describe('headers of every answer', () => {
  const HTML = [...PAGES, '/nowhere', '/api/docs'];
  const STRICT = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
  };

  test('S33: each policy names all that it allows, and nothing unsafe is among it', async () => {
    for (const path of [...HTML, `/book/${world.slug}`, '/api/v1/session', '/healthz']) {
      const policy = (await visit(world.owner, path)).headers.get('content-security-policy');
      const parts = new Map(
        policy.split(';').map((part) => {
          const [name, ...values] = part.trim().split(/\s+/);
          return [name, values.join(' ')];
        }),
      );
      for (const [name, value] of Object.entries(STRICT)) assert.equal(parts.get(name), value, path);
      assert.ok(parts.has('form-action'), path);
      assert.doesNotMatch(policy, /unsafe|\*|https?:|\bblob:/, path);
      assert.match(parts.get('script-src') ?? "'none'", /^'(self|none)'$/, path);
      assert.doesNotMatch(parts.get('object-src') ?? "'none'", /self|data/, path);
    }
  });

  const ALWAYS = {
    'x-content-type-options': /^nosniff$/,
    'x-frame-options': /^DENY$/,
    'referrer-policy': /^(strict-origin-when-cross-origin|no-referrer)$/,
    'cross-origin-opener-policy': /^same-origin$/,
    'cross-origin-resource-policy': /^same-origin$/,
    'permissions-policy': /camera=\(\).*microphone=\(\).*geolocation=\(\)/,
    'x-request-id': /./,
    'cache-control': /./,
    'content-security-policy': /default-src 'none'/,
  };

  test('S34: all of them stand on every answer, good or bad', async () => {
    const seen = new Set();
    const look = (what, { status, headers }) => {
      seen.add(status);
      for (const [name, wanted] of Object.entries(ALWAYS)) {
        assert.match(headers.get(name) ?? '', wanted, `${name} of ${what}, ${status}`);
      }
      assert.equal(headers.get('server'), null);
    };
    for (const path of [...HTML, ...all.map((each) => each.path)]) {
      if (path.endsWith('/events')) continue;
      look(path, await visit(world.owner, path));
      look(path, await visit(new Client(server.baseUrl), path, { method: 'POST' }));
      const headers = { origin: 'https://evil.example' };
      look(path, await visit(world.owner, path, { method: 'POST', headers }));
    }
    for (const bytes of [
      'GET / HTTP/1.1\r\n\r\n',
      'BAD\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n',
    ]) {
      const { answer } = await exchange(server.port, bytes);
      look(bytes.slice(0, 30), { status: answer.status, headers: plain(answer.headers) });
    }
    for (const status of [200, 303, 400, 401, 403, 404, 405, 413, 431]) {
      assert.ok(seen.has(status), `no answer with ${status} was looked at`);
    }
  });

  test('S34: behind https a browser is told to stay there, for a year and for every name below', async (t) => {
    const secure = await startServer(t, { env: { CAREOPS_BASE_URL: 'https://careops.example' } });
    for (const path of ['/', '/login', '/nowhere', '/api/v1/session']) {
      const { headers } = await visit(new Client(secure.baseUrl), path);
      const [, age] = /^max-age=(\d+); includeSubDomains/.exec(
        headers.get('strict-transport-security'),
      );
      assert.ok(Number(age) >= 31_536_000);
    }
  });
});

/** As fetch's Headers answer: null for what is not there. */
const plain = (headers) => ({ get: (name) => headers.get(name) ?? null });

describe('S38: no address leads off the site', () => {
  const SITE = 'evil.example';
  const TRICKS = [
    ...['//SITE', '///SITE', '////SITE', '/\\SITE', '/\\/SITE', '\\\\SITE', '/%5cSITE', '/%2f%2fSITE'],
    ...['/%09/SITE', '/ /SITE', '/.SITE', '/..//SITE', '/./ /SITE', '/%2e%2e/SITE', '/@SITE', '//@SITE'],
    ...['//127.0.0.1@SITE', '/https://SITE', '/http:SITE', '/https:/SITE', '/javascript:alert(1)'],
    ...['/login?next=//SITE', '/login?next=https://SITE', '/login?redirect=//SITE', '/login?url=//SITE'],
    ...['/login?return_to=%2f%2fSITE', '/login?continue=\\\\SITE', '/login?to=//SITE%00', '/login?//SITE'],
    ...['/app?next=//SITE', '/app//SITE', '/app/..//SITE', '/app/%2e%2e//SITE', '/app\\SITE'],
    ...['/staff?next=//SITE', '/staff//SITE', '/account?next=//SITE', '/app/team?next=//SITE'],
    ...['/book//SITE', '/book/%2f%2fSITE', '/manage//SITE', '/manage/%2f%2fSITE', '/assets//SITE'],
    ...['/assets/..%2f..%2f%2fSITE', '/signup?next=//SITE', '/?next=//SITE', '/?//SITE', '/#//SITE'],
    ...['/api//SITE', '/api/v1//SITE', '/api/docs?next=//SITE', '//SITE/%2e%2e', '//SITE/..'],
    ...['/login;//SITE', '/login%0d%0aLocation:%20//SITE', '/app%0d%0aLocation:%20//SITE'],
    ...['/%E2%80%A8//SITE', '/%EF%BC%8F%EF%BC%8FSITE', '/%E3%80%82SITE', '/login/%0a//SITE', '/.%0d./SITE'],
    '/login?next=http://127.0.0.1.SITE',
  ];
  test(`with ${TRICKS.length} ways to ask for it`, async () => {
    assert.ok(TRICKS.length >= 60);
    let redirects = 0;
    for (const trick of TRICKS) {
      const target = trick.replaceAll('SITE', SITE).replaceAll(' ', '%20').split('#')[0];
      for (const cookie of ['', `Cookie: ${world.owner.cookieHeader()}\r\n`]) {
        const bytes = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${cookie}Connection: close\r\n\r\n`;
        const { status, headers } = (await exchange(server.port, bytes)).answer;
        assert.ok(status < 500, `${target} answered ${status}`);
        const location = headers.get('location');
        if (location === undefined) continue;
        redirects += 1;
        assert.match(location, /^\/(login|app|staff)$/, `${target} led to ${location}`);
      }
    }
    assert.ok(redirects > 0, 'nothing led anywhere');
  });
});

describe('S39: what is personal is kept nowhere', () => {
  test('every signed-in answer says no-store', async () => {
    for (const { path } of routesOf(world).filter(({ method }) => method === 'GET')) {
      const { headers, status } = await world.owner.get(path);
      assert.equal(headers.get('cache-control'), 'no-store', `${path} ${status}`);
    }
    for (const path of ['/app', '/app/team', '/account', '/login', '/staff']) {
      const { headers } = await visit(world.owner, path);
      assert.equal(headers.get('cache-control'), 'no-store', path);
    }
  });

  test('two people behind one cache never see each other', async (t) => {
    const proxy = await cachingProxy(t);
    const other = await makeSalon(server, { name: 'Another house' });
    const paths = ['/api/v1/session', '/api/v1/workspace', '/app', '/account', '/login', '/'];
    const through = async (client, path) => {
      const headers = { cookie: client.cookieHeader() };
      return (await fetch(proxy.url + path, { headers, redirect: 'manual' })).text();
    };
    for (const path of paths) {
      const mine = await through(world.owner, path);
      const theirs = await through(other.owner, path);
      if (path !== '/') assert.ok(mine.includes(world.ownerEmail) || path === '/api/v1/workspace');
      assert.ok(!theirs.includes(world.ownerEmail), path);
      assert.ok(!theirs.includes(world.slug), path);
    }
    assert.ok(proxy.hits > 0, 'the cache never answered, so it proves nothing');
  });
});

/** A cache that two people share: keeps each 200 by its address as its headers allow (RFC 9111). */
async function cachingProxy(t) {
  const kept = new Map();
  const state = { hits: 0 };
  const proxy = createServer(async (request, response) => {
    const found = kept.get(request.url);
    if (found) state.hits += 1;
    const answer =
      found ??
      (await fetch(server.baseUrl + request.url, {
        headers: { cookie: request.headers.cookie ?? '' },
        redirect: 'manual',
      }).then(async (got) => ({ got, text: await got.text() })));
    const rule = answer.got.headers.get('cache-control') ?? '';
    if (answer.got.status === 200 && !/no-store|private/.test(rule)) kept.set(request.url, answer);
    response.writeHead(answer.got.status).end(answer.text);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  return Object.assign(state, { url: `http://127.0.0.1:${proxy.address().port}` });
}
