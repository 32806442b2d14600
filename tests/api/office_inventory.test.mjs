// SPDX-License-Identifier: AGPL-3.0-or-later
// The stock as an office works with it: what an item costs and how long it will do, its ledger with
// causes, files for spreadsheets, and counting the shelf while work goes on.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { arrive } from '../lib/members.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

let server;
before(async (t) => {
  server = await startServer(t);
});

const DYE = [{ name: 'Dye', unit: 'ml', on_hand: 1000 }];
const COLOUR = [{ name: 'Colour', duration_min: 60, price: 8000, materials: [[0, 30]] }];
const shopOf = (options = {}) => makeSalon(server, { items: DYE, services: COLOUR, ...options });

const add = async (shop, body) => expectStatus(await shop.owner.post('/items', { unit: 'ml', ...body }), 201);
const item = async (shop, id) => expectStatus(await shop.owner.get(`/items/${id}`), 200);
const move = (shop, id, body) => shop.owner.post(`/items/${id}/movements`, body);
const moved = async (shop, id, body) => expectStatus(await move(shop, id, body), 201);
const ledger = (shop, id, query = '') => shop.owner.list(`/items/${id}/movements${query}`);
const namesOf = (list) => list.map(({ name }) => name);

/** A visit that has been and is completed, as a walk-in written down later. */
async function visited(shop, used, hoursAgo = 3) {
  const start = new Date(Math.floor(Date.now() / 60_000) * 60_000 - hoursAgo * 3_600_000).toISOString();
  const body = { service_ids: [shop.services[0].id], start, client: { name: 'Cleo Lane' } };
  const booking = expectStatus(await shop.owner.post('/bookings', body), 201);
  const materials = [{ item_id: shop.items[0].id, quantity: used }];
  return expectStatus(await shop.owner.post(`/bookings/${booking.id}/complete`, { materials }), 200);
}

async function memberWith(shop, ...permissions) {
  expectStatus(await shop.owner.patch(`/staff/${shop.staff[0].id}`, { permissions }), 200);
  return arrive(server, shop.staff[0]);
}

