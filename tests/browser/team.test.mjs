// SPDX-License-Identifier: AGPL-3.0-or-later
// The owner's team page: inviting, what becomes of an invitation, rights, deactivating, and what then is
// left; time off to decide, the rules of access, and tokens.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { arrive, invitationTo } from '../lib/members.mjs';
import { startServer } from '../lib/server.mjs';
import { closeBrowser, focused, openPage } from './lib/browser.mjs';
import { button, heading, signInOwner } from './lib/people.mjs';
import { LONE, bookVisit, makeShop } from './lib/shop.mjs';
import { answer, fakeRequests, fakeTokens } from './lib/team.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

/** The team page of a shop, signed in as its owner. */
async function open(t, shop, query = '', options) {
  const page = await openPage(t, options);
  await signInOwner(page, server, shop);
  await page.goto(`${server.baseUrl}/app/team${query}`);
  return page;
}
const memberOf = async (shop, id) => expectStatus(await shop.owner.get(`/staff/${id}`), 200);

describe('inviting', () => {
  test('sends a letter, and shows who is invited, with what they may do', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop);
    await page.getByRole('link', { name: 'Invite someone' }).click();
    await heading(page, 'Invite someone').waitFor();
    assert.equal(await focused(page), 'Invite someone');
    await button(page, 'Send invitation').click();
    assert.equal(await focused(page), 'name');
    await page.getByLabel('Name').fill('Sara Lind');
    await page.getByLabel('Email', { exact: true }).fill('sara@team.example');
    await page.getByLabel('Cut & finish').check();
    await page.getByLabel('Manage stock').check();
    await button(page, 'Send invitation').click();
    await page.getByText('Sara Lind is invited.').waitFor();
    await page.getByText('A letter went to sara@team.example.').waitFor();
    await invitationTo(server, 'sara@team.example');

    const id = new URL(page.url()).searchParams.get('member');
    const member = await memberOf(shop, id);
    assert.deepEqual(member.permissions, ['inventory']);
    assert.deepEqual(member.service_ids, [shop.services[0].id]);
    await page.getByRole('link', { name: 'All people' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'Sara Lind' });
    assert.match(await row.innerText(), /Invited/);
  });

  test('twice, or oneself, is told beside the address', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, '?member=new');
    for (const email of [shop.staff[0].email, shop.ownerEmail]) {
      await page.getByLabel('Name').fill('Again');
      await page.getByLabel('Email', { exact: true }).fill(email);
      await button(page, 'Send invitation').click();
      await page.locator('#email-error').waitFor();
      assert.equal(await focused(page), 'email');
      await page.getByLabel('Email', { exact: true }).fill('');
    }
  });

  test('into a dead mailbox is shown with what the mail server said, and can be sent again', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    await invitationTo(server, amara.email);
    const page = await openPage(t);
    await signInOwner(page, server, shop);
    await page.route(`**/api/v1/staff/${amara.id}`, async (route) => {
      const response = await route.fetch();
      const invitation = { status: 'failed', expires_at: null, last_error: '550 No such mailbox' };
      await route.fulfill({ response, json: { ...(await response.json()), invitation } });
    });
    await page.goto(`${server.baseUrl}/app/team?member=${amara.id}`);
    await page.getByText('Invitation not delivered.').waitFor();
    await page.getByText('550 No such mailbox').waitFor();
    const before = server.mail().length;
    await button(page, 'Send a new invitation').click();
    await page.getByText('A new invitation is on its way.').waitFor();
    await server.waitForMail(() => server.mail().length > before);
  });
});

describe('what a member may do', () => {
  test('is saved together, and not over somebody else’s change', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    const page = await open(t, shop, `?member=${amara.id}`);
    await page.getByLabel('See and change all bookings').check();
    await page.getByLabel('Clients can choose and book them online').uncheck();
    await button(page, 'Save changes').click();
    await page.getByText('Saved.').waitFor();
    const saved = await memberOf(shop, amara.id);
    assert.deepEqual([saved.permissions, saved.bookable], [['bookings'], false]);

    await page.getByLabel('Manage stock').check();
    const body = { permissions: ['reports'] };
    expectStatus(await shop.owner.patch(`/staff/${amara.id}`, body), 200);
    await button(page, 'Save changes').click();
    await page.getByText('Somebody changed this in the meantime.').waitFor();
    await button(page, 'Try again').click();
    await page.getByLabel('See reports').waitFor();
    await page.waitForFunction(() => document.querySelector('[name=permission-reports]').checked);
    assert.deepEqual((await memberOf(shop, amara.id)).permissions, ['reports']);
  });
});

