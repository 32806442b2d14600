// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's calendar: visits moved by mouse, finger and keys, what is in the way, what is taken back,
// and its days on every screen and on paper.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { expectStatus } from '../lib/client.mjs';
import { dateIn, everyDay } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button } from './lib/people.mjs';
import { makeShop } from './lib/shop.mjs';

const PX = 1.6; // of a minute, as web/office/src/screens/calendar/geometry.ts has it
const DATE = dateIn(4);
const PHONE = { width: 390, height: 844, hasTouch: true, isMobile: true };

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

/** The instant of a wall-clock time on the day of these tests. */
async function at(shop, time, date = DATE) {
  const { days } = expectStatus(await shop.owner.get(`/calendar?from=${date}&to=${date}`), 200);
  const [hour, minute] = time.split(':').map(Number);
  return new Date(Date.parse(days[0].starts_at) + (hour * 60 + minute) * 60_000).toISOString().replace('.000', '');
}

async function put(shop, time, { name = 'Cleo Lane', staff = 0, service = 0, date = DATE, ...more } = {}) {
  const body = {
    service_ids: [shop.services[service].id],
    staff_id: shop.staff[staff].id,
    start: await at(shop, time, date),
    client: { name, email: `${name.toLowerCase().replaceAll(' ', '.')}@client.example` },
    override_hours: true,
    ...more,
  };
  return expectStatus(await shop.owner.post('/bookings', body), 201);
}

const bookingOf = async (shop, id) => expectStatus(await shop.owner.get(`/bookings/${id}`), 200);
const whereIs = (shop, id) => async () => {
  const { local, staff } = await bookingOf(shop, id);
  return [local.slice(11, 16), staff.name];
};
const block = (page, id) => page.locator(`[data-visit="${id}"]`);
const open = async (t, shop, query = '', options = WIDE, date = DATE) => {
  const page = await openOffice(t, server, shop, `/app/calendar?date=${date}${query}`, options);
  await page.locator('.cal-grid, .cal-lists').first().waitFor();
  return page;
};
const news = (page, text) => page.locator('.cal-news').getByText(text).first().waitFor();
const focusedVisit = (page) => () => page.evaluate(() => document.activeElement?.dataset?.visit ?? null);
const columnOf = (page, id) => () => block(page, id).locator('xpath=..').getAttribute('data-column');
const ghost = (page) => page.locator('.cal-ghost');

/** Where a time stands in a column, on the screen. */
async function spot(page, column, time) {
  const box = await page.locator(`[data-column="${column}"]`).boundingBox();
  const [hour, minute] = time.split(':').map(Number);
  return { x: box.x + box.width / 2, y: box.y + (hour * 60 + minute) * PX };
}

const GRAB = 6; // px below the upper edge

/** Takes a visit with the mouse and carries it there, without letting go. */
async function carry(page, id, column, time) {
  const from = await block(page, id).locator('[data-core]').boundingBox();
  const to = await spot(page, column, time);
  await page.mouse.move(from.x + 30, from.y + GRAB);
  await page.mouse.down();
  await page.mouse.move(from.x + 40, from.y + GRAB + 12);
  await page.mouse.move(to.x, to.y + GRAB, { steps: 4 });
}

