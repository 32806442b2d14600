// SPDX-License-Identifier: AGPL-3.0-or-later
// What holds for the pages whatever one does on them: readable without a script, narrow and wide,
// few and small files, a policy that bites, large targets.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { feedbackLink, pastVisit } from '../lib/feedback.mjs';
import { startServer } from '../lib/server.mjs';
import { assertNoSidewaysScroll, closeBrowser, openPage } from './lib/browser.mjs';
import { bookVisit, makeShop } from './lib/shop.mjs';

const KB = 1024;
const TARGET_PX = 44;

let server;
let shop;
let visit;
let letter; // the token of its links
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server);
  visit = await bookVisit(shop);
  letter = await feedbackLink(server, await pastVisit(shop));
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

/** Every page that needs no sign-in, with what shows that it is there. */
function pages() {
  const service = `service=${shop.services[0].id}`;
  const at = encodeURIComponent(visit.booking.local);
  const { origin } = new URL(server.baseUrl);
  return [
    ['landing', `${origin}/`, 'h1'],
    ['sign-up', `${origin}/signup`, 'form'],
    ['sign-in', `${origin}/login`, 'form'],
    ['services', shop.url, '.card'],
    ['times', `${shop.url}?${service}`, '.slot'],
    ['details', `${shop.url}?${service}&at=${at}`, 'form'],
    ['visit', visit.manage_url, '.ticket'],
    ['cancelling', `${visit.manage_url}?step=cancel`, '.danger'],
    ['moving', `${visit.manage_url}?step=time`, '.slot'],
    ['rating', `${origin}/rate/${letter}`, '.star'],
    ['unsubscribing', `${origin}/unsubscribe/${letter}`, '.btn'],
    ['missing', `${origin}/nowhere`, 'h1'],
  ];
}

