// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { ROOT, removeFolder, run, temporaryFolder } from '../lib/process.mjs';

/** Embeds these files and gives what came out, the table as rows of fields. */
async function embed(t, files, { roots = ['web'] } = {}) {
  const folder = temporaryFolder('embed');
  t.after(() => removeFolder(folder));
  for (const [name, data] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), data);
  }
  const depfile = join(folder, 'embedded.d');
  const args = roots.flatMap((root) => ['--root', root, join(folder, root)]);
  const script = join(ROOT, 'tools/embed.mjs');
  await run(process.execPath, [script, '--out', folder, '--depfile', depfile, ...args]);
  const table = readFileSync(join(folder, 'embedded.c'), 'utf8');
  const blob = readFileSync(join(folder, 'embedded.bin'));
  const slice = (text) => {
    const found = /embedded_blob \+ (\d+), (\d+)/.exec(text);
    return found ? blob.subarray(Number(found[1]), Number(found[1]) + Number(found[2])) : null;
  };
  const rows = [...table.matchAll(/\{("[^"]+"),\s+(.+),\s+(.+),\s+(.+),\s+"(.+)",\s+"(.+)"\},/g)];
  return {
    folder,
    table,
    blob,
    depends: readFileSync(depfile, 'utf8'),
    rows: rows.map(([, name, data, br, gz, sha256, mime]) => ({
      name: JSON.parse(name),
      data: slice(data),
      br: slice(br),
      gz: slice(gz),
      sha256,
      mime,
    })),
  };
}

test('every file is there in the order of the names, as it is and compressed', async (t) => {
  const page = '<p>hello</p>'.repeat(100);
  const { rows } = await embed(t, {
    'web/book.html': page,
    'web/assets/b-1.js': 'x',
    'web/a.png': 'not compressed'.repeat(50),
    'migrations/0001.sql': 'SELECT 1;',
    'migrations/README.md': 'for people',
    'web/.vite/manifest.json': '{}',
  }, { roots: ['web', 'migrations'] });
  assert.deepEqual(
    rows.map((row) => row.name),
    ['migrations/0001.sql', 'web/a.png', 'web/assets/b-1.js', 'web/book.html'],
  );
  const book = rows[3];
  assert.equal(book.data.toString(), page);
  assert.equal(brotliDecompressSync(book.br).toString(), page);
  assert.equal(gunzipSync(book.gz).toString(), page);
  assert.equal(book.mime, 'text/html; charset=utf-8');
  assert.equal(rows[1].br, null);
  assert.equal(rows[2].gz, null, 'one byte grows when compressed');
});

test('a folder that is not there is an empty one, and its coming is noticed', async (t) => {
  const { rows, table, depends, folder } = await embed(t, {}, { roots: ['web'] });
  assert.deepEqual(rows, []);
  assert.match(table, /embedded_count = 0;/);
  assert.ok(depends.includes(folder));
});

test('the depfile names each file and each folder', async (t) => {
  const { depends, folder } = await embed(t, { 'web/a.html': 'a', 'web/assets/b.js': 'b' });
  for (const name of ['web', 'web/a.html', 'web/assets', 'web/assets/b.js']) {
    assert.ok(depends.split(/[\s\\]+/).includes(join(folder, name)), name);
  }
});

test('the same files give the same bytes in another place', async (t) => {
  const files = { 'web/a.html': 'a'.repeat(500), 'web/b.js': 'b'.repeat(500) };
  const [one, two] = [await embed(t, files), await embed(t, files)];
  assert.deepEqual(one.blob, two.blob);
  assert.equal(one.table, two.table);
});

test('a file of an unknown kind stops the build', async (t) => {
  await assert.rejects(embed(t, { 'web/a.exe': 'x' }), /no media type is known/);
});
