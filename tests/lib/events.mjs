// SPDX-License-Identifier: AGPL-3.0-or-later
// A reader of Server-Sent Events (the WHATWG grammar), over a socket of its own, so that a test can
// stop reading, see the end, and count bytes.
//
//   const stream = await openEvents(t, server, client, { lastEventId });
//   await stream.next('booking.created')     the next event of that kind: { id, kind, data }
//   await stream.next((event) => event.data.id === booking.id)
//   stream.events, stream.lastId, stream.comments
//   await stream.ended(ms)                   the server has closed it
//   stream.pause(), stream.close()

import assert from 'node:assert/strict';
import { request } from 'node:http';

import { eventually } from './process.mjs';

class EventStream {
  constructor(response, clientRequest) {
    Object.assign(this, { response, clientRequest, status: response.statusCode });
    this.headers = response.headers;
    this.events = [];
    this.lastId = null;
    this.retry = null;
    this.comments = 0;
    this.text = '';
    this.over = null;
    this.seen = 0;
    this.rest = '';
    this.block = { kind: 'message', data: [] };
    response.setEncoding('utf8');
    response.on('data', (part) => this.feed(part));
    response.on('error', () => this.finish());
    response.on('close', () => this.finish());
  }

  finish() {
    this.over ??= Date.now();
  }

  feed(part) {
    this.text += part;
    const lines = (this.rest + part).split('\n');
    this.rest = lines.pop();
    for (const line of lines) this.line(line);
  }

  line(line) {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) {
      this.comments += 1;
      return undefined;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.block.kind = value;
    else if (field === 'data') this.block.data.push(value);
    else if (field === 'id') this.block.id = value;
    else if (field === 'retry') this.retry = Number(value);
    else assert.fail(`no field of an event: ${line}`);
    return undefined;
  }

  dispatch() {
    const { kind, data, id } = this.block;
    this.block = { kind: 'message', data: [] };
    if (id !== undefined) this.lastId = id;
    if (data.length === 0) return;
    const event = { id: id ?? null, kind, data: JSON.parse(data.join('\n')), at: Date.now() };
    assert.equal(event.data.kind, kind);
    this.events.push(event);
  }

  /** The next event that fits, of those not looked at yet; the ones before it count as seen. */
  async next(fits, timeoutMs = 8000) {
    const right = typeof fits === 'string' ? (event) => event.kind === fits : fits;
    let found;
    await eventually(
      `an event ${typeof fits === 'string' ? fits : ''} after ${JSON.stringify(this.events.slice(-3))}`,
      () => {
        const index = this.events.findIndex((event, at) => at >= this.seen && right(event));
        if (index < 0) return false;
        found = this.events[index];
        this.seen = index + 1;
        return true;
      },
      timeoutMs,
    );
    return found;
  }

  /** The next of that kind that is about this: a new stream may first tell what was done a moment before it. */
  nextOf(kind, id, timeoutMs) {
    return this.next((event) => event.kind === kind && event.data.id === id, timeoutMs);
  }

  ended(timeoutMs = 8000) {
    return eventually('the stream has ended', () => this.over, timeoutMs);
  }

  kinds() {
    return this.events.map((event) => event.kind);
  }

  pause() {
    this.response.pause();
  }

  resume() {
    this.response.resume();
  }

  close() {
    this.clientRequest.destroy();
  }
}

/** Opens GET /events as this client; the stream is closed with the test. */
export async function openEvents(t, server, client, { lastEventId, query = '', headers = {} } = {}) {
  const stream = await new Promise((resolve, reject) => {
    const clientRequest = request(
      `${server.baseUrl}/api/v1/events${query}`,
      {
        agent: false,
        headers: {
          accept: 'text/event-stream',
          ...(client.cookies.size ? { cookie: client.cookieHeader() } : {}),
          ...(client.token ? { authorization: `Bearer ${client.token}` } : {}),
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          ...headers,
        },
      },
      (response) => resolve(new EventStream(response, clientRequest)),
    );
    clientRequest.on('error', reject);
    clientRequest.end();
  });
  stream.clientRequest.removeAllListeners('error');
  stream.clientRequest.on('error', () => stream.finish());
  t?.after?.(() => stream.close());
  return stream;
}
