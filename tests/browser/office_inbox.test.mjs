// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's shell and its inbox: reading, answering, two people at once, what is doubtful.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { arrive } from '../lib/members.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { WIDE, openOffice, signInMember, writeTo } from './lib/office.mjs';
import { button, heading } from './lib/people.mjs';
import { makeShop } from './lib/shop.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const conversationWith = async (shop, name) => {
  const all = await shop.owner.list('/conversations');
  return all.find((each) => each.client.name === name);
};
const row = (page, name) => page.locator('.talk').filter({ hasText: name });
const answerTo = (page, name) => page.getByLabel(`Your answer to ${name}`);

describe('the shell', () => {
  test('leads whoever has no session to the sign-in, and a member without the permission to their day', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t, WIDE);
    await page.goto(`${server.baseUrl}/app/inbox`);
    await page.waitForURL('**/login');
    const member = await arrive(server, shop.staff[0]);
    await signInMember(page, server, member);
    for (const path of ['inbox', 'clients', 'forms']) {
      await page.goto(`${server.baseUrl}/app/${path}`);
      await page.waitForURL('**/staff');
    }
  });

  test('has a skip link, names the place, goes between screens with the focus, and signs out', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app/inbox', WIDE);
    await heading(page, 'No conversations yet').waitFor();
    await page.keyboard.press('Tab');
    await focusIs(page, 'Skip to the content');
    await page.getByRole('link', { name: 'Clients' }).first().click();
    await heading(page, 'No clients yet').waitFor();
    await focusIs(page, 'Clients');
    assert.match(await page.title(), /^Clients · Maison Lune/);
    await page.getByRole('link', { name: 'Forms' }).first().click();
    await focusIs(page, 'Forms');
    await button(page, 'Sign out').click();
    await page.waitForURL('**/login');
    assert.equal((await page.request.get(`${server.baseUrl}/api/v1/session`)).status(), 401);
  });
});

test('where nobody has written it says what comes here and leads to a client, and offers nothing to choose', async (t) => {
  const shop = await makeShop(server);
  const page = await openOffice(t, server, shop, '/app/inbox', WIDE);
  await heading(page, 'No conversations yet').waitFor();
  await page.getByText('What clients write by your contact form').waitFor();
  assert.equal(await heading(page, 'Choose a conversation').count(), 0);
  await page.getByRole('link', { name: /^Mine/ }).click();
  await heading(page, 'Nothing is assigned to you').waitFor();
  assert.equal(await heading(page, 'Choose a conversation').count(), 0);
  await page.getByRole('link', { name: 'Show all' }).click();
  await page.getByRole('link', { name: 'Choose a client' }).click();
  await focusIs(page, 'Clients');

  await writeTo(shop, 'Cleo', 'Is Friday free?');
  await page.goBack();
  await row(page, 'Cleo').waitFor();
  await heading(page, 'Choose a conversation').waitFor();
});

describe('reading and answering', () => {
  test('opens a conversation as read, answers it by keyboard, and keeps a draft', async (t) => {
    const shop = await makeShop(server);
    await writeTo(shop, 'Cleo', 'Is Friday free?');
    await writeTo(shop, 'Ravi', 'Where can I park?');
    const page = await openOffice(t, server, shop, '/app/inbox', WIDE);
    await row(page, 'Cleo').getByText('1 unread').waitFor({ state: 'attached' });
    await row(page, 'Cleo').click();
    await focusIs(page, 'Cleo');
    await becomes(async () => (await conversationWith(shop, 'Cleo')).unread, 0);

    await answerTo(page, 'Cleo').fill('Yes, at three.');
    await row(page, 'Ravi').click();
    await focusIs(page, 'Ravi');
    assert.equal(await answerTo(page, 'Ravi').inputValue(), '');
    await page.goBack();
    await becomes(() => answerTo(page, 'Cleo').inputValue(), 'Yes, at three.');
    await answerTo(page, 'Cleo').press('Control+Enter');
    await page.getByRole('log').getByText('Yes, at three.').waitFor();
    await becomes(() => answerTo(page, 'Cleo').inputValue(), '');
    await becomes(async () => (await conversationWith(shop, 'Cleo')).unanswered, false);

    await page.getByText('Note', { exact: true }).click();
    await page.getByLabel('A note that only your team sees').fill('Likes the window.');
    await button(page, 'Save note').click();
    await page.locator('.bubble[data-kind=note]').getByText('Likes the window.').waitFor();
    await focusIs(page, /./);
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY');
    await page.getByRole('link', { name: /^Unanswered/ }).click();
    await becomes(() => page.locator('.talk-name').allInnerTexts(), ['Ravi']);
    assert.match(page.url(), /filter=unanswered/);
  });

  test('finds words as one types, in the address, and says when there are none', async (t) => {
    const shop = await makeShop(server);
    await writeTo(shop, 'Cleo', 'Is Friday free for a balayage?');
    await writeTo(shop, 'Ravi', 'Where can I park?');
    const page = await openOffice(t, server, shop, '/app/inbox', WIDE);
    const search = page.getByLabel('Search messages and names');
    await search.fill('balay');
    await becomes(() => page.locator('.talk-name').allInnerTexts(), ['Cleo']);
    assert.match(page.url(), /q=balay/);
    await search.fill('zzz');
    await heading(page, 'Nothing found').waitFor();
    await search.press('Escape');
    await becomes(() => page.locator('.talk-name').count(), 2);
  });

  test('fills in a saved reply that the owner has written', async (t) => {
    const shop = await makeShop(server);
    await writeTo(shop, 'Cleo Lane', 'Is Friday free?');
    const { id } = await conversationWith(shop, 'Cleo Lane');
    const page = await openOffice(t, server, shop, `/app/inbox/${id}`, WIDE);
    await button(page, 'Saved replies').click();
    await page.getByRole('menuitem', { name: 'Edit saved replies' }).click();
    await button(page, 'New saved reply').click();
    await page.getByLabel('Title').fill('Thanks');
    await page.getByLabel('Text').fill('Dear {first_name}, thank you.');
    await button(page, 'Save').click();
    await page.getByText('Saved reply kept').waitFor();
    await page.keyboard.press('Escape');
    await focusIs(page, 'saved-replies');
    await button(page, 'Saved replies').click();
    await page.getByRole('menuitem', { name: /^Thanks/ }).click();
    await becomes(() => answerTo(page, 'Cleo Lane').inputValue(), 'Dear Cleo, thank you.');
  });
});

