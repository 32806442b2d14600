// SPDX-License-Identifier: AGPL-3.0-or-later
// What no honest client sends (RELIABILITY S69 to S76): each is answered with a 4xx or 5xx and the
// connection closed, and the server serves the next one as if nothing had been.
//
// CAREOPS_TEST_BASE names a running server to try (its header deadline then in
// CAREOPS_TEST_HEADER_MS); without it the program itself is started. Only two routes are needed:
// GET /healthz and POST /api/v1/session.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../lib/server.mjs';
import { Raw, exchange } from './http_raw.mjs';

const KIB = 1024;
const HEADER_MS = Number(process.env.CAREOPS_TEST_HEADER_MS ?? 700);
const SECURITY_HEADERS = [
  'x-content-type-options',
  'x-frame-options',
  'content-security-policy',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'cache-control',
  'x-request-id',
];

let port;
let server = null;

before(async () => {
  if (process.env.CAREOPS_TEST_BASE) {
    port = Number(new URL(process.env.CAREOPS_TEST_BASE).port);
    return;
  }
  server = await startServer(null, {
    env: { CAREOPS_HEADER_MS: String(HEADER_MS), CAREOPS_BODY_MS: String(HEADER_MS) },
  });
  port = server.port;
});

after(async () => {
  await server?.remove();
});

const get = (headers = [], target = '/healthz', version = 'HTTP/1.1') =>
  [`GET ${target} ${version}`, 'Host: localhost', ...headers, '', ''].join('\r\n');
const post = (headers = [], body = '') =>
  `${['POST /api/v1/session HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n${body}`;
const chunked = (body, headers = []) => post(['Transfer-Encoding: chunked', ...headers], body);
const line = (request) => `${request}\r\nHost: localhost\r\n\r\n`;

