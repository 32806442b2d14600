// SPDX-License-Identifier: AGPL-3.0-or-later
// A stand-in for Resend's `POST /emails` and `GET /emails/receiving/ID` (with the address where the
// raw mail lies), after its public documentation: bearer key, JSON body,
// idempotency keys kept for 24 hours, a rate limit a second with its headers, and the errors'
// names. It keeps what it accepted and injects faults by script.
//
//   const resend = await startResend({ apiKey: 're_test', ratePerSecond: 2 });
//   resend.url        http://127.0.0.1:PORT, for CAREOPS_RESEND_URL
//   resend.accepted   [{ key, hash, id, email }]: each is one e-mail that a person would receive
//   resend.requests   [{ method, path, key, hash, status, fault }], in the order of arrival
//   resend.faults     one entry is taken by each call that passes the rate limit; empty means 'ok'
//   resend.chooseFault = (n, { key }) => 'ok'   used instead of the list when set
//   await resend.waitFor(3)            resolves when at least three are accepted
//   resend.receive(text, { raw: true })   a mail comes in; the id under which it can be retrieved
//   resend.receivingFaults             one is taken by each retrieval: 'refuse-429', 'refuse-500',
//                                      'accept-garbage'
//   await resend.stop()
//
// Faults before acceptance: 'refuse-429', 'refuse-429-bare' (without retry-after), 'quota' (the
// day's is used up), 'refuse-500', 'refuse-502', 'refuse-503', 'reset', 'redirect' (a 302 elsewhere).
// Faults after it: 'accept-then-502', 'accept-then-reset', 'accept-then-hang', 'accept-slow' (the
// answer drips), 'accept-garbage' (200 and no JSON), 'accept-huge' (200 and megabytes), and 'busy'
// (accepts only after `busyMs`, so that a second call with the key meets the first).
//
// Alone: node tests/resend/standin.mjs [--api-key K] [--rate N] [--faults a,b,...]
//   [--fault-percent P --seed N]
// prints one JSON object a line: first {"event":"listening",...}, then one per request.

import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const KEY_KEPT_MS = 24 * 60 * 60 * 1000;
const KEY_LENGTH_MAX = 256;
const BODY_LIMIT = 4 * 1024 * 1024;
const RECIPIENTS_MAX = 50;
const DRIP_MS = 20;
const HUGE_ANSWER = 10 * 1024 * 1024;
const KNOWN_FIELDS = new Set([
  ...['from', 'to', 'cc', 'bcc', 'subject', 'html', 'text', 'reply_to', 'headers', 'attachments'],
  ...['tags', 'scheduled_at'],
]);

export const FAULTS = [
  ...['ok', 'refuse-429', 'refuse-429-bare', 'quota', 'refuse-500', 'refuse-502', 'refuse-503'],
  ...['reset', 'redirect', 'accept-then-502'],
  ...['accept-then-reset', 'accept-then-hang', 'accept-slow', 'accept-garbage', 'accept-huge'],
  'busy',
];

function answer(response, status, body, headers = {}) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function refuse(response, statusCode, name, message, headers = {}) {
  answer(response, statusCode, { statusCode, name, message }, headers);
}

async function readBody(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > BODY_LIMIT) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What is wrong with an e-mail, as [status, name, message], or null. */
function findFault(email) {
  if (email === null || typeof email !== 'object' || Array.isArray(email)) {
    return [400, 'validation_error', 'The body is not a JSON object.'];
  }
  for (const field of ['from', 'to', 'subject']) {
    if (!email[field]) return [422, 'missing_required_field', `Missing \`${field}\` field.`];
  }
  if (email.html === undefined && email.text === undefined) {
    return [422, 'missing_required_field', 'Missing `html` or `text` field.'];
  }
  const unknown = Object.keys(email).find((field) => !KNOWN_FIELDS.has(field));
  if (unknown) return [422, 'validation_error', `Unknown field \`${unknown}\`.`];
  const recipients = [email.to].flat();
  if (recipients.length > RECIPIENTS_MAX) {
    return [422, 'validation_error', 'The `to` field has too many recipients.'];
  }
  const address = /^(?:[^<>\r\n]*<[^@\s<>]+@[^@\s<>]+>|[^@\s<>]+@[^@\s<>]+)$/;
  if (![email.from, ...recipients].every((text) => typeof text === 'string' && address.test(text))) {
    return [422, 'validation_error', 'Invalid `from` or `to` field.'];
  }
  for (const { name, value } of email.tags ?? []) {
    const plain = /^[A-Za-z0-9_-]{1,256}$/;
    if (!plain.test(name) || !plain.test(value)) {
      return [422, 'validation_error', 'Tags should only contain ASCII letters, numbers, _ and -.'];
    }
  }
  for (const attachment of email.attachments ?? []) {
    if (attachment.content === undefined && attachment.path === undefined) {
      return [422, 'invalid_attachment', 'Attachment must have either a `content` or `path`.'];
    }
  }
  return null;
}

