// SPDX-License-Identifier: AGPL-3.0-or-later
// A visit in the office: its drawer, moving it, a new one, and the list of them all.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { becomes, closeBrowser, focusIs, focused } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
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

/** A visit whose confirmation has arrived, so that what is told next is plain. */
async function visitOf(shop, { days = 4, at = 4, name = 'Cleo Lane', ...more } = {}) {
  const slots = await shop.slots({ from: dateIn(days) });
  const client = { name, email: `${name.toLowerCase().replaceAll(' ', '.')}@client.example`, phone: '+33 6 12 34 56 78' };
  const { booking } = expectStatus(await shop.book({ start: slots[at].start, client, ...more }), 201);
  const told = async () => expectStatus(await shop.owner.get(`/bookings/${booking.id}/messages`), 200).data;
  await becomes(async () => (await told()).some((m) => m.kind === 'booking_confirmation' && m.state === 'sent'), true);
  return read(shop, booking.id);
}
const read = async (shop, id) => expectStatus(await shop.owner.get(`/bookings/${id}`), 200);
const drawer = (page, name) => page.getByRole('dialog', { name });
const notOnBody = (page) => becomes(() => page.evaluate(() => document.activeElement.tagName !== 'BODY'), true);
/** Nothing of the screen or of what stands over it is wider than the page. */
const assertFits = (page) =>
  becomes(
    () =>
      page.evaluate(() =>
        [...document.querySelectorAll('#content, #content *, [role=dialog] *')]
          .filter((each) => each.getClientRects().length > 0 && !each.closest('.tabs, .unseen, thead'))
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
          .map((each) => `${each.tagName}.${each.className}`),
      ),
    [],
  );
const clients = (page) => page.locator('.booking-client a').allInnerTexts();

