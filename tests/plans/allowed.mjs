// SPDX-License-Identifier: AGPL-3.0-or-later
// Statements whose plan may do what judge.mjs refuses, and why. Each is named by its file and by
// words that stand in it alone; `faults` are the beginnings of what is then let pass. An entry that
// nothing needs any more fails the test, so what is mended has to leave the list.

const WALKS = ['reads a tenant for the few rows', 'puts a whole tenant in order'];

const ON_PURPOSE = [
  {
    file: 'app/janitor.c',
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
    file: 'demo/demo.c',
    words: 'UPDATE message SET status',
    faults: ['reads the whole table', 'reads a whole tenant'],
    why: 'Runs once for a business that the demo has just made.',
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
];

const HOLD_WHY =
  'SQLite knows nothing of the sizes of hold and its indexes, and prefers the clustered key. Give' +
  ' sqlite_stat1 the rows of hold in the migration.';

const TO_BE_MENDED = [
  {
    file: 'diary/as_booked.c',
    words: 'FROM hold h WHERE h.workspace_id = $1 AND h.booking_id = $2',
    faults: ['puts a whole tenant in order'],
    why: HOLD_WHY,
  },
  {
    file: 'diary/booking.c',
    words: 'DELETE FROM hold WHERE workspace_id = $1 AND booking_id = $2',
    faults: ['reads a whole tenant'],
    why: HOLD_WHY,
  },
  {
    file: 'diary/booking_states.c',
    words: 'UPDATE hold SET active = ',
    faults: ['reads a whole tenant'],
    why: HOLD_WHY,
  },
  {
    file: 'diary/pick.c',
    words: 'DELETE FROM hold WHERE workspace_id = $1 AND pick_hash',
    faults: ['reads a whole tenant'],
    why: HOLD_WHY,
  },
  {
    file: 'diary/pick.c',
    words: 'COUNT(DISTINCT pick_hash)',
    faults: ['reads a whole tenant', 'puts a whole tenant in order'],
    why: HOLD_WHY,
  },
  {
    file: 'http/idempotency.c',
    words: 'ORDER BY created_s LIMIT $2',
    faults: ['reads the whole table'],
    why: 'PostgreSQL takes an unknown LIMIT for a tenth of the table. Write the number down.',
  },
  {
    file: 'audit/audit.c',
    words: '($4 = -1 OR entity_id = $4)',
    faults: WALKS,
    why: 'One statement for every filter has one plan. Ask by entity, by actor and by time apart.',
  },
  {
    file: 'message/message_routes.c',
    words: '($5 = 0 OR booking_id = $6)',
    faults: WALKS,
    why: 'The same: ask by booking, by status and by kind apart.',
  },
];

export const ALLOWED = [...ON_PURPOSE, ...TO_BE_MENDED];
