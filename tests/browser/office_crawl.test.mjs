// SPDX-License-Identifier: AGPL-3.0-or-later
// No dead buttons, no link to nowhere: each control of each screen of the office is pressed once, on a page
// that is as it was before, and something comes of it. Nothing is changed meanwhile: what would write is
// refused, which is seen as its effect.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { closeBrowser } from './lib/browser.mjs';
import { controlsIn, press } from './lib/office_controls.mjs';
import { SCREENS, pathIn } from './lib/office_screens.mjs';
import { enterOffice, makeWorld } from './lib/office_world.mjs';

/* A slice, whose rest `make soak` takes. */
const MOST_CONTROLS = process.env.SOAK === '1' ? 60 : 12;
const SIZE = { width: 1280, height: 900 };
/* The frame stands round every screen; it is crawled with the first. */
const FRAME = { name: 'the frame', path: '/app/clients', root: 'body', besides: '#content' };

let world;
before(async () => {
  world = await makeWorld();
});
after(async () => {
  await closeBrowser();
  await world?.server.remove();
});

const links = new Map();

async function enter(t) {
  const page = await enterOffice(t, world.full, SIZE);
  page.errors = [];
  /* What prints shows nothing here: it leaves a mark instead. */
  await page.addInitScript(() => {
    window.print = () => document.body.toggleAttribute('data-printed');
  });
  page.on('console', (message) => {
    // Chromium writes one for each answer that is no success; ours are meant.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) page.errors.push(message.text());
  });
  await page.route('**/api/v1/**', (route) =>
    route.request().method() === 'GET'
      ? route.continue()
      : route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"status":503}' }),
  );
  return page;
}

async function crawl(t, screen) {
  const page = await enter(t);
  const url = world.server.baseUrl + pathIn(world.full, screen);
  const dead = [];
  const queue = await controlsIn(page, url, screen);
  for (const { href } of queue) if (href) links.set(href, screen.name);
  const known = new Set(queue.map((each) => each.key));
  for (let at = 0; at < queue.length && at < MOST_CONTROLS; at += 1) {
    const control = queue[at];
    const { effect, fresh } = await press(page, url, screen, control);
    if (!effect) dead.push(control.key);
    for (const more of fresh) {
      if (more.href) links.set(more.href, screen.name);
      if (known.has(more.key)) continue;
      known.add(more.key);
      queue.push({ ...more, opener: control });
    }
  }
  t.diagnostic(`${Math.min(queue.length, MOST_CONTROLS)} of ${queue.length} controls pressed`);
  assert.deepEqual(dead, [], `nothing comes of these on ${screen.name}`);
  assert.deepEqual(page.errors, [], screen.name);
}

describe('every control has an effect', () => {
  for (const screen of [FRAME, ...SCREENS]) {
    test(`on ${screen.name}`, (t) => crawl(t, { root: '#content', ...screen }));
  }
});

test('every link inside leads to something', async (t) => {
  const page = await enter(t);
  assert.ok(links.size > 10, 'the screens before have told their links');
  const wrong = [];
  for (const [href, from] of links) {
    const answer = await page.request.get(href, { maxRedirects: 5 });
    if (answer.status() !== 200) wrong.push(`${href} on ${from}: ${answer.status()}`);
    await answer.dispose();
  }
  assert.deepEqual(wrong, []);
});

test('signing out by the frame leads to the sign-in', async (t) => {
  const page = await enterOffice(t, world.empty, SIZE);
  await page.goto(`${world.server.baseUrl}/app`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login');
});
