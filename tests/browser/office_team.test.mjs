// SPDX-License-Identifier: AGPL-3.0-or-later
// The owner's team: inviting, what becomes of an invitation, rights, hours, time off, deactivating, and
// what then is left.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { arrive, invitationTo } from '../lib/members.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button, heading, letter, signInOwner } from './lib/people.mjs';
import { LONE, bookVisit, makeShop } from './lib/shop.mjs';
import { answer } from './lib/team.mjs';

const PHONE = { width: 390, height: 844 };

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const open = (t, shop, rest = '', options = WIDE) => openOffice(t, server, shop, `/app/team${rest}`, options);
const memberOf = async (shop, id) => expectStatus(await shop.owner.get(`/staff/${id}`), 200);
const notOnBody = (page) => becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);

describe('inviting', () => {
  test('sends a letter, and shows who is invited, with what they may do', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop);
    await page.getByRole('link', { name: 'Invite someone' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Cut & finish').waitFor();
    await button(dialog, 'Send invitation').click();
    await becomes(() => dialog.getByLabel('Name').evaluate((field) => field === document.activeElement), true);
    await dialog.getByText('Enter a name.').waitFor();
    await dialog.getByLabel('Name').fill('Sara Lind');
    await dialog.getByLabel('E-mail').fill('sara@team.example');
    await dialog.getByLabel('Cut & finish').check();
    await dialog.getByLabel('Manage stock').check();
    await button(dialog, 'Send invitation').click();
    await page.getByText('Sara Lind is invited').waitFor();
    await page.waitForURL(/\/app\/team\/\d+/);
    await invitationTo(server, 'sara@team.example');
    await page.getByText('A letter went to sara@team.example.').waitFor();
    await notOnBody(page);

    const member = await memberOf(shop, new URL(page.url()).pathname.split('/').at(-1));
    assert.deepEqual(member.permissions, ['inventory']);
    assert.deepEqual(member.service_ids, [shop.services[0].id]);
    await page.getByRole('link', { name: 'All people' }).click();
    const row = page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: 'Sara Lind' });
    await becomes(() => row.innerText(), /Invited/);
  });

  test('twice, or oneself, is told beside the address, and keeps what was typed', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, '?member=new');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Again');
    for (const email of [shop.staff[0].email, shop.ownerEmail]) {
      await dialog.getByLabel('E-mail').fill(email);
      await button(dialog, 'Send invitation').click();
      await dialog.locator('input[type=email][aria-invalid=true]').waitFor();
      await becomes(() => dialog.getByLabel('E-mail').evaluate((field) => field === document.activeElement), true);
      assert.equal(await dialog.getByLabel('Name').inputValue(), 'Again');
      await dialog.getByLabel('E-mail').fill('');
    }
  });

  test('into a dead mailbox is shown with what the mail server said, and can be sent again', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    await invitationTo(server, amara.email);
    const page = await openPage(t, WIDE);
    await signInOwner(page, server, shop);
    await page.route(`**/api/v1/staff/${amara.id}`, async (route) => {
      const response = await route.fetch();
      const invitation = { status: 'failed', expires_at: null, last_error: '550 No such mailbox' };
      await route.fulfill({ response, json: { ...(await response.json()), invitation } });
    });
    await page.goto(`${server.baseUrl}/app/team/${amara.id}`);
    await page.getByText('Invitation not delivered.').waitFor();
    await page.getByText('550 No such mailbox').waitFor();
    await button(page, 'Send a new invitation').click();
    await page.getByText('A new invitation is on its way.').waitFor();
    await letter(server, amara.email, /Password: /, 2);
  });
});

