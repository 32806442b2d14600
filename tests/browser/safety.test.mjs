// SPDX-License-Identifier: AGPL-3.0-or-later
// The safety that only a browser can show: what Back brings after signing out, what stays on the device,
// what another site's page can do, what markup in a text can do, and whom the pages talk to. Named by the
// ids of our security checklist; the rest is in tests/api/safety.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { ROOT } from '../lib/process.mjs';
import { assertUnchanged, contents, mailGone } from '../lib/contents.mjs';
import { dateIn } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';
import { closeBrowser, openPage } from './lib/browser.mjs';
import { PAYLOADS, packed } from './lib/payloads.mjs';
import { bookVisit, makeShop } from './lib/shop.mjs';

let server;
let shop;
let visit;
before(async () => {
  server = await startServer(null);
  shop = await makeShop(server);
  visit = await bookVisit(shop, { client: { name: 'Ravi Shah', email: 'ravi@client.example' } });
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const button = (page, name) => page.getByRole('button', { name, exact: true });

async function signIn(page, { ownerEmail, ownerPassword } = shop) {
  await page.goto(`${server.baseUrl}/login`);
  await page.getByLabel('Email').fill(ownerEmail);
  await page.getByLabel('Password', { exact: true }).fill(ownerPassword);
  await button(page, 'Sign in').click();
  await page.waitForURL('**/app');
}

/** The pages with data of a business on them, for its signed-in owner. */
const inside = (of = shop) => [
  '/app',
  '/app/team',
  `/app/team/${of.staff[0].id}`,
  '/app/team?member=new',
  '/app/team?view=requests',
  '/app/settings/team-security',
  '/app/settings/tokens',
  '/app/settings/audit',
  '/account',
];

/** The page as it stays: the office's hears events and is never silent; a sign-in leads on who has one. */
async function arrive(page, path) {
  const isOffice = path.startsWith('/app');
  const isLeft = path === '/login';
  await page.goto(server.baseUrl + path, { waitUntil: isOffice || isLeft ? 'load' : 'networkidle' });
  if (isLeft) await page.waitForURL('**/app');
  if (!isOffice && !isLeft) return;
  await page.waitForFunction(() => {
    const isBusy = [...document.querySelectorAll('[aria-busy=true]')].some((each) => each.checkVisibility());
    return document.querySelector('#content h1') && !isBusy;
  });
}

describe('S23: signing out', () => {
  test('leaves nothing that Back could show', async (t) => {
    const page = await openPage(t, { width: 1440, height: 900 });
    await signIn(page);
    await page.getByText('Ravi Shah').first().waitFor();
    await page.goto(`${server.baseUrl}/app/team`);
    await page.getByText('Amara').first().waitFor();
    await button(page, 'Sign out').click();
    await page.waitForURL('**/login');
    for (const at of ['the page before', 'the one before that']) {
      await page.goBack();
      if (page.url() === 'about:blank') break; // the start of this tab
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      const text = await page.locator('body').innerText();
      assert.doesNotMatch(text, /Ravi Shah|Amara|Maison Lune/, at);
    }
  });

  test('empties what the browser kept for the site', async (t) => {
    const page = await openPage(t, { width: 1440, height: 900 });
    await signIn(page);
    await page.evaluate(async () => {
      sessionStorage.setItem('x', '1');
      localStorage.setItem('x', '1');
      await (await caches.open('x')).put('/x', new Response('x'));
    });
    await button(page, 'Sign out').click();
    await page.waitForURL('**/login');
    const left = await page.evaluate(async () => [localStorage.length, (await caches.keys()).length]);
    assert.deepEqual(left, [0, 0]);
  });
});

describe('S27: secrets stay where they belong', () => {
  test('a letter’s token leaves the address at once, and is in no request but the one it is for', async (t) => {
    const page = await openPage(t);
    const asked = [];
    page.on('request', (request) =>
      asked.push([request.url(), request.headers().referer ?? ''].join(' ')),
    );
    const token = 'Zm9yIGEgdGVzdCBvbmx5LCBub3QgYSByZWFsIHRva2Vu';
    await page.goto(`${server.baseUrl}/login#reset=${token}`);
    await page.getByLabel('New password', { exact: true }).waitFor();
    assert.equal(page.url(), `${server.baseUrl}/login`);
    await page.getByLabel('New password', { exact: true }).fill('a good new secret 5');
    await button(page, 'Save password').click();
    await page.getByText('This link has been used').waitFor();
    assert.ok(!asked.join('\n').includes(token));
    assert.equal(await page.evaluate(() => history.length), 2);
  });

  test('the client’s own address is told to nobody', async (t) => {
    const page = await openPage(t);
    const told = [];
    page.on('request', (request) => told.push(request.headers().referer ?? ''));
    await page.goto(visit.manage_url, { waitUntil: 'networkidle' });
    await page.getByRole('link', { name: 'Cancel visit' }).click();
    await page.goto(`${server.baseUrl}/`);
    const token = new URL(visit.manage_url).pathname.split('/').pop();
    assert.ok(told.length >= 3);
    assert.ok(!told.join('\n').includes(token), told.join('\n'));
  });

  test('no page keeps a token, a password or a client on the device', async (t) => {
    const page = await openPage(t);
    await signIn(page);
    for (const path of inside()) await arrive(page, path);
    await page.goto(visit.manage_url, { waitUntil: 'networkidle' });
    const kept = await page.evaluate(async () =>
      JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        await caches.keys(),
        (await indexedDB.databases()).map(({ name }) => name),
      ]),
    );
    /* How far each of the office's screens was scrolled, by numbers and marks that name nobody. */
    const scrolled = /"tsr-scroll-restoration-v1_3":"\{(?:[\\\w":{},.#> -]|\d)*\}"/;
    assert.equal(kept.replace(scrolled, ''), JSON.stringify([{}, {}, '', [], []]));
    assert.doesNotMatch(kept, /Ravi|Amara|Lune|@/);
  });
});

