// SPDX-License-Identifier: AGPL-3.0-or-later
// Synthetic rows, so that the engines' statistics look like those of a busy installation: many
// tenants of one size, of which each table that grows holds thousands of rows. One text for both
// engines. What a plan depends on is right (who owns a row, how often a value repeats); the rest is
// whatever the constraints ask for.

export const TENANTS = 20;
const BOOKINGS = 2000;
const CLIENTS = 1000;
// What the janitor sweeps: many more than one round of it removes.
const SWEPT = 10_000;
const MEMBERS = 10;
const THINGS = 5;
const SERVICES = 40;
const ITEMS = 50;
const FORMS = 10;
const NOW_S = 1_800_000_000;
const HOUR_S = 3600;

/** `w` numbers the tenants from 1, `i` the rows of each from 0. */
function each(count) {
  const numbers = (name, from, to) =>
    `${name} AS (SELECT ${from} AS i UNION ALL SELECT i + 1 FROM ${name} WHERE i < ${to})`;
  const lists = `WITH RECURSIVE ${numbers('t', 1, TENANTS)}, ${numbers('n', 0, count - 1)}`;
  return { lists, from: 'FROM (SELECT t.i AS w, n.i AS i FROM t CROSS JOIN n) x' };
}

/** One INSERT: `columns` maps each column to what it gets. */
function fill(table, count, columns) {
  const { lists, from } = each(count);
  const all = { workspace_id: 'w', ...columns };
  return (
    `INSERT INTO ${table} (${Object.keys(all).join(', ')})` +
    ` ${lists} SELECT ${Object.values(all).join(', ')} ${from}`
  );
}

/** The same for the tables without workspace_id. */
function fillGlobal(table, count, columns) {
  const { lists, from } = each(count);
  return (
    `INSERT INTO ${table} (${Object.keys(columns).join(', ')})` +
    ` ${lists} SELECT ${Object.values(columns).join(', ')} ${from}`
  );
}

const unique = (prefix) => `'${prefix}' || w || '-' || i`;
const member = `(i % ${MEMBERS}) + 1`;
// A member's visits follow each other by the hour, so that no two overlap.
const start = `${NOW_S} + (i / ${MEMBERS}) * ${HOUR_S}`;
const user = `w * 1000 + i`;

