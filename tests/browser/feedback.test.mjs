// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages behind the link of a letter after a visit: rating it, changing one's mind, and stopping
// such letters; and what the booking page then shows.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { feedbackLink, pastVisit, rated } from '../lib/feedback.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, closeBrowser, focusIs, openPage, tabTo } from './lib/browser.mjs';
import { packed } from './lib/payloads.mjs';
import { makeShop } from './lib/shop.mjs';

const WORDS = 'Antidisestablishmentarianism '.repeat(3) + 'ö'.repeat(90);
const TARGET_PX = 44;

let server;
let shop;
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const heading = (page, name) => page.getByRole('heading', { name, exact: true });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const radio = (page, name) => page.getByRole('radio', { name, exact: true });
const box = (page) => page.getByRole('checkbox');

async function link(options) {
  const visit = await pastVisit(shop, options);
  const token = await feedbackLink(server, visit);
  return { visit, token, rate: `/rate/${token}`, unsubscribe: `/unsubscribe/${token}` };
}

async function open(t, path, options) {
  const page = await openPage(t, options);
  await page.goto(server.baseUrl + path);
  return page;
}

const given = async ({ token }) =>
  expectStatus(await shop.visitor.get(`/public/rate/${token}`), 200).rating;

describe('rating a visit', () => {
  test('takes three taps, and can be changed', async (t) => {
    const one = await link();
    const page = await open(t, one.rate);
    await heading(page, 'How was your visit?').waitFor();
    const text = await page.locator('main').innerText();
    assert.ok(text.includes('Cut & finish with Amara'), text);
    assert.equal(await box(page).count(), 0, 'not asked before the stars');
    await radio(page, '5 of 5').check({ force: true });
    await box(page).check();
    await page.getByLabel(/say more/).fill('Lovely.\nTruly.');
    await button(page, 'Send my rating').click();
    await focusIs(page, 'Thank you for your rating');
    await page.getByText('It may be shown on the booking page').waitFor();
    await page.getByText(/You can change it until \w+ \d+ \w+/).waitFor();
    const { stars, comment, may_show: mayShow } = await given(one);
    assert.deepEqual([stars, comment, mayShow], [5, 'Lovely.\nTruly.', true]);

    await button(page, 'Change my rating').click();
    await focusIs(page, 'How was your visit?');
    assert.equal(await box(page).isChecked(), true);
    await radio(page, '2 of 5').check({ force: true });
    assert.equal(await box(page).count(), 0, 'low ones are not shown to anybody');
    await button(page, 'Send my rating').click();
    await page.getByText('Maison Lune has been told').waitFor();
    assert.deepEqual([(await given(one)).stars, (await given(one)).may_show], [2, false]);
    await page.reload();
    await heading(page, 'Your rating of this visit').waitFor();
    await page.getByRole('img', { name: '2 of 5 stars' }).waitFor();
  });

  test('works by keyboard alone', async (t) => {
    const one = await link();
    const page = await open(t, one.rate);
    await tabTo(page, 'stars');
    await page.keyboard.press('Space');
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight');
    assert.equal(await radio(page, '4 of 5').isChecked(), true);
    await page.keyboard.press('Tab');
    await focusIs(page, 'comment');
    await page.keyboard.type('Good.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await tabTo(page, 'Send my rating');
    await page.keyboard.press('Enter');
    await focusIs(page, 'Thank you for your rating');
    const { stars, comment, may_show: mayShow } = await given(one);
    assert.deepEqual([stars, comment, mayShow], [4, 'Good.', true]);
  });

  test('without stars it says what is missing, beside them', async (t) => {
    const page = await open(t, (await link()).rate);
    await button(page, 'Send my rating').click();
    await page.getByText('Choose from one to five stars.').waitFor();
    await focusIs(page, 'stars');
    await assertAccessible(page, 'stars missing');
    await radio(page, '3 of 5').check({ force: true });
    assert.equal(await page.getByText('Choose from one to five stars.').count(), 0);
  });

  test('keeps what was typed when the network fails', async (t) => {
    const one = await link();
    const page = await open(t, one.rate);
    await radio(page, '4 of 5').check({ force: true });
    await page.getByLabel(/say more/).fill('Kept.');
    await page.context().setOffline(true);
    await button(page, 'Send my rating').click();
    await page.getByRole('alert').getByText(/could not get through/).waitFor();
    await assertAccessible(page, 'not sent');
    await page.context().setOffline(false);
    await button(page, 'Send my rating').click();
    await heading(page, 'Thank you for your rating').waitFor();
    assert.equal((await given(one)).comment, 'Kept.');
  });

  test('is not offered before the visit has taken place', async (t) => {
    const page = await open(t, (await link({ complete: false })).rate);
    await heading(page, 'This visit cannot be rated').waitFor();
    assert.equal(await page.getByRole('radio').count(), 0);
    await assertAccessible(page, 'not yet');
  });
});

describe('stopping letters', () => {
  const subscribed = async ({ token }) =>
    expectStatus(await shop.visitor.get(`/public/unsubscribe/${token}`), 200).subscribed;

  test('takes one tap, and one more to have them again', async (t) => {
    const one = await link();
    const page = await open(t, one.unsubscribe);
    await heading(page, 'Stop these messages?').waitFor();
    assert.equal(await subscribed(one), true, 'opening the page stops nothing');
    await page.getByText('reminders of your own visits still come').waitFor();
    await tabTo(page, 'Stop these messages');
    await page.keyboard.press('Enter');
    await focusIs(page, 'These messages are stopped');
    assert.equal(await subscribed(one), false);
    await assertAccessible(page, 'stopped');
    await button(page, 'Send them again').click();
    await focusIs(page, 'You get these messages again');
    assert.equal(await subscribed(one), true);
  });

  test('works without JavaScript', async (t) => {
    const one = await link();
    const page = await open(t, one.unsubscribe, { javaScriptEnabled: false });
    await button(page, 'Stop these messages').click();
    await heading(page, 'These messages are stopped').waitFor();
    assert.equal(await subscribed(one), false);
  });
});

describe('both pages', () => {
  test('are accessible and fit, light and dark, narrow and wide', async (t) => {
    for (const scheme of ['light', 'dark']) {
      for (const width of [320, 390, 1440]) {
        const one = await link();
        const page = await openPage(t, { width, scheme });
        const check = async (what) => {
          await assertAccessible(page, `${what} ${scheme} ${width}`);
          await assertNoSidewaysScroll(page, `${what} ${width}`);
        };
        await page.goto(server.baseUrl + one.rate);
        await radio(page, '4 of 5').waitFor();
        await check('asked');
        const sizes = await page.locator('.star, .agree, .btn').evaluateAll((all) =>
          all.map((each) => each.getBoundingClientRect().height),
        );
        assert.ok(sizes.every((height) => height >= TARGET_PX), `${sizes}`);
        await radio(page, '4 of 5').check({ force: true });
        await page.getByLabel(/say more/).fill(WORDS);
        await check('filled in');
        await button(page, 'Send my rating').click();
        await heading(page, 'Thank you for your rating').waitFor();
        await check('thanked');
        await page.goto(server.baseUrl + one.unsubscribe);
        await button(page, 'Stop these messages').waitFor();
        await check('unsubscribe');
      }
    }
  });

  test('say so when they do not load, and load at the second try', async (t) => {
    for (const kind of ['rate', 'unsubscribe']) {
      const one = await link();
      const page = await openPage(t);
      const empty = async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replace(/<script type="application\/json".*?<\/script>/s, '');
        await route.fulfill({ response: answer, body });
      };
      await page.route(`**/${kind}/${one.token}`, (route) =>
        route.request().resourceType() === 'document' ? empty(route) : route.abort(),
      );
      await page.goto(server.baseUrl + one[kind]);
      await page.getByRole('alert').getByText('did not load').waitFor();
      await assertAccessible(page, `${kind} not loaded`);
      await page.unroute(`**/${kind}/${one.token}`);
      await button(page, 'Try again').click();
      await page.locator('main h2').waitFor();
    }
  });

  test('lead nowhere with a link that nobody was given', async (t) => {
    for (const kind of ['rate', 'unsubscribe']) {
      const page = await openPage(t);
      const answer = await page.goto(`${server.baseUrl}/${kind}/${'x'.repeat(43)}`);
      assert.equal(answer.status(), 404);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
  });
});

test('the booking page shows the average and three recent words, before its script and after', async (t) => {
  const own = await makeShop(server);
  await rated(server, own, { stars: 2, comment: 'Hidden, since low.' });
  for (const name of ['Ada', 'Bea', 'Cleo', 'Dora']) {
    const client = { name: `${name} Client`, email: `${name}@client.example` };
    await rated(server, own, { stars: 5, comment: `From ${name}. <b>${WORDS}</b>`, may_show: true }, { client });
  }
  const texts = [];
  for (const javaScriptEnabled of [false, true]) {
    const page = await openPage(t, { javaScriptEnabled, width: 320 });
    await page.goto(own.url);
    const said = page.locator('.said');
    await said.waitFor();
    texts.push((await said.innerText()).replace(/\s+/g, ' '));
    assert.equal(await said.locator('li').count(), 3);
    await assertNoSidewaysScroll(page, 'ratings');
    if (javaScriptEnabled) await assertAccessible(page, 'ratings');
  }
  assert.equal(texts[0], texts[1]);
  assert.match(texts[0], /^What clients say 4\.4 of 5 · 5 ratings ★★★★★ Dora From Dora\. <b>/);
  assert.doesNotMatch(texts[0], /Ada|Hidden|Client/);
});

test('what a client writes runs nowhere, and breaks no page', async (t) => {
  const own = await makeShop(server);
  const { path, token } = await rated(server, own, { stars: 5 });
  const page = await openPage(t);
  page.on('dialog', (dialog) => {
    page.complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  for (const comment of packed(1990)) {
    expectStatus(await own.visitor.post(path, { stars: 5, comment, may_show: true }), 200);
    for (const [url, words] of [
      [own.url, '.said li p'],
      [`${server.baseUrl}/rate/${token}`, '.words'],
    ]) {
      await page.goto(url);
      const shown = await page.locator(words).textContent();
      assert.equal(shown.replace(/\s+/g, ' '), comment.replace(/\s+/g, ' '));
      assert.equal(await page.evaluate(() => globalThis.intruded), undefined);
    }
  }
});
