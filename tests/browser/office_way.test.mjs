// SPDX-License-Identifier: AGPL-3.0-or-later
// One owner's way through the office, by the pages alone, on both engines: signs up, is led to a page that
// can be booked, invites, books, drags, restocks, answers, exports and signs out. The API is only read, to
// see that what the pages say is so.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, describe, test } from 'node:test';

import { invitationTo } from '../lib/members.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { becomes, closeBrowser, openPage } from './lib/browser.mjs';
import { WIDE } from './lib/office.mjs';
import { button, heading, letter } from './lib/people.mjs';

const PX = 1.6; // of a minute, as web/office/src/screens/calendar/geometry.ts has it
const GRAB = 6;
/** Sooner than that after a contact page is opened nobody has written anything. */
const TYPING_MS = 4_500;

let cluster;
after(async () => {
  await closeBrowser();
  await cluster?.stop();
});

async function serverOn(t, engine) {
  if (engine === 'postgres' && !process.env.CAREOPS_TEST_POSTGRES) {
    cluster = await startPostgres({ fsync: false });
    process.env.CAREOPS_TEST_POSTGRES = cluster.url;
  }
  return startServer(t, { engine });
}

const link = (page, name) => page.getByRole('link', { name, exact: true }).first();
const step = (page, name) => page.getByRole('heading', { level: 2, name }).waitFor();

/** A day on which the first hours of a new business are open from nine to six. */
function weekday() {
  for (let days = 2; days < 9; days += 1) {
    const date = dateIn(days);
    if ([1, 2, 3, 4, 5].includes(new Date(`${date}T12:00:00Z`).getUTCDay())) return date;
  }
  throw new Error('a week without a weekday');
}

async function signUp(page, server, tag) {
  await page.goto(`${server.baseUrl}/signup`);
  await page.getByLabel('Business name').fill(`Salon ${tag}`);
  await page.getByLabel('Your name').fill('Olive Owner');
  await page.getByLabel(/^E-?mail/).fill(`olive.${tag}@owner.example`);
  await page.getByLabel('Password', { exact: true }).fill('a long enough secret 7');
  await page.getByRole('button', { name: /Create|Sign up|Start/ }).click();
  await page.waitForURL('**/app**');
}

async function passWizard(page, server) {
  await page.goto(`${server.baseUrl}/app/start`);
  await page.getByLabel('What do you do?').selectOption({ label: 'Hair salon' });
  await button(page, 'Add 6 services').click();
  await step(page, 'Opening hours');
  await button(page, 'Save hours').click();
  await step(page, 'Who can be booked');
  await button(page, 'Save').click();
  await step(page, 'How you are reached');
  await page.getByLabel('Phone').fill('+33 1 55 55 01 23');
  await button(page, 'Save').click();
  await step(page, 'Open your page');
  await button(page, 'Open the page').click();
  await page.getByText('Your page can be booked.').waitFor();
}

async function invite(page, server, tag) {
  const email = `sara.${tag}@team.example`;
  await link(page, 'Team').click();
  await link(page, 'Invite someone').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Sara Lind');
  await dialog.getByLabel('E-mail').fill(email);
  await button(dialog, 'All of them').click();
  await button(dialog, 'Send invitation').click();
  await page.getByText('Sara Lind is invited').waitFor();
  await invitationTo(server, email);
}

async function book(page, server, date) {
  await page.goto(`${server.baseUrl}/app/calendar?date=${date}&new=now`);
  const dialog = page.getByRole('dialog', { name: 'New visit' });
  await dialog.getByRole('combobox', { name: 'Client' }).fill('Nia Novak');
  await dialog.getByRole('option', { name: 'New client: Nia Novak' }).click();
  await dialog.getByLabel('E-mail').fill('nia@client.example');
  await dialog.getByLabel('Service').selectOption({ index: 1 });
  await dialog.getByLabel('Day', { exact: true }).fill(date);
  await dialog.getByRole('radio').first().waitFor();
  await dialog.getByRole('radio').first().check({ force: true });
  await button(dialog, 'Book').click();
  await page.getByText('Visit booked').waitFor();
}

async function visits(page, server) {
  const answer = await page.request.get(`${server.baseUrl}/api/v1/bookings`);
  return (await answer.json()).data;
}

