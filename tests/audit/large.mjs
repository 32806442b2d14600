// SPDX-License-Identifier: AGPL-3.0-or-later
// How long an audit takes and how much memory, by the number of bookings:
//
//   node tests/audit/large.mjs [--bookings=100000,1000000] [--folder=DIR] [--postgres]
//
// The first salon is made through the API; what makes it large is written past the program, as the
// program would have: visits that are over, with their holds, services, materials, movements,
// letters, jobs and events. All checks hold in it, or this ends with status 1.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { run } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { prepareServer } from '../lib/server.mjs';
import { audit, findings } from './world.mjs';

const PEOPLE = 40;
const FILL_MS = 3 * 3_600_000;
const FIRST_ID = 1_000_000_000;

/** The numbers from 1 on; SQLite's own is a loop, so it is written once and read. */
const NUMBERS = {
  sqlite: (count) => `CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);
    INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${count}) SELECT i FROM c`,
  postgres: (count) => `CREATE TEMP TABLE n AS SELECT i::bigint AS i FROM generate_series(1, ${count}) i; ANALYZE n`,
};

/** Booking i is of person i mod PEOPLE, an hour behind that person's last. */
const statements = ({ ws, staff, service, item, count }) => {
  const id = `${FIRST_ID} + i`;
  const start = `(1500000000 + i / ${PEOPLE} * 3600)`;
  const person = `${staff} + i % ${PEOPLE}`;
  const client = `${FIRST_ID} + i / 10`;
  const event = (number, action, changes) =>
    'INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action, changes)' +
    ` SELECT ${ws}, ${FIRST_ID} + ${number}, ${start}, 'system', 'booking', ${id}, '${action}', '${changes}' FROM n`;
  const move = (number, kind, step, onHand, reserved, after, reservedAfter) =>
    'INSERT INTO stock_move (workspace_id, item_id, id, kind, on_hand_delta, reserved_delta, on_hand_after, reserved_after,' +
    ' cause_kind, cause_id, step, booking_id, actor_kind, at_s)' +
    ` SELECT ${ws}, ${item}, ${FIRST_ID} + ${number}, '${kind}', ${onHand}, ${reserved}, ${after}, ${reservedAfter},` +
    ` 'booking', ${id}, ${step}, ${id}, 'system', ${start} FROM n`;
  return [
    `INSERT INTO resource (workspace_id, id, kind, name, created_s) SELECT ${ws}, ${staff} + i - 1, 'person', 'P' || i, 1 FROM n WHERE i <= ${PEOPLE}`,
    `INSERT INTO user_account (id, email, name, password_hash, created_s) SELECT ${staff} + i - 1, 'p' || i || '@large.example', 'P', 'x', 1 FROM n WHERE i <= ${PEOPLE}`,
    `INSERT INTO staff (workspace_id, id, user_id, role) SELECT ${ws}, ${staff} + i - 1, ${staff} + i - 1, 'staff' FROM n WHERE i <= ${PEOPLE}`,
    'INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action, changes)' +
      ` SELECT ${ws}, i, 1, 'system', 'staff', ${staff} + i - 1, 'created', '{}' FROM n WHERE i <= ${PEOPLE}`,
    `INSERT INTO client (workspace_id, id, name, created_s, status, terms_made) SELECT ${ws}, ${FIRST_ID} + i - 1, 'Client', 1, 'booked', 1 FROM n WHERE i <= ${count} / 10 + 1`,
    `INSERT INTO client_term (workspace_id, term, client_id) SELECT ${ws}, 's:booked', ${FIRST_ID} + i - 1 FROM n WHERE i <= ${count} / 10 + 1`,
    'INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action, changes)' +
      ` SELECT ${ws}, 1000 + i, 1, 'system', 'client', ${FIRST_ID} + i - 1, 'created', '{}' FROM n WHERE i <= ${count} / 10 + 1`,
    'INSERT INTO booking (workspace_id, id, client_id, staff_id, status, start_s, end_s, outer_from_s, outer_to_s, price, source, stock_step, created_s, version, made_start_s, made_staff_id)' +
      ` SELECT ${ws}, ${id}, ${client}, ${person}, 'completed', ${start}, ${start} + 1800, ${start} - 300, ${start} + 2100, 100, 'public', 2, ${start} - 3600, 2, ${start}, ${person} FROM n`,
    `INSERT INTO booking_service (workspace_id, booking_id, position, service_id, name, duration_min, price) SELECT ${ws}, ${id}, 0, ${service}, 'Cut', 30, 100 FROM n`,
    `INSERT INTO booking_material (workspace_id, booking_id, item_id, quantity, used) SELECT ${ws}, ${id}, ${item}, 1, 1 FROM n`,
    'INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, booking_id, active)' +
      ` SELECT ${ws}, ${person}, ${start} - 300, ${id}, ${start} + 2100, ${id}, 1 FROM n ORDER BY i % ${PEOPLE}, i`,
    'INSERT INTO stock_move (workspace_id, item_id, id, kind, on_hand_delta, reserved_delta, on_hand_after, reserved_after, cause_kind, cause_id, step, actor_kind, at_s)' +
      ` VALUES (${ws}, ${item}, ${FIRST_ID}, 'receive', ${count + 10}, 0, ${count + 10}, 0, 'hand', ${FIRST_ID}, 0, 'system', 1)`,
    'INSERT INTO audit_event (workspace_id, id, at_s, actor_kind, entity, entity_id, action, changes)' +
      ` VALUES (${ws}, 999, 1, 'system', 'item', ${item}, 'received', '{}')`,
    move('2 * i', 'reserve', 1, 0, 1, `${count + 11} - i`, 1),
    move('2 * i + 1', 'consume', 2, -1, -1, `${count + 10} - i`, 0),
    `UPDATE item SET on_hand = 10, reserved = 0, low = CASE WHEN reorder_point >= 10 THEN 1 ELSE 0 END, last_move_id = ${FIRST_ID + 2 * count + 1} WHERE id = ${item}`,
    'INSERT INTO message (workspace_id, id, kind, subject_id, occurrence, to_address, subject, body_text, message_id, status, attempts, due_s, booking_id, client_id, created_s, sent_s, delivery, delivery_s)' +
      ` SELECT ${ws}, ${id}, 'booking_confirmation', ${id}, '0', 'c@client.example', 'Your visit', 'See you then.', 'm' || i, 'sent', 1, ${start}, ${id}, ${client}, ${start}, ${start}, 'accepted', ${start} FROM n`,
    'INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id, status, anchor_s, due_s, outcome, created_s, ended_s)' +
      ` SELECT ${ws}, ${id}, 'visit_end', ${id}, CAST(${start} AS TEXT), ${id}, ${client}, 'done', ${start}, ${start}, 'marked', ${start}, ${start} FROM n`,
    event('2 * i', 'created', '{"status":[null,"confirmed"]}'),
    event('2 * i + 1', 'completed', '{"status":["confirmed","completed"]}'),
  ];
};

