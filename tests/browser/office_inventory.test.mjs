// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's stock: found, received, thrown away and taken back, looked into, and counted on a phone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { arrive } from '../lib/members.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { WIDE, openOffice, signInMember } from './lib/office.mjs';
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

const ITEMS = [
  { name: 'Dye', unit: 'ml', on_hand: 1000, reorder_point: 100, sku: 'D-1', category: 'Colour', unit_cost: 2, pack: { name: 'box', size: 60 } },
  { name: 'Gloves', unit: 'pair', on_hand: 5, reorder_point: 20, sku: 'G-1', category: 'Hygiene' },
  { name: 'Ätherisches Öl', unit: 'ml', on_hand: 50, category: 'Body' },
];
const SERVICES = [{ name: 'Colour', duration_min: 60, price: 8000, materials: [[0, 30]] }];
const stocked = (options = {}) => makeShop(server, { items: ITEMS, services: SERVICES, ...options });

const names = (page) => page.locator('.item-name a').allInnerTexts();
const onHand = async (shop, index) => expectStatus(await shop.owner.get(`/items/${shop.items[index].id}`), 200).on_hand;
const notOnBody = (page) => becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);
const row = (page, name) => page.locator('.item-table tbody tr').filter({ hasText: name });

describe('the list', () => {
  test('begins with what is low, answers as one types, and keeps its filters in the address', async (t) => {
    const shop = await stocked();
    const page = await openOffice(t, server, shop, '/app/inventory', WIDE);
    await becomes(() => names(page), ['Gloves', 'Ätherisches Öl', 'Dye']);
    await page.getByText('1 is low').waitFor();
    await page.getByLabel('Name, SKU, supplier or category').fill('ather');
    await becomes(() => names(page), ['Ätherisches Öl']);
    await page.getByLabel('Name, SKU, supplier or category').fill('nothing');
    await heading(page, 'No item found').waitFor();
    await page.getByRole('link', { name: 'Clear search and filters' }).click();
    await page.getByLabel('Order', { exact: true }).selectOption('name');
    await becomes(() => names(page), ['Ätherisches Öl', 'Dye', 'Gloves']);
    await page.getByLabel('Which items').selectOption('low');
    await becomes(() => names(page), ['Gloves']);
    await page.reload();
    await becomes(() => names(page), ['Gloves']);
    assert.match(page.url(), /which=low/);
  });

  test('says in other words that nothing is there yet, and that nothing is low', async (t) => {
    const shop = await stocked({ items: [], services: [{ name: 'Cut', duration_min: 45, price: 1 }] });
    const page = await openOffice(t, server, shop, '/app/inventory', WIDE);
    await heading(page, 'Nothing in stock yet').waitFor();
    await page.getByLabel('Which items').selectOption('low');
    await heading(page, 'Nothing is low').waitFor();
    await page.getByRole('link', { name: 'Show all items' }).click();
    await heading(page, 'Nothing in stock yet').waitFor();
  });

  test('receives in place, by packs, and takes it back with a row of its own', async (t) => {
    const shop = await stocked();
    const page = await openOffice(t, server, shop, '/app/inventory', WIDE);
    await row(page, 'Dye').getByRole('link', { name: 'Receive Dye' }).click();
    const dialog = page.getByRole('dialog');
    const amount = dialog.getByLabel('How many: box of 60 ml');
    await amount.waitFor();
    await becomes(() => amount.evaluate((field) => document.activeElement === field), true);
    await button(dialog, 'Receive').click();
    await dialog.getByText('Give a number, for example 2 or 1.5.').waitFor();
    await amount.fill('2');
    await dialog.getByText('On hand: 1,000 → 1,120 ml').waitFor();
    await dialog.getByLabel('Cost of 1 ml').fill('0,03');
    await amount.press('Enter');
    await row(page, 'Dye').getByText('1,120 ml').first().waitFor();
    await notOnBody(page);
    await becomes(() => onHand(shop, 0), 1120);
    await button(page, 'Undo').click();
    await page.getByText('Taken back', { exact: true }).waitFor();
    await becomes(() => onHand(shop, 0), 1000);
    const [last] = await shop.owner.list(`/items/${shop.items[0].id}/movements`);
    assert.deepEqual([last.kind, last.on_hand_delta, last.reason], ['adjust', -120, 'Taken back: received']);
    await notOnBody(page);
  });

  test('a movement that is refused goes back, and says why', async (t) => {
    const shop = await stocked();
    const page = await openOffice(t, server, shop, '/app/inventory', WIDE);
    await button(row(page, 'Dye'), 'More movements of Dye').click();
    await page.getByRole('menuitem', { name: 'Waste' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('How much, in ml').fill('990');
    // Meanwhile a visit takes its share, which the page has not heard of when it sends.
    await page.route('**/movements', async (route) => {
      await bookVisit(shop, { client: { name: 'Cleo Lane', email: 'cleo@client.example' } });
      await route.continue();
    });
    await button(dialog, 'Waste').click();
    await page.getByText(/reserved for bookings/).waitFor();
    await row(page, 'Dye').getByText('970 ml').first().waitFor();
    assert.equal(await onHand(shop, 0), 1000);
  });

  test('an item is written down with what is there already; what is missing is said beside its field', async (t) => {
    const shop = await stocked();
    const page = await openOffice(t, server, shop, '/app/inventory?do=new', WIDE);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Wax');
    await button(dialog, 'Add item').click();
    await dialog.getByText('An item needs a unit, such as ml or piece.').waitFor();
    await focusIs(page, /INPUT|mantine/);
    await dialog.getByLabel('Unit', { exact: false }).first().fill('g');
    await dialog.getByLabel('SKU').fill('D-1');
    await dialog.getByLabel('On hand now').fill('2,5');
    await assertAccessible(page, 'a new item');
    await button(dialog, 'Add item').click();
    await dialog.getByText('Another item has this SKU already.').waitFor();
    await dialog.getByLabel('SKU').fill('W-1');
    await button(dialog, 'Add item').click();
    await heading(page, 'Wax').waitFor();
    await page.locator('.item-glance').getByText('2.5 g').first().waitFor();
  });
});

describe('an item', () => {
  test('tells who moved it and why, with the visit behind it, and the same figures as a table', async (t) => {
    const shop = await stocked();
    await bookVisit(shop, { client: { name: 'Cleo Lane', email: 'cleo@client.example' } });
    const page = await openOffice(t, server, shop, `/app/inventory/${shop.items[0].id}`, WIDE);
    const visit = page.locator('.moves').getByRole('link', { name: /for Cleo Lane/ });
    await visit.waitFor();
    await page.locator('.ahead').getByText('1 visit').waitFor();
    await page.getByRole('link', { name: 'Show as table' }).click();
    await page.locator('.stock-chart-table').getByText('1,000 ml').first().waitFor();
    await page.getByLabel('Kind of movement').selectOption('receive');
    await becomes(() => page.locator('.moves li').count(), 1);
    await page.locator('.moves').getByText('first delivery').waitFor();
    await page.getByLabel('Kind of movement').selectOption('waste');
    await heading(page, 'No such movement').waitFor();
    await page.reload();
    await heading(page, 'No such movement').waitFor();
    await page.getByLabel('Kind of movement').selectOption('');
    await visit.click();
    await becomes(() => new URL(page.url()).searchParams.has('visit'), true);
  });

  test('is changed although stock moves meanwhile, and retired and taken back', async (t) => {
    const shop = await stocked();
    const [{ id }] = shop.items;
    const page = await openOffice(t, server, shop, `/app/inventory/${id}`, WIDE);
    await button(page, 'Edit Dye').click();
    await page.getByLabel('Supplier').fill('Nordic');
    expectStatus(await shop.owner.post(`/items/${id}/movements`, { kind: 'waste', quantity: 1 }), 201);
    await button(page, 'Save').click();
    await page.locator('.item-details').getByText('Nordic').waitFor();
    await focusIs(page, /Edit/);
    await button(page, 'Retire').click();
    await page.getByText('Item retired').waitFor();
    await button(page, 'Undo').click();
    await button(page, 'Retire').waitFor();
    await becomes(async () => expectStatus(await shop.owner.get(`/items/${id}`), 200).active, true);
  });
});

describe('a stocktake', () => {
  const field = (page, name) => page.getByLabel(new RegExp(`^Counted of ${name}`));

  test('on a phone: number, Enter, next; what differs is shown after counting, and put right at the end', async (t) => {
    const shop = await stocked();
    const page = await openOffice(t, server, shop, '/app/stocktakes', { width: 390 });
    await heading(page, 'Nothing counted yet').waitFor();
    await page.getByRole('link', { name: 'New stocktake' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('November');
    await button(page.getByRole('dialog'), 'Begin to count').click();
    await heading(page, 'November').waitFor();
    // A scanner types the number on the package and presses Enter.
    const search = page.getByLabel('Type or scan a SKU or a name');
    await search.fill('d-1');
    await search.press('Enter');
    await becomes(() => field(page, 'Dye').evaluate((one) => document.activeElement === one), true);
    assert.equal(await page.getByText('against the books').count(), 0, 'nobody is told what to find');
    await field(page, 'Dye').fill('990');
    await field(page, 'Dye').press('Enter');
    await page.getByText('-10 ml against the books').waitFor();
    await becomes(() => field(page, 'Gloves').evaluate((one) => document.activeElement === one), true);
    await field(page, 'Gloves').fill('5');
    await field(page, 'Gloves').press('Enter');
    await page.getByText('As expected').waitFor();
    await page.getByText('2 of 3 counted').waitFor();
    await button(page, 'Finish').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 item was not counted and stays as it is.').waitFor();
    await dialog.getByText('1 item differs').waitFor();
    await assertAccessible(page, 'the summary of a stocktake');
    await button(dialog, 'Put the stock right').click();
    await page.getByText('Finished', { exact: true }).waitFor();
    await notOnBody(page);
    assert.deepEqual([await onHand(shop, 0), await onHand(shop, 1), await onHand(shop, 2)], [990, 5, 50]);
  });

  test('what is typed survives a broken line and a reload, and arrives by itself', async (t) => {
    const shop = await stocked();
    const take = expectStatus(await shop.owner.post('/stocktakes', {}), 201);
    const page = await openOffice(t, server, shop, `/app/stocktakes/${take.id}`, { width: 390 });
    await field(page, 'Dye').waitFor();
    await page.route('**/lines/*', (route) => route.abort());
    await field(page, 'Dye').fill('981');
    await field(page, 'Dye').press('Enter');
    await page.getByText('1 count waits for the network').waitFor();
    await field(page, 'Gloves').fill('12');
    await page.reload();
    await becomes(() => field(page, 'Dye').inputValue(), '981');
    await becomes(() => field(page, 'Gloves').inputValue(), '12');
    await page.unroute('**/lines/*');
    await page.getByText('-19 ml against the books').waitFor();
    const { lines } = expectStatus(await shop.owner.get(`/stocktakes/${take.id}`), 200);
    assert.equal(lines.find((line) => line.name === 'Dye').counted, 981);
  });

  test('dropped by mistake is taken up again with what was counted', async (t) => {
    const shop = await stocked();
    const take = expectStatus(await shop.owner.post('/stocktakes', { name: 'Shelf' }), 201);
    const path = `/stocktakes/${take.id}/lines/${shop.items[0].id}`;
    expectStatus(await shop.owner.put(path, { counted: 7 }), 200);
    const page = await openOffice(t, server, shop, `/app/stocktakes/${take.id}`, WIDE);
    await button(page, 'Drop this stocktake').click();
    await page.getByRole('menuitem', { name: 'Drop this stocktake' }).click();
    await page.getByText('Stocktake dropped').waitFor();
    await button(page, 'Undo').click();
    await becomes(() => field(page, 'Dye').inputValue(), '7');
    await notOnBody(page);
  });
});

test('a member with the permission comes in, and calls nothing that is the owner’s', async (t) => {
  const shop = await stocked();
  expectStatus(await shop.owner.patch(`/staff/${shop.staff[0].id}`, { permissions: ['inventory'] }), 200);
  await bookVisit(shop, { client: { name: 'Cleo Lane', email: 'cleo@client.example' } });
  const member = await arrive(server, shop.staff[0]);
  const page = await openPage(t, WIDE);
  await signInMember(page, server, member);
  const refused = [];
  page.on('response', (answer) => answer.status() === 403 && refused.push(answer.url()));
  await page.goto(`${server.baseUrl}/app/inventory`);
  await page.getByRole('link', { name: 'Dye', exact: true }).click();
  await page.locator('.moves').getByText(/for the visit on/).waitFor();
  assert.equal(await page.getByText('Cleo Lane').count(), 0);
  assert.equal(await page.locator('.moves a').count(), 0, 'no way to what is closed to them');
  await page.goto(`${server.baseUrl}/app/stocktakes`);
  await heading(page, 'Nothing counted yet').waitFor();
  assert.deepEqual(refused, []);
});

test('every screen is accessible and fits, in light and dark, narrow and wide', async (t) => {
  const shop = await stocked();
  await bookVisit(shop, { client: { name: 'Cleo Lane', email: 'cleo@client.example' } });
  const take = expectStatus(await shop.owner.post('/stocktakes', { name: 'November' }), 201);
  expectStatus(await shop.owner.put(`/stocktakes/${take.id}/lines/${shop.items[0].id}`, { counted: 990 }), 200);
  const screens = [
    ['/app/inventory', '.item-table'],
    ['/app/inventory?which=retired', '.state'],
    [`/app/inventory?do=receive&show=${shop.items[0].id}`, '[data-amount]'],
    [`/app/inventory/${shop.items[0].id}`, '.moves'],
    [`/app/inventory/${shop.items[0].id}?as=table`, '.stock-chart-table'],
    ['/app/stocktakes', '.takes'],
    [`/app/stocktakes/${take.id}`, '.counts'],
  ];
  for (const [width, scheme] of [[1440, 'light'], [390, 'dark'], [320, 'light']]) {
    const page = await openOffice(t, server, shop, '/app/inventory', { width, scheme });
    for (const [path, ready] of screens) {
      await page.goto(server.baseUrl + path);
      await page.locator(ready).first().waitFor();
      await assertNoSidewaysScroll(page, `${path} at ${width}`);
      if (width !== 320) await assertAccessible(page, `${path} at ${width}`);
    }
  }
});
