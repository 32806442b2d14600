// SPDX-License-Identifier: AGPL-3.0-or-later
// What waits for the owner on their first page: each thing appears with what it is about, is settled
// where it stands, and the focus is never lost when its row goes.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { mailGone, sql } from '../lib/contents.mjs';
import { feedbackLink, pastVisit, rated } from '../lib/feedback.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import {
  assertNoSidewaysScroll,
  becomes,
  closeBrowser,
  focusIs,
  focused,
  openPage,
  tabTo,
} from './lib/browser.mjs';
import { button, heading, signInOwner } from './lib/people.mjs';
import { LONE, bookVisit, makeShop } from './lib/shop.mjs';
import { signInAs } from './lib/staff.mjs';
import { answer } from './lib/team.mjs';

const TARGET_PX = 44;
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';
const API = /\/api\/v1\/(bookings\?unmarked|emails\/not-told|ratings|jobs)/;

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

const shopOfOne = () => makeShop(server, LONE);

/** Ended, and nobody has said what came of it. */
const unmarked = (shop, name) =>
  pastVisit(shop, { complete: false, override_hours: true, client: { name, phone: '+33 1 99 00 11 22' } });

/** Cancelled by the business, of somebody whom no letter reaches. */
async function untold(shop, name, days = 4) {
  const [slot] = await shop.slots({ from: dateIn(days) });
  const visit = expectStatus(
    await shop.owner.post('/bookings', {
      service_ids: [shop.services[0].id],
      staff_id: shop.staff[0].id,
      start: slot.start,
      client: { name, phone: '+33 6 12-34-56' },
    }),
    201,
  );
  expectStatus(await shop.owner.post(`/bookings/${visit.id}/cancel`, {}), 200);
  return visit;
}

/** A letter that the mail service would not take. */
async function refused(shop, name) {
  const email = `${name.split(' ')[0].toLowerCase()}@client.example`;
  const { booking } = await bookVisit(shop, { client: { name, email } });
  await mailGone(server);
  await sql(
    server,
    "UPDATE message SET status = 'failed', untold = 1, delivery = NULL, last_error = 'no answer'" +
      ` WHERE booking_id = ${booking.id} AND kind = 'booking_confirmation'`,
  );
  return booking;
}

/** Work about a visit that the robot gave up. */
async function parked(shop, visit, error = 'The database was away.') {
  jobs += 1;
  await sql(
    server,
    'INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id, status,' +
      ' anchor_s, due_s, attempts, last_error, created_s, ended_s) VALUES' +
      ` (${shop.workspace.id}, ${jobs}, 'booking_reminder', ${visit.id}, 'parked', ${visit.id},` +
      ` ${visit.client.id}, 'parked', 0, 0, 8, '${error}', 0, ${Math.floor(Date.now() / 1000) - 7200})`,
  );
  return jobs;
}

/** One of everything. */
async function fill(shop) {
  await unmarked(shop, 'Ravi Shah');
  const far = await untold(shop, 'Ines Duarte');
  await refused(shop, 'Mei Lin');
  const words = { stars: 2, comment: 'I waited for half an hour.\nNobody said why.' };
  await rated(server, shop, words, { override_hours: true });
  await parked(shop, far);
}

/* ---- the page ---- */

async function openPanel(t, shop, options) {
  const page = await openPage(t, options);
  await signInOwner(page, server, shop);
  await heading(page, 'Needs a hand').waitFor();
  return page;
}

const panel = (page) => page.getByRole('region', { name: 'Needs a hand' });
const group = (page, title) => panel(page).locator('.groups > div').filter({ has: heading(page, title) });
const rows = (page, title) => group(page, title).getByRole('listitem');
const names = (page, title) => rows(page, title).locator('strong').allInnerTexts();
const nothingWaits = (page) => panel(page).getByText('Nothing waits for you.').waitFor();
const said = (page) => panel(page).getByRole('status').first().innerText();
const inRow = (page, text, label) =>
  panel(page).getByRole('listitem').filter({ hasText: text }).getByRole('button', { name: label });

