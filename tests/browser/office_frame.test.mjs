// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's frame: palette, keys, languages, looks, places, and the focus, which is never on nothing.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { ROOT } from '../lib/process.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { SCREENS } from './lib/office_screens.mjs';
import { button, heading } from './lib/people.mjs';
import { makeShop } from './lib/shop.mjs';

let server;
let shop;
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server);
  expectStatus(await shop.owner.post('/clients', { name: 'Zoë Łucka', email: 'zoe@client.example' }), 201);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const PHONE = { width: 390, height: 844 };
const open = (t, path, options = WIDE, who = shop) => openOffice(t, server, who, path, options);
const field = (page) => page.getByRole('combobox', { name: 'A place, an action, a client…' });
const pathIs = (page, wanted) =>
  becomes(() => page.evaluate(() => location.pathname + location.search), wanted);
const notOnBody = (page) =>
  becomes(() => page.evaluate(() => document.activeElement?.tagName !== 'BODY'), true);
const at = async (t, path, options, who) => {
  const page = await open(t, path, options, who);
  await page.locator('#content h1').first().waitFor();
  return page;
};

describe('the palette', () => {
  test('goes, creates and does, by the keyboard alone', async (t) => {
    const page = await at(t, '/app/clients');
    await page.keyboard.press('Control+k');
    await field(page).fill('cal');
    await becomes(() => page.locator('.palette [aria-selected=true]').innerText(), /Calendar/);
    await page.keyboard.press('Enter');
    await pathIs(page, '/app/calendar');
    await focusIs(page, /^Calendar/);
    await page.keyboard.press('Control+k');
    await field(page).fill('new cl');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').waitFor();
    await pathIs(page, '/app/clients?do=new');
  });

  test('finds each part of the settings by its name', async (t) => {
    const page = await at(t, '/app/clients');
    await page.keyboard.press('Control+k');
    await field(page).fill('opening h');
    await page.getByRole('option', { name: 'Settings: Opening hours' }).waitFor();
    await page.keyboard.press('Enter');
    await pathIs(page, '/app/settings/hours');
    await focusIs(page, /^Opening hours/);
  });

  test('finds a client as one types, and asks no more than it must', async (t) => {
    const page = await at(t, '/app/calendar');
    const asked = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === '/api/v1/clients') asked.push(searchParams.get('q'));
    });
    await page.getByRole('button', { name: 'Search or do…' }).click();
    await field(page).fill('lucka');
    await page.getByRole('option', { name: 'Zoë Łucka' }).waitFor();
    assert.deepEqual(asked, ['lucka']);
    await page.keyboard.press('Enter');
    await heading(page, 'Zoë Łucka').waitFor();
    await focusIs(page, 'Zoë Łucka');
  });

  test('says when there is nothing, and when clients cannot be searched; it closes to where one was', async (t) => {
    const page = await at(t, '/app/clients');
    const search = page.getByLabel('Name, e-mail or phone');
    await search.focus();
    await page.keyboard.press('Control+k');
    await field(page).fill('xyzzy');
    await page.getByText('Nothing found').waitFor();
    await assertAccessible(page, 'the palette with nothing');
    await page.route('**/api/v1/clients?**', (route) => route.fulfill({ status: 503 }));
    await field(page).fill('xyzz');
    await page.getByText('Clients could not be searched just now.').waitFor();
    await page.keyboard.press('Escape');
    await becomes(() => search.evaluate((each) => document.activeElement === each), true);
  });

  test('is accessible and fits, light and dark, narrow and wide', async (t) => {
    for (const [width, scheme] of [[1440, 'dark'], [390, 'light'], [320, 'dark']]) {
      const page = await at(t, '/app/clients', { width, height: 844, scheme });
      await page.keyboard.press('Control+k');
      await field(page).waitFor();
      await assertNoSidewaysScroll(page, `the palette at ${width}`);
      await assertAccessible(page, `the palette at ${width}`);
    }
  });
});

