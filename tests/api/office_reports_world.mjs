// SPDX-License-Identifier: AGPL-3.0-or-later
// A business with two years behind it, written past the program from a seed, and its reports
// reckoned a second time: from the raw rows, by another calendar (Intl's), in the plainest way.

import { expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { makeSalon } from '../lib/salon.mjs';

const DAY_S = 86_400;
export const CLIENTS = 40;
const MOST_ROWS = 200;

/** Numbers that are the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, of: (list) => list[below(list.length)], chance: (p) => next() < p };
}

async function insert(server, table, rows) {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]);
  const cell = (value) => (value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : value);
  for (let i = 0; i < rows.length; i += MOST_ROWS) {
    const values = rows.slice(i, i + MOST_ROWS).map((row) => `(${columns.map((c) => cell(row[c])).join(', ')})`);
    // oxlint-disable-next-line no-await-in-loop
    await sql(server, `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values.join(', ')}`);
  }
}

function bookingsOf(salon, dice, { from_s: from, to_s: to }) {
  const made = { booking: [], booking_service: [], booking_material: [], hold: [], rating: [] };
  const ws = salon.workspace.id;
  const now = Math.floor(Date.now() / 1000);
  let id = 10_000;
  for (const { id: staff } of salon.staff) {
    for (let at = from + dice.below(DAY_S); at < to; at += 3 * 3600 + 60 * dice.below(60 * 44)) {
      id += 1;
      const start = at;
      const open = start > now;
      const status = open ? dice.of(['pending', 'confirmed', 'cancelled']) : dice.of(['completed', 'completed', 'completed', 'confirmed', 'cancelled', 'no_show']);
      const services = [dice.of(salon.services), ...(dice.chance(0.3) ? [dice.of(salon.services)] : [])];
      const lines = services.map((service) => ({ service, price: service.price + 100 * dice.below(5) }));
      const isGone = status === 'cancelled';
      made.booking.push({
        ...{ workspace_id: ws, id, client_id: 1 + dice.below(CLIENTS), staff_id: staff, status, start_s: start },
        ...{ end_s: start + 5400, outer_from_s: start - 600, outer_to_s: start + 5700 },
        price: lines.reduce((sum, line) => sum + line.price, 0),
        source: dice.of(['public', 'staff']),
        cancelled_from: isGone ? 'confirmed' : null,
        cancelled_by: isGone ? dice.of(['client', 'staff']) : null,
        cancelled_s: isGone ? start - dice.of([-600, 7199, 7200, 86_399, 86_400, 259_199, 259_200, 604_799, 604_800]) : null,
        created_s: start - 20 * DAY_S,
      });
      lines.forEach(({ service, price }, position) =>
        made.booking_service.push({ workspace_id: ws, booking_id: id, position, service_id: service.id, name: 'x', duration_min: 45, price }),
      );
      const held = isGone || status === 'no_show' ? 0 : 1;
      // Before and after the colour takes: ten minutes and some, an hour free, the rest.
      for (const [begin, end] of [[start - 600, start + 900], [start + 4500, start + 5700]]) {
        made.hold.push({ workspace_id: ws, resource_id: staff, start_s: begin, id: made.hold.length + 1, end_s: end, booking_id: id, active: held });
      }
      for (const item of salon.items.filter(() => dice.chance(0.6))) {
        const quantity = 500 * dice.below(9);
        made.booking_material.push({ workspace_id: ws, booking_id: id, item_id: item.id, quantity, used: status === 'completed' ? quantity + 250 * dice.below(4) : null });
      }
      if (status === 'completed' && dice.chance(0.5)) {
        const given = start + dice.below(3 * DAY_S);
        made.rating.push({ workspace_id: ws, id: id + 1_000_000, booking_id: id, client_id: made.booking.at(-1).client_id, staff_id: staff, stars: 1 + dice.below(5), created_s: given, changed_s: given });
      }
    }
  }
  return made;
}

function movesOf(salon, dice, { from_s: from, to_s: to }) {
  const moves = [];
  for (const item of salon.items) {
    let onHand = 0;
    for (let at = from; at < to; at += dice.below(3 * DAY_S)) {
      const kind = onHand < 20_000 ? 'receive' : dice.of(['consume', 'consume', 'waste', 'count', 'reserve', 'receive']);
      const some = 250 * (1 + dice.below(20));
      const delta = { receive: 10 * some, consume: -some, waste: -some, count: dice.chance(0.5) ? some : -some, reserve: 0 }[kind];
      onHand += delta;
      const id = moves.length + 1;
      moves.push({
        ...{ workspace_id: salon.workspace.id, item_id: item.id, id: 5_000_000_000_000_000 + id, kind, on_hand_delta: delta, reserved_delta: 0 },
        ...{ on_hand_after: onHand, reserved_after: 0, cause_kind: 'hand', cause_id: id, step: 0, actor_kind: 'owner', at_s: at },
      });
    }
  }
  return moves;
}

/** `cost` of the items, in minor units; null: nobody has said it. */
export async function makeWorld(server, { zone, seed, costs = [12, 7, null], from_s, to_s }) {
  const salon = await makeSalon(server, {
    ...{ timezone: zone, staff: ['Ann', 'Bob', 'Cem'] },
    items: [{ name: 'Oil' }, { name: 'Foil', unit: 'pc' }, { name: 'Soap' }],
    services: [{ name: 'Cut', duration_min: 45, price: 4500 }, { name: 'Colour', duration_min: 90, price: 9000 }, { name: 'Beard', duration_min: 30, price: 2000 }],
    hours: [
      ...[1, 2, 3, 4, 6].map((weekday) => ({ weekday, start: '09:00', end: '13:30' })),
      ...[1, 2, 4, 5].map((weekday) => ({ weekday, start: '14:00', end: '18:00' })),
      { weekday: 7, start: '00:00', end: '24:00' },
    ],
  });
  const dice = random(seed);
  const ws = salon.workspace.id;
  // Ann has other hours, Bob the business's, Cem none.
  const hours = [{ weekday: 7, start: '00:30', end: '04:00' }, { weekday: 2, start: '08:00', end: '15:00' }, { weekday: 5, start: '14:00', end: '22:00' }];
  expectStatus(await salon.owner.put(`/staff/${salon.staff[0].id}/hours`, { weekly: hours }), 200);
  expectStatus(await salon.owner.put(`/staff/${salon.staff[2].id}/hours`, { weekly: [] }), 200);
  await insert(server, 'client', Array.from({ length: CLIENTS }, (_, i) => ({ workspace_id: ws, id: i + 1, name: `Client ${i}`, created_s: 1 })));
  const made = bookingsOf(salon, dice, { from_s, to_s });
  for (const table of ['booking', 'booking_service', 'booking_material', 'hold', 'rating']) {
    // oxlint-disable-next-line no-await-in-loop
    await insert(server, table, made[table]);
  }
  await insert(server, 'stock_move', movesOf(salon, dice, { from_s, to_s }));
  await insert(server, 'closure', [3, 90, 300].map((after) => ({ workspace_id: ws, from_day: Math.floor(from_s / DAY_S) + after, to_day: Math.floor(from_s / DAY_S) + after + 4 })));
  await insert(server, 'time_off', Array.from({ length: 12 }, (_, i) => {
    const start = Math.floor((from_s + dice.below(to_s - from_s)) / 60) * 60;
    return { workspace_id: ws, staff_id: dice.of(salon.staff).id, id: i + 1, start_s: start, end_s: start + 3600 * (1 + dice.below(100)), created_s: 1 };
  }));
  for (const [i, cost] of costs.entries()) {
    // oxlint-disable-next-line no-await-in-loop
    await sql(server, `UPDATE item SET unit_cost = ${cost ?? 'NULL'} WHERE workspace_id = ${ws} AND id = ${salon.items[i].id}`);
  }
  return salon;
}

// ---- the second reckoning ----

const table = async (server, text, names) =>
  (await sql(server, text)).map((line) => {
    const cells = line.split('|');
    return Object.fromEntries(names.map((name, i) => [name, /^-?\d+$/.test(cells[i]) ? Number(cells[i]) : cells[i]]));
  });

/** All raw rows of a business. Ids stay texts where they are larger than a number holds. */
export async function rawRows(server, salon) {
  const of = (name, columns, order = '') => table(server, `SELECT ${columns.map((c) => (/_?id$/.test(c) ? `'i' || ${c}` : c)).join(', ')} FROM ${name} WHERE workspace_id = ${salon.workspace.id}${order}`, columns);
  const strip = (rows) => rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, /_?id$/.test(k) ? String(v).slice(1) : v])));
  const [bookings, lines, materials, holds, ratings, moves, items, timeOff, closures] = [
    await of('booking', ['id', 'client_id', 'staff_id', 'status', 'start_s', 'price', 'source', 'cancelled_by', 'cancelled_s']),
    await of('booking_service', ['booking_id', 'service_id', 'price']),
    await of('booking_material', ['booking_id', 'item_id', 'quantity', 'used']),
    await of('hold', ['resource_id', 'booking_id', 'start_s', 'end_s', 'active']),
    await of('rating', ['booking_id', 'staff_id', 'stars', 'created_s']),
    await of('stock_move', ['id', 'item_id', 'kind', 'on_hand_delta', 'at_s']),
    await of('item', ['id', 'unit_cost']),
    await of('time_off', ['staff_id', 'start_s', 'end_s']),
    await table(server, `SELECT from_day, to_day FROM closure WHERE workspace_id = ${salon.workspace.id}`, ['from_day', 'to_day']),
  ].map((rows, i) => (i === 8 ? rows : strip(rows)));
  return { bookings, lines, materials, holds, ratings, moves, items, timeOff, closures };
}

