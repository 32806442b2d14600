// SPDX-License-Identifier: AGPL-3.0-or-later
// Chromium as a visitor has it, watched: a page that breaks its Content-Security-Policy, throws, or
// scrolls sideways fails the test that opened it.
//
//   const page = await openPage(t, { width: 390, scheme: 'dark', zone: 'Asia/Tokyo' });
//   await page.goto(server.baseUrl + '/book/x');

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { chromium } from 'playwright-core';

import { freePort } from '../../lib/process.mjs';

const PATIENCE_MS = 10_000;
const SETTLE_MS = 1_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser = null;

export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, ...more],
  });
}

/** A Chromium that a program other than Playwright drives by its port. */
export async function launchOnPort(t) {
  const port = await freePort();
  const own = await launch([`--remote-debugging-port=${port}`]);
  t.after(() => own.close());
  return port;
}

/** One browser for a test file; it ends with the file's process. */
async function sharedBrowser() {
  browser ??= await launch();
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = null;
}

/**
 * A page in a context of its own, closed with the test `t`. `complaints` on it lists what went wrong
 * so far; it must be empty at the end.
 */
export async function openPage(
  t,
  { width = 390, height = 844, scheme = 'light', zone = 'Europe/Paris', ...context } = {},
) {
  const shared = await sharedBrowser();
  const own = await shared.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    timezoneId: zone,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...context,
  });
  const page = await own.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`threw ${error.message}`));
  page.on('console', (message) => {
    const isPolicy = /Content Security Policy|TrustedHTML|Trusted Type/.test(message.text());
    if (isPolicy) page.complaints.push(message.text());
  });
  t.after(async () => {
    await own.close();
    assert.deepEqual(page.complaints, []);
  });
  return page;
}

/** What the keyboard is on: its text, or its id for a control without one. */
export function focused(page) {
  return page.evaluate(async () => {
    const isNowhere = () => !document.activeElement || document.activeElement === document.body;
    // A page moves the focus a frame after it has drawn; where it does not, that is told in the end.
    const end = performance.now() + 1000;
    while (isNowhere() && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const element = document.activeElement;
    if (isNowhere()) return '(nothing)';
    return element.textContent.trim() || element.id || element.tagName;
  });
}

/**
 * What `read` finds comes to be `wanted`, whole, or to fit it where it is a pattern. What follows from
 * an action may come after it, so what is read once is often what was there before.
 */
export async function becomes(read, wanted) {
  const isPattern = wanted instanceof RegExp;
  const isSo = (found) => (isPattern ? wanted.test(found) : isDeepStrictEqual(found, wanted));
  const end = Date.now() + PATIENCE_MS;
  let found = await read();
  while (!isSo(found) && Date.now() < end) {
    await sleep(20);
    found = await read();
  }
  if (isPattern) assert.match(found, wanted);
  else assert.deepEqual(found, wanted);
}

/**
 * The focus comes to be on `wanted`: the text or id of an element, whole, or a pattern. It moves a
 * frame after the page has drawn, so what had it before may have it still.
 */
export const focusIs = (page, wanted) => becomes(() => focused(page), wanted);

/** In the page: by how much it is too wide, and what reaches beyond its end. */
function sidewaysScroll() {
  const { scrollWidth, clientWidth } = document.documentElement;
  const isBeyond = (each) => each.getBoundingClientRect().right > clientWidth + 0.5;
  const beyond = [...document.body.querySelectorAll('*')].filter(isBeyond).slice(0, 4);
  const names = beyond.map((each) => `${each.localName}.${each.getAttribute('class')}`);
  return { over: scrollWidth - clientWidth, names: names.join(', ') };
}

/**
 * Nothing reaches beyond the page's end. For a moment after the window has changed its size, lengths that
 * are measured by it (3vw) may still be those of the old one: the page has a second to fit.
 */
export async function assertNoSidewaysScroll(page, what) {
  const end = Date.now() + SETTLE_MS;
  let found = await page.evaluate(sidewaysScroll);
  while (found.over > 0 && Date.now() < end) {
    await sleep(20);
    found = await page.evaluate(sidewaysScroll);
  }
  assert.ok(found.over <= 0, `${what} is ${found.over} px too wide: ${found.names}`);
}

/** Presses Tab until the focus is on something whose text or id has `wanted` in it. */
export async function tabTo(page, wanted, limit = 60) {
  for (let presses = 0; presses < limit; presses += 1) {
    await page.keyboard.press('Tab');
    const on = await focused(page);
    if (on.includes(wanted)) return;
  }
  throw new Error(`${limit} presses of Tab did not reach "${wanted}"`);
}
