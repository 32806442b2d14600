// SPDX-License-Identifier: AGPL-3.0-or-later
// Every screen of the office in each of its four states: accessible, and nothing too wide. Light and dark,
// phone and desk take turns; `make matrix` looks at all of them together and takes the pictures.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, closeBrowser } from './lib/browser.mjs';
import { SCREENS } from './lib/office_screens.mjs';
import { STATES, openIn } from './lib/office_states.mjs';
import { makeWorld } from './lib/office_world.mjs';

const TURNS = [
  { width: 390, height: 844, scheme: 'light' },
  { width: 1440, height: 900, scheme: 'dark' },
  { width: 390, height: 844, scheme: 'dark' },
  { width: 1440, height: 900, scheme: 'light' },
];

let world;
before(async () => {
  world = await makeWorld();
});
after(async () => {
  await closeBrowser();
  await world?.server.remove();
});

describe('every state of the office', () => {
  for (const [row, screen] of SCREENS.entries()) {
    test(`${screen.name} is accessible and fits: ${STATES.join(', ')}`, async (t) => {
      for (const [column, state] of STATES.entries()) {
        const look = TURNS[(row + column) % TURNS.length];
        const what = `${screen.name}, ${state}, ${look.scheme} at ${look.width}`;
        const page = await openIn(t, world, screen, state, look).catch((error) => {
          throw new Error(`${what}: ${error.message}`);
        });
        if (screen.heading && state === 'full') {
          assert.equal(await page.locator('#content h1').first().innerText(), screen.heading, what);
        }
        await assertNoSidewaysScroll(page, what);
        await assertAccessible(page, what);
        await page.context().close();
      }
    });
  }
});
