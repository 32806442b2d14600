// SPDX-License-Identifier: AGPL-3.0-or-later
// How often may be asked: guesses at passwords, always, and the public routes for each address.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { PASSWORD } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract, tag } from './contract_check.mjs';

describe('limits', () => {
  let server;
  let contract;
  let guessed; // an account whose password was guessed at when the file began
  let guesses;
  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
    guessed = await signUp();
    guesses = await guessAt(guessed.email);
  });

  async function signUp() {
    const owner = { name: 'Olga', email: `olga.${tag()}@owner.example`, password: PASSWORD };
    const business = { name: 'Studio', timezone: 'Europe/Paris', currency: 'EUR' };
    const client = contract.client();
    expectStatus(await client.post('/signup', { business, owner }), 201);
    return Object.assign(client, { email: owner.email });
  }

  const signIn = (email, password) => contract.client().post('/session', { email, password });

  /** Guesses until the guesses are throttled, at most 50 times. */
  async function guessAt(email) {
    const answers = [];
    for (let i = 0; i < 50; i += 1) {
      answers.push(await signIn(email, `guess number ${i}`));
      if (answers.at(-1).status !== 401) break;
    }
    return { answers, at: performance.now() };
  }

  test('guesses at one password are throttled though the limiter is off, and Retry-After is said', () => {
    const last = guesses.answers.at(-1);
    expectProblem(last, 429);
    assert.match(last.headers.get('retry-after'), /^[1-9]\d*$/);
    assert.ok(guesses.answers.slice(0, -1).every(({ status }) => status === 401));
    assert.ok(guesses.answers.length >= 4, 'a person may mistype a few times');
  });

  test('an account that does not exist is throttled like one that does', async () => {
    const { answers } = await guessAt(`nobody.${tag()}@nobody.example`);
    assert.equal(answers.length, guesses.answers.length);
    assert.equal(answers.at(-1).status, 429);
  });

  test('a throttled account does not keep others out, nor a session that is open', async () => {
    const open = await signUp();
    await guessAt(open.email);
    expectProblem(await signIn(open.email, PASSWORD), 429);
    expectStatus(await open.get('/workspace'), 200);
    const other = await signUp();
    expectStatus(await signIn(other.email, PASSWORD), 200);
  });

  test('public routes are limited per address, and behind a trusted proxy each visitor is their own', async (t) => {
    const env = { CAREOPS_RATE_LIMIT: 'on', CAREOPS_TRUSTED_PROXIES: '127.0.0.1/32' };
    const limited = await startServer(t, { env });
    const client = new Client(limited.baseUrl);
    const from = (address) => ({ headers: { 'x-forwarded-for': address } });
    const until429 = async (address, ask, most) => {
      for (let i = 0; i < most; i += 1) {
        const answer = await ask(from(address), i);
        if (answer.status === 429) return answer;
      }
      return null;
    };
    const look = (options) => client.get('/public/nobody-here', options);
    const sign = (options) => client.post('/signup', { business: {} }, options);
    for (const ask of [look, sign]) {
      const answer = await until429('203.0.113.7', ask, 2000);
      assert.ok(answer, 'it is limited');
      expectProblem(answer, 429);
      assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
      assert.notEqual((await ask(from('203.0.113.8'))).status, 429, 'another visitor is not');
      // A few, since a slow test lets one more through; a new visitor may ask twenty times and more.
      const spoofed = await until429('203.0.113.99, 203.0.113.7', ask, 5);
      assert.ok(spoofed, 'what the visitor wrote before the proxy does not count');
    }
    assert.equal((await client.get('/healthz')).status, 200);
  });

  test('without a trusted proxy X-Forwarded-For opens no second door', async (t) => {
    const limited = await startServer(t, { env: { CAREOPS_RATE_LIMIT: 'on' } });
    const client = new Client(limited.baseUrl);
    let last;
    for (let i = 0; i < 2000; i += 1) {
      last = await client.post(
        '/signup',
        {},
        { headers: { 'x-forwarded-for': `198.51.100.${i % 250}` } },
      );
      if (last.status === 429) break;
    }
    expectProblem(last, 429);
  });

  test('when Retry-After is over the right password is taken again', async () => {
    const { answers, at } = guesses;
    const wait = Number(answers.at(-1).headers.get('retry-after')) * 1000;
    assert.ok(wait <= 60_000, 'the owner waits a minute at most');
    await sleep(Math.max(0, at + wait - performance.now() + 1000));
    expectStatus(await signIn(guessed.email, PASSWORD), 200);
  });

  test('every answer in this file was as the OpenAPI document describes it', () => {
    assert.deepEqual(contract.deviations(), []);
  });
});
