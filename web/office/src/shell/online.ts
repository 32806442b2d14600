/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Whether the server can be reached, as far as is known. */
import { useSyncExternalStore } from 'react';

let online = true;
const watchers = new Set<() => void>();

export function setOnline(now: boolean): void {
  if (now === online) return;
  online = now;
  for (const watcher of watchers) watcher();
}

addEventListener('offline', () => setOnline(false));
addEventListener('online', () => setOnline(true));

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const useOnline = (): boolean => useSyncExternalStore(watch, () => online);