const clocks = new Map();
const walls = new Map();
/** `2026-03-29 02:30` on the wall at an instant. */
export function wall(zone, at) {
  const key = `${zone} ${at}`;
  if (!walls.has(key)) walls.set(key, readWall(zone, at));
  return walls.get(key);
}

function readWall(zone, at) {
  if (!clocks.has(zone)) {
    clocks.set(zone, new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }));
  }
  const parts = Object.fromEntries(clocks.get(zone).formatToParts(new Date(at * 1000)).map(({ type, value }) => [type, value]));
  return { date: `${parts.year}-${parts.month}-${parts.day}`, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}
export const dateAt = (zone, at) => wall(zone, at).date;
export const addDays = (date, days) => new Date(Date.parse(`${date}T12:00Z`) + days * DAY_S * 1000).toISOString().slice(0, 10);
export const daysOf = (from, to) => {
  const dates = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
};
const weekday = (date) => new Date(`${date}T12:00Z`).getUTCDay() || 7;

/** Dates → parts, by the rules of the calendar. */
export function partsOf(from, to, by) {
  const parts = [];
  for (const date of daysOf(from, to)) {
    const isNew = by === 'day' || (by === 'week' ? weekday(date) === 1 : date.endsWith('-01'));
    if (isNew || parts.length === 0) parts.push({ from: date, to: date });
    else parts.at(-1).to = date;
  }
  return parts;
}

