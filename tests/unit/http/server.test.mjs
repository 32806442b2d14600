// SPDX-License-Identifier: AGPL-3.0-or-later
// The server's conduct towards slow, many and late clients, on the echo server: what needs flags of
// its own or a process that is stopped. ECHO_SERVER names the program (meson sets it).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { Raw, exchange } from '../../api/http_raw.mjs';

const ECHO = process.env.ECHO_SERVER;
const GET = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
const json = (path, value, headers = []) => {
  const body = JSON.stringify(value);
  return [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n');
};
const hold = (ms, headers) => json('/hold', { ms }, headers);

/** Starts the echo server; it ends with the test. */
async function start(t, flags = [], { limit = null } = {}) {
  const child = limit
    ? spawn('sh', ['-c', `ulimit -n ${limit}; exec "$0" "$@"`, ECHO, ...flags])
    : spawn(ECHO, flags);
  const exited = once(child, 'exit').then(([code]) => code);
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const log = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, exited, log, port: Number(line.split(' ')[1]) };
}

/** A client that sends one request after the other until it is told to close. */
async function keepAsking(port, outcome, state) {
  const raw = new Raw(port);
  let sent = 0;
  try {
    await raw.until('connect', () => !raw.socket.connecting || raw.ended);
    if (raw.error) return;
    for (;;) {
      if (raw.ended) break;
      raw.send(hold(sent % 3));
      sent++;
      await raw.until('an answer', () => raw.responses.length >= sent || raw.ended);
      const answer = raw.responses[sent - 1];
      if (!answer || answer.status !== 200) {
        outcome.lost.push(raw.error?.code ?? answer?.status ?? 'closed without an answer');
        break;
      }
      outcome.answered++;
      if (answer.headers.get('connection') === 'close') {
        outcome.told++;
        break;
      }
      if (state.stop) break;
    }
  } finally {
    raw.destroy();
  }
}

test('SIGTERM under load: every request that was sent is answered, none is reset', async (t) => {
  const server = await start(t, ['--per-address', '500']);
  const outcome = { answered: 0, told: 0, lost: [] };
  const state = { stop: false };
  const clients = Array.from({ length: 60 }, () => keepAsking(server.port, outcome, state));
  while (outcome.answered < 600) await pause(5);
  const newcomers = [];
  server.child.kill('SIGTERM');
  const begun = Date.now();
  for (let i = 0; i < 40; i++) newcomers.push(keepAsking(server.port, outcome, state));
  await Promise.all([...clients, ...newcomers]);
  assert.equal(await server.exited, 0);
  assert.deepEqual(outcome.lost, []);
  assert.ok(outcome.told >= 60, `each of the 60 was told to close: ${outcome.told}`);
  assert.ok(Date.now() - begun < 10_000);
});

test('SIGTERM lets slow requests finish and takes no new connections', async (t) => {
  const server = await start(t, ['--workers', '5']);
  const slow = Array.from({ length: 4 }, () => new Raw(server.port).send(hold(900)));
  await Promise.all(slow.map((raw) => raw.connected()));
  const probe = await exchange(server.port, GET.replace('/healthz', '/nowhere'));
  assert.equal(probe.answer.status, 404, 'the workers have taken the slow ones before');
  server.child.kill('SIGTERM');
  while (!server.log.some((line) => line.includes('draining'))) await pause(5);
  const late = new Raw(server.port);
  await late.closed();
  assert.equal(late.error?.code, 'ECONNREFUSED');
  for (const raw of slow) {
    const [answer] = await raw.answers(1);
    assert.equal(answer?.status, 200);
    assert.equal(answer.headers.get('connection'), 'close');
    raw.destroy();
  }
  assert.equal(await server.exited, 0);
});

test('SIGTERM: who waits in the listen queue is accepted and answered', async (t) => {
  const server = await start(t);
  server.child.kill('SIGSTOP');
  const waiting = Array.from({ length: 30 }, () => new Raw(server.port).send(GET));
  await Promise.all(waiting.map((raw) => raw.connected()));
  server.child.kill('SIGTERM');
  server.child.kill('SIGCONT');
  for (const raw of waiting) {
    const [answer] = await raw.answers(1);
    assert.equal(answer?.status, 200, raw.error?.code);
    raw.destroy();
  }
  assert.equal(await server.exited, 0);
});