describe('by mouse', () => {
  test('a visit is carried to another person and time, stands there at once, and is taken back', async (t) => {
    const shop = await makeShop(server);
    const { id } = await put(shop, '10:00');
    const page = await open(t, shop);
    await block(page, id).waitFor();
    await carry(page, id, 1, '11:30');
    assert.equal(await ghost(page).getAttribute('data-verdict'), 'free');
    const [drawn, column] = [await ghost(page).boundingBox(), await page.locator('[data-column="1"]').boundingBox()];
    assert.ok(drawn.x >= column.x && drawn.x + drawn.width <= column.x + column.width, 'it stands in its column');
    await page.mouse.up();
    await becomes(columnOf(page, id), '1');
    await news(page, /Cleo Lane moved to 11:30 · Bruno/);
    await becomes(whereIs(shop, id), ['11:30', 'Bruno']);
    await becomes(focusedVisit(page), id);
    await button(page, 'Undo').click();
    await becomes(whereIs(shop, id), ['10:00', 'Amara']);
    await becomes(columnOf(page, id), '0');
    await becomes(focusedVisit(page), id);
  });

  test('its lower edge makes it longer, and Ctrl+Z shorter again', async (t) => {
    const shop = await makeShop(server);
    const { id } = await put(shop, '10:00');
    const page = await open(t, shop);
    const core = await block(page, id).locator('[data-core]').boundingBox();
    const to = await spot(page, 0, '11:15');
    await page.mouse.move(core.x + 30, core.y + core.height - 3);
    await page.mouse.down();
    await page.mouse.move(core.x + 30, core.y + core.height + 10);
    await page.mouse.move(core.x + 30, to.y - 3, { steps: 3 });
    await page.mouse.up();
    await news(page, 'Cleo Lane: now 75 minutes');
    const length = async () => {
      const { start, end } = await bookingOf(shop, id);
      return (Date.parse(end) - Date.parse(start)) / 60_000;
    };
    await becomes(length, 75);
    await page.keyboard.press('Control+z');
    await becomes(length, 45);
  });

  test('what is in the way is said before the drop, and a drop there changes nothing', async (t) => {
    const shop = await makeShop(server);
    const { id, version } = await put(shop, '10:00');
    await put(shop, '12:00', { name: 'Ravi Shah' });
    const page = await open(t, shop);
    await block(page, id).waitFor();
    await carry(page, id, 0, '12:15');
    await becomes(() => ghost(page).getAttribute('data-verdict'), 'bad');
    assert.match(await ghost(page).innerText(), /Taken by Ravi Shah at 12:00/);
    await page.mouse.up();
    await news(page, /It cannot go there\. Taken by Ravi Shah/);
    await becomes(columnOf(page, id), '0');
    await carry(page, id, 1, '12:00');
    await page.keyboard.press('Escape');
    await becomes(() => ghost(page).count(), 0);
    await page.mouse.up();
    assert.equal((await bookingOf(shop, id)).version, version);
    assert.doesNotMatch(page.url(), /visit=/);
  });

  test('outside hours it goes back and says why, unless one puts it there anyway; the client is not told where one says so', async (t) => {
    const shop = await makeShop(server);
    const { id } = await put(shop, '10:00');
    const page = await open(t, shop);
    await block(page, id).waitFor();
    await carry(page, id, 0, '08:30');
    await becomes(() => ghost(page).getAttribute('data-verdict'), 'off');
    await page.mouse.up();
    await news(page, /Cleo Lane stays where it was/);
    await becomes(whereIs(shop, id), ['10:00', 'Amara']);
    await button(page, 'Put it there anyway').click();
    await becomes(whereIs(shop, id), ['08:30', 'Amara']);
    await button(page, 'Do not tell Cleo Lane').click();
    await news(page, 'Cleo Lane will not be told.');
    const told = expectStatus(await shop.owner.get(`/bookings/${id}/messages`), 200).data;
    const waiting = told.filter(({ key, status }) => key === 'booking_rescheduled' && status === 'queued');
    assert.deepEqual(waiting, []);
  });

  test('a click opens a visit, and a click on a free place a new one there', async (t) => {
    const shop = await makeShop(server);
    const { id } = await put(shop, '10:00');
    const page = await open(t, shop);
    await block(page, id).click();
    await page.waitForURL((url) => url.searchParams.get('visit') === id);
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has('visit'));
    const free = await spot(page, 1, '13:20');
    await page.mouse.click(free.x, free.y);
    const start = await at(shop, '13:15');
    await page.waitForURL(
      (url) => url.searchParams.get('new') === start && url.searchParams.get('person') === shop.staff[1].id,
    );
  });
});

