/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the frame itself has open over the screen, one at a time. */
import { useSyncExternalStore } from 'react';

export type Overlay = 'palette' | 'keys' | 'more';

let shown: Overlay | null = null;
const watchers = new Set<() => void>();

export function show(next: Overlay | null): void {
  shown = next;
  for (const watcher of watchers) watcher();
}

export const isShown = (overlay: Overlay): boolean => shown === overlay;
export const hide = (): void => show(null);

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const useOverlay = (): Overlay | null => useSyncExternalStore(watch, () => shown);
