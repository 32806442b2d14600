// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's menu: kept in order, changed, priced by person; and the rooms and devices it needs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button, heading } from './lib/people.mjs';
import { makeShop } from './lib/shop.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const names = (page) => page.locator('.service-name').allInnerTexts();
const notOnBody = (page) =>
  becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);
const hasFocus = (field) =>
  becomes(() => field.evaluate((element) => element === document.activeElement), true);
const one = async (shop, at = 0) =>
  expectStatus(await shop.owner.get(`/services/${shop.services[at].id}`), 200);
const fromMenu = async (page, name, item) => {
  await button(page, `More for ${name}`).click();
  await page.getByRole('menuitem', { name: item }).click();
};

describe('the menu', () => {
  test('is searched as one types, with every state in the address', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app/services', WIDE);
    await becomes(() => names(page), ['Relaxing massage', 'Cut & finish', 'Root colour']);
    await page.getByLabel('Search services').fill('rétouch');
    await becomes(() => names(page), ['Root colour']);
    await page.getByLabel('Search services').fill('nothing like it');
    await heading(page, 'No service found').waitFor();
    await page.getByRole('link', { name: 'Clear search and filters' }).click();
    await page.getByLabel('Category').selectOption('Body');
    await becomes(() => names(page), ['Relaxing massage']);
    await page.reload();
    await becomes(() => names(page), ['Relaxing massage']);
    assert.match(page.url(), /category=Body/);
    await page.getByRole('link', { name: 'Not offered' }).click();
    await heading(page, 'Everything is on the menu').waitFor();
  });

  test('is put in order by keyboard and by menu, and clients see it so; undo takes it back', async (t) => {
    const shop = await makeShop(server);
    const shown = async () =>
      expectStatus(await shop.visitor.get(`/public/${shop.slug}`), 200).services.map(({ name }) => name);
    const page = await openOffice(t, server, shop, '/app/services', WIDE);
    const row = page.getByRole('link', { name: 'Root colour' });
    await row.focus();
    await page.keyboard.press('Alt+ArrowUp');
    await becomes(() => names(page), ['Relaxing massage', 'Root colour', 'Cut & finish']);
    await focusIs(page, 'Root colour');
    await becomes(shown, ['Relaxing massage', 'Root colour', 'Cut & finish']);
    await button(page, 'Undo').click();
    await becomes(() => names(page), ['Relaxing massage', 'Cut & finish', 'Root colour']);
    await notOnBody(page);
    await becomes(shown, ['Relaxing massage', 'Cut & finish', 'Root colour']);
    await fromMenu(page, 'Cut & finish', /Move down/);
    await becomes(shown, ['Relaxing massage', 'Root colour', 'Cut & finish']);
    await button(page, 'Move Hair up').click();
    await becomes(() => names(page), ['Root colour', 'Cut & finish', 'Relaxing massage']);
    await becomes(shown, ['Root colour', 'Cut & finish', 'Relaxing massage']);
    await notOnBody(page);
  });

  test('is put in order by dragging', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app/services', WIDE);
    const grip = page.locator('.service-row', { hasText: 'Root colour' }).locator('.service-grip');
    await grip.dragTo(page.locator('.service-row', { hasText: 'Cut & finish' }));
    await becomes(() => names(page), ['Relaxing massage', 'Root colour', 'Cut & finish']);
    await page.getByText('Order saved').waitFor();
  });

  test('loses what is retired, and has it back by undo or from the shelf', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app/services', WIDE);
    await fromMenu(page, 'Root colour', 'Retire');
    await becomes(() => names(page), ['Relaxing massage', 'Cut & finish']);
    await button(page, 'Undo').click();
    await becomes(() => names(page), ['Relaxing massage', 'Cut & finish', 'Root colour']);
    await fromMenu(page, 'Cut & finish', 'Take off the menu');
    await page.getByRole('link', { name: 'Not offered' }).click();
    await becomes(() => names(page), ['Cut & finish']);
    await button(page, 'Offer Cut & finish again').click();
    await heading(page, 'Everything is on the menu').waitFor();
    await notOnBody(page);
    await becomes(async () => (await one(shop)).active, true);
  });

  test('where the server refuses, it is as it was, and says why', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app/services', WIDE);
    await page.route('**/services/order', (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"status":503,"code":"busy"}' }),
    );
    await page.getByRole('link', { name: 'Root colour' }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('Something went wrong on our side.').waitFor();
    await becomes(() => names(page), ['Relaxing massage', 'Cut & finish', 'Root colour']);
  });
});

