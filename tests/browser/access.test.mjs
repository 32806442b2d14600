// SPDX-License-Identifier: AGPL-3.0-or-later
// axe finds nothing on any page, in any of its states, light and dark, on a phone and on a desk.

import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { PASSWORD, dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { closeBrowser, openPage } from './lib/browser.mjs';
import { LONE, bookVisit, makeShop } from './lib/shop.mjs';

let server;
let shop;
let lone;
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server);
  lone = await makeShop(server, LONE);
  await bookVisit(shop, { days: 1 });
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const VIEWS = ['light', 'dark'].flatMap((scheme) =>
  [390, 1440].map((width) => ({ scheme, width })),
);
const button = (page, name) => page.getByRole('button', { name });
const heading = (page, name) => page.getByRole('heading', { name });
const AVAILABILITY = /\/availability\?/;

/** Each visits a page and calls `check` with a name in each state that it brings it to. */
const TOURS = {
  'landing, sign-up and sign-in': async (page, check) => {
    await page.goto(`${server.baseUrl}/`);
    await check('landing');
    await page.goto(`${server.baseUrl}/signup`);
    await check('sign-up');
    await button(page, 'Create workspace').click();
    await check('sign-up with errors');
    await page.goto(`${server.baseUrl}/login`);
    await check('sign-in');
    await page.getByLabel('Email').fill('nobody@owner.example');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button(page, 'Sign in').click();
    await page.getByRole('alert').waitFor();
    await check('sign-in refused');
    await page.goto(`${server.baseUrl}/nowhere`);
    await check('missing page');
  },

  'the menu and the times': async (page, check) => {
    await page.goto(shop.url);
    await check('menu');
    await page.goto(`${shop.url}?service=${shop.services[0].id}&add=1`);
    await check('adding a service');
    await page.goto(`${shop.url}?service=${shop.services[0].id}`);
    await page.locator('.slot').first().waitFor();
    await check('times');

    await page.route(AVAILABILITY, () => {}); // no answer at all
    await page.goto(`${shop.url}?service=${shop.services[0].id}`);
    await page.locator('.skeleton').waitFor();
    await check('times loading');
    await page.unroute(AVAILABILITY);
    await page.route(AVAILABILITY, (route) => route.abort());
    await page.goto(`${shop.url}?service=${shop.services[0].id}`);
    await page.getByRole('alert').waitFor();
    await check('times not loaded');
    await page.unroute(AVAILABILITY);
  },

  'a full day and a bare menu': async (page, check) => {
    const shut = await makeShop(server, LONE);
    const closures = [{ from: dateIn(0), to: dateIn(100), reason: 'Holidays' }];
    expectStatus(await shut.owner.patch('/workspace', { closures }), 200);
    await page.goto(`${shut.url}?service=${shut.services[0].id}`);
    await page.getByText('There are no free times').waitFor();
    await check('no free times at all');
    await page.goto(`${shut.url}?service=${shut.services[0].id}&day=${dateIn(2)}`);
    await page.getByText('Closed on this day.').waitFor();
    await check('a closed day');
    const id = shut.services[0].id;
    expectStatus(await shut.owner.delete(`/services/${id}`), 204);
    await page.goto(shut.url);
    await page.getByText('Nothing can be booked online yet.').waitFor();
    await check('empty menu');
  },

  'the details and the end': async (page, check) => {
    const day = dateIn(5);
    // Not held, so that it can be taken.
    await page.route(/\/holds$/, (route) => route.abort());
    await page.goto(`${lone.url}?service=${lone.services[0].id}&day=${day}`);
    await page.locator('.slot').first().click();
    await check('details');
    await button(page, /^Book for/).click();
    await check('details with errors');
    await page.getByLabel('Name').fill('Mei Lin');
    await page.getByLabel('Email').fill('mei@client.example');
    const [slot] = await lone.slots({ from: day });
    expectStatus(await lone.book({ start: slot.start }), 201);
    await button(page, /^Book for/).click();
    await page.locator('.nearest').waitFor();
    await check('details with the time taken');
    await page.locator('.nearest button').first().click();
    await check('another time chosen');
    await page.context().setOffline(true);
    await button(page, /^Book for/).click();
    await button(page, 'Try again').waitFor();
    await check('details without network');
    await page.context().setOffline(false);
    await button(page, 'Try again').click();
    await heading(page, 'You’re booked').waitFor();
    await check('booked');
  },

  'the client’s own visit': async (page, check) => {
    const visit = await bookVisit(shop, { days: 8, notes: 'No perfume, please.' });
    await page.goto(visit.manage_url);
    await heading(page, 'Your visit is booked').waitFor();
    await check('visit');
    await page.goto(`${visit.manage_url}?step=time&day=${dateIn(9)}`);
    await page.locator('.slot').first().waitFor();
    await check('moving');
    await page.locator('.slot').last().click();
    await check('confirming the move');
    await button(page, 'Move my visit').click();
    await heading(page, 'Your visit is moved').waitFor();
    await check('moved');
    await page.getByRole('link', { name: 'Cancel visit' }).click();
    await check('cancelling');
    await button(page, 'Cancel this visit').click();
    await heading(page, 'Your visit is cancelled').waitFor();
    await check('cancelled');
  },

};

for (const { scheme, width } of VIEWS) {
  describe(`axe finds nothing in ${scheme} at ${width} px`, () => {
    for (const [name, tour] of Object.entries(TOURS)) {
      test(`on ${name}`, async (t) => {
        const page = await openPage(t, { scheme, width, zone: 'America/New_York' });
        await tour(page, (state) => assertAccessible(page, `${state}, ${scheme}, ${width} px`));
      });
    }
  });
}

describe('a business’s colour', () => {
  for (const color of ['#ffee00', '#000000', '#ffffff', '#00c2ff', '#ff3b6b', '#2f7d32']) {
    test(`${color} is readable in light and dark`, async (t) => {
      expectStatus(await lone.owner.patch('/workspace', { accent_color: color }), 200);
      for (const scheme of ['light', 'dark']) {
        const page = await openPage(t, { scheme });
        await page.goto(`${lone.url}?service=${lone.services[0].id}`);
        await page.locator('.slot').first().waitFor();
        await assertAccessible(page, `${color} in ${scheme}`);
      }
    });
  }
});
