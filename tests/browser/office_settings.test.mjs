// SPDX-License-Identifier: AGPL-3.0-or-later
// The settings of the office: each part changed, refused, taken back, and read on a phone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Client, expectStatus } from '../lib/client.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button, heading } from './lib/people.mjs';
import { makeShop } from './lib/shop.mjs';

const rgb = (text) => text.match(/[\d.]+/g).slice(0, 3).map(Number);
const light = (color) =>
  color
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
function contrast(one, other) {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const PARTS = ['business', 'hours', 'booking', 'brand', 'mail', 'team-security', 'tokens', 'data', 'audit'];

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const workspaceOf = async (shop) => expectStatus(await shop.owner.get('/workspace'), 200);
const open = (t, shop, part, options = WIDE) => openOffice(t, server, shop, `/app/settings${part && `/${part}`}`, options);

describe('the business', () => {
  test('is saved together; what is wrong stands beside its field; the slug is warned of', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'business');
    await page.getByLabel('Business name').fill('Maison Soleil');
    await page.getByLabel('Public address').fill('maison-soleil-9x');
    await page.getByText(/stop working as soon as you save/).waitFor();
    await page.getByLabel('Time zone').fill('Mars/Olympus');
    await button(page, 'Save').click();
    await becomes(() => page.evaluate(() => document.activeElement.value), 'Mars/Olympus');
    assert.equal((await workspaceOf(shop)).name, shop.workspace.name);
    await page.getByLabel('Time zone').fill('Europe/Warsaw');
    await page.keyboard.press('Control+s');
    await page.getByText('Settings saved').waitFor();
    await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
    const now = await workspaceOf(shop);
    assert.deepEqual([now.name, now.slug, now.timezone], ['Maison Soleil', 'maison-soleil-9x', 'Europe/Warsaw']);
  });

  test('is refused in Polish on a Polish page, of which the words come at the first refusal', async (t) => {
    const [shop, other] = [await makeShop(server), await makeShop(server)];
    expectStatus(await shop.owner.patch('/session', { language: 'pl' }), 200);
    const page = await open(t, shop, 'business');
    const chunks = [];
    page.on('request', (request) => chunks.push(request.url()));
    const isLoaded = () => chunks.some((url) => /\/retell-[^/]*\.js$/.test(url));
    const text = () => page.locator('body').innerText();
    const { slug } = await workspaceOf(other);
    await page.getByLabel('Adres publiczny').fill(slug);
    assert.equal(isLoaded(), false);
    await button(page, 'Zapisz').click();
    await page.getByText('Inna firma ma już ten adres. Wybierz inny.').first().waitFor();
    assert.equal(isLoaded(), true);
    assert.doesNotMatch(await text(), /Another business|Choose another/);
    await page.getByLabel('Adres publiczny').fill('Nie Tak!');
    await button(page, 'Zapisz').click();
    await page.getByText(/^Użyj od 2 do 63 małych liter i cyfr/).first().waitFor();
    assert.doesNotMatch(await text(), /Some fields|small letters/);
    assert.equal((await workspaceOf(shop)).slug, shop.workspace.slug);
  });

  test('does not go over a colleague’s change unseen, and keeps what was typed', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'business');
    await page.getByLabel('Business name').fill('Typed here');
    expectStatus(await shop.owner.patch('/workspace', { phone: '+33 1 00 00 00 00' }), 200);
    await button(page, 'Save').click();
    await page.getByText(/Somebody changed this in the meantime/).waitFor();
    assert.equal(await page.getByLabel('Business name').inputValue(), 'Typed here');
    await becomes(() => page.getByLabel('Phone').inputValue(), '+33 1 00 00 00 00');
    await button(page, 'Save').click();
    await page.getByText('Settings saved').waitFor();
    const now = await workspaceOf(shop);
    assert.deepEqual([now.name, now.phone], ['Typed here', '+33 1 00 00 00 00']);
  });

  test('unsaved, leaving asks once, and staying keeps it', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'business');
    await page.getByLabel('Business name').fill('Nearly lost');
    await page.getByRole('link', { name: 'Opening hours' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await button(page, 'Stay here').click();
    assert.equal(await page.getByLabel('Business name').inputValue(), 'Nearly lost');
    await page.getByRole('link', { name: 'Opening hours' }).click();
    await button(page, 'Leave').click();
    await heading(page, 'Opening hours').waitFor();
  });
});

