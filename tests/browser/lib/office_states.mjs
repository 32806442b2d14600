// SPDX-License-Identifier: AGPL-3.0-or-later
// Brings a screen into one of the four states that each must have been designed for: with nothing in
// it, still loading, failed, and full. Nothing of the program is faked but that its answers are held
// back, or are those of a server in trouble.

import { pathIn } from './office_screens.mjs';
import { enterOffice } from './office_world.mjs';

export const STATES = ['empty', 'loading', 'error', 'full'];
const PATIENCE_MS = 20_000;
const API = '**/api/v1/**';

const trouble = {
  status: 503,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', status: 503, code: 'unavailable', detail: '', errors: [] }),
};

/** Nothing on the page says that it is still to come, and the page says where one is. */
function isSettled(wantsBusy) {
  const isSeen = (each) => each.checkVisibility();
  const isHere = [...document.querySelectorAll('#content h1, #content [role=alert]')].some(isSeen);
  const busy = [...document.querySelectorAll('[aria-busy=true]')].filter(isSeen);
  if (wantsBusy) return busy.some((each) => getComputedStyle(each).opacity === '1');
  return isHere && busy.length === 0;
}

const settled = (page, wantsBusy = false) =>
  page.waitForFunction(isSettled, wantsBusy, { timeout: PATIENCE_MS });

/** Refused queries are asked again after seconds: those seconds pass at once. */
async function untilFailed(page) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const isSo = await page.evaluate(isSettled, false).catch(() => false);
    if (isSo) return;
    if (Date.now() > end) throw new Error('the screen does not say that it failed');
    await page.clock.fastForward(2_000);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve))).catch(() => null);
  }
}

/** A page at the screen, in the state. */
export async function openIn(t, world, screen, state, options) {
  const business = state === 'empty' ? world.empty : world.full;
  const page = await enterOffice(t, business, options);
  const held = [];
  if (state === 'loading') await page.route(API, (route) => void held.push(route));
  if (state === 'error') {
    await page.clock.install();
    await page.route(API, (route) => route.fulfill(trouble));
  }
  await page.goto(world.server.baseUrl + pathIn(business, screen));
  if (state === 'error') await untilFailed(page);
  else if (state === 'loading') await untilLoading(page, held);
  else await settled(page);
  await page.evaluate(() => document.fonts.ready.then(() => true));
  if (state !== 'loading') await settled(page);
  return page;
}

/** A screen that reads nothing has nothing to wait for; one that does is seen to wait. */
async function untilLoading(page, held) {
  await page.waitForFunction(() => document.querySelector('#content')?.childElementCount > 0);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
  const reads = held.filter((route) => !/\/(events|conversations\/counts)/.test(route.request().url()));
  const isBusy = await page.evaluate(() => document.querySelector('[aria-busy=true]') !== null);
  if (reads.length > 0 && isBusy) await settled(page, true);
  else await page.locator('#content h1').first().waitFor();
}

/** The same page in another light and width. */
export async function turn(page, { width, scheme }) {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
