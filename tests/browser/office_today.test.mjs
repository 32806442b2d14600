// SPDX-License-Identifier: AGPL-3.0-or-later
// The owner's first page: what waits is settled where it stands and the focus is never lost, tomorrow
// is explained, the next two hours and the money are in sight, and the booking page is opened.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { mailGone, sql } from '../lib/contents.mjs';
import { pastVisit, rated } from '../lib/feedback.mjs';
import { arrive } from '../lib/members.mjs';
import { dateIn, everyDay, noonZone } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs, focused, openPage, tabTo } from './lib/browser.mjs';
import { WIDE, openOffice, signInMember, writeTo } from './lib/office.mjs';
import { button, heading } from './lib/people.mjs';
import { LONE, bookVisit, makeShop } from './lib/shop.mjs';
import { answer } from './lib/team.mjs';

const HOUR_MS = 3_600_000;
const TARGET_PX = 44;
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';

let server;
let jobs = 4711;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

/* ---- what waits, made as it comes about ---- */

/** About noon there, and open from six to ten in the evening. */
const shopOf = (options = {}) =>
  makeShop(server, {
    ...LONE,
    timezone: noonZone(),
    hours: everyDay('06:00', '22:00'),
    policy: { slot_step_min: 5, min_notice_min: 0, cancel_cutoff_min: 0 },
    ...options,
  });
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z');
const hour = () => Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

const book = async (shop, start, name, more = {}) =>
  expectStatus(
    await shop.owner.post('/bookings', {
      service_ids: [shop.services[0].id],
      staff_id: shop.staff[0].id,
      start: iso(start),
      client: { name, email: `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}@client.example`, phone: '+33 6 12-34-56' },
      ...more,
    }),
    201,
  );

/** Ended, and nobody has said what came of it. */
const unmarked = (shop, name) =>
  pastVisit(shop, { complete: false, override_hours: true, client: { name, phone: '+33 1 99 00 11 22' } });

/** Cancelled by the business, of somebody whom no letter reaches. */
async function untold(shop, name, days = 4) {
  const visit = await book(shop, hour() + days * 24 * HOUR_MS, name, { client: { name, phone: '+33 6 12-34-56' } });
  expectStatus(await shop.owner.post(`/bookings/${visit.id}/cancel`, {}), 200);
  return visit;
}

async function parked(shop, visit) {
  jobs += 1;
  await sql(
    server,
    'INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id, status,' +
      ' anchor_s, due_s, attempts, last_error, created_s, ended_s) VALUES' +
      ` (${shop.workspace.id}, ${jobs}, 'booking_reminder', ${visit.id}, 'parked', ${visit.id},` +
      ` ${visit.client.id}, 'parked', 0, 0, 8, 'The database was away.', 0, ${Math.floor(Date.now() / 1000) - 7200})`,
  );
  return jobs;
}

async function asked(shop, start, name) {
  await shop.owner.patch('/workspace', { auto_confirm: false });
  const client = { name, email: `${name.toLowerCase()}@client.example` };
  const { booking } = expectStatus(await shop.book({ start: iso(start), client }), 201);
  return booking;
}

/** One of everything. */
async function fill(shop) {
  await unmarked(shop, 'Ravi Shah');
  const far = await untold(shop, 'Ines Duarte');
  await rated(server, shop, { stars: 2, comment: 'I waited for half an hour.' }, { override_hours: true });
  await parked(shop, far);
  await writeTo(shop, 'Mei Lin', 'Are you open on Sunday?');
  await asked(shop, hour() + 27 * HOUR_MS, 'Bea');
}

/* ---- the page ---- */

const open = (t, shop, options = WIDE) => openOffice(t, server, shop, '/app', options);
const panel = (page) => page.getByRole('region', { name: 'Needs you now' });
const rows = (page) => panel(page).getByRole('listitem');
const row = (page, text) => rows(page).filter({ hasText: text });
const names = (page) => rows(page).locator('strong').allInnerTexts();
const inRow = (page, text, label) => row(page, text).getByRole('button', { name: label });
const nothingWaits = (page) => panel(page).getByText('Nothing waits for you').waitFor();
const toast = (page, text) => page.locator('.toast').filter({ hasText: text });
const focusLabel = (page, wanted) =>
  becomes(() => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent), wanted);
