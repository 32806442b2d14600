// SPDX-License-Identifier: AGPL-3.0-or-later
// The booking page's main way: from the menu to a confirmed visit, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { eventually } from '../lib/process.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { becomes, closeBrowser, focusIs, openPage, tabTo } from './lib/browser.mjs';
import { LONE, bookVisit, bookingsOf, makeShop } from './lib/shop.mjs';

let server;
let shop;
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const heading = (page, name) => page.getByRole('heading', { name, exact: true });

describe('a client books', () => {
  test('in three taps and two fields, and the confirmation is in the mailbox', async (t) => {
    const page = await openPage(t);
    await page.goto(shop.url);
    await page.getByRole('link', { name: /Cut & finish/ }).click();
    await page.locator('.slot').first().click();
    await page.getByLabel('Name').fill('Mei Lin');
    await page.getByLabel('Email').fill('mei@client.example');
    await page.getByRole('button', { name: 'Book for €45' }).click();
    await heading(page, 'You’re booked').waitFor();

    const [booking] = await bookingsOf(shop);
    assert.equal(booking.client.email, 'mei@client.example');
    assert.equal(booking.status, 'confirmed');
    const mail = await server.waitForMail((each) => each.to.includes('mei@client.example'));
    assert.match(mail.subject, /confirmed/i);
  });

  test('by keyboard alone, and the focus is never lost', async (t) => {
    const page = await openPage(t, { width: 1440, height: 900 });
    await page.goto(shop.url);
    await tabTo(page, 'Root colour');
    await page.keyboard.press('Enter');
    await heading(page, 'Choose a time').waitFor();
    await focusIs(page, 'Choose a time');

    await page.locator('.slot').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/staff=/);
    const chosen = page.locator('.pill input:checked + span');
    await becomes(() => chosen.textContent(), 'Amara');

    await page.locator('.slot').first().waitFor();
    const slot = await page.locator('.slot').first().textContent();
    await tabTo(page, slot);
    await page.keyboard.press('Enter');
    await heading(page, 'Your details').waitFor();
    await focusIs(page, 'Your details');

    await tabTo(page, 'name');
    await page.keyboard.type('Noor Ali');
    await page.keyboard.press('Tab');
    await page.keyboard.type('noor@client.example');
    await page.keyboard.press('Enter');
    await heading(page, 'You’re booked').waitFor();
    await focusIs(page, 'You’re booked');
  });

  test('several services as one visit, for their sum', async (t) => {
    const page = await openPage(t);
    await page.goto(shop.url);
    await page.getByRole('link', { name: /Cut & finish/ }).click();
    await page.getByRole('link', { name: 'Add another service' }).click();
    await page.getByRole('link', { name: /Relaxing massage/ }).click();
    await page.locator('.slot').first().click();
    await page.getByLabel('Name').fill('Sam Cole');
    await page.getByLabel('Email').fill('sam@client.example');
    await page.getByRole('button', { name: 'Book for €100.50' }).click();
    await heading(page, 'You’re booked').waitFor();

    const booking = (await bookingsOf(shop)).find(({ client }) => client.name === 'Sam Cole');
    assert.equal(booking.service_ids.length, 2);
    assert.equal(booking.staff_id, shop.staff[0].id);
  });

  test('with a calendar file and a link to change it at the end', async (t) => {
    const page = await openPage(t);
    await page.goto(shop.url);
    await page.getByRole('link', { name: /Root colour/ }).click();
    await page.locator('.slot').first().click();
    await page.getByLabel('Name').fill('Ines Roy');
    await page.getByLabel('Email').fill('ines@client.example');
    await page.getByRole('button', { name: /^Book for/ }).click();
    const file = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Add to calendar' }).click();
    assert.equal((await file).suggestedFilename(), 'visit.ics');
    await page.getByRole('link', { name: 'Change or cancel' }).click();
    await heading(page, 'Your visit is booked').waitFor();
  });
});

