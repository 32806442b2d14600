// SPDX-License-Identifier: AGPL-3.0-or-later
// Statements whose plan may do what judge.mjs refuses, and why. Each is named by its file and by
// words that stand in it alone; `faults` are the beginnings of what is then let pass. An entry that
// nothing needs any more fails the test, so what is mended has to leave the list.

const WALKS = ['reads a tenant for the few rows', 'puts a whole tenant in order'];

const ON_PURPOSE = [
  {
    file: 'account/sweep.c',
    words: 'FROM session WHERE expires_s < $1',
    faults: ['does not ask for a tenant'],
    why: 'The janitor sweeps every tenant, oldest first, a bounded number of rows at a time.',
  },
  {
    file: 'http/idempotency.c',
    words: 'FROM idempotency WHERE created_s <= $1',
    faults: ['does not ask for a tenant'],
    why: 'The janitor again.',
  },
  {
    file: 'diary/pick.c',
    words: 'expires_s <= $1 ORDER BY expires_s',
    faults: ['puts a whole tenant in order'],
    why: 'The janitor again, whose transaction is open to all tenants: never narrowed to one.',
  },
  {
    file: 'demo/demo.c',
    words: 'UPDATE message SET status',
    faults: ['reads the whole table', 'reads a whole tenant'],
    why: 'Runs once for a business that the demo has just made.',
  },
  {
    file: 'message/delivery.c',
    words: 'WHERE provider_id = $1',
    faults: ['does not ask for a tenant'],
    why: "A provider's report names a message by the provider's id, which is unique, and not whose.",
  },
  {
    file: 'live/feed.c',
    words: 'seq >= $1 AND (seq > $1 OR id > $2)',
    faults: ['does not ask for a tenant'],
    why: 'One reader for whoever listens in whatever business: only what is new, in order.',
  },
  {
    file: 'live/feed.c',
    words: 'MAX(seq)',
    faults: ['does not ask for a tenant'],
    why: 'Where that order ends just now: the last entry of its index.',
  },
  {
    file: 'live/feed.c',
    words: 'seq < $5 OR (seq = $5 AND id <= $6)',
    faults: WALKS,
    why: 'From ten minutes before a place on, of which few rows are behind it: what was missed.',
  },
  {
    file: 'team/change.c',
    words: 'b.start_s > $3',
    faults: WALKS,
    why: "One person's visits that are still to come, which max_advance_days bounds.",
  },
  {
    file: 'client/client.c',
    words: 'lower(name) LIKE lower($4)',
    faults: WALKS,
    why: 'A part of a name or number is looked for client by client, newest first.',
  },
  {
    file: 'message/message_routes.c',
    words: "AND status = $2 AND id < $3 AND ($4 = '' OR kind = $4)",
    faults: ['reads a tenant for the few rows'],
    why: 'Of one state and one kind at once: the state has its index, the kind is looked at row by row.',
  },
];

export const ALLOWED = ON_PURPOSE;