describe('an item', () => {
  test('says what it costs, in what it comes and from whom, and forgets it again', async () => {
    const shop = await shopOf({ items: [], services: [], publish: false });
    const wanted = { name: 'Wax', sku: 'W1', unit_cost: 12, pack: { name: 'carton', size: 500 }, supplier: 'Nord', category: 'Hair' };
    const made = await add(shop, wanted);
    assert.deepEqual(
      [made.unit_cost, made.pack, made.supplier, made.category, made.active, made.value],
      [12, { name: 'carton', size: 500 }, 'Nord', 'Hair', true, 0],
    );
    const change = { unit_cost: null, pack: null, supplier: '', category: 'Body', active: false };
    const after = expectStatus(await shop.owner.patch(`/items/${made.id}`, change, { version: made.version }), 200);
    assert.deepEqual([after.unit_cost, after.pack, after.supplier, after.category, after.active], [null, null, '', 'Body', false]);
    expectProblem(await shop.owner.patch(`/items/${made.id}`, { name: 'X' }, { version: made.version }), 412);
    expectProblem(await shop.owner.post('/items', { ...wanted, sku: 'W2', pack: { name: 'box', size: 0 } }), 422);
    expectProblem(await shop.owner.post('/items', { ...wanted, sku: 'W2', unit_cost: -1 }), 422);
    const events = await shop.owner.list(`/audit?entity=item&entity_id=${made.id}`);
    assert.ok(events.some(({ action, changes }) => action === 'changed' && changes.category?.[1] === 'Body'));
  });

  test('is found by part of its name, SKU, supplier or category, without case and accents', async () => {
    const shop = await shopOf({ items: [], services: [], publish: false });
    await add(shop, { name: 'Crème brûlée', sku: 'AB-7', supplier: 'Dupré', category: 'Soin', reorder_point: 1 });
    await add(shop, { name: 'Wax', category: 'Hair' });
    const retired = await add(shop, { name: 'Old wax', category: 'Hair' });
    expectStatus(await shop.owner.patch(`/items/${retired.id}`, { active: false }), 200);
    const found = async (query) => namesOf(await shop.owner.list(`/items?${query}`)).toSorted();
    for (const q of ['creme', 'BRULEE', 'ab-7', 'dupre', 'soin']) assert.deepEqual(await found(`q=${q}`), ['Crème brûlée'], q);
    assert.deepEqual(await found('category=Hair'), ['Old wax', 'Wax']);
    assert.deepEqual(await found('category=Hair&active=true'), ['Wax']);
    assert.deepEqual(await found('active=false'), ['Old wax']);
    assert.deepEqual(await found('q=%25'), []);
  });

  test('stands where the order puts it, page by page, each once', async () => {
    const shop = await shopOf({ items: [], services: [], publish: false });
    for (const [index, name] of ['delta', 'Äther', 'Zinc', 'beta', 'Chalk'].entries()) {
      const { id } = await add(shop, { name });
      if (index) await moved(shop, id, { kind: 'receive', quantity: (index * 3) % 5 });
    }
    const pages = async (sort) => {
      const all = [];
      for (let cursor = ''; cursor !== null; ) {
        const path = `/items?limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`;
        const page = expectStatus(await shop.owner.get(path), 200);
        all.push(...page.data);
        cursor = page.next_cursor;
      }
      return all;
    };
    assert.deepEqual(namesOf(await pages('name')), ['Äther', 'beta', 'Chalk', 'delta', 'Zinc']);
    assert.deepEqual((await pages('available')).map(({ available }) => available), [0, 1, 2, 3, 4]);
    await add(shop, { name: 'Ammonia', reorder_point: 9 });
    await add(shop, { name: 'Zen', reorder_point: 9 });
    const first = await pages('low');
    assert.deepEqual(namesOf(first), ['Ammonia', 'delta', 'Zen', 'Äther', 'beta', 'Chalk', 'Zinc']);
    assert.deepEqual(namesOf(await pages('id')).slice(0, 5), ['delta', 'Äther', 'Zinc', 'beta', 'Chalk']);
  });

  test('all together are a few figures, with what they are worth', async () => {
    const shop = await shopOf({ items: [], services: [], publish: false });
    const wax = await add(shop, { name: 'Wax', unit_cost: 15, category: 'Hair', supplier: 'Nord', reorder_point: 1 });
    await moved(shop, wax.id, { kind: 'receive', quantity: 2.5 });
    const foil = await add(shop, { name: 'Foil', category: 'Hair' });
    await moved(shop, foil.id, { kind: 'receive', quantity: 3 });
    await add(shop, { name: 'Gel', unit_cost: 5 });
    const figures = expectStatus(await shop.owner.get('/items/summary'), 200);
    assert.deepEqual(figures, {
      ...{ items: 3, low: 1, retired: 0, value: 38, unpriced: 1, open_stocktakes: 0 },
      categories: [{ name: 'Hair', items: 2 }],
      suppliers: ['Nord'],
    });
  });
});

describe('how long it will do', () => {
  test('is unknown where nothing uses it, and by the average of what was consumed where something does', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    const fresh = await item(shop, id);
    assert.deepEqual([fresh.days_left, fresh.runs_out_on, fresh.runs_out_by, fresh.per_day], [null, null, null, 0]);
    // What is thrown away, counted or adjusted says nothing of next week.
    await moved(shop, id, { kind: 'waste', quantity: 100 });
    await moved(shop, id, { kind: 'adjust', quantity: -100 });
    assert.equal((await item(shop, id)).days_left, null);
    await visited(shop, 70);
    const used = await item(shop, id);
    // A new item's days count as a week: 70 in 7 days is 10 a day, of which 730 are left.
    assert.deepEqual([used.per_day, used.days_left, used.runs_out_by], [10, 73, 'average']);
    const [listed] = await shop.owner.list('/items?sort=days_left');
    assert.equal(listed.days_left, 73);
    await moved(shop, id, { kind: 'count', quantity: 0 });
    assert.equal((await item(shop, id)).days_left, 0);
  });

  test('ends with the last visit that holds it, where visits hold all there is', async () => {
    const shop = await shopOf({ items: [{ name: 'Dye', unit: 'ml', on_hand: 60 }], timezone: 'Etc/UTC' });
    const [{ id }] = shop.items;
    for (const days of [3, 9]) {
      const [slot] = await shop.slots({ from: dateIn(days) });
      expectStatus(await shop.book({ start: slot.start }), 201);
      const so = await item(shop, id);
      if (days === 3) assert.equal(so.days_left, null, 'something is available still');
    }
    const { days_left: left, runs_out_by: by, runs_out_on: on, demand, held_by_past: past } = await item(shop, id);
    assert.deepEqual([by, on, past], ['visits', dateIn(9), 0]);
    assert.ok([8, 9].includes(left), 'counted over midnight');
    assert.deepEqual(demand, [3, 9].map((days) => ({ date: dateIn(days), visits: 1, quantity: 30 })));
    const other = await add(shop, { name: 'Never used' });
    const list = await shop.owner.list('/items?sort=days_left');
    assert.deepEqual(list.map((one) => one.id), [id, other.id], 'what nothing uses comes last');
    assert.equal(list[0].runs_out_by, 'visits');
  });

  test('tells what open visits hold that have begun', async () => {
    const shop = await shopOf();
    const start = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 7_200_000).toISOString();
    const body = { service_ids: [shop.services[0].id], start, client: { name: 'Cleo' } };
    expectStatus(await shop.owner.post('/bookings', body), 201);
    const { held_by_past: past, demand } = await item(shop, shop.items[0].id);
    assert.deepEqual([past, demand], [30, []]);
  });
});