describe('a service', () => {
  test('is added by what it cannot do without, and doubled', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app/services', WIDE);
    await page.getByRole('link', { name: 'New service' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').waitFor();
    await button(dialog, 'Add service').click();
    await dialog.getByText('A service needs a name.').waitFor();
    await dialog.getByText('An amount like 45 or 45.50.').waitFor();
    await dialog.getByLabel('Name').fill('Hot towel shave');
    await dialog.getByLabel('Category').fill('Barber');
    await dialog.getByLabel('Time in minutes').fill('35');
    await dialog.getByLabel('Price').fill('27,50');
    await dialog.getByLabel('Bruno').uncheck();
    await assertAccessible(page, 'a new service');
    await button(dialog, 'Add service').click();
    await heading(page, 'Hot towel shave').waitFor();
    const made = (await shop.owner.list('/services')).find(({ name }) => name === 'Hot towel shave');
    assert.deepEqual([made.price, made.duration_min, made.category], [2750, 35, 'Barber']);
    assert.deepEqual(made.staff_ids, [shop.staff[0].id]);
    await page.goto(`${server.baseUrl}/app/services`);
    await fromMenu(page, 'Hot towel shave', 'Duplicate');
    await heading(page, 'Hot towel shave (copy)').waitFor();
    await notOnBody(page);
  });

  test('has parts of its time, and people with a price and a time of their own, which clients see', async (t) => {
    const shop = await makeShop(server);
    const [service] = shop.services;
    const page = await openOffice(t, server, shop, `/app/services/${service.id}`, WIDE);
    await button(page, 'Add processing').click();
    await hasFocus(page.getByLabel('Minutes of part 2'));
    await page.getByLabel('Minutes of part 2').fill('30');
    await button(page, 'Add work').click();
    await page.getByLabel('Minutes of part 3').fill('15');
    await page.getByText('1 h 30 min for the client').waitFor();
    await page.getByRole('img', { name: 'Work: 45 min, Processing: 30 min, Work: 15 min' }).waitFor();
    await page.getByLabel('Price with Bruno').fill('30');
    await page.getByLabel('Minutes with Bruno').fill('79');
    await page.locator('.client-card').getByText('from €30').waitFor();
    await button(page, 'Save').click();
    await page.getByText('The work that comes last takes the difference').waitFor();
    await hasFocus(page.getByLabel('Minutes with Bruno'));
    await page.getByLabel('Minutes with Bruno').fill('105');
    await button(page, 'Save').click();
    await page.getByText('Service saved').waitFor();
    const saved = await one(shop);
    const terms = [{ staff_id: shop.staff[1].id, price: 3000, duration_min: 105 }];
    assert.deepEqual([saved.duration_min, saved.staff_terms], [90, terms]);
    assert.deepEqual(saved.segments.map(({ minutes }) => minutes), [45, 30, 15]);
    const client = await openPage(t);
    await client.goto(shop.url);
    await client.locator('.card', { hasText: 'Cut & finish' }).getByText('from €30').waitFor();
    await client.goto(`${shop.url}?service=${service.id}&staff=${shop.staff[0].id}`);
    await client.locator('.visit').getByText('€45').waitFor();
    await client.goto(`${shop.url}?service=${service.id}&staff=${shop.staff[1].id}`);
    await client.locator('.visit').getByText('1 h 45').waitFor();
  });

  test('says that there is nobody only when it is known, and why where it is not', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app/services', WIDE);
    let answer;
    const held = new Promise((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/v1/staff?*', async (route) => {
      await held;
      await route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"status":503}' });
    });
    await page.goto(`${server.baseUrl}/app/services/${shop.services[0].id}`);
    const people = page.getByRole('region', { name: 'Who performs it' });
    await people.locator('[aria-busy]').waitFor();
    assert.equal(await people.getByRole('link', { name: 'Go to the team' }).count(), 0);
    answer();
    await people.getByRole('alert').waitFor({ timeout: 30_000 });
    await page.unroute('**/api/v1/staff?*');
    await people.getByRole('button', { name: 'Try again' }).click();
    await people.getByRole('checkbox').first().waitFor();
  });

  test('that somebody else has changed shows both, and keeps what each of them changed', async (t) => {
    const shop = await makeShop(server);
    const { id } = shop.services[0];
    const page = await openOffice(t, server, shop, `/app/services/${id}`, WIDE);
    await page.getByLabel('Description').fill('Mine');
    expectStatus(await shop.owner.patch(`/services/${id}`, { description: 'Theirs', price: 5000 }), 200);
    await button(page, 'Save').click();
    const stale = page.getByRole('alert').filter({ hasText: 'Somebody else has changed this service' });
    await stale.getByRole('row', { name: 'Description Theirs Mine' }).waitFor();
    await stale.getByRole('row', { name: 'Price 50 not changed by you' }).waitFor();
    await focusIs(page, 'Somebody else has changed this service');
    await assertAccessible(page, 'what somebody else has changed');
    await button(stale, 'Save mine').click();
    await page.getByText('Service saved').waitFor();
    const saved = await one(shop);
    assert.deepEqual([saved.description, saved.price], ['Mine', 5000]);
    await notOnBody(page);
  });

  test('has a recipe, rooms, forms and conditions, all saved at once', async (t) => {
    const shop = await makeShop(server, { items: [{ name: 'Oil', on_hand: 500 }] });
    const room = expectStatus(await shop.owner.post('/resources', { name: 'Blue room', kind: 'room' }), 201);
    const fields = [{ key: 'skin', label: 'Skin', type: 'text', required: true }];
    const form = expectStatus(await shop.owner.post('/forms', { name: 'Skin check', kind: 'intake', fields }), 201);
    const [service, test] = shop.services;
    const page = await openOffice(t, server, shop, `/app/services/${service.id}`, WIDE);
    await page.getByLabel('Add an item').selectOption('Oil');
    await hasFocus(page.getByLabel('Quantity of Oil'));
    await page.getByLabel('Quantity of Oil').fill('2,5');
    await button(page, 'Add a need').click();
    await page.getByLabel('Blue room').check();
    await page.getByLabel('Skin check').check();
    await button(page, 'Add a condition').click();
    await button(page, 'Save').click();
    await page.getByText('Choose what it asks for.').waitFor();
    await page.getByLabel('What condition 1 asks for').selectOption(test.id);
    await page.getByLabel('Hours before, of condition 1').fill('48');
    await button(page, 'Save').click();
    await page.getByText('Service saved').waitFor();
    const saved = await one(shop);
    assert.deepEqual(saved.materials, [{ item_id: shop.items[0].id, quantity: 2.5 }]);
    assert.deepEqual([saved.needs, saved.form_ids], [[{ any_of: [room.id] }], [form.id]]);
    const [gate] = saved.requires;
    assert.deepEqual([gate.kind, gate.service_id, gate.lead_hours], ['patch_test', test.id, 48]);
    await becomes(() => page.getByRole('region', { name: 'Unsaved changes' }).count(), 0);
  });
});

