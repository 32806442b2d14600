/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The size gate: what the first load and each screen weigh in brotli, and what they may weigh. */
import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';

const KB = 1024;
const FIRST = { js: 130 * KB, css: 35 * KB };
const SCREEN_JS = 40 * KB;

const manifest = JSON.parse(await readFile('dist/.vite/manifest.json', 'utf8'));
const sizes = new Map();

async function weigh(file) {
  if (!sizes.has(file)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    sizes.set(file, brotliCompressSync(await readFile(`dist/${file}`), { params }).length);
  }
  return sizes.get(file);
}

/** The chunk and everything that it must have before it runs, put to what is `found`. */
function needs(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key].imports ?? []) needs(next, found);
  return found;
}

async function sum(keys) {
  let js = 0;
  let css = 0;
  for (const key of keys) {
    js += await weigh(manifest[key].file);
    for (const sheet of manifest[key].css ?? []) css += await weigh(sheet);
  }
  return { js, css };
}

const show = (bytes) => `${(bytes / KB).toFixed(2)} KB`;
let isOver = false;
function judge(name, { js, css }, limit) {
  const over = js > limit.js || css > limit.css;
  isOver ||= over;
  console.log(
    `${name.padEnd(12)} script ${show(js).padStart(9)} of ${show(limit.js)}, ` +
      `style ${show(css).padStart(8)} of ${show(limit.css)}${over ? '  TOO LARGE' : ''}`,
  );
}

const first = needs('office.html');
judge('first load', await sum(first), FIRST);
/** What is there already when a chunk is asked for: all that each of its askers needs. */
function before(key) {
  const askers = Object.keys(manifest).filter((each) => manifest[each].dynamicImports?.includes(key));
  const [one = first, ...others] = askers.map((each) => needs(each, new Set(first)));
  return new Set([...one].filter((each) => others.every((other) => other.has(each))));
}

for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry) continue;
  const have = before(key);
  const own = [...needs(key)].filter((each) => !have.has(each));
  judge(chunk.name ?? key, await sum(own), { js: SCREEN_JS, css: FIRST.css });
}
process.exitCode = isOver ? 1 : 0;