export const FILL = [
  fillGlobal('workspace', 1, {
    ...{ id: 'w', slug: unique('s'), name: unique('n'), timezone: "'Europe/Paris'" },
    ...{ currency: "'EUR'", created_s: NOW_S, published_s: NOW_S },
  }),
  fillGlobal('user_account', MEMBERS, {
    ...{ id: user, email: unique('u'), name: unique('n'), password_hash: "''", created_s: NOW_S },
  }),
  fill('workspace_hours', 7, { weekday: 'i + 1', start_min: 540, end_min: 1080 }),
  fill('closure', 10, { from_day: 'i * 30', to_day: 'i * 30 + 1' }),
  fill('resource', MEMBERS + THINGS, {
    id: 'i + 1',
    kind: `CASE WHEN i < ${MEMBERS} THEN 'person' ELSE 'room' END`,
    ...{ name: unique('r'), created_s: NOW_S },
  }),
  fill('staff', MEMBERS, {
    ...{ id: 'i + 1', user_id: user, bookable: 1 },
    role: "CASE WHEN i = 0 THEN 'owner' ELSE 'staff' END",
  }),
  fill('staff_hours', MEMBERS * 5, {
    ...{ staff_id: member, weekday: `i / ${MEMBERS} + 1`, start_min: 540, end_min: 1080 },
  }),
  fill('time_off', MEMBERS * 10, {
    ...{ staff_id: member, id: 'i', start_s: start, end_s: `${start} + ${HOUR_S}` },
    created_s: NOW_S,
  }),
  fill('session', SWEPT, {
    ...{ token_hash: unique('h'), id: 'i', user_id: `w * 1000 + i % ${MEMBERS}` },
    ...{ created_s: NOW_S, expires_s: `${NOW_S} + i * 60` },
  }),
  fillGlobal('password_reset', MEMBERS, {
    ...{ token_hash: unique('h'), user_id: user, created_s: NOW_S, expires_s: NOW_S },
  }),
  fill('service', SERVICES, {
    ...{ id: 'i + 1', name: unique('v'), duration_min: 45, price: 4500, created_s: NOW_S },
  }),
  fill('service_segment', SERVICES, {
    ...{ service_id: 'i + 1', position: 0, kind: "'work'", minutes: 45 },
  }),
  fill('service_staff', SERVICES * MEMBERS, {
    ...{ service_id: `i / ${MEMBERS} + 1`, staff_id: member },
  }),
  fill('service_need', SERVICES, {
    ...{ service_id: 'i + 1', position: 0, resource_id: `${MEMBERS} + 1 + i % ${THINGS}` },
  }),
  fill('item', ITEMS, {
    ...{ id: 'i + 1', name: unique('i'), unit: "'ml'", on_hand: 1000, created_s: NOW_S },
  }),
  fill('service_material', SERVICES, { service_id: 'i + 1', item_id: 'i + 1', quantity: 1 }),
  fill('client', CLIENTS, {
    ...{ id: 'i + 1', name: unique('c'), email: unique('e'), email_key: unique('e') },
    terms_made: 1,
    status: "CASE i % 3 WHEN 0 THEN 'new' WHEN 1 THEN 'contacted' ELSE 'booked' END",
    created_s: NOW_S,
  }),
  // Words that one client has, that some have, that a third has.
  ...[`'w' || i`, `'word' || (i % 100)`, `'s:' || (i % 3)`].map((term) =>
    fill('client_term', CLIENTS / 2, { term, client_id: 'i + 1' }),
  ),
  fill('client_merge', 50, {
    ...{ id: 'i + 1', client_id: 'i + 1', other_id: 'i + 51', before: "'{}'", after: "'{}'", at_s: NOW_S },
  }),
  fill('client_merge_row', 500, { merge_id: 'i % 50 + 1', kind: "'booking'", row_id: 'i + 1' }),
  fill('client_tag', 50, { key: unique('t'), tag: unique('t'), uses: 'i + 1' }),
  fill('booking', BOOKINGS, {
    ...{ id: 'i + 1', client_id: `i % ${CLIENTS} + 1`, staff_id: member, price: 4500 },
    status: "CASE i % 4 WHEN 0 THEN 'cancelled' WHEN 1 THEN 'confirmed' ELSE 'completed' END",
    ...{ start_s: start, end_s: `${start} + 2700` },
    ...{ outer_from_s: start, outer_to_s: `${start} + ${HOUR_S}` },
    ...{ source: "'public'", created_s: NOW_S },
  }),
  fill('booking_service', BOOKINGS, {
    ...{ booking_id: 'i + 1', position: 0, service_id: `i % ${SERVICES} + 1`, name: "'Cut'" },
    ...{ duration_min: 45, price: 4500 },
  }),
  fill('booking_material', BOOKINGS, {
    ...{ booking_id: 'i + 1', item_id: `i % ${ITEMS} + 1`, quantity: 1 },
  }),
  fill('hold', BOOKINGS, {
    ...{ resource_id: member, start_s: start, id: 'i', end_s: `${start} + ${HOUR_S}` },
    booking_id: 'CASE WHEN i % 50 > 0 THEN i + 1 END',
    pick_hash: `CASE WHEN i % 50 = 0 THEN ${unique('p')} END`,
    pick_from: `CASE WHEN i % 50 = 0 THEN ${unique('a')} END`,
    expires_s: `CASE WHEN i % 50 = 0 THEN ${NOW_S} + i END`,
    active: 'CASE WHEN i % 4 = 0 THEN 0 ELSE 1 END',
  }),
  fill('booking_link', BOOKINGS, {
    ...{ token_hash: unique('l'), booking_id: 'i + 1', created_s: NOW_S },
  }),
  fill('feedback_link', BOOKINGS, {
    ...{ token_hash: unique('f'), booking_id: 'i + 1', client_id: `i % ${CLIENTS} + 1` },
    created_s: NOW_S,
  }),
  fill('rating', BOOKINGS, {
    ...{ id: 'i + 1', booking_id: 'i + 1', client_id: `i % ${CLIENTS} + 1`, staff_id: member },
    ...{ stars: 'i % 5 + 1', may_show: 'CASE WHEN i % 5 = 4 THEN 1 ELSE 0 END' },
    handled_s: `CASE WHEN i % 20 > 0 THEN ${NOW_S} END`,
    handled_by: "CASE WHEN i % 20 > 0 THEN 'Olive' END",
    ...{ created_s: start, changed_s: start },
  }),
  fill('rating_total', 1, { ratings: BOOKINGS, stars: BOOKINGS * 3 }),
  fill('stock_move', BOOKINGS, {
    ...{ item_id: `i % ${ITEMS} + 1`, id: 'i' },
    kind: "CASE i % 3 WHEN 0 THEN 'consume' ELSE 'reserve' END",
    ...{ on_hand_delta: 0, reserved_delta: 1, on_hand_after: 1000, reserved_after: 1 },
    ...{ cause_kind: "'booking'", cause_id: 'i + 1', step: 0, booking_id: 'i + 1' },
    ...{ actor_kind: "'client'", at_s: start },
  }),
  fill('stocktake', 200, {
    ...{ id: 'i + 1', items: ITEMS, started_s: start, ended_s: start },
    status: "'finished'",
  }),
  fill('stocktake_line', 200 * ITEMS, {
    ...{ stocktake_id: `i / ${ITEMS} + 1`, item_id: `i % ${ITEMS} + 1` },
  }),
  fill('message', BOOKINGS, {
    ...{ id: 'i', kind: "'kind ' || i % 8", subject_id: 'i + 1', occurrence: "'0'" },
    ...{ to_address: unique('e'), subject: "''", body_text: "''", message_id: unique('m') },
    status: "CASE i % 20 WHEN 0 THEN 'queued' WHEN 1 THEN 'failed' ELSE 'sent' END",
    ...{ due_s: start, booking_id: 'i + 1', client_id: `i % ${CLIENTS} + 1`, created_s: start },
    ...{ matters_until_s: start, untold: 'CASE WHEN i % 20 = 1 THEN 1 ELSE 0 END' },
    provider_id: `CASE WHEN i % 20 > 1 THEN ${unique('p')} END`,
  }),
  fill('audit_event', BOOKINGS, {
    ...{ id: 'i', at_s: start, actor_kind: "'user'", actor_id: `w * 1000 + i % ${MEMBERS}` },
    ...{ entity: "'entity ' || i % 8", entity_id: 'i + 1', action: "'created'", changes: "'{}'" },
    seq: `i * ${TENANTS} + w`,
  }),
  fill('conversation', CLIENTS, {
    ...{ id: 'i + 1', client_id: 'i + 1', last_id: 'i + 1', created_s: start },
    unanswered: 'CASE WHEN i % 20 = 0 THEN 1 ELSE 0 END',
    folder: "CASE WHEN i % 25 = 7 THEN 'doubtful' ELSE 'inbox' END",
    assigned_staff_id: `CASE WHEN i % 3 = 0 THEN ${member} ELSE 0 END`,
  }),
  fill('conversation_message', BOOKINGS, {
    ...{ conversation_id: `i % ${CLIENTS} + 1`, id: 'i', direction: "'in'", body: "'text'" },
    ...{ author_kind: "'client'", created_s: start, words_made: '1' },
  }),
  fill('conversation_word', 2 * BOOKINGS, {
    ...{ word: "'word ' || (i % 200)", message_id: 'i / 2' },
  }),
  fill('conversation_read', BOOKINGS, {
    conversation_id: `i % ${CLIENTS} + 1`,
    ...{ user_id: `w * 1000 + i / ${CLIENTS}`, read_id: 'i' },
  }),
  fill('form', FORMS, {
    ...{ id: 'i + 1', name: unique('f'), kind: "'intake'", created_s: NOW_S },
  }),
  fill('form_version', FORMS, { form_id: 'i + 1', form_revision: 1, fields: "''" }),
  fill('service_form', SERVICES, { service_id: 'i + 1', form_id: `i % ${FORMS} + 1` }),
  fill('form_submission', BOOKINGS, {
    ...{ id: 'i + 1', form_id: `i % ${FORMS} + 1`, form_revision: 1, booking_id: 'i + 1' },
    ...{ client_id: `i % ${CLIENTS} + 1`, asked_s: start },
    status: "CASE i % 20 WHEN 0 THEN 'pending' WHEN 1 THEN 'dropped' ELSE 'completed' END",
    answers: "CASE WHEN i % 20 > 1 THEN '{}' END",
    completed_s: `CASE WHEN i % 20 > 1 THEN ${start} END`,
    requested_s: `CASE WHEN i % 3 = 0 THEN ${start} END`,
    draft: "CASE WHEN i % 100 = 0 THEN 's1.' END",
    draft_s: `CASE WHEN i % 100 = 0 THEN ${start} END`,
  }),
  fill('form_link', BOOKINGS, {
    ...{ token_hash: unique('l'), submission_id: 'i + 1', created_s: NOW_S },
  }),
  fill('idempotency', SWEPT, {
    ...{ scope: "'public'", key: unique('k'), body_hash: "''", status: 201, headers: "''" },
    ...{ body: "''", created_s: start },
  }),
];
