// SPDX-License-Identifier: AGPL-3.0-or-later
// What the server says when it refuses, in the Polish office: each sentence of the C source has its
// Polish one, each Polish one has its sentence, and what the server fills in comes through.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { ROOT, removeFolder, temporaryFolder } from '../lib/process.mjs';

const SRC = join(ROOT, 'src');
const OFFICE = join(ROOT, 'web/office');
const ts = createRequire(join(OFFICE, 'package.json'))('typescript');

/* Programs of their own, which nobody meets in the office. */
const APART = /^(?:chaos|inspect)\//;

/* Whose sentences only a client's page, a letter's link, the sign-in, a program with a token, the command
 * line or a damaged request meets; the code's sentence is enough for the office. */
const ELSEWHERE = new Set([
  'account/join.c', 'account/sign_in.c', 'account/user.c', 'app/ops_routes.c',
  'diary/manage.c', 'diary/pick.c', 'feedback/rate_routes.c', 'feedback/unsubscribe_routes.c', 'form/open.c',
  'form/public_routes.c', 'http/chunked.c', 'http/connection.c', 'http/idempotency.c', 'http/parse.c',
  'http/shape_query.c', 'http/stream.c', 'http/target.c', 'live/live_routes.c', 'mail/address.c',
  'mailin/unmatched.c', 'message/webhook_routes.c', 'workspace/workspace.c',
]);
const NEVER = new Set([
  'Send the body as application/json.',
  'This token is unknown, has expired or was revoked.',
  'Send either the session cookie or a token, not both.',
  'This link has been used or is too old. Ask for a new one.',
  'The scopes of this token do not cover this.',
  'Allowed here: %s.',
  'There is nothing at this address.',
  'This service cannot be booked at the moment. Please choose another one or call us.',
]);

/* Files with a table of sentences that reach a problem through a "%s". */
const TABLES = new Set([
  'base/result.c', 'db/db.c', 'diary/booking.c', 'diary/calendar.c', 'diary/undo.c', 'form/fields.c', 'gate/declare.c',
  'http/response.c', 'http/shape_fields.c', 'message/mail_settings.c', 'message/mail_test.c', 'message/not_told.c',
  'sample/put_in.c', 'team/invite.c', 'transfer/line.c',
]);
/* A letter of the test itself, which is no refusal. */
const NO_SENTENCE = /^Test letter from|^This is the test letter/;

/* What is put together from pieces: the sentence as it arrives, and the piece in the source. */
const BUILT = new Map([
  ['Choose one of: %s.', 'Choose one of:'],
  ['Choose among: %s.', 'Choose among:'],
  [
    '%s Choose another time, or send override_hours to book it all the same.',
    ' Choose another time, or send override_hours to book it all the same.',
  ],
  ['%s Please choose another time.', ' Please choose another time.'],
]);

/** `%lld` and `%.*s` are `%d` and `%s` to a reader. */
const plain = (text) =>
  text
    .replaceAll('\\"', '"')
    .replaceAll(/%0?\d*(?:ll|l|z)?[du]/g, '%d')
    .replaceAll(/%\.(?:\d+|\*)s/g, '%s');

/** The words and literals of a C file; literals side by side are one, and STR_FMT is one of them. */
function tokens(source) {
  const found = [];
  const shape = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"((?:[^"\\\n]|\\.)*)"|'(?:[^'\\]|\\.)+'|[A-Za-z_]\w*|\S/g;
  for (const [token, inside] of source.matchAll(shape)) {
    if (token.startsWith('/*') || token.startsWith('//')) continue;
    const text = inside ?? (token === 'STR_FMT' ? '%.*s' : null);
    const last = found.at(-1);
    if (text === null) found.push({ token });
    else if (last?.text !== undefined) last.text += text;
    else found.push({ text });
  }
  return found;
}

/** The literals in a call, from the argument `first` on. */
function literalsOf(list, at, first) {
  const found = [];
  let depth = 0;
  let argument = 0;
  for (const { token, text } of list.slice(at + 1)) {
    if (token === '(') depth++;
    if (token === ')' && --depth === 0) break;
    if (token === ',' && depth === 1) argument++;
    if (text !== undefined && argument >= first) found.push(plain(text));
  }
  return found;
}

