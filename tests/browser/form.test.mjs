// SPDX-License-Identifier: AGPL-3.0-or-later
// The page on which a client fills in a form: by keyboard, on a small phone, in the dark, and with
// everything that can go wrong on the way.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { askForm, makeForm } from '../lib/forms.mjs';
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
import { bookVisit, makeShop } from './lib/shop.mjs';

const FIELDS = [
  { key: 'name', label: 'Your name', type: 'text', required: true },
  { key: 'email', label: 'E-mail', type: 'email', required: false },
  { key: 'phone', label: 'Phone', type: 'phone', required: false },
  { key: 'born', label: 'Date of birth', type: 'date', required: false },
  { key: 'weight', label: 'Weight in kg', type: 'number', required: false, min: 20, max: 300 },
  { key: 'skin_part', label: 'Your skin', type: 'section', help: 'So that nothing irritates it.' },
  {
    ...{ key: 'skin', label: 'How is your skin?', type: 'choice', required: true },
    options: ['Dry', 'Oily', 'Mixed'],
  },
  {
    ...{ key: 'town', label: 'Where do you live?', type: 'choice', required: false },
    options: Array.from({ length: 12 }, (_, i) => `Town ${i + 1}`),
  },
  {
    ...{ key: 'had', label: 'Have you had any of these?', type: 'several', required: false },
    options: ['A peel', 'A laser treatment', 'Fillers'],
  },
  {
    ...{ key: 'laser', label: 'When was the laser treatment?', type: 'text', required: true },
    show_if: { key: 'had', is: 'includes', value: 'A laser treatment' },
  },
  {
    ...{ key: 'oily_part', label: 'About oily skin', type: 'section' },
    show_if: { key: 'skin', is: 'equals', value: 'Oily' },
  },
  { key: 'soap', label: 'Which soap do you use?', type: 'text', required: false },
  { key: 'last_part', label: 'To end with', type: 'section' },
  {
    ...{ key: 'root', label: 'Anything else we should know?', type: 'long_text', required: false },
    help: 'Allergies, medicines, what you did not like last time.',
  },
  {
    ...{ key: 'agree', type: 'consent', required: true },
    label: 'I agree that my answers are kept for my treatment.',
    help: 'You can take this back at any time.',
  },
  { key: 'signed', label: 'Signature', type: 'signature', required: true },
];

let server;
let shop;
let form;
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server);
  form = await makeForm(shop.owner, {
    ...{ name: 'Before your first visit', fields: FIELDS, thanks: 'See you soon.\nCome as you are.' },
  });
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const heading = (page, name) => page.getByRole('heading', { name, exact: true });
const send = (page) => page.getByRole('button', { name: 'Send my answers' });
const DONE = 'Thank you, your answers are in';

async function asked() {
  const client = {
    ...{ name: 'Cleo Lane', phone: '+33 1 2345' },
    email: `c${Math.random().toString(36).slice(2)}@client.example`,
  };
  const { booking } = await bookVisit(shop, { client });
  const { token } = await askForm(server, form, booking);
  return { booking, client, url: `${server.baseUrl}/form/${token}`, path: `/public/forms/${token}` };
}

async function openForm(t, options) {
  const world = await asked();
  const page = await openPage(t, options);
  await page.goto(world.url);
  await heading(page, 'Before your first visit').waitFor();
  return { page, ...world };
}

async function answersOf(booking) {
  const rows = await shop.owner.list(`/bookings/${booking.id}/forms`);
  return expectStatus(await shop.owner.get(`/submissions/${rows[0].id}`), 200).answers;
}

/** What must be answered, but the name, which is there already. */
async function fillLeast(page) {
  await page.getByLabel('Dry').check();
  await page.getByLabel(/^I agree/).check();
  await page.getByLabel('Your full name').fill('Cleo Lane');
}

/** A line across the pad, by the mouse. */
async function draw(page) {
  const pad = page.locator('.pad svg');
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  const at = (right, down) => [x + width * right, y + height * down];
  await page.mouse.move(...at(0.2, 0.6));
  await page.mouse.down();
  await page.mouse.move(...at(0.4, 0.2), { steps: 6 });
  await page.mouse.move(...at(0.7, 0.7), { steps: 6 });
  await page.mouse.up();
}