/** Every request here must be refused with this status, and the connection closed. */
const REFUSED = {
  'two lengths': [
    ['two different Content-Length', post(['Content-Length: 2', 'Content-Length: 3'], '{}')],
    ['two equal Content-Length', post(['Content-Length: 2', 'Content-Length: 2'], '{}')],
    ['a list in Content-Length', post(['Content-Length: 2, 2'], '{}')],
    ['a list of two lengths', post(['Content-Length: 2, 3'], '{}')],
    ['Content-Length with a plus', post(['Content-Length: +2'], '{}')],
    ['Content-Length with a minus', post(['Content-Length: -2'], '{}')],
    ['Content-Length in hexadecimal', post(['Content-Length: 0x2'], '{}')],
    ['Content-Length with a letter', post(['Content-Length: 2a'], '{}')],
    ['Content-Length with a blank inside', post(['Content-Length: 1 2'], '{}')],
    ['an empty Content-Length', post(['Content-Length:'], '{}')],
    ['Content-Length with a fraction', post(['Content-Length: 2.0'], '{}')],
    ['Content-Length with an exponent', post(['Content-Length: 1e1'], '{}')],
    ['Content-Length with an underscore', post(['Content-Length: 1_0'], '{}')],
    ['Content-Length in quotes', post(['Content-Length: "2"'], '{}')],
    ['CL.TE', post(['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n')],
    ['TE.CL', post(['Transfer-Encoding: chunked', 'Content-Length: 4'], '0\r\n\r\n')],
    ['TE.TE, the same twice', chunked('0\r\n\r\n', ['Transfer-Encoding: chunked'])],
    ['TE.TE, one of them unknown', chunked('0\r\n\r\n', ['Transfer-Encoding: cow'])],
    ['TE.TE, identity after', chunked('0\r\n\r\n', ['Transfer-Encoding: identity'])],
    ['chunked in a list with identity', post(['Transfer-Encoding: identity, chunked'])],
    ['chunked after gzip', post(['Transfer-Encoding: gzip, chunked'])],
    ['chunked twice in a list', post(['Transfer-Encoding: chunked, chunked'])],
    ['chunked before something', post(['Transfer-Encoding: chunked, cow'])],
    ['an unknown Transfer-Encoding', post(['Transfer-Encoding: xchunked'])],
    ['chunked with a parameter', post(['Transfer-Encoding: chunked;q=1'])],
    ['chunked in quotes', post(['Transfer-Encoding: "chunked"'])],
    ['an empty Transfer-Encoding', post(['Transfer-Encoding:'])],
    ['Transfer-Encoding identity', post(['Transfer-Encoding: identity'])],
    ['Transfer-Encoding behind a vertical tab', post(['Transfer-Encoding:\x0bchunked'])],
    ['chunked in HTTP/1.0', chunked('0\r\n\r\n').replace('HTTP/1.1', 'HTTP/1.0')],
    ['Content-Length beyond 64 bits', post(['Content-Length: 99999999999999999999'], '{}'), 413],
    ['Content-Length at 2^63', post(['Content-Length: 9223372036854775808'], '{}'), 413],
  ],
  chunks: [
    ['a chunk extension', chunked('2;a=b\r\n{}\r\n0\r\n\r\n')],
    ['a bare chunk extension', chunked('2;\r\n{}\r\n0\r\n\r\n')],
    ['an extension on the last chunk', chunked('2\r\n{}\r\n0;x\r\n\r\n')],
    ['a blank after the size', chunked('2 \r\n{}\r\n0\r\n\r\n')],
    ['a blank before the size', chunked(' 2\r\n{}\r\n0\r\n\r\n')],
    ['a tab after the size', chunked('2\t\r\n{}\r\n0\r\n\r\n')],
    ['a size with 0x', chunked('0x2\r\n{}\r\n0\r\n\r\n')],
    ['a size with a plus', chunked('+2\r\n{}\r\n0\r\n\r\n')],
    ['a size with a minus', chunked('-2\r\n{}\r\n0\r\n\r\n')],
    ['a size that is not hexadecimal', chunked('g\r\n{}\r\n0\r\n\r\n')],
    ['an empty size', chunked('\r\n{}\r\n0\r\n\r\n')],
    ['a size of 17 digits', chunked('00000000000000002\r\n{}\r\n0\r\n\r\n')],
    ['a size that wraps around 64 bits', chunked('10000000000000002\r\n{}\r\n0\r\n\r\n')],
    ['a bare LF after the size', chunked('2\n{}\r\n0\r\n\r\n')],
    ['a bare CR after the size', chunked('2\r{}\r\n0\r\n\r\n')],
    ['a chunk longer than its size', chunked('2\r\n{}x\r\n0\r\n\r\n')],
    ['a chunk without its CRLF', chunked('2\r\n{}0\r\n\r\n')],
    ['a chunk with a bare LF behind', chunked('2\r\n{}\n0\r\n\r\n')],
    ['a chunk with another byte for its LF', chunked('2\r\n{}\rX0\r\n\r\n')],
    ['a trailer', chunked('2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n')],
    ['a smuggled length in a trailer', chunked('2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n')],
    ['a chunk larger than a body may be', chunked('100001\r\n'), 413],
    ['a chunk size of 4 GiB', chunked('ffffffff\r\n'), 413],
  ],
  'line ends': [
    ['bare LF everywhere', 'GET /healthz HTTP/1.1\nHost: localhost\n\n'],
    ['a bare LF after the request line', 'GET /healthz HTTP/1.1\nHost: localhost\r\n\r\n'],
    ['a bare LF after a header', 'GET /healthz HTTP/1.1\r\nHost: localhost\nX: 1\r\n\r\n'],
    ['a bare LF for the blank line', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\n'],
    ['a bare CR in a header', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n'],
    ['CR CR LF', 'GET /healthz HTTP/1.1\r\r\nHost: localhost\r\n\r\n'],
    ['two empty lines first', `\r\n\r\n${get()}`],
    ['a LF first', `\n${get()}`],
    ['NUL in the request line', line('GET /heal\0thz HTTP/1.1')],
    ['NUL in a header name', get(['X\0Y: 1'])],
    ['NUL in a header value', get(['X: a\0b'])],
    ['NUL first', `\0${get()}`],
  ],
  headers: [
    ['a folded header', get(['X: a', ' b'])],
    ['a header folded by a tab', get(['X: a', '\tb'])],
    ['a fold before any header', 'GET /healthz HTTP/1.1\r\n Host: localhost\r\n\r\n'],
    ['a folded Transfer-Encoding', post(['Transfer-Encoding:', ' chunked'], '0\r\n\r\n')],
    ['a blank before the colon', get(['X : 1'])],
    ['a tab before the colon', get(['X\t: 1'])],
    ['a blank before Transfer-Encoding’s colon', post(['Transfer-Encoding : chunked'])],
    ['a blank in a name', get(['X Y: 1'])],
    ['a name of nothing', get([': 1'])],
    ['a line without a colon', get(['nonsense'])],
    ['a bracket in a name', get(['X[Y]: 1'])],
    ['a byte above ASCII in a name', get(['X\xe9: 1'])],
    ['a slash in a name', get(['X/Y: 1'])],
    ['DEL in a value', get(['X: a\x7fb'])],
    ['BEL in a value', get(['X: a\x07b'])],
    ['ESC in a value', get(['X: \x1b[2J'])],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['no Host in HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n'],
    ['two Hosts', get(['Host: localhost'])],
    ['two different Hosts', get(['Host: elsewhere'])],
    ['an empty Host', 'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n'],
    ['a list of Hosts', 'GET /healthz HTTP/1.1\r\nHost: a, b\r\n\r\n'],
    ['Host with a path', 'GET /healthz HTTP/1.1\r\nHost: localhost/x\r\n\r\n'],
    ['Host with a user', 'GET /healthz HTTP/1.1\r\nHost: user@localhost\r\n\r\n'],
    ['Host with a blank', 'GET /healthz HTTP/1.1\r\nHost: local host\r\n\r\n'],
    ['an expectation that nobody knows', post(['Expect: 200-maybe', 'Content-Length: 2']), 417],
    ['a gzipped body', post(['Content-Encoding: gzip', 'Content-Length: 2'], '{}'), 415],
    ['a brotli body', post(['Content-Encoding: br', 'Content-Length: 2'], '{}'), 415],
    ['a body of two codings', post(['Content-Encoding: gzip, identity', 'Content-Length: 2']), 415],
  ],
  'request lines': [
    ['no version', line('GET /healthz')],
    ['no target', line('GET HTTP/1.1')],
    ['two blanks before the target', line('GET  /healthz HTTP/1.1')],
    ['two blanks before the version', line('GET /healthz  HTTP/1.1')],
    ['a tab instead of a blank', line('GET\t/healthz HTTP/1.1')],
    ['a blank first', line(' GET /healthz HTTP/1.1')],
    ['a blank last', line('GET /healthz HTTP/1.1 ')],
    ['a blank in the target', line('GET /heal thz HTTP/1.1')],
    ['a small-letter version', line('GET /healthz http/1.1')],
    ['another protocol', line('GET /healthz ICY/1.1')],
    ['a version without a point', line('GET /healthz HTTP/11')],
    ['a version of three digits', line('GET /healthz HTTP/1.10')],
    ['HTTP/0.9', 'GET /healthz\r\n\r\n'],
    ['HTTP/2 said plainly', line('GET /healthz HTTP/2.0'), 505],
    ['HTTP/1.2', line('GET /healthz HTTP/1.2'), 505],
    ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
    ['a TLS hello', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n'],
    ['a brace in the method', line('G{T /healthz HTTP/1.1')],
    ['a fragment', line('GET /healthz#x HTTP/1.1')],
    ['a backslash', line('GET /\\healthz HTTP/1.1')],
    ['a byte above ASCII', line('GET /h\xe9 HTTP/1.1')],
    ['DEL in the target', line('GET /h\x7f HTTP/1.1')],
    ['no slash', line('GET healthz HTTP/1.1')],
    ['an absolute target of another host', line('GET http://elsewhere/healthz HTTP/1.1')],
    ['an absolute target with a user', line('GET http://a@localhost/healthz HTTP/1.1')],
    ['an absolute target of another scheme', line('GET ftp://localhost/healthz HTTP/1.1')],
    ['an asterisk with GET', line('GET * HTTP/1.1')],
    ['a broken escape', line('GET /%zz HTTP/1.1')],
    ['half an escape', line('GET /%2 HTTP/1.1')],
    ['an escaped NUL', line('GET /healthz%00 HTTP/1.1')],
    ['an escaped slash', line('GET /api%2fv1 HTTP/1.1')],
    ['an escaped backslash', line('GET /api%5cv1 HTTP/1.1')],
    ['an escaped line end', line('GET /x%0d%0aX:1 HTTP/1.1')],
    ['dot segments', line('GET /a/../healthz HTTP/1.1')],
    ['one dot', line('GET /./healthz HTTP/1.1')],
    ['escaped dot segments', line('GET /a/%2e%2e/healthz HTTP/1.1')],
    ['an overlong UTF-8 slash', line('GET /%c0%af HTTP/1.1')],
    ['a surrogate in UTF-8', line('GET /%ed%a0%80 HTTP/1.1')],
    ['TRACE', line('TRACE /healthz HTTP/1.1'), 405],
    ['CONNECT', line('CONNECT localhost:80 HTTP/1.1'), 405],
    ['an unknown method', line('FETCH /healthz HTTP/1.1'), 501],
    ['a method in small letters', line('get /healthz HTTP/1.1'), 501],
    ['a WebDAV method', line('PROPFIND / HTTP/1.1'), 501],
  ],
  limits: [
    ['a request line of 8 KiB and one', line(`GET /${'a'.repeat(8 * KIB + 1 - 14)} HTTP/1.1`), 414],
    ['a request line without end', `GET /${'a'.repeat(40 * KIB)}`, 414],
    ['101 headers', get(Array.from({ length: 100 }, (_, i) => `X-${i}: 1`)), 431],
    ['16 KiB of headers and one', get([`X: ${'a'.repeat(16 * KIB - 22 + 1)}`]), 431],
    ['headers without end', `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(40 * KIB)}`, 431],
    ['a body of 1 MiB and one', post([`Content-Length: ${KIB * KIB + 1}`]), 413],
    ['a body of 1 GiB', post([`Content-Length: ${KIB * KIB * KIB}`]), 413],
  ],
};

async function alive() {
  const { answer } = await exchange(port, get(['Connection: close']));
  assert.equal(answer.status, 200);
}

for (const [group, cases] of Object.entries(REFUSED)) {
  describe(`Refused and closed: ${group}`, () => {
    for (const [name, bytes, status = 400] of cases) {
      test(`${name} is answered ${status} and closed`, async () => {
        const { answer, responses } = await exchange(port, bytes, { close: true });
        assert.equal(answer?.status, status);
        assert.equal(responses.length, 1, 'exactly one answer');
        assert.equal(answer.headers.get('connection'), 'close');
        assert.equal(answer.headers.get('content-type'), 'application/problem+json');
        for (const header of SECURITY_HEADERS) assert.ok(answer.headers.get(header), header);
        const problem = JSON.parse(answer.body);
        assert.equal(problem.status, status);
        assert.equal(problem.request_id, answer.headers.get('x-request-id'));
        if (status === 405) assert.match(answer.headers.get('allow'), /GET/);
      });
    }
  });
}

describe('Every byte counts, however it arrives', () => {
  test('a refusal is the same when the request comes byte by byte', async () => {
    const raw = new Raw(port);
    await raw.connected();
    for (const byte of 'GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n') raw.send(byte);
    const [answer] = await raw.answers(1);
    assert.equal(answer.status, 400);
    raw.destroy();
  });

  test('a chunked body is the same in any cutting', async () => {
    const body = '{"email":"a@example.com","password":"x"}';
    const text = chunked(
      `${[...body].map((c) => `1\r\n${c}\r\n`).join('')}0\r\n\r\n`,
      ['Connection: close'],
    );
    for (const size of [1, 2, 3, 7, 64]) {
      const raw = new Raw(port);
      await raw.connected();
      for (let i = 0; i < text.length; i += size) raw.send(text.slice(i, i + size));
      const [answer] = await raw.answers(1);
      assert.equal(answer.status, 401, `pieces of ${size}`);
      raw.destroy();
    }
  });

  test('a smuggled second request is never served', async () => {
    const smuggled = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const { responses } = await exchange(
      port,
      post([`Content-Length: ${smuggled.length}`, 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`),
      { close: true },
    );
    assert.deepEqual(responses.map((r) => r.status), [400]);
  });
});

describe('What just fits is served', () => {
  const served = [
    ['a request line of 8 KiB', line(`GET /${'a'.repeat(8 * KIB - 14)} HTTP/1.1`), 404],
    ['100 headers', get(Array.from({ length: 99 }, (_, i) => `X-${i}: 1`)), 200],
    ['16 KiB of headers', get([`X: ${'a'.repeat(16 * KIB - 22)}`]), 200],
    ['one empty line first', `\r\n${get()}`, 200],
    ['an absolute target of this host', line('GET http://localhost/healthz HTTP/1.1'), 200],
    ['HTTP/1.0 with a Host', get([], '/healthz', 'HTTP/1.0'), 200],
    ['text above ASCII in a value', get(['X: caf\xc3\xa9']), 200],
    ['Transfer-Encoding in capitals', post(['Transfer-Encoding: CHUNKED'], '2\r\n{}\r\n0\r\n\r\n'), 422],
    ['OPTIONS *', line('OPTIONS * HTTP/1.1'), 204],
  ];
  for (const [name, bytes, status] of served) {
    test(`${name} is answered ${status}`, async () => {
      const { answer } = await exchange(port, bytes);
      assert.equal(answer.status, status);
    });
  }

  test('a body of exactly 1 MiB is read', async () => {
    const frame = '{"email":"a@example.com","password":""}';
    const password = 'p'.repeat(KIB * KIB - frame.length);
    const body = frame.replace('""', `"${password}"`);
    assert.equal(body.length, KIB * KIB);
    const { answer } = await exchange(port, post([`Content-Length: ${body.length}`], body));
    assert.equal(answer.status, 422, 'read whole, and the password is too long');
  });

  test('HEAD has the headers of GET and no body', async () => {
    const raw = new Raw(port, { head: true });
    raw.send(get().replace('GET', 'HEAD'));
    raw.send(get(['Connection: close']).replace('GET', 'HEAD'));
    await raw.closed();
    const all = raw.responses;
    assert.deepEqual(all.map((r) => r.status), [200, 200]);
    assert.ok(Number(all[0].headers.get('content-length')) > 0);
    raw.destroy();
  });

  test('OPTIONS and 405 name the methods that are served', async () => {
    const { answer: options } = await exchange(port, line('OPTIONS /healthz HTTP/1.1'));
    assert.equal(options.status, 204);
    assert.equal(options.headers.get('allow'), 'GET, HEAD, OPTIONS');
    const { answer: put } = await exchange(port, line('PUT /healthz HTTP/1.1'));
    assert.equal(put.status, 405);
    assert.equal(put.headers.get('allow'), 'GET, HEAD, OPTIONS');
  });
});

describe('Bodies', () => {
  test('Expect: 100-continue is told to go on, and then answered', async () => {
    const raw = new Raw(port);
    raw.send(post(['Expect: 100-continue', 'Content-Length: 2']));
    await raw.until('100 Continue', () => raw.responses.length > 0);
    assert.equal(raw.responses[0].status, 100);
    raw.send('{}');
    await raw.answers(2);
    assert.deepEqual(raw.responses.map((r) => r.status), [100, 422]);
    raw.destroy();
  });

  test('Expect: 100-continue with too large a body is refused before it is sent', async () => {
    const { responses } = await exchange(
      port,
      post(['Expect: 100-continue', `Content-Length: ${10 * KIB * KIB}`]),
      { close: true },
    );
    assert.deepEqual(responses.map((r) => r.status), [413]);
  });

  test('a client that goes on sending after a 413 can still read it', async () => {
    const raw = new Raw(port);
    raw.send(post([`Content-Length: ${4 * KIB * KIB}`], 'x'.repeat(2 * KIB * KIB)));
    await raw.until('the answer', () => raw.responses.length > 0);
    assert.equal(raw.responses[0].status, 413);
    assert.equal(raw.error, null);
    raw.destroy();
  });

  for (const [name, type] of [
    ['no Content-Type', null],
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['another charset', 'application/json; charset=latin1'],
    ['something that begins like JSON', 'application/jsonp'],
  ]) {
    test(`a body with ${name} is 415`, async () => {
      const headers = type ? [`Content-Type: ${type}`] : [];
      const request = ['POST /api/v1/session HTTP/1.1', 'Host: localhost', ...headers, 'Content-Length: 2', '', '{}'];
      const { answer } = await exchange(port, request.join('\r\n'));
      assert.equal(answer.status, 415);
    });
  }

  for (const [name, body, status, code] of [
    ['nothing at all', '', 400, 'malformed_json'],
    ['half an object', '{"email":', 400, 'malformed_json'],
    ['two objects', '{}{}', 400, 'malformed_json'],
    ['a member twice', '{"email":"a@b.ch","email":"c@d.ch"}', 400, 'malformed_json'],
    ['bytes outside UTF-8', '{"email":"\xff"}', 400, 'malformed_json'],
    ['an escaped NUL', '{"email":"a\\u0000b","password":"x"}', 400, 'malformed_json'],
    ['a lone surrogate', '{"email":"\\ud800","password":"x"}', 400, 'malformed_json'],
    ['NaN', '{"email":NaN}', 400, 'malformed_json'],
    ['a comment', '{/**/}', 400, 'malformed_json'],
    ['a comma too many', '{"email":"a@b.ch",}', 400, 'malformed_json'],
    ['33 levels', `{"email":${'['.repeat(32)}${']'.repeat(32)}}`, 400, 'json_too_deep'],
    ['100,000 levels', '['.repeat(100_000), 400, 'json_too_deep'],
    ['1001 members', `{${Array.from({ length: 1001 }, (_, i) => `"m${i}":1`)}}`, 400, 'json_too_large'],
    ['a list', '[]', 422, 'validation_failed'],
    ['a text', '"x"', 422, 'validation_failed'],
    ['an unknown member', '{"email":"a@b.ch","password":"x","role":"owner"}', 422, 'validation_failed'],
    ['__proto__', '{"email":"a@b.ch","password":"x","__proto__":{}}', 422, 'validation_failed'],
    ['a line end in an address', '{"email":"a@b.ch\\r\\nBcc: c@d.ch","password":"x"}', 422, 'validation_failed'],
    ['a number for a text', '{"email":1e999,"password":"x"}', 422, 'validation_failed'],
  ]) {
    test(`a body of ${name} is ${status} ${code}`, async () => {
      const { answer } = await exchange(port, post([`Content-Length: ${body.length}`], body));
      assert.equal(answer.status, status);
      assert.equal(JSON.parse(answer.body).code, code);
    });
  }
});

describe('Connections', () => {
  test('pipelined requests are answered in their order', async () => {
    const raw = new Raw(port);
    const login = post(['Content-Length: 2'], '{}');
    raw.send(get() + login + get([], '/nowhere-at-all') + get() + login);
    await raw.answers(5);
    assert.deepEqual(raw.responses.map((r) => r.status), [200, 422, 404, 200, 422]);
    raw.destroy();
  });

  test('200 pipelined requests are all answered', async () => {
    const raw = new Raw(port);
    raw.send(get().repeat(200));
    await raw.answers(200);
    assert.ok(raw.responses.every((r) => r.status === 200));
    assert.equal(new Set(raw.responses.map((r) => r.headers.get('x-request-id'))).size, 200);
    raw.destroy();
  });

  test('a bad request behind a good one: both are answered, then it is closed', async () => {
    const raw = new Raw(port);
    raw.send(`${get()}GET /healthz HTTP/1.1\nHost: x\n\n${get()}`);
    await raw.closed();
    assert.deepEqual(raw.responses.map((r) => r.status), [200, 400]);
    raw.destroy();
  });

  test('Connection: close is honoured, and nothing behind it served', async () => {
    const raw = new Raw(port);
    raw.send(get(['Connection: close']) + get());
    await raw.closed();
    assert.deepEqual(raw.responses.map((r) => r.status), [200]);
    raw.destroy();
  });

  test('a client that closes its sending side still gets its answer', async () => {
    const raw = new Raw(port);
    raw.send(get());
    raw.socket.end();
    const [answer] = await raw.answers(1);
    assert.equal(answer.status, 200);
    raw.destroy();
  });

  test('a head that never ends is cut off at its deadline, counted from its first byte', async () => {
    const raw = new Raw(port);
    await raw.connected();
    const begun = Date.now();
    raw.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => raw.send('X: 1\r\n'), HEADER_MS / 10);
    try {
      await raw.closed(HEADER_MS * 10);
    } finally {
      clearInterval(drip);
    }
    assert.deepEqual(raw.responses.map((r) => r.status), [408]);
    assert.ok(Date.now() - begun >= HEADER_MS - 50, 'not before its time');
    raw.destroy();
  });

  test('100 connections of one address are served, further ones are turned away', async () => {
    const open = [];
    try {
      for (let i = 0; i < 110; i++) open.push(new Raw(port).send(get()));
      const statuses = [];
      for (const raw of open) statuses.push((await raw.answers(1))[0]?.status ?? 'closed');
      const served = statuses.filter((status) => status === 200).length;
      // Who started the server may still hold a connection or two.
      assert.ok(served >= 95 && served <= 100, `${served} were served`);
      assert.ok(statuses.every((status) => [200, 503, 'closed'].includes(status)));
      for (const raw of open) raw.destroy();
      await eventuallyServed();
    } finally {
      for (const raw of open) raw.destroy();
    }
  });

  test('the server has survived all of it', alive);
});

/** A place is free again as soon as the server has seen the other one go. */
async function eventuallyServed() {
  for (let i = 0; i < 200; i++) {
    try {
      const { answer } = await exchange(port, get());
      if (answer?.status === 200) return;
    } catch {
      // turned away once more
    }
  }
  assert.fail('no place became free');
}
