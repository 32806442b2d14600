/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A failure in words that say what to do next. */
import { words } from '../words/kit';
import { Refusal } from './refusal';

export function problemText(error: unknown): string {
  if (!(error instanceof Refusal)) return words.trouble;
  if (error.status === 0) return words.unreachable;
  if (error.status === 412) return words.stale;
  if (error.status === 429) return words.tooMany;
  if (error.status >= 500) return words.trouble;
  const [first] = error.faults;
  return error.detail || first?.message || (error.status === 403 ? words.forbidden : words.trouble);
}