const CALLS = new Map([
  ['problem_set', 3],
  ['problem_field', 3],
  ['reader_fault', 3],
  ['line_fault', 4],
  ['ids_unknown', 3],
]);
const isSentence = (text) => /\p{L}/u.test(text.replaceAll(/%[sd]/g, '')) && /^(?:[A-Z]|%[sd] )[^ ]* .*[.:?}]$/s.test(text);

const files = readdirSync(SRC, { recursive: true }).filter((name) => /\.[ch]$/.test(name) && !APART.test(name));
const everyLiteral = new Set();
const refusals = [];
for (const name of files) {
  const list = tokens(readFileSync(join(SRC, name), 'utf8'));
  for (const { text } of list) if (text !== undefined) everyLiteral.add(plain(text));
  if (ELSEWHERE.has(name)) continue;
  const told = list.flatMap(({ token }, at) => (CALLS.has(token) ? literalsOf(list, at, CALLS.get(token)) : []));
  if (TABLES.has(name)) told.push(...list.flatMap(({ text }) => (text === undefined ? [] : [plain(text)])));
  for (const text of told) if (isSentence(text) && !NO_SENTENCE.test(text)) refusals.push({ name, text });
}

let folder;
let sentences;
let codes;
let retell;
let retellIn;
before(async () => {
  folder = temporaryFolder('problems');
  for (const name of ['problems_pl', 'retell']) {
    const source = readFileSync(join(OFFICE, `src/words/${name}.ts`), 'utf8');
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(source, { compilerOptions: options });
    writeFileSync(join(folder, `${name}.mjs`), outputText.replaceAll(/from '(\.\/\w+)'/g, "from '$1.mjs'"));
  }
  ({ sentences, codes } = await import(pathToFileURL(join(folder, 'problems_pl.mjs')).href));
  ({ retell, retellIn } = await import(pathToFileURL(join(folder, 'retell.mjs')).href));
});
after(() => removeFolder(folder));

const toldOf = (entry) => (typeof entry === 'string' ? entry : entry[0]);

