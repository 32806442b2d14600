// SPDX-License-Identifier: AGPL-3.0-or-later
// Plays Chaos Days and prints the rows of docs/reliability.md: nothing stands there that this has not
// printed. With --write it puts them there, in place of the rows of the same days.
//
//   node tests/chaos/figures.mjs sqlite:1:2:100 postgres:1:2:20      ENGINE:SEED:MINUTES:KILLS
//   node tests/chaos/figures.mjs --write sqlite:1:2:100

import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg, cpus } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../lib/process.mjs';
import { auditOf, playDay } from './campaign.mjs';

const PAGE = join(ROOT, 'docs/reliability.md');
const [BEGIN, END] = ['<!-- figures: begin -->', '<!-- figures: end -->'];
const HEAD = [
  '| day | faults injected | bookings acknowledged | lost | doubled | 95 % bound | changes acknowledged, unknown | back again: half, 99 of 100, slowest (bound for 99 of 100) | findings: judges, audit | load |',
  '|---|---|---|---|---|---|---|---|---|---|',
];

const number = (n) => n.toLocaleString('en-US');
const count = (n, word, words = `${word}s`) => `${number(n)} ${n === 1 ? word : words}`;

function faults({ injected: i }) {
  return [
    [i.kill_server, 'kill -9 of the server', 'kill -9 of the server'],
    [i.kill_database, 'of the database', 'of the database'],
    [i.lost_answer, 'lost answer'],
    [i.double_tap, 'double tap'],
    [i.provider, 'failed call of the mail provider', 'failed calls of the mail provider'],
  ]
    .filter(([n]) => n > 0)
    .map(([n, ...words]) => count(n, ...words))
    .join(', ');
}

/** Where something was lost there is no bound to speak of. */
function bound(v) {
  return v.bound_95 === null ? '–' : `< 1 in ${number(Math.floor(1 / v.bound_95))}`;
}

function row(spec, day, audit, load) {
  const v = day.verdict;
  const judges = v.judgements.filter(({ findings }) => findings > 0);
  const auditors = audit.checks.filter(({ ok }) => !ok);
  const found = [judges, auditors].map((list) => list.map(({ name }) => name).join(' ') || '0');
  const back = v.restarts
    ? `${number(v.ready_p50)}, ${number(v.ready_p99)}, ${number(v.ready_max)} ms (bound ${number(v.ready_within_ms)})`
    : '–';
  return `| ${[
    `\`${spec}\`, ${v.day.began.slice(0, 10)}`,
    faults(v),
    number(v.acknowledged_bookings),
    number(v.lost),
    number(v.doubled),
    bound(v),
    `${number(v.acknowledged)}, ${number(v.unknown)}`,
    back,
    found.join(', '),
    load,
  ].join(' | ')} |`;
}

async function play(spec) {
  const [engine, seed, minutes, kills] = spec.split(':').map((word, i) => (i ? Number(word) : word));
  if (!['sqlite', 'postgres'].includes(engine) || ![seed, minutes, kills].every(Number.isFinite)) {
    throw new Error(`not ENGINE:SEED:MINUTES:KILLS: ${spec}`);
  }
  const ends = [];
  try {
    const context = { after: (fn) => ends.push(fn) };
    const day = await playDay(context, { engine, seed, minutes, kills });
    if (!day.verdict) throw new Error(`${spec} could not be played:\n${day.stderr}\n${day.logs}`);
    const load = `${loadavg()[1].toFixed(1)} on ${cpus().length} cores`;
    for (const { name, told } of day.verdict.judgements) {
      for (const words of told) console.error(`${spec}: ${name}: ${words}`);
    }
    return row(spec, day, await auditOf(day, { judged: false }), load);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** The page with these rows; those of other days stay. */
export function withRows(page, rows) {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`no place for figures in ${PAGE}`);
  const specOf = (line) => /^\| `([^`]+)`/.exec(line)?.[1];
  const fresh = new Set(rows.map(specOf));
  const kept = page
    .slice(from, to)
    .split('\n')
    .filter((line) => specOf(line) && !fresh.has(specOf(line)));
  const all = [...kept, ...rows].sort((a, b) => specOf(b).localeCompare(specOf(a), 'en', { numeric: true }));
  return `${page.slice(0, from)}${[BEGIN, ...HEAD, ...all].join('\n')}\n${page.slice(to)}`;
}

if (process.argv[1] === import.meta.filename) {
  const specs = process.argv.slice(2).filter((word) => word !== '--write');
  const rows = [];
  for (const spec of specs) {
    rows.push(await play(spec));
    console.log(rows.at(-1));
    if (process.argv.includes('--write')) {
      writeFileSync(PAGE, withRows(readFileSync(PAGE, 'utf8'), rows));
    }
  }
  process.exit(0);
}
