// SPDX-License-Identifier: AGPL-3.0-or-later
// One member of staff from the invitation to the day on which they leave, on either database: nothing
// here is faked, and each step stands on the one before.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { invitationTo, mailedPassword } from '../lib/members.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { eventually } from '../lib/process.mjs';
import { startServer } from '../lib/server.mjs';
import { assertNoSidewaysScroll, closeBrowser, openPage } from './lib/browser.mjs';
import { button, enter, heading, letter, signInOwner } from './lib/people.mjs';
import { makeStaffed } from './lib/staff.mjs';

const SARA = 'sara@team.example';
const OWN = 'quiet lantern orchard 9';
const LIVE_MS = 10_000; // far below the minute after which the page would ask by itself
const AT_ONCE_MS = 1_000;

const link = (page, name) => page.getByRole('link', { name });
const all = (page) => page.locator('main').innerText();

let cluster;
after(async () => {
  await closeBrowser();
  await cluster?.stop();
});

/** A server on that engine; PostgreSQL is the test run's, or one of our own. */
async function serverOn(t, engine) {
  if (engine === 'postgres' && !process.env.CAREOPS_TEST_POSTGRES) {
    cluster = await startPostgres({ fsync: false });
    process.env.CAREOPS_TEST_POSTGRES = cluster.url;
  }
  return startServer(t, { engine });
}

async function ownerInvites(t, salon) {
  const { server } = salon;
  const page = await openPage(t, { zone: salon.zone, width: 1280, height: 900 });
  await signInOwner(page, server, salon);
  await link(page, 'Team').click();
  await page.waitForURL('**/app/team');
  await link(page, 'Invite someone').click();
  await page.getByLabel('Name').fill('Sara Lind');
  await page.getByLabel('E-mail').fill(SARA);
  await page.getByLabel('Cut & finish').check();
  await page.getByLabel('Root colour').check();
  await button(page, 'Send invitation').click();
  await page.getByText('Sara Lind is invited').waitFor();
  await page.waitForURL(/\/app\/team\/\d+$/);
  await page.getByText(`A letter went to ${SARA}.`).waitFor();

  const mail = await invitationTo(server, SARA);
  const password = mailedPassword(mail);
  const elsewhere = server.mail().filter((each) => each.name !== mail.name);
  for (const text of [...server.logs, ...elsewhere.map((each) => each.text), await page.content()]) {
    assert.ok(!text.includes(password), 'the password stands in her letter alone');
  }
  const id = new URL(page.url()).pathname.split('/').at(-1);
  return { page, sara: { id, password } };
}

/** What is in the diary before she comes: a visit of hers and one of a colleague, and both clients wrote. */
async function fillDiary(salon, sara) {
  const hers = await salon.visitIn(5, { staff: sara, notes: 'Prefers silence' });
  await salon.alerts(hers, ['Allergic to PPD']);
  const others = await salon.visitIn(10, { name: 'Zoe Park' });
  for (const [visit, message] of [
    [hers, 'Is there parking?'],
    [others, 'May I bring my dog?'],
  ]) {
    const { name, email } = visit.client;
    const answer = await salon.visitor.post(`/public/${salon.slug}/contact`, { name, email, message });
    expectStatus(answer, 202);
  }
  return { hers, others };
}

async function saraArrives(t, salon, sara) {
  const phone = await openPage(t, { zone: salon.zone, width: 390 });
  await enter(phone, salon.server, SARA, sara.password);
  await heading(phone, 'Choose your own password').waitFor();
  await phone.goto(`${salon.server.baseUrl}/staff`);
  await phone.waitForURL('**/login');
  await phone.getByLabel('Password from your invitation', { exact: true }).fill(sara.password);
  await phone.getByLabel('New password', { exact: true }).fill(OWN);
  await button(phone, 'Save and go on').click();
  await phone.waitForURL('**/staff');
  return phone;
}

