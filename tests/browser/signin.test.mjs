// SPDX-License-Identifier: AGPL-3.0-or-later
// The ways to the inside: a forgotten password, a second step, an invitation, another workspace; and
// one's own account, where they are set up.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Client, expectStatus } from '../lib/client.mjs';
import { arrive, invitationTo, mailedPassword } from '../lib/members.mjs';
import { startServer } from '../lib/server.mjs';
import { totp } from '../lib/totp.mjs';
import { becomes, closeBrowser, focusIs, openPage, tabTo } from './lib/browser.mjs';
import { button, enter, fillIn, heading, letter, linkOf, signInOwner } from './lib/people.mjs';
import { bookVisit, makeShop } from './lib/shop.mjs';

const NEW = 'a brand new secret 9';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

describe('a forgotten password', () => {
  test('is set anew by the link of a letter, once', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t);
    await page.goto(`${server.baseUrl}/login`);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await heading(page, 'Set a new password').waitFor();
    await page.getByLabel('Email').fill(shop.ownerEmail);
    await button(page, 'Send the link').click();
    await heading(page, 'Look in your mail').waitFor();
    await focusIs(page, 'Look in your mail');

    const link = linkOf(await letter(server, shop.ownerEmail, /#reset=/));
    await page.goto(link);
    await heading(page, 'Choose a new password').waitFor();
    await page.getByLabel('New password', { exact: true }).fill('password1');
    await button(page, 'Save password').click();
    await page.locator('#password-error').waitFor();
    await page.getByLabel('New password', { exact: true }).fill(NEW);
    await button(page, 'Save password').click();
    await page.getByText('Your new password is saved.').waitFor();
    await fillIn(page, shop.ownerEmail, NEW);
    await page.waitForURL('**/app');

    await page.context().clearCookies();
    await page.goto(link);
    await page.getByLabel('New password', { exact: true }).fill('once more secret 3');
    await button(page, 'Save password').click();
    await page.getByText('This link has been used').waitFor();
    await button(page, 'Send me a new link').click();
    await heading(page, 'Set a new password').waitFor();
  });

  test('says the same whether the address has an account or not, and Back leads back', async (t) => {
    const page = await openPage(t);
    await page.goto(`${server.baseUrl}/login`);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('Email').fill('nobody@nowhere.example');
    await button(page, 'Send the link').click();
    await page.getByText('If nobody@nowhere.example has an account').waitFor();
    await button(page, 'Send it again').click();
    await page.getByText('Sent again.').waitFor();
    await page.goBack();
    await heading(page, 'Sign in').waitFor();
  });
});

