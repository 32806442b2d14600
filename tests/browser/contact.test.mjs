// SPDX-License-Identifier: AGPL-3.0-or-later
// The page on which a visitor writes to a business: by keyboard, on a small phone, in the dark, and
// with everything that can go wrong on the way.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { makeForm } from '../lib/forms.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import {
  assertNoSidewaysScroll,
  becomes,
  closeBrowser,
  focusIs,
  openPage,
  tabTo,
} from './lib/browser.mjs';
import { makeShop } from './lib/shop.mjs';

let server;
let shop;
let url;
let form;
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server);
  url = `${server.baseUrl}/contact/${shop.slug}`;
  form = await makeForm(shop.owner, {
    ...{ name: 'Plan your wedding', kind: 'contact', public: true, fields: QUESTIONS },
    thanks: 'We love weddings.',
  });
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const QUESTIONS = [
  { key: 'name', label: 'Your name', type: 'text', required: true },
  { key: 'email', label: 'Your email', type: 'email', required: true },
  { key: 'day', label: 'When is the day?', type: 'date', required: false },
  { key: 'trial', label: 'I would like a trial before', type: 'consent', required: false },
  {
    ...{ key: 'trial_day', label: 'On which weekday?', type: 'choice', required: true },
    ...{ options: ['Friday', 'Saturday'], show_if: { key: 'trial', is: 'answered' } },
  },
];
/** Sooner than that after the page is opened nobody has written anything. */
const LEAST_MS = 4000;
const SENT = 'Your message is in';
const WORDS = 'Do you have time on Saturday?\nI would like <b>a cut</b>.';
const heading = (page, name) => page.getByRole('heading', { name, exact: true });
const send = (page) => page.getByRole('button', { name: 'Send message' });
const someone = () => `v${Math.random().toString(36).slice(2)}@client.example`;

async function openContact(t, options) {
  const page = await openPage(t, options);
  await page.goto(url);
  await send(page).waitFor();
  return page;
}

async function fill(page, email = someone()) {
  await page.getByLabel('Name').fill('Nadia Roux');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Message').fill(WORDS);
  return email;
}

/** The page as a server would give it that has put no data in. */
const withoutData = (page, address) =>
  page.route(address, async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(/<script type="application\/json"[^]*?<\/script>/, '');
    await route.fulfill({ response: answer, body: text });
  });

/** What the business has of an address: its messages, oldest first. */
async function messagesOf(email) {
  const client = (await shop.owner.list('/clients')).find((each) => each.email === email);
  const all = await shop.owner.list(`/conversations?client_id=${client.id}`);
  assert.equal(all.length, 1);
  return shop.owner.list(`/conversations/${all[0].id}/messages`);
}