async function drag(page, server, date) {
  const [{ id, local }] = await visits(page, server);
  await page.goto(`${server.baseUrl}/app/calendar?date=${date}`);
  const core = page.locator(`[data-visit="${id}"] [data-core]`);
  await core.waitFor();
  await core.scrollIntoViewIfNeeded();
  const from = await core.boundingBox();
  await page.mouse.move(from.x + 30, from.y + GRAB);
  await page.mouse.down();
  await page.mouse.move(from.x + 34, from.y + GRAB + 12);
  await page.mouse.move(from.x + 34, from.y + GRAB + 120 * PX, { steps: 6 });
  await page.mouse.up();
  const hour = (text) => Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
  await becomes(async () => hour((await visits(page, server))[0].local) - hour(local), 120);
  await page.getByText(/Nia Novak moved to/).first().waitFor();
}

async function restock(page, server) {
  await page.goto(`${server.baseUrl}/app/inventory?do=new`);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Dye');
  await dialog.getByLabel('Unit', { exact: false }).first().fill('ml');
  await button(dialog, 'Add item').click();
  await heading(page, 'Dye').waitFor();
  await page.goto(`${server.baseUrl}/app/inventory`);
  await page.getByRole('link', { name: 'Receive Dye' }).click();
  await page.getByRole('dialog').getByLabel(/^How (?:many|much)/).fill('250');
  await button(page.getByRole('dialog'), 'Receive').click();
  await becomes(async () => {
    const { data } = await (await page.request.get(`${server.baseUrl}/api/v1/items`)).json();
    return data[0].on_hand;
  }, 250);
}

async function answerWhoWrites(t, page, server, slug) {
  const visitor = await openPage(t);
  await visitor.goto(`${server.baseUrl}/contact/${slug}`);
  await visitor.getByLabel('Name').fill('Ravi Shah');
  await visitor.getByLabel('Email').fill('ravi@client.example');
  await visitor.getByLabel('Message').fill('Is there parking?');
  await visitor.waitForTimeout(TYPING_MS); // a person takes as long; sooner it is held for a program's
  await visitor.getByRole('button', { name: 'Send message' }).click();
  await visitor.getByText('Your message is in').waitFor();

  await link(page, 'Today').click();
  await page.goto(`${server.baseUrl}/app/inbox`);
  await page.locator('.talk').filter({ hasText: 'Ravi Shah' }).click();
  await page.getByLabel('Your answer to Ravi Shah').fill('Yes, behind the house.');
  await page.getByLabel('Your answer to Ravi Shah').press('Control+Enter');
  const mail = await letter(server, 'ravi@client.example', /behind the house/);
  assert.ok(mail);
}

async function takeEverythingAlong(page, server) {
  await page.goto(`${server.baseUrl}/app/settings/data`);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download everything' }).click(),
  ]);
  const parts = [];
  for await (const part of await file.createReadStream()) parts.push(part);
  const whole = Buffer.concat(parts).toString();
  JSON.parse(whole);
  for (const word of ['Nia Novak', 'Ravi Shah', 'Dye', 'Sara Lind', 'Is there parking?']) {
    assert.ok(whole.includes(word), `${word} is in the export`);
  }
}

for (const engine of ['sqlite', 'postgres']) {
  describe(`with ${engine}`, () => {
    test('an owner goes all the way, from signing up to signing out', async (t) => {
      const server = await serverOn(t, engine);
      const tag = randomBytes(4).toString('hex');
      const page = await openPage(t, { ...WIDE, acceptDownloads: true });
      const date = weekday();
      await signUp(page, server, tag);
      await passWizard(page, server);
      await invite(page, server, tag);
      await book(page, server, date);
      await drag(page, server, date);
      await restock(page, server);
      const { slug } = await (await page.request.get(`${server.baseUrl}/api/v1/workspace`)).json();
      await answerWhoWrites(t, page, server, slug);
      await takeEverythingAlong(page, server);
      await button(page, 'Sign out').click();
      await page.waitForURL('**/login');
      assert.equal((await page.request.get(`${server.baseUrl}/api/v1/session`)).status(), 401);
    });
  });
}
