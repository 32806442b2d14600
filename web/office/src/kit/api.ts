/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The one way to call the API, typed by the program's own description. `ask` turns an answer into
 * its value or throws a Refusal; whoever has no session any more is led to the sign-in.
 */
import createClient from 'openapi-fetch';
import type { paths } from '../../../api';
import { type FieldFault, Refusal } from './refusal';

const DEADLINE_MS = 15_000;

export const api = createClient<paths>({ baseUrl: location.origin, cache: 'no-store' });

api.use({
  onRequest({ request }) {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    return new Request(request, { signal: AbortSignal.any([request.signal, deadline]) });
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refusal(0, 'unreachable', '', [], {});
  }
  const { data, error, response } = answer;
  if (response.ok) return data as T;
  if (response.status === 401) location.replace('/login');
  throw refusalOf(error, response.status);
}

/** A proxy in front may answer with a page of its own: then the status is all there is. */
function refusalOf(error: unknown, status: number): Refusal {
  const told = error && typeof error === 'object' ? (error as Record<string, unknown>) : {};
  const text = (name: string): string => (typeof told[name] === 'string' ? told[name] : '');
  const faults = Array.isArray(told['errors']) ? (told['errors'] as FieldFault[]) : [];
  return new Refusal(status, text('code'), text('detail'), faults, told);
}

/** For a change that must happen once, however often it is sent. */
export const newKey = (): string => crypto.randomUUID();

/** The version that a change was made on: a newer one on the server refuses it (412). */
export const ifMatch = (version: number): string => `"${version}"`;
