/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { describe, expect, it } from 'vitest';
import type { Booking } from '../src/kit/contract';
import { networkGone, online, serverReached } from '../src/staff/ask';
import { bodyOf, checkTimeOff } from '../src/staff/asktime';
import { withoutContact } from '../src/staff/copy';
import { partsOf, shown } from '../src/staff/day';
import { quantityOf, stepOf, stepped } from '../src/staff/finish';
import { EventReader } from '../../event_reader';
import { topicOf } from '../src/staff/live';
import { type Change, isDone, nextOf, settled, withChanges } from '../src/staff/queue';
import { spanText } from '../src/kit/span';
import { mondayOf } from '../src/staff/week';

const visit = (id: string, more: Partial<Booking> = {}): Booking => ({
  id,
  status: 'confirmed',
  start: '2026-11-26T10:00:00Z',
  end: '2026-11-26T10:30:00Z',
  local: '2026-11-26T11:00+01:00',
  local_end: '2026-11-26T11:30+01:00',
  started_at: null,
  service_ids: [],
  services: [],
  staff_id: '9',
  staff: { id: '9', name: 'Ann' },
  client: { id: '7', name: 'Mei', email: 'mei@client.example', phone: '+33 1' },
  client_alerts: [],
  materials: [{ item_id: '5', name: 'Dye', unit: 'ml', quantity: 60, used: null }],
  resources: [],
  notes: '',
  gates_ok: true,
  is_test: false,
  test_result: null,
  price: 0,
  source: 'public',
  created_at: '2026-11-20T10:00:00Z',
  version: 3,
  ...more,
});

const change = (id: string, visitId: string, more: Partial<Change> = {}): Change => ({
  id,
  visitId,
  verb: 'start',
  version: 3,
  used: null,
  client: 'Mei',
  local: '',
  refused: null,
  ...more,
});

const REFUSED = { code: 'stale_version', text: '', now: null };
const NOW = '2026-11-26T10:05:00Z';

const at = (id: string, clock: string, more: Partial<Booking> = {}): Booking =>
  visit(id, {
    start: `2026-11-26T${clock}:00Z`,
    end: `2026-11-26T${clock.slice(0, 3)}45:00Z`,
    ...more,
  });

const idsOf = (list: Booking[]): string => list.map((each) => each.id).join('');

function parts(visits: Booking[], clock: string): string[] {
  const { now, next, overdue, later, done } = partsOf(
    visits,
    Date.parse(`2026-11-26T${clock}:00Z`),
  );
  return [now?.id ?? '', next?.id ?? '', idsOf(overdue), idsOf(later), idsOf(done)];
}

const said = (start: string, end: string): string =>
  spanText(`${start}+01:00`, `${end}+01:00`, 'en-GB');

describe('the queue', () => {
  it('sends in order, and nothing of a visit behind what was refused of it', () => {
    const [a, b, c] = [change('a', '1'), change('b', '1'), change('c', '2')];
    expect(nextOf([a, b, c])).toBe(a);
    expect(nextOf([{ ...a, refused: REFUSED }, b, c])).toBe(c);
    expect(nextOf([{ ...a, refused: REFUSED }, b])).toBeNull();
    expect(nextOf([])).toBeNull();
  });

  it('makes later changes of a visit against the version that the first one brought', () => {
    const rest = settled([change('a', '1'), change('b', '1'), change('c', '2')], change('a', '1'), visit('1', { version: 4 }));
    expect(rest.map(({ id, version }) => [id, version])).toEqual([['b', 4], ['c', 3]]);
  });

  it('shows a visit as it will be, and as it is where the change was refused', () => {
    const start = change('a', '1');
    const finish = change('b', '1', { verb: 'complete', used: [{ item_id: '5', quantity: 45 }] });
    expect(withChanges(visit('1'), [start], NOW).started_at).toBe(NOW);
    const done = withChanges(visit('1'), [start, finish], NOW);
    expect([done.status, done.materials[0]?.used]).toEqual(['completed', 45]);
    expect(withChanges(visit('1'), [{ ...start, refused: REFUSED }], NOW).started_at).toBeNull();
    expect(withChanges(visit('2'), [start, finish], NOW)).toEqual(visit('2'));
    const cancelled = visit('1', { status: 'cancelled' });
    expect(withChanges(cancelled, [start, finish], NOW)).toEqual(cancelled);
  });

  it('knows a change whose answer was lost by the visit, and not another’s finish with other amounts', () => {
    const finish = change('b', '1', { verb: 'complete', used: [{ item_id: '5', quantity: 45 }] });
    const used = (quantity: number) => visit('1', { status: 'completed', materials: [{ ...visit('1').materials[0]!, used: quantity }] });
    expect(isDone(used(45), finish)).toBe(true);
    expect(isDone(used(60), finish)).toBe(false);
    expect(isDone(visit('1'), finish)).toBe(false);
    expect(isDone(visit('1', { started_at: NOW }), change('a', '1'))).toBe(true);
    expect(isDone(visit('1', { status: 'no_show' }), change('a', '1', { verb: 'no-show' }))).toBe(true);
  });

  it('prefers what the server has answered to an older list', () => {
    const sent = new Map([['1', visit('1', { version: 5, status: 'completed' })]]);
    expect(shown([visit('1')], sent, [])[0]?.status).toBe('completed');
    expect(shown([visit('1', { version: 6 })], sent, [])[0]?.status).toBe('confirmed');
  });
});

