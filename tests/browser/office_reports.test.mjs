// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's reports: what was found in words, the period in the address, chart, table and CSV.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { pastVisit, rated } from '../lib/feedback.mjs';
import { arrive } from '../lib/members.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, openPage, tabTo } from './lib/browser.mjs';
import { WIDE, signInMember } from './lib/office.mjs';
import { enter, heading } from './lib/people.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const DAY_S = 86_400;
const now = () => Math.floor(Date.now() / 1000);
const dateAt = (at) => new Date(at * 1000).toISOString().slice(0, 10);
/** Two weeks with the visits of `makeBusy`. Not from the first of a month on, which is held against months. */
const DAYS = [13, 12].find((days) => !dateAt(now() - days * DAY_S).endsWith('-01'));
const RANGE = { from: dateAt(now() - DAYS * DAY_S), to: dateAt(now()) };
const query = (more = {}) => new URLSearchParams({ period: 'custom', ...RANGE, ...more });

/** Three visits of the last days, one rated, one missed; and two of the two weeks before. */
async function makeBusy() {
  const salon = await makeSalon(server, {
    items: [{ name: 'Oil', on_hand: 500 }],
    services: [{ name: 'Cut', duration_min: 45, price: 4500, materials: [[0, 5]] }, { name: 'Colour', duration_min: 90, price: 9000 }],
  });
  await rated(server, salon, { stars: 4 });
  await pastVisit(salon);
  const missed = await pastVisit(salon, { complete: false, services: [salon.services[1]] });
  expectStatus(await salon.owner.post(`/bookings/${missed.id}/no-show`), 200);
  const before = [await pastVisit(salon), await pastVisit(salon)].map(({ id }) => id);
  const earlier = ['start_s', 'end_s', 'outer_from_s', 'outer_to_s'].map((name) => `${name} = ${name} - ${14 * DAY_S}`);
  await sql(server, `UPDATE booking SET ${earlier.join(', ')} WHERE workspace_id = ${salon.workspace.id} AND id IN (${before.join(', ')})`);
  await sql(server, `UPDATE item SET unit_cost = 20 WHERE workspace_id = ${salon.workspace.id}`);
  return salon;
}

async function open(t, salon, path, options) {
  const page = await openPage(t, options);
  await enter(page, server, salon.ownerEmail, salon.ownerPassword);
  await page.waitForURL('**/app*');
  await page.goto(server.baseUrl + path);
  return page;
}
const card = (page, name) => page.locator('.report-card').filter({ has: page.getByRole('heading', { name, exact: true }) });
const told = (page) => page.locator('.chart-told').innerText();

describe('the overview', () => {
  test('says of each report in words what it found, and leads to it', async (t) => {
    const salon = await makeBusy();
    const page = await open(t, salon, `/app/reports?${query()}`, WIDE);
    await card(page, 'Revenue').getByText('€90', { exact: true }).waitFor();
    await becomes(() => page.locator('.report-value').count(), 9);
    await card(page, 'No-shows').getByText('33.3%', { exact: true }).waitFor();
    await card(page, 'Ratings').getByText('4.0', { exact: true }).waitFor();
    await card(page, 'Bookings').getByText('Bookings rose 50% on the period before').waitFor();
    await page.getByRole('link', { name: /^Bookings/ }).last().focus();
    await card(page, 'Bookings').click();
    await heading(page, 'Bookings rose 50% on the period before').waitFor();
    assert.match(page.url(), /kind=bookings/);
    await page.goBack();
    await card(page, 'Revenue').waitFor();
  });

  test('keeps the period and what it is held against in the address', async (t) => {
    const salon = await makeBusy();
    const page = await open(t, salon, '/app/reports', WIDE);
    await page.getByLabel('Period', { exact: true }).selectOption('Choose dates');
    await page.getByLabel('From').fill(RANGE.from);
    await becomes(() => page.url(), new RegExp(`from=${RANGE.from}`));
    await page.getByLabel('To', { exact: true }).fill(RANGE.to);
    await page.getByLabel('Compare with').selectOption('Nothing');
    await card(page, 'Bookings').getByText('3 visits').waitFor();
    await page.reload();
    await card(page, 'Bookings').getByText('3 visits').waitFor();
    await becomes(() => page.getByLabel('Compare with').inputValue(), 'none');
    await page.getByLabel('Period', { exact: true }).selectOption('This year');
    await becomes(() => page.url(), /period=year/);
    assert.doesNotMatch(page.url(), /from=/);
  });
});

