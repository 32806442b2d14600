// SPDX-License-Identifier: AGPL-3.0-or-later
// The words of the office in each of its languages: none is missing, none has lost what is filled in,
// and what counts is inflected as the language does.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { ROOT, removeFolder, temporaryFolder } from '../lib/process.mjs';

const OFFICE = join(ROOT, 'web/office');
const WORDS = join(OFFICE, 'src/words');
const ts = createRequire(join(OFFICE, 'package.json'))('typescript');
const LANGUAGES = ['en', 'pl'];
/* What the server says is English as it comes: its table is of the other language alone, and the test
 * problems_pl.test.mjs is about it. Units are what the owner typed: each language knows its own. */
const HELPERS = new Set(['choose', 'plural', 'problems_pl', 'retell', 'units']);

/* The files as they are, without their types. */
const folder = temporaryFolder('words');
after(() => removeFolder(folder));
const names = readdirSync(WORDS)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace('.ts', ''));
for (const name of names) {
  const source = readFileSync(join(WORDS, `${name}.ts`), 'utf8');
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(source, { compilerOptions: options });
  writeFileSync(join(folder, `${name}.mjs`), outputText.replaceAll(/from '(\.\/\w+)'/g, "from '$1.mjs'"));
}

globalThis.document = { documentElement: { lang: 'en' } };
const speak = (language) => {
  document.documentElement.lang = language;
};

/** Every word under its path: `empty.all.0`. */
function flat(value, path = '') {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => flat(inner, path ? `${path}.${name}` : name));
}

async function read(name, language) {
  speak(language);
  const { href } = pathToFileURL(join(folder, `${name}.mjs`));
  const { words } = await import(`${href}?${language}`);
  return new Map(flat(words ?? {}));
}

const parts = names.filter((name) => !HELPERS.has(name));
const all = new Map();
for (const name of parts) {
  const spoken = {};
  for (const language of LANGUAGES) spoken[language] = await read(name, language);
  all.set(name, spoken);
}

/** Each word that both have, with its path. */
function pairs() {
  return [...all].flatMap(([name, { en, pl }]) =>
    [...en].filter(([path]) => pl.has(path)).map(([path, word]) => ({ at: `${name}: ${path}`, en: word, pl: pl.get(path) })),
  );
}

const said = (language, word, args) => {
  speak(language);
  return String(word(...args));
};

/** What a function says for counts, with the numbers themselves taken out; null: it takes none. */
function inflected(language, word, count) {
  try {
    const args = Array.from({ length: Math.max(word.length, 1) }, () => count);
    return said(language, word, args).replaceAll(/\d+/g, '#');
  } catch {
    return null;
  }
}

/* Whose few and many are the same: feminine nouns in -ość, and what is asked for in the genitive or, of men,
 * in the accusative. */
const ALIKE = /noShows|ratingOf|import(?:Do|Done)$|waiting$|days(?:Left|Short)$|lowCount$|costPart$|booking\.(?:ahead|until)$/;

/** A form of a word that one language has and another may not. */
const OWN_FORM = /\.(?:zero|one|two|few|many)$/;

describe('the words of the office', () => {
  test('there are some in every part, and as many in every language', () => {
    assert.ok(parts.length >= 15);
    for (const [name, { en, pl }] of all) {
      assert.ok(en.size > 0, name);
      const keys = (words) => [...words.keys()].filter((key) => !OWN_FORM.test(key)).sort();
      assert.deepEqual(keys(pl), keys(en), name);
    }
  });

  test('none is empty', () => {
    const empty = pairs().filter((each) => each.en === '' || each.pl === '');
    assert.deepEqual(empty.map(({ at }) => at), []);
  });

  test('no sentence has stayed English', () => {
    const same = pairs().filter(({ en, pl }) => typeof en === 'string' && en === pl && /\p{Ll} \p{L}/u.test(en));
    assert.deepEqual(same.map(({ at, en }) => `${at}: ${en}`), []);
  });

  test('what is filled in is filled in in both', () => {
    const lost = [];
    for (const { at, en, pl } of pairs()) {
      if (typeof en !== typeof pl) lost.push(at);
      if (typeof en === 'string' && typeof pl === 'string') {
        const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
        if (String(places(en)) !== String(places(pl))) lost.push(at);
      } else if (typeof en === 'function') {
        const marks = ['Żaneta', '⟨second⟩', '⟨third⟩', '⟨fourth⟩'];
        const used = (language, word) => {
          try {
            return marks.filter((mark) => said(language, word, marks).includes(mark));
          } catch {
            return []; // it takes lists or counts
          }
        };
        if (en.length !== pl.length || String(used('en', en)) !== String(used('pl', pl))) lost.push(at);
      }
    }
    assert.deepEqual(lost, []);
  });

  test('what English inflects by a count, Polish does by its own rules: 1, 2, 5', () => {
    const wrong = [];
    for (const { at, en, pl } of pairs()) {
      if (typeof en !== 'function') continue;
      const [one, two] = [1, 2].map((count) => inflected('en', en, count));
      if (one === null || one === two) continue;
      const [jeden, few, many] = [1, 2, 5].map((count) => inflected('pl', pl, count));
      const isAlike = few === many && !ALIKE.test(at);
      if (jeden === many && !ALIKE.test(at)) wrong.push(`${at}: ${jeden} as for one and for five`);
      if (isAlike) wrong.push(`${at}: ${few} for two and for five`);
      if (inflected('pl', pl, 22) !== few || inflected('pl', pl, 12) !== many) wrong.push(`${at}: 12 and 22`);
    }
    assert.deepEqual(wrong, []);
  });
});

test('a unit that is a word is inflected after its number, and any other stays as it was typed', async () => {
  const after = async (language) => {
    speak(language);
    return (await import(`${pathToFileURL(join(folder, 'units.mjs')).href}?${language}`)).unitAfter;
  };
  const en = await after('en');
  assert.deepEqual([1, 2, -3, 0.5].map((count) => en(count, 'piece')), ['piece', 'pieces', 'pieces', 'pieces']);
  assert.deepEqual([en(2, 'Box'), en(2, 'ml'), en(2, 'constructor')], ['boxes', 'ml', 'constructor']);
  const pl = await after('pl');
  assert.deepEqual([1, 2, 5, 1.5].map((count) => pl(count, 'sztuka')), ['sztuka', 'sztuki', 'sztuk', 'sztuki']);
  assert.equal(pl(5, 'szt.'), 'szt.');
});
