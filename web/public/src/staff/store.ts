/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A value that parts of the page watch, and what the phone keeps while the page is closed. */
import { useEffect, useState } from 'preact/hooks';

export class Store<T> {
  #value: T;
  readonly #watchers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const watcher of this.#watchers) watcher();
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

export function useStore<T>(store: Store<T>): T {
  const [, setTurn] = useState(0);
  useEffect(() => store.watch(() => setTurn((last) => last + 1)), [store]);
  return store.value;
}

const PREFIX = 'careops.staff.';

/** What other tabs write arrives as this event's key. */
export const keyOf = (name: string): string => PREFIX + name;

/** False where the browser refuses storage: private windows, full disks. */
export function keep(name: string, value: unknown): boolean {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function kept<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(keyOf(name));
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

/** Takes away what begins so. */
export function drop(start: string): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(keyOf(start))) localStorage.removeItem(key);
    }
  } catch {
    /* Nothing was kept. */
  }
}