const statusOf = async (shop, { id }) => (await shop.owner.get(`/bookings/${id}`)).body.status;

describe('what waits', () => {
  test('is marked one after the other, by mouse and by keyboard, and the focus goes on', async (t) => {
    const shop = await shopOf();
    const cleo = await unmarked(shop, 'Cleo');
    const ravi = await unmarked(shop, 'Ravi'); // each lies before the last
    const page = await open(t, shop);
    await becomes(() => names(page), ['Ravi', 'Cleo']);
    await becomes(() => row(page, 'Ravi').innerText(), /, \d\d:\d\d · Cut · Amara/);
    await inRow(page, 'Ravi', /^Completed/).click();
    await toast(page, 'Ravi: completed').waitFor();
    await becomes(() => names(page), ['Cleo']);
    await focusLabel(page, /^Completed: Cleo/);
    await page.keyboard.press('Tab');
    await focusLabel(page, /^Did not come: Cleo/);
    await page.keyboard.press('Enter');
    await nothingWaits(page);
    await focusIs(page, 'Needs you now');
    await becomes(() => statusOf(shop, ravi), 'completed');
    await becomes(() => statusOf(shop, cleo), 'no_show');
  });

  test('is six at first and the rest on request; no double click and no held key marks two', async (t) => {
    const shop = await shopOf();
    for (const name of ['H', 'G', 'F', 'E', 'D', 'C', 'B', 'A']) await unmarked(shop, name);
    const page = await open(t, shop);
    await becomes(() => names(page), ['A', 'B', 'C', 'D', 'E', 'F']);
    await button(page, 'Show 2 more').click();
    await becomes(async () => (await names(page)).length, 8);
    await focusLabel(page, /^Completed: G/);
    await inRow(page, /^G/, /^Completed/).click();
    await focusLabel(page, /^Completed: H/);
    const at = await inRow(page, /^A/, /^Completed/).boundingBox();
    const press = async (clickCount) => {
      await page.mouse.move(at.x + 5, at.y + 10);
      await page.mouse.down({ clickCount });
      await page.mouse.up({ clickCount });
    };
    await press(1);
    await becomes(async () => (await names(page))[0], 'B');
    await press(2); // the second half of a double click
    await focusLabel(page, /^Completed: B/);
    await page.keyboard.down('Enter');
    await becomes(async () => (await names(page))[0], 'C');
    await focusLabel(page, /^Completed: C/);
    await page.keyboard.down('Enter'); // again without having come up: it repeats
    await page.keyboard.up('Enter');
    await tabTo(page, 'Did not come');
    await becomes(async () => (await shop.owner.list('/bookings?unmarked=true')).length, 5);
    await becomes(() => names(page), ['C', 'D', 'E', 'F', 'H']);
  });

  test('that somebody else has seen to goes and says so; what is refused comes back with the reason', async (t) => {
    const shop = await shopOf();
    const visit = await unmarked(shop, 'Cleo');
    await unmarked(shop, 'Ravi');
    const page = await open(t, shop);
    await page.route('**/api/v1/events', (route) => answer(route, 404)); // else the row goes by itself
    await page.reload();
    await inRow(page, 'Cleo', /^Completed/).waitFor();
    expectStatus(await shop.owner.post(`/bookings/${visit.id}/no-show`), 200);
    await inRow(page, 'Cleo', /^Completed/).click();
    await toast(page, /^Cleo, .+: somebody has seen to it meanwhile\./).waitFor();
    await becomes(() => names(page), ['Ravi']);

    let behave = (route) => route.abort();
    await page.route('**/complete', (route) => behave(route));
    await inRow(page, 'Ravi', /^Completed/).click();
    await toast(page, 'We could not get through').waitFor();
    await becomes(() => names(page), ['Ravi']);
    behave = (route) => answer(route, 422, { code: 'gate_unmet', detail: 'Cut needs a test.' });
    await inRow(page, 'Ravi', /^Completed/).click();
    await toast(page, /Ravi.*Cut needs a test\./).waitFor();
    behave = (route) => route.continue();
    await inRow(page, 'Ravi', /^Completed/).click();
    await nothingWaits(page);
    assert.deepEqual(await shop.owner.list('/bookings?unmarked=true'), []);
  });

  test('a request is confirmed; one that was declined comes back by Undo', async (t) => {
    const shop = await shopOf();
    const bea = await asked(shop, hour() + 3 * HOUR_MS, 'Bea');
    const zoe = await asked(shop, hour() + 5 * HOUR_MS, 'Zoe');
    const page = await open(t, shop);
    await becomes(() => names(page), ['Bea', 'Zoe']);
    await inRow(page, 'Bea', /^Confirm/).click();
    await toast(page, 'Bea: confirmed').waitFor();
    await focusLabel(page, /^Confirm: Zoe/);
    await inRow(page, 'Zoe', /^Decline/).click();
    const said = toast(page, 'Zoe: declined');
    await said.waitFor();
    await nothingWaits(page);
    await becomes(() => statusOf(shop, zoe), 'cancelled');
    await said.getByRole('button', { name: 'Undo' }).click();
    await toast(page, 'Zoe: back in the diary').waitFor();
    await becomes(() => names(page), ['Zoe']);
    await becomes(() => statusOf(shop, zoe), 'pending');
    await becomes(() => statusOf(shop, bea), 'confirmed');
  });

  test('what was marked by mistake is taken back by Undo, and waits again', async (t) => {
    const shop = await shopOf();
    const visit = await unmarked(shop, 'Cleo');
    const page = await open(t, shop);
    await inRow(page, 'Cleo', /^Completed/).click();
    await becomes(() => statusOf(shop, visit), 'completed');
    await page.getByRole('button', { name: 'Undo' }).click();
    await becomes(() => statusOf(shop, visit), 'confirmed');
    await becomes(() => names(page), ['Cleo']);
  });

  test('a visit that something has to come before says what, where it is booked, and goes once it is there', async (t) => {
    const shop = await shopOf();
    const [cut] = shop.services;
    const staffIds = [shop.staff[0].id];
    const patch = expectStatus(
      await shop.owner.post('/services', { name: 'Patch test', duration_min: 15, price: 0, staff_ids: staffIds }),
      201,
    );
    const requires = [{ kind: 'patch_test', service_id: patch.id, lead_hours: 48 }];
    expectStatus(await shop.owner.patch(`/services/${cut.id}`, { requires }), 200);
    const client = { name: 'Rosa Blum', email: 'rosa@client.example', phone: '+33 6 77' };
    const first = await book(shop, hour() + 48 * HOUR_MS, 'Rosa', { client, service_ids: [patch.id] });
    await book(shop, hour() + 144 * HOUR_MS, 'Rosa', { client });
    expectStatus(await shop.owner.post(`/bookings/${first.id}/cancel`, {}), 200);
    const page = await open(t, shop);
    await becomes(() => row(page, 'Rosa').innerText(), /Cut needs "Patch test" at least 48 hours before it/);
    const link = panel(page).getByRole('link', { name: 'Book Patch test' });
    assert.equal(await link.getAttribute('href'), `/book/${shop.slug}?service=${patch.id}`);
    const call = panel(page).getByRole('link', { name: 'Call +33 6 77' });
    assert.equal(await call.getAttribute('href'), 'tel:+33677');
    expectStatus(await shop.owner.post(`/bookings/${first.id}/restore`, {}), 200);
    await becomes(() => row(page, 'Rosa').count(), 0); // by the event stream
  });

  test('letters, ratings, jobs and time off are settled; stock and conversations are led to', async (t) => {
    const shop = await shopOf({ items: [{ name: 'Foil', on_hand: 4, reorder_point: 5 }] });
    await untold(shop, 'Ines Duarte');
    const mei = await book(shop, hour() + 52 * HOUR_MS, 'Mei Lin');
    await mailGone(server);
    await sql(
      server,
      "UPDATE message SET status = 'failed', untold = 1, delivery = NULL, last_error = 'no answer'" +
        ` WHERE booking_id = ${mei.id} AND kind = 'booking_confirmation'`,
    );
    await rated(server, shop, { stars: 2, comment: 'I waited.' }, { override_hours: true });
    await parked(shop, mei);
    await writeTo(shop, 'Zoe Park', 'May I bring my dog?');
    const amara = await arrive(server, shop.staff[0]);
    const away = { start: iso(hour() + 240 * HOUR_MS), end: iso(hour() + 264 * HOUR_MS), reason: 'A wedding' };
    expectStatus(await amara.post('/time-off-requests', away), 201);

    const page = await open(t, shop);
    await button(page, /^Show \d more$/).click();
    await becomes(() => row(page, 'Ines').innerText(), /We have no e-mail address for them/);
    assert.equal(await inRow(page, 'Ines', /^Send again/).count(), 0);
    await inRow(page, 'Ines', /^I have told them/).click();
    await toast(page, 'Noted: Ines Duarte has been told').waitFor();
    await row(page, 'Not told').getByRole('button', { name: /^Send again: Mei/ }).click();
    await toast(page, 'The letter to Mei Lin goes out again').waitFor();
    await row(page, 'I waited.').getByRole('img', { name: '2 of 5 stars' }).waitFor();
    await row(page, 'I waited.').getByRole('button', { name: /^Seen to it/ }).click();
    await toast(page, 'is seen to').getByRole('button', { name: 'Undo' }).click();
    await row(page, 'I waited.').getByRole('button', { name: /^Seen to it/ }).click();
    await becomes(() => row(page, 'I waited.').count(), 0);
    await becomes(() => row(page, 'Reminding of a visit').innerText(), /The database was away\./);
    await inRow(page, 'Reminding of a visit', /^Try again/).click();
    await becomes(() => row(page, 'A wedding').innerText(), /Amara/);
    await inRow(page, 'A wedding', /^Approve/).click();
    await becomes(() => row(page, 'A wedding').count(), 0);

    const told = async () => (await shop.owner.list('/emails/not-told')).length;
    await becomes(told, 0);
    await becomes(async () => (await shop.owner.list('/ratings?attention=true')).length, 0);
    await becomes(async () => (await shop.owner.list('/jobs')).length, 0);
    await becomes(async () => (await shop.owner.list(`/staff/${shop.staff[0].id}/time-off`)).length, 1);
    const receive = row(page, 'Foil').getByRole('link', { name: /^Receive stock/ });
    assert.equal(await receive.getAttribute('href'), `/app/inventory/${shop.items[0].id}?do=receive`);
    await row(page, 'Zoe Park').getByRole('link', { name: /^Answer/ }).click();
    await page.waitForURL(/\/app\/inbox\/\d+/);
  });

  test('every kind is reached and settled by keyboard alone', async (t) => {
    const shop = await shopOf();
    await fill(shop);
    const page = await open(t, shop);
    await becomes(async () => (await names(page)).length, 6);
    for (const label of ['Confirm', 'Did not come', 'I have told them', 'Seen to it', 'Try again']) {
      const left = await rows(page).count();
      if (!(await focused(page)).includes(label)) await tabTo(page, label);
      await page.keyboard.press('Enter');
      await becomes(() => rows(page).count(), left - 1);
      await becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);
    }
    await becomes(() => names(page), ['Mei Lin']);
  });
});

