// SPDX-License-Identifier: AGPL-3.0-or-later
// Looks at every screen of the office in every state, light and dark, on a phone and on a desk: axe finds
// nothing, nothing scrolls sideways, and a picture of each is in build/matrix/, with an index.html to
// look at them side by side. `make matrix`; names of screens pick some.
//
//   node tests/browser/matrix.mjs [SCREEN ...]

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../lib/process.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, closeBrowser } from './lib/browser.mjs';
import { SCREENS } from './lib/office_screens.mjs';
import { STATES, openIn, turn } from './lib/office_states.mjs';
import { makeWorld } from './lib/office_world.mjs';

const FOLDER = join(ROOT, 'build', 'matrix');
const LOOKS = [390, 1440].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, scheme })));

const wanted = process.argv.slice(2);
const screens = SCREENS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const found = [];
const pictures = [];

async function look(page, screen, state, { width, scheme }) {
  const what = `${screen.name}.${state}.${scheme}.${width}`;
  await turn(page, { width, scheme });
  for (const check of [assertNoSidewaysScroll, assertAccessible]) {
    await check(page, what).catch((error) => found.push(`${what}: ${error.message}`));
  }
  await page.screenshot({ path: join(FOLDER, `${what}.png`) });
  pictures.push({ screen: screen.name, state, scheme, width, file: `${what}.png` });
}

async function visit(world, screen, state) {
  const after = [];
  const t = { after: (step) => after.push(step) };
  try {
    const page = await openIn(t, world, screen, state, { width: 1440, height: 900 });
    for (const each of LOOKS) await look(page, screen, state, each);
  } catch (error) {
    found.push(`${screen.name}.${state}: ${error.message}`);
  }
  for (const step of after) {
    await step().catch((error) => found.push(`${screen.name}.${state}: ${error.message}`));
  }
}

const cell = ({ file, scheme, width }) =>
  `<figure><img loading="lazy" src="${file}" alt="" width="${width < 600 ? 195 : 480}"><figcaption>${scheme} ${width}</figcaption></figure>`;

function index() {
  const rows = screens.flatMap(({ name }) =>
    STATES.map((state) => {
      const own = pictures.filter((each) => each.screen === name && each.state === state);
      return `<h2>${name}: ${state}</h2><div>${own.map(cell).join('')}</div>`;
    }),
  );
  const style = 'body{font:14px system-ui;margin:2rem}div{display:flex;gap:1rem;flex-wrap:wrap}figure{margin:0}img{border:1px solid #ccc}';
  return `<!doctype html><meta charset="utf-8"><title>The office</title><style>${style}</style>${rows.join('\n')}`;
}

mkdirSync(FOLDER, { recursive: true });
const world = await makeWorld();
try {
  for (const screen of screens) {
    for (const state of STATES) await visit(world, screen, state);
    console.log(`${screen.name}: ${found.filter((each) => each.startsWith(`${screen.name}.`)).length} faults`);
  }
} finally {
  await closeBrowser();
  await world.server.remove();
}
writeFileSync(join(FOLDER, 'index.html'), index());
for (const fault of found) console.log(`FAULT ${fault}`);
console.log(`${pictures.length} pictures in build/matrix, ${found.length} faults`);
process.exitCode = found.length > 0 ? 1 : 0;
