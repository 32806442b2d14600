/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What a tab remembers over a reload. A browser may refuse storage (private windows, full disks);
 * then nothing is remembered and everything else goes on.
 */

const PREFIX = 'careops.';

export function remember(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    /* Not remembered: the page works without. */
  }
}

export function recall<T>(name: string): T | null {
  try {
    const text = sessionStorage.getItem(PREFIX + name);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function forget(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    /* Nothing was remembered. */
  }
}