describe('the drawer', () => {
  test('opens by its address over a screen, tells everything, and Back and Escape close it', async (t) => {
    const shop = await makeShop(server);
    const visit = await visitOf(shop, { notes: 'Window seat' });
    const page = await openOffice(t, server, shop, '/app/bookings', WIDE);
    const row = page.getByRole('link', { name: 'Cleo Lane' });
    await row.click();
    const dialog = drawer(page, 'Cut & finish');
    await dialog.getByText('Confirmed', { exact: true }).first().waitFor();
    assert.match(page.url(), new RegExp(`visit=${visit.id}`));
    assert.equal(await dialog.getByLabel('Notes').inputValue(), 'Window seat');
    await dialog.getByRole('link', { name: '+33 6 12 34 56 78' }).waitFor();
    await dialog.getByText('Confirmation', { exact: true }).waitFor();
    await dialog.getByText('Booked', { exact: true }).waitFor();
    await assertAccessible(page, 'a visit');
    await page.goBack();
    await dialog.waitFor({ state: 'detached' });
    await becomes(() => focused(page), 'Cleo Lane');
    await page.goto(`${server.baseUrl}/app/clients?visit=${visit.id}`);
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await notOnBody(page);
    await page.goto(`${server.baseUrl}/app/bookings?visit=1`);
    await heading(page, 'This visit is not here').waitFor();
  });

  test('cancels at once, and takes it back with Undo; the client hears of neither', async (t) => {
    const shop = await makeShop(server);
    const visit = await visitOf(shop);
    const page = await openOffice(t, server, shop, `/app/bookings?visit=${visit.id}`, WIDE);
    const dialog = drawer(page, 'Cut & finish');
    await button(dialog, 'Cancel visit').click();
    await button(dialog, 'Restore').waitFor();
    await page.getByText('Visit cancelled. Cleo Lane is told in ten seconds.').waitFor();
    await notOnBody(page);
    await button(page, 'Undo').click();
    await page.getByText('Change taken back').first().waitFor();
    await button(dialog, 'Cancel visit').waitFor();
    await notOnBody(page);
    assert.equal((await read(shop, visit.id)).status, 'confirmed');
    await button(dialog, 'Cancel visit').click();
    await button(dialog, 'Restore').waitFor();
    await page.getByText('Visit cancelled. Cleo Lane is told in ten seconds.').waitFor();
    await page.keyboard.press('Control+z');
    await button(dialog, 'Cancel visit').waitFor();
    await becomes(async () => (await read(shop, visit.id)).status, 'confirmed');
    await becomes(() => dialog.getByText('Change taken back').count(), 2);
  });

  test('does not tell where that is asked for', async (t) => {
    const shop = await makeShop(server);
    const visit = await visitOf(shop);
    const page = await openOffice(t, server, shop, `/app/bookings?visit=${visit.id}`, WIDE);
    await button(drawer(page, 'Cut & finish'), 'Cancel visit').click();
    await button(page, 'Do not tell').click();
    await page.getByText('Nobody is told').waitFor();
    await page.getByText('You chose not to tell').waitFor();
    const letters = expectStatus(await shop.owner.get(`/bookings/${visit.id}/messages`), 200).data;
    assert.equal(letters.find((m) => m.kind === 'booking_cancelled').reason, 'hushed');
  });

  test('moves by a form, refuses what is taken beside it, and makes a visit longer', async (t) => {
    const shop = await makeShop(server);
    const visit = await visitOf(shop);
    const other = shop.staff.find(({ id }) => id !== visit.staff_id);
    const page = await openOffice(t, server, shop, `/app/bookings?visit=${visit.id}`, WIDE);
    const dialog = drawer(page, 'Cut & finish');
    await button(dialog, 'Move').click();
    const form = dialog.getByRole('form', { name: 'Move this visit' });
    await form.getByLabel('With').selectOption(other.id);
    await form.getByRole('radio').nth(10).check({ force: true });
    const start = await form.getByRole('radio').nth(10).inputValue();
    await form.getByLabel('Length in minutes').fill('60');
    const taken = { service_ids: visit.service_ids, staff_id: other.id, start, client: { name: 'Quick' } };
    expectStatus(await shop.owner.post('/bookings', taken), 201);
    await button(form, 'Move').click();
    await form.getByText('That time is taken by now.').waitFor();
    assert.equal(await form.getByLabel('Length in minutes').inputValue(), '60');
    await form.locator('.pick-nearest button').first().click();
    await button(form, 'Move').click();
    await form.waitFor({ state: 'detached' });
    await page.getByText('Visit moved. Cleo Lane is told in ten seconds.').waitFor();
    await notOnBody(page);
    const moved = await read(shop, visit.id);
    assert.equal(moved.staff_id, other.id);
    assert.equal(Date.parse(moved.end) - Date.parse(moved.start), 60 * 60_000);
  });

  test('completes with what was really used, and writes notes in place', async (t) => {
    const shop = await makeShop(server, {
      items: [{ name: 'Gloss', unit: 'ml', on_hand: 100 }],
      services: [{ name: 'Gloss', duration_min: 30, price: 3000, materials: [[0, 20]] }],
    });
    const visit = await visitOf(shop);
    const page = await openOffice(t, server, shop, `/app/bookings?visit=${visit.id}`, WIDE);
    const dialog = drawer(page, 'Gloss');
    await dialog.getByLabel('Notes').fill('Twice as long');
    await button(dialog, 'Save').click();
    await page.getByText('Notes saved').waitFor();
    await button(dialog, 'Complete').click();
    const form = dialog.getByRole('form', { name: 'Complete this visit' });
    await form.getByLabel('Gloss').fill('-1');
    await button(form, 'Complete').click();
    await form.getByText('Give an amount, 0 or more.').waitFor();
    await form.getByLabel('Gloss').fill('500');
    await button(form, 'Complete').click();
    await form.getByText('Gloss: 500 needed, 100 there').waitFor();
    await form.getByLabel('Gloss').fill('32,5');
    await button(form, 'Complete').click();
    await dialog.getByText('(planned 20 ml)').waitFor();
    const done = await read(shop, visit.id);
    assert.deepEqual([done.status, done.notes, done.materials[0].used], ['completed', 'Twice as long', 32.5]);
    await button(dialog, 'Take back').click();
    await button(dialog, 'Cancel visit').waitFor();
    assert.equal(expectStatus(await shop.owner.get(`/items/${shop.items[0].id}`), 200).on_hand, 100);
  });
});