/** The spoken name of what the keyboard is on: the buttons of all rows look the same. */
const focusedLabel = (page) =>
  page.evaluate(() => {
    const on = document.activeElement;
    return on.getAttribute('aria-label') ?? (on === document.body ? '(nothing)' : on.textContent);
  });
const focusLabel = (page, wanted) => becomes(() => focusedLabel(page), wanted);

/** Walks back by keyboard to the button with a spoken name. */
async function tabBackTo(page, wanted) {
  for (let presses = 0; presses < 20; presses += 1) {
    if (wanted.test(await focusedLabel(page))) return;
    await page.keyboard.press('Shift+Tab');
  }
  assert.fail(`not reached: ${wanted}`);
}

/** Whether something lies over what the keyboard is on. */
const isCovered = (page) =>
  page.evaluate(() => {
    const on = document.activeElement;
    const { x, y, width, height } = on.getBoundingClientRect();
    return [y + 2, y + height - 2].some(
      (at) => !on.contains(document.elementFromPoint(x + width / 2, at)),
    );
  });

const VISITS = 'Visits that have ended';
const GATES = 'Visits that wait for something';
const UNTOLD = 'People who were not told';
const RATINGS = 'Ratings to answer';
const JOBS = 'What could not be done';

describe('visits that have ended', () => {
  test('are marked as completed or not come, one after the other, and the focus goes on', async (t) => {
    const shop = await shopOfOne();
    const cleo = await unmarked(shop, 'Cleo');
    const ravi = await unmarked(shop, 'Ravi'); // each lies before the last
    const page = await openPanel(t, shop);
    await becomes(() => names(page, VISITS), ['Ravi', 'Cleo']);
    await becomes(() => rows(page, VISITS).first().innerText(), /, \d\d:\d\d · Cut with Amara/);

    await inRow(page, 'Ravi', 'Completed').click();
    await becomes(() => names(page, VISITS), ['Cleo']);
    await becomes(() => said(page), 'Ravi: completed.');
    await focusLabel(page, /^Completed: Cleo/);

    await page.keyboard.press('Tab');
    await focusLabel(page, /^Did not come: Cleo/);
    await page.keyboard.press('Enter');
    await nothingWaits(page);
    await becomes(() => said(page), 'Cleo: did not come.');
    await focusIs(page, 'Needs a hand');
    const status = async ({ id }) => (await shop.owner.get(`/bookings/${id}`)).body.status;
    assert.deepEqual([await status(ravi), await status(cleo)], ['completed', 'no_show']);
  });

  test('are five at first, and the rest on request', async (t) => {
    const shop = await shopOfOne();
    for (const name of ['G', 'F', 'E', 'D', 'C', 'B', 'A']) await unmarked(shop, name);
    const page = await openPanel(t, shop);
    await becomes(() => names(page, VISITS), ['A', 'B', 'C', 'D', 'E']);
    await inRow(page, /^E/, 'Completed').click();
    await becomes(() => names(page, VISITS), ['A', 'B', 'C', 'D', 'F']);
    await focusLabel(page, /^Completed: F/);
    await button(page, 'Show 1 more').click();
    await becomes(() => names(page, VISITS), ['A', 'B', 'C', 'D', 'F', 'G']);
    await focusLabel(page, /^Completed: G/);
    await inRow(page, /^G/, 'Did not come').click();
    await focusLabel(page, /^Completed: F/); // nothing follows: the one before
  });

  test('are not marked by the second half of a double click, nor by a key that is held', async (t) => {
    const shop = await shopOfOne();
    for (const name of ['Third', 'Second', 'First']) await unmarked(shop, name);
    const page = await openPanel(t, shop);
    const at = await inRow(page, 'First', 'Completed').boundingBox();
    await page.mouse.click(at.x + 5, at.y + 20);
    await becomes(() => names(page, VISITS), ['Second', 'Third']);
    const second = await inRow(page, 'Second', 'Completed').boundingBox();
    await page.mouse.move(second.x + 5, second.y + 20);
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await focusLabel(page, /^Completed: Second/);
    await page.keyboard.down('Enter');
    await becomes(() => names(page, VISITS), ['Third']);
    await focusLabel(page, /^Completed: Third/);
    await page.keyboard.down('Enter'); // again without having come up: it repeats
    await page.keyboard.up('Enter');
    await tabTo(page, 'Did not come');
    assert.deepEqual(await names(page, VISITS), ['Third']);
    const open = await shop.owner.list('/bookings?unmarked=true');
    assert.deepEqual(
      open.map(({ client }) => client.name),
      ['Third'],
    );
  });

  test('far down the list, what has come of one is still in sight, and covers no button', async (t) => {
    const shop = await shopOfOne();
    for (const name of ['E', 'D', 'C', 'B', 'A']) await unmarked(shop, name);
    const page = await openPanel(t, shop, { width: 320, height: 480 });
    await inRow(page, /^D/, 'Completed').click();
    await becomes(() => said(page), 'D: completed.');
    await focusLabel(page, /^Completed: E/);
    const boxes = async () => {
      const message = await panel(page).getByRole('status').first().boundingBox();
      const next = await inRow(page, /^E/, 'Completed').boundingBox();
      const isSeen = message.y >= 0 && message.y + message.height <= 480;
      return isSeen && (message.y + message.height <= next.y || message.y >= next.y + next.height);
    };
    await becomes(boxes, true);
    await tabBackTo(page, /^Completed: A/);
    await becomes(() => isCovered(page), false);
  });

  test('that somebody else has marked meanwhile go, and the panel says so', async (t) => {
    const shop = await shopOfOne();
    const visit = await unmarked(shop, 'Cleo');
    const page = await openPanel(t, shop);
    await inRow(page, 'Cleo', 'Completed').waitFor();
    expectStatus(await shop.owner.post(`/bookings/${visit.id}/no-show`), 200);
    await inRow(page, 'Cleo', 'Completed').click();
    await nothingWaits(page);
    await becomes(() => said(page), /^Cleo, .+: somebody has seen to it meanwhile\.$/);
    await focusIs(page, 'Needs a hand');
  });
});