describe('a report', () => {
  test('has its points read by the arrow keys, one stop of Tab for all of them', async (t) => {
    const salon = await makeBusy();
    const page = await open(t, salon, `/app/reports?${query({ kind: 'bookings', by: 'day' })}`, WIDE);
    await page.locator('[data-point]').first().waitFor();
    await becomes(() => page.locator('[data-point]').count(), DAYS + 1);
    await becomes(() => page.locator('[data-point][tabindex="0"]').count(), 1);
    await tabTo(page, 'CSV');
    await page.keyboard.press('Tab');
    await becomes(() => told(page), /: 0, before/);
    await page.keyboard.press('End');
    const names = await page.locator('[data-point]').evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    await becomes(() => told(page), names.at(-1));
    await page.keyboard.press('ArrowLeft');
    await becomes(() => told(page), names.at(-2));
    assert.ok(names.some((name) => /: [1-3], before/.test(name)), names.join());
  });

  test('is a table as well, in the address, and a file with the same figures', async (t) => {
    const salon = await makeBusy();
    const page = await open(t, salon, `/app/reports?${query({ kind: 'revenue', by: 'week' })}`, WIDE);
    await heading(page, 'Revenue stayed at €90, as the period before').waitFor();
    await page.getByRole('link', { name: 'Table', exact: true }).click();
    const table = page.getByRole('region', { name: 'Revenue' });
    await table.waitFor();
    assert.match(page.url(), /as=table/);
    const sums = await table.locator('tbody tr td:first-of-type').allInnerTexts();
    assert.equal(sums.reduce((sum, text) => sum + Number(text.replace('€', '')), 0), 90);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download Revenue as CSV' }).click(),
    ]);
    const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n').slice(1);
    assert.equal(lines.reduce((sum, line) => sum + Number(line.split(',')[2]), 0), 9000);
  });

  test('is narrowed to one person or service by a click on them, and widened again', async (t) => {
    const salon = await makeBusy();
    const page = await open(t, salon, `/app/reports?${query({ kind: 'bookings' })}`, WIDE);
    const services = page.getByRole('region', { name: 'By service' });
    await services.getByRole('link', { name: 'Colour' }).click();
    await becomes(() => page.url(), new RegExp(`service=${salon.services[1].id}`));
    const only = page.getByRole('link', { name: /^Only Colour/ });
    await only.waitFor();
    await becomes(() => services.locator('tbody tr').count(), 1);
    await only.click();
    await becomes(() => services.locator('tbody tr').count(), 2);
    assert.doesNotMatch(page.url(), /service=/);
  });
});