describe('the second step', () => {
  /** Sets it up on the account page; the key and the recovery codes. */
  async function setUp(page, password) {
    await page.goto(`${server.baseUrl}/account`);
    await button(page, 'Set up').click();
    const panel = page.getByRole('region', { name: 'Two-step sign-in' });
    await panel.getByLabel('Your password', { exact: true }).fill(password);
    await button(page, 'Continue').click();
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
    const key = (await page.locator('.secret code').innerText()).replaceAll(' ', '');
    const link = await page.getByRole('link', { name: 'Open in my app' }).getAttribute('href');
    assert.ok(link.startsWith('otpauth://totp/') && link.includes(key), link);
    await page.getByLabel('Code that the app shows').fill('000000');
    await button(page, 'Switch on').click();
    await page.locator('#code-error').waitFor();
    await page.getByLabel('Code that the app shows').fill(totp(key));
    await button(page, 'Switch on').click();
    await heading(page, 'Keep these recovery codes').waitFor();
    await focusIs(page, 'Keep these recovery codes');
    const codes = await page.locator('.codes code').allInnerTexts();
    assert.equal(new Set(codes).size, 10);
    await button(page, 'I have kept them').click();
    await page.getByText('Two-step sign-in is on.').waitFor();
    return { key, codes };
  }

  test('is set up in the account, asked for at the sign-in, and replaced by a recovery code once', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t, { width: 1440, height: 900 });
    await signInOwner(page, server, shop);
    const { key, codes } = await setUp(page, shop.ownerPassword);
    await page.getByText('10 recovery codes are left.').waitFor();

    await button(page, 'Sign out').click();
    await page.waitForURL('**/login');
    await fillIn(page, shop.ownerEmail, shop.ownerPassword);
    await heading(page, 'Enter your code').waitFor();
    await focusIs(page, 'Enter your code');
    await page.getByLabel('Six-digit code').fill('000000');
    await button(page, 'Sign in').click();
    await page.locator('#code-error').waitFor();
    await focusIs(page, 'code');
    await page.getByLabel('Six-digit code').fill(totp(key, 1));
    await button(page, 'Sign in').click();
    await page.waitForURL('**/app');

    for (const works of [true, false]) {
      await button(page, 'Sign out').click();
      await page.waitForURL('**/login');
      await fillIn(page, shop.ownerEmail, shop.ownerPassword);
      await button(page, 'I do not have my phone').click();
      await page.getByLabel('Recovery code').fill(` ${codes[3]} `);
      await button(page, 'Sign in').click();
      if (works) await page.waitForURL('**/app');
      else await page.locator('#code-error').waitFor();
    }
  });

  test('is asked of the whole team by an owner who has it, and set up on the way in', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t);
    await signInOwner(page, server, shop);
    await page.goto(`${server.baseUrl}/app/settings/team-security`);
    await page.getByLabel('Two-step sign-in for the whole team').click();
    await page.getByText('Set up your own two-step sign-in first.').waitFor();
    await becomes(() => page.getByLabel('Two-step sign-in for the whole team').isChecked(), false);
    await page.getByRole('link', { name: 'Go to your account' }).click();
    await page.waitForURL('**/account');
    await setUp(page, shop.ownerPassword);
    await page.goto(`${server.baseUrl}/app/settings/team-security`);
    await page.getByLabel('Two-step sign-in for the whole team').click();
    const isRequired = async () => (await (await page.request.get(`${server.baseUrl}/api/v1/workspace`)).json()).require_two_factor;
    await becomes(isRequired, true);

    const [amara] = shop.staff;
    const invited = mailedPassword(await invitationTo(server, amara.email));
    const phone = await openPage(t);
    await enter(phone, server, amara.email, invited);
    await heading(phone, 'Choose your own password').waitFor();
    await phone.getByLabel('New password', { exact: true }).fill(NEW);
    await button(phone, 'Save and go on').click();
    await heading(phone, 'Protect your account').waitFor();
    await phone.goto(`${server.baseUrl}/staff`);
    await phone.waitForURL('**/login');
    await phone.getByLabel('Your password', { exact: true }).fill(NEW);
    await button(phone, 'Continue').click();
    const key = (await phone.locator('.secret code').innerText()).replaceAll(' ', '');
    await phone.getByLabel('Code that the app shows').fill(totp(key));
    await button(phone, 'Switch on').click();
    await button(phone, 'I have kept them').click();
    await phone.waitForURL('**/staff');
  });

  test('is switched off with password and code, and gives new recovery codes', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t, { width: 1440, height: 900 });
    await signInOwner(page, server, shop);
    const { key, codes } = await setUp(page, shop.ownerPassword);
    const panel = page.getByRole('region', { name: 'Two-step sign-in' });
    await button(page, 'New recovery codes').click();
    await panel.getByLabel('Current password', { exact: true }).fill(shop.ownerPassword);
    await panel.getByLabel('Code from your app').fill(totp(key, 1));
    await button(page, 'Make new codes').click();
    await heading(page, 'Keep these recovery codes').waitFor();
    const fresh = await page.locator('.codes code').allInnerTexts();
    assert.ok(fresh.every((code) => !codes.includes(code)));
    await button(page, 'I have kept them').click();

    await button(page, 'Switch off').click();
    await panel.getByLabel('Current password', { exact: true }).fill('not the password');
    await panel.getByLabel('Code from your app').fill(fresh[0]);
    await button(page, 'Switch off').click();
    await panel.locator('#own_password-error').waitFor();
    await panel.getByLabel('Current password', { exact: true }).fill(shop.ownerPassword);
    await button(page, 'Switch off').click();
    await page.getByText('Two-step sign-in is off.').waitFor();
  });
});

