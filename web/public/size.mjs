/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The size gate: what each page weighs in brotli, and what it may weigh at most. */
import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';

const KB = 1024;
const LIMITS = {
  landing: { js: 0, css: 3 * KB },
  message: { js: 0, css: 3 * KB },
  signup: { js: 15 * KB, css: 3 * KB },
  login: { js: 15 * KB, css: 3 * KB },
  book: { js: 15 * KB, css: 3 * KB },
  contact: { js: 20 * KB, css: 3 * KB },
  lead: { js: 20 * KB, css: 3 * KB },
  manage: { js: 15 * KB, css: 3 * KB },
  rate: { js: 15 * KB, css: 3 * KB },
  unsubscribe: { js: 15 * KB, css: 3 * KB },
  form: { js: 20 * KB, css: 3 * KB },
  staff: { js: 40 * KB, css: 3 * KB },
  account: { js: 15 * KB, css: 3 * KB },
};

const brotli = (data) =>
  brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const show = (bytes) => `${(bytes / KB).toFixed(2)} KB`;

const manifest = JSON.parse(await readFile('dist/manifest.json', 'utf8'));
let isOver = false;
for (const [page, { script }] of Object.entries(manifest)) {
  const html = await readFile(`dist/${page}.html`, 'utf8');
  const css = brotli(/<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '');
  const js = script ? brotli(await readFile(`dist/${script}`)) : 0;
  const limit = LIMITS[page];
  const over = js > limit.js || css > limit.css;
  isOver ||= over;
  console.log(
    `${page.padEnd(11)} script ${show(js).padStart(9)} of ${show(limit.js)}, ` +
      `style ${show(css)} of ${show(limit.css)}${over ? '  TOO LARGE' : ''}`,
  );
}
process.exitCode = isOver ? 1 : 0;
