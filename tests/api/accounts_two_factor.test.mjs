// SPDX-License-Identifier: AGPL-3.0-or-later
// The second factor of the running program, with codes that another implementation computes.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { openEvents } from '../lib/events.mjs';
import { arrive, invitationTo } from '../lib/members.mjs';
import { PASSWORD, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { switchOn, totp } from '../lib/totp.mjs';
import { readContract } from './contract_check.mjs';

describe('two-factor sign-in', () => {
  let server;
  let contract;
  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
  });

  async function makeOwner(options = {}) {
    const salon = await makeSalon(server, { staff: [], services: [], publish: false, ...options });
    const owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
    return Object.assign(salon, { owner });
  }
  const signIn = (salon, body, who = contract.client()) =>
    who.post('/session', { email: salon.ownerEmail, password: PASSWORD, ...body });

  test('password and code are both verified: each right and wrong of either', async () => {
    const salon = await makeOwner();
    const { secret, codes, setup, confirmed } = await switchOn(salon.owner, PASSWORD);
    expectStatus(setup, 200);
    expectStatus(confirmed, 200);
    assert.equal(new URL(setup.body.otpauth_url).searchParams.get('secret'), secret);
    assert.equal(new Set(codes).size, 10);
    const right = () => totp(secret, 1);
    expectProblem(await signIn(salon, {}), 401, 'two_factor_required');
    expectProblem(await signIn(salon, { code: '000000' }), 401, 'bad_code');
    for (const code of [undefined, '000000', right(), codes[0]]) {
      const answer = await signIn(salon, { password: 'not the password', code });
      expectProblem(answer, 401, 'bad_credentials');
    }
    const session = expectStatus(await signIn(salon, { code: right() }), 200);
    assert.equal(session.user.two_factor, true);
    expectProblem(await signIn(salon, { code: right() }), 401, 'bad_code');
    expectStatus(await signIn(salon, { code: codes[0] }), 200);
    expectProblem(await signIn(salon, { code: codes[0] }), 401, 'bad_code');
    expectStatus(await signIn(salon, { code: codes[9].toUpperCase().replaceAll('-', ' ') }), 200);
    const state = expectStatus(await salon.owner.get('/two-factor'), 200);
    assert.deepEqual(state, { enabled: true, required: false, recovery_codes_left: 8 });
  });

  test('of the same code at the same moment one is let in', async () => {
    const salon = await makeOwner();
    const { secret } = await switchOn(salon.owner, PASSWORD);
    const code = totp(secret, 1);
    const answers = await Promise.all(Array.from({ length: 6 }, () => signIn(salon, { code })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectProblem(answer, 401, 'bad_code');
    }
  });

  test('a reset password still asks for the code, and the person is told of each change', async () => {
    const salon = await makeOwner();
    const { codes } = await switchOn(salon.owner, PASSWORD);
    expectStatus(await contract.client().post('/password/forgot', { email: salon.ownerEmail }), 202);
    const mail = await server.waitForMail(
      (each) => each.to.includes(salon.ownerEmail) && each.text.includes('reset='),
    );
    const [, token] = /reset=([\w-]{20,})/.exec(mail.text);
    const password = 'quite another secret 9';
    expectStatus(await contract.client().post('/password/reset', { token, password }), 204);
    expectProblem(await signIn(salon, { password }), 401, 'two_factor_required');
    const back = contract.client();
    expectStatus(await signIn(salon, { password, code: codes[1] }, back), 200);
    const off = { current_password: password, code: codes[2] };
    expectInvalid(await back.post('/two-factor/disable', { ...off, code: codes[1] }), ['code']);
    expectInvalid(await back.post('/two-factor/disable', { ...off, current_password: 'no' }), [
      'current_password',
    ]);
    const before = back.cookieHeader();
    expectStatus(await back.post('/two-factor/disable', off), 204);
    assert.notEqual(back.cookieHeader(), before, 'a new token');
    expectStatus(await signIn(salon, { password }), 200);
    for (const subject of [/sign-in is on/, /password was changed/, /sign-in is off/]) {
      const told = await server.waitForMail(
        (each) => each.to.includes(salon.ownerEmail) && subject.test(each.subject),
      );
      assert.ok(!told.text.includes(password) && !codes.some((code) => told.text.includes(code)));
    }
  });

  test('a business that asks for it lets its members do nothing else first', async (t) => {
    const salon = await makeOwner({ staff: ['Ann'], services: [] });
    expectProblem(await salon.owner.patch('/workspace', { require_two_factor: true }), 409);
    await switchOn(salon.owner, PASSWORD);
    const ann = await arrive(server, salon.staff[0], { client: contract.client() });
    expectStatus(await ann.get('/bookings'), 200);
    const stream = await openEvents(t, server, ann);
    const asked = Date.now();
    expectStatus(await salon.owner.patch('/workspace', { require_two_factor: true }), 200);
    expectProblem(await ann.get('/bookings'), 403, 'two_factor_setup_required');
    assert.ok((await stream.ended()) - asked < 1000, 'an open stream is no way round it');
    const page = await ann.get(`${server.baseUrl}/staff`);
    assert.deepEqual([page.status, page.headers.get('location')], [303, '/login']);
    assert.equal((await ann.get('/session')).body.must_set_up_two_factor, true);
    const { secret } = await switchOn(ann, ann.password);
    expectStatus(await ann.get('/bookings'), 200);
    const off = { current_password: ann.password, code: totp(secret, 1) };
    expectProblem(await ann.post('/two-factor/disable', off), 409, 'invalid_transition');
  });

  test('what one business asks for holds in every other of the same person', async () => {
    const [asks, other] = [await makeOwner(), await makeOwner()];
    const { secret } = await switchOn(asks.owner, PASSWORD);
    const invited = { name: 'Olive', email: asks.ownerEmail };
    expectStatus(await other.owner.post('/staff', invited), 201);
    const mail = await invitationTo(server, asks.ownerEmail);
    const [, token] = /login#join=([\w-]{43})/.exec(mail.text);
    expectStatus(await asks.owner.patch('/workspace', { require_two_factor: true }), 200);
    expectStatus(await asks.owner.post('/invitations/accept', { token }), 200);
    assert.equal((await asks.owner.get('/session')).body.workspace.id, other.workspace.id);
    assert.equal((await asks.owner.get('/two-factor')).body.required, true);
    const off = { current_password: PASSWORD, code: totp(secret, 1) };
    expectProblem(await asks.owner.post('/two-factor/disable', off), 409, 'invalid_transition');
  });

  test('making recovery codes keeps no other request waiting', async (t) => {
    const single = await startServer(t, { env: { CAREOPS_WORKERS: '1' } });
    const { owner } = await makeSalon(single, { staff: [], services: [], publish: false });
    const setup = await owner.post('/two-factor/setup', { current_password: PASSWORD });
    const order = [];
    const done = (what) => (answer) => {
      order.push(what);
      return expectStatus(answer, 200);
    };
    const confirmed = owner.post('/two-factor/confirm', { code: totp(setup.body.secret) }).then(done('codes'));
    await sleep(30); // ten hashes take longer than that
    await new Client(single.baseUrl).get(`${single.baseUrl}/readyz`).then(done('another'));
    await confirmed;
    assert.deepEqual(order, ['another', 'codes']);
  });

  test('no key and no recovery code is in a log, an audit event or the mail log', async () => {
    const salon = await makeOwner();
    const { secret, codes } = await switchOn(salon.owner, PASSWORD);
    const places = [
      server.logs.join('\n'),
      (await salon.owner.get('/audit')).text,
      (await salon.owner.get('/emails')).text,
      (await salon.owner.get('/two-factor')).text,
    ];
    for (const text of places) {
      assert.ok(![secret, ...codes].some((word) => text.includes(word)), text.slice(0, 200));
    }
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
