// SPDX-License-Identifier: AGPL-3.0-or-later
// What an owner does all day, by the keyboard alone: nothing is clicked, nothing is out of reach, and the
// focus is never nowhere.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { becomes, closeBrowser } from './lib/browser.mjs';
import { WIDE, openOffice, writeTo } from './lib/office.mjs';
import { heading } from './lib/people.mjs';
import { makeShop } from './lib/shop.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const MOST_TABS = 40;

/** What a reader of the screen hears of what has the focus. */
const onIt = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return '(nothing)';
    return at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText.trim() ?? at.tagName;
  });
const focusIsOn = (page, wanted) => becomes(() => onIt(page), wanted);

/** Goes on by Tab to what is called so. */
async function tabOn(page, wanted) {
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    await page.keyboard.press('Tab');
    if (wanted.test(await onIt(page))) return;
  }
  throw new Error(`${MOST_TABS} presses of Tab did not reach ${wanted}: the focus is on ${await onIt(page)}`);
}

/** The keys of a place, once the office listens. */
async function goTo(page, letter, title) {
  await becomes(async () => {
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    return heading(page, title).isVisible();
  }, true);
  await focusIsOn(page, title);
}

const someVisit = async (shop) => {
  const [slot] = await shop.slots({ from: dateIn(3) });
  const client = { name: 'Cleo Lane', phone: '+33 6 12 34 56 78' };
  return expectStatus(
    await shop.owner.post('/bookings', { service_ids: [shop.services[0].id], start: slot.start, staff_id: shop.staff[0].id, client }), 201);
};

describe('by the keyboard alone', () => {
  test('a visit is written down, and moved', async (t) => {
    const shop = await makeShop(server);
    const { id, start } = await someVisit(shop);
    const page = await openOffice(t, server, shop, '/app', WIDE);
    await heading(page, 'Today').waitFor();
    await page.keyboard.press('n');
    await focusIsOn(page, 'Client');
    await page.keyboard.type('cleo');
    await page.getByRole('option', { name: /Cleo Lane/ }).waitFor();
    await page.keyboard.press('Enter');
    await tabOn(page, /^Service/);
    await page.keyboard.type('Root');
    await page.getByText('Root colour', { exact: true }).first().waitFor();
    await tabOn(page, /^Day$/);
    await tabOn(page, /^The day after$/);
    await page.keyboard.press('Enter');
    await page.getByRole('radio').first().waitFor();
    await tabOn(page, /^\d\d?:\d\d/);
    await page.keyboard.press('Space');
    await tabOn(page, /^Book/);
    await page.keyboard.press('Enter');
    await page.getByText('Visit booked').waitFor();
    await becomes(async () => (await shop.owner.list('/bookings')).length, 2);
    await becomes(async () => (await onIt(page)) !== '(nothing)', true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await becomes(async () => (await onIt(page)) !== '(nothing)', true);

    await goTo(page, 'b', 'Bookings');
    await page.getByRole('link', { name: 'Cleo Lane' }).nth(1).waitFor();
    for (let seen = ''; !seen.includes(id); ) {
      await tabOn(page, /^Cleo Lane$/);
      seen = await page.evaluate(() => document.activeElement.getAttribute('href'));
    }
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Cut & finish' }).waitFor();
    await tabOn(page, /^Move$/);
    await page.keyboard.press('Enter');
    await page.getByRole('radio').first().waitFor();
    await tabOn(page, /^\d\d?:\d\d/);
    await page.keyboard.press('ArrowRight');
    await tabOn(page, /^Move$/);
    await page.keyboard.press('Enter');
    await becomes(async () => (await shop.owner.get(`/bookings/${id}`)).body.start !== start, true);
    await becomes(async () => (await onIt(page)) !== '(nothing)', true);
  });

  test('a message is answered', async (t) => {
    const shop = await makeShop(server);
    await writeTo(shop, 'Cleo', 'Is Friday free?');
    const page = await openOffice(t, server, shop, '/app', WIDE);
    await heading(page, 'Today').waitFor();
    await goTo(page, 'i', 'Inbox');
    await page.locator('.talk').first().waitFor();
    await tabOn(page, /Is Friday free/);
    await page.keyboard.press('Enter');
    await focusIsOn(page, 'Cleo');
    await tabOn(page, /^Your answer to Cleo$/);
    await page.keyboard.type('Yes, at three.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.bubble').getByText('Yes, at three.').waitFor();
    await focusIsOn(page, 'Your answer to Cleo');
  });

  test('stock is received, and it can be taken back', async (t) => {
    const shop = await makeShop(server, { items: [{ name: 'Dye', unit: 'ml', on_hand: 100 }, { name: 'Oil', unit: 'ml', on_hand: 40 }] });
    const page = await openOffice(t, server, shop, '/app', WIDE);
    await heading(page, 'Today').waitFor();
    await goTo(page, 'v', 'Inventory');
    await page.getByRole('link', { name: 'Receive Dye' }).waitFor();
    await tabOn(page, /^Receive Dye$/);
    await page.keyboard.press('Enter');
    await focusIsOn(page, /^How much, in ml/);
    await page.keyboard.type('50');
    await page.keyboard.press('Enter');
    const onHand = async () => (await shop.owner.list('/items')).find(({ name }) => name === 'Dye').on_hand;
    await becomes(onHand, 150);
    await focusIsOn(page, 'Receive Dye');
    await page.keyboard.press('Control+z');
    await becomes(onHand, 100);
    await becomes(async () => (await onIt(page)) !== '(nothing)', true);
  });

  test('somebody is invited', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app', WIDE);
    await heading(page, 'Today').waitFor();
    await goTo(page, 'e', 'Team');
    await tabOn(page, /^Invite someone$/);
    await page.keyboard.press('Enter');
    await focusIsOn(page, /^Name/);
    await page.keyboard.type('Sara Lind');
    await tabOn(page, /^E-mail/);
    await page.keyboard.type('sara@team.example');
    await tabOn(page, /^Cut & finish/);
    await page.keyboard.press('Space');
    await tabOn(page, /^Send/);
    await page.keyboard.press('Enter');
    await heading(page, 'Sara Lind').waitFor();
    await focusIsOn(page, 'Sara Lind');
    const made = (await shop.owner.list('/staff')).find(({ name }) => name === 'Sara Lind');
    assert.deepEqual(made.service_ids, [shop.services[0].id]);
  });
});
