// SPDX-License-Identifier: AGPL-3.0-or-later
// The owner's team page: inviting, what becomes of an invitation, rights, deactivating, and what then is
// left; time off to decide, the rules of access, and tokens.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Client, expectStatus } from '../lib/client.mjs';
import { arrive, invitationTo } from '../lib/members.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { becomes, closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { button, heading, letter, signInOwner } from './lib/people.mjs';
import { LONE, bookVisit, makeShop } from './lib/shop.mjs';
import { makeStaffed } from './lib/staff.mjs';
import { answer } from './lib/team.mjs';

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
    await focusIs(page, 'Invite someone');
    await button(page, 'Send invitation').click();
    await focusIs(page, 'name');
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
    await becomes(() => row.innerText(), /Invited/);
  });

  test('twice, or oneself, is told beside the address', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, '?member=new');
    for (const email of [shop.staff[0].email, shop.ownerEmail]) {
      await page.getByLabel('Name').fill('Again');
      await page.getByLabel('Email', { exact: true }).fill(email);
      await button(page, 'Send invitation').click();
      await page.locator('#email-error').waitFor();
      await focusIs(page, 'email');
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
    await button(page, 'Send a new invitation').click();
    await page.getByText('A new invitation is on its way.').waitFor();
    await letter(server, amara.email, /Password: /, 2);
  });
});