class Standin {
  constructor(options) {
    this.apiKey = options.apiKey;
    this.ratePerSecond = options.ratePerSecond;
    this.busyMs = options.busyMs;
    this.dripMs = options.dripMs;
    this.now = options.now;
    this.faults = [...options.faults];
    this.chooseFault = options.chooseFault;
    this.accepted = [];
    this.requests = [];
    this.received = new Map(); // id -> { text, raw }
    this.receivingFaults = [];
    this.keys = new Map(); // key -> { hash, id or null while in progress, atMs }
    this.window = { startMs: 0, used: 0 };
    this.calls = 0;
    this.events = new EventEmitter();
    this.events.setMaxListeners(0);
  }

  /** Counts the call against the current second; the headers that every answer bears. */
  countCall() {
    const now = this.now();
    if (now - this.window.startMs >= 1000) this.window = { startMs: now, used: 0 };
    this.window.used += 1;
    const resetS = Math.max(1, Math.ceil((this.window.startMs + 1000 - now) / 1000));
    const over = this.window.used > this.ratePerSecond;
    return {
      over,
      headers: {
        'ratelimit-limit': String(this.ratePerSecond),
        'ratelimit-remaining': String(Math.max(0, this.ratePerSecond - this.window.used)),
        'ratelimit-reset': String(resetS),
        ...(over ? { 'retry-after': String(resetS) } : {}),
      },
    };
  }

  nextFault(record) {
    const fault = this.chooseFault?.(this.calls, record) ?? this.faults.shift() ?? 'ok';
    this.calls += 1;
    if (!FAULTS.includes(fault)) throw new Error(`unknown Resend fault: ${fault}`);
    return fault;
  }

  /** What is known of a key: an object that is still remembered, or undefined. */
  remembered(key) {
    const known = key === undefined ? undefined : this.keys.get(key);
    if (known && this.now() - known.atMs >= KEY_KEPT_MS) {
      this.keys.delete(key);
      return undefined;
    }
    return known;
  }

  accept(key, hash, email) {
    const id = randomUUID();
    this.accepted.push({ key, hash, id, email });
    if (key !== undefined) this.keys.set(key, { hash, id, atMs: this.now() });
    this.events.emit('accepted');
    return id;
  }

  receive(text, { raw = true } = {}) {
    const id = randomUUID();
    this.received.set(id, { text, raw });
    return id;
  }