describe('two people in one inbox', () => {
  test('see who is answering, and no answer crosses another', async (t) => {
    const shop = await makeShop(server);
    const [sara] = shop.staff;
    const change = { permissions: ['inbox'] };
    expectStatus(await shop.owner.patch(`/staff/${sara.id}`, change), 200);
    const member = await arrive(server, sara);
    await writeTo(shop, 'Cleo', 'Is Friday free?');
    const { id } = await conversationWith(shop, 'Cleo');
    const one = await openOffice(t, server, shop, `/app/inbox/${id}`, WIDE);
    const other = await openPage(t, WIDE);
    await signInMember(other, server, member);
    await other.goto(`${server.baseUrl}/app/inbox/${id}`);
    await answerTo(other, 'Cleo').pressSequentially('Yes');
    await one.getByText(`${sara.name} is answering…`).waitFor();
    await answerTo(one, 'Cleo').fill('No, sorry.');

    await button(other, 'Send').click();
    await one.getByRole('log').getByText('Yes', { exact: true }).waitFor();
    await becomes(() => one.locator('.answering').innerText(), '');
    await button(one, 'Send').click();
    await one.getByRole('alert').getByText(`${sara.name} wrote while you were writing.`).waitFor();
    assert.equal(await answerTo(one, 'Cleo').inputValue(), 'No, sorry.');
    await assertAccessible(one, 'an answer that crossed another');
    await button(one, 'Send').click();
    await other.getByRole('log').getByText('No, sorry.').waitFor();
  });

  test('hand a conversation over, and take it back', async (t) => {
    const shop = await makeShop(server);
    await writeTo(shop, 'Cleo', 'Is Friday free?');
    const { id } = await conversationWith(shop, 'Cleo');
    const page = await openOffice(t, server, shop, `/app/inbox/${id}`, WIDE);
    await button(page, 'Assign').focus();
    await page.keyboard.press('Enter');
    await focusIs(page, 'Nobody');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.getByRole('menuitem', { name: 'Amara' }).click();
    await page.getByText('Amara looks after this').waitFor();
    assert.equal((await conversationWith(shop, 'Cleo')).assigned_to.name, 'Amara');
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY');
    await button(page, 'Undo').click();
    await button(page, 'Assign').waitFor();
    assert.equal((await conversationWith(shop, 'Cleo')).assigned_to, null);
  });
});

test('what looks like spam waits apart, says why, and goes to the inbox by hand', async (t) => {
  const shop = await makeShop(server);
  await writeTo(shop, 'Deal', 'http://a.example http://b.example http://c.example http://d.example now');
  const page = await openOffice(t, server, shop, '/app/inbox', WIDE);
  await heading(page, 'No conversations yet').waitFor();
  await page.getByRole('link', { name: /^Doubtful/ }).click();
  await row(page, 'Deal').click();
  await page.getByText('mostly links').waitFor();
  await assertAccessible(page, 'a doubtful conversation');
  await button(page, 'Not spam: move to the inbox').click();
  await page.getByText('Moved to the inbox').waitFor();
  assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY');
  await heading(page, 'Nothing doubtful').waitFor();
});

test('every state of the inbox is accessible and fits, in light and dark, narrow and wide', async (t) => {
  const shop = await makeShop(server);
  await writeTo(shop, 'Cleo', 'Is Friday free?\n\nA very-long-word-'.concat('x'.repeat(200)));
  const { id } = await conversationWith(shop, 'Cleo');
  await shop.owner.post(`/conversations/${id}/messages`, { body: 'Quiet chair', internal_note: true });
  for (const [width, scheme] of [[1440, 'light'], [390, 'dark'], [320, 'light']]) {
    const page = await openOffice(t, server, shop, '/app/inbox', { width, scheme });
    await row(page, 'Cleo').waitFor();
    await assertNoSidewaysScroll(page, `the list at ${width}`);
    await assertAccessible(page, `the list at ${width}`);
    await row(page, 'Cleo').click();
    await page.locator('.bubble[data-kind=note]').waitFor();
    await assertNoSidewaysScroll(page, `a conversation at ${width}`);
    await assertAccessible(page, `a conversation at ${width}`);
    await page.route('**/api/v1/conversations?**', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.goto(`${server.baseUrl}/app/inbox`);
    await page.getByText('This did not load.').waitFor();
    await assertAccessible(page, `a failed list at ${width}`);
    await page.unroute('**/api/v1/conversations?**');
    await button(page, 'Try again').click();
    await row(page, 'Cleo').waitFor();
  }
});
