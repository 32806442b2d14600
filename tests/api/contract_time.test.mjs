// SPDX-License-Identifier: AGPL-3.0-or-later
// Days of 23, 23.5, 24, 24.5 and 25 hours: how many starts they have, how each is written, and that
// what is offered on them is what is booked.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { dateIn, everyDay, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { readContract, tag } from './contract_check.mjs';

const QUARTER_MS = 15 * 60_000;
const FAR = { max_advance_days: 730, slot_step_min: 15 };
const QUARTER = { name: 'Quarter', duration_min: 15, price: 1 };

// Where the offset changes, by the time-zone data of the engine that runs this test: the day, its
// length in hours, and a wall clock that stands twice (or never) on it.
const ZONES = [
  'Australia/Lord_Howe',
  'Europe/Paris',
  'America/New_York',
  'Africa/Cairo',
  'America/Santiago',
  'Pacific/Chatham',
];

const formatters = new Map();
function formatterOf(zone) {
  const made =
    formatters.get(zone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' });
  formatters.set(zone, made);
  return made;
}

function offsetMin(zone, instant) {
  const found = /GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(formatterOf(zone).format(instant));
  return found[1] ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
}

function localText(zone, instant) {
  const offset = offsetMin(zone, instant);
  const two = (value) => String(value).padStart(2, '0');
  const wall = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, 16);
  const size = Math.abs(offset);
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The instants of each local day from `first`, every 15 minutes, for so many days. */
function daysOf(zone, first, count) {
  const days = new Map();
  const from = Date.parse(`${first}T00:00:00Z`) - 26 * 3_600_000;
  for (let i = 0; i < (count + 3) * 96; i += 1) {
    const instant = new Date(from + i * QUARTER_MS);
    const date = localText(zone, instant).slice(0, 10);
    days.set(date, [...(days.get(date) ?? []), instant]);
  }
  return [...days].filter(([date]) => date >= first).slice(0, count);
}

/** The days within a year, from the day after tomorrow, that are not of 24 hours. */
function oddDays(zone) {
  const first = Date.parse(`${dateIn(2)}T12:00:00Z`);
  const noons = Array.from({ length: 370 }, (_, i) => new Date(first + i * 24 * 3_600_000));
  const near = noons.filter(
    (noon, i) => i && offsetMin(zone, noon) !== offsetMin(zone, noons[i - 1]),
  );
  const days = near.flatMap((noon) => {
    const before = new Date(noon.getTime() - 2 * 24 * 3_600_000).toISOString().slice(0, 10);
    return daysOf(zone, before, 4);
  });
  return days.filter(([, instants]) => instants.length !== 96);
}

describe('slots on days of every length', () => {
  let server;
  let contract;
  before(async (t) => {
    server = await startServer(t);
    contract = await readContract(server);
  });

  const openAlways = (timezone, more = {}) =>
    makeSalon(server, {
      timezone,
      hours: everyDay('00:00', '24:00'),
      policy: FAR,
      staff: ['Ann'],
      services: [QUARTER],
      ...more,
    });

  for (const zone of ZONES) {
    test(`in ${zone} a day that is open around the clock offers each of its quarters once`, async () => {
      const salon = await openAlways(zone);
      const odd = oddDays(zone);
      assert.ok(odd.length >= 2, `${odd.length} changes in a year`);
      for (const [date, instants] of odd) {
        const slots = await salon.slots({ from: date });
        assert.deepEqual(
          slots.map(({ start, local }) => `${start} ${local}`),
          instants.map(
            (each) => `${each.toISOString().replace('.000', '')} ${localText(zone, each)}`,
          ),
        );
      }
    });

    test(`in ${zone} every start of a changing day can be booked, and the booking says the same local time`, async () => {
      const salon = await openAlways(zone);
      for (const [date] of oddDays(zone)) {
        const slots = await salon.slots({ from: date });
        for (const slot of [slots[0], ...slots.slice(4, 14), slots.at(-1)]) {
          const { booking } = expectStatus(await salon.book({ start: slot.start }), 201);
          assert.deepEqual([booking.start, booking.local], [slot.start, slot.local]);
        }
        const rows = await salon.owner.list(`/bookings?from=${date}&to=${date}`);
        assert.equal(rows.length, 12, 'a day of the diary is the local day');
      }
    });
  }

  test('hours that stand twice in a night are twice as long, and those that never are have no slot', async () => {
    const salon = await makeSalon(server, {
      timezone: 'Europe/Paris',
      hours: everyDay('02:00', '03:00'),
      policy: FAR,
      staff: ['Ann'],
      services: [QUARTER],
    });
    for (const [date, instants] of oddDays('Europe/Paris')) {
      const slots = await salon.slots({ from: date });
      assert.equal(slots.length, instants.length > 96 ? 8 : 0, date);
    }
  });

  test('a week of availability is every date once, in order, at most 62', async () => {
    const salon = await openAlways('Pacific/Apia');
    const ask = (from, to) =>
      salon.visitor.get(
        `/public/${salon.slug}/availability?service_ids=${salon.services[0].id}&from=${from}&to=${to}`,
      );
    const { days, timezone } = expectStatus(await ask(dateIn(3), dateIn(64)), 200);
    assert.equal(timezone, 'Pacific/Apia');
    assert.deepEqual(
      days.map(({ date }) => date),
      Array.from({ length: 62 }, (_, i) => dateIn(3 + i)),
    );
    expectInvalid(await ask(dateIn(3), dateIn(65)), ['to']);
    expectInvalid(await ask(dateIn(3), dateIn(2)), ['to']);
    expectInvalid(await ask('2026-02-30', '2026-03-01'), ['from']);
    expectInvalid(await ask('2027-1-1', '2027-01-01'), ['from']);
  });

  test('each empty day says why: closed, full, out of stock, too soon, too far', async () => {
    const salon = await makeSalon(server, {
      staff: ['Ann'],
      hours: everyDay('09:00', '10:00'),
      policy: { max_advance_days: 30 },
      items: [{ name: 'Oil', unit: 'ml', on_hand: 2 }],
      services: [
        { name: 'Hour', duration_min: 60, price: 1 },
        { name: 'Oiled', duration_min: 60, price: 1, materials: [[0, 3]] },
      ],
    });
    const closed = dateIn(5);
    expectStatus(
      await salon.owner.patch('/workspace', {
        closures: [{ from: closed, to: closed, reason: 'fair' }],
      }),
      200,
    );
    const [slot] = await salon.slots({ from: dateIn(4) });
    expectStatus(await salon.book({ start: slot.start }), 201);
    const reason = async (date, service = 0) => {
      const query = `service_ids=${salon.services[service].id}&from=${date}&to=${date}`;
      const { days } = expectStatus(
        await salon.visitor.get(`/public/${salon.slug}/availability?${query}`),
        200,
      );
      return days[0].slots.length ? undefined : days[0].reason;
    };
    assert.deepEqual(
      [
        await reason(dateIn(3)),
        await reason(closed),
        await reason(dateIn(4)),
        await reason(dateIn(3), 1),
        await reason(dateIn(-3)),
        await reason(dateIn(60)),
      ],
      [undefined, 'closed', 'full', 'out_of_stock', 'too_soon', 'too_far'],
    );
  });

  test('spans that touch are one, and hours that cross or are backwards are refused', async () => {
    const salon = await makeSalon(server, {
      staff: ['Ann'],
      hours: [...everyDay('09:00', '10:00'), ...everyDay('10:00', '11:00')],
      services: [{ name: 'Long', duration_min: 120, price: 1 }],
    });
    const slots = await salon.slots();
    assert.deepEqual(
      slots.map(({ local }) => local.slice(11, 16)),
      ['09:00'],
    );
    const set = (start, end, weekday = 1) =>
      salon.owner.patch('/workspace', { hours: [{ weekday, start, end }] });
    for (const [start, end] of [
      ['10:00', '09:00'],
      ['10:00', '10:00'],
      ['25:00', '26:00'],
      ['9:00', '10:00'],
      ['09:60', '10:00'],
      ['24:00', '24:00'],
      ['09:00', '24:01'],
    ]) {
      expectProblem(await set(start, end), 422, 'validation_failed');
    }
    for (const weekday of [0, 8, -1, 1.5, '1'])
      expectProblem(await set('09:00', '10:00', weekday), 422, 'validation_failed');
    const hours = `/staff/${salon.staff[0].id}/hours`;
    expectProblem(
      await salon.owner.put(hours, { weekly: [{ weekday: 1, start: '10:00', end: '09:00' }] }),
      422,
      'validation_failed',
    );
  });

  test("a person's time off takes their starts away and gives them back", async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const date = dateIn(6);
    const before = await salon.slots({ from: date });
    const path = `/staff/${salon.staff[0].id}/time-off`;
    const off = expectStatus(
      await salon.owner.post(path, {
        start: before[4].start,
        end: before[12].start,
        reason: 'dentist',
      }),
      201,
    );
    const during = (await salon.slots({ from: date })).map(({ start }) => start);
    assert.ok(
      !during.includes(before[4].start) &&
        !during.includes(before[2].start) &&
        during.includes(before[12].start),
    );
    expectInvalid(await salon.owner.post(path, { start: before[4].start, end: before[4].start }), [
      'end',
    ]);
    expectStatus(await salon.owner.delete(`${path}/${off.id}`), 204);
    assert.deepEqual(
      (await salon.slots({ from: date })).map(({ start }) => start),
      before.map(({ start }) => start),
    );
    expectProblem(await salon.owner.delete(`${path}/${off.id}`), 404);
    const days = expectStatus(await salon.owner.post(path, { start: date, end: dateIn(7) }), 201);
    assert.deepEqual(
      [days.local_start, days.local_end].map((at) => at.slice(0, 16)),
      [`${date}T00:00`, `${dateIn(8)}T00:00`],
      'dates are the whole days of the business',
    );
    const hour = expectStatus(await salon.owner.post(path, { start: `${dateIn(9)}T09:00`, end: `${dateIn(9)}T10:30` }), 201);
    assert.equal(hour.local_end.slice(0, 16), `${dateIn(9)}T10:30`);
    expectInvalid(await salon.owner.post(path, { start: `${dateIn(9)}T25:00`, end: dateIn(9) }), ['start']);
  });

  test('a change of the time zone keeps the instants of what is booked', async () => {
    const salon = await makeSalon(server, { staff: ['Ann'] });
    const owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
    const [slot] = await salon.slots();
    const { booking } = expectStatus(
      await salon.book({
        start: slot.start,
        client: { name: 'Zoe', email: `z.${tag()}@client.example` },
      }),
      201,
    );
    expectStatus(await owner.patch('/workspace', { timezone: 'Asia/Kathmandu' }), 200);
    const read = expectStatus(await owner.get(`/bookings/${booking.id}`), 200);
    assert.equal(read.start, slot.start);
    assert.equal(read.local, localText('Asia/Kathmandu', new Date(slot.start)));
    assert.deepEqual(contract.deviations(), []);
  });
});
