// SPDX-License-Identifier: AGPL-3.0-or-later
// The staff's portal with a network: the day, a visit from its start to its finish, the week, the
// member's own time, messages; by thumb and by keyboard.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { becomes, closeBrowser, focusIs, openPage, tabTo } from './lib/browser.mjs';
import { fakeInbox, makeStaffed } from './lib/staff.mjs';

const LIVE_MS = 10_000; // far below the minute after which the page would ask by itself

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const button = (page, name) => page.getByRole('button', { name });
const heading = (page, name) => page.getByRole('heading', { name });
const link = (page, name) => page.getByRole('link', { name });

describe('today', () => {
  test('the next client comes first, with what the visit needs and no way to reach them', async (t) => {
    const salon = await makeStaffed(server);
    await salon.visitIn(90, { name: 'Ravi Shah' });
    const next = await salon.visitIn(20, { notes: 'Prefers silence' });
    await salon.alerts(next, ['Allergic to PPD']);
    await salon.visitIn(40, { name: 'Of a colleague', staff: salon.colleague });
    const page = await salon.openPortal(t);
    const card = page.locator('.next');
    await card.waitFor();
    const text = await card.innerText();
    for (const part of ['Next', 'Mei Lin', 'Root colour', 'Allergic to PPD']) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.match(text, /in (20|19) min/); // a minute may have passed
    assert.match(text, /Prepare Root colour 6\.1 60 ml, Foil 1\.5 piece/);
    assert.match(text, /Prefers silence/);
    const all = await page.locator('main').innerText();
    assert.match(all, /Later[\s\S]*Ravi Shah/);
    assert.doesNotMatch(all, /colleague/);
    assert.doesNotMatch(await page.content(), /client\.example/);
  });

  test('an empty day, a day that is done and a day that did not load are three different things', async (t) => {
    const salon = await makeStaffed(server);
    const page = await salon.openPortal(t);
    await page.getByText('No visits today').waitFor();
    await link(page, 'See your week').click();
    await heading(page, / – /).waitFor();

    const visit = await salon.visitIn(-60);
    expectStatus(await salon.client.post(`/bookings/${visit.id}/complete`), 200);
    await page.goto(`${server.baseUrl}/staff`);
    await page.getByText('All done for today').waitFor();

    const broken = await openPage(t, { zone: salon.zone });
    await broken.route('**/api/v1/bookings?**', (route) => route.fulfill({ status: 500 }));
    await broken.route('**/api/v1/events', (route) => route.fulfill({ status: 404 })); // reads nothing again
    await salon.openPortal(t, { page: broken, path: '?view=week' });
    await broken.getByText('This part did not load.').waitFor();
    await broken.unroute('**/api/v1/bookings?**');
    await button(broken, 'Try again').click();
    await link(broken, /Mei Lin/).waitFor();
  });

  test('comes with the page, and what does not is drawn as bones while it is read', async (t) => {
    const salon = await makeStaffed(server);
    await salon.visitIn(20);
    const page = await openPage(t, { zone: salon.zone });
    let answer;
    const held = new Promise((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/v1/bookings?**', async (route) => {
      await held;
      await route.continue();
    });
    await salon.openPortal(t, { page });
    await page.locator('.next').getByText('Mei Lin').waitFor();
    await link(page, 'Week').click();
    await page.locator('.bones').first().waitFor({ state: 'attached' });
    assert.equal(await page.locator('.bones [role=status]').innerText(), 'Loading…');
    answer();
    await page.locator('.days').getByText('Mei Lin').waitFor();
    await page.locator('.bones').first().waitFor({ state: 'detached' });
  });

  test('what happens elsewhere appears by itself', async (t) => {
    const salon = await makeStaffed(server);
    let tell;
    const told = new Promise((resolve) => {
      tell = resolve;
    });
    const page = await openStream(t, salon, told);
    await page.getByText('No visits today').waitFor();
    const visit = await salon.visitIn(30);
    tell(`id: 1\nevent: booking.created\ndata: {"id":"${visit.id}"}\n\n`);
    await page.locator('.next').getByText('Mei Lin').waitFor();
  });

  /** The stream says nothing until the test does. */
  async function openStream(t, salon, told) {
    const page = await openPage(t, { zone: salon.zone });
    await page.route('**/api/v1/events', async (route) => {
      await route.fulfill({ contentType: 'text/event-stream', body: await told });
    });
    return salon.openPortal(t, { page });
  }

  test('a visit that nobody has begun goes on being asked about after its time', async (t) => {
    const salon = await makeStaffed(server);
    await salon.visitIn(-120, { name: 'Zoe Park' });
    await salon.visitIn(-10);
    const page = await salon.openPortal(t);
    await page.getByText(/1[01] min late/).waitFor(); // a minute may have passed
    const all = await page.locator('main').innerText();
    assert.match(all, /Mei Lin[\s\S]*Not finished yet[\s\S]*Zoe Park/);
  });
});