/** A stopped server whose database has so many bookings more. */
export async function makeLarge(server, count) {
  await server.start();
  const salon = await makeSalon(server, { staff: ['Ann'], items: [{ name: 'Dye' }] });
  await server.stop();
  const what = {
    ws: salon.workspace.id,
    staff: 900_000_000,
    service: salon.services[0].id,
    item: salon.items[0].id,
    count,
  };
  const list = statements(what);
  if (server.engine === 'postgres') {
    const url = new URL(server.db);
    url.username = 'postgres';
    await run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', url.href], {
      input: `SET session_replication_role = replica; ${NUMBERS.postgres(Math.max(count, PEOPLE))}; ${list.join(';\n')}; ANALYZE`,
      timeoutMs: FILL_MS,
    });
    return;
  }
  const settings = 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; PRAGMA temp_store = MEMORY';
  const text = `${settings}; BEGIN; ${NUMBERS.sqlite(Math.max(count, PEOPLE))}; ${list.join(';\n')}; COMMIT; PRAGMA journal_mode = WAL;\n`;
  await run('sqlite3', ['-bail', server.db.slice('sqlite:'.length)], { input: text, timeoutMs: FILL_MS });
}

async function measure(engine, count) {
  const server = await prepareServer(null, { engine });
  try {
    await makeLarge(server, count);
    const beganMs = performance.now();
    const said = await audit(server, [], { timeout: FILL_MS });
    const seconds = (performance.now() - beganMs) / 1000;
    const mb = engine === 'sqlite' ? `${Math.round(statSync(server.db.slice(7)).size / 2 ** 20)} MB, ` : '';
    const rows = said.report?.checks.reduce((sum, { looked_at: n }) => sum + n, 0);
    console.log(
      `${engine}, ${count} bookings (${mb}${rows} rows looked at): ${seconds.toFixed(1)} s, ` +
        `${((seconds / count) * 1e6).toFixed(0)} µs a booking, peak ${(said.report?.peak_kb / 1024).toFixed(1)} MB, ` +
        `status ${said.status}`,
    );
    for (const { name, took_ms: ms } of said.report?.checks ?? []) {
      if (ms > seconds * 20) console.log(`    ${name}: ${(ms / 1000).toFixed(1)} s`);
    }
    if (said.status !== 0) console.log(JSON.stringify(findings(said), null, 1));
    return said.status === 0;
  } finally {
    await server.remove();
  }
}

async function main() {
  const options = Object.fromEntries(
    process.argv.slice(2).map((word) => /^--([a-z]+)(?:=(.*))?$/.exec(word)?.slice(1) ?? [word, null]),
  );
  if (options.folder) {
    mkdirSync(options.folder, { recursive: true });
    process.env.TMPDIR = options.folder;
  }
  const engine = 'postgres' in options ? 'postgres' : 'sqlite';
  for (const count of (options.bookings ?? '100000,1000000').split(',').map(Number)) {
    if (!(await measure(engine, count))) process.exitCode = 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
