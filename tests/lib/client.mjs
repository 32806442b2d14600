// SPDX-License-Identifier: AGPL-3.0-or-later
// A program's view of the HTTP API: cookies, JSON, idempotency keys, and assertions that print what
// the server said.
//
//   const owner = new Client(server.baseUrl);
//   const item = expectStatus(await owner.post('/items', { name: 'Dye', unit: 'ml' }), 201);
//   expectProblem(await owner.get('/items/1'), 404, 'not_found');
//
// Paths without a leading /api, /healthz and so on are under /api/v1.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const OUTSIDE_API = /^\/(api|healthz|readyz|metrics|book|manage|rate|unsubscribe|contact|form|app|dev)\b/;

export class Client {
  constructor(baseUrl, { token = null } = {}) {
    this.baseUrl = baseUrl;
    this.token = token;
    this.cookies = new Map();
  }

  /**
   * One request. `body` is sent as JSON; `raw` as it stands. `key` is the Idempotency-Key, `true`
   * makes a new one. `version` becomes If-Match. Never throws for a status.
   */
  async request(method, path, { body, raw, key, version, headers = {}, redirect = 'manual' } = {}) {
    const response = await fetch(this.url(path), {
      method,
      redirect,
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key === true ? randomUUID() : key }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(this.cookies.size === 0 ? {} : { cookie: this.cookieHeader() }),
        ...headers,
      },
    });
    this.keepCookies(response);
    const text = await response.text();
    const isJson = /^application\/(problem\+)?json\b/.test(
      response.headers.get('content-type') ?? '',
    );
    return {
      call: `${method} ${path}`,
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : null,
    };
  }

  url(path) {
    if (/^https?:/.test(path)) return path;
    return this.baseUrl + (path === '/' || OUTSIDE_API.test(path) ? path : `/api/v1${path}`);
  }

  cookieHeader() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keepCookies(response) {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';');
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals).trim();
      const gone = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
      if (gone) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(equals + 1).trim());
    }
  }

  get(path, options) {
    return this.request('GET', path, options);
  }

  post(path, body, options) {
    return this.request('POST', path, { body, ...options });
  }

  put(path, body, options) {
    return this.request('PUT', path, { body, ...options });
  }

  patch(path, body, options) {
    return this.request('PATCH', path, { body, ...options });
  }

  delete(path, options) {
    return this.request('DELETE', path, options);
  }

  /** Every row of a list, page by page. */
  async list(path, { limit = 200, pagesMax = 100 } = {}) {
    const rows = [];
    let cursor = null;
    for (let page = 0; page < pagesMax; page += 1) {
      const query = new URLSearchParams({ limit: String(limit), ...(cursor ? { cursor } : {}) });
      const joined = `${path}${path.includes('?') ? '&' : '?'}${query}`;
      const { data, next_cursor: next } = expectStatus(await this.get(joined), 200);
      rows.push(...data);
      if (next === null) return rows;
      cursor = next;
    }
    throw new Error(`${path} has more than ${pagesMax} pages`);
  }
}

/** The body of an answer that has this status. */
export function expectStatus(response, status) {
  assert.equal(response.status, status, `${response.call} answered ${response.text}`);
  return response.body;
}

/** The body of an answer that is this problem (RFC 9457), whole in form. */
export function expectProblem(response, status, code) {
  assert.equal(response.status, status, `${response.call} answered ${response.text}`);
  assert.match(response.headers.get('content-type'), /^application\/problem\+json\b/);
  const problem = response.body;
  assert.equal(problem.status, status);
  if (code !== undefined) assert.equal(problem.code, code, response.text);
  for (const member of ['type', 'title', 'code', 'request_id']) {
    assert.equal(typeof problem[member], 'string', `${member} in ${response.text}`);
  }
  assert.equal(problem.request_id, response.headers.get('x-request-id'));
  return problem;
}

/** The 422 whose entries name exactly these paths, in any order. */
export function expectInvalid(response, paths) {
  const problem = expectProblem(response, 422, 'validation_failed');
  const found = problem.errors.map((error) => error.path).sort();
  assert.deepEqual(found, [...paths].sort(), response.text);
  for (const error of problem.errors) {
    assert.ok(error.code && error.message, `an error says what and why: ${response.text}`);
  }
  return problem;
}
