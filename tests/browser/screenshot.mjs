// SPDX-License-Identifier: AGPL-3.0-or-later
// Makes docs/booking-page.png for the README: the booking page of a demo salon, the menu on a phone,
// the times on a phone, and the form on a desk, side by side.
//
//   node tests/browser/screenshot.mjs [FILE]

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ROOT } from '../lib/process.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { launch } from './lib/browser.mjs';
import { makeShop } from './lib/shop.mjs';

const file = process.argv[2] ?? join(ROOT, 'docs/booking-page.png');
const HEIGHT = 860;
const PHONE = { width: 390, height: HEIGHT };

const SERVICES = [
  ['Cut & finish', 'Hair', 'Consultation, wash, cut and blow-dry', 45, 4500],
  ['Root colour', 'Hair', 'Full root retouch with gloss', 90, 7800],
  ['Balayage', 'Hair', 'Hand-painted highlights and toner', 150, 14500],
  ['Beard trim', 'Hair', 'Shape, hot towel and oil', 20, 2000],
  ['Relaxing massage', 'Body', 'Light pressure with warm oil', 60, 5500],
  ['Deep tissue massage', 'Body', 'Firm pressure for back and legs', 60, 7000],
].map(([name, category, description, duration_min, price]) => ({
  ...{ name, category, description, duration_min, price },
}));

async function shoot(browser, url, viewport, prepare = async () => {}) {
  const page = await browser.newPage({ viewport, locale: 'en-GB', timezoneId: 'Europe/Paris' });
  await page.goto(url, { waitUntil: 'networkidle' });
  await prepare(page);
  const picture = await page.screenshot();
  await page.close();
  return picture.toString('base64');
}

/** The pictures in one row on a quiet ground. */
async function compose(browser, pictures) {
  const page = await browser.newPage({ viewport: { width: 2000, height: HEIGHT + 96 } });
  await page.setContent(
    `<body style="margin:0"><div style="display:inline-flex;gap:32px;padding:48px;background:#e9e4de">${pictures
      .map((each) => `<img style="border-radius:20px" src="data:image/png;base64,${each}">`)
      .join('')}</div>`,
  );
  await page
    .locator('img')
    .last()
    .evaluate((image) => image.decode());
  await page.locator('div').screenshot({ path: file });
}

const server = await startServer(null);
try {
  const shop = await makeShop(server, {
    staff: ['Amara', 'Bruno', 'Chloé', 'Dina'],
    services: SERVICES,
  });
  const browser = await launch();
  const [cut] = shop.services;
  const times = `${shop.url}?service=${cut.id}&day=${dateIn(1)}`;
  const pictures = [
    await shoot(browser, shop.url, PHONE),
    await shoot(browser, times, PHONE),
    await shoot(browser, times, { width: 1040, height: HEIGHT }, async (page) => {
      await page.locator('.slot').nth(5).click();
      await page.getByLabel('Name').fill('Mei Lin');
      await page.getByLabel('Email').fill('mei@client.example');
      await page.evaluate(() => document.activeElement.blur());
    }),
  ];
  mkdirSync(dirname(file), { recursive: true });
  await compose(browser, pictures);
  await browser.close();
  console.log(file);
} finally {
  await server.remove();
}
