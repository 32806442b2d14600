// SPDX-License-Identifier: AGPL-3.0-or-later
// Statements whose plan may do what judge.mjs refuses, and why. Each is named by its file and by
// words that stand in it alone; `faults` are the beginnings of what is then let pass. An entry that
// nothing needs any more fails the test, so what is mended has to leave the list.

const WALKS = ['reads a tenant for the few rows', 'puts a whole tenant in order'];

const ON_PURPOSE = [
  {
    file: 'privacy/erase_steps.c',
    words: "'owner_daily_digest'",
    faults: ['reads a whole tenant'],
    why: 'An erasure, which is rare, empties every digest of the business: one a day and owner.',
  },
  {
    file: 'privacy/erase_steps.c',
    words: 'DELETE FROM idempotency',
    faults: ['reads a whole tenant'],
    why: 'The records of one day, by an erasure: of the business, or of public routes by their text.',
  },
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
    file: 'form/ask.c',
    words: 'draft_s < $1 ORDER BY draft_s',
    faults: ['does not ask for a tenant', 'reads the whole table'],
    why: 'The janitor again: drafts of whatever business, the oldest first.',
  },
  {
    file: 'form/form.c',
    words: 'AND form_revision = $3',
    faults: ['reads a whole tenant'],
    why: "Once, when an owner takes a form's link away: those of it that wait, which are of visits to come.",
  },
  {
    file: 'robot/digest_words.c',
    words: 'AND sample = 1) LIMIT $3) AS a',
    faults: ['reads a tenant for the few rows'],
    why: "All rows but a dozen pass: what does not is an invented client's.",
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
    file: 'client/client.c',
    words: 'c.workspace_id = $1 AND c.email_key = $2',
    faults: ['does not ask for a tenant'],
    why: 'The same two columns lead two indexes in either order: one row, whichever is taken.',
  },
  {
    file: 'mailin/take.c',
    words: 'FROM client WHERE email_key = $1 LIMIT 2',
    faults: ['does not ask for a tenant'],
    why: 'A mail without a token: whose client is the sender? Two rows of an index say all.',
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
    file: 'client/search.c',
    words: 't.term = $4',
    faults: ['reads a tenant for the few rows that pass a filter'],
    why: 'Leads only where it has fewer than any other condition, or where all have more than a page.',
  },
  {
    file: 'client/search.c',
    words: 'SELECT DISTINCT t.client_id',
    faults: ['puts a whole tenant in order'],
    why: 'A span of terms that search.c has counted before: at most a thousand, else it does not lead.',
  },
  {
    file: 'client/duplicates.c',
    words: 'term = $2 ORDER BY client_id DESC LIMIT $3',
    faults: ['puts a whole tenant in order'],
    why: 'At most twenty-one rows, which the inner LIMIT has picked in the order of the key.',
  },
  {
    file: 'message/message_routes.c',
    words: "AND status = $2 AND id < $3 AND ($4 = '' OR kind = $4)",
    faults: ['reads a tenant for the few rows'],
    why: 'Of one state and one kind at once: the state has its index, the kind is looked at row by row.',
  },
  {
    file: 'inbox/list.c',
    words: 'b.staff_id = $3 LIMIT 1) IS NOT NULL) AND c.folder = $4',
    faults: ['reads a tenant for the few rows'],
    why: "A member's own conversations, from the newest on until the page is full: each is asked for a visit with them.",
  },
];

export const ALLOWED = ON_PURPOSE;
