// SPDX-License-Identifier: AGPL-3.0-or-later
// The staff's portal when the network drops: the day stays readable, what is done waits and is sent
// in order, and what the server then refuses is shown until somebody has decided about it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { startServer } from '../lib/server.mjs';
import { becomes, closeBrowser, openPage } from './lib/browser.mjs';
import { makeStaffed, signInAs } from './lib/staff.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const button = (page, name) => page.getByRole('button', { name });
const link = (page, name) => page.getByRole('link', { name });
const refusal = (page) => page.getByRole('alert');
const stored = (page) => page.evaluate(() => JSON.stringify(localStorage));

/** The page once its worker keeps it. */
async function openKept(t, salon, options) {
  const page = await salon.openPortal(t, options);
  await page.locator('h1').waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (;;) {
      if (await caches.match('/staff/offline')) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  return page;
}

/** The page says so by itself; what is pressed before it has moved for that may be missed. */
const goOffline = async (page) => {
  await page.context().setOffline(true);
  await page.getByText('No connection.').waitFor();
};
const goOnline = (page) => page.context().setOffline(false);

async function until(read, isSo) {
  for (let tries = 0; tries < 200; tries += 1) {
    const now = await read();
    if (isSo(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come so');
}

/** What the page asks the server to do with visits, in order. */
function watchSteps(page) {
  const steps = [];
  page.on('request', (request) => {
    const [, verb] = /\/bookings\/\d+\/([\w-]+)$/.exec(request.url()) ?? [];
    if (verb) steps.push([verb, request.headers()['if-match']]);
  });
  return steps;
}

describe('without a network', () => {
  test('the day stays readable over a reload, says so, and holds no way to reach a client', async (t) => {
    const salon = await makeStaffed(server);
    const permissions = { permissions: ['bookings'] };
    expectStatus(await salon.owner.patch(`/staff/${salon.member.id}`, permissions), 200);
    const visit = await salon.visitIn(20, { notes: 'Prefers silence' });
    await salon.alerts(visit, ['Allergic to PPD']);
    const page = await openKept(t, salon);
    await page.locator('.next').waitFor();
    await goOffline(page);
    await page.reload();
    await page.getByText('No connection.').waitFor();
    await page.getByText(/This is your day as of \d\d:\d\d/).waitFor();
    const text = await page.locator('.next').innerText();
    for (const part of ['Mei Lin', 'Allergic to PPD', 'Prefers silence', 'Root colour 6.1 60 ml']) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    await link(page, /Mei Lin/).click();
    await page.getByRole('heading', { name: 'Mei Lin' }).waitFor();
    assert.doesNotMatch((await stored(page)) + (await page.content()), /client\.example/);
    const kept = await page.evaluate(async () => {
      const cache = await caches.open('careops-staff');
      const answers = await Promise.all((await cache.keys()).map((each) => cache.match(each)));
      return (await Promise.all(answers.map((each) => each.text()))).join('\n');
    });
    assert.doesNotMatch(kept, /Mei Lin|Amara|@staff\.example/, 'the worker keeps nobody');
    await link(page, 'Week').click();
    await page.getByText('This was not kept on the phone.').waitFor();
    await goOnline(page);
    await link(page, /Mei Lin/).waitFor();
    await page.getByText('No connection.').waitFor({ state: 'detached' });
  });

  test('the server itself gone is the same, and back again too', async (t) => {
    const own = await startServer(null);
    t.after(() => own.remove());
    const salon = await makeStaffed(own);
    const visit = await salon.visitIn(20);
    const page = await openKept(t, salon);
    await page.locator('.next').waitFor();
    await own.stop();
    await page.reload();
    await page.getByText('No connection.').waitFor();
    await button(page, 'Start visit').click();
    await page.getByText('1 change to send').waitFor();
    await own.restart();
    await page.getByText('No connection.').waitFor({ state: 'detached', timeout: 30_000 });
    await until(() => salon.read(visit), (each) => each.started_at);
  });

  test('a proxy that answers for a server that is away is the same', async (t) => {
    const salon = await makeStaffed(server);
    const visit = await salon.visitIn(20);
    const page = await openPage(t, { zone: salon.zone, serviceWorkers: 'block' });
    let isAway = true;
    const away = { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' };
    await page.route('**/api/v1/**', (route) => (isAway ? route.fulfill(away) : route.continue()));
    await salon.openPortal(t, { page });
    await page.getByText('No connection.').waitFor();
    await button(page, 'Start visit').click();
    await page.getByText('1 change to send').waitFor();
    isAway = false;
    await until(() => salon.read(visit), (each) => each.started_at);
    await page.getByText('No connection.').waitFor({ state: 'detached' });
  });

  test('what is done waits, outlives a reload, and is sent in order against the version that was seen', async (t) => {
    const salon = await makeStaffed(server);
    const first = await salon.visitIn(-5);
    const second = await salon.visitIn(-70, { name: 'Ravi Shah', service: 0 });
    const page = await openKept(t, salon);
    await page.locator('.next').waitFor();
    await goOffline(page);
    await button(page, 'Start visit').click();
    await page.getByText('1 change to send').waitFor();
    await link(page, 'Finish visit').click();
    await page.getByLabel('Root colour 6.1 (ml)').fill('45');
    await button(page, 'Finish visit').click();
    await link(page, /Ravi Shah/).click();
    await link(page, 'Did not come').click();
    await button(page, 'Yes, did not come').click();
    await page.getByText('3 changes to send').waitFor();
    await page.reload();
    await page.getByText('3 changes to send').waitFor();
    const row = link(page, /Mei Lin/);
    await becomes(() => row.innerText(), /Finished[\s\S]*To send/);
    assert.equal((await salon.read(first)).status, 'confirmed', 'the server knows nothing yet');

    const steps = watchSteps(page);
    await goOnline(page);
    const done = await until(() => salon.read(first), (each) => each.status === 'completed');
    await until(() => salon.read(second), (each) => each.status === 'no_show');
    assert.notEqual(done.started_at, null);
    assert.deepEqual(done.materials.map((each) => each.used), [45, 1.5]);
    assert.deepEqual(steps, [
      ['start', `"${first.version}"`],
      ['complete', `"${first.version + 1}"`],
      ['no-show', `"${second.version}"`],
    ]);
    await page.getByText('To send').first().waitFor({ state: 'detached' });
    assert.equal(await refusal(page).count(), 0);
  });

  test('a tap whose answer is lost is done once', async (t) => {
    const salon = await makeStaffed(server);
    const visit = await salon.visitIn(5);
    const page = await openPage(t, { zone: salon.zone, serviceWorkers: 'block' });
    let lost = 0;
    await page.route('**/complete', async (route) => {
      if (lost === 0) await route.fetch();
      lost += 1;
      if (lost === 1) await route.abort();
      else await route.continue();
    });
    await salon.openPortal(t, { page });
    await button(page, 'Start visit').click();
    await link(page, 'Finish visit').click();
    await button(page, 'Finish visit').click();
    await page.getByText('All done for today').waitFor();
    await page.locator('.badge.waits').first().waitFor({ state: 'detached', timeout: 20_000 });
    assert.equal(lost, 2);
    assert.equal(await refusal(page).count(), 0);
    const moves = await salon.owner.list(`/items/${salon.items[0].id}/movements`);
    assert.equal(moves.filter((each) => each.kind === 'consume').length, 1);
    assert.equal((await salon.read(visit)).status, 'completed');
  });
});

describe('what was changed meanwhile', () => {
  /** A visit that was started without a network, and something that happened on the other side. */
  async function conflict(t, happens, prepare = async () => {}) {
    const salon = await makeStaffed(server);
    const visit = await salon.visitIn(20);
    const page = await openKept(t, salon);
    await page.locator('.next').waitFor();
    await goOffline(page);
    await button(page, 'Start visit').click();
    await page.getByText('1 change to send').waitFor();
    await prepare(page);
    await happens(salon, visit);
    await goOnline(page);
    await refusal(page).waitFor();
    return { salon, visit, page };
  }

  test('is shown, and the change is made all the same where its member says so', async (t) => {
    const { salon, visit, page } = await conflict(t, async (own, { id }) => {
      expectStatus(await own.owner.patch(`/bookings/${id}`, { notes: 'Has a cold' }), 200);
    });
    assert.match(await refusal(page).innerText(), /“Start” for Mei Lin, \d\d:\d\d\. It was changed in the meantime/);
    await page.locator('.next').getByText('Has a cold').waitFor();
    assert.equal((await salon.read(visit)).started_at, null);
    await page.reload();
    await refusal(page).waitFor();
    await button(page, 'Do it all the same').click();
    await until(() => salon.read(visit), (each) => each.started_at);
    await refusal(page).waitFor({ state: 'detached' });
  });

  test('a visit that was cancelled stays cancelled, and what hung on the change goes with it', async (t) => {
    const { salon, visit, page } = await conflict(
      t,
      async (own, { id }) => {
        expectStatus(await own.owner.post(`/bookings/${id}/cancel`), 200);
      },
      async (page) => {
        await link(page, 'Finish visit').click();
        await button(page, 'Finish visit').click();
        await page.getByText('2 changes to send').waitFor();
      },
    );
    assert.equal(await refusal(page).count(), 1);
    assert.match(await refusal(page).innerText(), /It is “Cancelled” by now/);
    assert.equal(await button(page, 'Do it all the same').count(), 0);
    await button(page, 'Leave it as it is').click();
    await refusal(page).waitFor({ state: 'detached' });
    await page.getByText('No visits today').waitFor();
    assert.equal((await salon.read(visit)).status, 'cancelled');
    assert.doesNotMatch(await stored(page), /"verb"/);
  });

  test('a visit that went to a colleague, or to another time, is said so', async (t) => {
    const handed = await conflict(t, async (own, { id }) => {
      const patch = { staff_id: own.colleague.id, override_hours: true };
      expectStatus(await own.owner.patch(`/bookings/${id}`, patch), 200);
    });
    assert.match(await refusal(handed.page).innerText(), /not yours any more/);
    const moved = await conflict(t, async (own, { id, start }) => {
      const later = new Date(Date.parse(start) + 3_600_000).toISOString().replace('.000Z', 'Z');
      const patch = { start: later, override_hours: true };
      expectStatus(await own.owner.patch(`/bookings/${id}`, patch), 200);
    });
    assert.match(await refusal(moved.page).innerText(), /It was moved to \w+,? \d+ \w+, \d\d:\d\d/);
  });

  test('signing out asks first when something is undecided', async (t) => {
    const { page } = await conflict(t, async (own, { id }) => {
      expectStatus(await own.owner.patch(`/bookings/${id}`, { notes: 'x' }), 200);
    });
    await link(page, 'My time').click();
    await button(page, 'Sign out').click();
    await page.getByText('1 change is not sent yet. Signing out now loses it.').waitFor();
    await button(page, 'Stay signed in').click();
    await button(page, 'Sign out').click();
    await button(page, 'Sign out and lose them').click();
    await page.waitForURL('**/login');
    assert.doesNotMatch(await stored(page), /"verb"|Mei Lin/);
  });
});

describe('a phone that several use', () => {
  test('a session that ended leads to the sign-in once, however many answers say so', async (t) => {
    const salon = await makeStaffed(server);
    const page = await openPage(t, { zone: salon.zone, serviceWorkers: 'block' });
    await salon.openPortal(t, { page });
    await page.getByText('No visits today').waitFor();
    let asked = 0;
    await page.route('**/login', async (route) => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 5_000)); // the stream asks after three
      await route.continue();
    });
    expectStatus(await salon.client.delete('/session'), 204);
    await page.waitForURL('**/login');
    assert.equal(asked, 1);
  });

  test('a session that ended keeps what waits for its member, and shows the next one nothing', async (t) => {
    const salon = await makeStaffed(server);
    const visit = await salon.visitIn(20);
    const colleague = await signInAs(server, salon.colleague);
    const page = await openKept(t, salon);
    await page.locator('.next').waitFor();
    await goOffline(page);
    await button(page, 'Start visit').click();
    await page.getByText('1 change to send').waitFor();
    expectStatus(await salon.client.delete('/session'), 204);
    await goOnline(page);
    await page.waitForURL('**/login');
    assert.doesNotMatch(await stored(page), /copy\.day/, 'the day goes with the session');

    await salon.openPortal(t, { page, who: colleague });
    await page.getByText('No visits today').waitFor();
    assert.doesNotMatch(await page.locator('body').innerText(), /Mei Lin|to send/);
    assert.equal((await salon.read(visit)).started_at, null, 'and does nothing in their name');

    const signIn = { email: salon.member.email, password: 'copper meadow window 4' };
    expectStatus(await salon.client.post('/session', signIn), 200);
    await salon.openPortal(t, { page });
    await until(() => salon.read(visit), (each) => each.started_at);
  });
});