describe('S30 and S35: a page of another site', () => {
  /* Another port is another origin of the same site, to which cookies go; another name is another site. */
  const HOSTS = { 'the same site': '127.0.0.1', 'another site': 'localhost' };
  const attack = () => `<!doctype html><title>x</title>
    <form id=post method=post action="${server.baseUrl}/api/v1/staff/${shop.staff[0].id}/deactivate"></form>
    <form id=text method=post enctype=text/plain action="${server.baseUrl}/api/v1/clients">
      <input name='{"name":"Planted","notes":"' value='"}'></form>
    <form id=get action="${server.baseUrl}/api/v1/workspace/publish"></form>
    <img src="${server.baseUrl}/api/v1/staff/${shop.staff[0].id}/deactivate">`;

  for (const [name, host] of Object.entries(HOSTS)) {
    test(`of ${name} changes nothing and reads nothing`, async (t) => {
      const page = await openPage(t);
      const elsewhere = await serve(t, host, attack);
      await signIn(page);
      await mailGone(server);
      const before = await contents(server, { except: ['session.last_seen_s'] });
      for (const form of ['post', 'text', 'get']) {
        await page.goto(elsewhere);
        await page.evaluate((id) => document.getElementById(id).submit(), form);
        await page.waitForURL(`${server.baseUrl}/**`);
      }
      await page.goto(elsewhere);
      const read = await page.evaluate(async (api) => {
        const tried = [];
        const ask = async (path, options) => {
          try {
            const answer = await fetch(api + path, { credentials: 'include', ...options });
            tried.push(`${answer.type} ${await answer.text()}`);
          } catch {
            tried.push('refused');
          }
        };
        const json = { 'content-type': 'application/json' };
        await ask('/session');
        await ask('/session', { mode: 'no-cors' });
        await ask('/clients', { method: 'POST', headers: json, body: '{"name":"Planted"}' });
        await ask('/clients', { method: 'POST', mode: 'no-cors', body: '{"name":"Planted"}' });
        await ask('/workspace/publish', { method: 'POST', mode: 'no-cors' });
        await ask('/session', { method: 'DELETE' });
        navigator.sendBeacon(`${api}/clients`, new Blob(['{}'], { type: 'text/plain' }));
        return tried;
      }, `${server.baseUrl}/api/v1`);
      assert.deepEqual([...new Set(read)], ['refused']);
      assertUnchanged(before, await contents(server, { except: ['session.last_seen_s'] }), name);
      await page.goto(`${server.baseUrl}/app`);
      await page.getByText('Ravi Shah').first().waitFor();
    });

    test(`of ${name} puts none of ours into a frame`, async (t) => {
      const page = await openPage(t);
      const paths = ['/', '/login', '/app', '/app/team', '/account', `/book/${shop.slug}`];
      const frames = paths.map((path) => `<iframe src="${server.baseUrl}${path}"></iframe>`);
      const elsewhere = await serve(t, host, () => `<!doctype html>${frames.join('')}`);
      await signIn(page);
      await page.goto(elsewhere, { waitUntil: 'networkidle' });
      const shown = page.frames().slice(1);
      assert.equal(shown.length, paths.length);
      for (const frame of shown) {
        assert.doesNotMatch(await frame.content(), /careops|Maison Lune|<form/i);
      }
      page.complaints.length = 0; // they are about the frames, as they should be
    });
  }
});