describe('a visitor', () => {
  test('writes, by keyboard alone, and is told what happens next', async (t) => {
    const page = await openContact(t);
    const email = someone();
    await tabTo(page, 'name');
    await page.keyboard.type('Nadia Roux');
    await page.keyboard.press('Tab');
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('+33 6 12 34 56 78');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Do you have time on Saturday?');
    await page.keyboard.press('Tab');
    await focusIs(page, 'Send message');
    await page.keyboard.press('Enter');
    await focusIs(page, SENT);
    await page.getByText(`Maison Lune reads it and answers by email, to ${email}.`).waitFor();
    const [{ body, direction }] = await messagesOf(email);
    assert.deepEqual([body, direction], ['Do you have time on Saturday?', 'in']);

    await page.reload();
    await heading(page, SENT).waitFor();
    await page.getByRole('link', { name: 'Write another message' }).click();
    await focusIs(page, 'Write to us');
    assert.equal(await page.getByLabel('Message').inputValue(), '');
    await page.goBack();
    await page.getByRole('link', { name: 'See free times' }).click();
    await page.waitForURL(`**/book/${shop.slug}`);
  });

  test('is told what is missing or wrong, beside it', async (t) => {
    const page = await openContact(t);
    await page.getByLabel('Email').fill('nadia');
    await send(page).click();
    await focusIs(page, 'name');
    await page.getByText('Enter an address like name@example.com.').waitFor();
    await page.getByText('Write your message first.').waitFor();
    await assertAccessible(page, 'with errors');
    await page.getByLabel('Name').fill('Nadia');
    await page.getByLabel('Email').fill('nadia@-x.example');
    await page.getByLabel('Message').fill('Hello');
    await send(page).click();
    await focusIs(page, 'email');
    await page.getByText('Give an e-mail address').waitFor();
  });

  test('loses nothing that was typed to a broken line or a reload, and is heard once', async (t) => {
    const page = await openContact(t);
    const email = await fill(page);
    let cut = true;
    await page.route('**/contact', async (route) => {
      if (!cut) return route.continue();
      cut = false;
      await route.fetch(); // it arrives, and its answer does not
      return route.abort();
    });
    await send(page).click();
    await focusIs(page, /could not get through/);
    await assertAccessible(page, 'without network');
    await page.reload();
    await becomes(() => page.getByLabel('Message').inputValue(), WORDS);
    await send(page).dblclick();
    await focusIs(page, SENT);
    assert.equal((await messagesOf(email)).length, 1);
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    assert.doesNotMatch(kept, /Saturday/, 'what is sent is forgotten');
  });

  test('never meets the field that is there for programs', async (t) => {
    const page = await openContact(t);
    const email = await fill(page);
    await send(page).click();
    await focusIs(page, SENT);
    assert.equal((await messagesOf(email))[0].doubt, 'too_fast', 'the page says when it was opened');

    await page.goto(url);
    const trap = page.locator('input[name=website]');
    assert.equal(await trap.evaluate((input) => getComputedStyle(input.parentElement).clipPath), 'inset(50%)');
    for (let i = 0; i < 25; i += 1) {
      await page.keyboard.press('Tab');
      assert.notEqual(await page.evaluate(() => document.activeElement.id), 'website');
    }
    assert.equal(await page.getByRole('textbox').count(), 4, 'what a screen reader finds');
    await fill(page, email);
    await trap.evaluate((input) => {
      input.value = 'https://spam.example';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await send(page).click();
    await focusIs(page, SENT);
    assert.equal((await messagesOf(email)).at(-1).doubt, 'honeypot', 'kept, and marked');
  });
});

describe('the way there', () => {
  test('leads from the booking page, with and without a script, and from an empty menu', async (t) => {
    const page = await openPage(t);
    await page.goto(shop.url);
    await page.getByRole('link', { name: 'Write to us' }).click();
    await page.waitForURL(url);
    const plain = await openPage(t, { javaScriptEnabled: false });
    await plain.goto(shop.url);
    await plain.getByRole('link', { name: 'write to us', exact: true }).click();
    await plain.getByText(/please turn on JavaScript, or send an email to/).waitFor();
    await plain.getByRole('link', { name: 'hello@maison-lune.example' }).waitFor();
    const bare = await makeShop(server, { services: [], publish: false });
    assert.equal((await fetch(`${server.baseUrl}/contact/${bare.slug}`)).status, 404);
  });

  test('is told to search engines', async (t) => {
    const page = await openContact(t);
    assert.equal(await page.title(), 'Write to us · Maison Lune');
    const said = (selector, name) => page.locator(selector).getAttribute(name);
    assert.match(await said('meta[name=description]', 'content'), /Maison Lune/);
    assert.match(await said('link[rel=canonical]', 'href'), new RegExp(`/contact/${shop.slug}$`));
    assert.equal(await page.locator('meta[name=robots]').count(), 0);
  });
});

describe('a form that is open to all', () => {
  test('makes whoever fills it in a client with a conversation, once', async (t) => {
    const page = await openPage(t);
    const opened = Date.now();
    await page.goto(`${url}/${form.id}`);
    assert.equal(await page.title(), 'Plan your wedding · Maison Lune');
    await page.getByRole('button', { name: 'Send my answers' }).click();
    await focusIs(page, /^2 answers need another look/);
    await page.getByLabel('Your name').fill('Ada Pool');
    const email = someone();
    await page.getByLabel('Your email').fill(email);
    await page.getByLabel('I would like a trial before').check();
    await page.reload();
    await becomes(() => page.getByLabel('Your name').inputValue(), 'Ada Pool');
    await page.getByLabel('Saturday').check();
    await becomes(() => Date.now() - opened > LEAST_MS, true);
    await page.getByRole('button', { name: 'Send my answers' }).dblclick();
    await focusIs(page, 'Your answers are in');
    await page.getByText('We love weddings.').waitFor();
    await page.getByText(`answers by email, to ${email}`).waitFor();
    const messages = await messagesOf(email);
    assert.equal(messages.length, 1);
    assert.match(messages[0].body, /Saturday/);
    assert.equal(messages[0].doubtful, false, 'who took their time is no machine');
    await page.getByRole('link', { name: 'Fill it in again' }).click();
    await focusIs(page, 'Plan your wedding');
    assert.equal(await page.getByLabel('Your name').inputValue(), '');
  });

  for (const scheme of ['light', 'dark']) {
    test(`reads well in ${scheme}, and says when it does not load`, async (t) => {
      for (const width of [320, 390, 1440]) {
        const page = await openPage(t, { width, scheme });
        await page.goto(`${url}/${form.id}`);
        await page.getByLabel('I would like a trial before').check();
        await assertAccessible(page, 'the form');
        await assertNoSidewaysScroll(page, 'the form');
      }
      const page = await openPage(t, { scheme });
      await withoutData(page, `${url}/${form.id}`);
      await page.route('**/api/v1/public/*/forms/*', (route) => route.abort());
      await page.goto(`${url}/${form.id}`);
      await page.getByText('This page did not load.').waitFor();
      await assertAccessible(page, 'failed');
    });
  }

  test('that is switched off, or not open to all, has no page', async () => {
    const inner = await makeForm(shop.owner, { name: 'For clients', fields: QUESTIONS });
    assert.equal((await fetch(`${url}/${inner.id}`)).status, 404);
    assert.equal((await fetch(`${url}/x`)).status, 404);
  });
});

for (const scheme of ['light', 'dark']) {
  for (const width of [320, 390, 1440]) {
    test(`reads well ${width} px wide in ${scheme}`, async (t) => {
      const page = await openContact(t, { width, scheme });
      await assertAccessible(page, 'the form');
      await assertNoSidewaysScroll(page, 'the form');
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('a, button, input:not(#website), textarea')]
          .filter((element) => element.getBoundingClientRect().height < 44)
          .map((element) => element.outerHTML),
      );
      assert.deepEqual(small, [], 'targets');
      await fill(page);
      await send(page).click();
      await focusIs(page, SENT);
      await assertAccessible(page, 'the end');
      await assertNoSidewaysScroll(page, 'the end');
    });
  }
}

test('shows its loading and failed states', async (t) => {
  const page = await openPage(t);
  await withoutData(page, url);
  let broken = true;
  await page.route('**/api/v1/public/*/contact', (route) => (broken ? undefined : route.continue()));
  await page.goto(url);
  await page.getByText('Loading…').waitFor();
  await assertAccessible(page, 'loading');
  await page.unroute('**/api/v1/public/*/contact');
  await page.route('**/api/v1/public/*/contact', (route) => (broken ? route.abort() : route.continue()));
  await page.goto(url);
  await page.getByText('This page did not load.').waitFor();
  await assertAccessible(page, 'failed');
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await send(page).waitFor();
});
