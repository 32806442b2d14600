// SPDX-License-Identifier: AGPL-3.0-or-later
// Signing up and in, passwords by mail, and the team from invitation to leaving.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { mailedPassword } from '../lib/members.mjs';
import { PASSWORD, everyDay, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract, signInAsStaff, tag } from './contract_check.mjs';

const SECRET = 'quite another secret 9';

function signupBody({ business = {}, owner = {} } = {}) {
  return {
    business: { name: 'Studio Été', timezone: 'Europe/Paris', currency: 'EUR', ...business },
    owner: { name: 'Olga', email: `olga.${tag()}@owner.example`, password: PASSWORD, ...owner },
  };
}

const cookieLine = (response) =>
  response.headers.getSetCookie().find((line) => line.startsWith('careops_session='));

describe('accounts', () => {
  let server;
  let contract;
  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
  });

  async function signUp(body = signupBody()) {
    const client = contract.client();
    const answer = await client.post('/signup', body);
    return Object.assign(client, { made: expectStatus(answer, 201), answer });
  }

  const signIn = (email, password, client = contract.client()) =>
    client.post('/session', { email, password });

  test('signing up gives the workspace, the user and a cookie that scripts cannot read', async () => {
    const body = signupBody({ business: { name: 'Café Ünïque & Sohn' } });
    const owner = await signUp(body);
    assert.deepEqual(Object.keys(owner.made).sort(), ['user', 'workspace']);
    assert.equal(owner.made.user.email, body.owner.email);
    assert.equal(owner.made.workspace.slug, 'cafe-unique-sohn');
    assert.equal(owner.made.workspace.published, false);
    const line = cookieLine(owner.answer);
    assert.match(line, /;\s*HttpOnly/i);
    assert.match(line, /;\s*SameSite=Lax/i);
    assert.match(line, /;\s*Path=\/(;|$)/i);
    assert.doesNotMatch(line, /;\s*(Secure|Domain)/i);
    assert.doesNotMatch(owner.answer.text, /secret|careops_session/);
    const staff = await owner.list('/staff');
    assert.deepEqual(
      staff.map(({ role, bookable, active }) => [role, bookable, active]),
      [['owner', false, true]],
    );
  });

  test('behind https the cookie is Secure', async (t) => {
    const behind = await startServer(t, { env: { CAREOPS_BASE_URL: 'https://book.example' } });
    const answer = await new Client(behind.baseUrl).post('/signup', signupBody());
    expectStatus(answer, 201);
    assert.match(cookieLine(answer), /;\s*Secure/i);
  });

  test('two businesses of one name get two slugs, and a taken or reserved slug is refused', async () => {
    const [one, two] = [await signUp(), await signUp()];
    assert.notEqual(one.made.workspace.slug, two.made.workspace.slug);
    const taken = await contract
      .client()
      .post('/signup', signupBody({ business: { slug: one.made.workspace.slug } }));
    expectProblem(taken, 409, 'already_exists');
    for (const name of ['日本', '!!!', '👩', '../..', 'a'.repeat(120)]) {
      const { slug } = (await signUp(signupBody({ business: { name } }))).made.workspace;
      assert.match(slug, /^[a-z0-9]+(-[a-z0-9]+)*$/, name);
      assert.ok(slug.length <= 63);
    }
    expectProblem(
      await two.patch('/workspace', { slug: one.made.workspace.slug }),
      409,
      'already_exists',
    );
    expectInvalid(await two.patch('/workspace', { slug: 'Not A Slug' }), ['slug']);
  });

  test('a slug that is a word of the public addresses cannot be taken', async () => {
    const owner = await signUp();
    for (const slug of ['manage', 'forms']) {
      const answer = await contract.client().post('/signup', signupBody({ business: { slug } }));
      assert.ok([409, 422].includes(answer.status), `${slug} is ${answer.status}`);
      const changed = await owner.patch('/workspace', { slug });
      assert.ok([409, 422].includes(changed.status), `${slug} is ${changed.status}`);
      const named = await signUp(signupBody({ business: { name: slug } }));
      assert.notEqual(named.made.workspace.slug, slug);
    }
  });

  test('each wrong field of a sign-up is told once, all of them at once', async () => {
    const body = signupBody({
      business: { name: '', timezone: 'Mars/Olympus', currency: 'euro', slug: 'A b' },
      owner: { name: '', email: 'nobody', password: 'short' },
    });
    const answer = await contract.client().post('/signup', body);
    const paths = expectProblem(answer, 422, 'validation_failed').errors.map(({ path }) => path);
    for (const path of [
      'business.name',
      'business.currency',
      'business.slug',
      'owner.name',
      'owner.email',
      'owner.password',
    ]) {
      assert.equal(paths.filter((each) => each === path).length, 1, path);
    }
    expectInvalid(
      await contract.client().post('/signup', signupBody({ business: { currency: 'ZZZ' } })),
      ['business.currency'],
    );
    expectInvalid(await contract.client().post('/signup', {}), ['business', 'owner']);
  });

  test('a time zone is a name of the IANA list, not any file beside it', async () => {
    const taken = [];
    for (const timezone of [
      'Mars/Olympus',
      '../../etc/passwd',
      '/etc/localtime',
      'posixrules',
      '',
      'europe/paris',
      'EST5EDT,M3',
      'localtime',
      'Factory',
      'right/Europe/Paris',
      'posix/Europe/Paris',
      'Europe',
      'zone.tab',
      './UTC',
      'Europe//Paris',
      'Europe/Paris\u0000',
    ]) {
      const refused = await contract
        .client()
        .post('/signup', signupBody({ business: { timezone } }));
      if (![400, 422].includes(refused.status)) taken.push(`${timezone} is ${refused.status}`);
    }
    assert.deepEqual(taken, []);
  });

  test('an e-mail has one account, whatever its case', async () => {
    const body = signupBody();
    await signUp(body);
    const again = signupBody({ owner: { email: body.owner.email.toUpperCase() } });
    expectProblem(await contract.client().post('/signup', again), 409, 'already_exists');
    expectStatus(await signIn(body.owner.email.toUpperCase(), PASSWORD), 200);
  });

  test('a wrong e-mail and a wrong password answer alike', async () => {
    const body = signupBody();
    await signUp(body);
    const answers = [
      await signIn(body.owner.email, 'not the password'),
      await signIn('who@nobody.example', PASSWORD),
    ];
    const [one, two] = answers.map((answer) => ({
      ...expectProblem(answer, 401, 'bad_credentials'),
      request_id: '',
    }));
    assert.deepEqual(one, two);
    assert.ok(answers.every((answer) => !cookieLine(answer)));
  });

  test('every byte of a long password counts', async () => {
    const password = `${'x'.repeat(200)}é🔑`;
    const body = signupBody({ owner: { password } });
    await signUp(body);
    expectProblem(await signIn(body.owner.email, `${'x'.repeat(200)}é🔒`), 401, 'bad_credentials');
    expectStatus(await signIn(body.owner.email, password), 200);
  });

  test('signing in makes a new session and signing out ends it on the server', async () => {
    const body = signupBody();
    const first = await signUp(body);
    const second = contract.client();
    const answer = await signIn(body.owner.email, PASSWORD, second);
    const members = Object.keys(expectStatus(answer, 200));
    for (const name of ['home', 'permissions', 'role', 'user', 'workspace'])
      assert.ok(members.includes(name), name);
    assert.notEqual(second.cookieHeader(), first.cookieHeader());
    const kept = second.cookieHeader();
    expectStatus(await second.delete('/session'), 204);
    assert.ok(!second.cookies.has('careops_session'), 'the cookie is taken back');
    expectProblem(await contract.client().get('/session', { headers: { cookie: kept } }), 401);
    expectStatus(await first.get('/session'), 200);
    const planted = contract.client();
    planted.cookies.set('careops_session', 'A'.repeat(43));
    expectStatus(await signIn(body.owner.email, PASSWORD, planted), 200);
    assert.notEqual(
      planted.cookies.get('careops_session'),
      'A'.repeat(43),
      'a planted session is not taken over',
    );
  });

  test('a write with a cookie is refused when the browser says that another site sent it', async () => {
    const owner = await signUp();
    const write = (headers) => owner.patch('/workspace', { address: 'x' }, { headers });
    const own = new URL(server.baseUrl);
    for (const origin of [
      'https://evil.example',
      'null',
      `https://${own.host}`,
      `${own.origin}.evil.example`,
      `http://localhost:${own.port}`,
      `http://127.0.0.1:${Number(own.port) + 1}`,
    ]) {
      expectProblem(await write({ origin }), 403, 'cross_site');
    }
    for (const site of ['cross-site', 'same-site']) {
      expectProblem(await write({ 'sec-fetch-site': site }), 403, 'cross_site');
      expectProblem(await write({ 'sec-fetch-site': site, origin: own.origin }), 403, 'cross_site');
    }
    expectProblem(
      await owner.delete('/session', { headers: { origin: 'https://evil.example' } }),
      403,
      'cross_site',
    );
    expectProblem(
      await owner.post('/workspace/publish', undefined, { headers: { origin: 'null' } }),
      403,
      'cross_site',
    );
    for (const headers of [
      { origin: own.origin },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      {},
    ]) {
      expectStatus(await write(headers), 200);
    }
    const form = await owner.request('POST', '/items', {
      raw: '{"name":"x","unit":"g"}',
      headers: { 'content-type': 'text/plain' },
    });
    expectProblem(form, 415);
    assert.deepEqual(await owner.list('/items'), []);
  });

  test('changing the password ends every other session and the old password', async () => {
    const body = signupBody();
    const [here, there] = [await signUp(body), contract.client()];
    expectStatus(await signIn(body.owner.email, PASSWORD, there), 200);
    const change = (current, next) =>
      here.post('/password/change', { current_password: current, new_password: next });
    const wrong = await change('not the password', SECRET);
    assert.ok([401, 403, 422].includes(wrong.status), wrong.text);
    expectStatus(await there.get('/session'), 200);
    expectInvalid(await change(PASSWORD, 'short'), ['new_password']);
    expectStatus(await change(PASSWORD, SECRET), 204);
    expectProblem(await there.get('/session'), 401);
    expectStatus(await here.get('/session'), 200);
    expectProblem(await signIn(body.owner.email, PASSWORD), 401, 'bad_credentials');
    expectStatus(await signIn(body.owner.email, SECRET), 200);
  });

  async function resetLink(email, seen) {
    const mail = await server.waitForMail(
      (each) => each.to.includes(email) && each.text.includes('reset=') && !seen.has(each.name),
    );
    seen.add(mail.name);
    assert.ok(mail.text.includes(`${server.baseUrl}/`), 'the link is made from the base URL');
    return /reset=([\w-]{20,})/.exec(mail.text)[1];
  }

  test('a forgotten password: one answer for everybody, one link that works once, and the newest only', async () => {
    const body = signupBody();
    const owner = await signUp(body);
    const ask = (email) =>
      contract
        .client()
        .post('/password/forgot', { email }, { headers: { 'x-forwarded-host': 'evil.example' } });
    const known = await ask(body.owner.email);
    const unknown = await ask('who@nobody.example');
    assert.deepEqual([known.status, known.text], [202, unknown.text]);
    assert.equal(unknown.status, 202);
    const seen = new Set();
    const older = await resetLink(body.owner.email, seen);
    expectStatus(await ask(body.owner.email), 202);
    const newer = await resetLink(body.owner.email, seen);
    const reset = (token, password = SECRET) =>
      contract.client().post('/password/reset', { token, password });
    const refused = async (token) => {
      const answer = await reset(token);
      assert.ok([404, 409, 410, 422].includes(answer.status), `${answer.status} ${answer.text}`);
    };
    await refused(older);
    await refused(`${newer}x`);
    expectInvalid(await reset(newer, 'short'), ['password']);
    expectStatus(await reset(newer), 204);
    await refused(newer);
    expectProblem(await owner.get('/session'), 401);
    expectStatus(await signIn(body.owner.email, SECRET), 200);
    assert.ok(!server.mail().some((mail) => mail.to.includes('nobody.example')));
  });

  test('a shop is published when it is ready, and only then has a public face', async () => {
    const owner = await signUp();
    const { slug } = owner.made.workspace;
    const before = expectStatus(await owner.get('/workspace/readiness'), 200);
    assert.equal(before.ready, false);
    const failing = before.checks.filter(({ ok }) => !ok);
    assert.ok(
      failing.length >= 2 &&
        failing.every(({ message, fix_url: url }) => message && url.startsWith('/app')),
    );
    const refused = expectProblem(await owner.post('/workspace/publish'), 409, 'not_ready');
    assert.ok(refused.checks?.length > 0 || refused.errors.length > 0, 'it says which checks fail');
    expectProblem(await contract.client().get(`/public/${slug}`), 404);
    const [self] = await owner.list('/staff');
    expectStatus(
      await owner.patch('/workspace', {
        hours: everyDay('09:00', '17:00'),
        contact_email: self.email,
        address: 'Rue 1',
        phone: '+33 1 99',
      }),
      200,
    );
    expectStatus(await owner.patch(`/staff/${self.id}`, { bookable: true }), 200);
    expectStatus(
      await owner.post('/services', {
        name: 'Cut',
        duration_min: 30,
        price: 1,
        staff_ids: [self.id],
      }),
      201,
    );
    const after = expectStatus(await owner.get('/workspace/readiness'), 200);
    assert.equal(after.ready, true, JSON.stringify(after.checks));
    expectStatus(await owner.post('/workspace/publish'), 200);
    expectStatus(await owner.post('/workspace/publish'), 200);
    const face = expectStatus(await contract.client().get(`/public/${slug}`), 200);
    assert.doesNotMatch(JSON.stringify(face), /on_hand|reserved|materials|buffer/);
    assert.deepEqual(
      face.staff.map(({ name }) => name),
      ['Olga'],
    );
  });

  test('an invitation carries the password by mail alone, and a new one ends the old one', async () => {
    const salon = await makeSalon(server, {
      name: 'Invite Salon',
      publish: false,
      staff: [],
      services: [],
    });
    const owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
    const email = `iva.${tag()}@staff.example`;
    const answer = await owner.post(
      '/staff',
      { name: 'Iva', email, permissions: ['clients'], bookable: true },
      { key: tag() },
    );
    const member = expectStatus(answer, 201);
    assert.deepEqual(member.permissions, ['clients']);
    const invited = await server.waitForMail((mail) => mail.to.includes(email));
    assert.ok(invited.subject.includes('Invite Salon'));
    const first = mailedPassword(invited);
    assert.ok(!answer.text.includes(first) && !server.logs.join('\n').includes(first));
    expectProblem(
      await owner.post('/staff', { name: 'Iva', email: email.toUpperCase() }),
      409,
      'already_exists',
    );
    expectStatus(await owner.post(`/staff/${member.id}/resend-invite`), 200);
    const again = await server.waitForMail(
      (mail) => mail.to.includes(email) && mail.name !== invited.name,
    );
    const second = mailedPassword(again);
    assert.notEqual(second, first);
    expectProblem(await signIn(email, first), 401, 'bad_credentials');
    expectStatus(await signIn(email, second), 200);
    for (const body of [
      { role: 'admin' },
      { permissions: ['root'] },
      { permissions: ['clients', 'clients', 1] },
      { password: 'given by the owner' },
    ]) {
      const refused = await owner.post('/staff', {
        name: 'X',
        email: `x.${tag()}@staff.example`,
        ...body,
      });
      expectProblem(refused, 422, 'validation_failed');
    }
  });

  test('the mailed password is not kept by changing it to itself', async () => {
    const salon = await makeSalon(server, {
      name: 'Keep Salon',
      publish: false,
      staff: ['Kim'],
      services: [],
    });
    const [{ email }] = salon.staff;
    const given = mailedPassword(await server.waitForMail((mail) => mail.to.includes(email)));
    const kim = contract.client();
    assert.equal(
      expectStatus(await signIn(email, given, kim), 200).user.must_change_password,
      true,
    );
    const change = (next) =>
      kim.post('/password/change', { current_password: given, new_password: next });
    expectInvalid(await change(given), ['new_password']);
    assert.equal((await kim.get('/session')).body.user.must_change_password, true);
    expectStatus(await change(SECRET), 204);
    assert.equal((await kim.get('/session')).body.user.must_change_password, false);
  });

  test('deactivating ends the sessions at once and lists the visits left; reactivating lets in again', async () => {
    const salon = await makeSalon(server, { name: 'Leaving Salon', staff: ['Ann', 'Bob'] });
    const owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
    const [member, other] = salon.staff;
    const ann = await signInAsStaff(contract, { ...member, business: 'Leaving Salon' });
    const slots = await salon.slots({ staff_id: member.id });
    const { booking } = expectStatus(
      await salon.book({ start: slots[0].start, staff_id: member.id }),
      201,
    );
    expectStatus(await salon.book({ start: slots[0].start, staff_id: other.id }), 201);
    const left = expectStatus(await owner.post(`/staff/${member.id}/deactivate`), 200);
    assert.equal(left.active, false);
    assert.deepEqual(
      left.bookings_left.map(({ id }) => id),
      [booking.id],
    );
    expectProblem(await ann.get('/session'), 401);
    expectProblem(await ann.get('/bookings'), 401);
    expectProblem(await signIn(member.email, ann.password), 401, 'bad_credentials');
    const date = slots[0].local.slice(0, 10);
    const asked = await salon.visitor.get(
      `/public/${salon.slug}/availability?service_ids=${salon.services[0].id}&staff_id=${member.id}&from=${date}&to=${date}`,
    );
    assert.ok([404, 422].includes(asked.status), asked.text);
    const offered = await salon.slots();
    assert.ok(offered.length > 0 && offered.every((slot) => !slot.staff_ids.includes(member.id)));
    const face = expectStatus(await salon.visitor.get(`/public/${salon.slug}`), 200);
    assert.ok(!JSON.stringify(face).includes(member.id));
    const back = expectStatus(await owner.post(`/staff/${member.id}/reactivate`), 200);
    assert.equal(back.active, true);
    expectProblem(await ann.get('/session'), 401);
    expectStatus(await signIn(member.email, ann.password), 200);
    const days = await salon.slots({ staff_id: member.id });
    assert.ok(
      days.length > 0 && !days.some((slot) => slot.start === slots[0].start),
      'the visit still holds its time',
    );
  });

  test('the last owner can be neither deactivated nor made staff', async () => {
    const owner = await signUp();
    const [self] = await owner.list('/staff');
    const refusals = [
      await owner.post(`/staff/${self.id}/deactivate`),
      await owner.patch(`/staff/${self.id}`, { role: 'staff' }),
    ];
    for (const answer of refusals) expectProblem(answer, 409);
    assert.equal(expectStatus(await owner.get('/session'), 200).role, 'owner');
    assert.deepEqual(
      (await owner.list('/staff')).map(({ role, active }) => [role, active]),
      [['owner', true]],
    );
  });

  test('two owners who deactivate each other at once leave one', async () => {
    for (let round = 0; round < 4; round += 1) {
      const salon = await makeSalon(server, {
        name: 'Duel Salon',
        publish: false,
        staff: [],
        services: [],
      });
      const owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
      const [self] = await owner.list('/staff');
      const body = { name: 'Second', email: `second.${tag()}@owner.example`, role: 'owner' };
      const member = expectStatus(await owner.post('/staff', body), 201);
      const second = await signInAsStaff(contract, { ...member, business: 'Duel Salon' });
      const answers = await Promise.all([
        owner.post(`/staff/${member.id}/deactivate`),
        second.post(`/staff/${self.id}/deactivate`),
      ]);
      const statuses = answers.map(({ status }) => status).sort();
      assert.equal(statuses[0], 200);
      assert.ok([401, 409].includes(statuses[1]), `${statuses}`);
    }
  });

  test('taking a permission away holds from the next request', async () => {
    const salon = await makeSalon(server, {
      name: 'Shrink Salon',
      publish: false,
      staff: [],
      services: [],
    });
    const owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
    const body = { name: 'Pat', email: `pat.${tag()}@staff.example`, permissions: ['clients'] };
    const member = expectStatus(await owner.post('/staff', body), 201);
    const pat = await signInAsStaff(contract, { ...member, business: 'Shrink Salon' });
    expectStatus(await pat.get('/clients'), 200);
    expectStatus(await owner.patch(`/staff/${member.id}`, { permissions: [] }), 200);
    expectProblem(await pat.get('/clients'), 403);
  });

  test('one client per e-mail, compared without case', async () => {
    const owner = await signUp();
    const email = `Ada.${tag()}@Client.Example`;
    const ada = expectStatus(await owner.post('/clients', { name: 'Ada', email }), 201);
    expectProblem(
      await owner.post('/clients', { name: 'Ada', email: email.toLowerCase() }),
      409,
      'already_exists',
    );
    const bea = expectStatus(await owner.post('/clients', { name: 'Bea' }), 201);
    expectProblem(
      await owner.patch(`/clients/${bea.id}`, { email: email.toUpperCase() }),
      409,
      'already_exists',
    );
    expectStatus(await owner.patch(`/clients/${ada.id}`, { email: email.toLowerCase() }), 200);
    expectStatus(await owner.post('/clients', { name: 'Bea' }), 201);
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