describe('an invitation', () => {
  test('lets in once: a second try says that it has been used', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    const invited = mailedPassword(await invitationTo(server, amara.email));
    const page = await openPage(t);
    await enter(page, server, amara.email, invited);
    await heading(page, 'Choose your own password').waitFor();

    await page.reload();
    await page.getByLabel('Password from your invitation', { exact: true }).waitFor();
    const stranger = await openPage(t);
    await enter(stranger, server, amara.email, invited);
    await stranger.getByText(/used/).waitFor();

    await page.getByLabel('Password from your invitation', { exact: true }).fill(invited);
    await page.getByLabel('New password', { exact: true }).fill(NEW);
    await button(page, 'Save and go on').click();
    await page.waitForURL('**/staff');
  });

  test('to who has an account is a link to join, and they can switch between both', async (t) => {
    const first = await makeShop(server);
    const second = await makeShop(server, { name: 'Studio Nord' });
    const invite = {
      ...{ name: 'Olive', email: first.ownerEmail, role: 'staff', permissions: [], bookable: false },
    };
    expectStatus(await second.owner.post('/staff', invite), 201);
    const link = linkOf(await letter(server, first.ownerEmail, /#join=/));
    const page = await openPage(t);
    await page.goto(link);
    await page.getByText('Sign in to join it.').waitFor();
    await fillIn(page, first.ownerEmail, first.ownerPassword);
    await heading(page, 'Join the team').waitFor();
    await button(page, 'Join').click();
    await page.waitForURL('**/staff');

    await page.goto(`${server.baseUrl}/account`);
    await button(page, 'Switch to Maison Lune').click();
    await page.waitForURL('**/app');
    await page.getByText('Maison Lune').first().waitFor();

    await page.goto(link);
    await button(page, 'Join').click();
    await page.getByText('This invitation has been used').waitFor();
    await page.getByRole('link', { name: 'Go to Maison Lune' }).click();
    await page.waitForURL('**/app');
  });

  test('opened by somebody else leads to the right account', async (t) => {
    const [first, second, other] = [
      await makeShop(server),
      await makeShop(server, { name: 'Studio Nord' }),
      await makeShop(server, { name: 'Third' }),
    ];
    const invite = {
      ...{ name: 'Olive', email: first.ownerEmail, role: 'staff', permissions: [], bookable: false },
    };
    expectStatus(await second.owner.post('/staff', invite), 201);
    const page = await openPage(t);
    await signInOwner(page, server, other);
    await page.goto(linkOf(await letter(server, first.ownerEmail, /#join=/)));
    await button(page, 'Join').click();
    await page.getByText('This invitation is for another account.').waitFor();
    await button(page, 'Use another account').click();
    await page.getByText('Sign in to join it.').waitFor();
    await fillIn(page, first.ownerEmail, first.ownerPassword);
    await button(page, 'Join').click();
    await page.waitForURL('**/staff');
  });
});

describe('the account', () => {
  test('shows where one is signed in, and ends it there', async (t) => {
    const shop = await makeShop(server);
    const elsewhere = new Client(server.baseUrl);
    const credentials = { email: shop.ownerEmail, password: shop.ownerPassword };
    const headers = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604' };
    expectStatus(await elsewhere.post('/session', credentials, { headers }), 200);
    const page = await openPage(t);
    await signInOwner(page, server, shop);
    await page.goto(`${server.baseUrl}/account`);
    await page.getByText('This device').waitFor();
    await button(page, 'End: Safari on iPhone').click();
    await page.getByText('Ended.').waitFor();
    await focusIs(page, 'Where you are signed in');
    assert.equal((await elsewhere.get('/session')).status, 401);
    await button(page, 'Sign out everywhere else').click();
    await page.getByText('You are signed out everywhere else.').waitFor();
    assert.equal((await shop.owner.get('/session')).status, 401);
    await button(page, 'Sign out everywhere').click();
    await page.waitForURL('**/login');
  });

  test('changes the password and says what is wrong beside the field', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t);
    await signInOwner(page, server, shop);
    await page.goto(`${server.baseUrl}/account`);
    await page.getByLabel('Current password', { exact: true }).fill('wrong');
    await page.getByLabel('New password', { exact: true }).fill(NEW);
    await button(page, 'Change password').click();
    await page.locator('#current_password-error').waitFor();
    await focusIs(page, 'current_password');
    await page.getByLabel('Current password', { exact: true }).fill(shop.ownerPassword);
    await button(page, 'Change password').click();
    await page.getByText('Your password is changed.').waitFor();
    assert.equal((await shop.owner.get('/session')).status, 401);
    await page.reload();
    await page.getByText('This device').waitFor();
  });

  test('is each member’s own, too', async (t) => {
    const shop = await makeShop(server);
    const member = await arrive(server, shop.staff[0]);
    const page = await openPage(t);
    await enter(page, server, member.email, member.password);
    await page.waitForURL('**/staff');
    await page.goto(`${server.baseUrl}/account`);
    await page.getByText('This device').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Team' }).count(), 0);
  });
});

test('signing in takes the keyboard alone', async (t) => {
  const shop = await makeShop(server);
  await bookVisit(shop);
  const page = await openPage(t, { width: 1440 });
  await page.goto(`${server.baseUrl}/login`);
  await tabTo(page, 'email');
  await page.keyboard.type(shop.ownerEmail);
  await page.keyboard.press('Tab');
  await page.keyboard.type(shop.ownerPassword);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/app');
  await tabTo(page, 'Team');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/app/team');
  await page.getByText('Amara').waitFor();
  await tabTo(page, 'Amara');
  await page.keyboard.press('Enter');
  await heading(page, 'Amara').waitFor();
  await focusIs(page, 'Amara');
});
