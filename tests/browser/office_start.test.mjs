// SPDX-License-Identifier: AGPL-3.0-or-later
// Getting started: from sign-up to a page that clients can book, in less than five minutes.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button, heading } from './lib/people.mjs';
import { makeShop } from './lib/shop.mjs';

const FIVE_MINUTES_MS = 5 * 60_000;
const PHONE = { width: 390, height: 844 };
const STEPS = ['menu', 'hours', 'people', 'contact', 'open'];

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

/** A business that has just signed up, with nothing set. */
const fresh = () => makeShop(server, { staff: [], services: [], hours: [], publish: false });
const step = (page, name) => page.getByRole('heading', { level: 2, name });

test('a stranger signs up and has a page that can be booked within five minutes, by clicks alone', async (t) => {
  const began = Date.now();
  const page = await openPage(t, WIDE);
  await page.goto(`${server.baseUrl}/signup`);
  const tag = randomBytes(4).toString('hex');
  await page.getByLabel('Business name').fill(`Salon ${tag}`);
  await page.getByLabel('Your name').fill('Olive Owner');
  await page.getByLabel(/^E-?mail/).fill(`olive.${tag}@owner.example`);
  await page.getByLabel('Password', { exact: true }).fill('a long enough secret 7');
  await page.getByRole('button', { name: /Create|Sign up|Start/ }).click();
  await page.waitForURL('**/app**');
  await page.goto(`${server.baseUrl}/app/start`);

  await step(page, 'Your menu').waitFor();
  await page.getByLabel('What do you do?').selectOption({ label: 'Hair salon' });
  await page.getByLabel('Price: Root colour').fill('80');
  await page.getByRole('checkbox', { name: 'Balayage' }).uncheck();
  await button(page, 'Add 5 services').click();
  await step(page, 'Opening hours').waitFor();
  await focusIs(page, 'Opening hours');
  await button(page, 'Save hours').click();
  await step(page, 'Who can be booked').waitFor();
  await becomes(() => page.getByRole('switch').isChecked(), true);
  await button(page, 'Save').click();
  await step(page, 'How you are reached').waitFor();
  await page.getByLabel('Address').fill('12 rue des Lilas, Paris');
  await page.getByLabel('Phone').fill('+33 1 55 55 01 23');
  await button(page, 'Save').click();
  await step(page, 'Open your page').waitFor();
  await button(page, 'Send me a test letter').click();
  await page.getByText('On its way to').waitFor();
  await button(page, 'Open the page').click();
  await page.getByText('Your page can be booked.').waitFor();

  const link = await page.locator('.start-link').innerText();
  await page.goto(link);
  await page.getByText('Root colour').first().waitFor();
  assert.match(await page.locator('body').innerText(), /80/);
  const took = Date.now() - began;
  assert.ok(took < FIVE_MINUTES_MS, `${Math.round(took / 1000)} s`);
  console.log(`from sign-up to a page that can be booked: ${Math.round(took / 1000)} s`);
});

test('each step can be passed over and come back to, and the server knows what is done', async (t) => {
  const shop = await fresh();
  const page = await openOffice(t, server, shop, '/app/start', WIDE);
  await step(page, 'Your menu').waitFor();
  for (const name of ['Opening hours', 'Who can be booked', 'How you are reached', 'Open your page']) {
    await page.getByRole('link', { name: /^(Skip for now|Next step)$/ }).click();
    await step(page, name).waitFor();
    await focusIs(page, name);
  }
  await page.getByText('Add a service and make it active.').waitFor();
  await button(page, 'Open the page').click();
  await page.getByRole('alert').waitFor();
  assert.equal(expectStatus(await shop.owner.get('/workspace'), 200).published, false);

  await page.goto(`${server.baseUrl}/app/start?step=hours`);
  await button(page, 'Save hours').click();
  await step(page, 'Who can be booked').waitFor();
  await page.goto(`${server.baseUrl}/app/start`);
  await step(page, 'Your menu').waitFor();
  await page.getByRole('link', { name: /Opening hours ?, done/ }).waitFor();
  await page.goBack();
  await step(page, 'Who can be booked').waitFor();
});

test('services that are made once are not made again when the rest has to be tried again', async (t) => {
  const shop = await fresh();
  const page = await openOffice(t, server, shop, '/app/start?step=menu', WIDE);
  await page.getByLabel('What do you do?').selectOption({ label: 'Nails' });
  let seen = 0;
  await page.route('**/api/v1/services', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    seen += 1;
    return seen === 3 ? route.abort() : route.fallback();
  });
  await button(page, 'Add 4 services').click();
  await page.getByText('We could not get through.').waitFor();
  await button(page, 'Add 4 services').click();
  await step(page, 'Opening hours').waitFor();
  const names = (await shop.owner.list('/services')).map(({ name }) => name).sort();
  assert.deepEqual(names, ['Gel manicure', 'Gel pedicure', 'Manicure', 'Pedicure']);
});