async function seesHerDay(phone) {
  const card = phone.locator('.next');
  await card.waitFor();
  const text = await card.innerText();
  for (const part of ['Mei Lin', 'Root colour', 'Allergic to PPD', 'Prefers silence']) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  assert.match(text, /Prepare Root colour 6\.1 60 ml, Foil 1\.5 piece/);
  assert.doesNotMatch(await all(phone), /Zoe/);
  await assertNoSidewaysScroll(phone, 'her day');
}

/** A client takes a time of Sara's on the public page, and her page shows it without being loaded again. */
async function clientBooks(t, salon, phone) {
  await phone.evaluate(() => {
    globalThis.hasStayed = true;
  });
  const page = await openPage(t, { zone: salon.zone });
  await page.goto(salon.url);
  await link(page, /Root colour/).click();
  await page.locator('.pill').filter({ hasText: 'Sara' }).click();
  await page.waitForURL(/staff=/);
  await page.locator('.slot').first().click();
  await page.getByLabel('Name').fill('Ravi Shah');
  await page.getByLabel('Email').fill('ravi@client.example');
  await button(page, 'Book for €78').click();
  await heading(page, 'You’re booked').waitFor();
  await phone.getByText('Ravi Shah').first().waitFor({ timeout: LIVE_MS });
  assert.equal(await phone.evaluate(() => globalThis.hasStayed), true);
}

async function worksTheVisit(salon, phone, { hers }) {
  await button(phone, 'Start visit').click();
  await phone.locator('.next').getByText('Now').waitFor();
  await eventually('it has begun', async () => (await salon.read(hers)).started_at !== null);
  await link(phone, 'Finish visit').click();
  await heading(phone, 'Finish Mei Lin').waitFor();
  await button(phone, 'Less Root colour 6.1').click();
  await button(phone, 'Less Root colour 6.1').click();
  await phone.getByLabel('Foil (piece)').fill('2,5');
  await button(phone, 'Finish visit').click();
  await phone.locator('.next').getByText('Ravi Shah').waitFor();
  await eventually('it is finished', async () => (await salon.read(hers)).status === 'completed');

  const { materials } = await salon.read(hers);
  assert.deepEqual(materials.map((each) => each.used), [50, 2.5]);
  /* 900 ml and 200 foils were on the shelf; the visits of Zoe and Ravi still hold theirs. */
  const shelf = async ({ id }) => expectStatus(await salon.owner.get(`/items/${id}`), 200);
  const [colour, foil] = await Promise.all(salon.items.map(shelf));
  assert.deepEqual([colour.on_hand, colour.reserved], [850, 120]);
  assert.deepEqual([foil.on_hand, foil.reserved], [197.5, 3]);
}

/** What her browser may ask, beyond what the page shows. */
async function seesNothingElse(salon, phone, { others }) {
  await phone.goto(`${salon.server.baseUrl}/staff?visit=${others.id}`);
  await heading(phone, 'This visit is not in your diary').waitFor();
  assert.doesNotMatch(await phone.content(), /Zoe|client\.example/);
  const [theirs] = (await salon.owner.list('/conversations')).filter(
    (each) => each.client.name === 'Zoe Park',
  );
  const answers = await phone.evaluate(
    (paths) => Promise.all(paths.map(async (path) => {
      const answer = await fetch(`/api/v1${path}`);
      return [answer.status, await answer.text()];
    })),
    [
      ...[`/bookings/${others.id}`, `/conversations/${theirs.id}`],
      ...[`/conversations/${theirs.id}/messages`, `/clients/${others.client.id}`],
      ...['/items', '/clients', '/bookings', '/conversations', '/staff'],
    ],
  );
  assert.deepEqual(
    answers.map(([status]) => status),
    [404, 404, 404, 403, 403, 403, 200, 200, 403],
  );
  for (const [, text] of answers) assert.doesNotMatch(text, /Zoe|dog|client\.example/);
}

