// SPDX-License-Identifier: AGPL-3.0-or-later
// One row changed by hand, past every guard, for each check of `careops audit`: what has to be found
// and by which check alone.
//
//   { check, what, sql }          the same statement on both engines, or { sqlite, postgres }
//   off                           guards that would refuse it, by engine. A trigger is put back as it was,
//                                 and so is PostgreSQL's exclusion (which then does not know of the row);
//                                 a unique index cannot be, so that `guards` finds it missing, too
//
//   await damage(copy, one)       → the checks that must find something

import { sql } from '../lib/contents.mjs';

const FIRST = (table, where = '1 = 1', column = 'id') =>
  `(SELECT x.${column} FROM ${table} x WHERE ${where} ORDER BY x.${column} LIMIT 1)`;
const IN_STATE = (...states) =>
  `x.booking_id IN (SELECT id FROM booking WHERE status IN (${states.map((s) => `'${s}'`).join(', ')}))`;
const OPEN = IN_STATE('pending', 'confirmed');
const MOVES = { sqlite: ['trigger stock_move_no_update'] };
const EVENTS = { sqlite: ['trigger audit_event_no_delete'] };

export const DAMAGES = [
  {
    check: 'intact',
    what: 'an index that does not know of a row',
    off: { sqlite: ['hide index time_off_to_come'] },
    sqlite: 'UPDATE time_off SET end_s = end_s + 60',
    postgres: "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'time_off_to_come'::regclass",
  },
  {
    check: 'guards',
    what: 'no refusal of overlap',
    sqlite: 'DROP TRIGGER hold_insert',
    postgres: 'ALTER TABLE hold DROP CONSTRAINT hold_no_overlap',
  },
  { check: 'guards', what: 'an index gone', sql: 'DROP INDEX message_once' },
  {
    check: 'guards',
    what: 'a trigger of nobody’s, or a table open to every tenant',
    sqlite: 'CREATE TRIGGER mine AFTER INSERT ON booking BEGIN SELECT 1; END',
    postgres: 'ALTER TABLE booking NO FORCE ROW LEVEL SECURITY',
  },
  {
    check: 'businesses',
    what: 'a row of a business that is none',
    sql: "INSERT INTO closure (workspace_id, from_day, to_day, reason) VALUES (5, 1, 2, '')",
  },
  {
    check: 'references',
    what: 'a link to a booking that is not there',
    sql: `UPDATE booking_link SET booking_id = 7 WHERE token_hash = ${FIRST('booking_link', '1 = 1', 'token_hash')}`,
  },
  {
    check: 'references',
    what: 'a conversation with a client of another business',
    sql: `UPDATE conversation SET client_id = (SELECT MAX(c.id) FROM client c WHERE c.workspace_id <> conversation.workspace_id) WHERE id = ${FIRST('conversation')}`,
  },
  {
    check: 'references',
    what: 'a session of nobody',
    sql: `UPDATE session SET user_id = 7 WHERE token_hash = ${FIRST('session', '1 = 1', 'token_hash')}`,
  },
  {
    check: 'team',
    what: 'a member who is a room',
    sql: `UPDATE resource SET kind = 'room' WHERE id = ${FIRST('staff', "x.role = 'staff'")}`,
  },
  {
    check: 'team',
    what: 'a business without an owner',
    sql: `UPDATE resource SET active = 0 WHERE id = ${FIRST('staff', "x.role = 'owner'")}`,
  },
  {
    check: 'overlap',
    what: 'a pick within the buffer behind a visit',
    off: { sqlite: ['trigger hold_insert'], postgres: ['exclusion hold_no_overlap'] },
    sql:
      'INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, pick_hash, pick_from, expires_s, active)' +
      " SELECT h.workspace_id, h.resource_id, h.end_s - 60, 1, h.end_s + 60, 'x', 'y', 4102444800, 1 FROM hold h" +
      ` WHERE h.id = ${FIRST('hold', `${OPEN} AND x.active = 1 AND x.end_s > (SELECT b.end_s FROM booking b WHERE b.id = x.booking_id)`)}`,
  },
  {
    check: 'overlap',
    what: 'a pick within the buffer before a visit',
    off: { sqlite: ['trigger hold_insert'], postgres: ['exclusion hold_no_overlap'] },
    sql:
      'INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, pick_hash, pick_from, expires_s, active)' +
      " SELECT h.workspace_id, h.resource_id, h.start_s - 60, 1, h.start_s + 60, 'x', 'y', 4102444800, 1 FROM hold h" +
      ` WHERE h.id = ${FIRST('hold', `${OPEN} AND x.active = 1 AND x.start_s < (SELECT b.start_s FROM booking b WHERE b.id = x.booking_id)`)}`,
  },
  {
    check: 'holds_active',
    what: 'a visit to come that does not hold its time',
    sql: `UPDATE hold SET active = 0 WHERE id = ${FIRST('hold', `x.active = 1 AND ${OPEN}`)}`,
  },
  {
    check: 'holds_active',
    what: 'a cancelled visit that blocks its time',
    off: { sqlite: ['trigger hold_update'], postgres: ['exclusion hold_no_overlap'] },
    sql: `UPDATE hold SET active = 1 WHERE id = ${FIRST('hold', IN_STATE('cancelled'))}`,
  },
  {
    check: 'visit_held',
    what: 'a buffer that is not held',
    sql: `UPDATE hold SET end_s = end_s - 60 WHERE id = ${FIRST('hold', `${OPEN} AND x.end_s > (SELECT b.end_s FROM booking b WHERE b.id = x.booking_id)`)}`,
  },
  {
    check: 'visit_services',
    what: 'a service that takes longer than its visit',
    sql: `UPDATE booking_service SET duration_min = duration_min + 5 WHERE position = 0 AND booking_id = ${FIRST('booking')}`,
  },
  {
    check: 'booking_state',
    what: 'a cancelled visit that began',
    sql: `UPDATE booking SET started_s = start_s WHERE id = ${FIRST('booking', "x.status = 'cancelled'")}`,
  },
  {
    check: 'undo_points',
    what: 'an undo of a change that was not',
    sql: `UPDATE booking_undo SET version = version + 1000 WHERE booking_id = ${FIRST('booking_undo', '1 = 1', 'booking_id')}`,
  },
  {
    check: 'ledger_prefix',
    what: 'a movement that says another sum',
    off: MOVES,
    sql: `UPDATE stock_move SET on_hand_after = on_hand_after + 1000 WHERE id = ${FIRST('stock_move', "x.kind = 'waste'")}`,
  },
  {
    check: 'ledger_sums',
    what: 'an item with more than it has',
    sql: `UPDATE item SET on_hand = on_hand + 1 WHERE id = ${FIRST('item', 'x.low = 0')}`,
  },
  {
    check: 'ledger_sums',
    what: 'an item with more reserved than is',
    sql: `UPDATE item SET reserved = reserved + 1 WHERE id = ${FIRST('item', 'x.low = 0')}`,
  },
  { check: 'low_stock', what: 'a mark that is wrong', sql: `UPDATE item SET low = 1 - low WHERE id = ${FIRST('item')}` },
  {
    check: 'move_causes',
    what: 'a movement by hand that names something else',
    off: MOVES,
    sql: `UPDATE stock_move SET cause_id = cause_id + 1 WHERE id = ${FIRST('stock_move', "x.cause_kind = 'hand'")}`,
  },
  {
    check: 'move_causes',
    what: 'two movements of one cause',
    off: { sqlite: [...MOVES.sqlite, 'index stock_move_once'], postgres: ['index stock_move_once'] },
    sql: `UPDATE stock_move SET step = step - 1 WHERE id = ${FIRST('stock_move', "x.cause_kind = 'booking' AND x.step = 2 AND x.kind = 'release'")}`,
  },
  {
    check: 'reservations',
    what: 'a visit to come that reserves too little',
    sql: `UPDATE booking_material SET quantity = quantity + 1 WHERE booking_id = ${FIRST('booking_material', OPEN, 'booking_id')}`,
  },
  {
    check: 'reservations',
    what: 'a visit that used something else',
    sql: `UPDATE booking_material SET used = used + 1 WHERE booking_id = ${FIRST('booking_material', IN_STATE('completed'), 'booking_id')}`,
  },
  {
    check: 'reservations',
    what: 'movements of a booking that does not know of them',
    sql: `DELETE FROM booking_material WHERE booking_id = ${FIRST('booking_material', OPEN, 'booking_id')}`,
  },
  { check: 'stocktakes', what: 'a line that is not there', sql: 'UPDATE stocktake SET items = items + 1' },
  {
    check: 'letters_once',
    what: 'a letter twice',
    off: { sqlite: ['index message_once'], postgres: ['index message_once'] },
    sql:
      'UPDATE message SET (subject_id, occurrence) = (SELECT m.subject_id, m.occurrence FROM message m' +
      ` WHERE m.id = ${FIRST('message', "x.kind = 'owner_new_booking'")})` +
      " WHERE id = (SELECT MAX(x.id) FROM message x WHERE x.kind = 'owner_new_booking' AND x.workspace_id =" +
      ` ${FIRST('workspace')})`,
  },
  {
    check: 'letter_state',
    what: 'a letter that was sent nobody knows when',
    sql: `UPDATE message SET sent_s = NULL WHERE id = ${FIRST('message', "x.status = 'sent'")}`,
  },
  {
    check: 'confirmations',
    what: 'a booking whose letter is gone',
    sql: `UPDATE message SET kind = 'trial' WHERE id = ${FIRST('message', "x.kind = 'booking_confirmation' AND x.occurrence = '0'")}`,
  },
  {
    check: 'letters_off',
    what: 'a letter that promises a cancelled visit',
    sql:
      "UPDATE message SET status = 'queued', sent_s = NULL WHERE id = " +
      `${FIRST('message', `x.kind = 'booking_confirmation' AND ${IN_STATE('cancelled')}`)}`,
  },
  {
    check: 'jobs_once',
    what: 'a job twice',
    off: { sqlite: ['index job_once'], postgres: ['index job_once'] },
    sql:
      'UPDATE job SET (subject_id, occurrence) = (SELECT j.subject_id, j.occurrence FROM job j' +
      ` WHERE j.id = ${FIRST('job', `x.kind = 'visit_end' AND x.status = 'dropped' AND ${IN_STATE('cancelled')}`)})` +
      ` WHERE id = ${FIRST('job', `x.kind = 'visit_end' AND x.status = 'dropped' AND ${IN_STATE('no_show')}`)}`,
  },
  {
    check: 'job_state',
    what: 'a job that is done and has not ended',
    sql: `UPDATE job SET ended_s = NULL WHERE id = ${FIRST('job', "x.status = 'done'")}`,
  },
  {
    check: 'jobs_to_come',
    what: 'a visit whose end nobody looks at',
    sql: `UPDATE job SET kind = 'nothing' WHERE id = ${FIRST('job', `x.kind = 'visit_end' AND x.status = 'waiting' AND ${OPEN}`)}`,
  },
  {
    check: 'jobs_to_come',
    what: 'a visit of which nobody is reminded',
    sql: `UPDATE job SET kind = 'nothing' WHERE id = ${FIRST('job', `x.kind = 'booking_reminder' AND x.status = 'waiting' AND ${OPEN}`)}`,
  },
  {
    check: 'jobs_over',
    what: 'a reminder of a cancelled visit',
    sql: `UPDATE job SET status = 'waiting', ended_s = NULL WHERE id = ${FIRST('job', `x.kind = 'booking_reminder' AND ${IN_STATE('cancelled')}`)}`,
  },
  {
    check: 'mornings',
    what: 'a business without a next morning',
    sql: `UPDATE job SET status = 'done', outcome = 'sent', ended_s = 1 WHERE id = ${FIRST('job', "x.kind = 'owner_daily_digest' AND x.status = 'waiting'")}`,
  },
  {
    check: 'made_events',
    what: 'a visit that was made without an event',
    off: EVENTS,
    sql: `DELETE FROM audit_event WHERE id = ${FIRST('audit_event', "x.entity = 'booking' AND x.action = 'created'")}`,
  },
  {
    check: 'booking_versions',
    what: 'a change without an event',
    off: EVENTS,
    sql: `DELETE FROM audit_event WHERE id = ${FIRST('audit_event', "x.entity = 'booking' AND x.action = 'rescheduled'")}`,
  },
  {
    check: 'hand_events',
    what: 'a delivery without an event',
    off: EVENTS,
    sql: `DELETE FROM audit_event WHERE id = ${FIRST('audit_event', "x.entity = 'item' AND x.action = 'received'")}`,
  },
  {
    check: 'events_known',
    what: 'an event about a booking that is not there',
    sql:
      'INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action, changes)' +
      ` SELECT id, 7, 1, 'system', 'booking', 7, 'unmarked', '{}' FROM workspace WHERE id = ${FIRST('workspace')}`,
  },
  { check: 'rating_totals', what: 'a star too many', sql: 'UPDATE rating_total SET stars = stars + 1' },
  { check: 'menu', what: 'a part that takes longer', sql: 'UPDATE service_segment SET minutes = minutes + 5 WHERE position = 0' },
  {
    check: 'conversations',
    what: 'somebody else’s turn',
    sql: `UPDATE conversation SET unanswered = 1 - unanswered WHERE id = ${FIRST('conversation')}`,
  },
  {
    check: 'client_terms',
    what: 'a client who is not found',
    sql: `DELETE FROM client_term WHERE term = 's:booked' AND client_id = ${FIRST('client_term', "x.term = 's:booked'", 'client_id')}`,
  },
  { check: 'client_terms', what: 'a tag that one more has', sql: "UPDATE client_tag SET uses = uses + 1 WHERE key = 't:vip'" },
  { check: 'forms', what: 'a list of fields that there is not', sql: 'UPDATE form SET form_revision = form_revision + 1' },
  {
    check: 'merged_clients',
    what: 'a client who is another without a merge',
    sql: "UPDATE client_merge SET undone_s = 1, undone_by = 'x' WHERE undone_s IS NULL",
  },
  { check: 'erased_clients', what: 'a number of somebody erased', sql: "UPDATE client SET phone = '123' WHERE erased_s IS NOT NULL" },
  {
    check: 'records',
    what: 'a key without an answer',
    sql: `UPDATE idempotency SET status = 0 WHERE key = ${FIRST('idempotency', "x.key <> ''", 'key')}`,
  },
];

