// SPDX-License-Identifier: AGPL-3.0-or-later
// Each rule of tools/lint.mjs finds a breach that is planted for it, and nothing in good code.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { ROOT, removeFolder, run, temporaryFolder } from '../lib/process.mjs';

const HEAD = '/* SPDX-License-Identifier: AGPL-3.0-or-later */\n/* What it owns. */\n';

/** What the lint says of a tree of these files. */
async function lint(t, files) {
  const tree = temporaryFolder('lint');
  t.after(() => removeFolder(tree));
  await run('git', ['init', '-q', tree]);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text);
  }
  const script = join(ROOT, 'tools/lint.mjs');
  return run(process.execPath, [script, tree]).catch((error) => error.message);
}

const BREACHES = {
  'each file begins with its licence': {
    'src/base/a.c': '/* It owns. */\n/* This. */\nint f(void);\n',
  },
  'no stray white space': { 'src/base/a.c': `${HEAD}int f(void); \n` },
  'no path of one machine': { 'src/base/a.c': `${HEAD}const char *const p = "/${'home'}/me/x";\n` },
  'nothing is left unfinished': { 'src/base/a.c': `${HEAD}/* ${'TO'}${'DO'} later */\n` },
  'no call that starts programs': {
    'src/base/a.c': `${HEAD}void f(void)\n{\n    system("x");\n}\n`,
  },
  'no SQL is made by a format': {
    'src/db/a.c': `${HEAD}static const char *const q = "SELECT a FROM b "\n    "WHERE c = %d";\n`,
  },
  'each foreign library has its floor': { 'src/http/a.c': `${HEAD}#include <sqlite3.h>\n` },
  'a file includes only what lies below it': { 'src/db/a.c': `${HEAD}#include "http/route.h"\n` },
  'the Chaos Day shares no code with the server': {
    'src/chaos/a.c': `${HEAD}#include "http/json_write.h"\n`,
  },
  'private headers stay in their folder': {
    'src/team/a.c': `${HEAD}#include "client/internal.h"\n`,
  },
  'files and functions fit their bounds': {
    'src/base/a.c': `${HEAD}void f(void)\n{\n${'    g();\n'.repeat(81)}}\n`,
  },
  'no mutable data of a file': { 'src/base/a.c': `${HEAD}static int counter = 0;\n` },
  'each source file says what it owns': {
    'src/base/a.c': `${HEAD.split('\n')[0]}\nint f(void);\nint g(void);\n`,
  },
  'features include each other in no circle': {
    'src/team/a.c': `${HEAD}#include "client/client.h"\n`,
    'src/client/a.c': `${HEAD}#include "stock/stock.h"\n`,
    'src/stock/a.c': `${HEAD}#include "team/team.h"\n`,
  },
  'each package.json has its lock file': { 'web/package.json': '{}\n' },
  'lock files name no registry': {
    'web/package.json': '{}\n',
    'web/package-lock.json': '{"a": {\n  "resolved": "https://registry.example/a.tgz"\n}}\n',
  },
};

for (const [rule, files] of Object.entries(BREACHES)) {
  test(`the lint finds a breach of: ${rule}`, async (t) => {
    const said = await lint(t, files);
    assert.match(said, new RegExp(`FAILED: ${rule}`));
    assert.match(said, /^\d+ passed, 1 failed$/m);
  });
}

test('the lint finds nothing in code that keeps the rules', async (t) => {
  const code = `${HEAD}#include "base/str.h"
#include "db/db.h"

/* A comment may speak of SELECT %d and of system(). */
static const char *const names[] = {"a", "b"};
static const char *const pattern = "SELECT a FROM b WHERE c LIKE '%' || $1 || '%'";

struct thing {
    int count;
};

int thing_count(const struct thing *t)
{
    return t->count;
}
`;
  const said = await lint(t, { 'src/db/thing.c': code });
  assert.match(said, /^\d+ passed, 0 failed$/m, said);
});