describe('what a member does and may do', () => {
  test('is saved together, and not over somebody else’s change', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    await invitationTo(server, amara.email); // while it is on its way, the page reads by itself
    const page = await open(t, shop, `/${amara.id}`);
    await page.getByLabel('See and change all bookings').check();
    await page.getByLabel('Clients can choose and book them online').uncheck();
    await button(page, 'Save').click();
    await page.getByText('Saved', { exact: true }).waitFor();
    const saved = await memberOf(shop, amara.id);
    assert.deepEqual([saved.permissions, saved.bookable], [['bookings'], false]);

    await page.getByLabel('Name').fill('Amara Diallo');
    const body = { permissions: ['reports'] };
    await page.route('**/api/v1/events', (route) => route.abort());
    await page.route(`**/api/v1/staff/${amara.id}`, async (route) => {
      if (route.request().method() === 'PATCH') {
        await page.unroute(`**/api/v1/staff/${amara.id}`);
        expectStatus(await shop.owner.patch(`/staff/${amara.id}`, body), 200);
      }
      await route.continue();
    });
    await button(page, 'Save').click();
    await page.getByText('Somebody changed this in the meantime.').waitFor();
    await becomes(() => page.getByLabel('See reports').isChecked(), true);
    assert.equal(await page.getByLabel('Name').inputValue(), 'Amara Diallo');
    assert.deepEqual((await memberOf(shop, amara.id)).permissions, ['reports']);
    await button(page, 'Save').click();
    await becomes(async () => (await memberOf(shop, amara.id)).name, 'Amara Diallo');
    assert.deepEqual((await memberOf(shop, amara.id)).permissions, ['reports']);
  });

  test('their hours: as the business, or their own by day, with faults said and the way back', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    expectStatus(await shop.owner.put(`/staff/${amara.id}/hours`, { inherits: true, weekly: [] }), 200);
    const page = await open(t, shop, `/${amara.id}?tab=hours`);
    await page.getByText('whenever the business is open').waitFor();
    await page.getByText('Their own hours').click();
    await page.getByLabel('Monday, from').fill('10:00');
    await page.getByLabel('Monday, until').fill('09:00');
    await page.getByText('Monday: the end lies before the start.').waitFor();
    await page.getByLabel('Monday, until').fill('13:00');
    await button(page, 'Add hours on Monday').click();
    await becomes(() => page.getByLabel('Monday, from').count(), 2);
    await button(page, 'Copy Monday to all weekdays').click();
    await button(page, 'Remove these hours on Friday').first().click();
    await button(page, 'Remove these hours on Friday').click();
    await notOnBody(page);
    await button(page, 'Save').click();
    await page.getByText('Hours saved').waitFor();
    const { hours } = await memberOf(shop, amara.id);
    const monday = [['10:00', '13:00'], ['14:00', '18:00']];
    assert.equal(hours.inherits, false);
    for (const [weekday, expected] of [[1, monday], [4, monday], [5, []], [6, []]]) {
      const spans = hours.weekly.filter((each) => each.weekday === weekday).map(({ start, end }) => [start, end]);
      assert.deepEqual(spans, expected, `weekday ${weekday}`);
    }
    await button(page, 'Undo').click();
    await becomes(async () => (await memberOf(shop, amara.id)).hours.inherits, true);
  });

  test('their time off: whole days of the business’s calendar, taken away again and brought back', async (t) => {
    const shop = await makeShop(server, { timezone: 'America/New_York' });
    const [amara] = shop.staff;
    const off = () => shop.owner.list(`/staff/${amara.id}/time-off`);
    const page = await open(t, shop, `/${amara.id}?tab=away`);
    await heading(page, 'No time off ahead').waitFor();
    await button(page, 'Add time off').click();
    await page.getByText('Choose a day.').waitFor();
    await page.getByLabel('First day away').fill(dateIn(20));
    await page.getByLabel('Last day').fill(dateIn(22));
    await page.getByLabel('Reason').fill('Course');
    await button(page, 'Add time off').click();
    await page.getByText('Time off added').waitFor();
    const [added] = await off();
    assert.equal(added.local_start.slice(0, 16), `${dateIn(20)}T00:00`);
    assert.equal(added.local_end.slice(0, 16), `${dateIn(23)}T00:00`);
    await page.getByRole('button', { name: /^Remove: / }).click();
    await page.getByText('Time off removed').waitFor();
    await becomes(async () => (await off()).length, 0);
    await notOnBody(page);
    await button(page, 'Undo').click();
    await becomes(async () => (await off()).map(({ start, end }) => [start, end]), [[added.start, added.end]]);
  });
});

