/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The idempotency key of one filled form. The same filling keeps its key over retries and reloads,
 * so that a lost answer cannot book twice; a changed filling is a new attempt with a new key. Once
 * the server has answered for good, `settle` drops the key. The token of the first try's hold goes with
 * every other, since the same key means the same body.
 */
import { forget, recall, remember } from './store';

export interface Attempt {
  filling: string;
  key: string;
  token: string | null;
}

export function nextAttempt(
  last: Attempt | null,
  filling: string,
  token: string | null = null,
): Attempt {
  return last?.filling === filling ? last : { filling, key: newKey(), token };
}

/** Not crypto.randomUUID, which browsers withhold on plain http in a shop's own network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Attempts {
  readonly #name: string | null;
  #last: Attempt | null;

  /** Without a name nothing is kept in the tab's memory: for fillings with a password in them. */
  constructor(name: string | null) {
    this.#name = name && `attempt.${name}`;
    this.#last = this.#name ? recall<Attempt>(this.#name) : null;
  }

  /** Whether something was sent whose outcome nobody knows yet. */
  get isOpen(): boolean {
    return this.#last !== null;
  }

  attemptFor(body: unknown, token: string | null): Attempt {
    this.#last = nextAttempt(this.#last, JSON.stringify(body), token);
    if (this.#name) remember(this.#name, this.#last);
    return this.#last;
  }

  keyFor(body: unknown): string {
    return this.attemptFor(body, null).key;
  }

  settle(): void {
    this.#last = null;
    if (this.#name) forget(this.#name);
  }
}