/**
 * Takes an index out of the schema, so that rows are written past it. In a session of its own, since
 * a schema that was read is kept. Returns what puts it back.
 */
async function hideIndex(copy, name) {
  const columns = ['type', 'name', 'tbl_name', 'rootpage', 'sql'].map((column) => `quote(${column})`);
  const [row] = await sql(copy, `SELECT ${columns.join("||','||")} FROM sqlite_schema WHERE name = '${name}'`);
  const write = '.dbconfig defensive off\nPRAGMA writable_schema = ON;\n';
  await sql(copy, `${write}DELETE FROM sqlite_schema WHERE name = '${name}'`);
  return () => sql(copy, `${write}INSERT INTO sqlite_schema VALUES (${row})`);
}

/** A trigger's text has lines, so it is asked for in hex. */
async function textOf(copy, name) {
  const [hex] = await sql(copy, `SELECT hex(sql) FROM sqlite_schema WHERE name = '${name}'`);
  return Buffer.from(hex, 'hex').toString();
}

async function damageSqlite(copy, one) {
  const off = (one.off?.sqlite ?? []).map((guard) => guard.split(' '));
  const named = (kind) => off.filter(([first]) => first === kind).map((words) => words.at(-1));
  const [triggers, indexes] = [named('trigger'), named('index')];
  const texts = await Promise.all(triggers.map((name) => textOf(copy, name)));
  const back = await Promise.all(named('hide').map((name) => hideIndex(copy, name)));
  await sql(copy, [
    ...triggers.map((name) => `DROP TRIGGER ${name}`),
    ...indexes.map((name) => `DROP INDEX ${name}`),
    one.sqlite ?? one.sql,
    ...texts,
  ].join(';\n'));
  for (const put of back) await put();
  return indexes.length > 0 ? [one.check, 'guards'] : [one.check];
}

/** No trigger and no foreign key, and an exclusion that is not asked does not know of the row. */
async function damagePostgres(copy, one) {
  const off = (one.off?.postgres ?? []).map((guard) => guard.split(' '));
  const named = (kind) => off.filter(([first]) => first === kind).map((words) => words[1]);
  const indexes = named('index');
  const exclusions = named('exclusion').map((name) => `'${name}'::regclass`).join(', ');
  const ready = (value) =>
    exclusions && sql(copy, `UPDATE pg_index SET indisready = ${value} WHERE indexrelid IN (${exclusions})`);
  await ready(false);
  const drops = indexes.map((name) => `DROP INDEX ${name};\n`).join('');
  await sql(copy, `SET session_replication_role = replica;\n${drops}${one.postgres ?? one.sql}`);
  await ready(true);
  return indexes.length > 0 ? [one.check, 'guards'] : [one.check];
}

export const damage = (copy, one) => (copy.engine === 'sqlite' ? damageSqlite(copy, one) : damagePostgres(copy, one));