test('SIGTERM: a request that begins within the grace is answered, idle ones are closed', async (t) => {
  const server = await start(t);
  const idle = new Raw(server.port);
  const late = new Raw(server.port);
  for (const raw of [idle, late]) {
    raw.send(GET);
    await raw.answers(1);
  }
  server.child.kill('SIGTERM');
  while (!server.log.some((line) => line.includes('draining'))) await pause(5);
  late.send(GET);
  await late.answers(2);
  assert.equal(late.responses[1]?.headers.get('connection'), 'close');
  await idle.closed();
  assert.equal(idle.error, null, 'closed, not reset');
  idle.destroy();
  late.destroy();
  assert.equal(await server.exited, 0);
});

test('a full queue is answered 503 with Retry-After at once, and the rest served', async (t) => {
  const server = await start(t, ['--workers', '1', '--queue-max', '2']);
  const begun = Date.now();
  const clients = Array.from({ length: 8 }, () => new Raw(server.port).send(hold(300)));
  const refused = [];
  for (const raw of clients) {
    const [answer] = await raw.answers(1);
    if (answer.status === 503) refused.push(answer);
    else assert.equal(answer.status, 200);
    raw.destroy();
  }
  assert.ok(refused.length >= 4 && refused.length <= 6, `${refused.length} were refused`);
  for (const answer of refused) {
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
    assert.equal(answer.headers.get('connection'), 'keep-alive');
  }
  assert.ok(Date.now() - begun < 5000);
});

test('a reader that takes nothing is cut off at the write deadline', async (t) => {
  const server = await start(t, ['--write-ms', '300', '--write-rate', '1000000000']);
  const raw = new Raw(server.port);
  raw.socket.pause();
  raw.send(json('/echo', { text: 'x'.repeat(16_000), times: 1000 }));
  await pause(2000); // far past the deadline
  const other = await exchange(server.port, GET);
  assert.equal(other.answer.status, 200, 'nobody else waits for it');
  raw.socket.resume();
  await raw.closed();
  assert.ok(raw.received.length > 0);
  assert.equal(raw.responses.length, 0, 'the answer was cut off');
  raw.destroy();
});

test('a body that never comes is cut off at its deadline', async (t) => {
  const server = await start(t, ['--body-ms', '300']);
  const raw = new Raw(server.port);
  raw.send('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n');
  const drip = setInterval(() => raw.send('x'), 50);
  await raw.closed();
  clearInterval(drip);
  assert.deepEqual(raw.responses.map((r) => r.status), [408]);
  raw.destroy();
});

test('an idle connection is closed without a word', async (t) => {
  const server = await start(t, ['--idle-ms', '200']);
  const fresh = new Raw(server.port);
  const used = new Raw(server.port).send(GET);
  await used.answers(1);
  await Promise.all([fresh.closed(), used.closed()]);
  assert.equal(fresh.received.length, 0);
  assert.equal(used.responses.length, 1);
  assert.equal(fresh.error ?? used.error, null);
  fresh.destroy();
  used.destroy();
});

test('past the connections that it may have, the server turns away and goes on', async (t) => {
  const server = await start(t, ['--connections-max', '20', '--per-address', '500']);
  const open = Array.from({ length: 20 }, () => new Raw(server.port).send(GET));
  for (const raw of open) assert.equal((await raw.answers(1))[0]?.status, 200);
  const extra = new Raw(server.port);
  await extra.closed();
  assert.equal(extra.responses[0]?.status, 503);
  assert.ok(extra.responses[0].headers.get('retry-after'));
  for (const raw of open) raw.destroy();
  for (;;) {
    const { answer } = await exchange(server.port, GET).catch(() => ({}));
    if (answer?.status === 200) break;
  }
});

test('without descriptors left, the open connections are served and later ones again', async (t) => {
  const server = await start(t, ['--per-address', '500'], { limit: 48 });
  const open = [new Raw(server.port).send(GET)];
  assert.equal((await open[0].answers(1))[0]?.status, 200);
  for (let i = 0; i < 80; i++) open.push(new Raw(server.port));
  await Promise.all(open.slice(40).map((raw) => raw.until('some end', () => !raw.socket.connecting)));
  const [last] = open.slice(-1);
  await last.closed();
  open[0].send(GET);
  await open[0].answers(2);
  assert.equal(open[0].responses[1]?.status, 200);
  for (const raw of open) raw.destroy();
  for (;;) {
    const { answer } = await exchange(server.port, GET).catch(() => ({}));
    if (answer?.status === 200) break;
  }
  assert.equal(server.child.exitCode, null);
});

const who = (headers) => `GET /who HTTP/1.1\r\nHost: x\r\n${headers.map((h) => `${h}\r\n`).join('')}\r\n`;