describe('deactivating', () => {
  test('signs them out at once, can be undone, and leaves their visits to be given away', async (t) => {
    const shop = await makeShop(server);
    const [amara, bruno] = shop.staff;
    const member = await arrive(server, amara);
    const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
    const { booking } = await bookVisit(shop, { staff_id: amara.id, client });
    const page = await open(t, shop, `/${amara.id}`);
    await button(page, 'Deactivate Amara').click();
    await page.getByText('Amara is deactivated').waitFor();
    await focusIs(page, 'Amara');
    assert.equal((await member.get('/session')).status, 401);
    await button(page, 'Undo').click();
    await page.getByText('Amara can sign in again').waitFor();
    await button(page, 'Deactivate Amara').click();

    await heading(page, 'Visits that Amara still has').waitFor();
    await button(page, 'Move Ravi Shah').click();
    await page.getByText('Choose somebody first.').waitFor();
    await page.getByLabel('Who takes Ravi Shah').selectOption({ label: 'Bruno' });
    await button(page, 'Move Ravi Shah').click();
    await page.getByText('Ravi Shah is with Bruno now').waitFor();
    await page.getByText('No visits are left behind.').waitFor();
    await focusIs(page, 'Visits that Amara still has');
    const moved = expectStatus(await shop.owner.get(`/bookings/${booking.id}`), 200);
    assert.equal(moved.staff_id, bruno.id);
  });

  test('a visit whose time is taken elsewhere says so and stays', async (t) => {
    const shop = await makeShop(server);
    const [amara, bruno] = shop.staff;
    const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
    await bookVisit(shop, { staff_id: amara.id, client });
    await bookVisit(shop, { staff_id: bruno.id });
    expectStatus(await shop.owner.post(`/staff/${amara.id}/deactivate`), 200);
    const page = await open(t, shop, `/${amara.id}`);
    await page.getByLabel('Who takes Ravi Shah').selectOption({ label: 'Bruno' });
    await button(page, 'Move Ravi Shah').click();
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
    assert.ok(await button(page, 'Move Ravi Shah').isVisible());
  });

  test('where nobody else does the service, the page says what to do', async (t) => {
    const shop = await makeShop(server, LONE);
    await bookVisit(shop, { client: { name: 'Ravi Shah', email: 'ravi@client.example' } });
    expectStatus(await shop.owner.post(`/staff/${shop.staff[0].id}/deactivate`), 200);
    const page = await open(t, shop, `/${shop.staff[0].id}`);
    await page.getByText('Nobody else does this yet.').waitFor();
  });

  test('visits of whoever no longer does the service are listed over the people, too', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
    const { booking } = await bookVisit(shop, { staff_id: amara.id, client });
    const rest = amara.service_ids.filter((id) => !booking.service_ids.includes(id));
    const page = await open(t, shop);
    await page.getByRole('link', { name: 'Amara' }).waitFor();
    assert.equal(await page.getByText('Visits without anybody').count(), 0);
    expectStatus(await shop.owner.patch(`/staff/${amara.id}`, { service_ids: rest }), 200);
    await page.reload();
    const left = page.getByRole('region', { name: 'Visits without anybody' });
    await left.getByText('Ravi Shah', { exact: true }).waitFor();
    const choices = page.getByLabel('Who takes Ravi Shah').locator('option');
    await becomes(() => choices.allInnerTexts(), ['Choose…', 'Bruno']);
  });
});

