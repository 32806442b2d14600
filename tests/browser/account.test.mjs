// SPDX-License-Identifier: AGPL-3.0-or-later
// An owner's way: sign up, see what is missing, publish, sign out and in again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { PASSWORD, dateIn, everyDay } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { becomes, closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { bookVisit, makeShop } from './lib/shop.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const heading = (page, name) => page.getByRole('heading', { name, exact: true });
const button = (page, name) => page.getByRole('button', { name });

/** A call of the API with the session of the page. */
async function api(page, method, path, data) {
  const answer = await page.request.fetch(`${server.baseUrl}/api/v1${path}`, { method, data });
  assert.ok(answer.ok(), `${method} ${path}: ${await answer.text()}`);
  return answer.json();
}

async function signUp(page, email) {
  await page.goto(`${server.baseUrl}/signup`);
  await page.getByLabel('Business name').fill('Atelier Nord');
  await page.getByLabel('Your name').fill('Ana Berg');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Create workspace').click();
  await page.waitForURL('**/app');
}

describe('an owner', () => {
  test('signs up, completes the list, publishes, and the public page is there', async (t) => {
    const page = await openPage(t, { zone: 'Europe/Oslo' });
    await signUp(page, 'ana@owner.example');
    await page.getByText('Atelier Nord').filter({ visible: true }).first().waitFor();
    await page.getByText('Not published').waitFor();
    assert.equal((await api(page, 'GET', '/workspace')).timezone, 'Europe/Oslo');
    await heading(page, 'Let’s get you ready for your first booking').waitFor();

    await button(page, 'Publish booking page').click();
    await page.getByRole('alert').getByText('Not everything is ready yet.').waitFor();
    await focusIs(page, 'Publish booking page');

    await api(page, 'PATCH', '/workspace', { hours: everyDay('09:00', '18:00') });
    const member = await api(page, 'POST', '/staff', {
      ...{
        name: 'Ola',
        email: 'ola@staff.example',
        role: 'staff',
        permissions: [],
        bookable: true,
      },
    });
    await api(page, 'PUT', `/staff/${member.id}/hours`, { weekly: everyDay('09:00', '18:00') });
    await api(page, 'POST', '/services', {
      ...{ name: 'Cut', duration_min: 45, price: 45000, staff_ids: [member.id], materials: [] },
    });

    await page.reload();
    await page.getByText('Everything that a booking needs is in place.').waitFor();
    await button(page, 'Publish booking page').click();
    await page.getByText('Your booking page is live').waitFor();
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open the page' }).click();
    const booking = await opened;
    await heading(booking, 'Choose a service').waitFor();
    await booking.getByRole('link', { name: /Cut/ }).waitFor();
  });

  test('copies the public link', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t, { permissions: ['clipboard-read', 'clipboard-write'] });
    await signIn(page, shop);
    await button(page, 'Copy link').click();
    await page.getByText('Link copied', { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), shop.url);
  });

  test('sees what has just been booked, and who it is', async (t) => {
    const shop = await makeShop(server);
    await bookVisit(shop, { client: { name: 'Ravi Shah', email: 'ravi@client.example' } });
    const page = await openPage(t);
    await signIn(page, shop);
    const recent = page.getByRole('region', { name: 'Recent activity' });
    await becomes(() => recent.innerText(), /Booked: Ravi Shah/);
  });

  test('signs out, and the page behind the sign-in is closed', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t, { width: 1440, height: 900 });
    await signIn(page, shop);
    await button(page, 'Sign out').click();
    await page.waitForURL('**/login');
    await page.goto(`${server.baseUrl}/app`);
    await page.waitForURL('**/login');
  });
});

async function signIn(page, shop, password = shop.ownerPassword) {
  await page.goto(`${server.baseUrl}/login`);
  await page.getByLabel('Email').fill(shop.ownerEmail);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Sign in').click();
  if (password === shop.ownerPassword) await page.waitForURL('**/app');
}

describe('signing in', () => {
  test('with a wrong password says so, without saying which half was wrong', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t);
    await signIn(page, shop, 'not the password');
    await page.getByText('Email and password do not match.').waitFor();
    await focusIs(page, /do not match/);
    assert.equal(await page.getByLabel('Email').inputValue(), shop.ownerEmail);
  });

  test('shows the password to its owner on request', async (t) => {
    const page = await openPage(t);
    await page.goto(`${server.baseUrl}/login`);
    const field = page.getByLabel('Password', { exact: true });
    await field.fill('correct horse');
    await button(page, /^Show/).click();
    await becomes(() => field.getAttribute('type'), 'text');
  });
});

test('a member of staff signs in as invited, chooses a password, and sees the bookings', async (t) => {
  const shop = await makeShop(server);
  const [amara] = shop.staff;
  await bookVisit(shop, {
    staff_id: amara.id,
    client: { name: 'Ravi', email: 'r@client.example' },
  });
  const mail = await server.waitForMail((each) => each.to.includes(amara.email));
  const [, invited] = /Password:?\s+(\S+)/.exec(mail.text);

  const page = await openPage(t);
  await page.goto(`${server.baseUrl}/login`);
  await page.getByLabel('Email').fill(amara.email);
  await page.getByLabel('Password', { exact: true }).fill(invited);
  await button(page, 'Sign in').click();
  await heading(page, 'Choose your own password').waitFor();
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await button(page, 'Save and go on').click();
  await page.waitForURL('**/staff');
  await page.getByText('No visits today').waitFor();
  await page.goto(`${server.baseUrl}/staff?view=week&from=${dateIn(4)}`);
  await page.getByRole('listitem').filter({ hasText: 'Ravi' }).first().waitFor();
  assert.equal(await button(page, 'Publish booking page').count(), 0);
  assert.equal(await page.getByRole('alert').count(), 0);
});

describe('signing up', () => {
  test('puts each error beside its field', async (t) => {
    const page = await openPage(t);
    await page.goto(`${server.baseUrl}/signup`);
    await page.getByLabel('Email').fill('ana');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await button(page, 'Create workspace').click();
    await focusIs(page, 'business');
    for (const id of ['business', 'owner', 'email', 'password']) {
      await page.locator(`#${id}-error`).waitFor();
    }
  });

  test('with an address that has an account leads to the sign-in', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t);
    await page.goto(`${server.baseUrl}/signup`);
    await page.getByLabel('Business name').fill('Second');
    await page.getByLabel('Your name').fill('Ana');
    await page.getByLabel('Email').fill(shop.ownerEmail);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button(page, 'Create workspace').click();
    await page.getByText('Sign in instead.').waitFor();
    await focusIs(page, 'email');
  });
});