describe('states', () => {
  test('a first use, a period with nothing and a filter with nothing have words of their own and one way on', async (t) => {
    const fresh = await makeSalon(server);
    const page = await open(t, fresh, '/app/reports', WIDE);
    await heading(page, 'Nothing to report yet').waitFor();
    await page.getByRole('link', { name: 'See your booking page' }).waitFor();
    const salon = await makeBusy();
    const other = await open(t, salon, '/app/reports?kind=revenue&period=custom&from=2024-01-01&to=2024-01-31', WIDE);
    await heading(other, 'Nothing in this period').waitFor();
    await other.goto(`${server.baseUrl}/app/reports?${query({ kind: 'bookings', staff: salon.staff[1].id })}`);
    await heading(other, 'Nothing in this period').waitFor();
    await other.getByRole('main').getByRole('link', { name: 'Show all', exact: true }).click();
    await heading(other, /^Bookings rose/).waitFor();
  });

  test('a report that does not load says so, and is asked for again', async (t) => {
    const salon = await makeBusy();
    const page = await openPage(t, WIDE);
    await enter(page, server, salon.ownerEmail, salon.ownerPassword);
    await page.waitForURL('**/app*');
    let isBroken = true;
    await page.route('**/api/v1/reports/revenue?*', (route) => (isBroken ? route.fulfill({ status: 500, body: '' }) : route.continue()));
    await page.goto(`${server.baseUrl}/app/reports?${query()}`);
    await card(page, 'Bookings').getByText(/rose/).waitFor();
    const again = card(page, 'Revenue').getByRole('button', { name: 'Try again' });
    await again.waitFor();
    isBroken = false;
    await again.click();
    await card(page, 'Revenue').getByText('€90', { exact: true }).waitFor();
  });

  test('what keeps all reports is said once', async (t) => {
    const salon = await makeBusy();
    const page = await openPage(t, WIDE);
    await enter(page, server, salon.ownerEmail, salon.ownerPassword);
    await page.waitForURL('**/app*');
    let isBroken = true;
    await page.route('**/api/v1/reports/*?*', (route) => (isBroken ? route.fulfill({ status: 500, body: '' }) : route.continue()));
    await page.goto(`${server.baseUrl}/app/reports?${query()}`);
    const again = page.getByRole('button', { name: 'Try again' });
    // Until the last of them has failed, each says so by itself.
    await page.locator('.state[role="alert"]').waitFor();
    await becomes(() => again.count(), 1);
    isBroken = false;
    await again.click();
    await card(page, 'Revenue').getByText('€90', { exact: true }).waitFor();
  });
});

test('a member with the permission reads reports, and is asked for nothing else', async (t) => {
  const salon = await makeBusy();
  const [ann] = salon.staff;
  const fresh = expectStatus(await salon.owner.get(`/staff/${ann.id}`), 200);
  expectStatus(await salon.owner.patch(`/staff/${ann.id}`, { permissions: ['reports'] }, { version: fresh.version }), 200);
  const member = await arrive(server, ann);
  const page = await openPage(t, WIDE);
  const refused = [];
  page.on('response', (response) => {
    if (response.status() === 403) refused.push(response.url());
  });
  await signInMember(page, server, member);
  await page.goto(`${server.baseUrl}/app/reports?${query()}`);
  await card(page, 'Revenue').getByText('€90', { exact: true }).waitFor();
  await card(page, 'Utilisation').click();
  await page.getByRole('region', { name: 'By person' }).getByText(ann.name).waitFor();
  assert.deepEqual(refused, []);
});

test('every report is accessible and fits, in light and dark, narrow and wide', async (t) => {
  const salon = await makeBusy();
  for (const [width, scheme] of [[1440, 'light'], [390, 'dark'], [320, 'light']]) {
    // oxlint-disable no-await-in-loop
    const page = await open(t, salon, `/app/reports?${query()}`, { width, scheme });
    await becomes(() => page.locator('.report-value').count(), 9);
    await assertNoSidewaysScroll(page, `the overview at ${width}`);
    await assertAccessible(page, `the overview at ${width}`);
    for (const [kind, as] of [['bookings', 'chart'], ['utilisation', 'chart'], ['stock_usage', 'chart'], ['revenue', 'table']]) {
      await page.goto(`${server.baseUrl}/app/reports?${query({ kind, as, by: 'day' })}`);
      await page.locator('.report-figure').waitFor();
      await page.locator(as === 'table' ? '.report-figure table' : '.chart svg').waitFor();
      await assertNoSidewaysScroll(page, `${kind} at ${width}`);
      await assertAccessible(page, `${kind} at ${width}`);
    }
    // oxlint-enable no-await-in-loop
  }
});
