/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The proof of when a page was opened, which goes back with what is sent from it. */
import { forget, recall, remember } from '../kit/store';

interface Opened {
  token: string;
  atMs: number;
}

/** Well under the day after which a token counts no more. */
const GOOD_MS = 20 * 3600 * 1000;

/**
 * The token of the first time that this tab opened the page: who reloads it with a message typed
 * already has not begun anew, and would else be taken for a program that sends within a second.
 */
export function openedToken(name: string, given: string | null): string | null {
  const kept = recall<Opened>(name);
  if (kept && Date.now() - kept.atMs < GOOD_MS) return kept.token;
  if (given) remember(name, { token: given, atMs: Date.now() } satisfies Opened);
  return given;
}

export const dropToken = (name: string): void => forget(name);