describe('the day', () => {
  test('its figures, the next two hours and tomorrow are in one screen on a desk', async (t) => {
    const shop = await shopOf();
    const soon = Math.floor(Date.now() / 300_000) * 300_000 + 900_000;
    const visit = await book(shop, soon, 'Cleo Lane');
    await fill(shop);
    const page = await open(t, shop);
    await heading(page, 'Next two hours').waitFor();
    await page.getByText('Money today').waitFor();
    await page.getByRole('img', { name: /of 100$/ }).waitFor();
    for (const what of [heading(page, 'Needs you now'), page.getByText('Money today'), page.getByRole('img', { name: /of 100$/ }), page.locator('.next-visit')]) {
      const box = await what.boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= 900, `${await what.innerText().catch(() => 'the ring')} at ${box.y}`);
    }
    const line = page.getByRole('region', { name: 'Next two hours' });
    await line.getByRole('link', { name: /to \d\d:\d\d: Cleo Lane, Cut/ }).click();
    await becomes(() => new URL(page.url()).searchParams.get('visit'), visit.id);
    await page.goBack();
    const figures = await page.locator('.figures').innerText();
    assert.match(figures, /Visits today\s+\d+[\s\S]*Money today\s+€\d+/);
    await page.getByRole('region', { name: 'Week at a glance' }).getByRole('link', { name: /visits?, €/ }).first().waitFor();
  });

  test('what comes in shows by itself, and does not move the row that one is at', async (t) => {
    const shop = await shopOf();
    await unmarked(shop, 'Ravi');
    const page = await open(t, shop);
    await tabTo(page, 'Completed');
    const before = await row(page, 'Ravi').boundingBox();
    await asked(shop, hour() + 4 * HOUR_MS, 'Bea'); // more pressing: it would stand first
    await becomes(() => names(page), ['Ravi', 'Bea']);
    assert.equal((await row(page, 'Ravi').boundingBox()).y, before.y);
    await focusLabel(page, /^Completed: Ravi/);
    await heading(page, 'Today').click();
    await page.evaluate(() => document.activeElement.blur());
    await becomes(() => names(page), ['Bea', 'Ravi']);
    await page.getByRole('region', { name: 'Recent activity' }).getByRole('link', { name: 'Bea' }).first().waitFor();
  });

  test('tomorrow’s score is the sum of its causes, and one that is mended no longer counts', async (t) => {
    const shop = await shopOf({ staff: ['Amara', 'Bruno'] });
    await asked(shop, hour() + 24 * HOUR_MS, 'Bea');
    await book(shop, hour() + 27 * HOUR_MS, 'Cleo');
    const off = { start: iso(hour() + 27.5 * HOUR_MS), end: iso(hour() + 30 * HOUR_MS), reason: 'x' };
    const page = await open(t, shop);
    const health = page.getByRole('region', { name: 'Tomorrow’s health' });
    await health.getByRole('img', { name: '97 of 100' }).waitFor();
    expectStatus(await shop.owner.post(`/staff/${shop.staff[0].id}/time-off`, off), 201);
    await page.reload();
    await health.getByRole('img', { name: '82 of 100' }).waitFor();
    await health.getByText('100 − 18 points = 82').waitFor();
    await becomes(() => health.getByRole('listitem').filter({ hasText: 'Cleo' }).innerText(), /15[\s\S]*has time off[\s\S]*15 min/);
    await health.getByRole('button', { name: /^Confirm: Bea/ }).click();
    await health.getByRole('img', { name: '85 of 100' }).waitFor();
    await becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);
    await health.getByRole('link', { name: /^Move…: Cleo/ }).click();
    await becomes(() => new URL(page.url()).searchParams.get('visit'), /^\d+$/);
  });

  test('what does not load says so beside the rest, and is read again on request', async (t) => {
    const shop = await shopOf();
    await unmarked(shop, 'Cleo');
    const page = await openPage(t, WIDE);
    await page.route('**/api/v1/health', (route) => answer(route, 403, { detail: 'Not now.' }));
    await page.route('**/api/v1/dashboard', (route) => answer(route, 403, { detail: 'Not now.' }));
    await page.goto(`${server.baseUrl}/login`);
    await page.getByLabel('Email').fill(shop.ownerEmail);
    await page.getByLabel('Password', { exact: true }).fill(shop.ownerPassword);
    await button(page, 'Sign in').click();
    await page.getByRole('alert').getByText('Not now.').waitFor();
    await page.unroute('**/api/v1/dashboard');
    await button(page, 'Try again').click();
    await becomes(() => names(page), ['Cleo']);
    const health = page.getByRole('region', { name: 'Tomorrow’s health' });
    await health.getByRole('alert').waitFor();
    await page.unroute('**/api/v1/health');
    await health.getByRole('button', { name: 'Try again' }).click();
    await health.getByText('No visits yet').waitFor();
  });
});

