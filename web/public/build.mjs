/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Builds each page by itself, so that none waits for a chunk that it shares with another, and writes
 * dist/manifest.json: for each page its script, and its style sheet's hash as the CSP wants it.
 */
import { createHash } from 'node:crypto';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'vite';

const AFTER = ['rate', 'unsubscribe'];
const INSIDE = ['account', 'staff'];
export const PAGES = ['landing', 'signup', 'login', 'book', 'contact', 'lead', 'manage', 'form', ...AFTER, ...INSIDE, 'message'];

await rm('dist', { recursive: true, force: true });
const manifest = {};
for (const page of PAGES) {
  await build({
    logLevel: 'warn',
    build: { emptyOutDir: false, rollupOptions: { input: `${page}.html` } },
  });
  manifest[page] = await describe(page);
}
/* A service worker is asked for by a name that stays. */
await copyFile('src/staff/worker.js', 'dist/staff-worker.js');
await writeFile('dist/manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);

async function describe(page) {
  const html = await readFile(`dist/${page}.html`, 'utf8');
  const styles = [...html.matchAll(/<style>([^<]*)<\/style>/g)];
  const scripts = [...html.matchAll(/<script[^>]* src="\/([^"]+)"/g)];
  if (styles.length !== 1 || scripts.length > 1) {
    throw new Error(`${page}.html has ${styles.length} styles and ${scripts.length} scripts`);
  }
  const digest = createHash('sha256').update(styles[0][1]).digest('base64');
  return { script: scripts[0]?.[1] ?? null, style_sha256: digest };
}