describe('the keys', () => {
  test('go to each place, and the list of them at ? is the one they work by', async (t) => {
    const page = await at(t, '/app/clients');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Bookings').waitFor();
    await assertAccessible(page, 'the list of keys');
    const listed = await dialog
      .locator('dl > div')
      .evaluateAll((all) => all.map((each) => [...each.querySelectorAll('kbd')].map((key) => key.textContent)));
    const goes = listed.filter(([first, second]) => first === 'G' && second);
    assert.equal(goes.length, 14);
    assert.equal(new Set(goes.map(([, key]) => key)).size, goes.length);
    await page.keyboard.press('Escape');
    await notOnBody(page);
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await pathIs(page, '/app/bookings');
    await focusIs(page, 'Bookings');
    await page.keyboard.press('t');
    await pathIs(page, '/app');
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await pathIs(page, '/app/clients');
    await focusIs(page, 'Clients');
    await page.keyboard.press('/');
    await becomes(() => page.evaluate(() => document.activeElement.type), 'search');
  });

  test('N begins a visit over the present screen, and nothing happens while one types', async (t) => {
    const page = await at(t, '/app/clients');
    await page.getByLabel('Name, e-mail or phone').focus();
    await page.keyboard.type('nt');
    await becomes(() => page.getByLabel('Name, e-mail or phone').inputValue(), 'nt');
    await pathIs(page, '/app/clients?q=nt');
    await page.locator('#content h1').focus();
    await page.keyboard.press('n');
    await becomes(() => page.evaluate(() => new URLSearchParams(location.search).get('new')), 'now');
  });

  test('can be switched off, and then only Ctrl + K is heard', async (t) => {
    const page = await at(t, '/app/clients');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('#content h1').first().waitFor();
    await page.keyboard.press('t');
    await page.keyboard.press('Control+k');
    await field(page).waitFor();
    await pathIs(page, '/app/clients');
  });
});

describe('languages', () => {
  test('are chosen in place, spoken at once and on every device, and dates go with them', async (t) => {
    const own = await makeShop(server);
    const page = await at(t, '/app/clients', WIDE, own);
    await page.locator('.side-foot').getByRole('button').first().click();
    await page.getByLabel('Language').selectOption({ label: 'Polski' });
    await heading(page, 'Klienci').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'pl');
    assert.equal(expectStatus(await own.owner.get('/session'), 200).language, 'pl');
    await assertAccessible(page, 'clients in Polish');
    for (const path of ['/app', '/app/inbox', '/app/forms']) {
      await page.goto(server.baseUrl + path);
      await page.locator('#content h1').first().waitFor();
      await assertNoSidewaysScroll(page, `${path} in Polish`);
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('jezyk');
    await page.keyboard.press('Enter');
    await heading(page, 'Forms').waitFor();
  });

  test('the long words of Polish fit a phone', async (t) => {
    const own = await makeShop(server);
    expectStatus(await own.owner.patch('/session', { language: 'pl' }), 200);
    const page = await at(t, '/app/clients', { width: 320, height: 700 }, own);
    await assertNoSidewaysScroll(page, 'clients in Polish at 320');
    await button(page, 'Więcej').click();
    await page.getByRole('dialog').getByText('Pomieszczenia i urządzenia').waitFor();
    await assertNoSidewaysScroll(page, 'the sheet in Polish at 320');
    await assertAccessible(page, 'the sheet in Polish at 320');
  });
});