describe('a new visit', () => {
  test('is written down by the keyboard alone, with a client made in place', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, `/app/bookings?new=now`, WIDE);
    const dialog = drawer(page, 'New visit');
    await dialog.getByRole('combobox', { name: 'Client' }).waitFor();
    await becomes(() => page.evaluate(() => document.activeElement.getAttribute('role')), 'combobox');
    await page.keyboard.type('Nia Novak');
    await dialog.getByRole('option', { name: 'New client: Nia Novak' }).waitFor();
    await becomes(async () => {
      if (await dialog.getByRole('combobox').count()) await page.keyboard.press('Enter');
      return dialog.getByLabel('Name').count();
    }, 1);
    await becomes(() => page.evaluate(() => document.activeElement.value), 'Nia Novak');
    await page.keyboard.press('Tab');
    await page.keyboard.type('0612345678');
    await dialog.getByLabel('Service').focus();
    await dialog.getByLabel('Service').selectOption({ index: 1 });
    await dialog.getByLabel('Day', { exact: true }).fill(dateIn(3));
    await dialog.getByRole('radio').first().waitFor();
    await dialog.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await becomes(() => dialog.getByRole('radio').first().isChecked(), true);
    await assertAccessible(page, 'a new visit');
    await button(dialog, 'Book').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Visit booked').waitFor();
    await drawer(page, 'Cut & finish').getByText('Nia Novak').waitFor();
    await notOnBody(page);
    const [client] = await shop.owner.list('/clients');
    assert.deepEqual([client.name, client.phone], ['Nia Novak', '0612345678']);
    assert.ok(!page.url().includes('new='));
  });

  test('says what is missing, keeps what was typed when the time is taken, and offers the nearest', async (t) => {
    const shop = await makeShop(server);
    const known = expectStatus(await shop.owner.post('/clients', { name: 'Cleo Lane', phone: '+33 6 12 34 56 78' }), 201);
    const [service] = shop.services;
    const slots = await shop.slots({ from: dateIn(5) });
    const { start } = slots[6];
    const [person] = shop.staff;
    const page = await openOffice(t, server, shop, `/app/clients/${known.id}`, WIDE);
    await page.getByRole('link', { name: 'Book a visit' }).click();
    const dialog = drawer(page, 'New visit');
    await dialog.getByText('Cleo Lane').waitFor();
    await button(dialog, 'Book').click();
    await dialog.getByText('Choose what is done.').waitFor();
    await page.goto(`${server.baseUrl}/app/bookings?new=${start}&person=${person.id}&service=${service.id}`);
    const seek = dialog.getByRole('combobox', { name: 'Client' });
    await seek.fill('cleo');
    await dialog.getByRole('option', { name: /Cleo Lane/ }).click();
    await dialog.getByLabel('Notes').fill('First time with us');
    await becomes(() => dialog.locator(`input[value="${start}"]`).isChecked(), true);
    const taken = { service_ids: [service.id], staff_id: person.id, start, client: { name: 'Quick' } };
    expectStatus(await shop.owner.post('/bookings', taken), 201);
    await button(dialog, 'Book').click();
    await dialog.getByText('That time is taken by now.').waitFor();
    assert.equal(await dialog.getByLabel('Notes').inputValue(), 'First time with us');
    await dialog.locator('.pick-nearest button').first().click();
    await button(dialog, 'Book').click();
    await page.getByText('Visit booked').waitFor();
    const all = await shop.owner.list(`/bookings?client_id=${known.id}`);
    assert.deepEqual(all.map((b) => b.notes), ['First time with us']);
  });

  test('where there is no service yet it says so, and leads to the services', async (t) => {
    const shop = await makeShop(server, { services: [], publish: false });
    const page = await openOffice(t, server, shop, '/app/bookings?new=now', WIDE);
    const dialog = drawer(page, 'New visit');
    await dialog.getByText('no service is on the menu').waitFor();
    await dialog.getByRole('link', { name: 'Go to the services' }).click();
    await focusIs(page, 'Services');
    assert.equal(await dialog.count(), 0);
  });

  test('outside hours is said before, and booked all the same', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, `/app/bookings?new=now&service=${shop.services[0].id}`, WIDE);
    const dialog = drawer(page, 'New visit');
    await dialog.getByRole('combobox', { name: 'Client' }).fill('Night Owl');
    await dialog.getByRole('option', { name: 'New client: Night Owl' }).click();
    await dialog.getByLabel('Day', { exact: true }).fill(dateIn(3));
    await dialog.getByRole('radio').first().waitFor();
    await dialog.getByLabel('Another time').fill('20:07');
    await dialog.getByText('Visits do not usually start at that minute.').waitFor();
    await button(dialog, 'Book all the same').click();
    await page.getByText('Visit booked').waitFor();
    const [made] = await shop.owner.list('/bookings');
    assert.equal(made.local.slice(11, 16), '20:07');
  });
});