test('a room is added, switched off with a word about the visits that hold it, and on again', async (t) => {
  const shop = await makeShop(server);
  const page = await openOffice(t, server, shop, '/app/resources', WIDE);
  await heading(page, 'No rooms or devices yet').waitFor();
  await page.getByRole('link', { name: 'New room or device' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Blue room');
  await button(dialog, 'Add').click();
  await page.getByRole('link', { name: 'Blue room' }).waitFor();
  await notOnBody(page);
  const [room] = await shop.owner.list('/resources');
  expectStatus(await shop.owner.patch(`/services/${shop.services[0].id}`, { needs: [{ any_of: [room.id] }] }), 200);
  const [slot] = await shop.slots({ from: dateIn(3) });
  expectStatus(await shop.book({ start: slot.start }), 201);
  await fromMenu(page, 'Blue room', 'Switch off');
  await dialog.getByText('This visit keeps it although it is switched off.').waitFor();
  await dialog.getByText('cannot be booked now').waitFor();
  await dialog.getByText('Cleo Client').waitFor();
  await assertAccessible(page, 'a room that visits hold');
  await button(dialog, 'Switch on').click();
  await becomes(async () => (await shop.owner.list('/resources'))[0].active, true);
  await page.keyboard.press('Escape');
  await becomes(() => dialog.count(), 0);
  await notOnBody(page);
});

for (const [look, options] of Object.entries({
  'a light desk': { ...WIDE, scheme: 'light' },
  'a dark phone': { width: 390, height: 844, scheme: 'dark' },
})) {
  test(`menu, service and rooms are accessible on ${look}, and fit 320 pixels`, async (t) => {
    const shop = await makeShop(server);
    expectStatus(await shop.owner.post('/resources', { name: 'Blue room', kind: 'room' }), 201);
    const page = await openOffice(t, server, shop, '/app/services', options);
    const paths = ['/app/services', `/app/services/${shop.services[0].id}`, '/app/resources'];
    for (const path of paths) {
      await page.goto(server.baseUrl + path);
      await page.locator('.service-row, .client-card, .resource-row').first().waitFor();
      await assertAccessible(page, path);
      await page.setViewportSize({ width: 320, height: 700 });
      await assertNoSidewaysScroll(page, path);
      await page.setViewportSize({ width: options.width, height: options.height });
    }
  });
}