describe('the flow', () => {
  test('keeps its step over a reload and goes back step by step', async (t) => {
    const page = await openPage(t);
    await page.goto(shop.url);
    await page.getByRole('link', { name: /Cut & finish/ }).click();
    await page.reload();
    await heading(page, 'Choose a time').waitFor();
    await page.locator('.slot').first().click();
    await page.getByLabel('Name').fill('Lena Vogt');
    await page.reload();
    await heading(page, 'Your details').waitFor();
    assert.equal(await page.getByLabel('Name').inputValue(), 'Lena Vogt');

    await page.goBack();
    await heading(page, 'Choose a time').waitFor();
    await focusIs(page, 'Choose a time');
    await page.goBack();
    await heading(page, 'Choose a service').waitFor();
    await page.goForward();
    await heading(page, 'Choose a time').waitFor();
  });

  test('shows the booking again after a reload, and books nothing by it', async (t) => {
    const page = await openPage(t);
    await page.goto(shop.url);
    await page.getByRole('link', { name: /Cut & finish/ }).click();
    await page.locator('.slot').first().click();
    await page.getByLabel('Name').fill('Tom Baker');
    await page.getByLabel('Email').fill('tom@client.example');
    await page.getByRole('button', { name: /^Book for/ }).click();
    await heading(page, 'You’re booked').waitFor();
    const before = (await bookingsOf(shop)).length;
    await page.reload();
    await heading(page, 'You’re booked').waitFor();
    assert.equal((await bookingsOf(shop)).length, before);
  });

  test('opens at the service, the person and the day of a link', async (t) => {
    const page = await openPage(t);
    const day = dateIn(6);
    const [, service] = shop.services;
    const [, bruno] = shop.staff;
    await page.goto(`${shop.url}?service=${service.id}&staff=${bruno.id}&day=${day}`);
    await page.locator('.slot').first().waitFor();
    assert.equal(await page.locator('.visit .name').first().innerText(), 'Root colour 1 h 30');
    assert.equal(await page.locator('.pill input:checked + span').textContent(), 'Bruno');
    const chosen = await page.locator('.day input:checked + span b').textContent();
    assert.equal(chosen, String(Number(day.slice(8))));
  });

  test('chooses anyone and the first day with space by itself', async (t) => {
    const closed = await makeShop(server, LONE);
    const closures = [{ from: dateIn(0), to: dateIn(19), reason: 'Holidays' }];
    await closed.owner.patch('/workspace', { closures });
    const page = await openPage(t, { zone: 'UTC' });
    await page.goto(`${closed.url}?service=${closed.services[0].id}`);
    await page.locator('.slot').first().waitFor();
    await page.waitForURL(new RegExp(`day=${dateIn(20)}`));
  });

  test('marks errors beside their fields and puts the focus on the first', async (t) => {
    const page = await openPage(t);
    await page.goto(`${shop.url}?service=${shop.services[0].id}`);
    await page.locator('.slot').first().click();
    await page.getByRole('button', { name: /^Book for/ }).click();
    await focusIs(page, 'name');
    assert.equal(await page.locator('#name-error').textContent(), 'Enter your name.');
    await page.locator('#email[aria-invalid=true]').waitFor();

    await page.getByLabel('Name').fill('Ravi');
    await page.locator('#name-error').waitFor({ state: 'detached' });
    await page.getByLabel('Email').fill('ravi@nowhere');
    await page.getByRole('button', { name: /^Book for/ }).click();
    await focusIs(page, 'email');
    await becomes(() => page.locator('#email-error').textContent(), /name@example\.com/);
  });

  test('leads to what has to be booked first', async (t) => {
    const [cut, colour] = shop.services;
    const page = await openPage(t);
    const why = 'Root colour needs "Cut & finish" at least 48 hours before it: book that first.';
    const gate = { kind: 'patch_test', service_id: cut.id, name: 'Cut & finish', ok: false, why };
    await page.route('**/bookings', (route) =>
      route.fulfill({
        ...{ status: 409, contentType: 'application/problem+json' },
        json: { status: 409, code: 'gate_unmet', detail: why, errors: [], gates: [gate] },
      }),
    );
    await page.goto(`${shop.url}?service=${colour.id}`);
    await page.locator('.slot').first().click();
    await page.getByLabel('Name').fill('Mei Lin');
    await page.getByLabel('Email').fill('mei@client.example');
    await page.getByRole('button', { name: /^Book for/ }).click();
    await focusIs(page, /book that first/);
    await assertAccessible(page, 'something comes first');
    await page.getByRole('link', { name: 'Book Cut & finish' }).click();
    await focusIs(page, 'Choose a time');
    await page.waitForURL(`**?service=${cut.id}`);
  });

  test('reads the free times again when the window comes back after a while', async (t) => {
    const lone = await makeShop(server, LONE);
    const page = await openPage(t);
    await page.clock.install();
    await page.goto(`${lone.url}?service=${lone.services[0].id}&day=${dateIn(3)}`);
    await page.locator('.slot').first().waitFor();
    const [first] = await page.locator('.slot').allTextContents();
    const [slot] = await lone.slots({ from: dateIn(3) });
    await lone.book({ start: slot.start });

    await page.clock.fastForward(60_000);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await eventually('the taken time has gone', async () => {
      const shown = await page.locator('.slot').allTextContents();
      return shown.length > 0 && !shown.includes(first);
    });
  });
});

describe('a booked visit', () => {
  test('takes its time off the page for the next client', async (t) => {
    const page = await openPage(t);
    const lone = await makeShop(server, LONE);
    const { booking } = await bookVisit(lone, { days: 4 });
    await page.goto(`${lone.url}?service=${lone.services[0].id}&day=${booking.local.slice(0, 10)}`);
    await page.locator('.slot').first().waitFor();
    const shown = await page.locator('.slot').allTextContents();
    assert.ok(!shown.includes(booking.local.slice(11, 16)), shown.join(' '));
  });
});