async function serve(t, host, html) {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(html());
  });
  await new Promise((resolve) => site.listen(0, host === 'localhost' ? undefined : host, resolve));
  t.after(() => site.close());
  return `http://${host}:${site.address().port}/`;
}

describe('S33 and S36: scripts', () => {
  test('text becomes neither markup nor code, on any page', async (t) => {
    const page = await openPage(t);
    await signIn(page);
    for (const path of [...inside(), '/login', `/book/${shop.slug}`, new URL(visit.manage_url).pathname]) {
      await arrive(page, path);
      const did = await page.evaluate(async () => {
        /* The debugger's own call may evaluate; what comes after it is the page's. */
        await new Promise((resolve) => setTimeout(resolve));
        const element = document.createElement('div');
        const tries = {
          innerHTML: () => (element.innerHTML = '<b>x</b>'),
          outerHTML: () => (document.body.firstElementChild.outerHTML = '<b>x</b>'),
          insertAdjacentHTML: () => element.insertAdjacentHTML('beforeend', '<b>x</b>'),
          write: () => document.write('<b>x</b>'),
          eval: () => (0, globalThis.eval)('1'),
          Function: () => new Function('return 1')(),
          timeout: () => setTimeout('globalThis.intruded = 1', 0),
          script: () => {
            const script = document.createElement('script');
            script.src = '/assets/x.js';
          },
          policy: () => globalThis.trustedTypes.createPolicy('x', { createHTML: (text) => text }),
        };
        return Object.entries(tries)
          .filter(([, attempt]) => {
            try {
              attempt();
              return true;
            } catch {
              return false;
            }
          })
          .map(([name]) => name);
      });
      assert.deepEqual(did, [], path);
      assert.equal(await page.evaluate(() => globalThis.intruded), undefined);
    }
    page.complaints.length = 0; // they are about the tries
  });

  test('the sources use nothing that would need it', () => {
    const folder = join(ROOT, 'web/public/src');
    const sinks =
      /dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|trustedTypes/;
    const files = readdirSync(folder, { recursive: true }).filter((name) => /\.tsx?$/.test(name));
    assert.ok(files.length > 30);
    /* The portal's worker is a script of one fixed address, and its policy makes no other. */
    const ours = /trustedTypes\?: TrustedTypes }\)\.trustedTypes;|createScriptURL: \(\) => address }/g;
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      const rest = name === join('staff', 'main.tsx') ? text.replaceAll(ours, '') : text;
      assert.doesNotMatch(rest, sinks, name);
      assert.doesNotMatch(rest, /createScriptURL: \(\w*\) =>/, name);
    }
  });
});

/** Elements and attributes that our pages have nowhere. */
const FOREIGN = [
  ...'img iframe object embed video audio math base marquee details template frame applet'.split(' '),
  ...'animate [onerror] [onload] [onclick] [onfocus] [onbegin] [ontoggle] [onmouseover] [srcdoc]'.split(' '),
  'meta[http-equiv]',
  'link[rel=stylesheet]:not([href*="/assets/"])', // a screen of the office brings its own
  'a[href^="javascript:" i]',
  'form[action]',
  'script:not([src^="/assets/"]):not([type="application/json"]):not([type="application/ld+json"])',
].join(', ');

