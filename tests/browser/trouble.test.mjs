// SPDX-License-Identifier: AGPL-3.0-or-later
// What a client sees when something goes wrong: nothing typed is lost, and nothing is booked twice.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { LONE, bookingsOf, makeShop } from './lib/shop.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const POST = (url) => /\/api\/v1\/public\/[^/]+\/bookings$/.test(url.pathname);
const heading = (page, name) => page.getByRole('heading', { name, exact: true });

const HOLD = (url) => /\/api\/v1\/public\/[^/]+\/holds$/.test(url.pathname);

/**
 * A shop of one person, and a page with the first time chosen and the form filled; `kept` false: the
 * time is not held for it.
 */
async function filledForm(t, { kept = true } = {}) {
  const shop = await makeShop(server, LONE);
  const page = await openPage(t);
  if (!kept) await page.route(HOLD, (route) => route.abort());
  await page.goto(`${shop.url}?service=${shop.services[0].id}&day=${dateIn(3)}`);
  await page.locator('.slot').first().click();
  await page.getByLabel('Name').fill('Mei Lin');
  await page.getByLabel('Email').fill('mei@client.example');
  await page.getByLabel('Anything we should know?').fill('No perfume, please.');
  return { shop, page, submit: page.getByRole('button', { name: /^Book for/ }) };
}

describe('a time taken meanwhile', () => {
  test('leaves the form as it was and offers the three nearest times one tap away', async (t) => {
    const { shop, page, submit } = await filledForm(t, { kept: false });
    const [slot] = await shop.slots({ from: dateIn(3) });
    await shop.book({ start: slot.start });

    await submit.click();
    await page.getByText('That time was just taken.').waitFor();
    assert.equal(await page.locator('.nearest button').count(), 3);
    await focusIs(page, /That time was just taken/);
    assert.equal(
      await page.getByLabel('Anything we should know?').inputValue(),
      'No perfume, please.',
    );

    await page.locator('.nearest button').first().click();
    await focusIs(page, /^Book for/);
    await submit.click();
    await heading(page, 'You’re booked').waitFor();
    assert.equal((await bookingsOf(shop)).length, 2);
  });

  test('is chosen again over a reload without a stale answer', async (t) => {
    const { shop, page, submit } = await filledForm(t, { kept: false });
    const [slot] = await shop.slots({ from: dateIn(3) });
    const { body } = await shop.book({ start: slot.start });
    await submit.click();
    await page.getByText('That time was just taken.').waitFor();
    await shop.owner.post(`/bookings/${body.booking.id}/cancel`);
    await page.reload();
    await submit.click();
    await heading(page, 'You’re booked').waitFor();
  });
});

describe('a shaky hand or network', () => {
  test('books once for a double tap', async (t) => {
    const { shop, page, submit } = await filledForm(t);
    await submit.dblclick();
    await heading(page, 'You’re booked').waitFor();
    assert.equal((await bookingsOf(shop)).length, 1);
  });

  test('books once when the answer is lost and the client tries again', async (t) => {
    const { shop, page, submit } = await filledForm(t);
    await page.route(POST, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await submit.click();
    await page.getByText('Trying again books only once.').waitFor();
    assert.equal((await bookingsOf(shop)).length, 1, 'the server has booked');

    await page.unroute(POST);
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'You’re booked').waitFor();
    assert.equal((await bookingsOf(shop)).length, 1);
  });

  test('books once when the answer is lost and the page is reloaded before the next try', async (t) => {
    const { shop, page, submit } = await filledForm(t);
    await page.route(POST, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await submit.click();
    await page.getByText('Trying again books only once.').waitFor();
    await page.unroute(POST);
    await page.reload();
    await submit.click();
    await heading(page, 'You’re booked').waitFor();
    assert.equal((await bookingsOf(shop)).length, 1);
  });

  test('keeps everything while there is no network, and books when it is back', async (t) => {
    const { page, submit } = await filledForm(t);
    await page.context().setOffline(true);
    await submit.click();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    assert.equal(await page.getByLabel('Name').inputValue(), 'Mei Lin');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'You’re booked').waitFor();
  });

  test('gets the free times by trying again after they did not load', async (t) => {
    const shop = await makeShop(server, LONE);
    const page = await openPage(t);
    await page.route(/availability/, (route) => route.abort());
    await page.goto(`${shop.url}?service=${shop.services[0].id}`);
    await page.getByText('The free times did not load.').waitFor();
    await page.unroute(/availability/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.slot').first().waitFor();
  });
});

describe('hostile words', () => {
  test('in names and descriptions are shown as text and run nowhere', async (t) => {
    const evil = '</script><img src=x onerror=alert(1)>';
    const shop = await makeShop(server, {
      name: `Salon ${evil}`,
      staff: [`Amara ${evil}`],
      services: [
        { name: `Cut ${evil}`, description: evil, category: evil, duration_min: 45, price: 1 },
      ],
    });
    const page = await openPage(t);
    page.on('dialog', (dialog) => page.complaints.push(`a dialog: ${dialog.message()}`));
    await page.goto(shop.url);
    await page.getByRole('link', { name: /Cut <\/script>/ }).click();
    await page.locator('.slot').first().waitFor();
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.locator('h1').textContent(), `Salon ${evil}`);
  });
});
