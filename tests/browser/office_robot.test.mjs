// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's automations, and the letters that went out or did not.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { mailGone, sql } from '../lib/contents.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focused } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button, heading } from './lib/people.mjs';
import { LONE, bookVisit, makeShop } from './lib/shop.mjs';

const PHONE = { width: 390, height: 844 };

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const automation = async (shop, key) => expectStatus(await shop.owner.get(`/automations/${key}`), 200);
const notOnBody = (page) => becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);

/** A letter that the mail service would not take. */
async function refused(shop, name) {
  const email = `${name.toLowerCase()}@client.example`;
  const { booking } = await bookVisit(shop, { client: { name, email } });
  await mailGone(server);
  await sql(
    server,
    "UPDATE message SET status = 'failed', untold = 1, delivery = NULL, last_error = 'no answer'" +
      ` WHERE booking_id = ${booking.id} AND kind = 'booking_confirmation'`,
  );
  return booking;
}

/** Cancelled by the business, of somebody whom no letter reaches. */
async function untold(shop, name) {
  const [slot] = await shop.slots({ from: dateIn(4) });
  const visit = expectStatus(
    await shop.owner.post('/bookings', {
      service_ids: [shop.services[0].id],
      staff_id: shop.staff[0].id,
      start: slot.start,
      client: { name, phone: '+33 6 12 34 56' },
    }),
    201,
  );
  expectStatus(await shop.owner.post(`/bookings/${visit.id}/cancel`, {}), 200);
}

describe('automations', () => {
  test('are switched where they stand, with the way back, and the server has it', async (t) => {
    const shop = await makeShop(server, LONE);
    const page = await openOffice(t, server, shop, '/app/automations', WIDE);
    const reminder = page.getByRole('switch', { name: 'Reminder of a visit' });
    await reminder.waitFor();
    await page.getByText('1 day before the visit begins').waitFor();
    assert.equal(await reminder.isChecked(), true);
    await reminder.press('Space');
    await page.getByText('Reminder of a visit: off').waitFor();
    await becomes(async () => (await automation(shop, 'booking_reminder')).enabled, false);
    await button(page, 'Undo').click();
    await becomes(async () => (await automation(shop, 'booking_reminder')).enabled, true);
    await becomes(() => reminder.isChecked(), true);
    await notOnBody(page);
  });

  test('go back to what they were where the server refuses, and say why', async (t) => {
    const shop = await makeShop(server, LONE);
    const page = await openOffice(t, server, shop, '/app/automations', WIDE);
    const welcome = page.getByRole('switch', { name: 'Welcome to a new client' });
    await welcome.waitFor();
    await page.route('**/api/v1/automations/client_welcome', (route) => route.fulfill({ status: 503, body: '' }));
    await welcome.press('Space');
    await page.getByText('Something went wrong on our side').waitFor();
    await becomes(() => welcome.isChecked(), true);
  });

  test('are put into own words, seen with a real visit as they are typed, sent to oneself, and put back', async (t) => {
    const shop = await makeShop(server, LONE);
    await bookVisit(shop, { client: { name: 'Cleo', email: 'cleo@client.example' } });
    const page = await openOffice(t, server, shop, '/app/automations/booking_reminder', WIDE);
    const subject = page.getByLabel('Subject', { exact: true });
    await subject.fill('See you soon, ');
    await button(page, '{client}').click();
    await page.getByRole('heading', { name: 'See you soon, Cleo' }).waitFor();
    await becomes(() => subject.inputValue(), 'See you soon, {client}');

    await subject.fill('See you, {nobody}');
    await button(page, 'Save').click();
    const invalid = page.locator('input[aria-invalid="true"]');
    await becomes(() => invalid.inputValue(), 'See you, {nobody}');
    await subject.fill('See you soon, {client}');
    await page.getByLabel('How long before the visit').fill('2');
    await page.getByRole('heading', { name: 'See you soon, Cleo' }).waitFor();
    await button(page, 'Send it to me').click();
    await page.getByText(`On its way to ${shop.email ?? ''}`).first().waitFor();
    await button(page, 'Save').click();
    await page.getByText('2 days before the visit begins').waitFor();
    const saved = await automation(shop, 'booking_reminder');
    assert.deepEqual([saved.subject, saved.delay_min, saved.changed], ['See you soon, {client}', 2880, true]);

    await button(page, 'Back to our words').click();
    await becomes(async () => /Reminder/.test((await automation(shop, 'booking_reminder')).subject), true);
    await becomes(async () => /Reminder/.test(await subject.inputValue()), true);
    await button(page, 'Undo').click();
    await becomes(() => subject.inputValue(), 'See you soon, {client}');
  });

  test('say when somebody else has changed them meanwhile, and lose nothing that was typed', async (t) => {
    const shop = await makeShop(server, LONE);
    const page = await openOffice(t, server, shop, '/app/automations/follow_up', WIDE);
    const body = page.getByLabel('Words', { exact: true });
    await body.fill('Thank you for coming.');
    expectStatus(await shop.owner.patch('/automations/follow_up', { delay_min: 120 }), 200);
    await button(page, 'Save').click();
    await page.getByText('Somebody changed this in the meantime').waitFor();
    assert.equal(await body.inputValue(), 'Thank you for coming.');
    await page.getByText('2 hours after a completed visit ended').waitFor();
    await button(page, 'Save').click();
    await becomes(async () => (await automation(shop, 'follow_up')).body, 'Thank you for coming.');
    assert.equal((await automation(shop, 'follow_up')).delay_min, 120);
  });

  test('are told of the day at a time of the clock', async (t) => {
    const shop = await makeShop(server, LONE);
    const page = await openOffice(t, server, shop, '/app/automations/owner_daily_digest', WIDE);
    await page.getByLabel('At what time').fill('07:15');
    await button(page, 'Save').click();
    await page.getByText('Every day at 07:15').waitFor();
    assert.equal((await automation(shop, 'owner_daily_digest')).delay_min, 435);
  });
});