test('a new business is led to its setting up, publishes, and copies its link', async (t) => {
  const fresh = await makeShop(server, { staff: [], services: [], publish: false, timezone: noonZone() });
  const page = await openPage(t, { ...WIDE, permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${server.baseUrl}/login`);
  await page.getByLabel('Email').fill(fresh.ownerEmail);
  await page.getByLabel('Password', { exact: true }).fill(fresh.ownerPassword);
  await button(page, 'Sign in').click();
  await heading(page, 'Let’s get you ready for your first booking').waitFor();
  const start = page.getByRole('link', { name: 'Start setting up' });
  assert.equal(await start.getAttribute('href'), '/app/start');
  await assertAccessible(page, 'first use');
  await page.getByText('2 things are missing.').waitFor();
  const fix = page.getByRole('link', { name: /^Fix: Add a service/ });
  assert.equal(await fix.getAttribute('href'), '/app/services');
  await button(page, 'Publish booking page').click();
  await page.getByRole('alert').getByText('Not everything is ready yet.').waitFor();

  const { user } = expectStatus(await fresh.owner.get('/session'), 200);
  const staff = (await fresh.owner.list('/staff')).find(({ name }) => name === user.name);
  expectStatus(await fresh.owner.patch(`/staff/${staff.id}`, { bookable: true }), 200);
  const cut = { name: 'Cut', duration_min: 45, price: 4500, staff_ids: [staff.id] };
  expectStatus(await fresh.owner.post('/services', cut), 201);
  await page.reload();
  await page.getByText('Everything that a booking needs is in place.').waitFor();
  await button(page, 'Publish booking page').click();
  await toast(page, 'Your booking page is live').waitFor();
  await page.getByRole('link', { name: 'Open the page' }).waitFor();
  await button(page, 'Copy link').click();
  await toast(page, 'Link copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${server.baseUrl}/book/${fresh.slug}`);
  await nothingWaits(page);
});

test('a member of staff is led to their own day, and nothing of it is asked for', async (t) => {
  const shop = await shopOf();
  const { email } = shop.staff[0];
  const password = 'another long secret 8';
  await arrive(server, shop.staff[0], { password });
  const page = await openPage(t);
  const seen = [];
  page.on('request', (request) => /\/api\/v1\/(dashboard|health)/.test(request.url()) && seen.push(request.url()));
  await signInMember(page, server, { email, password });
  await page.goto(`${server.baseUrl}/app`);
  await page.waitForURL('**/staff');
  assert.deepEqual(seen, []);
});

const smallTargets = (page) =>
  page.locator('.today').evaluate(
    (root, least) =>
      [...root.querySelectorAll('a, button')]
        .map((each) => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
        .filter(([html, { width, height }]) => !html.includes('next-visit') && (height < least || width < least))
        .map(([html, { width, height }]) => `${html} ${width}×${height}`),
    TARGET_PX,
  );

test('axe finds nothing, full and empty, light and dark; nothing is too wide or too small to tap', async (t) => {
  const shop = await shopOf({ items: [{ name: LONG, on_hand: 4, reorder_point: 5 }] });
  await book(shop, Math.floor(Date.now() / 300_000) * 300_000 + 900_000, LONG);
  await fill(shop);
  await unmarked(shop, LONG);
  const empty = await shopOf();
  for (const view of [{ ...WIDE, scheme: 'light' }, { width: 390, height: 844, scheme: 'dark' }]) {
    for (const [of, isFull] of [[shop, true], [empty, false]]) {
      const page = await open(t, of, view);
      await (isFull ? row(page, 'Ines').first().waitFor() : nothingWaits(page));
      await page.getByRole('img', { name: /of 100$/ }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      await assertAccessible(page, `${isFull ? 'full' : 'empty'}, ${view.scheme}, ${view.width} px`);
      await assertNoSidewaysScroll(page, `${view.width} px`);
      if (view.width === 390) {
        assert.deepEqual(await smallTargets(page), []);
        await page.setViewportSize({ width: 320, height: 640 });
        await assertNoSidewaysScroll(page, '320 px');
      }
    }
  }
});