describe('hours', () => {
  test('several spans a day, a day copied and taken back, a closed day, and none that overlap', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'hours');
    const monday = page.getByRole('group', { name: 'Monday, hours 1', exact: true });
    await monday.getByLabel('To', { exact: true }).fill('12:00');
    await button(page, 'Add hours on Monday').click();
    const second = page.getByRole('group', { name: 'Monday, hours 2', exact: true });
    await second.getByLabel('From').fill('11:00');
    await page.getByText('This overlaps other hours of the day.').waitFor();
    await button(page, 'Save').click();
    await second.getByLabel('From').fill('13:00');
    await second.getByLabel('To', { exact: true }).fill('00:00');
    await button(page, 'Copy Monday').click();
    await page.getByRole('menuitem', { name: 'To every day' }).click();
    await page.getByRole('group', { name: 'Sunday, hours 2', exact: true }).waitFor();
    await button(page, 'Undo').click();
    await page.getByRole('group', { name: 'Sunday, hours 2', exact: true }).waitFor({ state: 'detached' });
    await page.getByLabel('Sunday', { exact: true }).uncheck();
    await button(page, 'Add closed days').click();
    await page.getByLabel('First day').fill('2099-12-24');
    await page.getByLabel('Last day').fill('2099-12-26');
    await page.getByLabel(/^Reason/).fill('Holidays');
    await button(page, 'Save').click();
    await page.getByText('Settings saved').waitFor();
    const { hours, closures } = await workspaceOf(shop);
    const of = (weekday) => hours.filter((span) => span.weekday === weekday).map(({ start, end }) => `${start}-${end}`);
    assert.deepEqual(of(1), ['09:00-12:00', '13:00-24:00']);
    assert.equal(of(2).length, 1);
    assert.deepEqual(of(7), []);
    assert.deepEqual(closures, [{ from: '2099-12-24', to: '2099-12-26', reason: 'Holidays' }]);
  });
});

describe('booking rules', () => {
  test('say in a sentence what a client will see, before they are saved', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'booking');
    await page.getByLabel('Offer a time every').selectOption({ label: '30 minutes' });
    await page.getByLabel('Cancel or move until').selectOption({ label: '1 day before' });
    await page.getByLabel('Confirm each booking by hand').check();
    await page.getByText(/a time every 30 minutes.*until 1 day before it begins, and a booking is a request/).waitFor();
    assert.notEqual((await workspaceOf(shop)).slot_step_min, 30);
    await button(page, 'Save').click();
    await page.getByText('Settings saved').waitFor();
    const now = await workspaceOf(shop);
    assert.deepEqual([now.slot_step_min, now.cancel_cutoff_min, now.auto_confirm], [30, 1440, false]);
  });
});

describe('the look', () => {
  test('a colour too faint is said, and the nearest that reads is one click away', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'brand');
    await page.getByLabel('Colour code').fill('#ffe08a');
    await page.getByText(/too faint as it is/).first().waitFor();
    await page.getByRole('button', { name: /^Use #/ }).click();
    await page.getByText(/Your pages darken this colour/).waitFor({ state: 'detached' });
    await button(page, 'Save').click();
    await page.getByText('Settings saved').waitFor();
    const { accent_color: color } = await workspaceOf(shop);
    const luminance = [1, 3, 5]
      .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    assert.ok(1.05 / (luminance + 0.05) >= 4.5, color);
  });
});

describe('mail', () => {
  test('is tried before it is saved; what the server needs is said beside its field', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'mail');
    await button(page, 'Send a test letter').click();
    await page.getByText(/^The letter to .* was taken\.$/).waitFor();
    await page.getByRole('radio', { name: /Your own mail server/ }).click();
    await page.getByRole('textbox', { name: 'Server' }).fill('127.0.0.1');
    await page.getByLabel('Sender’s address').fill('me@salon.example');
    await button(page, 'Save').click();
    await page.getByText(/This name or address is a private one/).waitFor();
    await becomes(() => page.evaluate(() => document.activeElement.value), '127.0.0.1');
    await page.getByRole('radio', { name: /Your own Resend account/ }).click();
    await page.getByLabel('API key', { exact: true }).fill('re_of_the_browser_test_7777');
    await button(page, 'Save').click();
    await page.getByText('Settings saved').waitFor();
    await page.getByText(/it ends in 7777/).waitFor();
    assert.equal(await page.getByLabel('API key', { exact: true }).inputValue(), '');
    assert.ok(!(await page.content()).includes('re_of_the_browser_test'));
  });
});

