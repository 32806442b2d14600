// SPDX-License-Identifier: AGPL-3.0-or-later
// The controls of a screen, and what comes of pressing one.

const PATIENCE_MS = 15_000;
const EFFECT_MS = 5_000;
const CONTROLS = [
  ...['button', 'a[href]', 'summary', 'select', '[role=button]', '[role=tab]', '[role=menuitem]'],
  ...['[role=option]', 'input[type=checkbox]', 'input[type=radio]', 'label[for]', 'th[aria-sort]'],
].join(',');
const OVERLAYS = '[role=dialog], [role=alertdialog], dialog[open], [popover]';

/** Signing out ends all that is to come: it has a test of its own. */
const LEAVES = /^(?:Sign out|Wyloguj)/;

/** In the page: what can be pressed within `root`, each under a key that the same page gives it again. */
function list({ controls, root, besides, leaves }) {
  const isLeaving = new RegExp(leaves);
  const isSeen = (each) => each.checkVisibility({ visibilityProperty: true }) && each.getClientRects().length > 0;
  const seen = new Map();
  const found = [];
  for (const part of document.querySelectorAll(root)) {
    for (const each of part.querySelectorAll(controls)) {
      if (besides && each.closest(besides)) continue;
      if (!isSeen(each) || each.disabled || each.ariaDisabled === 'true' || each.closest('[inert]')) continue;
      const name = (each.ariaLabel ?? each.innerText ?? each.labels?.[0]?.innerText ?? '').trim();
      if (isLeaving.test(name)) continue;
      const isHere = each.href?.startsWith(location.origin) && !each.href.includes('#');
      const kind = each.getAttribute('role') ?? each.tagName.toLowerCase();
      /* Rows of a list are alike: the first of each kind speaks for them. */
      const shape = each.closest('tr, li')?.parentElement?.closest('table, ul, ol') && each.closest('#content');
      const alike = shape ? `${kind}.${each.className}` : `${kind} ${name.replaceAll(/\s+/g, ' ').slice(0, 60)}`;
      const turn = (seen.get(alike) ?? 0) + 1;
      seen.set(alike, turn);
      if (shape && turn > 3) continue;
      const key = `${alike} ${turn}`;
      each.dataset.crawl = key;
      found.push({ key, href: isHere ? each.href : null });
    }
  }
  return found;
}

const listed = (page, root, besides) =>
  page.evaluate(list, { controls: CONTROLS, root, besides, leaves: LEAVES.source });

/** The screen as one comes to it. */
async function arrive(page, url, over = false) {
  // Behind another window a page draws nothing, and waits in vain.
  const others = page.context().pages().filter((each) => each !== page);
  await Promise.all(others.map((each) => each.close()));
  await page.goto(url);
  await page.waitForFunction(
    () => {
      const isSeen = (each) => each.checkVisibility();
      const isBusy = [...document.querySelectorAll('[aria-busy=true]')].some(isSeen);
      return !isBusy && [...document.querySelectorAll('#content h1')].length > 0;
    },
    null,
    { timeout: PATIENCE_MS },
  );
  if (!over) return;
  await page.waitForFunction(
    () => {
      const dialog = document.querySelector('[role=dialog]');
      return dialog && !dialog.querySelector('[aria-busy=true]');
    },
    null,
    { timeout: PATIENCE_MS },
  );
}

/** Where an overlay is open, what is behind it cannot be pressed. */
const rootOf = (page, root) =>
  page.evaluate(
    (given) => {
      const open = '[role=dialog], [role=alertdialog], dialog[open], [popover]:popover-open';
      return document.querySelector('[role=dialog], dialog[open]') ? open : given;
    },
    root,
  );

export async function controlsIn(page, url, { root, besides, over }) {
  await arrive(page, url, over);
  return listed(page, await rootOf(page, root), besides);
}

