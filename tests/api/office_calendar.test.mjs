// SPDX-License-Identifier: AGPL-3.0-or-later
// The calendar's days: what stands where in elapsed minutes, on days of every length, and who may see it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { arrive } from '../lib/members.mjs';
import { dateIn, everyDay, makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const calendar = async (who, from, to = from, more = '') =>
  expectStatus(await who.get(`/calendar?from=${from}&to=${to}${more}`), 200);
const spans = (list) => list.map(({ at, minutes }) => [at, minutes]);
const nextDay = (date) => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);

describe('the calendar', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  /** Written down by hand, past or future, over no other visit. */
  const put = async (salon, start, { staff = 0, service = 0, name = 'Cleo Lane', ...more } = {}) =>
    expectStatus(
      await salon.owner.post('/bookings', {
        service_ids: [salon.services[service].id],
        staff_id: salon.staff[staff].id,
        start,
        client: { name },
        override_hours: true,
        ...more,
      }),
      201,
    );

  describe('a day is as long as it is', () => {
    const cases = [
      ['Europe/Paris', '2026-03-29', 1380, '2026-03-28T23:00:00Z', ['00:00', '01:00', '03:00', '04:00']],
      ['Europe/Paris', '2026-10-25', 1500, '2026-10-24T22:00:00Z', ['00:00', '01:00', '02:00', '02:00', '03:00']],
      ['Europe/Paris', '2026-11-02', 1440, '2026-11-01T23:00:00Z', ['00:00', '01:00', '02:00']],
      ['Australia/Lord_Howe', '2026-04-05', 1470, '2026-04-04T13:00:00Z', ['00:00', '01:00', '01:30', '02:00', '03:00']],
      ['Australia/Lord_Howe', '2026-10-04', 1410, '2026-10-03T13:30:00Z', ['00:00', '01:00', '02:30', '03:00', '04:00']],
    ];
    for (const [timezone, date, minutes, startsAt, labels] of cases) {
      test(`${date} in ${timezone} has ${minutes} minutes, and its hours stand where the clock shows them`, async () => {
        const salon = await makeSalon(server, { timezone, hours: everyDay('00:00', '24:00') });
        const { days } = await calendar(salon.owner, date);
        assert.equal(days.length, 1);
        const [day] = days;
        assert.deepEqual([day.date, day.minutes, day.starts_at], [date, minutes, startsAt]);
        assert.deepEqual(day.marks.slice(0, labels.length).map(({ label }) => label), labels);
        assert.deepEqual(spans(day.open), [[0, minutes]]);
        for (const { at, wall_min: wall, label } of day.marks) {
          const instant = new Date(Date.parse(day.starts_at) + at * 60_000);
          const shown = instant.toLocaleTimeString('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
          assert.equal(label, shown);
          assert.equal(wall, Number(label.slice(0, 2)) * 60 + Number(label.slice(3)));
        }
      });
    }

    test('an hour that comes twice is marked the second time, and a visit in it lies at its own minute', async () => {
      const salon = await makeSalon(server, { hours: everyDay('00:00', '24:00') });
      const first = await put(salon, '2026-10-25T00:15:00Z', { name: 'First' });
      const second = await put(salon, '2026-10-25T01:15:00Z', { name: 'Second' });
      const late = await put(salon, '2026-10-25T13:00:00Z', { name: 'Late' });
      const { days, visits } = await calendar(salon.owner, '2026-10-25');
      assert.deepEqual(days[0].marks.filter(({ again }) => again).map(({ at, label }) => [at, label]), [[180, '02:00']]);
      assert.deepEqual(visits.map(({ id, at }) => [id, at]), [[first.id, 135], [second.id, 195], [late.id, 900]]);
      const spring = await put(salon, '2026-03-29T07:00:00Z', { name: 'Spring' });
      const { visits: march } = await calendar(salon.owner, '2026-03-29');
      assert.deepEqual(march.map(({ id, at }) => [id, at]), [[spring.id, 480]]);
    });
  });

  describe('what stands where', () => {
    test('work, processing and buffers as the visit was placed, with its room and what would do as well', async () => {
      const salon = await makeSalon(server);
      const rooms = [];
      for (const name of ['Blue', 'Red']) {
        rooms.push(expectStatus(await salon.owner.post('/resources', { name, kind: 'room' }), 201));
      }
      const colour = expectStatus(
        await salon.owner.post('/services', {
          name: 'Colour',
          duration_min: 90,
          segments: [
            { kind: 'work', minutes: 30 },
            { kind: 'processing', minutes: 40 },
            { kind: 'work', minutes: 20 },
          ],
          buffer_before_min: 10,
          buffer_after_min: 5,
          price: 7800,
          staff_ids: salon.staff.map(({ id }) => id),
          materials: [],
          needs: [{ any_of: rooms.map(({ id }) => id) }],
        }),
        201,
      );
      salon.services.push(colour);
      const date = dateIn(3);
      const [slot] = await salon.slots({ from: date, services: [colour] });
      const made = await put(salon, slot.start, { service: 1, client: { name: 'Cleo Lane' } });
      const { visits, people, resources, timezone, step_min: step, cut } = await calendar(salon.owner, date);
      assert.deepEqual([timezone, step, cut], ['Europe/Paris', 15, false]);
      assert.equal(visits.length, 1);
      const [visit] = visits;
      assert.deepEqual(
        [visit.id, visit.start, visit.minutes, visit.outer_minutes, visit.at - visit.outer_at],
        [made.id, made.start, 90, 105, 10],
      );
      assert.deepEqual(
        visit.segments.map(({ kind, at, minutes }) => [kind, at, minutes]),
        [['buffer', -10, 10], ['work', 0, 30], ['processing', 30, 40], ['work', 70, 20], ['buffer', 90, 5]],
      );
      const [held] = visit.resources;
      assert.deepEqual([held.at, held.minutes], [-10, 105]);
      assert.deepEqual(held.any_of.toSorted(), rooms.map(({ id }) => id).toSorted());
      assert.deepEqual([visit.client.name, visit.services[0].name, visit.version, visit.status], ['Cleo Lane', 'Colour', made.version, 'confirmed']);
      assert.deepEqual(people.map(({ name }) => name), ['Ann', 'Bob'], 'the owner cannot be booked and has no visit');
      assert.deepEqual(people[0].service_ids.toSorted(), salon.services.map(({ id }) => id).toSorted());
      assert.deepEqual(resources.map(({ name, kind }) => [name, kind]), [['Blue', 'room'], ['Red', 'room']]);
    });

    test('people’s own hours within the business’s, less their time off, and days that are closed', async () => {
      const salon = await makeSalon(server);
      const [ann, bob] = salon.staff;
      const date = dateIn(5);
      expectStatus(await salon.owner.put(`/staff/${ann.id}/hours`, { weekly: everyDay('07:00', '13:00') }), 200);
      const { days: [{ starts_at: midnight }] } = await calendar(salon.owner, date);
      const at = (minutes) => new Date(Date.parse(midnight) + minutes * 60_000).toISOString().replace('.000', '');
      const off = { start: at(600), end: at(660), reason: 'dentist' };
      expectStatus(await salon.owner.post(`/staff/${bob.id}/time-off`, off), 201);
      const closures = [{ from: nextDay(date), to: nextDay(date), reason: 'Works' }];
      expectStatus(await salon.owner.patch('/workspace', { closures }), 200);
      const { days, people } = await calendar(salon.owner, date, nextDay(date));
      assert.deepEqual(spans(people[0].days[0].open), [[540, 240]]);
      assert.deepEqual(spans(people[1].days[0].open), [[540, 60], [660, 420]]);
      assert.deepEqual(spans(people[1].days[0].off), [[600, 60]]);
      assert.deepEqual(days.map(({ closed, closure }) => [closed, closure]), [[false, ''], [true, 'Works']]);
      assert.deepEqual([days[1].open, people[0].days[1].open], [[], []]);
      assert.doesNotMatch(JSON.stringify(people), /dentist/);
    });

    test('one person alone, and cancelled visits only where they are asked for', async () => {
      const salon = await makeSalon(server);
      const date = dateIn(4);
      const [slot] = await salon.slots({ from: date });
      const one = await put(salon, slot.start, { staff: 0 });
      const two = await put(salon, slot.start, { staff: 1, name: 'Two' });
      expectStatus(await salon.owner.post(`/bookings/${one.id}/cancel`), 200);
      const ids = async (more) => (await calendar(salon.owner, date, date, more)).visits.map(({ id }) => id);
      assert.deepEqual(await ids(''), [two.id]);
      assert.deepEqual(await ids('&cancelled=true'), [one.id, two.id]);
      assert.deepEqual(await ids(`&staff_id=${salon.staff[0].id}`), []);
      const alone = await calendar(salon.owner, date, date, `&staff_id=${salon.staff[1].id}`);
      assert.deepEqual([alone.people.map(({ name }) => name), alone.visits.length], [['Bob'], 1]);
    });

    test('who was switched off keeps a column while they have visits', async () => {
      const salon = await makeSalon(server);
      const date = dateIn(4);
      const [slot] = await salon.slots({ from: date });
      await put(salon, slot.start);
      expectStatus(await salon.owner.post(`/staff/${salon.staff[0].id}/deactivate`), 200);
      const { people } = await calendar(salon.owner, date);
      assert.deepEqual(people.map(({ name, active }) => [name, active]), [['Ann', false], ['Bob', true]]);
      assert.deepEqual(people[0].days[0].open, []);
      const { people: next } = await calendar(salon.owner, nextDay(date));
      assert.deepEqual(next.map(({ name }) => name), ['Bob']);
    });

    test('a visit over midnight stands on both days’ calendars', async () => {
      const salon = await makeSalon(server, { hours: everyDay('00:00', '24:00') });
      const date = dateIn(6);
      const { days: [{ starts_at: midnight, minutes }] } = await calendar(salon.owner, date);
      const start = new Date(Date.parse(midnight) + (minutes - 20) * 60_000).toISOString();
      await put(salon, start);
      for (const day of [date, nextDay(date)]) {
        const { visits } = await calendar(salon.owner, day);
        assert.deepEqual(visits.map((visit) => [visit.date, visit.at]), [[date, minutes - 20]]);
      }
    });

    test('a time that a client is choosing is shown as held', async () => {
      const salon = await makeSalon(server);
      const [slot] = await salon.slots({ from: dateIn(4) });
      const pick = { service_ids: [salon.services[0].id], start: slot.start, staff_id: salon.staff[0].id };
      expectStatus(await salon.visitor.post(`/public/${salon.slug}/holds`, pick), 201);
      const { picks } = await calendar(salon.owner, dateIn(4));
      assert.deepEqual(picks, [{ resource_id: salon.staff[0].id, start: slot.start, minutes: 45 }]);
    });
  });

  test('a window is at most seven days and ends after it begins', async () => {
    const { owner } = await makeSalon(server);
    expectProblem(await owner.get('/calendar'), 422, 'validation_failed');
    expectProblem(await owner.get('/calendar?from=2026-11-02&to=2026-11-01'), 422, 'validation_failed');
    expectProblem(await owner.get('/calendar?from=2026-11-02&to=2026-11-09'), 422, 'validation_failed');
    expectProblem(await owner.get('/calendar?from=2026-11-02&to=2026-11-02&staff_id=1'), 404, 'not_found');
    assert.equal((await calendar(owner, '2026-11-02', '2026-11-08')).days.length, 7);
  });

  test('is for the owner and for members who see all bookings; another business’s looks absent', async () => {
    const salon = await makeSalon(server);
    const date = dateIn(4);
    const [slot] = await salon.slots({ from: date });
    const made = await put(salon, slot.start);
    const member = await arrive(server, salon.staff[0]);
    const path = `/calendar?from=${date}&to=${date}`;
    const checkPath = `/calendar/check?booking_id=${made.id}`;
    expectProblem(await member.get(path), 403, 'forbidden');
    expectProblem(await member.get(checkPath), 403, 'forbidden');
    expectProblem(await salon.visitor.get(path), 401, 'not_signed_in');
    const { version } = expectStatus(await salon.owner.get(`/staff/${salon.staff[0].id}`), 200);
    const more = { permissions: ['bookings'] };
    expectStatus(await salon.owner.patch(`/staff/${salon.staff[0].id}`, more, { version }), 200);
    assert.equal((await calendar(member, date)).visits.length, 1);
    const other = await makeSalon(server);
    assert.deepEqual((await calendar(other.owner, date)).visits, []);
    expectProblem(await other.owner.get(checkPath), 404, 'not_found');
    expectProblem(await other.owner.get(`${path}&staff_id=${salon.staff[0].id}`), 404, 'not_found');
  });

  test('a place is judged as a move there would be, and nothing is changed by it', async () => {
    const salon = await makeSalon(server);
    const date = dateIn(4);
    const slots = await salon.slots({ from: date });
    const made = await put(salon, slots[0].start);
    await put(salon, slots[8].start, { staff: 0, name: 'In the way' });
    const judge = async (start, staff) => {
      const query = new URLSearchParams({ booking_id: made.id, start });
      if (staff) query.set('staff_id', staff.id);
      const { ok, code, can_override: over } = expectStatus(await salon.owner.get(`/calendar/check?${query}`), 200);
      return [ok, code, over];
    };
    const after = (start, minutes) => new Date(Date.parse(start) + minutes * 60_000).toISOString();
    assert.deepEqual(await judge(slots[0].start), [true, null, false], 'where it is');
    assert.deepEqual(await judge(slots[3].start), [true, null, false]);
    assert.deepEqual(await judge(slots[8].start), [false, 'staff_busy', false]);
    assert.deepEqual(await judge(slots[8].start, salon.staff[1]), [true, null, false]);
    assert.deepEqual(await judge(after(slots[0].start, -120)), [false, 'closed', true]);
    assert.deepEqual(await judge(after(slots[0].start, 5)), [false, 'off_grid', true]);
    assert.equal((await calendar(salon.owner, date)).visits[0].version, made.version);
  });
});