test('X-Forwarded-For counts from trusted proxies only', async (t) => {
  const open = await start(t);
  const spoofed = await exchange(open.port, who(['X-Forwarded-For: 203.0.113.9', 'X-Real-IP: 203.0.113.8', 'X-Request-Id: from-outside-1']));
  assert.equal(spoofed.answer.body, '127.0.0.1');
  assert.notEqual(spoofed.answer.headers.get('x-request-id'), 'from-outside-1');

  const behind = await start(t, ['--trusted', '127.0.0.1, 10.0.0.0/8, 2001:db8::/32']);
  for (const [headers, expected] of [
    [['X-Forwarded-For: 203.0.113.9'], '203.0.113.9'],
    [['X-Forwarded-For: 1.1.1.1, 203.0.113.9'], '203.0.113.9'],
    [['X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.9.8.7'], '203.0.113.9'],
    [['X-Forwarded-For: 1.1.1.1', 'X-Forwarded-For: 203.0.113.9'], '203.0.113.9'],
    [['X-Forwarded-For: 203.0.113.9:4711'], '203.0.113.9'],
    [['X-Forwarded-For: [2001:db9::7]:4711'], '2001:db9::7'],
    [['X-Forwarded-For: 203.0.113.9, 2001:db8::1'], '203.0.113.9'],
    [['X-Forwarded-For: 203.0.113.9, nonsense'], '127.0.0.1'],
    [['X-Forwarded-For: '], '127.0.0.1'],
    [['X-Forwarded-For: 10.1.1.1'], '10.1.1.1'],
    [[], '127.0.0.1'],
  ]) {
    const { answer } = await exchange(behind.port, who(headers));
    assert.equal(answer.body, expected, headers.join(' | '));
  }
  for (const [id, taken] of [['proxy-id.0001', true], ['short', false], ['a'.repeat(33), false], ['bad id 12345', false]]) {
    const { answer } = await exchange(behind.port, who([`X-Request-Id: ${id}`]));
    assert.equal(answer.headers.get('x-request-id') === id, taken, id);
  }
});

test('a trusted proxy may hold more connections than one address', async (t) => {
  const server = await start(t, ['--trusted', '127.0.0.0/8', '--per-address', '3']);
  const open = Array.from({ length: 10 }, () => new Raw(server.port).send(GET));
  for (const raw of open) assert.equal((await raw.answers(1))[0]?.status, 200);
  for (const raw of open) raw.destroy();
});

test('each request leaves one line in the log, without its target', async (t) => {
  const server = await start(t);
  await exchange(server.port, 'GET /manage/secret-token HTTP/1.1\r\nHost: x\r\n\r\n');
  await exchange(server.port, json('/api/v1/session', { email: 'secret@example.com', password: 'secret' }));
  await exchange(server.port, 'GET /secret HTTP/1.1\nHost: x\n\n');
  server.child.kill('SIGTERM');
  await server.exited;
  const lines = server.log.map((line) => JSON.parse(line)).filter((line) => line.message === 'request');
  assert.deepEqual(
    lines.map(({ method, route, status }) => [method, route, status]),
    [['GET', 'unmatched', 404], ['POST', '/api/v1/session', 401], ['OTHER', '-', 400]],
  );
  for (const line of lines) {
    assert.match(line.request_id, /^[0-9a-f]{32}$/);
    assert.ok(line.bytes > 0 && line.ms >= 0);
  }
  assert.ok(!server.log.join('\n').includes('secret'));
});

for (const [listen, why] of [['127.0.0.1', 'no port'], ['127.0.0.1:99999', 'no such port'], ['nowhere:80', 'a name']]) {
  test(`the address ${listen} (${why}) is one clear line and exit status 1`, async () => {
    const child = spawn(ECHO, ['--listen', listen]);
    let said = '';
    child.stderr.on('data', (data) => (said += data));
    const [code] = await once(child, 'exit');
    assert.equal(code, 1);
    assert.match(said, /^cannot listen on .+\n$/);
  });
}

test('a port in use is one clear line and exit status 1', async (t) => {
  const first = await start(t);
  const child = spawn(ECHO, ['--listen', `127.0.0.1:${first.port}`]);
  let said = '';
  child.stderr.on('data', (data) => (said += data));
  const [code] = await once(child, 'exit');
  assert.equal(code, 1);
  assert.match(said, /^cannot listen on 127\.0\.0\.1:\d+: address already in use\n$/);
});