async function answersHerClient(salon, phone) {
  await link(phone, /Messages 1/).click();
  await link(phone, /Mei Lin/).waitFor();
  assert.doesNotMatch(await all(phone), /Zoe|dog/);
  await link(phone, /Mei Lin/).click();
  await phone.getByText('Is there parking?').waitFor();
  await phone.getByLabel('Message').fill('Yes, behind the house.');
  await button(phone, 'Send').click();
  await phone.locator('.thread .out').getByText('behind the house').waitFor();
  await letter(salon.server, 'mei.lin@client.example', /Yes, behind the house\./);
  await phone.locator('.thread .out').getByText(/ sent$/).waitFor({ timeout: LIVE_MS });
}

/** Her open stream ends with her membership; whatever is asked next is refused, and the page leaves. */
async function ownerDeactivates(salon, page, phone) {
  const open = phone.waitForResponse((response) => response.url().endsWith('/api/v1/events'));
  await phone.goto(`${salon.server.baseUrl}/staff`);
  const stream = (await open).request();
  await phone.locator('.next').getByText('Ravi Shah').waitFor();
  const ended = new Promise((resolve) => {
    const note = (request) => request === stream && resolve(performance.now());
    phone.on('requestfinished', note);
    phone.on('requestfailed', note);
  });
  const from = performance.now();
  await button(page, 'Deactivate Sara Lind').click();
  const took = Math.round((await ended) - from);
  assert.ok(took < AT_ONCE_MS, `her stream closed after ${took} ms`);
  await page.getByText('Sara Lind is deactivated').waitFor();

  const next = await phone.request.get(`${salon.server.baseUrl}/api/v1/bookings`);
  assert.equal(next.status(), 401);
  await phone.waitForURL('**/login');
  await phone.goto(`${salon.server.baseUrl}/staff`);
  await phone.waitForURL('**/login');
  await heading(phone, 'Sign in').waitFor();
  const kept = await phone.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  assert.doesNotMatch(kept, /Ravi|Mei Lin/);
  await enter(phone, salon.server, SARA, OWN);
  await phone.getByRole('alert').waitFor();
  return took;
}

async function ownerGivesAwayWhatIsLeft(salon, page) {
  await link(page, 'All people').click();
  const left = page.getByRole('region', { name: 'Visits without anybody' });
  await left.getByText('Ravi Shah', { exact: true }).waitFor();
  assert.doesNotMatch(await left.innerText(), /Mei Lin|Zoe/);
  await page.getByLabel('Who takes Ravi Shah').selectOption({ label: 'Bruno' });
  await button(page, 'Move Ravi Shah').click();
  await page.getByText('Ravi Shah is with Bruno now').waitFor();
  await left.waitFor({ state: 'detached' });
  const [moved] = (await salon.owner.list('/bookings')).filter(
    (each) => each.client.name === 'Ravi Shah',
  );
  assert.equal(moved.staff_id, salon.staff[1].id);
  assert.deepEqual(await salon.owner.list('/bookings?unstaffed=true'), []);
}

for (const engine of ['sqlite', 'postgres']) {
  describe(`with ${engine}`, () => {
    test('invited, at work, and gone', async (t) => {
      const server = await serverOn(t, engine);
      const salon = await makeStaffed(server);
      const { page, sara } = await ownerInvites(t, salon);
      const diary = await fillDiary(salon, sara);
      const phone = await saraArrives(t, salon, sara);
      await seesHerDay(phone);
      await clientBooks(t, salon, phone);
      await worksTheVisit(salon, phone, diary);
      await seesNothingElse(salon, phone, diary);
      await answersHerClient(salon, phone);
      const took = await ownerDeactivates(salon, page, phone);
      await ownerGivesAwayWhatIsLeft(salon, page);
      console.log(`${engine}: her stream closed ${took} ms after the click that deactivated her`);
    });
  });
}