/** A visit whose patch test was called off, and the test. */
async function gateUnmet(shop, name) {
  const cut = shop.services[0];
  const test = expectStatus(
    await shop.owner.post('/services', {
      ...{ name: 'Patch test', duration_min: 15, price: 0, staff_ids: [shop.staff[0].id] },
    }),
    201,
  );
  const requires = [{ kind: 'patch_test', service_id: test.id, lead_hours: 48 }];
  expectStatus(await shop.owner.patch(`/services/${cut.id}`, { requires }), 200);
  const client = { name, email: 'rosa@client.example', phone: '+33 6 77' };
  const book = async (service, days) => {
    const [slot] = await shop.slots({ from: dateIn(days), services: [service] });
    const body = { service_ids: [service.id], start: slot.start, client };
    return expectStatus(await shop.owner.post('/bookings', body), 201);
  };
  const first = await book(test, 2);
  const visit = await book(cut, 6);
  expectStatus(await shop.owner.post(`/bookings/${first.id}/cancel`, {}), 200);
  return { test, first, visit };
}

describe('a visit that something has to come before', () => {
  test('says what, and where it is booked, and goes once it is there', async (t) => {
    const shop = await shopOfOne();
    const { test: service, first } = await gateUnmet(shop, 'Rosa Blum');
    const page = await openPanel(t, shop);
    await becomes(() => names(page, GATES), ['Rosa Blum']);
    await becomes(
      () => rows(page, GATES).innerText(),
      /Cut needs "Patch test" at least 48 hours before it: book that first\./,
    );
    const link = panel(page).getByRole('link', { name: 'Book Patch test' });
    assert.equal(await link.getAttribute('href'), `/book/${shop.slug}?service=${service.id}`);
    await panel(page).getByRole('link', { name: 'Call +33 6 77' }).waitFor();
    await assertAccessible(page);
    await assertNoSidewaysScroll(page);
    expectStatus(await shop.owner.post(`/bookings/${first.id}/restore`, {}), 200);
    await page.reload();
    await heading(page, 'Needs a hand').waitFor();
    await becomes(() => group(page, GATES).count(), 0);
  });

  test('that is over is not completed by a click, and the row says why', async (t) => {
    const shop = await shopOfOne();
    await gateUnmet(shop, 'Rosa Blum');
    await unmarked(shop, 'Ravi Shah');
    const page = await openPanel(t, shop);
    await becomes(() => names(page, VISITS), ['Ravi Shah']);
    await inRow(page, 'Ravi', 'Completed').click();
    await becomes(() => rows(page, VISITS).getByRole('alert').innerText(), /Cut needs "Patch test"/);
    assert.deepEqual(await names(page, VISITS), ['Ravi Shah']);
  });
});