const ratio = (part, whole, scale) => (whole > 0 ? Math.floor((part * scale * 2 + whole) / (whole * 2)) : undefined);
const sum = (rows, value) => rows.reduce((total, row) => total + value(row), 0);
const minor = (thousandths) => Math.sign(thousandths) * Math.floor((Math.abs(thousandths) + 500) / 1000);

/** Bookings whose start falls on the dates, narrowed as asked, with the price that then counts. */
function chosen(raw, zone, { from, to, staff, service }) {
  return raw.bookings.flatMap((b) => {
    const date = dateAt(zone, b.start_s);
    if (date < from || date > to || (staff && b.staff_id !== staff)) return [];
    const lines = service ? raw.lines.filter((line) => line.booking_id === b.id && line.service_id === service) : [];
    if (service && lines.length === 0) return [];
    return [{ ...b, date, price: service ? sum(lines, (line) => line.price) : b.price }];
  });
}

export function visitFigures(list) {
  const of = (...statuses) => list.filter(({ status }) => statuses.includes(status));
  const money = (...statuses) => sum(of(...statuses), ({ price }) => price);
  const count = (...statuses) => of(...statuses).length;
  const gone = of('cancelled').map((b) => ({ ...b, notice: b.start_s - b.cancelled_s }));
  const within = (least, most) => gone.filter(({ notice }) => notice >= least && notice < most).length;
  return {
    ...{ all: list.length, visits: list.length - gone.length, completed: count('completed'), confirmed: count('confirmed'), pending: count('pending') },
    ...{ cancelled: gone.length, no_show: count('no_show'), online: list.filter((b) => b.source === 'public' && b.status !== 'cancelled').length },
    ...{ booked_value: money('pending', 'confirmed', 'completed'), completed_value: money('completed'), average_value: ratio(money('completed'), count('completed'), 1) },
    ...{ no_show_value: money('no_show'), cancelled_value: money('cancelled') },
    ...{ no_show_permille: ratio(count('no_show'), count('completed', 'no_show'), 1000), cancelled_permille: ratio(gone.length, list.length, 1000) },
    ...{ by_client: gone.filter((b) => b.cancelled_by === 'client').length, by_business: gone.filter((b) => b.cancelled_by !== 'client').length },
    ...{ within_2h: within(-Infinity, 7200), within_day: within(7200, 86_400), within_3_days: within(86_400, 259_200), within_week: within(259_200, 604_800), earlier: within(604_800, Infinity) },
  };
}

