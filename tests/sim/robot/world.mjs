// SPDX-License-Identifier: AGPL-3.0-or-later
// What the judge knows: the logs of the simulation's folder, the last state of the database, and
// the two clocks.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ACROSS_TENANTS } from '../../lib/postgres.mjs';
import { run } from '../../lib/process.mjs';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The program lets nothing lie for longer than this when a clock was wrong. */
export const LONGEST_WAIT = 26 * HOUR;

/** Numbers by chance that a seed repeats (mulberry32). */
export function chanceOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const JUMPS = [
  ...[SECOND, -SECOND, HOUR, -HOUR, DAY, -DAY],
  ...[SECOND, HOUR, -HOUR, 365 * DAY], // a year ahead is one of ten
];

/** The wall clock is wrong about every third day, for at most two hours: [from, offset], in order. */
export function makeJumps(chance, startMs, endMs) {
  const jumps = [];
  for (let at = startMs + DAY; at < endMs - DAY; at += HOUR + chance() * 6 * DAY) {
    jumps.push([Math.round(at), JUMPS[Math.floor(chance() * JUMPS.length)]]);
    at += MINUTE / 2 + chance() * 2 * HOUR;
    jumps.push([Math.round(at), 0]);
  }
  return jumps;
}

/** What the wall clock showed at each right time. */
export class Clock {
  constructor(jumps) {
    this.jumps = jumps;
  }

  offset(rightMs) {
    let offset = 0;
    for (const [from, by] of this.jumps) if (from <= rightMs) offset = by;
    return offset;
  }

  wall(rightMs) {
    return rightMs + this.offset(rightMs);
  }

  /** No jump, and the wall clock right, from one right time to another. */
  steady(fromMs, toMs) {
    return this.offset(fromMs) === 0 && !this.jumps.some(([at]) => at > fromMs && at <= toMs);
  }

  /** The furthest ahead that it has been while a message that left at `rightMs` may have waited. */
  peak(rightMs) {
    const ends = this.jumps.filter(([at]) => at > rightMs - LONGEST_WAIT && at <= rightMs);
    const before = ends.map(([at]) => this.wall(at - 1));
    return Math.max(this.wall(rightMs), ...before);
  }

  /** A right time, from `fromMs` on, at which it showed `wallMs`. */
  rightOf(wallMs, fromMs = 0) {
    for (const offset of new Set([0, ...this.jumps.map(([, by]) => by)])) {
      const right = wallMs - offset;
      if (right + SECOND > fromMs && this.offset(right) === offset) return right;
    }
    return Math.max(fromMs, wallMs);
  }
}

const COLUMNS = {
  message:
    'workspace_id id kind subject_id occurrence to_address status attempts created_s booking_id' +
    ' tells_start_s tells_staff_id reason outcome_unknown last_error first_attempt_s sent_s',
  job: 'workspace_id id kind subject_id occurrence status due_s outcome booking_id ended_s',
  booking: 'workspace_id id client_id staff_id status start_s end_s source created_s',
  audit_event: 'workspace_id seq id at_s actor_kind request_id entity entity_id action changes',
  client: 'workspace_id id email',
  form_submission: 'workspace_id id booking_id client_id status',
  workspace: 'id slug timezone quiet_from_min quiet_until_min',
};
const NUMBERS = new Set(
  'attempts created_s tells_start_s first_attempt_s sent_s due_s start_s end_s at_s outcome_unknown quiet_from_min quiet_until_min ended_s'.split(
    ' ',
  ),
);
const SEPARATOR = '\u001f';

export function ask(url, sql) {
  const options = { input: `${sql};\n` };
  if (url.startsWith('sqlite:')) {
    const file = url.slice('sqlite:'.length);
    return run(
      'sqlite3',
      ['-bail', '-list', '-separator', SEPARATOR, '-cmd', '.timeout 20000', file],
      options,
    );
  }
  return run('psql', ['-XqAt', '-F', SEPARATOR, '-v', 'ON_ERROR_STOP=1', '-d', url], {
    ...options,
    env: ACROSS_TENANTS,
  });
}

/** Ids are longer than a JavaScript number: they stay text. */
async function rowsOf(url, table) {
  const columns = COLUMNS[table].split(' ');
  const asText = columns.map((name) => `COALESCE(CAST(${name} AS TEXT), '')`).join(', ');
  const order = table === 'audit_event' ? 'seq, id' : 'id';
  const text = await ask(url, `SELECT ${asText} FROM ${table} ORDER BY ${order}`);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const cells = line.split(SEPARATOR);
      return Object.fromEntries(
        columns.map((name, i) => [
          name,
          !NUMBERS.has(name) ? cells[i] : cells[i] === '' ? null : Number(cells[i]),
        ]),
      );
    });
}

/** Whoever is killed in the middle of a line has not written it; the next begins behind it. */
function parsed(line) {
  for (const whole of [line, line.split(/(?=\{"[nt]":)/).at(-1)]) {
    try {
      return JSON.parse(whole);
    } catch {
      // torn
    }
  }
  return null;
}

function linesOf(folder, name) {
  return readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(parsed)
    .filter(Boolean);
}

/** Each action once: when it began, when it was answered and how; `status` null: never. */
function actionsOf(lines) {
  const all = new Map();
  for (const line of lines) {
    if (line.id) all.set(line.n, { ...line, r1: null, status: null });
    else Object.assign(all.get(line.n), line);
  }
  return [...all.values()];
}

export async function evidenceOf({ folder, url, jumps, seats }) {
  const tables = {};
  for (const table of Object.keys(COLUMNS)) tables[table] = await rowsOf(url, table);
  return {
    seats,
    jumps,
    actions: actionsOf(linesOf(folder, 'actions.log')),
    calls: linesOf(folder, 'provider.log'),
    ...tables,
  };
}
