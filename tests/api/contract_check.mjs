// SPDX-License-Identifier: AGPL-3.0-or-later
// Holds every answer against the program's own OpenAPI document while a test runs.
//
//   const contract = await readContract(server);
//   const owner = contract.client();          // a Client whose answers are checked
//   contract.deviations()                     // what did not fit, each once, as sentences
//
// The validator knows the words that the document uses and throws for one that it does not know,
// so that a new word cannot pass unread.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { Client, expectStatus } from '../lib/client.mjs';
import { OWN_PASSWORD, arrive } from '../lib/members.mjs';

const WORDS = new Set(
  (
    '$ref type enum properties required items additionalProperties oneOf anyOf pattern format minLength ' +
    'maxLength minimum maximum minItems maxItems description examples example default title const ' +
    'uniqueItems multipleOf x-visible-to'
  ).split(' '),
);
const FORMATS = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/,
  email: /^[^@\s]+@[^@\s]+$/,
};

/** A short text that no other test has: for names, addresses and keys. */
export const tag = () => randomBytes(6).toString('hex');

function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function resolve(document, node) {
  let found = node;
  while (found.$ref) {
    found = found.$ref
      .split('/')
      .slice(1)
      .reduce((at, part) => at[part], document);
  }
  return found;
}

/** What is wrong with `value`, as sentences; an object may hold no member that is not described. */
function check(document, node, value, path, wrong) {
  const schema = resolve(document, node);
  for (const word of Object.keys(schema)) assert.ok(WORDS.has(word), `unknown schema word ${word}`);
  const say = (what) => wrong.push(`${path} ${what}`);
  const options = schema.oneOf ?? schema.anyOf;
  if (options) {
    const fits = options.some((option) => {
      const own = [];
      check(document, option, value, path, own);
      return own.length === 0;
    });
    if (!fits) say('fits none of the described shapes');
    return;
  }
  const types = [schema.type ?? []].flat();
  const type = typeOf(value);
  if (types.length && !types.includes(type) && !(type === 'integer' && types.includes('number'))) {
    say(`is ${type}, not ${types.join(' or ')}`);
    return;
  }
  if (schema.enum && !schema.enum.includes(value)) say(`is none of ${schema.enum.join(', ')}`);
  if (type === 'string') checkText(schema, value, say);
  if (type === 'array' && schema.items) {
    value.forEach((item, i) => check(document, schema.items, item, `${path}[${i}]`, wrong));
  }
  if (type === 'object' && schema.properties) checkMembers(document, schema, value, path, wrong);
  else if (type === 'object' && schema.additionalProperties) {
    for (const [name, member] of Object.entries(value)) {
      check(document, schema.additionalProperties, member, `${path}.${name}`, wrong);
    }
  }
}

function checkText(schema, value, say) {
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value))
    say('does not fit its pattern');
  if (schema.format && FORMATS[schema.format] && !FORMATS[schema.format].test(value)) {
    say(`is no ${schema.format}: ${value}`);
  }
}

function checkMembers(document, schema, value, path, wrong) {
  for (const name of schema.required ?? []) {
    if (!(name in value)) wrong.push(`${path}.${name} is missing`);
  }
  for (const [name, member] of Object.entries(value)) {
    const known = schema.properties[name];
    if (known) check(document, known, member, `${path}.${name}`, wrong);
    else wrong.push(`${path}.${name} is not described`);
  }
}

class Contract {
  constructor(server, document) {
    Object.assign(this, { server, document, found: new Set() });
    this.routes = Object.keys(document.paths).map((path) => ({
      path,
      literals: path.split('/').filter((part) => part && !part.startsWith('{')).length,
      pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
    }));
    this.routes.sort((a, b) => b.literals - a.literals);
  }

  operation(method, path) {
    const plain = path.split('?')[0];
    const route = this.routes.find(
      ({ path: known, pattern }) =>
        pattern.test(plain) && this.document.paths[known][method.toLowerCase()],
    );
    return route && { route: route.path, ...this.document.paths[route.path][method.toLowerCase()] };
  }

  /** Notes what is wrong with one answer. A refusal may add members that its code explains. */
  see(method, url, response) {
    const path = new URL(url).pathname;
    const found = this.operation(method, path);
    if (!found) return;
    const name = `${method} ${found.route} ${response.status}`;
    const described = found.responses[response.status];
    if (!described) {
      this.found.add(`${name}: this status is not described`);
      return;
    }
    const type = response.headers.get('content-type')?.split(';')[0];
    const content = resolve(this.document, described).content;
    if (!content) {
      if (response.text !== '') this.found.add(`${name}: has a body that is not described`);
      return;
    }
    if (content['*/*']) return; // a file, of whatever type
    if (!content[type]) {
      this.found.add(`${name}: is ${type}, not ${Object.keys(content).join(' or ')}`);
      return;
    }
    if (response.body === null || !content[type].schema) return;
    const wrong = [];
    check(this.document, content[type].schema, response.body, 'body', wrong);
    for (const line of wrong) {
      if (type === 'application/problem+json' && line.endsWith('is not described')) continue;
      this.found.add(`${name}: ${line.replace(/\[\d+\]/g, '[]')}`);
    }
  }

  client(options) {
    return new CheckedClient(this, options);
  }

  deviations() {
    return [...this.found].sort();
  }
}

class CheckedClient extends Client {
  constructor(contract, options) {
    super(contract.server.baseUrl, options);
    this.contract = contract;
  }

  async request(method, path, options) {
    const response = await super.request(method, path, options);
    this.contract.see(method, this.url(path), response);
    return response;
  }
}

export async function readContract(server) {
  const document = expectStatus(await new Client(server.baseUrl).get('/api/openapi.json'), 200);
  return new Contract(server, document);
}

/** An invited member of staff as a checked client, after choosing a password of their own. */
export function signInAsStaff(contract, member, password = OWN_PASSWORD) {
  return arrive(contract.server, member, { client: contract.client(), password });
}
