// SPDX-License-Identifier: AGPL-3.0-or-later
// The chosen time is kept for its client while they fill in the form.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { eventually } from '../lib/process.mjs';
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

const HOLDS = (url) => /\/api\/v1\/public\/[^/]+\/holds$/.test(url.pathname);
const heading = (page, name) => page.getByRole('heading', { name, exact: true });

/** A shop of one person, its first time of a day, and a page that shows the times of that day. */
async function times(t, on = server) {
  const shop = await makeShop(on, LONE);
  const [{ start }] = await shop.slots({ from: dateIn(3) });
  const page = await openPage(t);
  await page.goto(`${shop.url}?service=${shop.services[0].id}&day=${dateIn(3)}`);
  const first = page.locator('.slot').first();
  await first.waitFor();
  return { shop, start, page, first };
}

/** The page has heard that the time is its own: the server keeps it a little earlier. */
const untilHeld = (page) =>
  page.waitForFunction(() =>
    Object.entries(sessionStorage).some(
      ([name, text]) => name.startsWith('careops.hold.') && JSON.parse(text).token,
    ),
  );

async function fillAndBook(page) {
  await page.getByLabel('Name').fill('Mei Lin');
  await page.getByLabel('Email').fill('mei@client.example');
  await page.getByRole('button', { name: /^Book for/ }).click();
  await heading(page, 'You’re booked').waitFor();
}

const untilOffered = (shop, start, wanted) =>
  eventually(`${start} is ${wanted ? '' : 'not '}offered`, async () => {
    const slots = await shop.slots({ from: dateIn(3) });
    return slots.some((slot) => slot.start === start) === wanted;
  });

describe('a chosen time', () => {
  test('is kept from others, shown to its own client again, and given back', async (t) => {
    const { shop, start, page, first } = await times(t);
    const label = await first.textContent();
    await first.click();
    await untilOffered(shop, start, false);
    await untilHeld(page);
    await page.getByRole('link', { name: 'Times' }).click();
    await first.waitFor();
    assert.equal(await first.textContent(), label);
    await untilOffered(shop, start, true);
    await first.click();
    await untilOffered(shop, start, false);
    await fillAndBook(page);
    assert.equal((await bookingsOf(shop)).length, 1);
  });

  test('stays kept over a reload', async (t) => {
    const { shop, start, page, first } = await times(t);
    await first.click();
    await untilOffered(shop, start, false);
    await untilHeld(page);
    let asked = 0;
    page.on('request', (request) => {
      if (HOLDS(new URL(request.url()))) asked += 1;
    });
    await page.reload();
    await fillAndBook(page);
    assert.equal(asked, 0);
    assert.equal((await bookingsOf(shop)).length, 1);
  });

  test('that another client holds already is told at once, with the nearest', async (t) => {
    const { shop, start, page, first } = await times(t);
    const theirs = { service_ids: [shop.services[0].id], start };
    expectStatus(await shop.visitor.post(`/public/${shop.slug}/holds`, theirs), 201);
    await first.click();
    await page.getByText('That time was just taken.').waitFor();
    await focusIs(page, /That time was just taken/);
    assert.equal(await page.locator('.nearest button').count(), 3);
    await page.locator('.nearest button').first().click();
    await fillAndBook(page);
    const [booking] = await bookingsOf(shop);
    assert.notEqual(booking.start, start);
  });

  test('whose answer was lost is not in its own client’s way', async (t) => {
    const { shop, start, page, first } = await times(t);
    await page.route(HOLDS, async (route) => {
      await route.fetch();
      await route.abort().catch(() => {}); // the page may be through with it
    });
    await first.click();
    await untilOffered(shop, start, false);
    await page.unroute(HOLDS);
    await fillAndBook(page);
    assert.equal((await bookingsOf(shop))[0].start, start);
  });

  test('says calmly when its minutes are few and over, and is booked all the same', async (t) => {
    const brief = await startServer(t, { env: { CAREOPS_PICK_SECONDS: '3' } });
    const { shop, start, page, first } = await times(t, brief);
    await first.click();
    const note = page.getByRole('status').filter({ hasText: 'kept for you' });
    await note.filter({ hasText: 'for two more minutes at most.' }).waitFor();
    await note.filter({ hasText: 'no longer kept' }).waitFor();
    await fillAndBook(page);
    assert.equal((await bookingsOf(shop))[0].start, start);
  });
});