test('the steps have no accessibility faults in light and dark, wide and narrow, and never scroll sideways', async (t) => {
  const shop = await fresh();
  for (const [size, scheme] of [[WIDE, 'light'], [PHONE, 'dark']]) {
    const page = await openOffice(t, server, shop, '/app/start', { ...size, scheme });
    for (const each of STEPS) {
      await page.goto(`${server.baseUrl}/app/start?step=${each}`);
      await page.locator('#step-title').waitFor();
      if (each === 'menu') await page.getByLabel('What do you do?').selectOption({ label: 'Massage and spa' });
      await becomes(() => page.locator('.waiting').count(), 0);
      await assertAccessible(page, `${each} ${scheme}`);
    }
  }
  const narrow = await openOffice(t, server, shop, '/app/start', { width: 320, height: 640 });
  for (const each of STEPS) {
    await narrow.goto(`${server.baseUrl}/app/start?step=${each}`);
    await narrow.locator('#step-title').waitFor();
    await becomes(() => narrow.locator('.waiting').count(), 0);
    await assertNoSidewaysScroll(narrow, each);
  }
  await heading(narrow, 'Getting started').waitFor();
});

const BAND = 'Sample data is in.';

test('sample data comes in and goes by a click each, and the pages say that it is in', async (t) => {
  const shop = await makeShop(server, { publish: false });
  const page = await openOffice(t, server, shop, '/app/start', WIDE);
  await heading(page, 'Look around with sample data').waitFor();
  assert.equal(await page.getByText(BAND).count(), 0);
  await button(page, 'Put it in').click();
  await page.waitForURL('**/app');
  await page.getByText(BAND).waitFor();
  await page.getByText('Sample data is in', { exact: true }).waitFor(); // and says so once
  assert.equal((await shop.owner.list('/clients')).length, 12);
  for (const path of ['/app/reports', '/app/start']) {
    await page.goto(`${server.baseUrl}${path}`);
    await page.getByText(BAND).waitFor();
  }
  assert.equal(await heading(page, 'Look around with sample data').count(), 0);
  await page.goto(`${server.baseUrl}/app/clients`);
  await page.getByText('Emma Clarke').first().waitFor();

  await page.goto(`${server.baseUrl}/app`);
  await button(page, 'Remove it').click();
  const dialog = page.getByRole('dialog', { name: 'Remove the sample data?' });
  await dialog.getByText(/12 sample clients with \d+ visits and 4 conversations/).waitFor();
  await focusIs(page, 'Keep it');
  await page.keyboard.press('Escape');
  await becomes(() => dialog.count(), 0);
  await focusIs(page, 'Remove it');
  assert.equal((await shop.owner.list('/clients')).length, 12, 'nothing goes before the second click');

  await page.keyboard.press('Enter');
  await focusIs(page, 'Keep it');
  await page.keyboard.press('Tab');
  await focusIs(page, 'Remove sample data');
  await page.keyboard.press('Enter');
  await page.getByText('Sample data removed').waitFor();
  await becomes(() => page.getByText(BAND).count(), 0);
  await becomes(() => page.evaluate(() => document.activeElement?.id), 'content');
  assert.deepEqual(await shop.owner.list('/clients'), []);
  await page.goto(`${server.baseUrl}/app/start`);
  await heading(page, 'Look around with sample data').waitFor();
});

test('before there is anything to book the offer says what it needs, and a refusal stands beside it', async (t) => {
  const bare = await fresh();
  const page = await openOffice(t, server, bare, '/app/start', WIDE);
  await page.getByText('It needs opening hours, an active service').waitFor();
  assert.equal(await button(page, 'Put it in').count(), 0);

  const shop = await makeShop(server, { publish: false });
  const other = await openOffice(t, server, shop, '/app/start', WIDE);
  await button(other, 'Put it in').waitFor();
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const closures = [{ from: day(-9), to: day(20), reason: 'Works' }];
  expectStatus(await shop.owner.patch('/workspace', { closures }), 200);
  await button(other, 'Put it in').click();
  await other.getByRole('alert').getByText('No time is free in the days around today').waitFor();

  await other.route('**/api/v1/workspace/sample', (route) => route.abort());
  await other.reload();
  await other.getByRole('alert').getByText('We could not get through.').waitFor();
  await other.unroute('**/api/v1/workspace/sample');
  await button(other, 'Try again').click();
  await button(other, 'Put it in').waitFor();
});

test('the band, its dialog and the offer have no accessibility faults, also narrow and dark, and speak Polish', async (t) => {
  const shop = await makeShop(server, { publish: false });
  for (const [size, scheme] of [[WIDE, 'light'], [{ width: 320, height: 700 }, 'dark']]) {
    const page = await openOffice(t, server, shop, '/app/start', { ...size, scheme });
    await heading(page, 'Look around with sample data').waitFor();
    await assertAccessible(page, `offer ${scheme}`);
    await assertNoSidewaysScroll(page, `offer ${scheme}`);
    await button(page, 'Put it in').click();
    await page.getByText(BAND).waitFor();
    await becomes(() => page.locator('.waiting').count(), 0);
    await assertAccessible(page, `band ${scheme}`);
    await assertNoSidewaysScroll(page, `band ${scheme}`);
    await button(page, 'Remove it').click();
    await button(page, 'Remove sample data').waitFor();
    await assertAccessible(page, `dialog ${scheme}`);
    await assertNoSidewaysScroll(page, `dialog ${scheme}`);
    await button(page, 'Remove sample data').click();
    await becomes(() => page.getByText(BAND).count(), 0);
  }
  expectStatus(await shop.owner.patch('/session', { language: 'pl' }), 200);
  const polish = await openOffice(t, server, shop, '/app/start', WIDE);
  await button(polish, 'Wstaw dane').click();
  await polish.getByText('W kalendarzu są przykładowe dane.').waitFor();
  await button(polish, 'Usuń je').click();
  await polish.getByText(/12 przykładowych klientów, \d+ wizyt[ay]? i 4 rozmowy\./).waitFor();
});
