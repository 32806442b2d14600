// SPDX-License-Identifier: AGPL-3.0-or-later
// Turns folders into C objects: one blob, an assembly file that includes it, and a table for
// src/base/embedded.h. The same input always gives the same bytes.
//
//   embed.mjs --out DIR --depfile FILE --root PREFIX FOLDER [--root PREFIX FOLDER ...]
//
// A folder that does not exist is an empty one: the program builds without its web pages.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const MIME = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.sql': 'application/sql',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml; charset=utf-8',
};
const INCOMPRESSIBLE = new Set(['.jpg', '.png', '.webp', '.woff2']);
// Blobs start on such a boundary, so that copying them out never straddles a cache line at once.
const ALIGNMENT = 16;

function parseArguments(args) {
  const options = { roots: [] };
  for (let i = 0; i < args.length; ) {
    if (args[i] === '--root') {
      options.roots.push({ prefix: args[i + 1], folder: args[i + 2] });
      i += 3;
    } else if (args[i] === '--out' || args[i] === '--depfile') {
      options[args[i].slice(2)] = args[i + 1];
      i += 2;
    } else {
      throw new Error(`embed.mjs: unknown argument ${args[i]}`);
    }
  }
  if (!options.out || !options.depfile || options.roots.some((root) => !root.folder)) {
    throw new Error('embed.mjs: --out, --depfile and whole --root pairs are needed');
  }
  return options;
}

/** Every file under a folder, and every folder seen, which is what a new file would touch. */
function walk(folder, prefix, found) {
  found.dependencies.push(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // Hidden files and what is written for the developer of a folder are no part of the program.
    if (entry.name.startsWith('.') || entry.name.endsWith('.md')) continue;
    if (entry.isDirectory()) {
      walk(path, `${prefix}/${entry.name}`, found);
    } else if (extname(entry.name) in MIME) {
      found.dependencies.push(path);
      found.files.push({ name: `${prefix}/${entry.name}`, path });
    } else {
      throw new Error(`embed.mjs: no media type is known for ${path}`);
    }
  }
}

function compress(data, extension) {
  if (INCOMPRESSIBLE.has(extension)) return { br: null, gz: null };
  const br = brotliCompressSync(data, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
    },
  });
  const gz = gzipSync(data, { level: 9 });
  gz[9] = 255; // the operating system of the build does not belong into the bytes
  return { br: br.length < data.length ? br : null, gz: gz.length < data.length ? gz : null };
}

class Blob {
  constructor() {
    this.parts = [];
    this.size = 0;
  }

  /** Adds the bytes and returns the two C initialisers that find them again. */
  add(data) {
    if (data === null) return 'NULL, 0';
    const at = this.size;
    const padding = (ALIGNMENT - (data.length % ALIGNMENT)) % ALIGNMENT;
    this.parts.push(data, Buffer.alloc(padding));
    this.size += data.length + padding;
    return `embedded_blob + ${at}, ${data.length}`;
  }
}

function tableEntry(file, blob) {
  const extension = extname(file.name);
  const data = readFileSync(file.path);
  const { br, gz } = compress(data, extension);
  const sha256 = createHash('sha256').update(data).digest('hex');
  const lines = [JSON.stringify(file.name), blob.add(data), blob.add(br), blob.add(gz)];
  return `    {${[...lines, `"${sha256}"`, `"${MIME[extension]}"`].join(',\n     ')}},\n`;
}

function byName(a, b) {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

function main() {
  const { out, depfile, roots } = parseArguments(process.argv.slice(2));
  const found = { files: [], dependencies: [] };
  for (const { prefix, folder } of roots) {
    if (existsSync(folder)) {
      walk(folder, prefix, found);
    } else {
      // Its nearest existing parent changes when the folder appears.
      let parent = dirname(folder);
      while (!existsSync(parent)) parent = dirname(parent);
      found.dependencies.push(parent);
    }
  }
  found.files.sort(byName);

  const blob = new Blob();
  const entries = found.files.map((file) => tableEntry(file, blob));
  // C has no empty array, so the table ends with an entry that is not counted.
  const table = `/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Generated by tools/embed.mjs. */
#include "base/embedded.h"

extern const unsigned char embedded_blob[];

const struct embedded_file embedded_files[] = {
${entries.join('')}    {NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL},
};
const size_t embedded_count = ${entries.length};
`;
  const assembly = `/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Generated by tools/embed.mjs. */
    .section .rodata, "a", %progbits
    .balign ${ALIGNMENT}
    .globl embedded_blob
    .type embedded_blob, %object
embedded_blob:
    .incbin "${join(out, 'embedded.bin')}"
    .byte 0
    .size embedded_blob, . - embedded_blob
    .section .note.GNU-stack, "", %progbits
`;
  writeFileSync(join(out, 'embedded.bin'), Buffer.concat(blob.parts));
  writeFileSync(join(out, 'embedded.S'), assembly);
  writeFileSync(join(out, 'embedded.c'), table);

  const escape = (path) => path.replace(/[ #$]/g, (c) => (c === '$' ? '$$' : `\\${c}`));
  writeFileSync(
    depfile,
    `${join(out, 'embedded.c')}: ${found.dependencies.map(escape).join(' \\\n  ')}\n`,
  );
}

main();
