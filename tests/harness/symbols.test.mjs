// SPDX-License-Identifier: AGPL-3.0-or-later
// A name that two files give to functions of their own is an error where the linker sees both. In a
// library it takes the first and says nothing, so that one feature runs another one's function.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { ROOT, removeFolder, run, temporaryFolder } from '../lib/process.mjs';

const BUILD = join(ROOT, process.env.CAREOPS_BUILD ?? 'build');

/** The libraries that the program is made of; what lies beside them may be of a file that is gone. */
function libraries() {
  return ['src', 'third_party/sqlite'].flatMap((folder) =>
    readdirSync(join(BUILD, folder))
      .filter((name) => name.endsWith('.a'))
      .map((name) => join(BUILD, folder, name)),
  );
}

/** What more than one of them defines for all to see, each with those that do. Weak names may be. */
async function doubled(files) {
  const lines = await run('nm', ['-A', '--defined-only', '--extern-only', '--format=posix', ...files]);
  const owners = new Map();
  for (const [, file, name, kind] of lines.matchAll(/^(\S+): (\S+) (\S)/gm)) {
    if ('VWvwu'.includes(kind)) continue;
    owners.set(name, [...(owners.get(name) ?? []), /[^/]+\.o/.exec(file)?.[0] ?? file]);
  }
  assert.ok(owners.size > 1, 'there is something to look at');
  return [...owners].filter(([, list]) => list.length > 1).map(([name, list]) => `${name}: ${list.join(', ')}`);
}

test('no two files of the program define the same name', async () => {
  const files = libraries();
  const names = files.map((file) => basename(file));
  for (const floor of ['app', 'base', 'db', 'features', 'http', 'mail']) assert.ok(names.includes(`lib${floor}.a`), floor);
  assert.deepEqual(await doubled(files), []);
});

test('two files that do are found', async (t) => {
  const folder = temporaryFolder('symbols');
  t.after(() => removeFolder(folder));
  const compile = async (name, text) => {
    writeFileSync(join(folder, `${name}.c`), text);
    await run('cc', ['-c', `${name}.c`], { cwd: folder });
  };
  await compile('one', 'int shared(void) { return 1; } static int own(void) { return 1; } int first(void) { return own(); }');
  await compile('two', 'int shared(void) { return 2; } static int own(void) { return 2; } int second(void) { return own(); }');
  await run('ar', ['csrDT', 'lib.a', 'one.o', 'two.o'], { cwd: folder });
  assert.deepEqual(await doubled([join(folder, 'lib.a')]), ['shared: one.o, two.o']);
});
