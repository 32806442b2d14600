// SPDX-License-Identifier: AGPL-3.0-or-later
// The language of the office: a person's own, wherever they are a member; else the business's; else
// English.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client, expectProblem, expectStatus } from '../lib/client.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(() => server.remove());

const pageOf = async (owner) => {
  const { text } = await owner.get('/app');
  const [, lang, dir] = /<html lang="([^"]*)" dir="([^"]*)"/.exec(text);
  return { lang, dir };
};
const chosen = async (owner) => expectStatus(await owner.get('/session'), 200).language;

test('the page is in the language of the business where the office speaks it, else in English', async () => {
  const { owner } = await makeSalon(server);
  assert.equal(await chosen(owner), null);
  for (const [locale, lang] of [['pl', 'pl'], ['pl-PL', 'pl'], ['en-GB', 'en'], ['fr', 'en'], ['plt', 'en']]) {
    expectStatus(await owner.patch('/workspace', { locale }), 200);
    assert.deepEqual(await pageOf(owner), { lang, dir: 'ltr' }, locale);
  }
});

test('one’s own choice goes before it, is kept with the person, and is taken back by null', async () => {
  const { owner, ownerEmail: email, ownerPassword: password } = await makeSalon(server);
  assert.equal(expectStatus(await owner.patch('/session', { language: 'pl' }), 200).language, 'pl');
  const elsewhere = new Client(server.baseUrl);
  assert.equal(expectStatus(await elsewhere.post('/session', { email, password }), 200).language, 'pl');
  assert.equal((await pageOf(elsewhere)).lang, 'pl');
  expectStatus(await owner.patch('/session', {}), 200);
  assert.equal(await chosen(owner), 'pl');
  expectStatus(await owner.patch('/session', { language: null }), 200);
  assert.equal(await chosen(elsewhere), null);
  assert.equal((await pageOf(owner)).lang, 'en');
});

test('a language that the office does not speak is refused, and so is nobody', async () => {
  const { owner } = await makeSalon(server);
  const problem = expectProblem(await owner.patch('/session', { language: 'xx' }), 422, 'validation_failed');
  assert.equal(problem.errors[0].path, 'language');
  assert.equal(await chosen(owner), null);
  expectProblem(await new Client(server.baseUrl).patch('/session', { language: 'pl' }), 401);
});

test('one person’s choice is nobody else’s', async () => {
  const one = await makeSalon(server);
  const other = await makeSalon(server);
  expectStatus(await one.owner.patch('/session', { language: 'pl' }), 200);
  assert.equal(await chosen(other.owner), null);
});