describe('the table', () => {
  test('has each sentence with which the server refuses what the office asks', () => {
    assert.ok(refusals.length > 250, String(refusals.length));
    const pieces = new Set(BUILT.values());
    const missing = refusals.filter(({ text }) => !(text in sentences) && !pieces.has(text) && !NEVER.has(text));
    assert.deepEqual(missing.map(({ name, text }) => `${name}: ${text}`), []);
  });

  test('has none that the server does not say any more', () => {
    const stale = Object.keys(sentences).filter((text) => !everyLiteral.has(BUILT.get(text) ?? text));
    assert.deepEqual(stale, []);
    assert.deepEqual([...NEVER].filter((text) => !everyLiteral.has(text) && text !== 'Allowed here: %s.'), []);
    for (const name of [...ELSEWHERE, ...TABLES]) assert.ok(files.includes(name), name);
  });

  test('fills in in Polish what is filled in in English', () => {
    const lost = [];
    for (const [text, entry] of Object.entries(sentences)) {
      /* The s of a plural is English's own. */
      const isOwn = (i) => typeof entry !== 'string' && Object.values(entry[i + 1] ?? {}).some((word) => word === '');
      const said = (text.match(/%[sd]/g) ?? []).map((place, i) => [place, i]).filter(([, i]) => !isOwn(i));
      let next = 0;
      const told = [...toldOf(entry).matchAll(/%(?:(\d)\$)?([sd])/g)].map(([, place, kind]) => {
        const i = place ? Number(place) - 1 : next++;
        return [`%${kind}`, i];
      });
      told.sort(([, a], [, b]) => a - b);
      if (JSON.stringify(said) !== JSON.stringify(told)) lost.push(text);
    }
    assert.deepEqual(lost, []);
  });

  test('has a sentence for each code of a refusal', () => {
    const used = new Set();
    for (const name of files) {
      if (ELSEWHERE.has(name)) continue;
      const source = readFileSync(join(SRC, name), 'utf8');
      for (const [, code] of source.matchAll(/problem_set\([^;]*?,\s*"([a-z_]+)",/g)) used.add(code);
      for (const [, code] of source.matchAll(/reader_fault\([^;"]*"([a-z_]+)",/g)) used.add(code);
    }
    assert.ok(used.size > 30, String(used.size));
    assert.deepEqual([...used].filter((code) => !(code in codes)), []);
  });

  test('holds nothing empty, nothing English, and closes each sentence as the English does', () => {
    for (const told of [...Object.values(sentences).map(toldOf), ...Object.values(codes)]) {
      assert.ok(told.length > 1);
      assert.doesNotMatch(told, /\b(?:the|this|give|you|not)\b/i, told);
    }
    const open = Object.entries(sentences).filter(([text, entry]) => text.endsWith('.') !== toldOf(entry).endsWith('.'));
    assert.deepEqual(open.map(([text]) => text).filter((text) => !text.endsWith(': %s')), []);
  });

  test('knows each thing that can be absent, and each way in which a booking changes', () => {
    const things = new Set();
    for (const name of files) {
      const source = readFileSync(join(SRC, name), 'utf8');
      for (const [, what] of source.matchAll(/work_missing(?:_at)?\([^;]*?"([^"]+)"\)/g)) things.add(what);
      for (const [, verb] of source.matchAll(/booking_refuse_transition\(w, &?b, "([^"]+)"\)/g)) {
        assert.ok(verb in sentences['A %s booking cannot be %s. %s'][2], verb);
      }
    }
    assert.ok(things.size > 30, String(things.size));
    assert.deepEqual([...things].filter((what) => !(what in sentences['There is no such %s.'][1])), []);
  });
});

describe('a sentence', () => {
  test('is told in Polish, with its numbers and names in their places', () => {
    assert.equal(retell('A business has at most 200 services.'), 'Firma może mieć do 200 usług.');
    assert.equal(retell('There is no such client.'), 'Nie znaleziono takiego klienta.');
    assert.equal(
      retell('A confirmed booking cannot be restored. Complete, cancel or move it.'),
      'Tej wizyty nie można przywrócić, bo jest potwierdzona. Zakończ ją, odwołaj lub przenieś.',
    );
    assert.equal(
      retell('Another client has the address a+b@example.com by now. Change it first.'),
      'Inny klient ma już adres a+b@example.com. Najpierw go zmień.',
    );
    assert.equal(retell('Choose one of: new, regular.'), 'Wybierz jedno z: new, regular.');
  });

  test('is told with the sentence that stands in it', () => {
    assert.equal(
      retell('This person has another visit then. Please choose another time.'),
      'Ta osoba ma wtedy inną wizytę. Wybierz inny termin.',
    );
    assert.equal(
      retell('Colour needs "Patch test" at least 48 hours before it. It ends on 2026-11-28 at 14:00, which is too late.'),
      'Colour wymaga: „Patch test”, co najmniej 48 godz. wcześniej. Koniec: 28.11.2026, 14:00, a to za późno.',
    );
    assert.equal(
      retell('Botox needs "Consent" to be filled in. The client has not done so yet.'),
      'Botox wymaga: „Consent” (do wypełnienia). Klient jeszcze tego nie zrobił.',
    );
  });

  test('that is unknown is told by its code, and else stays', () => {
    assert.equal(retell('Some new sentence.', 'slot_taken'), codes.slot_taken);
    assert.equal(retell('There is no such unicorn.', 'not_found'), codes.not_found);
    assert.equal(retell('Some new sentence.', 'unheard_of'), 'Some new sentence.');
    assert.equal(retell('Some new sentence.', 'constructor'), 'Some new sentence.');
    assert.equal(retell('Some new sentence.'), 'Some new sentence.');
  });

  test('is told wherever an answer holds one, and nothing else is touched', () => {
    const answer = {
      data: [{ name: 'Try it again.', why: 'Try it again.', next_step: { message: 'Give text.' }, at: null, n: 3 }],
    };
    assert.deepEqual(retellIn(answer), {
      data: [{ name: 'Try it again.', why: 'Spróbuj ponownie.', next_step: { message: 'Podaj tekst.' }, at: null, n: 3 }],
    });
  });

  test('of any length is looked up in no time', () => {
    const begin = performance.now();
    retell('needs " at least before it. It ends on '.repeat(200));
    assert.ok(performance.now() - begin < 5000);
  });
});
