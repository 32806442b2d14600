// SPDX-License-Identifier: AGPL-3.0-or-later
// The TypeScript types of the API, from the program's own description of it:
//
//   node tests/openapi/types.mjs        writes web/api.d.ts; `make types` calls it
//
// The file is kept in the tree, so that the pages can be built before the program is; a test holds
// it against the program.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import openapiTS, { astToString } from 'openapi-typescript';

import { ROOT, run } from '../lib/process.mjs';

export const TYPES_FILE = join(ROOT, 'web/api.d.ts');
const HEAD = `/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Made by \`make types\` from the program's OpenAPI document. Do not change it by hand. */
`;

/** What the file must hold for this program. */
export async function typesOf(binary) {
  const document = JSON.parse(await run(binary, ['openapi']));
  // Its comments would repeat what the document says to whoever reads the API.
  const nodes = await openapiTS(document, { silent: true, alphabetize: true });
  const text = astToString(nodes).replace(/[ \t]*\/\*\*[\s\S]*?\*\/\n/g, '');
  return HEAD + text;
}

export const typesKept = () => readFileSync(TYPES_FILE, 'utf8');

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const binary = process.env.CAREOPS_BINARY ?? join(ROOT, 'build/careops');
  writeFileSync(TYPES_FILE, await typesOf(binary));
}