describe('the frame', () => {
  test('shows every place on a desk without scrolling, and marks the one where one is', async (t) => {
    const page = await at(t, '/app/clients');
    const nav = page.locator('.side nav');
    assert.equal(await nav.getByRole('link').count(), 14);
    assert.ok(await nav.evaluate((each) => each.scrollHeight <= each.clientHeight + 1));
    await becomes(() => page.locator('.side [aria-current=page]').allInnerTexts(), ['Clients']);
    await page.setViewportSize({ width: 1024, height: 480 });
    await nav.getByRole('link', { name: 'Settings' }).click();
    await pathIs(page, '/app/settings/business');
  });

  test('has four places and the rest behind More on a phone; the sheet gives the focus back', async (t) => {
    const page = await at(t, '/app/clients', { ...PHONE, scheme: 'dark', hasTouch: true });
    assert.equal(await page.locator('.foot-bar').getByRole('link').count(), 4);
    const small = await page.locator('.foot-bar a, .foot-bar button, .phone-top button').evaluateAll((all) =>
      all.map((each) => each.getBoundingClientRect()).filter((box) => box.width < 44 || box.height < 44).length,
    );
    assert.equal(small, 0);
    await button(page, 'More').tap();
    await page.getByRole('dialog').getByRole('link', { name: 'Reports' }).waitFor();
    assert.equal(await page.getByRole('dialog').getByRole('link').count(), 15);
    await assertAccessible(page, 'the sheet of places');
    await page.keyboard.press('Escape');
    await focusIs(page, 'More');
    await button(page, 'More').tap();
    await page.getByRole('dialog').getByRole('link', { name: 'Reports' }).tap();
    await pathIs(page, '/app/reports');
    await focusIs(page, 'Reports');
  });

  test('keeps the chosen look through a reload and a sign-out', async (t) => {
    const page = await at(t, '/app/clients');
    const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await page.locator('.side-foot').getByRole('button').first().click();
    await page.getByText('Dark', { exact: true }).click();
    await becomes(scheme, 'dark');
    await assertAccessible(page, 'the panel of looks in the dark');
    await page.keyboard.press('Escape');
    await button(page, 'Sign out').click();
    await page.waitForURL('**/login');
    await page.getByLabel('Email').fill(shop.ownerEmail);
    await page.getByLabel('Password', { exact: true }).fill(shop.ownerPassword);
    await button(page, 'Sign in').click();
    await page.waitForURL('**/app');
    await becomes(scheme, 'dark');
  });

  test('says that a screen is coming when it takes longer than a blink, and keeps the focus meanwhile', async (t) => {
    const page = await at(t, '/app/clients');
    let release = () => undefined;
    const held = new Promise((resolve) => {
      release = resolve;
    });
    await page.route('**/assets/reports-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await page.locator('.side').getByRole('link', { name: 'Reports' }).click();
    await page.locator('.progress').waitFor();
    await notOnBody(page);
    release();
    await focusIs(page, 'Reports');
    await page.locator('.progress').waitFor({ state: 'detached' });
  });

  test('is skipped by the first Tab', async (t) => {
    const page = await at(t, '/app/clients');
    await page.keyboard.press('Tab');
    await focusIs(page, 'Skip to the content');
    await page.keyboard.press('Enter');
    await becomes(() => page.evaluate(() => document.activeElement.id), 'content');
  });
});

test('from right to left nothing is wider than the page, and no style names left or right', async (t) => {
  const page = await at(t, '/app/clients', { ...PHONE });
  for (const { path } of SCREENS.filter((each) => !each.path.includes('{'))) {
    await page.goto(server.baseUrl + path);
    await page.locator('#content h1').first().waitFor();
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      await page.evaluate(() => {
        document.documentElement.dir = 'rtl';
      });
      await assertNoSidewaysScroll(page, `${path} from right to left at ${width}`);
    }
  }
  const SRC = join(ROOT, 'web/office/src');
  const PHYSICAL =
    /(?:^|[\s;{])(?:(?:margin|padding|border|inset)-(?:left|right)|left|right|text-align:\s*(?:left|right)|float)\b\s*[:;]|inset:\s*\S+\s+\S+\s+\S+/;
  const named = readdirSync(SRC, { recursive: true })
    .filter((name) => name.endsWith('.css'))
    .flatMap((name) =>
      readFileSync(join(SRC, name), 'utf8')
        .split('\n')
        .filter((line) => PHYSICAL.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
  assert.deepEqual(named, []);
});

test('of tabs and filters one alone is the current one, whatever is chosen', async (t) => {
  const [member] = shop.staff;
  const [client] = await shop.owner.list('/clients');
  const page = await at(t, '/app/team');
  for (const path of [
    'team?view=requests',
    `team/${member.id}?tab=hours`,
    `team/${member.id}?tab=away`,
    'messages?status=failed',
    'messages?status=untold',
    'inbox?filter=mine',
    'bookings?show=past',
    'calendar?view=week',
    'services?show=off',
    `clients/${client.id}?tab=letters`,
    'settings/hours',
    'start?step=people',
  ]) {
    await page.goto(`${server.baseUrl}/app/${path}`);
    await page.locator('#content nav [aria-current]').first().waitFor();
    const current = await page.locator('#content nav').evaluateAll((navs) =>
      navs.filter((nav) => nav.checkVisibility()).map((nav) => [...nav.querySelectorAll('[aria-current]')].map((each) => each.innerText)),
    );
    for (const names of current) assert.ok(names.length <= 1, `${path}: ${names.join(' and ')}`);
  }
});