/** In the page: notes all that changes from now on. */
function watch() {
  globalThis.changes = 0;
  const observer = new MutationObserver((all) => {
    globalThis.changes += all.filter((each) => each.attributeName !== 'data-crawl').length;
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  /* A popover opens without a change of the document. */
  document.addEventListener('toggle', () => (globalThis.changes += 1), true);
  globalThis.before = { url: location.href, focus: document.activeElement, values: values() };
  function values() {
    return [...document.querySelectorAll('input, select')].map((each) => `${each.checked}${each.value}`).join();
  }
  globalThis.hasChanged = () =>
    globalThis.changes > 0 ||
    location.href !== globalThis.before.url ||
    values() !== globalThis.before.values ||
    (document.activeElement !== globalThis.before.focus && document.activeElement?.matches('input, textarea, select'));
}

async function reach(page, url, screen, control) {
  if (control.opener) {
    await reach(page, url, screen, control.opener);
    await act(page, control.opener);
    await page
      .waitForFunction(
        (selector) => [...document.querySelectorAll(selector)].some((each) => each.checkVisibility()),
        OVERLAYS,
        { timeout: EFFECT_MS },
      )
      .catch(() => {
        throw new Error(`"${control.opener.key}" does not open again what has "${control.key}"`);
      });
    await listed(page, OVERLAYS, null);
    return;
  }
  await arrive(page, url, screen.over);
  await listed(page, await rootOf(page, screen.root), screen.besides);
}

async function act(page, { key }) {
  const control = page.locator(`[data-crawl=${JSON.stringify(key)}]`).first();
  const kind = await control.evaluate((each) => each.tagName);
  if (kind === 'SELECT') {
    const value = await control.evaluate((each) => [...each.options].find((one) => !one.selected && !one.disabled)?.value);
    if (value === undefined) return false;
    await control.selectOption(value);
  } else {
    const isSeen = await control.evaluate((each) => {
      each.scrollIntoView({ block: 'center' });
      const at = each.getBoundingClientRect();
      return !each.matches('input') && at.bottom > 0 && at.top < innerHeight;
    });
    /* What goes while one reaches for it (a list that goes on by itself) has had its effect. */
    if (isSeen) {
      await control.click({ timeout: EFFECT_MS }).catch(async (error) => {
        if ((await control.count()) > 0) throw error;
      });
    }
    /* A field that is drawn by its label; a link that comes with the focus. */
    else await control.evaluate((each) => (each.labels?.[0] ?? each).click());
  }
  return true;
}

/** Presses the control on a fresh page: what came of it, and which controls it has brought. */
export async function press(page, url, screen, control) {
  await reach(page, url, screen, control);
  const place = page.locator(`[data-crawl=${JSON.stringify(control.key)}]`);
  if ((await place.count()) === 0) return { effect: 'it has gone', fresh: [] };
  const isCurrent = await place.first().evaluate(
    (each) =>
      (each.href && each.href === location.href) ||
      (each.type === 'radio' && each.checked) ||
      (each.role === 'radio' && each.ariaChecked === 'true') ||
      (each.control && each.control === document.activeElement) ||
      (!each.href && ['page', 'true'].includes(each.ariaCurrent ?? '')),
  );
  if (isCurrent) return { effect: 'one is there already', fresh: [] };
  /* Chromium would ask which program is to have it, and hear nothing else from then on. */
  const isElsewhere = await place.first().evaluate((each) => /^(?:mailto|tel|sms):./.test(each.href ?? ''));
  if (isElsewhere) return { effect: 'another program', fresh: [] };
  let effect = '';
  const note = (what) => () => {
    effect ||= what;
  };
  const heard = {
    request: note('request'),
    download: note('download'),
    popup: note('window'),
    dialog: (dialog) => {
      effect ||= 'dialog';
      return dialog.dismiss();
    },
    filechooser: note('file'),
  };
  await page.evaluate(watch);
  for (const [name, hearer] of Object.entries(heard)) page.on(name, hearer);
  try {
    if (!(await act(page, control))) return { effect: 'one choice alone', fresh: [] };
    const end = Date.now() + EFFECT_MS;
    while (!effect && Date.now() < end) {
      const isSo = await page.evaluate(() => globalThis.hasChanged?.() ?? true).catch(() => true);
      if (isSo) effect ||= 'change';
      else await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve))).catch(() => null);
    }
  } finally {
    for (const [name, hearer] of Object.entries(heard)) page.off(name, hearer);
  }
  return { effect, fresh: control.opener ? [] : await brought(page) };
}

/** What the press has opened over the screen, if the page is still the same. */
async function brought(page) {
  try {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60))));
    const isOpen = await page.evaluate(
      () => document.querySelector('[role=dialog], dialog[open], [popover]:popover-open') !== null,
    );
    if (!isOpen) return [];
    return await listed(page, '[role=dialog], [role=alertdialog], dialog[open], [popover]:popover-open', null);
  } catch {
    return []; // it went to another page
  }
}