test('by keys: one stop, arrows from visit to visit, M to take it, and the focus stays on it', async (t) => {
  const shop = await makeShop(server);
  const { id } = await put(shop, '10:00');
  const below = await put(shop, '12:00', { name: 'Ravi Shah' });
  const beside = await put(shop, '10:30', { name: 'Mei Lin', staff: 1 });
  const page = await open(t, shop);
  assert.equal(await page.locator('[data-visit][tabindex="0"]').count(), 1);
  await block(page, id).focus();
  await page.keyboard.press('ArrowDown');
  await becomes(focusedVisit(page), below.id);
  await page.keyboard.press('ArrowRight');
  await becomes(focusedVisit(page), beside.id);
  await page.keyboard.press('ArrowLeft');
  await becomes(focusedVisit(page), id);
  const spoken = () => page.locator('p[aria-live="assertive"]').innerText();
  await page.keyboard.press('m');
  await becomes(spoken, /picked up/);
  await page.keyboard.press('ArrowDown');
  await becomes(spoken, '10:15, Amara, free');
  await page.keyboard.press('Alt+ArrowDown');
  await becomes(spoken, '10:20, Amara, free');
  await page.keyboard.press('ArrowRight');
  await becomes(spoken, '10:20, Bruno, Taken by Mei Lin at 10:30');
  await page.keyboard.press('Escape');
  await becomes(spoken, 'Put back where it was.');
  await page.keyboard.press('m');
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown']) {
    await page.keyboard.press(key);
  }
  await becomes(spoken, '11:15, Bruno, free');
  await page.keyboard.press('Shift+ArrowDown');
  await becomes(spoken, '11:15, 60 minutes, free');
  await page.keyboard.press('Enter');
  await becomes(whereIs(shop, id), ['11:15', 'Bruno']);
  await becomes(columnOf(page, id), '1');
  await becomes(focusedVisit(page), id);
  await page.keyboard.press('Control+z');
  await becomes(whereIs(shop, id), ['10:00', 'Amara']);
  await becomes(columnOf(page, id), '0');
  await becomes(focusedVisit(page), id);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('visit') === id);
});

test('without dragging: what is free for a visit is marked, and a tap on it puts it there', async (t) => {
  const shop = await makeShop(server);
  const { id } = await put(shop, '10:00');
  await put(shop, '12:00', { name: 'Ravi Shah', staff: 1 });
  const page = await open(t, shop, `&move=${id}`);
  await page.getByText('Choose a new time for Cleo Lane').waitFor();
  assert.equal(await button(page, '12:00 with Bruno').count(), 0);
  const free = button(page, '13:15 with Bruno');
  await button(page, '09:00 with Amara').focus();
  await page.keyboard.press('ArrowDown');
  await becomes(() => page.evaluate(() => document.activeElement.textContent), /09:30/);
  await free.click();
  await becomes(whereIs(shop, id), ['13:15', 'Bruno']);
  await page.waitForURL((url) => !url.searchParams.has('move'));
  await becomes(focusedVisit(page), id);
});

/** Where it is in the middle of the screen; a flick goes on for as far as its finger was fast. */
async function boxAtRest(element) {
  await element.evaluate((node) => node.scrollIntoView({ block: 'center' }));
  for (let before = null, tries = 0; tries < 100; tries += 1) {
    const box = await element.boundingBox();
    if (before && box.y === before.y && box.y > 0) return box;
    if (box.y === before?.y) await element.evaluate((node) => node.scrollIntoView({ block: 'center' }));
    before = box;
    await sleep(100);
  }
  throw new Error('it moves and moves');
}