describe('the list', () => {
  test('is filtered by the address, kept under a name, sorted, and taken as a table', async (t) => {
    const shop = await makeShop(server);
    await visitOf(shop, { at: 0, name: 'Cleo Lane' });
    await visitOf(shop, { at: 8, name: 'Ravi Shah', services: [shop.services[1]] });
    const page = await openOffice(t, server, shop, '/app/bookings', WIDE);
    await becomes(() => clients(page), ['Cleo Lane', 'Ravi Shah']);
    await button(page, 'Latest first').click();
    await becomes(() => clients(page), ['Ravi Shah', 'Cleo Lane']);
    await page.getByLabel('Client’s name, phone or e-mail').fill('rav');
    await becomes(() => clients(page), ['Ravi Shah']);
    assert.match(page.url(), /q=rav/);
    await page.getByLabel('State').selectOption('cancelled');
    await heading(page, 'No visit fits').waitFor();
    await page.getByLabel('State').selectOption('');
    await becomes(() => clients(page), ['Ravi Shah']);
    const csv = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const text = await (await csv).createReadStream();
    let table = '';
    for await (const piece of text) table += piece;
    assert.match(table, /Ravi Shah/);
    assert.doesNotMatch(table, /Cleo Lane/);
    await button(page, 'Keep this list').click();
    await button(page.getByRole('dialog'), 'Save').click();
    await page.getByText('A list needs a name.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Ravi’s');
    await button(page.getByRole('dialog'), 'Save').click();
    await page.getByRole('link', { name: 'From today' }).click();
    await becomes(() => clients(page), ['Cleo Lane', 'Ravi Shah']);
    await page.reload();
    await page.getByRole('link', { name: 'Ravi’s' }).click();
    await becomes(() => clients(page), ['Ravi Shah']);
    await button(page, 'Take away the list Ravi’s').click();
    await button(page, 'Undo').click();
    await page.getByRole('link', { name: 'Ravi’s' }).waitFor();
    await notOnBody(page);
  });

  test('has its states in different words, and keeps its place while a visit is open', async (t) => {
    const shop = await makeShop(server);
    const page = await openOffice(t, server, shop, '/app/bookings', WIDE);
    await heading(page, 'Nothing is booked yet').waitFor();
    await page.getByRole('link', { name: 'Past' }).click();
    await heading(page, 'Nothing was yet').waitFor();
    await page.goto(`${server.baseUrl}/app/bookings?status=pending`);
    await heading(page, 'All confirmed').waitFor();
    for (let i = 0; i < 16; i += 1) {
      const body = {
        service_ids: [shop.services[0].id],
        start: `${dateIn(3 + i)}T10:00:00Z`,
        client: { name: `Client ${i}` },
        override_hours: true,
      };
      // oxlint-disable-next-line no-await-in-loop -- one after another
      expectStatus(await shop.owner.post('/bookings', body), 201);
    }
    await page.goto(`${server.baseUrl}/app/bookings`);
    const last = page.getByRole('link', { name: 'Client 15' });
    await last.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => scrollY);
    assert.ok(before > 0);
    await last.click();
    await drawer(page, 'Cut & finish').waitFor();
    await page.keyboard.press('Escape');
    await drawer(page, 'Cut & finish').waitFor({ state: 'detached' });
    await becomes(() => page.evaluate(() => scrollY), before);
  });
});

test('on a phone and in the dark everything fits and reads', async (t) => {
  const shop = await makeShop(server);
  const visit = await visitOf(shop, { name: 'Wilhelmina Featherstonehaugh-Cholmondeley' });
  const page = await openOffice(t, server, shop, '/app/bookings', { width: 390, scheme: 'dark' });
  await becomes(async () => (await clients(page)).length, 1);
  await assertAccessible(page, 'the list on a phone');
  await page.setViewportSize({ width: 320, height: 720 });
  await assertFits(page);
  await page.goto(`${server.baseUrl}/app/bookings?visit=${visit.id}`);
  const dialog = drawer(page, 'Cut & finish');
  await button(dialog, 'Move').click();
  await dialog.getByRole('radio').first().waitFor();
  await assertAccessible(page, 'moving on a phone');
  await assertFits(page);
  await page.goto(`${server.baseUrl}/app/bookings?new=now&service=${shop.services[0].id}`);
  await page.getByRole('combobox', { name: 'Client' }).fill('x');
  await page.getByRole('option', { name: 'New client: x' }).click();
  await assertAccessible(page, 'a new visit on a phone');
  await assertFits(page);
});