  /** `GET /emails/receiving/ID`, and the address that it gives. */
  retrieve(request, response, record) {
    const { pathname } = new URL(request.url, 'http://x');
    const [, download, id] = /^\/(emails\/receiving|raw)\/([^/]+)$/.exec(pathname) ?? [];
    const mail = this.received.get(id);
    if (download === 'raw') {
      // Signed by its address alone: a key has no business here.
      response.writeHead(mail ? 200 : 403, { 'content-type': 'message/rfc822' });
      return response.end(mail?.text);
    }
    if (!record.authorized) return refuse(response, 403, 'invalid_api_key', 'API key is invalid.');
    record.fault = this.receivingFaults.shift() ?? 'ok';
    if (record.fault === 'refuse-429') {
      response.setHeader('retry-after', '1');
      return refuse(response, 429, 'rate_limit_exceeded', 'Too many requests.');
    }
    if (record.fault === 'refuse-500') return refuse(response, 500, 'application_error', 'An error.');
    if (record.fault === 'accept-garbage') {
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end('{"object": <not JSON>');
    }
    if (!mail) return refuse(response, 404, 'not_found', 'Email not found.');
    const end = mail.text.indexOf('\r\n\r\n');
    const headers = Object.fromEntries(mail.text.slice(0, end).split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }));
    return answer(response, 200, {
      object: 'email',
      id,
      to: [headers.to],
      from: headers.from,
      created_at: new Date().toISOString(),
      subject: headers.subject,
      html: null,
      text: mail.text.slice(end + 4),
      headers,
      bcc: [],
      cc: [],
      reply_to: [],
      message_id: headers['message-id'],
      raw: mail.raw
        ? { download_url: `http://127.0.0.1:${this.port}/raw/${id}?signature=x`, expires_at: new Date(Date.now() + 3_600_000).toISOString() }
        : null,
      attachments: [],
    });
  }

  async handle(request, response) {
    const record = {
      method: request.method,
      path: request.url,
      key: request.headers['idempotency-key'],
      authorized: request.headers.authorization === `Bearer ${this.apiKey}`,
      hash: null,
      fault: null,
      status: null,
    };
    this.requests.push(record);
    response.once('close', () => {
      record.status = response.headersSent ? response.statusCode : 0;
      this.events.emit('request', record);
    });

    if (request.method === 'GET' && /^\/(emails\/receiving|raw)\//.test(request.url)) {
      return this.retrieve(request, response, record);
    }
    const { over, headers } = this.countCall();
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const text = await readBody(request);
    record.hash = createHash('sha256').update(text ?? '').digest('hex');
    if (over) {
      return refuse(response, 429, 'rate_limit_exceeded', 'Too many requests.');
    }
    if (this.refuseByHead(request, response, record.key)) return undefined;
    if (text === null) return refuse(response, 413, 'validation_error', 'The body is too large.');
    return this.send(text, record, response);
  }

  /** Answers a call that its line or head condemns; whether it did. */
  refuseByHead(request, response, key) {
    if (request.url !== '/emails') {
      refuse(response, 404, 'not_found', 'The requested endpoint does not exist.');
    } else if (request.method !== 'POST') {
      refuse(response, 405, 'method_not_allowed', 'Method is not allowed for the requested path.');
    } else if (!request.headers.authorization?.startsWith('Bearer ')) {
      refuse(response, 401, 'missing_api_key', 'Missing API key in the authorization header.');
    } else if (request.headers.authorization !== `Bearer ${this.apiKey}`) {
      refuse(response, 403, 'invalid_api_key', 'API key is invalid.');
    } else if (!request.headers['content-type']?.startsWith('application/json')) {
      refuse(response, 415, 'validation_error', 'The body must be JSON.');
    } else if (key !== undefined && (key.length < 1 || key.length > KEY_LENGTH_MAX)) {
      refuse(response, 400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.');
    } else {
      return false;
    }
    return true;
  }

  async send(text, record, response) {
    const fault = this.nextFault(record);
    record.fault = fault;
    if (fault === 'refuse-429') {
      response.setHeader('retry-after', '1');
      return refuse(response, 429, 'rate_limit_exceeded', 'Too many requests.');
    }
    if (fault === 'refuse-429-bare') {
      return refuse(response, 429, 'rate_limit_exceeded', 'Too many requests.');
    }
    if (fault === 'quota') {
      return refuse(response, 429, 'daily_quota_exceeded', 'You have reached your daily quota.');
    }
    if (fault === 'refuse-500') {
      return refuse(response, 500, 'application_error', 'An unexpected error occurred.');
    }
    if (fault === 'refuse-502' || fault === 'refuse-503') {
      response.writeHead(Number(fault.slice(-3)), { 'content-type': 'text/html' });
      return response.end('<html><body>Try again later</body></html>');
    }
    if (fault === 'reset') return response.socket.resetAndDestroy();
    if (fault === 'redirect') {
      response.writeHead(302, { location: 'http://127.0.0.1:9/emails', 'content-length': 0 });
      return response.end();
    }

    let email;
    try {
      email = JSON.parse(text);
    } catch {
      return refuse(response, 400, 'validation_error', 'The body is not JSON.');
    }
    const wrong = findFault(email);
    if (wrong) return refuse(response, ...wrong);

    const { key, hash } = record;
    const known = this.remembered(key);
    if (known && known.hash !== hash) {
      return refuse(response, 409, 'invalid_idempotent_request',
        'Same idempotency key used with a different request payload.');
    }
    if (known && known.id === null) {
      return refuse(response, 409, 'concurrent_idempotent_requests',
        'Same idempotency key used while original request is still in progress.');
    }
    if (known) return this.reply(response, fault, known.id);
    if (fault === 'busy') {
      if (key !== undefined) this.keys.set(key, { hash, id: null, atMs: this.now() });
      await sleep(this.busyMs);
    }
    return this.reply(response, fault, this.accept(key, hash, email));
  }

  async reply(response, fault, id) {
    switch (fault) {
      case 'accept-then-502':
        response.writeHead(502, { 'content-type': 'text/html' });
        return response.end('<html><body>Bad gateway</body></html>');
      case 'accept-then-reset':
        return response.socket.resetAndDestroy();
      case 'accept-then-hang':
        return undefined; // stop() or the client ends it
      case 'accept-garbage':
        response.writeHead(200, { 'content-type': 'application/json' });
        return response.end('{"id": <not JSON>');
      case 'accept-huge':
        response.writeHead(200, { 'content-type': 'application/json' });
        return response.end(Buffer.alloc(HUGE_ANSWER, 'x'));
      case 'accept-slow': {
        const text = JSON.stringify({ id });
        response.writeHead(200, { 'content-type': 'application/json' });
        for (const character of text) {
          if (response.destroyed) return undefined;
          response.write(character);
          await sleep(this.dripMs);
        }
        return response.end();
      }
      default:
        return answer(response, 200, { id });
    }
  }
}

