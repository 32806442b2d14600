// SPDX-License-Identifier: AGPL-3.0-or-later
// Times are the business's wall clock wherever the client's device is, on both days of a change too.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { changeDays } from './lib/zones.mjs';
import { dateIn, everyDay } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { closeBrowser, openPage } from './lib/browser.mjs';
import { FACE, makeShop } from './lib/shop.mjs';

const ZONES = [
  ['Europe/Paris', 'America/Los_Angeles', 'Paris'],
  ['America/New_York', 'Asia/Tokyo', 'New York'],
  ['Asia/Kolkata', 'Europe/London', 'Kolkata'],
  ['Australia/Lord_Howe', 'Europe/Paris', 'Lord Howe'],
  ['America/Sao_Paulo', 'Pacific/Auckland', 'Sao Paulo'],
  ['Pacific/Auckland', 'Pacific/Honolulu', 'Auckland'],
];

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

/** A shop that is open day and night, so that a change of offset falls into its hours. */
const nightShop = (timezone) =>
  makeShop(server, {
    timezone,
    face: FACE,
    staff: ['Amara'],
    hours: everyDay('00:00', '24:00'),
    policy: { slot_step_min: 30, max_advance_days: 400 },
    services: [{ name: 'Cut', duration_min: 30, price: 4500 }],
  });

async function shownTimes(page, shop, date) {
  await page.goto(`${shop.url}?service=${shop.services[0].id}&day=${date}`);
  await page.locator('.slot').first().waitFor();
  return page.locator('.slot').evaluateAll((all) => all.map((each) => each.firstChild.textContent));
}

const offered = async (shop, date) =>
  (await shop.slots({ from: date })).map(({ local }) => local.slice(11, 16));

describe('a client elsewhere', () => {
  for (const [zone, device, city] of ZONES) {
    test(`sees the clock of ${city} from ${device}, and is told so`, async (t) => {
      const shop = await nightShop(zone);
      const page = await openPage(t, { zone: device });
      const date = dateIn(3);
      assert.deepEqual(await shownTimes(page, shop, date), await offered(shop, date));
      await page.getByText(`Times in ${city} time`).waitFor();
      await page.locator('.slot').nth(20).click();
      await page.getByLabel('Name').fill('Zoe Park');
      await page.getByLabel('Email').fill('zoe@client.example');
      await page.getByRole('button', { name: /^Book for/ }).click();
      await page.getByRole('heading', { name: 'You’re booked' }).waitFor();
      const slots = await offered(shop, date);
      assert.equal(slots.includes((await page.locator('.lead').innerText()).slice(-5)), false);
    });
  }

  test('is told nothing about zones when the device is in the same one', async (t) => {
    const shop = await nightShop('Europe/Paris');
    const page = await openPage(t, { zone: 'Europe/Paris' });
    await shownTimes(page, shop, dateIn(3));
    assert.equal(await page.locator('.zone').count(), 0);
  });
});

describe('on a day of change', () => {
  test('the skipped hour is not shown, and the repeated one is told apart', async (t) => {
    const shop = await nightShop('Europe/Paris');
    const page = await openPage(t, { zone: 'America/Los_Angeles' });
    const days = changeDays('Europe/Paris', dateIn(1), 380);
    assert.equal(days.length, 2);
    for (const { date, hours } of days) {
      const times = await shownTimes(page, shop, date);
      assert.deepEqual(times, await offered(shop, date), date);
      assert.equal(times.length, hours * 2, `${date} has ${hours} hours`);
      const apart = await page.locator('.slot small').allTextContents();
      const expected = hours === 25 ? ['UTC+2', 'UTC+2', 'UTC+1', 'UTC+1'] : [];
      assert.deepEqual(apart, expected, date);
    }
  });
});
