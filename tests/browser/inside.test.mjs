// SPDX-License-Identifier: AGPL-3.0-or-later
// The sign-in's further steps and the account in each of their states: axe finds nothing,
// in light and dark, on a phone and on a desk; nothing is too wide, and no target too small.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, closeBrowser, openPage } from './lib/browser.mjs';
import { button, enter, heading, signInOwner } from './lib/people.mjs';
import { bookVisit, makeShop } from './lib/shop.mjs';
import { answer } from './lib/team.mjs';

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';
const TARGET_PX = 44;

let server;
let shop;
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server, { staff: ['Amara', 'Bruno', LONG] });
  const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
  await bookVisit(shop, { staff_id: shop.staff[0].id, client });
  expectStatus(await shop.owner.post(`/staff/${shop.staff[0].id}/deactivate`), 200);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const TEAM_API = /\/api\/v1\/(staff|services|bookings|time-off-requests|tokens|two-factor|sessions)/;
const go = (page, path) => page.goto(server.baseUrl + path);

/** A session as it is for somebody who still has something to do before they are inside. */
const unfinished = (more) => ({
  user: { id: '1', name: 'Sara', email: 'sara@team.example', must_change_password: false },
  workspace: { id: '2', name: 'Maison Lune', slug: 'maison-lune' },
  role: 'staff',
  permissions: [],
  home: '/staff',
  ...more,
});
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
async function fakeSetUp(page) {
  await page.route('**/api/v1/two-factor/setup', (route) =>
    answer(route, 200, {
      secret: SECRET,
      otpauth_url: `otpauth://totp/CareOps:sara%40team.example?secret=${SECRET}&issuer=CareOps`,
    }),
  );
  await page.route('**/api/v1/two-factor/confirm', (route) =>
    answer(route, 200, {
      recovery_codes: Array.from({ length: 10 }, (_, index) => `a${index}kq-7m2x-p9wd-c4hn`),
    }),
  );
}

/** Each brings a page to states and calls `check` with the name of each. */
const TOURS = {
  'the steps of signing in': async (page, check) => {
    await go(page, '/login?step=forgot');
    await check('forgot');
    await button(page, 'Send the link').click();
    await check('forgot with an error');
    await page.getByLabel('Email').fill('sara@team.example');
    await button(page, 'Send the link').click();
    await heading(page, 'Look in your mail').waitFor();
    await check('sent');
    await go(page, '/login#reset=x');
    await page.reload(); // the same page, with something else behind the #
    await go(page, '/');
    await go(page, '/login#reset=x');
    await heading(page, 'Choose a new password').waitFor();
    await check('reset');
    await page.getByLabel('New password', { exact: true }).fill('a good new secret 5');
    await button(page, 'Save password').click();
    await page.getByText('This link has been used').waitFor();
    await check('reset with an old link');

    const say = (status, body) =>
      page.route('**/api/v1/session', (route) => answer(route, status, body));
    await say(401, { code: 'two_factor_required' });
    await enter(page, server, 'sara@team.example', 'x');
    await heading(page, 'Enter your code').waitFor();
    await check('code');
    await button(page, 'I do not have my phone').click();
    await button(page, 'Sign in').click();
    await check('recovery code with an error');
    await page.unrouteAll();

    const must = unfinished({});
    must.user.must_change_password = true;
    await say(200, must);
    await enter(page, server, 'sara@team.example', 'x');
    await heading(page, 'Choose your own password').waitFor();
    await check('own password');
    await page.unrouteAll();

    await fakeSetUp(page);
    await say(200, unfinished({ must_set_up_two_factor: true }));
    await enter(page, server, 'sara@team.example', 'x');
    await heading(page, 'Scan this with your authenticator app').waitFor();
    await check('second step to set up');
    await page.getByLabel('Code that the app shows').fill('123456');
    await button(page, 'Switch on').click();
    await heading(page, 'Keep these recovery codes').waitFor();
    await check('recovery codes');
    await page.unrouteAll();
    await signInOwner(page, server, shop);
    await go(page, '/login#join=x');
    await heading(page, 'Join the team').waitFor();
    await check('join');
    await button(page, 'Join').click();
    await page.getByRole('alert').waitFor();
    await check('join refused');
  },

  'the account': async (page, check) => {
    await signInOwner(page, server, shop);
    await go(page, '/account');
    await page.getByText('This device').waitFor();
    await check('account');
    await fakeSetUp(page);
    await button(page, 'Set up').click();
    await button(page, 'Continue').click();
    await button(page, 'Change password').click();
    await check('errors in two forms');
    await page.getByLabel('Your password', { exact: true }).fill('x');
    await button(page, 'Continue').click();
    await heading(page, 'Scan this with your authenticator app').waitFor();
    await check('setting up');
    await page.unrouteAll();
    await page.route('**/api/v1/two-factor', (route) =>
      answer(route, 200, { enabled: true, required: false, recovery_codes_left: 1 }),
    );
    await go(page, '/account');
    await button(page, 'Switch off').click();
    await check('switching off');
    await page.unrouteAll();
    await page.route(TEAM_API, (route) => route.abort());
    await go(page, '/account');
    await page.getByText('This part did not load.').first().waitFor();
    await check('account not loaded');
    await page.unrouteAll();
    await page.route(TEAM_API, () => {});
    await go(page, '/account');
    await page.getByText('Loading…').first().waitFor();
    await check('account loading');
  },
};

for (const scheme of ['light', 'dark']) {
  for (const width of [390, 1440]) {
    describe(`axe finds nothing in ${scheme} at ${width} px`, () => {
      for (const [name, tour] of Object.entries(TOURS)) {
        test(`on ${name}`, async (t) => {
          const page = await openPage(t, { scheme, width });
          await tour(page, (state) => assertAccessible(page, `${state}, ${scheme}, ${width} px`));
        });
      }
    });
  }
}

const smallTargets = (page) =>
  page.evaluate((least) => {
    /* A box to tick is as large as its label, which is tapped as well. */
    const sizeOf = (each) => (each.closest('label.check') ?? each).getBoundingClientRect();
    return [...document.querySelectorAll('a, button, input, select, textarea')]
      .map((each) => [each.outerHTML.slice(0, 80), sizeOf(each)])
      .filter(([, box]) => box.height > 0 && (box.height < least || box.width < least))
      .map(([html, box]) => `${html} ${box.width}×${box.height}`);
  }, TARGET_PX);

for (const width of [320, 390, 768, 1440, 1920]) {
  describe(`at ${width} px nothing is too wide or too small to tap`, () => {
    for (const [name, tour] of Object.entries(TOURS)) {
      test(`on ${name}`, async (t) => {
        const page = await openPage(t, { width, height: 800 });
        await tour(page, async (state) => {
          await assertNoSidewaysScroll(page, `${state} at ${width} px`);
          if (width <= 390) assert.deepEqual(await smallTargets(page), [], state);
        });
      });
    }
  });
}
