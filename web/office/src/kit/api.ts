/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The one way to call the API, typed by the program's own description. `ask` turns an answer into
 * its value or throws a Refusal; whoever has no session any more is led to the sign-in.
 */
import createClient from 'openapi-fetch';
import type { paths } from '../../../api';
import { pageLanguage } from '../words/choose';
import { type FieldFault, Refusal } from './refusal';

const DEADLINE_MS = 15_000;
/** How long a refusal waits for its words. */
const WORDS_MS = 4000;

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
  throw await refusalOf(error, response.status);
}

/** For an answer that holds sentences of the server (`why`, `detail`, `last_error`), which speaks English. */
export async function askTold<T>(call: Promise<Answer<T>>): Promise<T> {
  const [answer, words] = await Promise.all([ask(call), translation()]);
  return words ? words.retellIn(answer) : answer;
}

/** Polish for the server's sentences: a chunk of its own. Where it does not come, they stay as they are. */
async function translation(): Promise<typeof import('../words/retell') | null> {
  if (pageLanguage() !== 'pl') return null;
  const late = new Promise<null>((done) => void setTimeout(done, WORDS_MS, null));
  return Promise.race([import('../words/retell').catch(() => null), late]);
}

/** A proxy in front may answer with a page of its own: then the status is all there is. */
async function refusalOf(error: unknown, status: number): Promise<Refusal> {
  const told = error && typeof error === 'object' ? (error as Record<string, unknown>) : {};
  const text = (name: string): string => (typeof told[name] === 'string' ? told[name] : '');
  const faults = Array.isArray(told['errors']) ? (told['errors'] as FieldFault[]) : [];
  const [code, detail] = [text('code'), text('detail')];
  const words = await translation();
  if (!words) return new Refusal(status, code, detail, faults, told);
  const polish = faults.map(({ path, code: of, message }) => ({ path, code: of, message: words.retell(message, of) }));
  return new Refusal(status, code, words.retell(detail, code), polish, words.retellIn(told));
}

/** For a change that must happen once, however often it is sent. */
export const newKey = (): string => crypto.randomUUID();

/** The version that a change was made on: a newer one on the server refuses it (412). */
export const ifMatch = (version: number): string => `"${version}"`;