describe('without JavaScript', () => {
  test('the booking page reads as a menu with prices, address and telephone', async (t) => {
    const page = await openPage(t, { javaScriptEnabled: false });
    await page.goto(shop.url);
    const text = await page.locator('body').innerText();
    for (const part of [
      'Maison Lune',
      '12 rue des Lilas',
      '+33 1 55 55 01 23',
      'Cut & finish',
      '45 min',
      '78',
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.equal(
      await page.getByRole('link', { name: /\+33/ }).getAttribute('href'),
      'tel:+33155550123',
    );
  });

  test('every other page has a heading and says what it needs', async (t) => {
    const page = await openPage(t, { javaScriptEnabled: false });
    const links = [`/rate/${letter}`, `/unsubscribe/${letter}`, new URL(visit.manage_url).pathname];
    for (const path of ['/', '/signup', '/login', ...links]) {
      await page.goto(server.baseUrl + path);
      assert.ok((await page.locator('h1').innerText()).length > 3, path);
    }
  });
});

describe('the frame', () => {
  for (const width of [320, 390, 768, 1440, 1920]) {
    test(`never scrolls sideways at ${width} px`, async (t) => {
      const page = await openPage(t, { width, height: 800 });
      for (const [name, url, sign] of pages()) {
        await page.goto(url);
        await page.locator(sign).first().waitFor();
        await assertNoSidewaysScroll(page, `${name} at ${width} px`);
      }
    });
  }

  test('holds at 320 px with names and words that are much too long', async (t) => {
    const long = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';
    const wordy = await makeShop(server, {
      name: long,
      staff: [long, `${long}2`],
      services: [{ name: long, description: long.repeat(3), duration_min: 45, price: 123456789 }],
    });
    const page = await openPage(t, { width: 320 });
    for (const query of ['', `?service=${wordy.services[0].id}`]) {
      await page.goto(wordy.url + query);
      await page.locator('.card, .slot').first().waitFor();
      await assertNoSidewaysScroll(page, `a long name${query}`);
    }
  });

  test('has no target under 44 px on a phone', async (t) => {
    const page = await openPage(t, { width: 390 });
    for (const [name, url, sign] of pages()) {
      await page.goto(url);
      await page.locator(sign).first().waitFor();
      const small = await page.evaluate((least) => {
        const controls = [...document.querySelectorAll('a, button, input, select, textarea')];
        return controls
          .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
          .filter(([, box]) => box.height > 0 && (box.height < least || box.width < least))
          .map(([html, box]) => `${html} ${box.width}×${box.height}`);
      }, TARGET_PX);
      assert.deepEqual(small, [], name);
    }
  });
});

describe('the first load of the booking page', () => {
  test('asks for two files of under 30 KB, 15 of them script', async (t) => {
    const page = await openPage(t);
    const inspector = await page.context().newCDPSession(page);
    await inspector.send('Network.enable');
    const files = new Map();
    inspector.on('Network.responseReceived', ({ requestId, response, type }) => {
      const body = Number(response.headers['content-length'] ?? response.headers['Content-Length']);
      files.set(requestId, { url: response.url, type, bytes: 0, body });
    });
    inspector.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const file = files.get(requestId);
      if (file) file.bytes = encodedDataLength;
    });
    await page.goto(shop.url, { waitUntil: 'networkidle' });
    const loaded = [...files.values()].filter(({ url }) => url.startsWith('http'));
    const sum = (some, part = 'bytes') => some.reduce((total, file) => total + file[part], 0);
    const scripts = loaded.filter(({ type }) => type === 'Script');
    assert.equal(scripts.length, 1);
    t.diagnostic(loaded.map(({ url, bytes }) => `${new URL(url).pathname} ${bytes}`).join(', '));
    assert.equal(loaded.length, 2, loaded.map(({ url }) => url).join(' '));
    const script = sum(scripts, 'body'); // the headers count in the whole
    assert.ok(script > 0 && script <= 15 * KB, `${script} bytes of script`);
    assert.ok(sum(loaded) <= 30 * KB, `${sum(loaded)} bytes`);
  });

  test('moves nothing when the script takes over', async (t) => {
    const page = await openPage(t);
    await page.addInitScript(() => {
      globalThis.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shifted += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      const links = ['rate', 'unsubscribe'].map((kind) => `${server.baseUrl}/${kind}/${letter}`);
      for (const url of [shop.url, visit.manage_url, ...links]) {
        await page.goto(url, { waitUntil: 'networkidle' });
        const shifted = await page.evaluate(() => globalThis.shifted);
        assert.ok(shifted <= 0.01, `${url} at ${width} px shifted by ${shifted}`);
      }
    }
  });

  test('puts the first services where the server had put them', async (t) => {
    const page = await openPage(t);
    const rows = () =>
      page
        .locator('.card')
        .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().top)));
    const plain = await openPage(t, { javaScriptEnabled: false });
    await plain.goto(shop.url);
    const before = await plain
      .locator('.card')
      .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().top)));
    await page.goto(shop.url, { waitUntil: 'networkidle' });
    const noscript = await plain
      .locator('main noscript')
      .evaluateAll((all) =>
        all.reduce((height, each) => height + each.getBoundingClientRect().height, 0),
      );
    assert.deepEqual(
      await rows(),
      before.map((top) => top - Math.round(noscript)),
    );
  });
});

describe('the policy of the pages', () => {
  test('lets no script in that is not theirs', async (t) => {
    const page = await openPage(t);
    for (const [name, url] of pages()) {
      await page.goto(url);
      const ran = await page.evaluate(() => {
        const script = document.createElement('script');
        try {
          script.textContent = 'globalThis.intruded = true';
        } catch {
          return false;
        }
        document.body.append(script);
        return globalThis.intruded === true;
      });
      assert.equal(ran, false, name);
    }
    page.complaints.length = 0; // they are about the intruder
  });

  test('is followed by the pages themselves, in each step', async (t) => {
    const page = await openPage(t);
    for (const [, url, sign] of pages()) {
      await page.goto(url);
      await page.locator(sign).first().waitFor();
    }
    assert.deepEqual(page.complaints, []);
  });
});