describe('access', () => {
  test('rules are saved as they are switched, and can be taken back', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'team-security');
    await page.getByLabel('Sign out after no use for').selectOption({ label: '8 hours' });
    await page.getByText('Settings saved').waitFor();
    assert.equal((await workspaceOf(shop)).session_idle_min, 480);
    // What is taken back below is the next change, and its word may come after its effect.
    const toasts = page.locator('.toasts');
    await button(toasts, 'Close').click();
    await becomes(() => button(toasts, 'Undo').count(), 0);
    const contacts = page.getByLabel('Staff see the phone and email of their own clients');
    await contacts.check({ force: true });
    await becomes(async () => (await workspaceOf(shop)).staff_see_contacts, true);
    await button(toasts, 'Undo').click();
    await becomes(async () => (await workspaceOf(shop)).staff_see_contacts, false);
    await page.getByLabel('Two-step sign-in for the whole team').check({ force: true }).catch(() => {});
    await page.getByText('Set up your own two-step sign-in first.').waitFor();
    assert.equal((await workspaceOf(shop)).require_two_factor, false);
    await becomes(() => page.getByLabel('Two-step sign-in for the whole team').isChecked(), false);
  });

  test('a token is shown once, does what it may, and is taken away after a second look', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'tokens');
    await heading(page, 'No program has access').waitFor();
    await button(page, 'New token').click();
    const dialog = page.getByRole('dialog');
    await button(dialog, 'Make token').click();
    await dialog.getByText('Say what it is for.').waitFor();
    await dialog.getByLabel('What is it for?').fill('Accounting');
    await button(dialog, 'Make token').click();
    await dialog.getByText('Choose at least one.').waitFor();
    await dialog.getByLabel('Bookings', { exact: true }).selectOption({ label: 'Read' });
    await button(dialog, 'Make token').click();
    const secret = await page.locator('.once').innerText();
    await focusIs(page, 'Copy');
    await button(page, 'Done').click();
    await page.getByText(/Bookings \(read\) · never used · until/).waitFor();
    assert.ok(!(await page.content()).includes(secret));
    const program = new Client(server.baseUrl, { token: secret });
    expectStatus(await program.get('/bookings'), 200);
    expectStatus(await program.get('/clients'), 403);
    await button(page, 'Take away: Accounting').click();
    await button(page, 'Take it away').click();
    await page.getByText('Token revoked').waitFor();
    await becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);
    expectStatus(await program.get('/bookings'), 401);
  });
});

describe('data and audit', () => {
  test('everything can be taken along; the audit says what changed, and keeps its filters', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'data');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download everything' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'business.json');
    expectStatus(await shop.owner.patch('/workspace', { phone: '+33 9 99 99 99 99' }), 200);
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByLabel('What', { exact: true }).selectOption({ label: 'Business' });
    const change = page.locator('.diff').first();
    await becomes(() => change.locator('ins').innerText(), '+33 9 99 99 99 99');
    assert.match(page.url(), /entity=workspace/);
    const href = await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href');
    assert.equal(href, '/api/v1/audit.csv?entity=workspace');
    await page.getByLabel('To', { exact: true }).fill('2001-01-01');
    await heading(page, 'Nothing fits').waitFor();
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await page.locator('.audit-event').first().waitFor();
    assert.doesNotMatch(page.url(), /entity=/);
  });

  test('the audit says sums as money', async (t) => {
    const shop = await makeShop(server);
    expectStatus(await shop.owner.patch(`/services/${shop.services[0].id}`, { price: 5250 }), 200);
    const page = await open(t, shop, 'audit?entity=service');
    await becomes(() => page.locator('.diff').first().locator('del, ins').allInnerTexts(), ['€45', '€52.50']);
  });
});

test('what is off stands out from its ground, by day and by night', async (t) => {
  const shop = await makeShop(server);
  for (const scheme of ['light', 'dark']) {
    const page = await open(t, shop, 'hours', { ...WIDE, scheme });
    await page.locator('.mantine-Switch-track').first().click();
    const colors = () =>
      page.locator('.mantine-Switch-input:not(:checked) + .mantine-Switch-track').first().evaluate((track) => [
        getComputedStyle(track).boxShadow,
        getComputedStyle(track.querySelector('.mantine-Switch-thumb')).backgroundColor,
        getComputedStyle(track.closest('.panel')).backgroundColor,
      ]);
    const standsOut = async () => {
      const [edge, thumb, ground] = (await colors()).map(rgb);
      return contrast(edge, ground) >= 3 && contrast(thumb, ground) >= 3;
    };
    await becomes(standsOut, true);
  }
});

describe('every part', () => {
  for (const [name, options] of [
    ['at a desk by day', { ...WIDE, scheme: 'light' }],
    ['on a phone by night', { width: 390, height: 844, scheme: 'dark' }],
  ]) {
    test(`can be read by everybody, ${name}`, async (t) => {
      const shop = await makeShop(server);
      const page = await open(t, shop, '', options);
      for (const part of PARTS) {
        await page.goto(`${server.baseUrl}/app/settings/${part}`);
        await page.locator('.settings-part .panel').first().waitFor();
        await becomes(() => page.locator('.waiting').count(), 0);
        await assertAccessible(page, `${part} ${name}`);
      }
    });
  }

  test('fits 320 pixels, and a phone comes by the list and goes back to it', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, '', { width: 320, height: 640 });
    await page.getByRole('link', { name: /^Opening hours/ }).click();
    await heading(page, 'Opening hours').waitFor();
    await page.goBack();
    await heading(page, 'Settings').waitFor();
    for (const part of PARTS) {
      await page.goto(`${server.baseUrl}/app/settings/${part}`);
      await page.locator('.settings-part .panel').first().waitFor();
      await assertNoSidewaysScroll(page, part);
    }
  });

  test('that does not load says so and can be asked again', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, 'data');
    let fails = true;
    await page.route('**/api/v1/tokens*', (route) =>
      fails
        ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"too_busy"}' })
        : route.continue(),
    );
    await page.getByRole('link', { name: 'API tokens' }).click();
    await page.getByText('This did not load.').waitFor();
    fails = false;
    await button(page, 'Try again').click();
    await heading(page, 'No program has access').waitFor();
  });
});
