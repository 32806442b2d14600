// SPDX-License-Identifier: AGPL-3.0-or-later
// Sessions in several browsers and businesses, guesses that keep nobody out, and answers from which
// nobody learns who has an account.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { Client, expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { arrive, invitationTo } from '../lib/members.mjs';
import { ROOT } from '../lib/process.mjs';
import { PASSWORD, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract, tag } from './contract_check.mjs';

const EMPTY = { staff: [], services: [], publish: false };

describe('sessions', () => {
  let server;
  let contract;
  before(async (t) => {
    server = await startServer(t, {
      env: { CAREOPS_TRUSTED_PROXIES: '127.0.0.1' },
    });
    contract = await readContract(server);
  });

  async function makeOwner(name) {
    const salon = await makeSalon(server, { ...EMPTY, ...(name ? { name } : {}) });
    const owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
    return Object.assign(salon, { owner });
  }
  const signIn = (email, password, who = contract.client(), from = undefined) =>
    who.post('/session', { email, password }, { headers: from ? { 'x-forwarded-for': from } : {} });

  test('are listed with where and when, and ended one by one, or all', async () => {
    const salon = await makeOwner();
    const phone = contract.client();
    const headers = { 'user-agent': 'Ph\u00f6ne/1', 'x-forwarded-for': '203.0.113.7' };
    const body = { email: salon.ownerEmail, password: PASSWORD };
    expectStatus(await phone.post('/session', body, { headers }), 200);
    const rows = expectStatus(await salon.owner.get('/sessions'), 200).data;
    assert.equal(rows.length, 2);
    assert.equal(rows[0].address, '203.0.113.7');
    assert.match(rows[0].user_agent, /^Ph\?+ne\/1/);
    assert.deepEqual(rows.map(({ current }) => current), [false, true]);
    const stranger = await makeOwner();
    expectProblem(await stranger.owner.delete(`/sessions/${rows[0].id}`), 404, 'not_found');
    expectStatus(await phone.get('/session'), 200);
    expectStatus(await salon.owner.delete(`/sessions/${rows[0].id}`), 204);
    expectProblem(await phone.get('/session'), 401, 'not_signed_in');
    expectStatus(await signIn(salon.ownerEmail, PASSWORD, phone), 200);
    expectStatus(await salon.owner.post('/sessions/end-others'), 204);
    expectProblem(await phone.get('/session'), 401);
    const cookie = salon.owner.cookieHeader();
    const all = await salon.owner.post('/sessions/end-all');
    expectStatus(all, 204);
    assert.match(all.headers.get('clear-site-data'), /"cookies"/);
    assert.ok(!salon.owner.cookies.has('careops_session'));
    expectProblem(await new Client(server.baseUrl).get('/session', { headers: { cookie } }), 401);
  });

  test('get a new token at each step up, and the old one opens nothing', async () => {
    const salon = await makeOwner();
    const old = [];
    const step = async (what) => {
      old.push(salon.owner.cookies.get('careops_session'));
      await what();
      assert.ok(!old.includes(salon.owner.cookies.get('careops_session')));
    };
    await step(() => signIn(salon.ownerEmail, PASSWORD, salon.owner));
    const { workspace } = expectStatus(await salon.owner.get('/session'), 200);
    await step(() => salon.owner.post('/session/switch', { workspace_id: workspace.id }));
    for (const token of old) {
      const cookie = `careops_session=${token}`;
      expectProblem(await new Client(server.baseUrl).get('/session', { headers: { cookie } }), 401);
    }
    expectStatus(await salon.owner.get('/session'), 200);
  });

  test('a person with an account joins another business by their yes, and moves between the two', async () => {
    const [home, there] = [await makeOwner('Home Salon'), await makeOwner('There Salon')];
    const invited = { name: 'Hanna', email: home.ownerEmail, permissions: ['clients'] };
    const fresh = { ...invited, email: `fresh.${tag()}@staff.example` };
    const [one, two] = [
      expectStatus(await there.owner.post('/staff', invited), 201),
      expectStatus(await there.owner.post('/staff', fresh), 201),
    ];
    const shown = ({ id, email, invitation, ...rest }) => ({ ...rest, status: invitation.status });
    assert.deepEqual(shown(one), shown(two), 'the owner cannot tell the two apart');
    const mail = await invitationTo(server, home.ownerEmail);
    assert.doesNotMatch(mail.text, /Password/);
    assert.ok(mail.subject.includes('There Salon'));
    const [, token] = /login#join=([\w-]{43})/.exec(mail.text);
    assert.equal((await home.owner.get('/session')).body.workspaces.length, 1);
    const into = { workspace_id: there.workspace.id };
    expectProblem(await home.owner.post('/session/switch', into), 404, 'not_found');
    for (const workspace_id of ['1', 'abc', ''])
      expectProblem(await home.owner.post('/session/switch', { workspace_id }), 404, 'not_found');
    const refused = await there.owner.post('/invitations/accept', { token });
    expectProblem(refused, 403, 'wrong_account');
    const session = expectStatus(await home.owner.post('/invitations/accept', { token }), 200);
    assert.deepEqual([session.workspace.name, session.role], ['There Salon', 'staff']);
    assert.deepEqual(
      session.workspaces.map(({ name, role }) => [name, role]),
      [
        ['Home Salon', 'owner'],
        ['There Salon', 'staff'],
      ],
    );
    expectInvalid(await home.owner.post('/invitations/accept', { token }), ['token']);
    expectStatus(await home.owner.get('/clients'), 200);
    expectProblem(await home.owner.get('/staff'), 403, 'forbidden');
    const back = { workspace_id: home.workspace.id };
    expectStatus(await home.owner.post('/session/switch', back), 200);
    expectStatus(await home.owner.get('/staff'), 200);
    const elsewhere = contract.client();
    expectStatus(await signIn(home.ownerEmail, PASSWORD, elsewhere), 200);
    expectStatus(await elsewhere.post('/session/switch', into), 200);
    expectStatus(await there.owner.post(`/staff/${one.id}/deactivate`), 200);
    expectProblem(await elsewhere.get('/session'), 401);
    expectStatus(await home.owner.get('/session'), 200);
  });

  test('a business that somebody has left learns nothing of their password', async () => {
    const [left, stays] = [await makeOwner('Left Salon'), await makeOwner('Stays Salon')];
    const email = `mona.${tag()}@staff.example`;
    const was = expectStatus(await left.owner.post('/staff', { name: 'Mona', email }), 201);
    const mona = await arrive(server, { email }, { client: contract.client() });
    expectStatus(await stays.owner.post('/staff', { name: 'Mona', email }), 201);
    const joins = (mail) => mail.to.includes(email) && /#join=/.test(mail.text);
    const [, token] = /#join=([\w-]{43})/.exec((await server.waitForMail(joins)).text);
    expectStatus(await mona.post('/invitations/accept', { token }), 200);
    expectStatus(await left.owner.post(`/staff/${was.id}/deactivate`), 200);
    const seen = async ({ owner }) => [
      (await owner.list('/emails')).filter(({ to, kind }) => to === email && kind !== 'staff_invitation').length,
      (await owner.list('/audit')).filter(({ entity }) => entity === 'user').length,
    ];
    const before = await seen(left);
    expectStatus(await contract.client().post('/password/forgot', { email }), 202);
    const fits = (mail) => mail.to.includes(email) && /#reset=/.test(mail.text);
    const [, reset] = /#reset=([\w-]{43})/.exec((await server.waitForMail(fits)).text);
    const next = { token: reset, password: 'a third long secret 6' };
    expectStatus(await contract.client().post('/password/reset', next), 204);
    assert.deepEqual(await seen(left), before);
    const [letters, events] = await seen(stays);
    assert.ok(letters >= 2 && events >= 1, 'the business that they are in has both');
  });

  test('guesses from a hundred addresses keep the owner out of no known browser', async () => {
    const salon = await makeOwner();
    let verified = 0;
    for (let i = 0; i < 100; i += 1) {
      const guess = await signIn(salon.ownerEmail, `guess ${i}`, contract.client(), `203.0.113.${i}`);
      if (guess.status === 401) verified += 1;
      else expectProblem(guess, 429);
    }
    assert.ok(verified <= 25, `${verified} guesses of one account were verified`);
    const stranger = await signIn(salon.ownerEmail, PASSWORD, contract.client(), '198.51.100.9');
    expectProblem(stranger, 429);
    expectStatus(await signIn(salon.ownerEmail, PASSWORD, salon.owner, '203.0.113.5'), 200);
    const unknown = `nobody.${tag()}@owner.example`;
    const statuses = [];
    for (let i = 0; i < 25; i += 1) {
      statuses.push((await signIn(unknown, 'x', contract.client(), `192.0.2.${i}`)).status);
    }
    assert.equal(statuses.filter((status) => status === 401).length, 20, 'as if it had an account');
  });

  /** Medians of two ways of asking, taken by turns so that both meet the same machine. */
  async function medians(rounds, ways) {
    const times = ways.map(() => []);
    for (let i = 0; i < rounds; i += 1) {
      for (const [index, way] of ways.entries()) {
        const began = performance.now();
        await way(i);
        times[index].push(performance.now() - began);
      }
    }
    return times.map((each) => each.sort((a, b) => a - b)[Math.floor(rounds / 2)]);
  }

  /** Whether two ways take as long, in one of a few tries: the machine is not ours alone, and where it
   * is slow all over, a difference counts by its share. */
  async function alike(rounds, ways) {
    let seen;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      seen = await medians(rounds, ways);
      if (Math.abs(seen[0] - seen[1]) < Math.max(5, 0.15 * Math.max(...seen))) return;
    }
    assert.fail(`one takes ${seen[0].toFixed(1)} ms, the other ${seen[1].toFixed(1)} ms`);
  }

  test('neither signing in nor asking for a link takes longer where there is an account', async () => {
    // No address is asked for a link more often than it is given one.
    const rounds = 12;
    const known = [];
    for (let i = 0; i < rounds; i += 1) known.push((await makeOwner()).ownerEmail);
    let count = 0;
    const address = () => `2001:db8:${(count += 1).toString(16)}::1`;
    const emails = [(i) => known[i], () => `nobody.${tag()}@owner.example`];
    await alike(
      rounds,
      emails.map((email) => async (i) => {
        const answer = await signIn(email(i), 'not the password', contract.client(), address());
        assert.ok([401, 429].includes(answer.status), answer.text);
      }),
    );
    await alike(
      rounds,
      emails.map((email) => async (i) => {
        const headers = { 'x-forwarded-for': address() };
        const answer = await contract
          .client()
          .post('/password/forgot', { email: email(i) }, { headers });
        assert.deepEqual([answer.status, answer.text], [202, '']);
      }),
    );
  });

  test('a hundred common and leaked passwords are refused, without asking anybody', async () => {
    const file = join(ROOT, 'third_party/passwords/node_modules/zxcvbn/lib/frequency_lists.js');
    const { passwords } = createRequire(import.meta.url)(file);
    const words = (Array.isArray(passwords) ? passwords : passwords.split(',')).filter(
      (word) => word.length >= 8,
    );
    assert.ok(words.length >= 10_000);
    const step = Math.floor(words.length / 100);
    for (let i = 0; i < 100; i += 1) {
      const owner = { name: 'Olga', email: `olga.${tag()}@owner.example`, password: words[i * step] };
      const business = { name: 'Studio', timezone: 'Europe/Paris', currency: 'EUR' };
      const answer = await contract.client().post('/signup', { business, owner });
      expectInvalid(answer, ['owner.password']);
    }
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