test('work that was given up stands over the automations until it is tried again', async (t) => {
  const shop = await makeShop(server, LONE);
  const { booking } = await bookVisit(shop, { client: { name: 'Cleo', email: 'cleo@client.example' } });
  await sql(
    server,
    'INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id, status,' +
      ' anchor_s, due_s, attempts, last_error, created_s, ended_s)' +
      ` SELECT workspace_id, 990000 + id, 'booking_reminder', id, 'parked', id, client_id, 'parked', 0, 0, 8,` +
      ` 'The database was away.', 0, 1 FROM booking WHERE id = ${booking.id}`,
  );
  const page = await openOffice(t, server, shop, '/app/automations', WIDE);
  const parked = page.getByRole('region', { name: 'What could not be done' });
  await parked.getByText('The database was away. Tried 8 times').waitFor();
  await button(parked, 'Try again').click();
  await page.getByText('Tried again now').waitFor();
  await becomes(() => parked.count(), 0);
  await notOnBody(page);
});

describe('letters', () => {
  test('are listed with what became of them, narrowed in the address, opened, and sent again', async (t) => {
    const shop = await makeShop(server, LONE);
    await refused(shop, 'Cleo');
    const page = await openOffice(t, server, shop, '/app/messages', WIDE);
    await page.getByRole('link', { name: 'Failed' }).click();
    await becomes(() => new URL(page.url()).searchParams.get('status'), 'failed');
    await becomes(() => page.getByRole('link', { name: 'Failed' }).getAttribute('aria-current'), 'page');
    const row = page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
    await becomes(() => row.count(), 1);
    await row.getByRole('link').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('no answer').waitFor();
    await dialog.getByText('confirmed').first().waitFor();
    await page.reload();
    await dialog.getByText('no answer').waitFor();
    await button(dialog, 'Send again').click();
    await page.getByText('On its way again').waitFor();
    await mailGone(server);
    await page.goBack();
    await becomes(() => dialog.count(), 0);
    await heading(page, 'Nothing has failed').waitFor();
    await page.getByLabel('Kind of letter').selectOption('low_stock');
    await heading(page, 'No such letter').waitFor();
    await page.getByRole('link', { name: 'Show all letters' }).click();
    await becomes(async () => (await row.count()) > 0, true);
  });

  test('that reached nobody stand by themselves until somebody has told the client', async (t) => {
    const shop = await makeShop(server, LONE);
    await untold(shop, 'Ravi');
    const page = await openOffice(t, server, shop, '/app/messages?status=untold', WIDE);
    await page.getByRole('link', { name: '+33 6 12 34 56' }).waitFor();
    await button(page, 'I have told them: Ravi').click();
    await heading(page, 'Everybody has been told').waitFor();
    await notOnBody(page);
    assert.notEqual(await focused(page), '');
  });
});

describe('both screens', () => {
  test('have no accessibility faults in light and dark, wide and narrow, and never scroll sideways', async (t) => {
    const shop = await makeShop(server, LONE);
    await bookVisit(shop, { client: { name: 'Cleo', email: 'cleo@client.example' } });
    await mailGone(server);
    for (const [size, colorScheme] of [[WIDE, 'dark'], [PHONE, 'light']]) {
      const page = await openOffice(t, server, shop, '/app/automations', { ...size, colorScheme });
      await page.getByRole('switch').first().waitFor();
      await assertAccessible(page, `automations ${colorScheme}`);
      await page.goto(`${server.baseUrl}/app/automations/booking_confirmation`);
      await page.locator('.letter').waitFor();
      await assertAccessible(page, `automation ${colorScheme}`);
      await page.goto(`${server.baseUrl}/app/messages`);
      await page.locator('.message-list').waitFor();
      await assertAccessible(page, `messages ${colorScheme}`);
      await page.locator('.message-list a').first().click();
      await page.getByRole('dialog').locator('.message-text').waitFor();
      await assertAccessible(page, `letter ${colorScheme}`);
    }
    const narrow = await openOffice(t, server, shop, '/app/automations', { width: 320, height: 640 });
    for (const path of ['/app/automations', '/app/automations/booking_reminder', '/app/messages']) {
      await narrow.goto(server.baseUrl + path);
      await narrow.locator('.automations-list, .letter, .message-list').first().waitFor();
      await assertNoSidewaysScroll(narrow);
    }
  });
});