export const visitsReport = (raw, zone, question, dates) =>
  visitFigures(chosen(raw, zone, { ...question, ...dates }));

/** Minute by minute: who is open, by the wall clock alone. */
export function openMinutes(raw, zone, hours, question) {
  const shut = (date) => raw.closures.some(({ from_day: first, to_day: last }) => {
    const day = Math.round(Date.parse(`${date}T00:00Z`) / 1000 / DAY_S);
    return day >= first && day <= last;
  });
  const minutes = new Map();
  const first = Math.floor(Date.parse(`${question.from}T00:00Z`) / 1000) - DAY_S;
  const last = Math.floor(Date.parse(`${question.to}T00:00Z`) / 1000) + 2 * DAY_S;
  for (let at = first; at < last; at += 60) {
    // The clock is asked once a quarter of an hour, at which alone clocks change.
    const quarter = wall(zone, at - (at % 900));
    const { date, minute } = { date: quarter.date, minute: quarter.minute + (at % 900) / 60 };
    if (date < question.from || date > question.to || shut(date)) continue;
    for (const [staff, weekly] of hours) {
      const within = (spans) => spans.some((s) => s.weekday === weekday(date) && minute >= s.from && minute < s.to);
      if (!within(hours.get('business')) || (weekly && !within(weekly)) || staff === 'business') continue;
      if (raw.timeOff.some((t) => t.staff_id === staff && t.start_s <= at && at < t.end_s)) continue;
      minutes.set(`${staff} ${date}`, (minutes.get(`${staff} ${date}`) ?? 0) + 1);
    }
  }
  return minutes;
}

export function peopleReport(raw, zone, question, open, dates) {
  const inside = (date) => date >= dates.from && date <= dates.to;
  const seconds = sum(
    raw.holds.filter((h) => h.active === 1 && (!question.staff || h.resource_id === question.staff) && inside(dateAt(zone, h.start_s))),
    (h) => h.end_s - h.start_s,
  );
  const minutes = sum([...open].filter(([key]) => inside(key.split(' ')[1]) && (!question.staff || key.startsWith(question.staff))), ([, n]) => n);
  return { worked_min: Math.floor(seconds / 60), open_min: minutes, worked_permille: ratio(seconds, minutes * 60, 1000) };
}