export async function startResend({
  apiKey = 're_test',
  ratePerSecond = 2,
  faults = [],
  chooseFault = null,
  busyMs = 300,
  dripMs = DRIP_MS,
  now = Date.now,
} = {}) {
  const standin = new Standin({ apiKey, ratePerSecond, faults, chooseFault, busyMs, dripMs, now });
  const server = createServer((request, response) => {
    standin.handle(request, response).catch((error) => {
      // The client left in the middle of its own request.
      if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
      server.emit('error', error);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return Object.assign(standin, {
    port,
    url: `http://127.0.0.1:${port}`,
    async waitFor(count, timeoutMs = 10_000) {
      const signal = AbortSignal.timeout(timeoutMs);
      while (standin.accepted.length < count) await once(standin.events, 'accepted', { signal });
      return standin.accepted;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
}

/** A fault for a share of the calls, the same for the same seed. */
export function randomFaults(percent, seed, kinds = FAULTS.filter((fault) => fault !== 'ok')) {
  let state = BigInt(seed) * 2862933555777941757n + 3037000493n;
  const next = (bound) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number((state >> 33n) % BigInt(bound));
  };
  return () => (next(100) < percent ? kinds[next(kinds.length)] : 'ok');
}

async function main() {
  const { values } = parseArgs({
    options: {
      'api-key': { type: 'string', default: 're_test' },
      rate: { type: 'string', default: '2' },
      faults: { type: 'string', default: '' },
      'fault-percent': { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
    },
  });
  const percent = Number(values['fault-percent']);
  const resend = await startResend({
    apiKey: values['api-key'],
    ratePerSecond: Number(values.rate),
    faults: values.faults === '' ? [] : values.faults.split(','),
    chooseFault: percent > 0 ? randomFaults(percent, Number(values.seed)) : null,
  });
  const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
  resend.events.on('request', (record) =>
    say({ event: 'request', ...record, accepted: resend.accepted.length }),
  );
  say({ event: 'listening', port: resend.port, url: resend.url });
  for (const name of ['SIGTERM', 'SIGINT']) {
    process.on(name, () => resend.stop().then(() => process.exit(0)));
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