describe('somebody who was not told', () => {
  test('stands there with the reason, the next step and the phone, and is told', async (t) => {
    const shop = await shopOfOne();
    await untold(shop, 'Ines Duarte');
    const page = await openPanel(t, shop);
    await becomes(() => names(page, UNTOLD), ['Ines Duarte']);
    await becomes(
      () => rows(page, UNTOLD).innerText(),
      /cancel[\s\S]*We have no e-mail address for them\. Add an e-mail address, or call\./i,
    );
    const link = panel(page).getByRole('link', { name: 'Call +33 6 12-34-56' });
    assert.equal(await link.getAttribute('href'), 'tel:+336123456');
    assert.equal(await inRow(page, 'Ines', 'Try again').count(), 0);
    await inRow(page, 'Ines', 'I have told them').click();
    await nothingWaits(page);
    await becomes(() => said(page), 'Noted: Ines Duarte has been told.');
    await focusIs(page, 'Needs a hand');
    assert.deepEqual(await shop.owner.list('/emails/not-told'), []);
    const told = (await shop.owner.list('/emails')).find((each) => each.told_at);
    assert.equal(told.told_by, 'Olive Owner');
  });

  test('is written to again where the mail service had failed', async (t) => {
    const shop = await shopOfOne();
    const booking = await refused(shop, 'Mei Lin');
    const letter = async () => {
      const [last] = await shop.owner.list(`/emails?booking_id=${booking.id}&kind=booking_confirmation`);
      return last.status;
    };
    assert.equal(await letter(), 'failed');
    const page = await openPanel(t, shop);
    await becomes(
      () => rows(page, UNTOLD).innerText(),
      /The mail service did not take the message\. Try it again\./,
    );
    await inRow(page, 'Mei Lin', 'Try again').click();
    await nothingWaits(page);
    await becomes(() => said(page), 'The letter to Mei Lin goes out again.');
    await becomes(letter, 'sent');
    await becomes(async () => (await shop.owner.list('/emails/not-told')).length, 0);
  });
});