test('by finger: held still for a moment it is taken, and moved at once it scrolls', async (t) => {
  const shop = await makeShop(server);
  const { id } = await put(shop, '10:00');
  const page = await open(t, shop, '', PHONE);
  const touch = await page.context().newCDPSession(page);
  const send = (type, point) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] });
  const core = await block(page, id).locator('[data-core]').boundingBox();
  const from = { x: core.x + 60, y: core.y + 10 };
  await send('touchStart', from);
  await send('touchMove', { x: from.x, y: from.y - 60 });
  await send('touchMove', { x: from.x, y: from.y - 90 });
  await send('touchEnd');
  assert.equal(await ghost(page).count(), 0);
  const lifted = page.locator(`[data-visit="${id}"][data-lifted]`);
  let held;
  // A browser that is too busy to answer a touch at once takes it away from the page again.
  for (let tries = 0; tries < 5 && (await lifted.count()) === 0; tries += 1) {
    if (held) await send('touchEnd');
    const again = await boxAtRest(block(page, id).locator('[data-core]'));
    held = { x: again.x + 60, y: again.y + 10 };
    await send('touchStart', held);
    await lifted.waitFor({ timeout: 3000 }).catch(() => {});
  }
  await lifted.waitFor();
  await send('touchMove', { x: held.x, y: held.y + 30 });
  await send('touchMove', { x: held.x, y: held.y + 60 * PX });
  await ghost(page).getByText('11:00').waitFor();
  await send('touchEnd');
  await becomes(whereIs(shop, id), ['11:00', 'Amara']);
});

test('what others change shows at once, and waits while a visit is held', async (t) => {
  const shop = await makeShop(server);
  const { id } = await put(shop, '10:00');
  const page = await open(t, shop);
  await block(page, id).waitFor();
  const other = await put(shop, '13:00', { name: 'Ravi Shah' });
  await block(page, other.id).waitFor();
  await carry(page, id, 1, '11:00');
  const meanwhile = page.waitForResponse(/\/api\/v1\/calendar\?/);
  const third = await put(shop, '15:00', { name: 'Mei Lin' });
  await meanwhile;
  assert.equal(await block(page, third.id).count(), 0);
  assert.equal(await ghost(page).count(), 1);
  await page.mouse.up();
  await block(page, third.id).waitFor();
  await becomes(whereIs(shop, id), ['11:00', 'Bruno']);
});

test('on the days on which clocks change, hours stand where the clock shows them', async (t) => {
  const shop = await makeShop(server, { hours: everyDay('00:00', '24:00') });
  const body = (start, name) => ({
    service_ids: [shop.services[0].id],
    staff_id: shop.staff[0].id,
    start,
    client: { name },
  });
  const twice = expectStatus(await shop.owner.post('/bookings', body('2026-10-25T01:15:00Z', 'Second')), 201);
  const page = await open(t, shop, '', WIDE, '2026-10-25');
  const axis = () => page.locator('.cal-axis span').allInnerTexts();
  await becomes(async () => (await axis()).slice(0, 6), ['00:00', '01:00', '02:00', '02:00 again', '03:00', '04:00']);
  await becomes(() => block(page, twice.id).textContent(), /02:15 · .*to 03:00/);
  const placed = await block(page, twice.id).boundingBox();
  const column = await page.locator('[data-column="0"]').boundingBox();
  assert.deepEqual([Math.round(placed.y - column.y), Math.round(column.height)], [195 * PX, 1500 * PX]);
  await page.goto(`${server.baseUrl}/app/calendar?date=2026-03-29`);
  await becomes(async () => (await axis()).slice(0, 4), ['00:00', '01:00', '03:00', '04:00']);
  await page.goto(`${server.baseUrl}/app/calendar?date=2026-10-25&view=week`);
  await becomes(() => page.locator('[data-column="6"] .cal-line').count(), 25);
  assert.equal(await page.locator('.cal-axis span').count(), 24);
});

