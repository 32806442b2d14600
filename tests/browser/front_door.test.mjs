// SPDX-License-Identifier: AGPL-3.0-or-later
// A stranger from their first word to the chair, on either database: nothing here is faked, and each
// step stands on the one before.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { startDovecot } from '../lib/dovecot.mjs';
import { makeForm } from '../lib/forms.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { startServer } from '../lib/server.mjs';
import { assertNoSidewaysScroll, closeBrowser, openPage } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button, heading, letter } from './lib/people.mjs';
import { makeStaffed } from './lib/staff.mjs';

const INBOUND = 'reply@in.careops.example';
const NADIA = 'nadia.roux@client.example';
const LIVE_MS = 20_000; // a mail's way through the mailbox, and into a page that is open

const FIELDS = [
  { key: 'about', label: 'About you', type: 'section', help: 'So that nothing irritates your skin.' },
  { key: 'meds', label: 'Do you take medicines?', type: 'consent', required: false },
  {
    ...{ key: 'which', label: 'Which ones?', type: 'text', required: true },
    show_if: { key: 'meds', is: 'answered' },
  },
  { key: 'signed', label: 'Signature', type: 'signature', required: true },
];

let cluster;
after(async () => {
  await closeBrowser();
  await cluster?.stop();
});

/** A server on that engine that reads a mailbox; PostgreSQL is the test run's, or one of our own. */
async function serverOn(t, engine, dovecot) {
  if (engine === 'postgres' && !process.env.CAREOPS_TEST_POSTGRES) {
    cluster = await startPostgres({ fsync: false });
    process.env.CAREOPS_TEST_POSTGRES = cluster.url;
  }
  const env = {
    CAREOPS_INBOUND_ADDRESS: INBOUND,
    CAREOPS_IMAP: dovecot.url,
    CAREOPS_IMAP_PASSWORD: dovecot.password,
  };
  return startServer(t, { engine, env });
}

/** What is asked before a root colour, and read by whoever does it. */
async function makeIntake(salon) {
  const form = await makeForm(salon.owner, { name: 'Before your colour', fields: FIELDS, staff_reads: true });
  const change = { form_ids: [form.id] };
  expectStatus(await salon.owner.patch(`/services/${salon.services[1].id}`, change), 200);
}

async function strangerWrites(t, salon) {
  const page = await openPage(t, { zone: salon.zone, width: 390 });
  await page.goto(salon.url);
  await page.getByRole('link', { name: /message|write/i }).first().click();
  await page.waitForURL('**/contact/*');
  await page.getByLabel('Name').fill('Nadia Roux');
  await page.getByLabel('Email').fill(NADIA);
  await page.getByLabel('Message').fill('Do you colour very dark hair?');
  await page.waitForTimeout(3500); // sooner than that nobody has written anything
  await button(page, 'Send message').click();
  await heading(page, 'Your message is in').waitFor();
  await assertNoSidewaysScroll(page, 'what was sent');
  return page;
}

async function ownerReplies(t, salon) {
  const page = await openOffice(t, salon.server, salon, '/app/inbox', WIDE);
  await page.locator('.talk').filter({ hasText: 'Nadia Roux' }).click();
  await page.getByRole('log').getByText('Do you colour very dark hair?').waitFor();
  await page.getByLabel('Your answer to Nadia Roux').fill('We do. Do you take any medicines?');
  await page.getByLabel('Your answer to Nadia Roux').press('Control+Enter');
  await page.getByRole('log').getByText('We do. Do you take any medicines?').waitFor();
  return page;
}

