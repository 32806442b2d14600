// SPDX-License-Identifier: AGPL-3.0-or-later
// What the calendar computes by itself, without a page: places on days of every length, what is in the
// way, lanes, the way from visit to visit, and what each key does to a visit that is held.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { ROOT } from '../lib/process.mjs';

const OFFICE = join(ROOT, 'web/office');

/** The modules as the office has them, their types taken off. */
async function load(...names) {
  const { build } = await import(pathToFileURL(join(OFFICE, 'node_modules/vite/dist/node/index.js')));
  const lines = names.map((name) => `export * from '${join(OFFICE, 'src/screens/calendar', name)}.ts';`);
  const entry = {
    name: 'entry',
    enforce: 'pre',
    resolveId: (id) => (id.endsWith('calendar-math') ? 'calendar-math' : null),
    load: (id) => (id === 'calendar-math' ? lines.join('\n') : null),
  };
  const [made] = [
    await build({
      configFile: false,
      logLevel: 'silent',
      plugins: [entry],
      build: { write: false, minify: false, lib: { entry: 'calendar-math', formats: ['es'], fileName: 'x' } },
    }),
  ].flat();
  const code = Buffer.from(made.output[0].code).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

let math;
before(async () => {
  math = await load('model', 'clash', 'columns', 'ghost');
});

const MIDNIGHT = Date.parse('2026-11-01T23:00:00Z') / 60_000;
const iso = (minute) => new Date(minute * 60_000).toISOString().replace('.000', '');
const work = (minutes) => [{ kind: 'work', at: 0, minutes }];

/** A visit at a minute of the day; its parts are one of work unless they are told. */
const visit = (id, staff, at, minutes, more = {}) => ({
  id,
  staff_id: staff,
  date: '2026-11-02',
  at,
  minutes,
  outer_at: at,
  outer_minutes: minutes,
  start: iso(MIDNIGHT + at),
  end: iso(MIDNIGHT + at + minutes),
  status: 'confirmed',
  segments: work(minutes),
  resources: [],
  services: [{ id: 'cut', name: 'Cut', duration_min: minutes }],
  client: { id: `c${id}`, name: `Client ${id}` },
  client_alerts: [],
  gates_ok: true,
  price: 0,
  started_at: null,
  version: 1,
  ...more,
});

const day = (date, startsAt, minutes, marks) => ({
  date,
  starts_at: startsAt,
  minutes,
  marks,
  open: [{ at: 540, minutes: 540 }],
  closed: false,
  closure: '',
});
const plainMarks = Array.from({ length: 24 }, (_, hour) => ({
  at: hour * 60,
  wall_min: hour * 60,
  label: '',
  again: false,
}));

const person = (id, more = {}) => ({
  id,
  name: id,
  bookable: true,
  active: true,
  service_ids: ['cut'],
  days: [{ date: '2026-11-02', open: [{ at: 540, minutes: 540 }], off: [] }],
  ...more,
});

const model = (visits, more = {}) =>
  math.modelOf({
    timezone: 'Europe/Paris',
    step_min: 15,
    days: [day('2026-11-02', '2026-11-01T23:00:00Z', 1440, plainMarks)],
    people: [person('ann'), person('bob'), person('eve', { service_ids: [] })],
    resources: [
      { id: 'blue', name: 'Blue', kind: 'room', active: true },
      { id: 'red', name: 'Red', kind: 'room', active: true },
    ],
    visits,
    picks: [],
    cut: false,
    ...more,
  });

const judged = (made, id, at, staffId, minutes) => {
  const held = made.visits.find((each) => each.id === id);
  const place = { start: MIDNIGHT + at, minutes: minutes ?? held.minutes, staffId: staffId ?? held.staff_id };
  return math.judge(made, math.indexOf(made, id), held, place).code;
};

describe('what is in the way', () => {
  test('another visit of the person with its buffers, and not its processing time', () => {
    const colour = visit('2', 'ann', 600, 90, {
      segments: [
        { kind: 'buffer', at: -10, minutes: 10 },
        { kind: 'work', at: 0, minutes: 30 },
        { kind: 'processing', at: 30, minutes: 30 },
        { kind: 'work', at: 60, minutes: 30 },
        { kind: 'buffer', at: 90, minutes: 5 },
      ],
    });
    const made = model([visit('1', 'ann', 840, 30), colour]);
    assert.equal(judged(made, '1', 560), 'free', 'up to the buffer');
    assert.equal(judged(made, '1', 565), 'busy', 'into the buffer before');
    assert.equal(judged(made, '1', 630), 'free', 'within the processing');
    assert.equal(judged(made, '1', 635), 'busy');
    assert.equal(judged(made, '1', 690), 'busy', 'into the buffer after');
    assert.equal(judged(made, '1', 695), 'free');
    assert.equal(judged(made, '1', 600, 'bob'), 'free');
  });

  test('not the visit itself, nor one that was cancelled or to which nobody came', () => {
    const made = model([
      visit('1', 'ann', 600, 60),
      visit('2', 'ann', 700, 60, { status: 'cancelled' }),
      visit('3', 'ann', 800, 60, { status: 'no_show' }),
    ]);
    for (const at of [610, 690, 790]) assert.equal(judged(made, '1', at), 'free');
  });

  test('what a client is choosing, whoever does not do it, and hours', () => {
    const picks = [{ resource_id: 'bob', start: iso(MIDNIGHT + 600), minutes: 30 }];
    const made = model([visit('1', 'ann', 840, 30)], { picks });
    assert.equal(judged(made, '1', 610, 'bob'), 'picked');
    assert.equal(judged(made, '1', 610, 'eve'), 'cannot');
    assert.equal(judged(made, '1', 530), 'off');
    assert.equal(judged(made, '1', 1060), 'off', 'its end is after closing');
    assert.equal(judged(made, '1', 1050), 'free');
    const closed = model([visit('1', 'ann', 840, 30)], {
      days: [{ ...day('2026-11-02', '2026-11-01T23:00:00Z', 1440, plainMarks), closed: true, closure: 'Works' }],
      people: [person('ann', { days: [{ date: '2026-11-02', open: [], off: [] }] })],
    });
    assert.equal(judged(closed, '1', 600), 'closed');
  });

  test('a room only where none that would do is free, and no room twice', () => {
    const held = (id, ...any) => ({ resource_id: id, at: 0, minutes: 60, any_of: any });
    const one = visit('1', 'ann', 900, 60, { resources: [held('blue', 'blue', 'red')] });
    const other = visit('2', 'bob', 600, 60, { resources: [held('blue', 'blue', 'red')] });
    assert.equal(judged(model([one, other]), '1', 600), 'free', 'the red one');
    const both = visit('3', 'eve', 600, 60, { resources: [held('red', 'red')] });
    assert.equal(judged(model([one, other, both]), '1', 600), 'room');
    const greedy = visit('1', 'ann', 900, 60, { resources: [held('blue', 'blue', 'red'), held('red', 'blue', 'red')] });
    assert.equal(judged(model([greedy, other]), '1', 600), 'room', 'both at once');
  });

  test('a visit that is made longer takes its last work and its rooms along', () => {
    const made = model([visit('1', 'ann', 600, 60), visit('2', 'ann', 690, 60)]);
    assert.equal(judged(made, '1', 600, 'ann', 90), 'free');
    assert.equal(judged(made, '1', 600, 'ann', 95), 'busy');
    const colour = made.visits[0];
    const parts = [{ kind: 'work', at: 0, minutes: 20 }, { kind: 'processing', at: 20, minutes: 20 }, { kind: 'work', at: 40, minutes: 20 }, { kind: 'buffer', at: 60, minutes: 5 }];
    const longer = math.partsOf({ ...colour, segments: parts }, 75);
    assert.deepEqual(longer.map(({ at, minutes }) => [at, minutes]), [[0, 20], [20, 20], [40, 35], [75, 5]]);
    assert.equal(math.leastMinutes({ ...colour, segments: parts }), 45);
  });
});

describe('days of other lengths', () => {
  const autumn = [0, 60, 120, 180, 240, 300].map((at, index) => ({
    at,
    wall_min: [0, 60, 120, 120, 180, 240][index],
    label: '',
    again: index === 3,
  }));

  test('the clock shows the hour that comes twice twice, and a place is its own instant', () => {
    const made = model([], { days: [day('2026-10-25', '2026-10-24T22:00:00Z', 1500, autumn)] });
    const [long] = made.days;
    assert.deepEqual([135, 195, 255].map((at) => math.wallAt(long, at)), [135, 135, 195]);
    assert.equal(math.instantOf(long.start + 195), '2026-10-25T01:15:00Z');
    assert.equal(math.dayAt(made.days, long.start + 1499), long);
    assert.equal(math.dayAt(made.days, long.start + 1500), undefined);
  });

  test('a visit over midnight stands in both days', () => {
    const days = [
      day('2026-11-02', '2026-11-01T23:00:00Z', 1440, plainMarks),
      day('2026-11-03', '2026-11-02T23:00:00Z', 1440, plainMarks),
    ];
    const made = model([visit('1', 'ann', 1410, 60)], { days });
    const columns = math.columnsByDay(made, null);
    assert.deepEqual(columns.map(({ placed }) => placed.map(({ at }) => at)), [[1410], [-30]]);
  });
});

describe('where things stand', () => {
  test('what overlaps stands side by side, what only touches does not', () => {
    const lying = [[0, 60], [30, 60], [45, 30], [60, 15], [120, 30]].map(([at, minutes]) => ({ at, minutes }));
    const lanes = math.lanesOf(lying).map(({ at, lane, lanes: of }) => [at, lane, of]);
    assert.deepEqual(lanes, [[0, 0, 3], [30, 1, 3], [45, 2, 3], [60, 0, 3], [120, 0, 1]]);
    assert.deepEqual(math.lanesOf([{ at: 0, minutes: 30 }, { at: 30, minutes: 30 }]).map(({ lanes: of }) => of), [1, 1]);
  });

  test('arrows go up and down in a column, and aside to the nearest of the next one that has any', () => {
    const columns = [[60, 120], [], [90, 130, 400]].map((list) => list.map((at) => ({ at, minutes: 30 })));
    const go = (column, at, way) => {
      const next = math.walk(columns, { column, at }, way);
      return next && [next.column, next.item.at];
    };
    assert.deepEqual(go(0, 60, 'down'), [0, 120]);
    assert.equal(go(0, 120, 'down'), null);
    assert.deepEqual(go(0, 120, 'right'), [2, 130]);
    assert.deepEqual(go(2, 400, 'left'), [0, 120]);
    assert.equal(go(0, 60, 'left'), null);
    assert.deepEqual(go(2, 130, 'last'), [2, 400]);
  });

  test('what is shut is what is left of the day', () => {
    const column = { day: { minutes: 1440 }, open: [{ at: 540, minutes: 180 }, { at: 780, minutes: 300 }] };
    assert.deepEqual(math.shut(column).map(({ at, minutes }) => [at, minutes]), [[0, 540], [720, 60], [1080, 360]]);
  });
});

describe('a visit that is held', () => {
  const press = (hold, key, more = {}, columns = math.columnsByPerson(model([]), null), isRtl = false) =>
    math.pressed(hold, { key, altKey: false, shiftKey: false, ...more }, columns, isRtl);
  const hold = (more = {}) => ({
    visit: model([visit('1', 'ann', 600, 60)]).visits[0],
    mode: 'move',
    by: 'keys',
    column: 0,
    at: 600,
    minutes: 60,
    ...more,
  });

  test('moves by quarters, by five minutes with Alt, and to the person beside', () => {
    assert.equal(press(hold(), 'ArrowDown').at, 615);
    assert.equal(press(hold(), 'ArrowUp', { altKey: true }).at, 595);
    assert.equal(press(hold(), 'ArrowRight').column, 1);
    assert.equal(press(hold(), 'ArrowLeft').column, 0, 'there is nobody further');
    assert.equal(press(hold({ column: 1 }), 'ArrowRight', {}, undefined, true).column, 0, 'right to left');
    assert.equal(press(hold(), 'x'), null);
  });

  test('is made longer and shorter with Shift, and never shorter than it can be', () => {
    assert.equal(press(hold(), 'ArrowDown', { shiftKey: true }).minutes, 75);
    assert.equal(press(hold({ minutes: 10 }), 'ArrowUp', { shiftKey: true }).minutes, 5);
  });

  test('stays on its day, and in a room’s column', () => {
    assert.equal(press(hold({ at: 0 }), 'ArrowUp').at, 0);
    assert.equal(press(hold({ at: 1430 }), 'ArrowDown').at, 1435);
    const rooms = math.columnsByRoom(model([]));
    assert.equal(press(hold(), 'ArrowRight', {}, rooms).column, 0);
    assert.equal(math.carried(hold(), 1, 700, rooms).column, 0);
  });

  test('under a pointer it stands on the quarter that is nearest', () => {
    const columns = math.columnsByPerson(model([]), null);
    assert.deepEqual([math.carried(hold(), 1, 712, columns).at, math.carried(hold(), 1, 713, columns).at], [705, 720]);
    assert.equal(math.carried(hold({ mode: 'resize' }), 1, 682, columns).minutes, 75);
  });
});