describe('deactivating', () => {
  test('signs them out at once, can be undone, and leaves their bookings to be given away', async (t) => {
    const shop = await makeShop(server);
    const [amara, bruno] = shop.staff;
    const member = await arrive(server, amara);
    const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
    const { booking } = await bookVisit(shop, { staff_id: amara.id, client });
    const page = await open(t, shop, `?member=${amara.id}`);
    await button(page, 'Deactivate Amara').click();
    await page.getByText('Amara is deactivated.').waitFor();
    assert.equal(await focused(page), 'Amara');
    assert.equal((await member.get('/session')).status, 401);
    await button(page, 'Undo').click();
    await page.getByText('Amara can sign in again.').waitFor();
    await button(page, 'Deactivate Amara').click();

    await heading(page, 'Bookings that Amara still has').waitFor();
    await button(page, 'Move Ravi Shah').click();
    await page.getByText('Choose somebody first.').waitFor();
    await page.getByLabel('Who takes Ravi Shah').selectOption({ label: 'Bruno' });
    await button(page, 'Move Ravi Shah').click();
    await page.getByText('Ravi Shah is with Bruno now.').waitFor();
    await page.getByText('No bookings are left behind.').waitFor();
    assert.equal(await focused(page), 'Bookings that Amara still has');
    const moved = expectStatus(await shop.owner.get(`/bookings/${booking.id}`), 200);
    assert.equal(moved.staff_id, bruno.id);
  });

  test('a booking whose time is taken elsewhere says so and stays', async (t) => {
    const shop = await makeShop(server);
    const [amara, bruno] = shop.staff;
    const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
    await bookVisit(shop, { staff_id: amara.id, client });
    await bookVisit(shop, { staff_id: bruno.id });
    expectStatus(await shop.owner.post(`/staff/${amara.id}/deactivate`), 200);
    const page = await open(t, shop, `?member=${amara.id}`);
    await page.getByLabel('Who takes Ravi Shah').selectOption({ label: 'Bruno' });
    await button(page, 'Move Ravi Shah').click();
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
    assert.ok(await button(page, 'Move Ravi Shah').isVisible());
  });

  test('where nobody else does the service, the page says what to do', async (t) => {
    const shop = await makeShop(server, LONE);
    await bookVisit(shop, { client: { name: 'Ravi Shah', email: 'ravi@client.example' } });
    expectStatus(await shop.owner.post(`/staff/${shop.staff[0].id}/deactivate`), 200);
    const page = await open(t, shop, `?member=${shop.staff[0].id}`);
    await page.getByText('Nobody else does this yet.').waitFor();
  });
});

describe('time off', () => {
  test('is decided with a note, and what lies in it is told', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t);
    await signInOwner(page, server, shop);
    const decided = await fakeRequests(page, shop);
    await page.goto(`${server.baseUrl}/app/team?view=requests`);
    const row = page.getByRole('listitem').filter({ hasText: 'Family visit' });
    assert.match(await row.innerText(), /21 Dec.* to .*27 Dec/);
    await row.getByLabel('Note to them').fill('Enjoy!');
    await button(page, 'Approve: Amara').click();
    await page.getByText('Approved. Amara is told.').waitFor();
    await page.getByText('2 bookings lie in it.').waitFor();
    await page.getByText('Nothing to decide.').waitFor();
    assert.deepEqual(decided, [{ path: '/time-off-requests/1/approve', body: { note: 'Enjoy!' } }]);
    assert.equal(await focused(page), 'Time off');
  });
});

describe('access', () => {
  test('rules are saved as they are switched', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, '?view=access');
    await page.getByLabel('Sign out after no use for').selectOption({ label: '8 hours' });
    await page.getByText('Saved.').waitFor();
    const workspace = expectStatus(await shop.owner.get('/workspace'), 200);
    assert.equal(workspace.session_idle_min, 480);
  });

  test('a token is shown once, and taken away after a second look', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t);
    await signInOwner(page, server, shop);
    const tokens = await fakeTokens(page);
    await page.goto(`${server.baseUrl}/app/team?view=access`);
    await page.getByText('No program has access.').waitFor();
    await button(page, 'New token').click();
    await button(page, 'Make token').click();
    assert.equal(await focused(page), 'token_name');
    await page.getByLabel('What is it for?').fill('Accounting');
    await button(page, 'Make token').click();
    await page.getByText('Choose at least one.').waitFor();
    await page.getByLabel('Bookings', { exact: true }).selectOption({ label: 'Read' });
    await button(page, 'Make token').click();
    await heading(page, 'Copy the token now').waitFor();
    assert.deepEqual(tokens.made[0].scopes, ['bookings:read']);
    const secret = await page.locator('.once').innerText();
    await button(page, 'Done').click();
    await page.getByText('Bookings (read) · never used').waitFor();
    assert.ok(!(await page.content()).includes(secret));
    await button(page, 'Take away: Accounting').click();
    await button(page, 'Take it away').click();
    await page.getByText('Taken away.').waitFor();
    assert.equal(await focused(page), 'API tokens');
  });
});

test('Back and reload keep the part of the page that is open', async (t) => {
  const shop = await makeShop(server);
  const page = await open(t, shop);
  await page.getByRole('link', { name: 'Amara' }).click();
  await heading(page, 'Amara').waitFor();
  await page.reload();
  await heading(page, 'Amara').waitFor();
  await page.getByRole('link', { name: 'Access' }).click();
  await heading(page, 'Rules for everybody').waitFor();
  await page.goBack();
  await heading(page, 'Amara').waitFor();
  await page.goBack();
  await heading(page, 'People').waitFor();
});

test('a part that does not load says so and can be asked again', async (t) => {
  const shop = await makeShop(server);
  const page = await openPage(t);
  await signInOwner(page, server, shop);
  await page.route('**/api/v1/staff?*', (route) => answer(route, 503, { code: 'too_busy' }));
  await page.goto(`${server.baseUrl}/app/team`);
  await page.getByText('This part did not load.').waitFor();
  await page.unrouteAll();
  await button(page, 'Try again').click();
  await page.getByText('Amara').waitFor();
});
