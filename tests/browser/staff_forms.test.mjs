// SPDX-License-Identifier: AGPL-3.0-or-later
// Forms in the staff's portal: filled in on the salon's device, read before the visit, and not read
// by whom they are none of the business of; and two members at one conversation.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { askForm, makeForm } from '../lib/forms.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, closeBrowser, focusIs, openPage } from './lib/browser.mjs';
import { fakeInbox, makeStaffed, signInAs } from './lib/staff.mjs';

const FIELDS = [
  { key: 'about', label: 'About you', type: 'section', help: 'Before we begin.' },
  { key: 'born', label: 'Date of birth', type: 'date', required: false },
  { key: 'meds', label: 'Do you take medicines?', type: 'consent', required: false },
  {
    ...{ key: 'which', label: 'Which ones?', type: 'text', required: true },
    show_if: { key: 'meds', is: 'answered' },
  },
  { key: 'signed', label: 'Signature', type: 'signature', required: true },
];
const DRAWING = { width: 600, height: 240, strokes: [[50, 60, 200, 180, 400, 40]] };
const ANSWERS = {
  ...{ born: '1990-02-28', meds: true, which: 'Aspirin' },
  signed: { name: 'Mei Lin', drawing: DRAWING },
};

let server;
let salon;
let open;
let sealed;
before(async () => {
  server = await startServer(null);
  salon = await makeStaffed(server);
  open = await makeForm(salon.owner, { name: 'Health', fields: FIELDS, staff_reads: true });
  sealed = await makeForm(salon.owner, {
    ...{ name: 'Scalp history', fields: FIELDS, staff_reads: true, clinical: true },
  });
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const button = (page, name) => page.getByRole('button', { name });
const link = (page, name) => page.getByRole('link', { name });
const heading = (page, name) => page.getByRole('heading', { name, exact: true });

/** Visits of one member do not overlap. */
let minutes = 0;
const nextVisit = (more) => salon.visitIn((minutes += 35), more);

async function visitWith(form, answers = null) {
  const visit = await nextVisit();
  const { token } = await askForm(server, form, visit);
  if (answers) expectStatus(await salon.visitor.post(`/public/forms/${token}`, { answers }), 200);
  return visit;
}

describe('a visit’s form', () => {
  test('is filled in on the salon’s device, and read on the way back', async (t) => {
    const visit = await visitWith(open);
    const page = await salon.openPortal(t, { path: `?visit=${visit.id}` });
    await page.getByText('Waits for answers').waitFor();
    await assertAccessible(page, 'a form that waits');
    await button(page, /^Fill in on this device/).click();
    await page.waitForURL('**/form/*');
    await page.getByLabel('Do you take medicines?').check();
    await page.getByLabel('Which ones?').fill('Aspirin');
    await page.getByLabel('Your full name').fill('Mei Lin');
    await button(page, 'Send my answers').click();
    await focusIs(page, 'Thank you, your answers are in');
    await page.goto(`${server.baseUrl}/staff?visit=${visit.id}`);
    await page.getByText('Filled in', { exact: true }).waitFor();
    await link(page, /^Read the answers/).click();
    await focusIs(page, 'Health');
    await page.getByText('Aspirin').waitFor();
  });

  for (const scheme of ['light', 'dark']) {
    test(`shows its answers as they were asked, in ${scheme}`, async (t) => {
      const visit = await visitWith(open, ANSWERS);
      for (const width of [320, 390, 1440]) {
        const page = await salon.openPortal(t, { path: `?visit=${visit.id}`, width, scheme });
        await link(page, /^Read the answers/).click();
        await heading(page, 'About you').waitFor();
        await page.getByText('28 February 1990').waitFor();
        await page.getByRole('img', { name: 'Signature of Mei Lin' }).waitFor();
        await page.getByText('What was signed').click();
        await assertAccessible(page, 'answers');
        await assertNoSidewaysScroll(page, 'answers');
        await page.goBack();
        await heading(page, 'Mei Lin').waitFor();
      }
    });
  }

  test('comes as a PDF', async (t) => {
    const visit = await visitWith(open, ANSWERS);
    const page = await salon.openPortal(t, { path: `?visit=${visit.id}` });
    await link(page, /^Read the answers/).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      link(page, 'PDF to print or keep').click(),
    ]);
    assert.match(download.suggestedFilename(), /\.pdf$/);
  });

  test('that is clinical is read by a tap of its own, once, by who may', async (t) => {
    const visit = await visitWith(sealed, ANSWERS);
    const page = await salon.openPortal(t, { path: `?visit=${visit.id}` });
    await page.getByText('Only who may read clinical answers sees them.').waitFor();
    await assertAccessible(page, 'sealed');
    const allow = { permissions: ['clinical'] };
    expectStatus(await salon.owner.patch(`/staff/${salon.member.id}`, allow), 200);
    t.after(() => salon.owner.patch(`/staff/${salon.member.id}`, { permissions: [] }));
    await page.reload();
    const reads = [];
    page.on('request', (request) => /\/submissions\/\d+$/.test(request.url()) && reads.push(1));
    await link(page, /^Read \(it is noted who reads\)/).click();
    await page.getByText('Aspirin').waitFor();
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    expectStatus(await salon.owner.patch(`/bookings/${visit.id}`, { notes: 'New' }), 200);
    await page.waitForResponse(/\/bookings\//);
    assert.equal(reads.length, 1, 'read once, whatever else is read again');
  });

  test('says when its answers are not here, or do not load', async (t) => {
    const visit = await visitWith(open, ANSWERS);
    const page = await salon.openPortal(t, { path: `?visit=${visit.id}&form=1` });
    await heading(page, 'This form is not here').waitFor();
    await assertAccessible(page, 'gone');
    await page.route('**/api/v1/submissions/*', (route) => route.fulfill({ status: 500 }));
    await page.goto(`${server.baseUrl}/staff?visit=${visit.id}&form=2`);
    await page.getByText('This part did not load.').waitFor();
    await assertAccessible(page, 'failed');
  });
});

test('a visit that cannot begin yet says what is missing', async (t) => {
  const visit = await nextVisit();
  const page = await openPage(t, { zone: salon.zone, serviceWorkers: 'block' });
  const why = 'Root colour needs "Patch test" at least 48 hours before it: book that first.';
  await page.route(`**/api/v1/bookings/${visit.id}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), gates_ok: false } });
  });
  await page.route('**/api/v1/bookings/*/gates', (route) =>
    route.fulfill({
      json: { data: [{ kind: 'patch_test', name: 'Patch test', ok: false, done: false, why }] },
    }),
  );
  await salon.openPortal(t, { page, path: `?visit=${visit.id}` });
  await heading(page, 'Before it can begin').waitFor();
  await page.getByText(why).waitFor();
  await assertAccessible(page, 'held up');
});

describe('a conversation', () => {
  test('folds what a mail quotes, and lists its files', async (t) => {
    const page = await openPage(t, { zone: salon.zone, serviceWorkers: 'block' });
    await fakeInbox(page);
    await salon.openPortal(t, { page, path: '?view=messages&with=71' });
    await page.getByText('Bruno looks after this.').waitFor();
    const file = link(page, 'my hair.jpg');
    assert.match(await file.getAttribute('href'), /\/conversations\/71\/attachments\/9$/);
    await page.getByText('2.1 MB').waitFor();
    assert.equal(await link(page, 'a film.mp4').count(), 0);
    await page.getByText('too large, not kept').waitFor();
    await page.getByText(/sent from mei@work\.example/).waitFor();
    const quoted = page.getByText('On Monday you wrote');
    assert.equal(await quoted.isVisible(), false);
    await page.getByText('Earlier messages').click();
    await quoted.waitFor();
  });

  test('tells two members of each other, and neither answers over the other', async (t) => {
    const visit = await nextVisit({ name: 'Ines Roy' });
    const words = { name: 'Ines Roy', email: 'ines.roy@client.example', message: 'May I come at five?' };
    expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, words), 202);
    expectStatus(await salon.owner.patch(`/staff/${salon.colleague.id}`, { permissions: ['inbox'] }), 200);
    const colleague = await signInAs(server, salon.colleague);
    const begun = expectStatus(
      await salon.client.post('/conversations', { client_id: visit.client.id }),
      200,
    );
    const path = `?view=messages&with=${begun.id}`;
    const mine = await salon.openPortal(t, { path });
    const theirs = await salon.openPortal(t, { path, who: colleague });
    await mine.getByText('May I come at five?').waitFor();
    await theirs.getByText('May I come at five?').waitFor();
    await theirs.getByLabel('Message', { exact: true }).fill('Yes, of course.');
    await mine.getByText('Bruno is answering…').waitFor();
    await mine.getByLabel('Message', { exact: true }).fill('No, sorry.');
    await theirs.getByText('Amara is answering…').waitFor();
    // What comes in meanwhile is held back from this page, as a slow network would.
    await mine.route('**/messages?**', () => undefined);
    await button(theirs, 'Send').click();
    await theirs.locator('.thread .out').waitFor();
    await button(mine, 'Send').click();
    await mine.getByText(/^Bruno wrote in the meantime\./).waitFor();
    assert.equal(await mine.getByLabel('Message', { exact: true }).inputValue(), 'No, sorry.');
    await mine.unrouteAll({ behavior: 'ignoreErrors' });
  });
});