describe('a visit', () => {
  test('is started, finished with what was really used, and the next one comes up', async (t) => {
    const salon = await makeStaffed(server);
    const visit = await salon.visitIn(5);
    await salon.visitIn(60, { name: 'Ravi Shah', service: 0 });
    const page = await salon.openPortal(t);
    await button(page, 'Start visit').click();
    await page.locator('.next').getByText('Now').waitFor();
    await page.locator('.next').getByText('has just begun').waitFor();
    assert.notEqual((await until(salon, visit, (each) => each.started_at)).started_at, null);

    await link(page, 'Finish visit').click();
    await heading(page, 'Finish Mei Lin').waitFor();
    await focusIs(page, /^Finish Mei Lin/);
    const colour = page.getByLabel('Root colour 6.1 (ml)');
    assert.equal(await colour.inputValue(), '60');
    await button(page, 'Less Root colour 6.1').click();
    await button(page, 'Less Root colour 6.1').click();
    await becomes(() => colour.inputValue(), '50');
    await page.getByLabel('Foil (piece)').fill('a few');
    await button(page, 'Finish visit').click();
    await page.getByText('Give a number such as 30').waitFor();
    await focusIs(page, await page.getByLabel('Foil (piece)').getAttribute('id'));
    await page.getByLabel('Foil (piece)').fill('2,5');
    await button(page, 'Finish visit').click();

    await page.locator('.next').getByText('Ravi Shah').waitFor();
    await focusIs(page, /\d+ November|\d+ \w+/);
    const done = await until(salon, visit, (each) => each.status === 'completed');
    assert.deepEqual(done.materials.map((each) => each.used), [50, 2.5]);
    await link(page, /Mei Lin/).click();
    await page.locator('main .view').getByText('Finished').waitFor();
    assert.match(await page.locator('main .view').innerText(), /Used[\s\S]*50 ml[\s\S]*2\.5 piece/);
    assert.equal(await link(page, 'Finish visit').count(), 0);
    await link(page, /^Next: .* Ravi Shah/).click();
    await heading(page, 'Ravi Shah').waitFor();
  });

  async function until(salon, visit, isSo) {
    for (let tries = 0; tries < 200; tries += 1) {
      const now = await salon.read(visit);
      if (isSo(now)) return now;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the visit did not change');
  }

  test('that nobody came to asks once, since that cannot be undone', async (t) => {
    const salon = await makeStaffed(server);
    const visit = await salon.visitIn(-20);
    const page = await salon.openPortal(t, { path: `?visit=${visit.id}` });
    await link(page, 'Did not come').click();
    await heading(page, 'Mei Lin did not come?').waitFor();
    await link(page, 'Back').click();
    await heading(page, 'Mei Lin').waitFor();
    assert.equal((await salon.read(visit)).status, 'confirmed');
    await link(page, 'Did not come').click();
    await button(page, 'Yes, did not come').click();
    await page.locator('.visits').getByText('Did not come').waitFor();
    await until(salon, visit, (each) => each.status === 'no_show');
  });

  test('of a colleague is not shown, and one of tomorrow cannot be started yet', async (t) => {
    const salon = await makeStaffed(server);
    const other = await salon.visitIn(20, { staff: salon.colleague });
    const later = await salon.visitIn(24 * 60);
    const page = await salon.openPortal(t, { path: `?visit=${other.id}` });
    await heading(page, 'This visit is not in your diary').waitFor();
    assert.doesNotMatch(await page.locator('main').innerText(), /Mei Lin/);
    await page.goto(`${server.baseUrl}/staff?visit=${later.id}`);
    await heading(page, 'Mei Lin').waitFor();
    assert.equal(await button(page, 'Start visit').count(), 0);
  });

  test('shows how to reach the client where the owner lets the member see it', async (t) => {
    const salon = await makeStaffed(server);
    const permissions = { permissions: ['bookings'] };
    expectStatus(await salon.owner.patch(`/staff/${salon.member.id}`, permissions), 200);
    const visit = await salon.visitIn(20);
    await salon.visitIn(40, { staff: salon.colleague, name: 'Of a colleague' });
    const page = await salon.openPortal(t, { path: `?visit=${visit.id}` });
    await link(page, 'mei.lin@client.example').waitFor();
    await link(page, 'Today').first().click();
    await page.locator('.next').waitFor();
    assert.doesNotMatch(await page.locator('main').innerText(), /colleague/, 'today is their own');
  });
});

describe('by keyboard', () => {
  test('a visit is opened, started and finished, and the focus never falls to the page', async (t) => {
    const salon = await makeStaffed(server);
    await salon.visitIn(5);
    const page = await salon.openPortal(t);
    await page.locator('.next').waitFor();
    await tabTo(page, 'Mei Lin');
    await page.keyboard.press('Enter');
    await heading(page, 'Mei Lin').waitFor();
    await focusIs(page, /^Mei Lin/);
    await tabTo(page, 'Start visit');
    await page.keyboard.press('Enter');
    await link(page, 'Finish visit').waitFor();
    await page.waitForFunction(() => document.activeElement !== document.body); // passed on by the button
    await tabTo(page, 'Finish visit');
    await page.keyboard.press('Enter');
    await heading(page, 'Finish Mei Lin').waitFor();
    await tabTo(page, 'Finish visit');
    await page.keyboard.press('Enter');
    await page.getByText('All done for today').waitFor();
    await focusIs(page, /\d+ \w+/);
    await page.goBack();
    await heading(page, 'Mei Lin').waitFor();
    await focusIs(page, /^Mei Lin/);
  });
});

describe('the week', () => {
  test('shows each day, moves by weeks, and Back and reload keep the place', async (t) => {
    const salon = await makeStaffed(server);
    await salon.visitIn(20);
    await salon.visitIn(7 * 24 * 60, { name: 'Ravi Shah' });
    const page = await salon.openPortal(t, { width: 1440, height: 900 });
    await link(page, 'Week').click();
    await link(page, /Mei Lin/).waitFor();
    await becomes(() => page.locator('.days > li').count(), 7);
    await link(page, 'Week after').click();
    await link(page, /Ravi Shah/).waitFor();
    await page.reload();
    await link(page, /Ravi Shah/).click();
    await heading(page, 'Ravi Shah').waitFor();
    await page.goBack();
    await link(page, /Ravi Shah/).waitFor();
    await page.goBack();
    await link(page, /Mei Lin/).waitFor();
  });
});

describe("the member's own time", () => {
  test('time off is asked for, withdrawn, asked for again, and the decision is shown', async (t) => {
    const salon = await makeStaffed(server);
    const page = await salon.openPortal(t, { path: '?view=me' });
    await button(page, 'Send request').click();
    await page.getByText('Choose a day.').waitFor();
    await focusIs(page, 'from');
    await page.getByLabel('First day').fill(dateIn(20));
    await page.getByLabel('Last day').fill(dateIn(19));
    await button(page, 'Send request').click();
    await page.getByText('The last day is before the first.').waitFor();
    await page.getByLabel('Last day').fill(dateIn(21));
    await page.getByLabel(/^Reason/).fill('Course');
    await button(page, 'Send request').click();
    await page.getByText('Your request is sent.').waitFor();
    await page.getByText('Waiting for an answer').waitFor();
    await button(page, /^Withdraw/).click();
    await page.getByText('Withdrawn', { exact: true }).waitFor();

    await page.getByLabel('Whole days').uncheck();
    await page.getByLabel('Day', { exact: true }).fill(dateIn(30));
    await page.getByLabel('From', { exact: true }).fill('14:00');
    await page.getByLabel('Until', { exact: true }).fill('16:30');
    await button(page, 'Send request').click();
    await page.getByText('Waiting for an answer').waitFor();
    const [request] = await salon.owner.list('/time-off-requests?status=pending');
    assert.equal(request.local_start.slice(0, 16), `${dateIn(30)}T14:00`);
    const decision = { note: 'Enjoy it' };
    expectStatus(await salon.owner.post(`/time-off-requests/${request.id}/approve`, decision), 200);
    await page.getByText('Approved').waitFor({ timeout: LIVE_MS });
    await page.getByText(/Enjoy it.*by Olive Owner/).waitFor();
  });

  test('the account is one tap away, and leads back', async (t) => {
    const salon = await makeStaffed(server);
    const page = await salon.openPortal(t, { path: '?view=me' });
    await link(page, 'Password, two-step sign-in, devices').click();
    await page.waitForURL('**/account');
    await page.getByText('This device').waitFor();
    await link(page, 'My day').click();
    await page.waitForURL('**/staff');
    await page.getByText('No visits today').waitFor();
  });

  test('own hours are shown as the owner set them', async (t) => {
    const salon = await makeStaffed(server);
    const page = await openPage(t, { zone: salon.zone });
    const hours = { inherits: false, weekly: [{ weekday: 1, start: '09:00', end: '17:30' }] };
    await page.route('**/api/v1/staff/*/hours', (route) => route.fulfill({ json: hours }));
    await salon.openPortal(t, { page, path: '?view=me' });
    const monday = page.locator('.hours div').filter({ hasText: 'Monday' });
    await monday.waitFor();
    assert.match(await monday.innerText(), /09:00 – 17:30/);
    assert.match(await page.locator('.hours').innerText(), /Sunday\s*Off/);
  });

  test('signing out leaves nothing of the day on the phone and closes the page', async (t) => {
    const salon = await makeStaffed(server);
    await salon.visitIn(20);
    const page = await salon.openPortal(t);
    await page.locator('.next').waitFor();
    await becomes(() => page.evaluate(() => JSON.stringify(localStorage)), /Mei Lin/);
    await link(page, 'My time').click();
    await button(page, 'Sign out').click();
    await page.waitForURL('**/login');
    assert.doesNotMatch(await page.evaluate(() => JSON.stringify(localStorage)), /Mei Lin|Amara/);
    await page.goto(`${server.baseUrl}/staff`);
    await page.waitForURL('**/login');
  });

  test('an owner is led to their own page', async (t) => {
    const salon = await makeStaffed(server);
    const page = await salon.openPortal(t, { who: salon.owner });
    await page.waitForURL('**/app');
  });
});

describe('messages', () => {
  test('are not offered where there are none to read', async (t) => {
    const salon = await makeStaffed(server);
    const page = await openPage(t, { zone: salon.zone });
    await page.route('**/api/v1/conversations**', (route) => route.fulfill({ status: 404 }));
    await salon.openPortal(t, { page });
    await page.getByText('No visits today').waitFor();
    assert.equal(await link(page, /Messages/).count(), 0);
  });

  test('are read and answered; what is typed outlives a failure and a reload', async (t) => {
    const salon = await makeStaffed(server);
    const page = await openPage(t, { zone: salon.zone });
    const inbox = await fakeInbox(page);
    await salon.openPortal(t, { page });
    await link(page, /Messages 1/).click();
    await link(page, /Mei Lin/).click();
    await page.getByText('Is there parking?').waitFor();
    await focusIs(page, /^Mei Lin/);
    await button(page, 'Send').click();
    await page.getByText('Write something first.').waitFor();
    await page.getByLabel('Message').fill('Yes, behind the house.');
    inbox.fails = true;
    await button(page, 'Send').click();
    await page.getByText('Something went wrong on our side.').waitFor();
    await page.reload();
    assert.equal(await page.getByLabel('Message').inputValue(), 'Yes, behind the house.');
    inbox.fails = false;
    await button(page, 'Send').click();
    await page.locator('.thread .out').getByText('behind the house').waitFor();
    await becomes(() => page.getByLabel('Message').inputValue(), '');
    await page.getByLabel('Internal note').check();
    await page.getByLabel('Note for the team').fill('Comes by car');
    await button(page, 'Save note').click();
    await page.locator('.thread .note').getByText('Comes by car').waitFor();
    assert.deepEqual(inbox.sent.map((each) => each.internal_note ?? false), [false, true]);
    assert.equal(inbox.keys.size, 2, 'each with a key of its own, the failed one with the same');
  });

  test('a visit opens the conversation with its client', async (t) => {
    const salon = await makeStaffed(server);
    const visit = await salon.visitIn(20);
    const page = await openPage(t, { zone: salon.zone });
    await fakeInbox(page);
    await salon.openPortal(t, { page, path: `?visit=${visit.id}` });
    await button(page, 'Write to Mei Lin').click();
    await page.getByText('Is there parking?').waitFor();
    assert.match(page.url(), /view=messages&with=71/);
  });
});
