// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAULTS, randomFaults, startResend } from '../resend/standin.mjs';

const EMAIL = { from: 'Shop <a@example.com>', to: ['b@example.com'], subject: 'Hi', text: 'Hello' };

async function send(resend, { key, email = EMAIL, apiKey = 're_test', timeoutMs = 2000 } = {}) {
  const response = await fetch(`${resend.url}/emails`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(email),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Some faults answer without JSON on purpose.
  }
  return { status: response.status, headers: response.headers, body, size: text.length };
}

async function start(t, options = {}) {
  const resend = await startResend({ ratePerSecond: 1000, ...options });
  t.after(() => resend.stop());
  return resend;
}

test('the same key and body give the same id and one e-mail', async (t) => {
  const resend = await start(t);
  const first = await send(resend, { key: 'k' });
  const second = await send(resend, { key: 'k' });
  assert.equal(first.status, 200);
  assert.equal(second.body.id, first.body.id);
  assert.equal(resend.accepted.length, 1);
  assert.deepEqual(resend.accepted[0].email, EMAIL);
});

test('the same key with another body is 409 invalid_idempotent_request', async (t) => {
  const resend = await start(t);
  await send(resend, { key: 'k' });
  const other = await send(resend, { key: 'k', email: { ...EMAIL, text: 'Other' } });
  assert.equal(other.status, 409);
  assert.equal(other.body.name, 'invalid_idempotent_request');
  assert.equal(resend.accepted.length, 1);
});

test('the same key while the first call runs is 409 concurrent_idempotent_requests', async (t) => {
  const resend = await start(t, { faults: ['busy', 'ok'] });
  const [first, second] = await Promise.all([send(resend, { key: 'k' }), send(resend, { key: 'k' })]);
  const late = [first, second].find((one) => one.status === 409);
  assert.equal(late?.body.name, 'concurrent_idempotent_requests');
  assert.equal(resend.accepted.length, 1);
  assert.equal((await send(resend, { key: 'k' })).status, 200);
});

test('a key is forgotten after 24 hours and not before', async (t) => {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const resend = await start(t, { now: () => nowMs });
  await send(resend, { key: 'k' });
  nowMs += 24 * 3600 * 1000 - 1;
  await send(resend, { key: 'k' });
  assert.equal(resend.accepted.length, 1);
  nowMs += 1;
  await send(resend, { key: 'k' });
  assert.equal(resend.accepted.length, 2);
});

test('the third call of a second is 429 with the headers, and the next second is free', async (t) => {
  let nowMs = 0;
  const resend = await start(t, { ratePerSecond: 2, now: () => nowMs });
  nowMs = 5000;
  assert.equal((await send(resend)).headers.get('ratelimit-remaining'), '1');
  await send(resend);
  const third = await send(resend);
  assert.equal(third.status, 429);
  assert.equal(third.body.name, 'rate_limit_exceeded');
  assert.equal(third.headers.get('retry-after'), '1');
  assert.equal(third.headers.get('ratelimit-limit'), '2');
  nowMs = 6000;
  assert.equal((await send(resend)).status, 200);
});

test('a wrong key, a missing field and a bad address are refused by name', async (t) => {
  const resend = await start(t);
  assert.equal((await send(resend, { apiKey: 'no' })).body.name, 'invalid_api_key');
  const { subject, ...withoutSubject } = EMAIL;
  assert.equal((await send(resend, { email: withoutSubject })).body.name, 'missing_required_field');
  const hostile = { ...EMAIL, to: ['b@example.com\r\nBcc: c@example.com'] };
  assert.equal((await send(resend, { email: hostile })).body.name, 'validation_error');
  assert.equal((await send(resend, { key: 'k'.repeat(257) })).body.name, 'invalid_idempotency_key');
  assert.equal(resend.accepted.length, 0, `nothing is sent without ${subject}`);
});

test('faults before acceptance send nothing, faults after it send once', async (t) => {
  const resend = await start(t);
  const outcomes = {
    'refuse-429': 429,
    'refuse-429-bare': 429,
    quota: 429,
    'refuse-500': 500,
    'refuse-502': 502,
    'refuse-503': 503,
    reset: 'lost',
    redirect: 302,
    'accept-then-502': 502,
    'accept-then-reset': 'lost',
    'accept-then-hang': 'lost',
    'accept-garbage': 200,
    'accept-huge': 200,
    'accept-slow': 200,
  };
  for (const [fault, expected] of Object.entries(outcomes)) {
    resend.faults.push(fault);
    const before = resend.accepted.length;
    const seen = await send(resend, { key: fault }).then((r) => r.status, () => 'lost');
    assert.equal(seen, expected, fault);
    assert.equal(resend.accepted.length - before, fault.startsWith('accept') ? 1 : 0, fault);
    assert.equal((await send(resend, { key: fault })).status, 200, `${fault}, tried again`);
    assert.equal(resend.accepted.length - before, 1, `${fault}, tried again`);
  }
});

test('random faults come in the asked share and repeat for their seed', () => {
  const draw = (seed) => Array.from({ length: 2000 }, randomFaults(30, seed));
  const faults = draw(7).filter((fault) => fault !== 'ok').length;
  assert.ok(faults > 500 && faults < 700, `${faults} of 2000`);
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.ok(draw(7).every((fault) => FAULTS.includes(fault)));
});
