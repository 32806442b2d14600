// SPDX-License-Identifier: AGPL-3.0-or-later
// The description that the program gives of its own API, held against the specification.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { createConfig, lintFromString } from '@redocly/openapi-core';

import { Client, expectStatus } from '../lib/client.mjs';
import { startServer } from '../lib/server.mjs';

// The linter only reads; it must not ask its maker for anything.
process.env.REDOCLY_TELEMETRY = 'off';

// Everything that the linter knows is an error, but for two rules: the contract itself has
// /public/{slug}/... beside /public/manage/{token} (a slug cannot be `manage`, and the router takes
// the literal first), and a tag is the name of a feature, which needs no description.
const RULES = {
  extends: ['recommended-strict'],
  rules: { 'no-ambiguous-paths': 'off', 'tag-description': 'off' },
};
const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
let description;

before(async (t) => {
  const server = await startServer(t, { engine: 'sqlite' });
  description = expectStatus(await new Client(server.baseUrl).get('/api/openapi.json'), 200);
  assert.equal(await server.stop(), 0);
});

function operations() {
  return Object.entries(description.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation: item[method],
    })),
  );
}

async function lint(document) {
  const config = await createConfig(RULES);
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map((p) => `${p.ruleId}: ${p.message} at ${p.location[0]?.pointer}`);
}

test('the description is OpenAPI 3.1 and the linter finds nothing', async () => {
  assert.match(description.openapi, /^3\.1\./);
  assert.deepEqual(await lint(description), []);
});

test('the linter finds a wrong type and a reference to nowhere', async () => {
  const broken = structuredClone(description);
  const [, operation] = Object.entries(Object.values(broken.paths)[0])[0];
  operation.responses['200'] = {
    description: 'wrong',
    content: {
      'application/json': {
        schema: { type: 'strin', properties: { a: { $ref: '#/components/schemas/Nowhere' } } },
      },
    },
  };
  const found = (await lint(broken)).join('\n');
  assert.match(found, /struct/);
  assert.match(found, /no-unresolved-refs/);
});

test('each operation has one summary, an own id and a problem for each refusal', () => {
  const all = operations();
  assert.ok(all.length > 20, `only ${all.length} operations`);
  const ids = all.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { name, operation } of all) {
    assert.ok(operation.summary, name);
    for (const [status, response] of Object.entries(operation.responses)) {
      if (!/^[45]/.test(status)) continue;
      const found = response.$ref
        ? response.$ref.split('/').slice(1).reduce((at, part) => at[part], description)
        : response;
      assert.ok(found.content?.['application/problem+json'], `${name} ${status}`);
    }
  }
});

test('whatever is read has an answer that is described', () => {
  const bare = operations()
    .filter(({ name, operation }) => name.startsWith('GET ') && !operation.responses['200']?.content)
    .map(({ name }) => name);
  assert.deepEqual(bare, []);
});
