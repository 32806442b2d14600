/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * One way to call the API. A call never throws: it ends in the value, in the problem that the server
 * described, or in `unreachable` when no answer came in time. After `unreachable` nobody knows
 * whether a change happened, so a caller that changes something repeats it with the same key.
 */
import type { Problem } from './contract';

export type Answer<T> =
  { kind: 'ok'; value: T } | { kind: 'problem'; problem: Problem } | { kind: 'unreachable' };

export interface CallOptions {
  body?: unknown;
  idempotencyKey?: string;
  /** The version that the change was made on: a newer one on the server refuses it (412). */
  version?: number;
  signal?: AbortSignal;
  /** Goes on when the page is left; for small bodies. */
  keepalive?: boolean;
}

const DEADLINE_MS = 15_000;

export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`;

  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const init: RequestInit = {
    method,
    headers,
    cache: 'no-store',
    /* Giving something back goes on when the page is left, too. */
    keepalive: method === 'DELETE' || options.keepalive === true,
    signal: options.signal ? AbortSignal.any([deadline, options.signal]) : deadline,
  };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);

  try {
    const response = await fetch(`/api/v1${path}`, init);
    if (response.ok) {
      const text = await response.text();
      return { kind: 'ok', value: (text ? JSON.parse(text) : null) as T };
    }
    return { kind: 'problem', problem: await readProblem(response) };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** A proxy in front may answer with a page of its own: then the status is all there is. */
async function readProblem(response: Response): Promise<Problem> {
  let told: Partial<Problem> = {};
  try {
    const body: unknown = await response.json();
    if (body && typeof body === 'object') told = body;
  } catch {
    told = {};
  }
  const wait = Number(response.headers.get('Retry-After') ?? '');
  return {
    status: response.status,
    code: told.code ?? '',
    title: told.title ?? '',
    detail: told.detail ?? '',
    errors: told.errors ?? [],
    nearest: told.nearest ?? [],
    checks: told.checks ?? [],
    newer: told.newer ?? [],
    gates: told.gates ?? [],
    retryAfterSeconds: wait > 0 ? wait : null,
  };
}

/** True when the server surely did nothing lasting, so that the next try is a new attempt. */
export function isFinal(problem: Problem): boolean {
  return problem.status < 500 && problem.status !== 429;
}

/** True when nobody needs to ask again whether a change has happened. */
export const isSettled = (answer: Answer<unknown>): boolean =>
  answer.kind === 'ok' || (answer.kind === 'problem' && isFinal(answer.problem));

/** Server paths are `client.email` or `/client/email`; a form knows its field by the last part. */
export function fieldErrors(problem: Problem): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { path, message } of problem.errors) {
    const name = path.split(/[./]/).pop();
    if (name && !(name in found)) found[name] = message;
  }
  return found;
}