describe('a client with the link', () => {
  test('fills in every kind of question, and the business has it', async (t) => {
    const { page, booking, client } = await openForm(t);
    await page.getByText(/^For your visit on/).waitFor();
    assert.equal(await page.getByLabel('Your name').inputValue(), 'Cleo Lane');
    assert.equal(await page.getByLabel('E-mail').inputValue(), client.email);
    await page.getByLabel('Date of birth').fill('1990-02-28');
    await page.getByLabel('Weight in kg').fill('61,5');
    await page.getByLabel('Where do you live?').selectOption('Town 7');
    await page.getByLabel('Fillers').check();
    await page.getByLabel('A peel').check();
    await page.getByLabel('Anything else').fill('Nuts.\nAnd <b>latex</b>.');
    await fillLeast(page);
    await send(page).click();
    await focusIs(page, DONE);
    await page.getByText('See you soon.').waitFor();
    const { signed, ...rest } = await answersOf(booking);
    assert.equal(signed.name, 'Cleo Lane');
    assert.equal(signed.drawing, null);
    assert.deepEqual(rest, {
      ...{ name: 'Cleo Lane', email: client.email, phone: '+33 1 2345', born: '1990-02-28' },
      ...{ weight: 61.5, skin: 'Dry', town: 'Town 7', had: ['A peel', 'Fillers'] },
      ...{ root: 'Nuts.\nAnd <b>latex</b>.', agree: true },
    });
    await page.reload();
    await heading(page, DONE).waitFor();
    assert.doesNotMatch(await page.content(), /latex/, 'the link tells no answer');
  });

  test('is asked what concerns them, and no more', async (t) => {
    const { page, booking } = await openForm(t);
    await heading(page, 'Your skin').waitFor();
    assert.equal(await page.getByLabel('When was the laser treatment?').count(), 0);
    await page.getByLabel('A laser treatment').check();
    await page.getByLabel('Oily').check();
    await page.getByLabel('Which soap do you use?').fill('A soft one');
    await heading(page, 'About oily skin').waitFor();
    await page.getByLabel(/^I agree/).check();
    await page.getByLabel('Your full name').fill('Cleo Lane');
    await send(page).click();
    await focusIs(page, /^One answer needs another look/);
    await page.getByRole('link', { name: 'When was the laser treatment?' }).waitFor();
    await page.getByLabel('Dry').check();
    assert.equal(await heading(page, 'About oily skin').count(), 0);
    assert.equal(await page.getByLabel('Which soap do you use?').count(), 0);
    await page.getByLabel('A laser treatment').uncheck();
    await send(page).click();
    await focusIs(page, DONE);
    const { soap, laser } = await answersOf(booking);
    assert.deepEqual([soap, laser], [undefined, undefined], 'what is hidden is not sent');
  });

  test('draws a signature, clears it, and draws it again', async (t) => {
    const { page, booking } = await openForm(t);
    await fillLeast(page);
    await draw(page);
    assert.match(await page.locator('.pad path:last-child').getAttribute('d'), /^M\d+ \d+L/);
    await page.getByRole('button', { name: 'Clear drawing' }).click();
    await focusIs(page, 'q-signed');
    await page.getByText('Draw your signature here').waitFor();
    await draw(page);
    await draw(page);
    await send(page).click();
    await focusIs(page, DONE);
    const { name, drawing, signed_at: at, text } = (await answersOf(booking)).signed;
    assert.equal(name, 'Cleo Lane');
    assert.deepEqual([drawing.width, drawing.height, drawing.strokes.length], [600, 240, 2]);
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
    assert.match(text, /Signature/);
  });

  test('signs with a finger, without moving the page', async (t) => {
    const { page } = await openForm(t, { hasTouch: true });
    const pad = page.locator('.pad svg');
    await pad.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await pad.boundingBox();
    const finger = await page.context().newCDPSession(page);
    const touch = (type, right, down) =>
      finger.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: x + width * right, y: y + height * down }],
      });
    const before = await page.evaluate(() => scrollY);
    await touch('touchStart', 0.3, 0.2);
    for (let i = 1; i <= 6; i += 1) await touch('touchMove', 0.3 + i * 0.05, 0.2 + i * 0.1);
    await touch('touchEnd');
    await page.getByRole('button', { name: 'Clear drawing' }).waitFor();
    assert.equal(await page.evaluate(() => scrollY), before);
  });

  test('finds what was typed again on another device', async (t) => {
    const { page, url, booking } = await openForm(t);
    await page.getByLabel('Anything else').fill('Nuts');
    await page.getByLabel('E-mail').fill('cleo@');
    await page.getByLabel('Weight in kg').fill('61,5');
    await page.getByLabel('Fillers').check();
    await page.getByLabel('Your name').fill('');
    await draw(page);
    await page.getByText('Saved', { exact: true }).waitFor();
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    assert.doesNotMatch(kept, /Nuts/, 'what the server has, the device forgets');
    assert.equal(await answersOf(booking), null, 'a draft is no answer');

    const other = await openPage(t);
    await other.goto(url);
    await other.getByText('What you filled in before is still here.', { exact: false }).waitFor();
    assert.equal(await other.getByLabel('Anything else').inputValue(), 'Nuts');
    assert.equal(await other.getByLabel('E-mail').inputValue(), 'cleo@');
    assert.equal(await other.getByLabel('Weight in kg').inputValue(), '61.5');
    assert.equal(await other.getByLabel('Fillers').isChecked(), true);
    assert.equal(await other.getByLabel('Your name').inputValue(), '');
    await other.getByRole('button', { name: 'Clear drawing' }).waitFor();
    await other.getByLabel('Your name').fill('Cleo Lane');
    await other.getByLabel('E-mail').fill('');
    await fillLeast(other);
    await send(other).click();
    await focusIs(other, DONE);
    await page.getByLabel('Anything else').fill('Nuts and latex');
    await focusIs(page, DONE); // who goes on elsewhere is told
  });

  test('is told when it cannot be saved, and it is saved later', async (t) => {
    const { page } = await openForm(t);
    await page.context().setOffline(true);
    await page.getByLabel('Anything else').fill('Nuts');
    await page.getByText(/^Not saved yet/).waitFor();
    await assertAccessible(page, 'not saved');
    await page.context().setOffline(false);
    await page.getByText('Saved', { exact: true }).waitFor();
  });

  test('does it by keyboard alone', async (t) => {
    const { page, booking } = await openForm(t);
    await tabTo(page, 'q-skin');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'q-agree');
    await page.keyboard.press('Space');
    await tabTo(page, 'q-signed');
    await page.keyboard.type('Cleo Lane');
    await page.keyboard.press('Enter');
    await focusIs(page, DONE);
    assert.equal((await answersOf(booking)).skin, 'Oily');
  });

  test('is told what is missing or wrong, and led to it', async (t) => {
    const { page, booking } = await openForm(t);
    await page.getByLabel('Your name').fill(' ');
    await page.getByLabel('E-mail').fill('cleo');
    await page.getByLabel('Weight in kg').fill('5');
    await send(page).click();
    await focusIs(page, /^6 answers need another look/);
    const described = await page.getByLabel('E-mail').evaluate((input) =>
      input.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent),
    );
    assert.deepEqual(described, ['Please give an address like anna@example.com.']);
    await page.getByText('Please give 20 or more.').waitFor();
    await assertAccessible(page, 'with errors');
    await page.getByRole('link', { name: 'How is your skin?' }).click();
    await focusIs(page, 'q-skin');
    await page.getByLabel('Your name').fill('Cleo');
    assert.equal(await page.getByLabel('Your name').getAttribute('aria-invalid'), null);
    await page.getByLabel('E-mail').fill('');
    await page.getByLabel('Weight in kg').fill('');
    await fillLeast(page);
    await send(page).click();
    await focusIs(page, DONE);
    assert.deepEqual(Object.keys(await answersOf(booking)).sort(), ['agree', 'name', 'phone', 'signed', 'skin']);
  });

  test('hears from the server what the page let pass', async (t) => {
    const { page } = await openForm(t);
    await page.getByLabel('E-mail').fill('cleo@-x.example');
    await fillLeast(page);
    await send(page).click();
    await focusIs(page, /^One answer needs another look/);
    await page.getByText('Give an e-mail address, like anna@example.com.').waitFor();
  });

  test('loses nothing that was typed to a reload or a broken line', async (t) => {
    const { page, booking } = await openForm(t);
    await page.getByLabel('Anything else').fill('Nuts');
    await page.getByLabel('Fillers').check();
    await page.getByLabel('Your name').fill('Cleopatra');
    await page.reload();
    await becomes(() => page.getByLabel('Anything else').inputValue(), 'Nuts');
    assert.equal(await page.getByLabel('Fillers').isChecked(), true);
    await fillLeast(page);
    await page.context().setOffline(true);
    await send(page).click();
    await focusIs(page, /could not get through/);
    await page.context().setOffline(false);
    await send(page).click();
    await focusIs(page, DONE);
    const { name, had } = await answersOf(booking);
    assert.deepEqual([name, had], ['Cleopatra', ['Fillers']]);
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    assert.doesNotMatch(kept, /Nuts/, 'what is sent is forgotten');
  });

  test('sends once for a double tap', async (t) => {
    const { page } = await openForm(t);
    const posts = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await fillLeast(page);
    await send(page).dblclick();
    await heading(page, DONE).waitFor();
    assert.equal(posts.length, 1);
    assert.equal(await page.getByRole('alert').count(), 0);
  });

  test('who filled it in elsewhere meanwhile is thanked', async (t) => {
    const { page, path } = await openForm(t);
    await fillLeast(page);
    const answers = { name: 'Cleo', skin: 'Oily', agree: true, signed: 'Cleo Lane' };
    expectStatus(await shop.visitor.post(path, { answers }), 200);
    await send(page).click();
    await focusIs(page, DONE);
  });

  test('sees that the visit is off, and whom to call', async (t) => {
    const { page, booking } = await openForm(t);
    await fillLeast(page);
    expectStatus(await shop.owner.post(`/bookings/${booking.id}/cancel`), 200);
    await send(page).click();
    await focusIs(page, 'This form is no longer needed');
    await page.getByRole('link', { name: /^Call/ }).waitFor();
    await assertAccessible(page, 'closed');
  });
});