test('on a phone one person stands there, the next is a swipe away, and days are a tap away', async (t) => {
  const shop = await makeShop(server);
  await put(shop, '10:00');
  const page = await open(t, shop, '', PHONE);
  const inView = () =>
    page.evaluate(() => {
      const box = document.querySelector('.cal-scroll').getBoundingClientRect();
      const middle = box.left + box.width / 2;
      return [...document.querySelectorAll('.cal-head')].findIndex((head) => {
        const { left, right } = head.getBoundingClientRect();
        return left <= middle && middle < right;
      });
    });
  assert.equal(await inView(), 0);
  const swipe = await page.context().newCDPSession(page);
  await swipe.send('Input.synthesizeScrollGesture', { x: 250, y: 500, xDistance: -220, yDistance: 0, speed: 1500 });
  await becomes(inView, 1);
  await assertNoSidewaysScroll(page, 'the day on a phone');
  const days = page.getByRole('navigation', { name: 'Days of this week' }).getByRole('link');
  await becomes(() => days.count(), 7);
  const other = (await days.nth(0).getAttribute('aria-current')) ? 1 : 0;
  await days.nth(other).click();
  await becomes(async () => (await days.nth(other).getAttribute('aria-current')) !== null, true);
  const { height } = await days.nth(0).boundingBox();
  assert.ok(height >= 44, `a day is ${height} px high`);
});

