// SPDX-License-Identifier: AGPL-3.0-or-later
// The last word is the database's: what the program's own checks would refuse is written past them, and refused all the same.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { ACROSS_TENANTS } from '../lib/postgres.mjs';
import { run } from '../lib/process.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { ENGINE, startServer } from '../lib/server.mjs';

/** Runs SQL past the program; the rows as text, or the error's text. */
async function sql(server, text) {
  try {
    if (ENGINE === 'postgres') return { rows: (await run('psql', [server.db, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text], { env: ACROSS_TENANTS })).trim() };
    return { rows: (await run('sqlite3', ['-bail', '-cmd', '.timeout 10000', server.db.replace(/^sqlite:/, ''), `PRAGMA foreign_keys = ON; ${text}`])).trim() };
  } catch (error) {
    return { error: String(error) };
  }
}

describe('the database itself refuses', () => {
  let server, salon, hold, item;
  before(async (t) => {
    server = await startServer(t);
    salon = await makeSalon(server, { items: [{ name: 'Dye', unit: 'ml', on_hand: 100 }], services: [{ name: 'Cut', duration_min: 60, price: 1, materials: [[0, 10]] }] });
    const [slot] = await salon.slots();
    expectStatus(await salon.book({ start: slot.start }), 201);
    const { rows } = await sql(server, 'SELECT workspace_id, resource_id, start_s, end_s, booking_id FROM hold');
    const [ws, resource, start, end, booking] = rows.split('\n')[0].split('|').map(BigInt);
    hold = { ws, resource, start, end, booking };
    item = salon.items[0].id;
  });

  const insertHold = (start, end, id) =>
    sql(server, `INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, booking_id, active) VALUES (${hold.ws}, ${hold.resource}, ${start}, ${id}, ${end}, ${hold.booking}, 1)`);

  test('a hold that overlaps another by a second on either side, around it or inside it', async () => {
    for (const [from, to] of [[hold.start - 600n, hold.start + 1n], [hold.end - 1n, hold.end + 600n], [hold.start - 1n, hold.end + 1n], [hold.start + 60n, hold.end - 60n], [hold.start, hold.end]]) {
      assert.match((await insertHold(from, to, 7)).error ?? '', /hold_no_overlap/);
    }
    assert.equal((await insertHold(hold.end, hold.end + 600n, 8)).error, undefined, 'touching is no overlap');
    assert.match((await sql(server, `UPDATE hold SET start_s = start_s - 60 WHERE id = 8`)).error ?? '', /hold_no_overlap/);
  });

  test('a picked time that overlaps another hold, and a hold that is nobody\'s or of two', async () => {
    const insert = (start, id, booking, pick, expires) =>
      sql(server, `INSERT INTO hold (workspace_id, resource_id, start_s, id, end_s, booking_id, pick_hash, expires_s, active) VALUES (${hold.ws}, ${hold.resource}, ${start}, ${id}, ${start + 600n}, ${booking}, ${pick}, ${expires}, 1)`);
    const free = hold.end + 400000n;
    assert.match((await insert(hold.start, 20, 'NULL', "'a'", 9)).error ?? '', /hold_no_overlap/, 'over a booking');
    assert.equal((await insert(free, 21, 'NULL', "'a'", 9)).error, undefined);
    assert.match((await insert(free + 300n, 22, 'NULL', "'b'", 9)).error ?? '', /hold_no_overlap/, 'a pick over a pick');
    assert.match((await insertHold(free - 300n, free + 1n, 23)).error ?? '', /hold_no_overlap/, 'a booking over a pick');
    for (const [booking, pick, expires] of [['NULL', 'NULL', 'NULL'], [hold.booking, "'c'", 9], ['NULL', "'c'", 'NULL'], [hold.booking, 'NULL', 9]]) {
      assert.match((await insert(free + 5000n, 24, booking, pick, expires)).error ?? '', /hold_owner/);
    }
  });

  test('a hold that ends before it starts, or lasts longer than the check looks back', async () => {
    assert.match((await insertHold(hold.end + 5000n, hold.end + 5000n, 9)).error ?? '', /hold_span/);
    assert.match((await insertHold(hold.end + 5000n, hold.end + 5000n + 172801n, 9)).error ?? '', /hold_span/);
  });

  test('negative stock, and more reserved than there is', async () => {
    for (const change of ['on_hand = -1', 'on_hand = reserved - 1', 'reserved = -1', 'reserved = on_hand + 1']) {
      assert.match((await sql(server, `UPDATE item SET ${change} WHERE id = ${item}`)).error ?? '', /item_stock_check/);
    }
  });

  test('a stock movement or an audit event that is changed, removed or written twice', async () => {
    assert.match((await sql(server, 'UPDATE stock_move SET on_hand_delta = 0')).error ?? '', /append_only|never changed/);
    assert.match((await sql(server, 'DELETE FROM stock_move')).error ?? '', /append_only|never changed/);
    assert.match((await sql(server, "UPDATE audit_event SET action = 'x'")).error ?? '', /append_only|never changed/);
    assert.match((await sql(server, 'DELETE FROM audit_event')).error ?? '', /append_only|never changed/);
    const again = await sql(server, "INSERT INTO stock_move SELECT workspace_id, item_id, 1, kind, on_hand_delta, reserved_delta, on_hand_after, reserved_after, cause_kind, cause_id, step, booking_id, actor_kind, actor_id, actor_name, reason, at_s, unit_cost, stocktake_id FROM stock_move WHERE kind = 'reserve'");
    assert.match(again.error ?? '', /stock_move_once|UNIQUE constraint failed: stock_move/);
  });

  test('the ledger\'s sums are the items\' sums', async () => {
    const { rows } = await sql(server, 'SELECT COUNT(*) FROM item i WHERE on_hand <> (SELECT COALESCE(SUM(on_hand_delta), 0) FROM stock_move m WHERE m.workspace_id = i.workspace_id AND m.item_id = i.id) OR reserved <> (SELECT COALESCE(SUM(reserved_delta), 0) FROM stock_move m WHERE m.workspace_id = i.workspace_id AND m.item_id = i.id)');
    assert.equal(rows, '0');
  });
});
