// SPDX-License-Identifier: AGPL-3.0-or-later
// How the staff's portal looks and is reached: accessible in every state, in light and dark, on a
// phone and a desk; never wider than the screen; nothing too small for a thumb; few and small files.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, closeBrowser, openPage } from './lib/browser.mjs';
import { fakeInbox, makeStaffed } from './lib/staff.mjs';

const KB = 1024;
const TARGET_PX = 44;
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';

let server;
let empty;
let full;
before(async () => {
  server = await startServer(null);
  empty = await makeStaffed(server);
  full = await makeFull();
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const link = (page, name) => page.getByRole('link', { name });

/** A day with something of everything. */
async function makeFull() {
  const salon = await makeStaffed(server);
  const done = await salon.visitIn(-200, { name: 'Zoe Park' });
  expectStatus(await salon.client.post(`/bookings/${done.id}/complete`), 200);
  const missed = await salon.visitIn(-150, { name: 'Tom Baker', service: 0 });
  expectStatus(await salon.client.post(`/bookings/${missed.id}/no-show`), 200);
  await salon.visitIn(-90, { name: 'Sam Cole' });
  const now = await salon.visitIn(-10, { notes: 'Prefers silence\nBring the warm towel' });
  await salon.alerts(now, ['Allergic to PPD', 'Uses a wheelchair']);
  expectStatus(await salon.client.post(`/bookings/${now.id}/start`), 200);
  const next = await salon.visitIn(40, { name: 'Noor Ali', service: 0 });
  await salon.visitIn(100, { name: 'Ravi Shah' });
  await salon.visitIn(24 * 60, { name: 'Ines Roy' });
  const off = { start: dateIn(30), end: dateIn(31), reason: 'Course' };
  const first = expectStatus(await salon.client.post('/time-off-requests', off), 201);
  const note = { note: 'Enjoy it' };
  expectStatus(await salon.owner.post(`/time-off-requests/${first.id}/approve`, note), 200);
  const second = { start: dateIn(40), end: dateIn(40), reason: 'Dentist' };
  expectStatus(await salon.client.post('/time-off-requests', second), 201);
  return Object.assign(salon, { done, now, next });
}

/** Every state: its name, whose it is, where, what shows that it is there, and how it comes so. */
function states() {
  const at = (visit, step) => `?visit=${visit.id}${step ? `&step=${step}` : ''}`;
  return [
    ['an empty day', empty, '', 'text=No visits today'],
    ['an empty week', empty, '?view=week', '.days'],
    ['no own time', empty, '?view=me', 'form'],
    ['a full day', full, '', '.next'],
    ['a visit', full, at(full.now), '.dock .btn'],
    ['a finished visit', full, at(full.done), 'text=Used'],
    ['finishing', full, at(full.now, 'finish'), '.amount'],
    ['a no-show', full, at(full.next, 'no-show'), '.danger'],
    ['a visit that is not theirs', full, '?visit=1', 'text=not in your diary'],
    ['a full week', full, '?view=week', '.days .visit'],
    ['own time', full, '?view=me', '.asked'],
    ['messages', full, '?view=messages', '.talk'],
    ['a conversation', full, '?view=messages&with=71', '.thread li'],
  ];
}

async function open(t, salon, options) {
  const page = await openPage(t, { zone: salon.zone, serviceWorkers: 'block', ...options });
  await fakeInbox(page);
  const hours = { inherits: false, weekly: [{ weekday: 1, start: '09:00', end: '17:30' }] };
  await page.route('**/api/v1/staff/*/hours', (route) => route.fulfill({ json: hours }));
  return salon.openPortal(t, { page });
}

async function onEachState(t, options, check) {
  const pages = new Map([
    [empty, await open(t, empty, options)],
    [full, await open(t, full, options)],
  ]);
  for (const [name, salon, path, sign] of states()) {
    const page = pages.get(salon);
    await page.goto(`${server.baseUrl}/staff${path}`);
    await page.locator(`main .view >> ${sign}`).first().waitFor();
    await check(page, name);
  }
}

describe('accessibility', () => {
  for (const scheme of ['light', 'dark']) {
    for (const width of [390, 1440]) {
      test(`no violation in any state, ${scheme} at ${width} px`, async (t) => {
        await onEachState(t, { scheme, width }, assertAccessible);
      });

      test(`none while loading, broken, offline and in conflict, ${scheme} at ${width} px`, async (t) => {
        const salon = await makeStaffed(server);
        const visit = await salon.visitIn(20);
        const page = await open(t, salon, { scheme, width });
        await page.locator('.next').waitFor();
        await page.context().setOffline(true);
        await page.getByRole('button', { name: 'Start visit' }).click();
        await page.getByText('1 change to send').waitFor();
        await assertAccessible(page, 'offline');
        const patch = { notes: 'changed' };
        expectStatus(await salon.owner.patch(`/bookings/${visit.id}`, patch), 200);
        await page.context().setOffline(false);
        await page.getByRole('alert').waitFor();
        await assertAccessible(page, 'in conflict');

        await page.evaluate(() => localStorage.clear());
        await page.route('**/api/v1/bookings?**', (route) => route.fulfill({ status: 500 }));
        await page.goto(`${server.baseUrl}/staff?view=week`);
        await page.getByText('This part did not load.').waitFor();
        await assertAccessible(page, 'broken');
        await page.route('**/api/v1/bookings?**', () => undefined);
        await page.goto(`${server.baseUrl}/staff?view=week`);
        await page.locator('.bones').waitFor({ state: 'attached' });
        await assertAccessible(page, 'loading');
        await page.unrouteAll({ behavior: 'ignoreErrors' });
      });
    }
  }
});

describe('the frame', () => {
  for (const width of [320, 390, 768, 1440, 1920]) {
    test(`never scrolls sideways at ${width} px, and no target is too small`, async (t) => {
      await onEachState(t, { width, height: 800 }, async (page, name) => {
        await assertNoSidewaysScroll(page, `${name} at ${width} px`);
        assert.deepEqual(await smallTargets(page), [], `${name} at ${width} px`);
      });
    });
  }

  /* A checkbox is reached by its label. */
  function smallTargets(page) {
    return page.evaluate((least) => {
      const all = 'a, button, input:not([type=checkbox]), textarea, label:has(input)';
      return [...document.querySelectorAll(all)]
        .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
        .filter(([, box]) => box.height > 0 && (box.height < least || box.width < least))
        .map(([html, box]) => `${html} ${box.width}×${box.height}`);
    }, TARGET_PX);
  }

  test('holds at 320 px with names and words that are much too long', async (t) => {
    const salon = await makeStaffed(server, { name: LONG, staff: [LONG, 'Bruno'] });
    const visit = await salon.visitIn(20, { name: LONG, notes: LONG.repeat(5) });
    await salon.alerts(visit, [LONG.repeat(3)]);
    const off = { start: dateIn(30), end: dateIn(31), reason: LONG };
    expectStatus(await salon.client.post('/time-off-requests', off), 201);
    const page = await salon.openPortal(t, { width: 320 });
    for (const path of ['', `?visit=${visit.id}`, `?visit=${visit.id}&step=finish`, '?view=week', '?view=me']) {
      await page.goto(`${server.baseUrl}/staff${path}`);
      await page.locator('main .view h1').waitFor();
      await page.locator('.bones').first().waitFor({ state: 'detached' });
      await assertNoSidewaysScroll(page, `long words at ${path}`);
    }
  });

  test('the first view asks for two files, and its script is under 40 KB', async (t) => {
    const page = await openPage(t, { zone: full.zone });
    const files = [];
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname === '/staff' || pathname.startsWith('/assets/')) files.push(sizeOf(pathname, response));
    });
    await full.openPortal(t, { page, path: '' });
    await page.locator('.next').waitFor();
    const own = (await Promise.all(files)).sort();
    assert.deepEqual(own.map(([path]) => path.replace(/-.*/, '')), ['/assets/staff', '/staff']);
    const [[, script]] = own;
    assert.ok(script > KB && script <= 40 * KB, `${script} bytes of script`);
  });

  const sizeOf = async (pathname, response) => {
    const sizes = await response.request().sizes();
    return [pathname, sizes.responseBodySize];
  };

  test('beside a visit a desk shows the day, a phone does not', async (t) => {
    const desk = await open(t, full, { width: 1440 });
    await desk.goto(`${server.baseUrl}/staff?visit=${full.now.id}`);
    await desk.locator('.aside .visit').first().waitFor();
    await link(desk, /Ravi Shah/).click();
    await desk.locator('.view').getByRole('heading', { name: 'Ravi Shah' }).waitFor();
    const phone = await open(t, full, { width: 390 });
    await phone.goto(`${server.baseUrl}/staff?visit=${full.now.id}`);
    await phone.locator('.dock .btn').waitFor();
    assert.equal(await phone.locator('.aside').isVisible(), false);
  });

  test('times are marked as the business’s where the device is elsewhere', async (t) => {
    const page = await full.openPortal(t, { zone: 'Asia/Tokyo' });
    await page.getByText(/^Times are in .* time\.$/).waitFor();
    const local = full.now.local.slice(11, 16);
    assert.ok((await page.locator('.next').innerText()).includes(local), local);
  });
});