test('on paper each person has a sheet of the day, and nothing else is printed', async (t) => {
  const shop = await makeShop(server);
  await put(shop, '10:00');
  await put(shop, '12:00', { name: 'Ravi Shah', staff: 1 });
  const page = await open(t, shop, '', { ...WIDE, scheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
  await becomes(() => page.locator('.cal-sheet').count(), 2);
  const [amara, bruno] = await page.locator('.cal-sheet').allInnerTexts();
  assert.match(amara, /^Amara · /);
  assert.match(amara, /10:00 – 10:45\s+Cleo Lane\s+Cut & finish/);
  assert.match(bruno, /12:00 – 12:45\s+Ravi Shah/);
  await becomes(() => page.locator('.cal-grid').isVisible(), false);
  assert.equal(await page.locator('.side').isVisible(), false);
  const ink = await page.locator('.cal-sheets').evaluate((sheet) => {
    const { color } = getComputedStyle(sheet);
    return [color, getComputedStyle(document.body).backgroundColor];
  });
  assert.deepEqual(ink, ['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  await page.emulateMedia({ media: 'screen' });
  await becomes(() => page.locator('.cal-sheet').count(), 0);
});

test('every state is accessible and fits, and says in words of its own that nothing is there', async (t) => {
  const shop = await makeShop(server);
  const id = (await put(shop, '10:00')).id;
  await put(shop, '10:15', { name: 'Ravi Shah', staff: 1, service: 1 });
  const closures = [{ from: dateIn(6), to: dateIn(6), reason: 'Works' }];
  expectStatus(await shop.owner.patch('/workspace', { closures }), 200);
  for (const options of [{ width: 1440, scheme: 'light' }, { width: 390, scheme: 'dark', hasTouch: true }]) {
    const page = await open(t, shop, '', options);
    const look = async (query, text, date = DATE) => {
      await page.goto(`${server.baseUrl}/app/calendar?date=${date}${query}`);
      await page.getByText(text).first().waitFor();
      await assertAccessible(page, `${query} at ${options.width}`);
      await assertNoSidewaysScroll(page, `${query} at ${options.width}`);
    };
    await look('', 'Cleo Lane');
    await look('&view=week', 'Cleo Lane');
    await look('&view=list', 'Cleo Lane');
    await look(`&move=${id}`, 'Choose a new time');
    await look('&by=room', 'No rooms or devices');
    await look('', 'Nothing booked on this day', dateIn(12));
    await look('', 'Closed: Works', dateIn(6));
    await look('&view=list', 'Nothing booked in this week', dateIn(40));
    await page.locator('.state').getByRole('link', { name: 'New visit' }).click();
    await page.getByRole('dialog', { name: 'New visit' }).waitFor();
  }
  const narrow = await open(t, shop, '', { width: 320 });
  for (const query of ['', '&view=week', '&view=list', `&move=${id}`]) {
    await narrow.goto(`${server.baseUrl}/app/calendar?date=${DATE}${query}`);
    await narrow.locator('.cal-grid, .cal-lists').first().waitFor();
    await assertNoSidewaysScroll(narrow, `${query} at 320`);
  }
  const failing = await open(t, shop);
  await failing.route(/\/api\/v1\/calendar\?/, (route) => route.fulfill({ status: 403, json: { code: 'forbidden' } }));
  await failing.goto(`${server.baseUrl}/app/calendar?date=${DATE}`);
  await button(failing, 'Try again').waitFor();
  await failing.unroute(/\/api\/v1\/calendar\?/);
  await button(failing, 'Try again').click();
  await block(failing, id).waitFor();
});

/** 500 visits of a day: the real answer with many more of its kind. */
async function crowd(page) {
  await page.route(/\/api\/v1\/calendar\?/, async (route) => {
    const answer = await route.fetch();
    const data = await answer.json();
    const [visit] = data.visits;
    if (!visit) return route.fulfill({ response: answer, json: data });
    const [person] = data.people;
    data.people = Array.from({ length: 10 }, (_, index) => ({ ...person, id: index ? `${person.id}${index}` : person.id }));
    const midnight = Date.parse(data.days[0].starts_at);
    for (let index = 0; index < 500; index += 1) {
      const minute = Math.floor(index / 10) * 25 + 60;
      data.visits.push({
        ...visit,
        id: `x${index}`,
        staff_id: data.people[index % 10].id,
        start: new Date(midnight + minute * 60_000).toISOString(),
        end: new Date(midnight + (minute + 20) * 60_000).toISOString(),
        minutes: 20,
        segments: [{ kind: 'work', at: 0, minutes: 20 }],
      });
    }
    return route.fulfill({ response: answer, json: data });
  });
}

const STEP_MS = 4;
const TASK_MS = 16;
const ROUNDS = 6;
const STEPS = 40;

test(`with 500 visits a step of a drag takes at most ${STEP_MS} ms of script and layout, ${TASK_MS} ms altogether`, async (t) => {
  const shop = await makeShop(server);
  const { id } = await put(shop, '22:00');
  const page = await openOffice(t, server, shop, '/app/bookings', WIDE);
  await crowd(page);
  await page.goto(`${server.baseUrl}/app/calendar?date=${DATE}`);
  await becomes(() => page.locator('[data-visit]').count(), 501);
  const meter = await page.context().newCDPSession(page);
  /* The processor's time: others who want it too do not count. */
  await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await meter.send('Performance.getMetrics');
    const of = (name) => metrics.find((each) => each.name === name).value * 1000;
    return {
      step: of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration'),
      task: of('TaskDuration'),
    };
  };
  const first = 'x80';
  assert.notEqual(id, first);
  const best = { step: Infinity, task: Infinity };
  /* Others slow the machine down: the best of some rounds is what the page takes. */
  for (let round = 0; round < ROUNDS && (best.step > STEP_MS || best.task > TASK_MS || round < 3); round += 1) {
    await block(page, first).scrollIntoViewIfNeeded();
    const core = await block(page, first).locator('[data-core]').boundingBox();
    await page.mouse.move(core.x + 30, core.y + GRAB);
    await page.mouse.down();
    await page.mouse.move(core.x + 40, core.y + GRAB + 20);
    await ghost(page).waitFor();
    const from = await read();
    for (let step = 0; step < STEPS; step += 1) {
      await page.mouse.move(core.x + 60 + (step % 7) * 90, core.y + 60 + (step % 11) * 24);
    }
    const to = await read();
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await becomes(() => ghost(page).count(), 0);
    best.step = Math.min(best.step, (to.step - from.step) / STEPS);
    best.task = Math.min(best.task, (to.task - from.task) / STEPS);
  }
  t.diagnostic(`${best.step.toFixed(2)} ms of script and layout, ${best.task.toFixed(2)} ms altogether`);
  assert.ok(best.step <= STEP_MS, `${best.step.toFixed(2)} ms of script and layout`);
  assert.ok(best.task <= TASK_MS, `${best.task.toFixed(2)} ms altogether`);
});
