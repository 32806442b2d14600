// SPDX-License-Identifier: AGPL-3.0-or-later
// Faults that other booking systems became known for, tried here in the same way, each named by its
// number. A test that tries to change something also holds the whole database before against after.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { assertUnchanged, contents, mailGone, sql } from '../lib/contents.mjs';
import { arrive } from '../lib/members.mjs';
import { PASSWORD, dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { switchOn, totp } from '../lib/totp.mjs';
import { UNSAFE, operations, visit } from './safety_parts.mjs';

const MOVING = ['session.last_seen_s'];

let server;
let salon;
let other;
let bookings;
let staffer;
before(async (t) => {
  server = await startServer(t);
  salon = await makeSalon(server, { items: [{ name: 'Oil', unit: 'ml', on_hand: 500 }] });
  other = await makeSalon(server, { name: 'Another house' });
  const slots = await salon.slots({ from: dateIn(5), staff_id: salon.staff[0].id });
  bookings = [];
  for (const [index, slot] of [slots[0], slots[4]].entries()) {
    const client = { name: `Client ${index}`, email: `c${index}@client.example` };
    bookings.push(
      expectStatus(
        await salon.book({ start: slot.start, staff_id: salon.staff[0].id, client }),
        201,
      ),
    );
  }
  staffer = await arrive(server, salon.staff[1]);
});

const nobody = () => new Client(server.baseUrl);
const manageToken = ({ manage_url: url }) => url.split('/').pop();

/** Runs what must have no effect, and looks at every table before and after. */
async function changesNothing(what, attempts) {
  await mailGone(server);
  const before = await contents(server, { except: MOVING });
  await attempts();
  assertUnchanged(before, await contents(server, { except: MOVING }), what);
}

test('CVE-2026-23478: an e-mail address that the caller claims makes nobody anybody', async () => {
  const email = salon.ownerEmail;
  const claims = { 'x-user-email': email, 'x-forwarded-email': email, 'x-auth-request-email': email };
  expectProblem(await nobody().get('/session', { headers: claims }), 401);
  const jwt = [{ alg: 'none' }, { email, sub: email }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  for (const token of [`${jwt}.`, email, Buffer.from(email).toString('base64')]) {
    expectProblem(await new Client(server.baseUrl, { token }).get('/session'), 401);
    const client = nobody();
    client.cookies.set('careops_session', token);
    expectProblem(await client.get('/session'), 401);
  }
  for (const more of [{ callback: { email } }, { user: { email } }, { verified: true }]) {
    const body = { email, password: 'wrong', ...more };
    expectProblem(await nobody().post('/session', body), 422, 'validation_failed');
  }
});

test('CVE-2025-66489: the password counts whatever code comes with it, and the code whatever password', async () => {
  const house = await makeSalon(server);
  const { secret } = await switchOn(house.owner, PASSWORD);
  const right = totp(secret, 1);
  const wrong = right === '000000' ? '111111' : '000000';
  const ask = (password, code) =>
    nobody().post('/session', { email: house.ownerEmail, password, ...(code ? { code } : {}) });
  const none = 'not the password';
  expectProblem(await ask(none, right), 401, 'bad_credentials');
  expectProblem(await ask(none, wrong), 401, 'bad_credentials');
  expectProblem(await ask(none), 401, 'bad_credentials');
  expectProblem(await ask(PASSWORD), 401, 'two_factor_required');
  expectProblem(await ask(PASSWORD, wrong), 401, 'bad_code');
  const good = await ask(PASSWORD, right);
  expectStatus(good, 200);
  assert.ok(good.headers.getSetCookie().length > 0);
  expectProblem(await ask(PASSWORD, right), 401, 'bad_code');
});

test('CVE-2026-16624: no body plants anything in another business', async () => {
  const { id } = other.workspace;
  const planted = [
    ['POST', '/items', { name: 'Planted', unit: 'ml', reorder_point: 0 }],
    ['POST', '/clients', { name: 'Planted', email: 'planted@c.example' }],
    ['POST', '/resources', { name: 'Planted', kind: 'room' }],
    ['PATCH', '/workspace', { name: 'Planted' }],
  ];
  await changesNothing('a planted workspace', async () => {
    for (const [method, path, body] of planted) {
      for (const name of ['workspace_id', 'team_id', 'teamId', 'tenant_id', 'workspace']) {
        const answer = await salon.owner.request(method, path, { body: { ...body, [name]: id } });
        expectInvalid(answer, [name]);
      }
    }
  });
});

describe('CVE-2026-57858 and CVE-2024-58355: what is typed never becomes a script', () => {
  const SCRIPT = `"><script src=//x.example></script><img src=x onerror=alert(1)>'-alert(1)-'`;
  test('a setting that is used in a page or a style is refused unless it is one', async () => {
    for (const [name, values] of Object.entries({
      accent_color: [SCRIPT, 'red;background:url(//x.example)', 'url(//x.example)', '#12345g'],
      slug: [SCRIPT, '../x', 'a b'],
      timezone: [SCRIPT, '../../etc/passwd'],
      locale: [SCRIPT, 'en"><b>'],
      contact_email: [SCRIPT, 'a@b.example"><script>', 'a@b.example\r\nBcc: x@y.example'],
      currency: ['"><', 'X<b'],
    })) {
      for (const value of values) {
        const answer = await salon.owner.patch('/workspace', { [name]: value });
        assert.equal(answer.status, 422, `${name} ${value} answered ${answer.text}`);
      }
    }
  });

  test('names and addresses with markup stand in the page as text', async () => {
    const house = await makeSalon(server, {
      name: SCRIPT.slice(0, 90),
      services: [{ name: SCRIPT.slice(0, 90), description: SCRIPT, duration_min: 30, price: 1 }],
    });
    expectStatus(await house.owner.patch('/workspace', { address: SCRIPT }), 200);
    const { text } = await visit(nobody(), `/book/${house.slug}`);
    assert.doesNotMatch(text, /<script src=\/\/|<img|<b>/);
    assert.match(text, /&lt;script/);
  });
});

describe('CVE-2026-108758: a booking is nobody’s to rewrite by its number', () => {
  test('without a sign-in, neither by its id nor by the ids around it', async () => {
    const ids = bookings.flatMap(({ booking: { id } }) =>
      [0n, 1n, -1n].map((step) => String(BigInt(id) + step)),
    );
    await changesNothing('a stranger', async () => {
      for (const id of ids) {
        for (const [method, path, body] of [
          ['GET', `/bookings/${id}`],
          ['PATCH', `/bookings/${id}`, { start: `${dateIn(9)}T09:00:00Z` }],
          ['POST', `/bookings/${id}/cancel`],
          ['GET', `/bookings/${id}/history`],
        ]) {
          const answer = await nobody().request(method, path, body ? { body } : {});
          expectProblem(answer, 401);
        }
        expectProblem(await nobody().get(`/public/manage/${id}`), 404);
        expectProblem(await nobody().post(`/public/manage/${id}/cancel`), 404);
      }
    });
  });

  test('another business’s owner sees the same as for what is not there', async () => {
    const { id } = bookings[0].booking;
    const absent = String(BigInt(id) + 12_345n);
    await changesNothing('another owner', async () => {
      for (const path of ['', '/history', '/cancel', '/complete', '/no-show', '/confirm']) {
        const method = path === '' || path === '/history' ? 'GET' : 'POST';
        const foreign = await other.owner.request(method, `/bookings/${id}${path}`);
        const missing = await other.owner.request(method, `/bookings/${absent}${path}`);
        expectProblem(foreign, 404, 'not_found');
        const bare = ({ body }) => ({ ...body, request_id: '' });
        assert.deepEqual(bare(foreign), bare(missing), path);
      }
    });
  });
});

test('CVE-2026-52839: staff write into nobody else’s calendar, and a refusal leaves nothing', async () => {
  const [colleague] = salon.staff;
  const theirs = bookings[0].booking.id;
  const off = { start: `${dateIn(9)}T08:00:00Z`, end: `${dateIn(9)}T09:00:00Z`, reason: 'x' };
  const visitBody = {
    service_ids: [salon.services[0].id],
    staff_id: colleague.id,
    start: `${dateIn(8)}T09:00:00Z`,
    client: { name: 'Slipped in' },
  };
  await changesNothing('a colleague', async () => {
    for (const [method, path, body] of [
      ['PUT', `/staff/${colleague.id}/hours`, { weekly: [] }],
      ['POST', `/staff/${colleague.id}/time-off`, off],
      ['PATCH', `/staff/${colleague.id}`, { name: 'Mine' }],
      ['PATCH', `/bookings/${theirs}`, { staff_id: salon.staff[1].id }],
      ['PATCH', `/bookings/${theirs}`, { notes: 'mine' }],
      ['POST', `/bookings/${theirs}/cancel`],
      ['POST', '/bookings', visitBody],
    ]) {
      const { status, text } = await staffer.request(method, path, body ? { body } : {});
      assert.ok(status === 403 || status === 404, `${method} ${path} answered ${status} ${text}`);
    }
  });
});

test('CVE-2026-23622: what changes something cannot be asked for by GET', async () => {
  const writing = (await operations(server)).filter(({ method }) => UNSAFE.includes(method));
  assert.ok(writing.length > 30);
  await changesNothing('GET', async () => {
    for (const { method, path } of writing) {
      for (const query of ['', `?_method=${method}`, '?email=a@b.example&role=owner']) {
        const headers = { 'x-http-method-override': method, 'x-method-override': method };
        const { status } = await visit(salon.owner, path + query, { headers });
        assert.ok([200, 404, 405, 422].includes(status), `GET ${path}${query} answered ${status}`);
      }
    }
  });
});

const INJECTIONS = [
  ...["'", '"', "' OR '1'='1", "1' OR 1=1 --", '1; DROP TABLE booking', "') UNION SELECT 1,2,3 --"],
  ...["'||(SELECT password_hash FROM user_account)||'", "1' AND SLEEP(3) --", '1 AND pg_sleep(3)'],
  ...['$1', '%s', '\\', "x' COLLATE NOCASE", "1)) OR ((1=1", 'name ASC, (SELECT 1)', '-1', 'NaN'],
];

test('CVE-2025-50383: no parameter of a list reaches the database as SQL', async () => {
  const lists = ['/bookings', '/clients', '/items', '/services', '/staff', '/emails', '/audit'];
  for (const path of lists) {
    for (const name of ['order_by', 'sort', 'cursor', 'limit', 'status', 'from', 'staff_id', 'q']) {
      for (const text of INJECTIONS) {
        const query = new URLSearchParams({ [name]: text });
        const began = performance.now();
        const answer = await salon.owner.get(`${path}?${query}`);
        const ms = performance.now() - began;
        assert.ok(
          [200, 400, 404, 422].includes(answer.status),
          `${path}?${query} answered ${answer.status}`,
        );
        if (['order_by', 'sort'].includes(name)) expectProblem(answer, 422);
        assert.ok(ms < 2500, `${path}?${query} took ${ms} ms`);
        assert.doesNotMatch(answer.text, /argon2|syntax error|sqlite|SELECT/i);
      }
    }
  }
});

describe('CVE-2026-116751, CVE-2026-96662, CVE-2022-0739, CVE-2026-39487: nor does a body', () => {
  test('names of members are never SQL: an unknown one is refused', async () => {
    await changesNothing('a key', async () => {
      for (const text of INJECTIONS) {
        expectProblem(await salon.owner.post('/clients', { name: 'A', [text]: 1 }), 422);
        const nested = { service_ids: [salon.services[0].id], client: { name: 'A', [text]: 1 } };
        expectProblem(await salon.owner.post('/bookings', nested), 422);
        expectProblem(await salon.owner.patch('/workspace', { hours: [{ [text]: 1 }] }), 422);
        expectProblem(await salon.owner.get(`/bookings?staff_id[${encodeURIComponent(text)}]=1`), 422);
      }
    });
  });

  test('texts are kept as they came, and numbers are numbers', async () => {
    for (const text of INJECTIONS) {
      const body = { name: `N ${text}`, email: `${randomBytes(6).toString('hex')}@c.example`, notes: text };
      const made = expectStatus(await salon.owner.post('/clients', body), 201);
      const read = expectStatus(await salon.owner.get(`/clients/${made.id}`), 200);
      assert.deepEqual([read.name, read.notes], [body.name, body.notes]);
      const ids = { service_ids: [text], start: `${dateIn(6)}T09:00:00Z`, client: { name: 'A' } };
      const { status } = await salon.owner.post('/bookings', ids);
      assert.ok(status === 404 || status === 422, text);
      for (const path of [`/clients/${encodeURIComponent(text)}`, `/bookings/${encodeURIComponent(text)}`]) {
        const { status: found } = await salon.owner.get(path);
        assert.ok(found === 404 || found === 400, `${path} answered ${found}`);
      }
      const { status: page } = await nobody().get(`/public/${encodeURIComponent(text)}`);
      assert.ok(page === 404 || page === 400, text);
    }
    assert.ok((await sql(server, 'SELECT count(*) FROM booking'))[0] >= 2);
  });
});

describe('CVE-2024-57602, CVE-2022-0482, CVE-2023-38049, CVE-2023-38054: rights are not taken', () => {
  test('staff give themselves no role and no right', async () => {
    const own = salon.staff[1].id;
    await changesNothing('a promotion', async () => {
      for (const body of [{ role: 'owner' }, { permissions: ['bookings'] }, { active: true }]) {
        const { status } = await staffer.patch(`/staff/${own}`, body);
        assert.equal(status, 403, JSON.stringify(body));
      }
      const invited = { name: 'Friend', email: 'friend@c.example', role: 'owner' };
      expectProblem(await staffer.post('/staff', invited), 403);
    });
    assert.equal(expectStatus(await staffer.get('/session'), 200).role, 'staff');
  });

  test('no calendar, client or booking is read without a sign-in', async () => {
    for (const path of ['/bookings', '/clients', '/staff', '/availability', '/emails', '/audit']) {
      expectProblem(await nobody().get(path), 401);
    }
    const { text } = await nobody().get(`/public/${salon.slug}`);
    assert.doesNotMatch(text, /@staff\.example|@client\.example/);
  });

  test('staff read no other’s booking and no list of clients', async () => {
    expectProblem(await staffer.get(`/bookings/${bookings[0].booking.id}`), 404);
    expectProblem(await staffer.get('/clients'), 403);
    assert.deepEqual(await staffer.list(`/bookings?from=${dateIn(0)}&to=${dateIn(30)}`), []);
  });
});

test('CVE-2026-105193: a booking’s link cannot be told from its time', async () => {
  const tokens = [...bookings.map(manageToken)];
  const slots = await other.slots({ from: dateIn(12), to: dateIn(13) });
  for (const { start } of slots.filter((_, index) => index % 4 === 0).slice(0, 12)) {
    tokens.push(manageToken(expectStatus(await other.book({ start }), 201)));
  }
  const bytes = tokens.map((token) => Buffer.from(token, 'base64url'));
  for (const each of bytes) assert.equal(each.length, 32);
  const distance = (a, b) =>
    a.reduce((sum, byte, i) => sum + (byte ^ b[i]).toString(2).replaceAll('0', '').length, 0);
  bytes.forEach((a, i) => {
    for (const b of bytes.slice(i + 1)) {
      const bits = distance(a, b);
      assert.ok(bits > 80 && bits < 176, `${bits} of 256 bits differ`);
    }
  });
  const kept = await sql(server, 'SELECT * FROM booking_link');
  for (const token of tokens) assert.ok(!kept.join('\n').includes(token));
});

describe('CVE-2026-66453: a forgotten password lets nobody else in', () => {
  let house;
  before(async () => {
    house = await makeSalon(server);
  });
  const seen = new Set();
  const forget = async () => {
    expectStatus(await nobody().post('/password/forgot', { email: house.ownerEmail }), 202);
    const mail = await server.waitForMail(
      (each) =>
        each.to.includes(house.ownerEmail) && /#reset=/.test(each.text) && !seen.has(each.name),
    );
    seen.add(mail.name);
    return /#reset=([\w-]+)/.exec(mail.text)[1];
  };
  const reset = (token, password = 'a brand new secret 9') =>
    nobody().post('/password/reset', { token, password });

  test('the eight ways', async () => {
    const first = await forget();
    assert.equal(Buffer.from(first, 'base64url').length, 32);
    const kept = [...(await contents(server, { except: ['message'] })).values()].flat().join('\n');
    assert.ok(!kept.includes(first), 'it is stored as its hash alone');

    const second = await forget();
    assert.equal((await reset(first)).status, 422, 'an older link dies with a newer one');
    assert.equal((await reset(`${second.slice(0, -2)}AA`)).status, 422, 'a guess');
    expectInvalid(
      await nobody().post('/password/reset', {
        token: second,
        password: 'a brand new secret 9',
        email: other.ownerEmail,
      }),
      ['email'],
    );
    assert.equal((await reset('', 'a brand new secret 9')).status, 422, 'no token');

    expectStatus(await reset(second), 204);
    expectProblem(await house.owner.get('/session'), 401);
    assert.equal((await reset(second, 'yet another secret 1')).status, 422, 'used once');

    const third = await forget();
    const change = { email: house.ownerEmail, password: 'a brand new secret 9' };
    const inside = nobody();
    expectStatus(await inside.post('/session', change), 200);
    expectStatus(
      await inside.post('/password/change', {
        current_password: change.password,
        new_password: 'chosen inside 12',
      }),
      204,
    );
    assert.equal((await reset(third)).status, 422, 'dies with a change of the password');
  });
});

describe('CVE-2026-1704, CVE-2026-110381, CVE-2026-14224: one booking’s link opens no other', () => {
  test('the link of one names nothing of the other', async () => {
    const [a, b] = bookings.map(manageToken);
    const one = expectStatus(await nobody().get(`/public/manage/${a}`), 200);
    const two = expectStatus(await nobody().get(`/public/manage/${b}`), 200);
    assert.notEqual(one.booking.id, two.booking.id);
    for (const more of [`?id=${two.booking.id}`, `?booking_id=${two.booking.id}`]) {
      expectProblem(await nobody().get(`/public/manage/${a}${more}`), 422);
    }
    const moved = { start: `${dateIn(7)}T09:00:00Z`, id: two.booking.id };
    expectInvalid(await nobody().post(`/public/manage/${a}/reschedule`, moved), ['id']);
  });
});

test('CVE-2023-2834: booking with somebody’s address signs nobody in', async () => {
  const [slot] = await salon.slots({ from: dateIn(10) });
  const client = { name: 'Olive Owner', email: salon.ownerEmail };
  const visitor = nobody();
  const answer = await visitor.post(
    `/public/${salon.slug}/bookings`,
    { service_ids: [salon.services[0].id], start: slot.start, client },
    { key: true },
  );
  expectStatus(answer, 201);
  assert.deepEqual(answer.headers.getSetCookie(), []);
  assert.equal(visitor.cookies.size, 0);
  expectProblem(await visitor.get('/session'), 401);
});

describe('CVE-2026-25744, -34055, -33931, -33304, -25746: an id in a body chooses nothing', () => {
  test('a record is the one of the path: an id beside it is refused', async () => {
    const [mine, theirs] = await Promise.all(
      ['one', 'two'].map(async (name) =>
        expectStatus(
          await salon.owner.post('/clients', { name, email: `${name}@swap.example` }),
          201,
        ),
      ),
    );
    await changesNothing('a second id', async () => {
      for (const name of ['id', 'client_id', 'version', 'created_at', 'workspace_id']) {
        const body = { notes: 'swapped', [name]: theirs.id };
        const { status } = await salon.owner.patch(`/clients/${mine.id}`, body);
        assert.equal(status, 422, name);
      }
    });
  });

  test('ids of another business are absent, in each place of each body', async () => {
    const [service, member] = [other.services[0].id, other.staff[0].id];
    const own = { service: salon.services[0].id, item: salon.items[0].id };
    const start = `${dateIn(6)}T09:00:00Z`;
    const made = { name: 'X', duration_min: 30, price: 1 };
    const tries = [
      ['POST', '/bookings', { service_ids: [service], start, client: { name: 'A' } }],
      ['POST', '/bookings', { service_ids: [own.service], staff_id: member, start, client: { name: 'A' } }],
      ['POST', '/services', { ...made, staff_ids: [member], materials: [] }],
      ['PATCH', `/services/${own.service}`, { staff_ids: [member] }],
      ['PATCH', `/staff/${salon.staff[0].id}`, { service_ids: [service] }],
      ['PATCH', `/bookings/${bookings[0].booking.id}`, { staff_id: member }],
    ];
    await changesNothing('a foreign id', async () => {
      for (const [method, path, body] of tries) {
        const { status, text } = await salon.owner.request(method, path, { body });
        assert.equal(status, 404, `${method} ${path} ${JSON.stringify(body)} answered ${text}`);
      }
    });
  });
});