describe('what a member may do', () => {
  test('is saved together, and not over somebody else’s change', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    await invitationTo(server, amara.email); // while it is on its way, the page reads by itself
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
    await focusIs(page, 'Amara');
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
    await focusIs(page, 'Bookings that Amara still has');
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
  /** A member asks for the day of a visit of theirs, and for one long after it. */
  async function asked(shop) {
    const [amara] = shop.staff;
    const member = await arrive(server, amara);
    const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
    const { booking } = await bookVisit(shop, { staff_id: amara.id, client });
    const ask = async (from, to, reason) => {
      const body = { start: from, end: to, reason };
      return expectStatus(await member.post('/time-off-requests', body), 201);
    };
    const visitDay = booking.local.slice(0, 10);
    const requests = [
      await ask(visitDay, visitDay, 'Family visit'),
      await ask(dateIn(40), dateIn(42), 'Course'),
    ];
    return { member, booking, requests };
  }
  const statusesOf = async (member) =>
    Object.fromEntries(
      (await member.list('/time-off-requests')).map((each) => [each.reason, each.status]),
    );

  test('is decided with a note; the member is told, and what lies in it is listed', async (t) => {
    const shop = await makeShop(server);
    const { member } = await asked(shop);
    const page = await open(t, shop, '?view=requests');
    const row = page.getByRole('listitem').filter({ hasText: 'Family visit' });
    await row.getByLabel('Note to them').fill('Enjoy!');
    await row.getByRole('button', { name: 'Approve: Amara' }).click();
    await page.getByText('Approved. Amara is told.').waitFor();
    await page.getByText('One booking lies in it.').waitFor();
    await focusIs(page, 'Time off');
    const mail = await letter(server, shop.staff[0].email, /Enjoy!/);
    assert.match(mail.subject, /approved/);
    const [off] = await member.list(`/staff/${shop.staff[0].id}/time-off`);
    assert.equal(off.reason, 'Family visit');

    const course = page.getByRole('listitem').filter({ hasText: 'Course' });
    const [first, last] = [dateIn(40), dateIn(42)].map((date) => Number(date.slice(8)));
    assert.match(await course.innerText(), new RegExp(`\\b${first} .* – .*\\b${last} `));
    await button(page, 'Decline: Amara').click();
    await page.getByText('Declined. Amara is told.').waitFor();
    await page.getByText('Nothing to decide.').waitFor();
    await letter(server, shop.staff[0].email, /declined/i);
    const statuses = { 'Family visit': 'approved', Course: 'declined' };
    assert.deepEqual(await statusesOf(member), statuses);
  });

  test('that was withdrawn meanwhile is not decided, and the page says why', async (t) => {
    const shop = await makeShop(server);
    const { member, requests } = await asked(shop);
    const page = await open(t, shop, '?view=requests');
    const row = page.getByRole('listitem').filter({ hasText: 'Course' });
    await row.waitFor();
    expectStatus(await member.post(`/time-off-requests/${requests[1].id}/withdraw`), 200);
    await row.getByRole('button', { name: 'Approve: Amara' }).click();
    await row.getByText('This request is withdrawn already').waitFor();
    assert.equal((await statusesOf(member)).Course, 'withdrawn');
  });
});

describe('bookings without anybody', () => {
  test('are those of whoever no longer does the service, too, and each can be given away', async (t) => {
    const shop = await makeShop(server);
    const [amara, bruno] = shop.staff;
    const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
    const { booking } = await bookVisit(shop, { staff_id: amara.id, client });
    const rest = amara.service_ids.filter((id) => !booking.service_ids.includes(id));
    const page = await open(t, shop);
    await page.getByRole('link', { name: /Amara/ }).waitFor();
    assert.equal(await page.getByText('Bookings without anybody').count(), 0);
    expectStatus(await shop.owner.patch(`/staff/${amara.id}`, { service_ids: rest }), 200);
    await page.reload();
    const left = page.getByRole('region', { name: 'Bookings without anybody' });
    await left.getByText('Ravi Shah', { exact: true }).waitFor();
    const choices = page.getByLabel('Who takes Ravi Shah').locator('option');
    await becomes(() => choices.allInnerTexts(), ['Choose…', 'Bruno']);
    await page.getByLabel('Who takes Ravi Shah').selectOption({ label: 'Bruno' });
    await button(page, 'Move Ravi Shah').click();
    await page.getByText('Ravi Shah is with Bruno now.').waitFor();
    await focusIs(page, 'Bookings without anybody');
    const moved = expectStatus(await shop.owner.get(`/bookings/${booking.id}`), 200);
    assert.equal(moved.staff_id, bruno.id);
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

  test('whether staff see how to reach their clients is the owner’s switch', async (t) => {
    const salon = await makeStaffed(server);
    const visit = await salon.visitIn(20);
    const reach = async () => {
      const { client } = expectStatus(await salon.client.get(`/bookings/${visit.id}`), 200);
      return client.email ?? null;
    };
    const page = await open(t, salon, '?view=access');
    assert.equal(await reach(), null);
    const contacts = page.getByLabel('Staff see the phone and email of their own clients');
    await contacts.check();
    await page.getByText('Saved.').waitFor();
    assert.equal(await reach(), 'mei.lin@client.example');
    const phone = await salon.openPortal(t, { path: `?visit=${visit.id}` });
    await phone.getByRole('link', { name: 'mei.lin@client.example' }).waitFor();
    await page.reload();
    await contacts.uncheck();
    await page.getByText('Saved.').waitFor();
    assert.equal(await reach(), null);
    await phone.reload();
    await phone.getByRole('heading', { name: 'Mei Lin' }).waitFor();
    assert.equal(await phone.getByRole('link', { name: 'mei.lin@client.example' }).count(), 0);
  });

  test('a token is shown once, does what it may, and is taken away after a second look', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, '?view=access');
    await page.getByText('No program has access.').waitFor();
    await button(page, 'New token').click();
    await button(page, 'Make token').click();
    await focusIs(page, 'token_name');
    await page.getByLabel('What is it for?').fill('Accounting');
    await button(page, 'Make token').click();
    await page.getByText('Choose at least one.').waitFor();
    await page.getByLabel('Bookings', { exact: true }).selectOption({ label: 'Read' });
    await button(page, 'Make token').click();
    await heading(page, 'Copy the token now').waitFor();
    const secret = await page.locator('.once').innerText();
    await button(page, 'Done').click();
    await page.locator('.once').waitFor({ state: 'detached' });
    await page.getByText('Bookings (read) · never used').waitFor();
    assert.ok(!(await page.content()).includes(secret));

    const program = new Client(server.baseUrl);
    program.token = secret;
    expectStatus(await program.get('/bookings'), 200);
    expectStatus(await program.get('/clients'), 403);
    await page.reload();
    await page.getByText('Bookings (read) · last used').waitFor();
    await button(page, 'Take away: Accounting').click();
    await button(page, 'Take it away').click();
    await page.getByText('Taken away.').waitFor();
    await focusIs(page, 'API tokens');
    expectStatus(await program.get('/bookings'), 401);
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
