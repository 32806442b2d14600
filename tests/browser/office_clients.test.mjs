// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's clients: found, written down, changed, merged, imported.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button, heading } from './lib/people.mjs';
import { bookVisit, makeShop } from './lib/shop.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const add = async (shop, body) => expectStatus(await shop.owner.post('/clients', body), 201);
const names = (page) => page.locator('.client-name a').allInnerTexts();
const notOnBody = (page) =>
  becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);

describe('finding', () => {
  test('answers as one types, and keeps search and filters in the address', async (t) => {
    const shop = await makeShop(server);
    await add(shop, { name: 'Zoë Park', tags: ['VIP'], phone: '+33 6 12 34 56 78' });
    await add(shop, { name: 'Ravi Shah', email: 'ravi@client.example' });
    const page = await openOffice(t, server, shop, '/app/clients', WIDE);
    await becomes(async () => (await names(page)).length, 2);
    const search = page.getByLabel('Name, e-mail or phone');
    await search.fill('zoe');
    await becomes(() => names(page), ['Zoë Park']);
    await search.fill('0612');
    await becomes(() => names(page), ['Zoë Park']);
    await search.fill('nobody');
    await heading(page, 'Nobody found').waitFor();
    await page.getByRole('link', { name: 'Clear search and filters' }).click();
    await page.getByLabel('Tag').selectOption('VIP');
    await becomes(() => names(page), ['Zoë Park']);
    await page.reload();
    await becomes(() => names(page), ['Zoë Park']);
    assert.match(page.url(), /tag=VIP/);
  });
});

describe('writing down', () => {
  test('a client: what is missing is said beside its field; who is there already is named', async (t) => {
    const shop = await makeShop(server);
    const ravi = await add(shop, { name: 'Ravi Shah', email: 'ravi@client.example' });
    const page = await openOffice(t, server, shop, '/app/clients', WIDE);
    await page.getByRole('link', { name: 'New client' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').waitFor();
    await button(dialog, 'Add client').click();
    await dialog.getByText('A client needs a name.').waitFor();
    await dialog.getByLabel('Name').fill('Cleo Lane');
    await dialog.getByLabel('E-mail').fill('ravi@client.example');
    await button(dialog, 'Add client').click();
    const link = dialog.getByRole('link', { name: 'Open their page' });
    await becomes(() => link.getAttribute('href'), `/app/clients/${ravi.id}`);
    await dialog.getByLabel('E-mail').fill('cleo@client.example');
    await dialog.getByLabel('Alerts').fill('Latex');
    await dialog.getByLabel('Alerts').press('Enter');
    await assertAccessible(page, 'a new client');
    await button(dialog, 'Add client').click();
    await heading(page, 'Cleo Lane').waitFor();
    await focusIs(page, 'Cleo Lane');
    await page.locator('.client-alerts').getByText('Latex').waitFor();
  });

  test('changes in place, and not over somebody else’s', async (t) => {
    const shop = await makeShop(server);
    const { id } = await add(shop, { name: 'Cleo Lane' });
    const page = await openOffice(t, server, shop, `/app/clients/${id}`, WIDE);
    await button(page, 'Edit the details of Cleo Lane').click();
    await page.getByRole('textbox', { name: 'Notes', exact: true }).fill('Likes the window.');
    expectStatus(await shop.owner.patch(`/clients/${id}`, { phone: '+33 1 55 55 01 23' }), 200);
    await button(page, 'Save').click();
    await page.getByText('Somebody changed this in the meantime.').waitFor();
    await button(page, 'Save').click();
    await page.getByText('+33 1 55 55 01 23').waitFor();
    await page.locator('.details-notes').getByText('Likes the window.').waitFor();
    await focusIs(page, /Edit/);
    const saved = expectStatus(await shop.owner.get(`/clients/${id}`), 200);
    assert.equal(saved.notes, 'Likes the window.');
  });
});

test('who may be the same person is merged, and the merge is taken back', async (t) => {
  const shop = await makeShop(server);
  const one = await add(shop, { name: 'Cleo Lane', phone: '+33 6 12 34 56 78' });
  await add(shop, { name: 'Cleo Lane', phone: '06 12 34 56 78', email: 'cleo@client.example' });
  const page = await openOffice(t, server, shop, `/app/clients/${one.id}`, WIDE);
  await button(page, 'Merge Cleo Lane into this client').click();
  await page.getByText('Cleo Lane merged').waitFor();
  await notOnBody(page);
  assert.equal((await shop.owner.list('/clients')).length, 1);
  await button(page, 'Undo the merge with Cleo Lane').click();
  await page.getByText('Merge undone').waitFor();
  await notOnBody(page);
  assert.equal((await shop.owner.list('/clients')).length, 2);
});

test('a file is imported as its preview has shown it, line by line', async (t) => {
  const shop = await makeShop(server);
  await add(shop, { name: 'Ravi Shah', email: 'ravi@client.example' });
  const page = await openOffice(t, server, shop, '/app/clients', WIDE);
  await page.getByRole('link', { name: 'Import' }).click();
  const csv = 'Name;E-mail\nZoë;zoe@client.example\n;no address\nRavi;ravi@client.example\n';
  const file = { name: 'clients.csv', mimeType: 'text/csv', buffer: Buffer.from(csv, 'latin1') };
  await page.locator('input[type=file]').setInputFiles(file);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 new').waitFor();
  await dialog.getByText('1 with faults, left out').waitFor();
  await dialog.getByRole('cell', { name: /Zoë/ }).waitFor();
  await assertAccessible(page, 'the preview of an import');
  await button(dialog, 'Import 1 client').click();
  await page.getByText('1 client imported').waitFor();
  await becomes(async () => (await names(page)).toSorted(), ['Ravi Shah', 'Zoë']);
  await notOnBody(page);
});

test('every state of the clients is accessible and fits, in light and dark, narrow and wide', async (t) => {
  const shop = await makeShop(server);
  const client = { name: 'Cleo Lane', email: 'cleo@client.example' };
  await bookVisit(shop, { client });
  const [{ id }] = await shop.owner.list('/clients');
  const more = { tags: ['VIP', 'Colour'], alerts: ['Latex'], notes: 'Likes the window.' };
  expectStatus(await shop.owner.patch(`/clients/${id}`, more), 200);
  for (const [width, scheme] of [[1440, 'light'], [390, 'dark'], [320, 'light']]) {
    const page = await openOffice(t, server, shop, '/app/clients', { width, scheme });
    await becomes(() => names(page), ['Cleo Lane']);
    await assertNoSidewaysScroll(page, `the list at ${width}`);
    await assertAccessible(page, `the list at ${width}`);
    await page.getByRole('link', { name: 'Cleo Lane' }).click();
    await page.locator('.happened').getByText('Cut & finish').waitFor();
    await assertNoSidewaysScroll(page, `a client at ${width}`);
    await assertAccessible(page, `a client at ${width}`);
    for (const tab of ['Letters', 'Forms', 'Ratings']) {
      await page.locator('.tabs').getByText(tab, { exact: true }).click();
      await page.locator('.history .state, .happened').first().waitFor();
    }
    await assertAccessible(page, `no ratings at ${width}`);
    await button(page, 'Edit the details of Cleo Lane').click();
    await page.getByLabel('Name').waitFor();
    await assertNoSidewaysScroll(page, `changing a client at ${width}`);
    await assertAccessible(page, `changing a client at ${width}`);
  }
});