describe('the day', () => {
  it('has the one who is here, the next, the forgotten, the later and the done', () => {
    const day = [at('a', '08:00', { status: 'completed' }), at('b', '09:00'), at('c', '10:00', { started_at: NOW }), at('d', '11:00'), at('e', '12:00')];
    expect(parts(day, '10:20')).toEqual(['c', 'd', 'b', 'e', 'a']);
    expect(parts(day.slice(3), '10:20')).toEqual(['', 'd', '', 'e', '']);
    expect(parts(day.slice(3), '11:20')).toEqual(['', 'd', '', 'e', '']);
    expect(parts([], '11:20')).toEqual(['', '', '', '', '']);
  });

  it('is kept without any way to reach a client', () => {
    expect(withoutContact(visit('1')).client).toEqual({ id: '7', name: 'Mei' });
  });

  it('lies in the week of its Monday', () => {
    expect(['2026-11-23', '2026-11-26', '2026-11-29', '2027-01-01'].map(mondayOf)).toEqual(['2026-11-23', '2026-11-23', '2026-11-23', '2026-12-28']);
  });
});

describe('what was used', () => {
  it('is a number with at most three places, with a point or a comma', () => {
    expect(['60', ' 1.5 ', '2,25', '0', '0.125'].map(quantityOf)).toEqual([60, 1.5, 2.25, 0, 0.125]);
    expect(['', 'x', '-1', '1.2345', '1e3', '.5', '1 2'].map(quantityOf)).toEqual(Array(7).fill(null));
  });

  it('goes up and down in steps that fit, never below none', () => {
    expect([60, 3, 1.5, 0.5].map(stepOf)).toEqual([5, 1, 0.5, 0.1]);
    expect(stepped('0.3', -0.1)).toBe('0.2');
    expect(stepped('0.1', -0.5)).toBe('0');
    expect(stepped('oops', 5)).toBe('5');
  });
});

describe('asking for time off', () => {
  const filling = { from: '2026-12-01', to: '', fromClock: '', toClock: '', reason: 'x' };

  it('sends dates and clocks as they are, and lets the server read them', () => {
    expect(bodyOf(filling, true)).toEqual({ start: '2026-12-01', end: '2026-12-01', reason: 'x' });
    const hours = { ...filling, fromClock: '09:00', toClock: '10:30' };
    expect(bodyOf(hours, false)).toEqual({ start: '2026-12-01T09:00', end: '2026-12-01T10:30', reason: 'x' });
  });

  it('says beside each field what is missing or the wrong way round', () => {
    expect(checkTimeOff(filling, true)).toEqual({});
    expect(Object.keys(checkTimeOff({ ...filling, from: '' }, true))).toEqual(['from']);
    expect(Object.keys(checkTimeOff({ ...filling, to: '2026-11-30' }, true))).toEqual(['to']);
    expect(Object.keys(checkTimeOff(filling, false))).toEqual(['fromClock', 'toClock']);
    expect(Object.keys(checkTimeOff({ ...filling, fromClock: '10:00', toClock: '10:00' }, false))).toEqual(['toClock']);
  });

  it('is spoken of in days or by the clock', () => {
    expect(said('2026-12-01T00:00', '2026-12-02T00:00')).toBe('Tue 1 Dec');
    expect(said('2026-12-01T00:00', '2026-12-05T00:00')).toBe('Tue 1 Dec – Fri 4 Dec');
    expect(said('2026-12-01T09:00', '2026-12-01T10:30')).toBe('Tue 1 Dec, 09:00 – 10:30');
    expect(said('2026-12-01T09:00', '2026-12-02T00:00')).toBe('Tue 1 Dec, 09:00 – 00:00');
    expect(said('2026-12-01T09:00', '2026-12-03T10:30')).toBe('Tue 1 Dec, 09:00 – Thu 3 Dec, 10:30');
  });
});

describe('the event stream', () => {
  it('is read however it is cut, comments and unfinished events left out', () => {
    const text = ': hello\n\nid: 7\nevent: booking.created\ndata: {"id":"1"}\n\nid: 8\n\ndata: a\r\ndata: b\r\n\r\nevent: cut';
    const whole = new EventReader().read(text);
    expect(whole).toEqual([
      { id: '7', name: 'booking.created', data: '{"id":"1"}' },
      { id: '8', name: 'message', data: '' },
      { id: null, name: 'message', data: 'a\nb' },
    ]);
    const reader = new EventReader();
    expect([...text].flatMap((piece) => reader.read(piece))).toEqual(whole);
  });

  it('tells what is to be read again, and everything where it does not know', () => {
    expect(['booking.started', 'time_off_request.approved', 'message.created', 'reset'].map(topicOf)).toEqual(['visits', 'time', 'messages', null]);
  });
});

describe('the network', () => {
  it('is not there again by an answer to what was asked before it went', () => {
    const before = performance.now() - 1;
    networkGone();
    serverReached(before);
    expect(online.value).toBe(false);
    serverReached(performance.now());
    expect(online.value).toBe(true);
  });
});