describe('S37: markup in what people type', () => {
  let dirty;
  let dirtyVisit;
  before(async () => {
    dirty = await makeDirtyShop();
    const [name] = packed(120);
    const [notes] = packed(1000);
    dirtyVisit = await bookVisit(dirty, { client: { name, email: 'x@client.example' }, notes });
  });

  test(`${PAYLOADS.length} texts in each field run nothing and make no element`, async (t) => {
    assert.ok(PAYLOADS.length >= 500);
    const page = await openPage(t);
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs += 1;
      return dialog.dismiss();
    });
    await signIn(page, dirty);
    const paths = [
      ...inside(dirty),
      `/book/${dirty.slug}`,
      `/book/${dirty.slug}?service=${dirty.services[0].id}`,
      new URL(dirtyVisit.manage_url).pathname,
    ];
    for (const path of paths) {
      await arrive(page, path);
      assert.equal(await page.locator(FOREIGN).count(), 0, path);
      const text = await page.locator('body').innerText();
      if (path === `/book/${dirty.slug}`) assert.ok(text.includes('<script>alert(1)</script>'));
      assert.equal(await page.evaluate(() => globalThis.intruded), undefined, path);
    }
    assert.equal(dialogs, 0);
  });

  test('nor in letters, nor in the calendar entry', async (t) => {
    const page = await openPage(t);
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs += 1;
      return dialog.dismiss();
    });
    const letters = await server.waitForMail((mail) => mail.to.includes('x@client.example')).then(() =>
      server.mail().filter(({ html }) => html?.includes('alert(1)')),
    );
    assert.ok(letters.length >= 1, 'no letter has a payload in it');
    for (const { html, subject } of letters) {
      await page.goto('about:blank');
      await page.setContent(html);
      const own = FOREIGN.replace('meta[http-equiv], ', '');
      assert.equal(await page.locator(own).count(), 0, subject);
    }
    assert.equal(dialogs, 0);

    const token = dirtyVisit.manage_url.split('/').pop();
    const entry = await dirty.visitor.get(`/public/manage/${token}/calendar.ics`);
    expectStatus(entry, 200);
    for (const line of entry.text.split('\r\n')) {
      assert.match(line, /^( |[A-Z-]+[:;]|$)/, `not a line of a calendar: ${line}`);
    }
  });
});

async function makeDirtyShop() {
  const names = packed(120);
  const notes = packed(2000);
  const of = (list, index) => list[index % list.length];
  const services = Array.from({ length: 40 }, (_, index) => ({
    name: of(names, index),
    category: of(packed(80), index),
    description: of(notes, index),
    duration_min: 30,
    price: 1000,
    staff: [0],
  }));
  const face = { address: of(packed(200), 0), accent_color: '#7a2b4f' };
  const made = await makeShop(server, {
    name: of(names, 1),
    staff: names.slice(0, 6),
    services,
    items: [{ name: of(names, 2), unit: 'ml', on_hand: 1 }],
    face,
  });
  const closures = names.slice(0, 20).map((reason, index) => ({
    from: dateIn(60 + index),
    to: dateIn(60 + index),
    reason,
  }));
  expectStatus(await made.owner.patch('/workspace', { closures }), 200);
  return made;
}

describe('S40: the pages talk to their own server alone', () => {
  test('nothing in the build names another', () => {
    const folder = join(ROOT, 'web/public/dist');
    const known = /^https?:\/\/(www\.w3\.org|schema\.org)\b/;
    let read = 0;
    for (const name of readdirSync(folder, { recursive: true })) {
      if (!/\.(html|js|css)$/.test(name)) continue;
      read += 1;
      const text = readFileSync(join(folder, name), 'utf8');
      const found = (text.match(/https?:\/\/[\w.-]+/g) ?? []).filter((url) => !known.test(url));
      assert.deepEqual(found, [], name);
      assert.doesNotMatch(text, /@import|@font-face/, name);
    }
    assert.ok(read >= 15, `${read} files`);
  });

  test('nor does any page ask another', async (t) => {
    const page = await openPage(t);
    const asked = new Set();
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    await signIn(page);
    for (const path of [...inside(), '/', '/signup', '/nowhere', `/book/${shop.slug}`]) await arrive(page, path);
    await page.goto(visit.manage_url, { waitUntil: 'networkidle' });
    asked.delete('null'); // data: of the icon
    assert.deepEqual([...asked], [server.baseUrl]);
  });
});