describe('a delivery', () => {
  test('comes in packs, with a price that holds from then on and stands in its row', async () => {
    const shop = await shopOf({ items: [], services: [], publish: false });
    const { id } = await add(shop, { name: 'Wax', pack: { name: 'carton', size: 12.5 }, unit_cost: 10 });
    const row = await moved(shop, id, { kind: 'receive', packs: 4, unit_cost: 15 });
    assert.deepEqual([row.on_hand_delta, row.on_hand_after, row.unit_cost], [50, 50, 15]);
    const now = await item(shop, id);
    assert.deepEqual([now.unit_cost, now.value], [15, 750]);
    expectStatus(await shop.owner.patch(`/items/${id}`, { unit_cost: 99 }), 200);
    const [first] = await ledger(shop, id);
    assert.equal(first.unit_cost, 15, 'the past is not valued anew');
  });

  test('is refused where its words do not fit together', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    expectProblem(await move(shop, id, { kind: 'receive', packs: 2 }), 422);
    expectProblem(await move(shop, id, { kind: 'receive' }), 422);
    expectProblem(await move(shop, id, { kind: 'waste', quantity: 1, unit_cost: 3 }), 422);
    expectStatus(await shop.owner.patch(`/items/${id}`, { pack: { name: 'box', size: 6 } }), 200);
    expectProblem(await move(shop, id, { kind: 'receive', packs: 2, quantity: 12 }), 422);
    expectProblem(await move(shop, id, { kind: 'count', packs: 2 }), 422);
    assert.equal((await item(shop, id)).on_hand, 1000);
  });
});

describe('the ledger', () => {
  test('tells the visit behind a movement, and whose it is to those who may know', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    const booking = await visited(shop, 40);
    const [row] = await ledger(shop, id);
    assert.deepEqual([row.kind, row.booking_id, row.visit.client.name], ['consume', booking.id, 'Cleo Lane']);
    assert.equal(row.visit.start, booking.start);
    const member = await memberWith(shop, 'inventory');
    const [slot] = await shop.slots();
    expectStatus(await shop.book({ start: slot.start }), 201);
    const [theirs] = await ledger(shop, id);
    const [hidden, seen] = await member.list(`/items/${id}/movements`);
    assert.deepEqual([theirs.actor, hidden.actor], ['Cleo Client', 'client']);
    assert.equal(seen.booking_id, booking.id);
    assert.ok(!('client' in seen.visit), 'who comes is not told to who may not know');
    const csv = async (who) => (await who.get(`/items/${id}/movements.csv`)).text;
    assert.match(await csv(shop.owner), /,Cleo Lane,/);
    assert.match(await csv(member), new RegExp(`,${booking.id},,`));
  });

  test('is cut by kind and by time', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    await moved(shop, id, { kind: 'waste', quantity: 5, reason: 'spilt' });
    await moved(shop, id, { kind: 'adjust', quantity: -1 });
    const kinds = async (query) => (await ledger(shop, id, query)).map(({ kind }) => kind);
    assert.deepEqual(await kinds(''), ['adjust', 'waste', 'receive']);
    assert.deepEqual(await kinds('?kind=waste'), ['waste']);
    assert.deepEqual(await kinds(`?from=${dateIn(1)}`), []);
    assert.deepEqual(await kinds(`?from=${dateIn(-2)}&to=${dateIn(2)}&kind=adjust`), ['adjust']);
    assert.deepEqual(await kinds(`?to=${dateIn(-2)}`), []);
    expectProblem(await shop.owner.get(`/items/${id}/movements?from=soon-it-is`), 422);
  });

  test('gives the level at the end of each day, the last one being now', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    await moved(shop, id, { kind: 'waste', quantity: 5 });
    const { days } = expectStatus(await shop.owner.get(`/items/${id}/levels?days=30`), 200);
    assert.equal(days.at(-1).on_hand, 995);
    assert.ok(days.length >= 1 && days.length <= 2, 'an item that was made now has no past');
    expectProblem(await shop.owner.get(`/items/${id}/levels?days=1000`), 422);
    expectProblem(await shop.owner.get('/items/1/levels'), 404);
  });
});

