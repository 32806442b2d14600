// SPDX-License-Identifier: AGPL-3.0-or-later
// The client's own link: seeing, moving, cancelling and taking it back.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../lib/server.mjs';
import { closeBrowser, focusIs, openPage, tabTo } from './lib/browser.mjs';
import { LONE, bookVisit, bookingsOf, makeShop } from './lib/shop.mjs';

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
const button = (page, name) => page.getByRole('button', { name });
const link = (page, name) => page.getByRole('link', { name });

async function openVisit(t, options = {}, at = shop) {
  const visit = await bookVisit(at, options);
  const page = await openPage(t);
  await page.goto(visit.manage_url);
  return { page, visit };
}

const stateOf = async (visit, at = shop) =>
  (await bookingsOf(at)).find(({ id }) => id === visit.booking.id);

describe('a client with the link', () => {
  test('sees the visit, its people, its place and its price', async (t) => {
    const { page, visit } = await openVisit(t);
    await heading(page, 'Your visit is booked').waitFor();
    const ticket = await page.locator('.ticket').innerText();
    for (const part of [
      'Cut & finish',
      visit.booking.staff.name,
      '12 rue des Lilas, Paris',
      '€45',
    ]) {
      assert.ok(ticket.includes(part), `${part} in ${ticket}`);
    }
    assert.ok(ticket.includes(visit.booking.local.slice(11, 16)), ticket);
  });

  test('cancels in two taps with the policy in sight, and takes it back', async (t) => {
    const { page, visit } = await openVisit(t);
    await link(page, 'Cancel visit').click();
    await focusIs(page, 'Cancel this visit?');
    await page.getByText('until 24 hours before your visit').waitFor();
    await button(page, 'Cancel this visit').click();
    await heading(page, 'Your visit is cancelled').waitFor();
    await focusIs(page, 'Your visit is cancelled');
    assert.equal((await stateOf(visit)).status, 'cancelled');

    await button(page, /^Undo/).click();
    await heading(page, 'Your visit is booked again').waitFor();
    assert.equal((await stateOf(visit)).status, 'confirmed');
  });

  test('moves it in three taps', async (t) => {
    const { page, visit } = await openVisit(t);
    await link(page, 'Change the time').click();
    await page.locator('.slot').first().click();
    await button(page, 'Move my visit').click();
    await heading(page, 'Your visit is moved').waitFor();
    const now = await stateOf(visit);
    assert.notEqual(now.start, visit.booking.start);
    assert.equal(now.status, 'confirmed');
  });

  test('moves it by keyboard alone', async (t) => {
    const { page, visit } = await openVisit(t);
    await tabTo(page, 'Change the time');
    await page.keyboard.press('Enter');
    await page.locator('.slot').first().waitFor();
    await focusIs(page, 'Choose a new time');
    await tabTo(page, await page.locator('.slot').last().textContent());
    await page.keyboard.press('Enter');
    await focusIs(page, 'Move your visit?');
    await tabTo(page, 'Move my visit');
    await page.keyboard.press('Enter');
    await heading(page, 'Your visit is moved').waitFor();
    assert.notEqual((await stateOf(visit)).start, visit.booking.start);
  });

  test('is offered the nearest times when the new one was taken, and keeps the visit', async (t) => {
    const lone = await makeShop(server, LONE);
    const { page, visit } = await openVisit(t, { days: 4 }, lone);
    await link(page, 'Change the time').click();
    await page.locator('.slot').first().click();
    await heading(page, 'Move your visit?').waitFor();
    const start = new Date(new URL(page.url()).searchParams.get('at')).toISOString();
    assert.equal((await lone.book({ start: start.replace('.000Z', 'Z') })).status, 201);

    await button(page, 'Move my visit').click();
    await page.getByText('Your visit stays where it was.').waitFor();
    assert.equal((await stateOf(visit, lone)).start, visit.booking.start);
    await page.locator('.nearest button').first().click();
    await button(page, 'Move my visit').click();
    await heading(page, 'Your visit is moved').waitFor();
  });

  test('goes back step by step without changing anything', async (t) => {
    const { page, visit } = await openVisit(t);
    await link(page, 'Change the time').click();
    await page.locator('.slot').first().click();
    await heading(page, 'Move your visit?').waitFor();
    await page.goBack();
    await heading(page, 'Choose a new time').waitFor();
    await page.goBack();
    await heading(page, 'Your visit is booked').waitFor();
    assert.equal((await stateOf(visit)).version, visit.booking.version ?? 1);
  });

  test('sees that it is too late, and whom to call', async (t) => {
    const { page } = await openVisit(
      t,
      { days: 1 },
      await makeShop(server, { policy: { cancel_cutoff_min: 7200 } }),
    );
    await page.getByText('Too late to change this visit online.').waitFor();
    await link(page, /^Call/).waitFor();
    assert.equal(await link(page, 'Cancel visit').count(), 0);
  });

  test('cancels once for a double tap', async (t) => {
    const { page, visit } = await openVisit(t);
    await link(page, 'Cancel visit').click();
    await button(page, 'Cancel this visit').dblclick();
    await heading(page, 'Your visit is cancelled').waitFor();
    assert.equal((await stateOf(visit)).status, 'cancelled');
    assert.equal(await page.getByRole('alert').count(), 0);
  });
});

test('a link that nobody was given leads to a friendly page', async (t) => {
  const page = await openPage(t);
  const answer = await page.goto(`${server.baseUrl}/manage/${'x'.repeat(43)}`);
  assert.equal(answer.status(), 404);
  await page.getByRole('heading', { level: 1 }).waitFor();
});