const RETURN_S = 90 * DAY_S;
export function clientsReport(raw, zone, question, dates, now) {
  const completed = raw.bookings.filter(({ status }) => status === 'completed');
  const firsts = new Map();
  for (const b of chosen(raw, zone, question).filter(({ status }) => status === 'completed').sort((a, c) => a.start_s - c.start_s)) {
    if (!firsts.has(b.client_id)) firsts.set(b.client_id, b);
  }
  const list = [...firsts.values()].filter(({ date }) => date >= dates.from && date <= dates.to).map((b) => {
    const others = completed.filter((o) => o.client_id === b.client_id);
    const back = others.some((o) => o.start_s > b.start_s && o.start_s <= b.start_s + RETURN_S);
    return { known: others.some((o) => o.start_s < b.start_s), back, waiting: b.start_s + RETURN_S >= now };
  });
  const count = (test) => list.filter(test).length;
  const waiting = count((c) => c.waiting);
  const back = count((c) => !c.waiting && c.back);
  return { clients: list.length, new: count((c) => !c.known), returning: count((c) => c.known), came_back: back, waiting, return_permille: ratio(back, list.length - waiting, 1000) };
}

export function ratingsReport(raw, zone, question, dates) {
  const list = raw.ratings.filter((r) => {
    const date = dateAt(zone, r.created_s);
    const has = () => raw.lines.some((line) => line.booking_id === r.booking_id && line.service_id === question.service);
    return date >= dates.from && date <= dates.to && (!question.staff || r.staff_id === question.staff) && (!question.service || has());
  });
  const stars = sum(list, (r) => r.stars);
  const of = (n) => list.filter((r) => r.stars === n).length;
  return { ratings: list.length, stars, mean_hundredths: ratio(stars, list.length, 100), stars_1: of(1), stars_2: of(2), stars_3: of(3), stars_4: of(4), stars_5: of(5) };
}

/** What lay there when a date was over, by adding up the whole ledger. */
export function stockAt(raw, zone, date) {
  return raw.items.map((item) => ({
    ...item,
    on_hand: sum(raw.moves.filter((m) => m.item_id === item.id && dateAt(zone, m.at_s) <= date), (m) => m.on_hand_delta),
  }));
}
export function stockValue(raw, zone, date) {
  const stock = stockAt(raw, zone, date).filter(({ on_hand: n }) => n !== 0);
  return {
    stock_value: minor(sum(stock, (item) => item.on_hand * (item.unit_cost || 0))),
    items: stock.length,
    unpriced: stock.filter(({ unit_cost: cost }) => cost === '').length,
  };
}

export function usageOf(raw, zone, question, dates) {
  const done = new Set(chosen(raw, zone, { ...question, ...dates }).filter((b) => b.status === 'completed').map(({ id }) => id));
  return raw.items.map((item) => {
    const lines = raw.materials.filter((m) => m.item_id === item.id && done.has(m.booking_id));
    const waste = raw.moves.filter((m) => m.item_id === item.id && m.kind === 'waste' && dateAt(zone, m.at_s) >= dates.from && dateAt(zone, m.at_s) <= dates.to);
    return { ...item, lines: lines.length + waste.length, planned: sum(lines, (m) => m.quantity), used: sum(lines, (m) => m.used || 0), waste: sum(waste, (m) => -m.on_hand_delta) };
  });
}
export function usageReport(raw, zone, question, dates) {
  const items = usageOf(raw, zone, question, dates);
  const value = (of) => minor(sum(items, (item) => item[of] * (item.unit_cost || 0)));
  return { planned_value: value('planned'), used_value: value('used'), waste_value: value('waste') };
}
