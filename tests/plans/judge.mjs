// SPDX-License-Identifier: AGPL-3.0-or-later
// What a plan may do with the tables that grow: reach its rows by a key that begins with the
// tenant (or is the secret that a caller shows), and read no more of them than it needs.

/** These hold what happens from day to day; every other table is bounded by the program. */
export const GROWING = [
  ...['booking', 'booking_service', 'booking_material', 'hold', 'stock_move', 'message'],
  ...['audit_event', 'client', 'idempotency', 'session', 'booking_link'],
  ...['conversation', 'conversation_message', 'conversation_word', 'conversation_read'],
  ...['feedback_link', 'rating', 'form_submission', 'form_link', 'client_term'],
  ...['client_merge', 'client_merge_row'],
  ...['stocktake', 'stocktake_line'],
];

// What every index is asked first: the tenant, a secret's hash, or the one who signed in.
const LEADING = ['workspace_id', 'token_hash', 'user_id'];

// Few rows are equal in these, however long a tenant has been in business.
const NARROW = [
  ...['id', 'booking_id', 'client_id', 'token_hash', 'user_id', 'pick_hash', 'email_key'],
  ...['entity_id', 'key', 'subject_id', 'cause_id', 'conversation_id', 'submission_id'],
  ...['merged_into', 'other_id', 'merge_id', 'message_id', 'stocktake_id'],
];

// Partial indexes of what is waiting or picked just now, or invented: as short as that is, read from end to end.
const SHORT = ['client_without_terms', 'conversation_message_without_words', 'message_due', 'message_begun', 'hold_by_pick', 'hold_by_end_of_pick', 'stocktake_open', 'client_sample'];

function faultOf(access, sorts) {
  if (SHORT.includes(access.index)) return null;
  if (access.whole) return 'reads the whole table';
  if (!LEADING.includes(access.first) || !access.equal.includes(access.first)) {
    return 'does not ask for a tenant';
  }
  if (access.equal.some((column) => NARROW.includes(column))) return null;
  if (sorts && !access.between.length) return 'puts a whole tenant in order';
  if (access.between.length) return null; // a span of time, as long as the caller asked for
  if (!access.limited) return 'reads a whole tenant';
  if (access.filtered) return 'reads a tenant for the few rows that pass a filter';
  return null;
}

/** What is wrong with a plan, one line each; empty when nothing is. */
export function faultsOf(plan) {
  const lines = plan.accesses
    .filter((access) => GROWING.includes(access.table))
    .map((access) => ({ fault: faultOf(access, plan.sorts), access }))
    .filter(({ fault }) => fault !== null)
    .map(({ fault, access }) => `${fault} (${access.table}): ${access.text}`);
  return [...new Set(lines)];
}
