/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { call, fieldErrors, isFinal } from '../src/kit/api';
import { newKey, nextAttempt } from '../src/kit/attempt';
import type { Problem } from '../src/kit/contract';

function answer(body: string, init: ResponseInit): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, init)));
}

const problem = (status: number, errors: Problem['errors'] = []): Problem => ({
  status,
  code: '',
  title: '',
  detail: '',
  errors,
  nearest: [],
  checks: [],
  newer: [],
  gates: [],
  retryAfterSeconds: null,
});

afterEach(() => vi.unstubAllGlobals());

describe('a call', () => {
  it('ends in the value that the server answered', async () => {
    answer('{"id":"1"}', { status: 201 });
    expect(await call('POST', '/x', { body: {} })).toEqual({ kind: 'ok', value: { id: '1' } });
  });

  it('ends in null where the server answers without a body', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 204 })));
    expect(await call('DELETE', '/session')).toEqual({ kind: 'ok', value: null });
  });

  it('ends in a problem even when a proxy answers with a page', async () => {
    answer('<h1>Bad gateway</h1>', { status: 502 });
    const told = await call('GET', '/x');
    expect(told).toMatchObject({ kind: 'problem', problem: { status: 502, errors: [] } });
  });

  it('tells how long to wait', async () => {
    answer('{}', { status: 429, headers: { 'Retry-After': '7' } });
    expect(await call('GET', '/x')).toMatchObject({ problem: { retryAfterSeconds: 7 } });
  });

  it('ends in unreachable when no answer comes', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    expect(await call('GET', '/x')).toEqual({ kind: 'unreachable' });
  });

  it('sends the key and the type of what it sends', async () => {
    const sent = vi.fn((_url: string, _init: RequestInit) =>
      Promise.resolve(new Response('{}', { status: 201 })),
    );
    vi.stubGlobal('fetch', sent);
    await call('POST', '/x', { body: { a: 1 }, idempotencyKey: 'k' });
    expect(sent.mock.calls[0]?.[0]).toBe('/api/v1/x');
    expect(sent.mock.calls[0]?.[1]).toMatchObject({
      body: '{"a":1}',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'k' },
    });
  });
});

describe('a problem', () => {
  it('is final unless the server may have failed half-way or asks to wait', () => {
    expect([409, 422, 404].every((status) => isFinal(problem(status)))).toBe(true);
    expect([429, 500, 503].some((status) => isFinal(problem(status)))).toBe(false);
  });

  it('gives each field its first error, in either way of writing a path', () => {
    const errors = [
      { path: 'client.email', code: 'format', message: 'first' },
      { path: '/client/email', code: 'format', message: 'second' },
      { path: '/client/name', code: 'required', message: 'name' },
    ];
    expect(fieldErrors(problem(422, errors))).toEqual({ email: 'first', name: 'name' });
  });
});

describe('an attempt', () => {
  it('keeps its key for the same filling and takes a new one for another', () => {
    const first = nextAttempt(null, '{"a":1}');
    expect(nextAttempt(first, '{"a":1}').key).toBe(first.key);
    expect(nextAttempt(first, '{"a":2}').key).not.toBe(first.key);
  });

  it('goes with the hold of its first try, since the same key means the same body', () => {
    const first = nextAttempt(null, '{"a":1}', 'one');
    expect(nextAttempt(first, '{"a":1}', 'two').token).toBe('one');
    expect(nextAttempt(first, '{"a":2}', 'two').token).toBe('two');
  });

  it('has a key that the API takes, and never the same twice', () => {
    const keys = new Set(Array.from({ length: 100 }, newKey));
    expect(keys.size).toBe(100);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });
});