describe('files', () => {
  test('are safe in a spreadsheet, and have their numbers as numbers', async () => {
    const shop = await shopOf({ items: [], services: [], publish: false });
    const { id } = await add(shop, { name: '=1+2', supplier: '+49 30', unit_cost: 1250, pack: { name: 'a "big", one', size: 2 } });
    await moved(shop, id, { kind: 'receive', quantity: 4 });
    await moved(shop, id, { kind: 'waste', quantity: 1.5, reason: '@home' });
    const items = await shop.owner.get('/items/export.csv');
    assert.equal(items.status, 200);
    assert.match(items.headers.get('content-disposition'), /items\.csv/);
    const [head, row] = items.text.split('\r\n');
    assert.match(head, /^\uFEFF?id,name,sku/);
    assert.equal(row, `${id},'=1+2,,,ml,2.5,0,2.5,0,12.50,31.25,EUR,"a ""big"", one",2,'+49 30,true`);
    const moves = await shop.owner.get(`/items/${id}/movements.csv`);
    assert.equal(moves.status, 200);
    const [, waste, receive, rest] = moves.text.split('\r\n');
    assert.match(waste, /,waste,-1\.5,0,2\.5,0,ml,12\.50,,,,Olive Owner,'@home$/);
    assert.match(receive, /,receive,4,0,4,0,ml,12\.50,,,,Olive Owner,$/);
    assert.equal(rest, '');
    expectProblem(await shop.owner.get('/items/1/movements.csv'), 404);
  });
});

describe('a stocktake', () => {
  const open = async (shop, body = {}) => expectStatus(await shop.owner.post('/stocktakes', body), 201);
  const count = async (shop, take, id, counted, more = {}) =>
    expectStatus(await shop.owner.put(`/stocktakes/${take.id}/lines/${id}`, { counted, ...more }), 200);
  const finish = (shop, take, options) => shop.owner.post(`/stocktakes/${take.id}/finish`, undefined, options);

  test('finds what differs, and puts it right in one go', async () => {
    const shop = await shopOf({ items: [...DYE, { name: 'Foil', unit: 'm', on_hand: 10 }, { name: 'Gel', unit: 'ml', on_hand: 7 }] });
    const [dye, foil, gel] = shop.items;
    expectStatus(await shop.owner.patch(`/items/${dye.id}`, { unit_cost: 3 }), 200);
    const take = await open(shop, { name: 'November' });
    assert.deepEqual([take.status, take.items, take.counted], ['open', 3, 0]);
    assert.ok(take.lines.every(({ expected, counted }) => expected === null && counted === null), 'nobody is told what to find');
    const line = await count(shop, take, dye.id, 990.5);
    assert.deepEqual([line.expected, line.variance, line.value, line.counted_by], [1000, -9.5, -29, 'Olive Owner']);
    await count(shop, take, foil.id, 4);
    await count(shop, take, foil.id, 11);
    const done = expectStatus(await finish(shop, take), 200);
    assert.deepEqual([done.status, done.counted, done.variance_value], ['finished', 2, -29]);
    assert.deepEqual([(await item(shop, dye.id)).on_hand, (await item(shop, foil.id)).on_hand, (await item(shop, gel.id)).on_hand], [990.5, 11, 7]);
    const [row] = await ledger(shop, dye.id);
    assert.deepEqual([row.kind, row.on_hand_delta, row.stocktake_id, row.reason], ['count', -9.5, take.id, 'November']);
    assert.equal((await ledger(shop, gel.id)).length, 1, 'what nobody counted is left alone');
    expectProblem(await finish(shop, take), 409, 'invalid_transition');
    expectProblem(await shop.owner.put(`/stocktakes/${take.id}/lines/${gel.id}`, { counted: 1 }), 409, 'invalid_transition');
    const [listed] = await shop.owner.list('/stocktakes');
    assert.deepEqual([listed.id, listed.status, listed.variance_value, listed.ended_by], [take.id, 'finished', -29, 'Olive Owner']);
  });

  test('keeps what has moved between counting and finishing', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    const take = await open(shop);
    await count(shop, take, id, 900);
    await visited(shop, 25);
    await moved(shop, id, { kind: 'receive', quantity: 500 });
    expectStatus(await finish(shop, take), 200);
    assert.equal((await item(shop, id)).on_hand, 900 - 25 + 500);
  });

  test('gives way to a newer count, by hand or of another one', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    const [one, two] = [await open(shop), await open(shop)];
    await count(shop, one, id, 900);
    await count(shop, two, id, 900);
    expectStatus(await finish(shop, one), 200);
    const done = expectStatus(await finish(shop, two), 200);
    assert.equal((await item(shop, id)).on_hand, 900, 'what both found is missing once');
    assert.deepEqual([done.lines[0].overtaken, done.variance_value], [true, 0]);
    const three = await open(shop);
    await count(shop, three, id, 800);
    await moved(shop, id, { kind: 'count', quantity: 850 });
    expectStatus(await finish(shop, three), 200);
    assert.equal((await item(shop, id)).on_hand, 850);
  });

  test('takes numbers late and twice, and of two the one that was read later', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    const take = await open(shop);
    const first = await count(shop, take, id, 980);
    assert.deepEqual((await count(shop, take, id, 980)).counted, first.counted);
    // One that waited for a network since before the other was read does not undo it.
    const late = await count(shop, take, id, 5, { ago_s: 3600 });
    assert.ok(late.counted === 980 || late.counted_at === first.counted_at, JSON.stringify(late));
    const gone = await count(shop, take, id, null);
    assert.deepEqual([gone.counted, gone.expected, gone.variance], [null, null, null]);
    expectProblem(await finish(shop, take), 409, 'nothing_counted');
    expectProblem(await shop.owner.put(`/stocktakes/${take.id}/lines/${id}`, {}), 422);
    expectProblem(await shop.owner.put(`/stocktakes/${take.id}/lines/${id}`, { counted: -1 }), 422);
    expectProblem(await shop.owner.put(`/stocktakes/${take.id}/lines/1`, { counted: 1 }), 404);
  });

  test('may leave no booking without what it holds, and then changes nothing at all', async () => {
    const shop = await shopOf({ items: [...DYE, { name: 'Foil', unit: 'm', on_hand: 10 }] });
    const [dye, foil] = shop.items;
    const [slot] = await shop.slots();
    expectStatus(await shop.book({ start: slot.start }), 201);
    const take = await open(shop);
    await count(shop, take, foil.id, 9);
    await count(shop, take, dye.id, 20);
    const problem = expectProblem(await finish(shop, take), 409, 'out_of_stock');
    assert.deepEqual(problem.items, [{ item_id: dye.id, name: 'Dye', needed: 30, available: 20 }]);
    assert.deepEqual([(await item(shop, foil.id)).on_hand, (await item(shop, dye.id)).on_hand], [10, 1000]);
    await count(shop, take, dye.id, 30);
    expectStatus(await finish(shop, take), 200);
    assert.equal((await item(shop, dye.id)).available, 0);
  });

  test('counts a category, a list, or all that are not retired', async () => {
    const shop = await shopOf({ items: [], services: [], publish: false });
    const [wax, gel] = [await add(shop, { name: 'Wax', category: 'Hair' }), await add(shop, { name: 'Gel' })];
    const old = await add(shop, { name: 'Old', category: 'Hair', active: false });
    const lines = async (body) => (await open(shop, body)).lines.map((line) => line.item_id);
    assert.deepEqual(await lines({ category: 'Hair' }), [wax.id]);
    assert.deepEqual(await lines({ item_ids: [gel.id, old.id, gel.id] }), [gel.id, old.id]);
    assert.deepEqual(await lines({}), [wax.id, gel.id]);
    expectProblem(await shop.owner.post('/stocktakes', { category: 'None' }), 422);
    expectProblem(await shop.owner.post('/stocktakes', { category: 'Hair', item_ids: [gel.id] }), 422);
    expectProblem(await shop.owner.post('/stocktakes', { item_ids: ['1'] }), 404);
  });

  test('is not finished over a number that its reader has not seen, and is dropped without a trace in the stock', async () => {
    const shop = await shopOf();
    const [{ id }] = shop.items;
    const take = await open(shop);
    await count(shop, take, id, 1);
    expectProblem(await finish(shop, take, { version: take.version }), 412);
    const { version } = expectStatus(await shop.owner.get(`/stocktakes/${take.id}`), 200);
    const gone = expectStatus(await shop.owner.post(`/stocktakes/${take.id}/cancel`, undefined, { version }), 200);
    assert.equal(gone.status, 'cancelled');
    assert.equal((await item(shop, id)).on_hand, 1000);
    assert.equal((await ledger(shop, id)).length, 1);
    expectProblem(await shop.owner.post(`/stocktakes/${take.id}/cancel`), 409, 'invalid_transition');
    const again = expectStatus(await shop.owner.post(`/stocktakes/${take.id}/reopen`), 200);
    assert.deepEqual([again.status, again.ended_at, again.lines[0].counted], ['open', null, 1]);
    expectProblem(await shop.owner.post(`/stocktakes/${take.id}/reopen`), 409, 'invalid_transition');
  });

  test('is of who may have the stock, and of nobody else', async () => {
    const [shop, other] = [await shopOf(), await shopOf()];
    const take = await open(shop);
    expectProblem(await other.owner.get(`/stocktakes/${take.id}`), 404);
    expectProblem(await other.owner.put(`/stocktakes/${take.id}/lines/${shop.items[0].id}`, { counted: 1 }), 404);
    expectProblem(await other.owner.post(`/stocktakes/${take.id}/finish`), 404);
    expectProblem(await new Client(server.baseUrl).get('/stocktakes'), 401);
    const member = await memberWith(shop, 'inventory');
    const line = expectStatus(await member.put(`/stocktakes/${take.id}/lines/${shop.items[0].id}`, { counted: 1 }), 200);
    assert.equal(line.counted_by, 'Ann');
    expectStatus(await shop.owner.patch(`/staff/${shop.staff[0].id}`, { permissions: ['clients'] }), 200);
    expectProblem(await member.get('/stocktakes'), 403);
  });

  test('whatever moves between counting and finishing, the ledger’s sums stay the shelf’s', async () => {
    const shop = await shopOf({ items: [0, 1, 2, 3].map((i) => ({ name: `Thing ${i}`, unit: 'ml', on_hand: 100 })), services: [], publish: false });
    const ids = shop.items.map(({ id }) => id);
    const dice = randomly(20261127);
    for (let round = 0; round < 4; round += 1) {
      // What the shelf must hold: as counted, and everything since; a count by hand starts anew.
      const model = new Map();
      for (const id of ids) model.set(id, (await item(shop, id)).on_hand);
      const take = await open(shop);
      for (let step = 0; step < 14; step += 1) {
        const id = ids[dice(ids.length)];
        const kind = ['stocktake', 'receive', 'waste', 'adjust', 'count', 'uncount'][dice(6)];
        const quantity = (dice(40) + 1) / 4;
        if (kind === 'stocktake') {
          await count(shop, take, id, quantity * 8);
        } else if (kind === 'uncount') {
          await count(shop, take, id, null);
        } else {
          await move(shop, id, { kind, quantity: kind === 'adjust' && dice(2) ? -quantity : quantity });
        }
      }
      const rows = new Map();
      const { lines } = expectStatus(await shop.owner.get(`/stocktakes/${take.id}`), 200);
      for (const id of ids) rows.set(id, (await ledger(shop, id)).toReversed());
      for (const { item_id: id, counted, expected } of lines) {
        const before = rows.get(id).at(-1).on_hand_after;
        model.set(id, before + (counted === null ? 0 : counted - expected));
      }
      const answer = await finish(shop, take);
      if (answer.status === 409) {
        expectStatus(await shop.owner.post(`/stocktakes/${take.id}/cancel`), 200);
        continue;
      }
      const done = expectStatus(answer, 200);
      for (const { item_id: id, counted, overtaken } of done.lines) {
        const all = (await ledger(shop, id)).toReversed();
        let [shelf, held] = [0, 0];
        for (const row of all) {
          shelf += row.on_hand_delta;
          held += row.reserved_delta;
          assert.deepEqual([row.on_hand_after, row.reserved_after], [shelf, held]);
        }
        const now = await item(shop, id);
        assert.deepEqual([now.on_hand, now.reserved], [shelf, held]);
        const written = all.filter((row) => row.stocktake_id === take.id);
        assert.equal(written.length, counted === null || overtaken ? 0 : 1);
        if (!overtaken) assert.equal(now.on_hand, model.get(id));
        else assert.equal(now.on_hand, rows.get(id).at(-1).on_hand_after);
      }
    }
  });
});

/** The same numbers each time: a linear congruence, good enough for dice. */
function randomly(seed) {
  let state = seed;
  return (sides) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * sides);
  };
}
