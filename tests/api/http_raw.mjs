// SPDX-License-Identifier: AGPL-3.0-or-later
// HTTP/1.1 over a bare socket, for requests that no client library would send.

import { connect } from 'node:net';

/** Cuts complete responses off a buffer: { responses, rest }. HEAD answers must be named. */
export function parseResponses(buffer, { head = false } = {}) {
  const responses = [];
  let rest = buffer;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [line, ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const match = /^HTTP\/1\.1 (\d{3}) (.+)$/.exec(line);
    if (!match) throw new Error(`not a status line: ${JSON.stringify(line)}`);
    const headers = new Map();
    for (const header of lines) {
      const colon = header.indexOf(': ');
      if (colon < 1) throw new Error(`not a header: ${JSON.stringify(header)}`);
      headers.set(header.slice(0, colon).toLowerCase(), header.slice(colon + 2));
    }
    const status = Number(match[1]);
    const length = head || status < 200 ? 0 : Number(headers.get('content-length') ?? 0);
    if (rest.length < end + 4 + length) break;
    const body = rest.subarray(end + 4, end + 4 + length).toString('utf8');
    responses.push({ status, headers, body });
    rest = rest.subarray(end + 4 + length);
  }
  return { responses, rest };
}

/** A connection whose every event is remembered. */
export class Raw {
  constructor(port, { host = '127.0.0.1', head = false } = {}) {
    this.head = head;
    this.received = Buffer.alloc(0);
    this.ended = false;
    this.error = null;
    this.waiters = new Set();
    this.socket = connect({ port, host, allowHalfOpen: true });
    this.socket.on('connect', () => this.changed());
    this.socket.on('data', (data) => {
      this.received = Buffer.concat([this.received, data]);
      this.changed();
    });
    for (const event of ['end', 'close']) {
      this.socket.on(event, () => {
        this.ended = true;
        this.changed();
      });
    }
    this.socket.on('error', (error) => {
      this.error = error;
      this.ended = true;
      this.changed();
    });
  }

  changed() {
    for (const waiter of this.waiters) waiter();
  }

  get responses() {
    return parseResponses(this.received, { head: this.head }).responses;
  }

  /** Until `done()` is true; fails after `ms`. */
  until(what, done, ms = 15_000) {
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.waiters.delete(look);
        settle(value);
      };
      const look = () => {
        if (done()) finish(resolve, this);
      };
      const timer = setTimeout(
        () => finish(reject, new Error(`${what}: not within ${ms} ms; got ${this.received}`)),
        ms,
      );
      this.waiters.add(look);
      look();
    });
  }

  connected() {
    return this.until('connect', () => !this.socket.connecting);
  }

  send(data) {
    if (!this.ended) this.socket.write(data, 'latin1', () => {});
    return this;
  }

  /** The first n responses. */
  async answers(n = 1) {
    await this.until(`${n} answers`, () => this.responses.length >= n || this.ended);
    return this.responses;
  }

  closed(ms) {
    return this.until('close by the server', () => this.ended, ms);
  }

  destroy() {
    this.socket.destroy();
  }
}

/** Sends bytes on a fresh connection and gives the first answer; `closed` when the server ended it. */
export async function exchange(port, bytes, { close = false } = {}) {
  const raw = new Raw(port);
  try {
    raw.send(bytes);
    const [answer] = await raw.answers(1);
    if (close) await raw.closed();
    return { answer, closed: raw.ended, responses: raw.responses };
  } finally {
    raw.destroy();
  }
}