describe('a rating that waits', () => {
  test('shows its stars and words, and is seen to', async (t) => {
    const shop = await shopOfOne();
    await rated(server, shop, { stars: 2, comment: 'I waited.' }, { override_hours: true });
    const page = await openPanel(t, shop);
    await becomes(() => names(page, RATINGS), ['★★☆☆☆ Cleo Client']);
    await rows(page, RATINGS).getByRole('img', { name: '2 of 5 stars' }).waitFor();
    await becomes(() => rows(page, RATINGS).innerText(), /Cut with Amara · now\n+I waited\./);
    await inRow(page, 'Cleo', 'Seen to it').click();
    await nothingWaits(page);
    await becomes(() => said(page), 'The rating by Cleo Client is seen to.');
    assert.deepEqual(await shop.owner.list('/ratings?attention=true'), []);
  });

  test('that its client has changed meanwhile stays, with the new words, and says so', async (t) => {
    const shop = await shopOfOne();
    const visit = await pastVisit(shop, { override_hours: true });
    const path = `/public/rate/${await feedbackLink(server, visit)}`;
    expectStatus(await shop.visitor.post(path, { stars: 3, comment: 'So so.' }), 200);
    const page = await openPanel(t, shop);
    await inRow(page, 'So so.', 'Seen to it').waitFor();
    expectStatus(await shop.visitor.post(path, { stars: 1, comment: 'Bad, I find.' }), 200);
    await inRow(page, 'So so.', 'Seen to it').click();
    await panel(page).getByText('Bad, I find.').waitFor();
    await rows(page, RATINGS).getByRole('alert').waitFor();
    await focusLabel(page, 'Seen to it: Cleo Client');
    await page.keyboard.press('Enter');
    await nothingWaits(page);
    const [rating] = await shop.owner.list('/ratings');
    assert.ok(rating.handled_at);
    assert.equal(rating.stars, 1);
  });
});

describe('what the robot gave up', () => {
  test('is told in words, with the visit, and is tried again', async (t) => {
    const shop = await shopOfOne();
    const { booking } = await bookVisit(shop, { client: { name: 'Bea', email: 'bea@client.example' } });
    const visit = expectStatus(await shop.owner.get(`/bookings/${booking.id}`), 200);
    const job = await parked(shop, visit);
    const page = await openPanel(t, shop);
    await becomes(() => names(page, JOBS), ['Reminding of a visit']);
    await becomes(
      () => rows(page, JOBS).innerText(),
      /Bea, .+\n+The database was away\.\n+Tried 8 times, last 2 hours ago\./,
    );
    await inRow(page, 'Reminding', 'Try again').click();
    await nothingWaits(page);
    await becomes(() => said(page), 'Reminding of a visit: tried again now.');
    const status = async () => (await sql(server, `SELECT status FROM job WHERE id = ${job}`))[0] ?? 'gone';
    await becomes(status, /^(waiting|done|dropped|late|gone)$/);
  });
});

describe('when something does not work', () => {
  test('the row says so, keeps the focus, and works the next time', async (t) => {
    const shop = await shopOfOne();
    await unmarked(shop, 'Cleo');
    const page = await openPanel(t, shop);
    let behave = (route) => route.abort();
    await page.route('**/complete', (route) => behave(route));
    await inRow(page, 'Cleo', 'Completed').click();
    const alert = rows(page, VISITS).getByRole('alert');
    await becomes(() => alert.innerText(), /We could not get through/);
    await focusLabel(page, /^Completed: Cleo/);
    behave = (route) =>
      answer(route, 409, { code: 'invalid_transition', detail: 'Say yes to it first.' });
    await page.keyboard.press('Enter');
    await becomes(() => alert.innerText(), 'Say yes to it first.');
    await focusLabel(page, /^Completed: Cleo/);
    behave = (route) => route.continue();
    await page.keyboard.press('Enter');
    await nothingWaits(page);
  });

  test('a list that did not load says so beside the others, and is read again on request', async (t) => {
    const shop = await shopOfOne();
    await unmarked(shop, 'Cleo');
    const page = await openPage(t);
    await page.route('**/api/v1/jobs**', (route) => answer(route, 503));
    await signInOwner(page, server, shop);
    await becomes(() => names(page, VISITS), ['Cleo']);
    await becomes(() => panel(page).getByRole('alert').innerText(), /What could not be done did not load/);
    await page.unrouteAll();
    await panel(page).getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    await becomes(() => group(page, JOBS).count(), 0);
    await becomes(() => names(page, VISITS), ['Cleo']);
    await focusIs(page, 'Needs a hand');
  });
});