/** By mail, below the history that her program puts under her words; the owner's page shows it by itself. */
async function strangerAnswersByMail(salon, dovecot, page) {
  const mail = await letter(salon.server, NADIA, /We do\. Do you take any medicines\?/);
  await dovecot.deliver(
    [
      `From: Nadia Roux <${NADIA}>`,
      `To: ${mail.header('reply-to')}`,
      `Subject: Re: ${mail.subject}`,
      `Message-ID: <${randomUUID()}@client.example>`,
      `In-Reply-To: ${mail.header('message-id')}`,
      ...['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', ''],
      ...['Aspirin, now and then.', '', 'On Thu, 26 Nov 2026, Maison Lune wrote:'],
      ...['> We do. Do you take any medicines?', ''],
    ].join('\r\n'),
  );
  const log = page.getByRole('log');
  await log.getByText('Aspirin, now and then.').waitFor({ timeout: LIVE_MS });
  const [{ id }] = await salon.owner.list('/conversations?filter=unanswered');
  const last = (await salon.owner.list(`/conversations/${id}/messages`)).at(-1);
  assert.deepEqual([last.via, last.direction, last.doubtful], ['mail', 'in', false]);
  assert.equal(last.body, 'Aspirin, now and then.');
  assert.match(last.quoted, /Do you take any medicines/);
  return mail;
}

async function strangerBooks(page, salon, mail) {
  const [address] = /https?:\/\/\S+\/book\/\S+/.exec(mail.text);
  await page.goto(address);
  await page.getByRole('link', { name: /Root colour/ }).click();
  const theirs = page.waitForResponse((answer) => /availability\?.*staff_id=/.test(answer.url()));
  await page.locator('.pill').filter({ hasText: salon.member.name }).click();
  await theirs;
  await page.waitForURL(/staff=/);
  await page.locator('.slot').first().click();
  await page.getByLabel('Name').fill('Nadia Roux');
  await page.getByLabel('Email').fill(NADIA);
  await button(page, 'Book for €78').click();
  await heading(page, 'You’re booked').waitFor();
  const [client] = await salon.owner.list('/clients?q=nadia');
  assert.deepEqual([client.status, client.source], ['booked', 'contact']);
  const [visit] = await salon.owner.list(`/bookings?client_id=${client.id}`);
  return visit;
}

async function strangerSigns(page, salon) {
  const mail = await letter(salon.server, NADIA, /\/form\//);
  const [address] = /https?:\/\/\S+\/form\/[\w-]+/.exec(mail.text);
  await page.goto(address);
  await heading(page, 'Before your colour').waitFor();
  await page.getByLabel('Do you take medicines?').check();
  await page.getByLabel('Which ones?').fill('Aspirin');
  const pad = page.locator('.pad svg');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 60, { steps: 5 });
  await page.mouse.move(box.x + 160, box.y + 20, { steps: 5 });
  await page.mouse.up();
  await page.getByLabel('Your full name').fill('Nadia Roux');
  await button(page, 'Send my answers').click();
  await heading(page, 'Thank you, your answers are in').waitFor();
}

async function memberReads(t, salon, visit) {
  const page = await salon.openPortal(t, { path: `?visit=${visit.id}`, width: 390 });
  await page.getByText('Filled in', { exact: true }).waitFor();
  await page.getByRole('link', { name: /^Read the answers/ }).click();
  await heading(page, 'Before your colour').waitFor();
  await page.getByText('Aspirin').waitFor();
  const paper = await salon.client.list(`/bookings/${visit.id}/forms`);
  const pdf = await salon.client.get(`/submissions/${paper[0].id}/form.pdf`);
  assert.equal(pdf.status, 200);
  assert.match(pdf.text, /^%PDF-/);
}

for (const engine of ['sqlite', 'postgres']) {
  describe(`with ${engine}`, () => {
    test('writes, is answered, answers by mail, books, signs, and is expected', async (t) => {
      const dovecot = await startDovecot(t);
      const salon = await makeStaffed(await serverOn(t, engine, dovecot));
      await makeIntake(salon);
      const phone = await strangerWrites(t, salon);
      const office = await ownerReplies(t, salon);
      const mail = await strangerAnswersByMail(salon, dovecot, office);
      const visit = await strangerBooks(phone, salon, mail);
      await strangerSigns(phone, salon);
      await memberReads(t, salon, visit);
    });
  });
}
