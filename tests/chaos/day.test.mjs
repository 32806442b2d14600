// SPDX-License-Identifier: AGPL-3.0-or-later
// `careops chaos` as a command: what it refuses, what it says of a day that proves nothing, and a
// day against a system that somebody else runs.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { freePort, removeFolder, temporaryFolder } from '../lib/process.mjs';
import { startServer } from '../lib/server.mjs';
import { auditOf, findingsOf, playDay, runChaos } from './campaign.mjs';

const WRONG = [
  [[], /--url is missing/],
  [['--url', 'ftp://127.0.0.1'], /--url must begin with http/],
  [['--url', 'http://127.0.0.1:9', '--clients', '0'], /--clients: give a whole number from 1/],
  [['--url', 'http://127.0.0.1:9', '--minutes', 'two'], /--minutes: give minutes/],
  [['--url', 'http://127.0.0.1:9', '--kills', '3'], /--kills needs --start/],
  [['--url', 'http://127.0.0.1:9', '--database', 'x'], /--database needs --start/],
  [['--url', 'http://127.0.0.1:9', '--calm', '--kills', '3', '--start', 'x'], /contradict/],
  [['--url', 'http://127.0.0.1:9', '--frobnicate'], /unknown option --frobnicate/],
  [['--url'], /--url wants a value/],
  ...['--report', '--history', '--output'].map((option) => [
    ['--url', 'http://127.0.0.1:9', option, '/nowhere/day'],
    /\/nowhere\/day cannot be written: No such file/,
  ]),
];

describe('careops chaos', () => {
  test('says in one line what is wrong with its options, and ends with 2', async () => {
    for (const [args, words] of WRONG) {
      const { status, stdout, stderr } = await runChaos(args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, words);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.equal(stdout, '');
    }
    const help = await runChaos(['--help']);
    assert.equal(help.status, 0);
    for (const word of ['--kills', '--database', 'CAREOPS_TRUSTED_PROXIES', 'Exit status']) {
      assert.ok(help.stdout.includes(word), word);
    }
  });

  test('ends with 2 where nobody answers, and where its command does not stay', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const nobody = await runChaos(['--url', url]);
    assert.equal(nobody.status, 2);
    assert.match(nobody.stderr, /does not answer GET \/readyz/);
    const gone = await runChaos(['--url', url, '--start', 'exit 3']);
    assert.equal(gone.status, 2);
    assert.match(gone.stderr, /the command of --start ended before it was ready/);
  });

  test('a day on which nothing was injected proves nothing: exit status 1', async (t) => {
    const day = await playDay(t, { engine: 'sqlite', minutes: 0.1, clients: 8, more: ['--calm'] });
    assert.equal(day.status, 1, day.stderr);
    assert.equal(day.verdict.holds, false);
    assert.deepEqual(Object.keys(findingsOf(day)), ['injected']);
    assert.ok(day.verdict.acknowledged_bookings > 0);
  });

  test('a day that is broken off is brought to its end and judged as far as it came', async (t) => {
    const day = await playDay(t, {
      ...{ engine: 'sqlite', minutes: 10, clients: 16 },
      breakOff: /the day: .* [1-9]\d* provider faults/, // so letters wait
    });
    assert.ok(day.verdict, day.stderr);
    assert.deepEqual(findingsOf(day), {}, day.stderr);
    assert.equal(day.status, 0, day.stderr);
    const { day: played, timeline, acknowledged_bookings: booked } = day.verdict;
    assert.ok(played.length_ms < 5 * 60_000 && booked > 0);
    assert.ok(timeline.some(({ text }) => text === 'The day was broken off.'));
    await auditOf(day);
  });

  test('plays against a system that somebody else runs, whose limits know it as a proxy', async (t) => {
    const folder = temporaryFolder('chaos-day');
    t.after(() => removeFolder(folder));
    const server = await startServer(t, {
      env: { CAREOPS_RATE_LIMIT: 'on', CAREOPS_TRUSTED_PROXIES: '127.0.0.1' },
    });
    const report = join(folder, 'day.html');
    const history = join(folder, 'day.jsonl');
    const day = await runChaos([
      ...['--url', server.baseUrl, '--clients', '16', '--minutes', '0.2', '--seed', '5', '--json'],
      ...['--report', report, '--history', history],
    ], { timeoutMs: 600_000 });
    assert.equal(day.status, 0, `${day.stderr}\n${day.stdout}`);
    const verdict = JSON.parse(day.stdout);
    assert.ok(verdict.holds);
    assert.equal(verdict.injected.kill_server, 0);
    assert.ok(verdict.injected.lost_answer > 0 && verdict.injected.double_tap > 0);
    assert.ok(existsSync(report));
    assert.match(readFileSync(report, 'utf8'), /^<!doctype html>/i);
    const lines = readFileSync(history, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
    const moments = lines.map((line) => line.at);
    assert.ok(lines.length > 100);
    assert.ok(lines.some((line) => line.event === 'chapter'));
    assert.ok(moments.every((at) => at >= 0));
    assert.match(day.stderr, /double taps/);
  });
});