test('all four kinds are reached and settled by keyboard alone', async (t) => {
  const shop = await shopOfOne();
  await fill(shop);
  const page = await openPanel(t, shop);
  for (const title of [VISITS, UNTOLD, RATINGS, JOBS]) await heading(page, title).waitFor();
  for (const label of ['Did not come', 'I have told them', 'I have told them', 'Seen to it', 'Try again']) {
    const waits = await panel(page).getByRole('listitem').count();
    if (!(await focused(page)).includes(label)) await tabTo(page, label);
    await page.keyboard.press('Enter');
    await becomes(() => panel(page).getByRole('listitem').count(), waits - 1);
  }
  await nothingWaits(page);
  await focusIs(page, 'Needs a hand');
});

test('a member of staff is led to their own day, and nothing of it is asked for', async (t) => {
  const shop = await shopOfOne();
  await unmarked(shop, 'Cleo');
  const client = await signInAs(server, shop.staff[0]);
  const page = await openPage(t);
  const cookies = [...client.cookies].map(([name, value]) => ({
    ...{ name, value, url: server.baseUrl, httpOnly: true, sameSite: 'Lax' },
  }));
  await page.context().addCookies(cookies);
  const asked = [];
  page.on('request', (request) => API.test(request.url()) && asked.push(request.url()));
  await page.goto(`${server.baseUrl}/app`);
  await page.waitForURL('**/staff');
  await page.getByText('No visits today').waitFor();
  assert.equal(await panel(page).count(), 0);
  assert.deepEqual(asked, []);
});

/** Each state of the panel, one after the other. */
async function tour(page, shop, check) {
  await signInOwner(page, server, shop.full);
  for (const title of [VISITS, UNTOLD, RATINGS, JOBS]) await heading(page, title).waitFor();
  await page.getByText('Ines Duarte, ').waitFor();
  await check('full');
  await page.route(/\/(complete|told|retry)$|\/ratings\/\d+$/, (route) => route.abort());
  for (const label of [/^Completed/, /^I have told/, /^Seen to it/]) {
    await panel(page).getByRole('button', { name: label }).first().click();
  }
  await becomes(() => panel(page).getByRole('alert').count(), 3);
  await check('with an error in rows');
  await page.unrouteAll();
  await page.route(API, (route) => route.abort());
  await page.reload();
  await becomes(() => panel(page).getByRole('alert').count(), 4);
  await check('not loaded');
  await page.unrouteAll();
  await page.route(API, () => {});
  await page.reload();
  await panel(page).getByText('Loading…').waitFor();
  await check('loading');
  await page.unrouteAll();
  await page.context().clearCookies();
  await signInOwner(page, server, shop.empty);
  await nothingWaits(page);
  await check('empty');
}

const smallTargets = (page) =>
  panel(page).evaluate(
    (root, least) =>
      [...root.querySelectorAll('a, button')]
        .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
        .filter(([, { width, height }]) => height < least || width < least)
        .map(([html, { width, height }]) => `${html} ${width}×${height}`),
    TARGET_PX,
  );

describe('the panel in each of its states', () => {
  const shop = {};
  before(async () => {
    shop.full = await makeShop(server, { ...LONE, name: 'Maison Lune' });
    await fill(shop.full);
    await unmarked(shop.full, LONG);
    await untold(shop.full, LONG, 5);
    shop.empty = await shopOfOne();
  });

  for (const scheme of ['light', 'dark']) {
    for (const width of [390, 1440]) {
      test(`axe finds nothing in ${scheme} at ${width} px`, async (t) => {
        const page = await openPage(t, { scheme, width });
        await tour(page, shop, (state) => assertAccessible(page, `${state}, ${scheme}, ${width} px`));
      });
    }
  }

  for (const width of [320, 390, 768, 1440, 1920]) {
    test(`nothing is too wide or too small to tap at ${width} px`, async (t) => {
      const page = await openPage(t, { width, height: 800 });
      await tour(page, shop, async (state) => {
        await assertNoSidewaysScroll(page, `${state} at ${width} px`);
        if (width <= 390) assert.deepEqual(await smallTargets(page), [], state);
      });
    });
  }
});