describe('time off that is asked for', () => {
  /** A member asks for the day of a visit of theirs, and for days long after it. */
  async function asked(shop) {
    const [amara] = shop.staff;
    const member = await arrive(server, amara);
    const client = { name: 'Ravi Shah', email: 'ravi@client.example' };
    const { booking } = await bookVisit(shop, { staff_id: amara.id, client });
    const ask = async (start, end, reason) =>
      expectStatus(await member.post('/time-off-requests', { start, end, reason }), 201);
    const visitDay = booking.local.slice(0, 10);
    return {
      member,
      requests: [await ask(visitDay, visitDay, 'Family visit'), await ask(dateIn(40), dateIn(42), 'Course')],
    };
  }
  const statusesOf = async (member) =>
    Object.fromEntries((await member.list('/time-off-requests')).map((each) => [each.reason, each.status]));

  test('is decided with a note; the member is told, and what lies in it is listed', async (t) => {
    const shop = await makeShop(server);
    const { member } = await asked(shop);
    const page = await open(t, shop, '?view=requests');
    const row = page.getByRole('listitem').filter({ hasText: 'Family visit' });
    await row.getByLabel('Note to them').fill('Enjoy!');
    await row.getByRole('button', { name: 'Approve: Amara' }).click();
    await page.getByText('Approved. Amara is told.').waitFor();
    await page.getByRole('heading', { name: 'One visit lies in it' }).waitFor();
    await notOnBody(page);
    const mail = await letter(server, shop.staff[0].email, /Enjoy!/);
    assert.match(mail.subject, /approved/);
    const [off] = await member.list(`/staff/${shop.staff[0].id}/time-off`);
    assert.equal(off.reason, 'Family visit');

    const course = page.getByRole('listitem').filter({ hasText: 'Course' });
    const [first, last] = [dateIn(40), dateIn(42)].map((date) => Number(date.slice(8)));
    assert.match(await course.innerText(), new RegExp(`\\b${first}\\b[^\\n]*\\b${last}\\b`));
    await button(page, 'Decline: Amara').click();
    await page.getByText('Declined. Amara is told.').waitFor();
    await heading(page, 'Nothing to decide').waitFor();
    await letter(server, shop.staff[0].email, /declined/i);
    assert.deepEqual(await statusesOf(member), { 'Family visit': 'approved', Course: 'declined' });
  });

  test('and was withdrawn meanwhile is not decided, and the page says why', async (t) => {
    const shop = await makeShop(server);
    const { member, requests } = await asked(shop);
    const page = await open(t, shop, '?view=requests');
    await page.route('**/api/v1/time-off-requests/*/approve', async (route) => {
      expectStatus(await member.post(`/time-off-requests/${requests[1].id}/withdraw`), 200);
      await route.continue();
    });
    const row = page.getByRole('listitem').filter({ hasText: 'Course' });
    await row.getByRole('button', { name: 'Approve: Amara' }).click();
    await becomes(async () => (await statusesOf(member)).Course, 'withdrawn');
    await page.getByText(/Somebody changed this|is withdrawn already/).first().waitFor();
  });
});

describe('the screens', () => {
  test('keep the part that is open over Back and reload, and an old link to a member leads there', async (t) => {
    const shop = await makeShop(server);
    const page = await open(t, shop, `?member=${shop.staff[1].id}`);
    await heading(page, 'Bruno').waitFor();
    await page.getByRole('link', { name: 'Hours' }).click();
    await page.getByLabel('Monday, from').first().waitFor();
    await page.reload();
    await page.getByLabel('Monday, from').first().waitFor();
    await page.goBack();
    await page.getByLabel('See reports').waitFor();
    await page.getByRole('link', { name: 'All people' }).click();
    await page.getByRole('link', { name: 'Time off' }).click();
    await heading(page, 'Nothing to decide').waitFor();
  });

  test('say what did not load and can be asked again', async (t) => {
    const shop = await makeShop(server);
    const page = await openPage(t, WIDE);
    await signInOwner(page, server, shop);
    await page.route('**/api/v1/staff?*', (route) => answer(route, 503, { code: 'too_busy' }));
    await page.goto(`${server.baseUrl}/app/team`);
    await page.getByText('This did not load.').waitFor();
    await page.unrouteAll();
    await button(page, 'Try again').click();
    await page.getByRole('link', { name: 'Amara' }).waitFor();
  });

  test('have no accessibility faults in light and dark, wide and narrow, and never scroll sideways', async (t) => {
    const shop = await makeShop(server);
    const [amara] = shop.staff;
    const { booking } = await bookVisit(shop, { staff_id: amara.id, client: { name: 'Ravi Shah', email: 'r@client.example' } });
    expectStatus(await shop.owner.patch(`/staff/${amara.id}`, {
      service_ids: amara.service_ids.filter((id) => !booking.service_ids.includes(id)),
    }), 200);
    const states = [
      ['', '#left-title'],
      ['?member=new', 'text=Manage stock'],
      [`/${amara.id}`, 'text=Manage stock'],
      [`/${amara.id}?tab=hours`, '.week'],
      [`/${amara.id}?tab=away`, '.state'],
      ['?view=requests', '.state'],
    ];
    for (const [size, scheme] of [[WIDE, 'dark'], [PHONE, 'light']]) {
      const page = await open(t, shop, '', { ...size, scheme });
      for (const [path, sign] of states) {
        await page.goto(`${server.baseUrl}/app/team${path}`);
        await page.locator(sign).first().waitFor();
        await assertAccessible(page, `${path} ${scheme}`);
      }
    }
    const narrow = await open(t, shop, '', { width: 320, height: 640 });
    for (const [path, sign] of states) {
      await narrow.goto(`${server.baseUrl}/app/team${path}`);
      await narrow.locator(sign).first().waitFor();
      await assertNoSidewaysScroll(narrow, path);
    }
  });
});