for (const scheme of ['light', 'dark']) {
  for (const width of [320, 390, 1440]) {
    test(`reads well ${width} px wide in ${scheme}`, async (t) => {
      const { page } = await openForm(t, { width, scheme });
      await assertAccessible(page, 'the form');
      await assertNoSidewaysScroll(page, 'the form');
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('main :is(.pad svg, input:not([type=radio], [type=checkbox]), select, textarea, button, .tick)')]
          .filter((element) => element.getBoundingClientRect().height < 44)
          .map((element) => element.outerHTML),
      );
      assert.deepEqual(small, [], 'targets');
      await fillLeast(page);
      await send(page).click();
      await focusIs(page, DONE);
      await assertAccessible(page, 'the end');
      await assertNoSidewaysScroll(page, 'the end');
    });
  }
}

test('shows its loading and failed states', async (t) => {
  const { url } = await asked();
  const page = await openPage(t);
  await page.route('**/form/*', async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(/<script type="application\/json"[^]*?<\/script>/, '');
    await route.fulfill({ response: answer, body: text });
  });
  let broken = true;
  await page.route('**/api/v1/public/forms/*', (route) => (broken ? route.abort() : route.continue()));
  await page.goto(url);
  await page.getByText('Your form did not load.').waitFor();
  await assertAccessible(page, 'failed');
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await heading(page, 'Before your first visit').waitFor();
});

test('a form on another site is a link there', async (t) => {
  const away = await makeForm(shop.owner, {
    ...{ name: 'Our old form', fields: undefined, external_url: 'https://forms.example/old' },
  });
  const { booking } = await bookVisit(shop, { days: 6 });
  const { token } = await askForm(server, away, booking);
  const page = await openPage(t);
  await page.goto(`${server.baseUrl}/form/${token}`);
  await heading(page, 'Our old form').waitFor();
  const link = page.getByRole('link', { name: 'Open the form' });
  assert.equal(await link.getAttribute('href'), 'https://forms.example/old');
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  await assertAccessible(page, 'elsewhere');
});

test('a link that nobody was given leads to a friendly page', async (t) => {
  const page = await openPage(t);
  const answer = await page.goto(`${server.baseUrl}/form/${'x'.repeat(43)}`);
  assert.equal(answer.status(), 404);
  await page.getByRole('heading', { level: 1 }).waitFor();
});
