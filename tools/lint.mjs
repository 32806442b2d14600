// SPDX-License-Identifier: AGPL-3.0-or-later
// The rules of this house that no compiler knows, each checked over the whole tree:
//
//   node tools/lint.mjs [TREE]
//
// prints each breach as FILE:LINE: what is wrong, and last `N passed, N failed`, a rule being one.
// A breach that must stay is excused in its own rule below, with the reason.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)));
const FILE_LINES_MAX = 650; // "about 600"
const FUNCTION_LINES_MAX = 80; // "about 70"
const FLOORS = ['base', 'db', 'http', 'mail', 'feature', 'app'];
// A pure function that every feature may use, though it lives with the one that cares for it.
const LEAVES = new Map([['diary/slots.h', 'slots']]);

function listFiles() {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], options);
  return listed.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name)));
}

/** The text with comments blanked, and literals too unless they are kept; lines stay in place. */
function bare(text, { keepLiterals = false } = {}) {
  const blank = (found) => found.replace(/[^\n]/g, ' ');
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return text.replace(token, (found) => {
    const isLiteral = found[0] === '"' || found[0] === "'";
    if (!isLiteral) return blank(found);
    return keepLiterals ? found : found[0] + blank(found.slice(1, -1)) + found[0];
  });
}

function lineOf(text, index) {
  return text.slice(0, index).split('\n').length;
}

/** Every match of a pattern as a breach; `says` makes the sentence. */
function matches(text, pattern, says) {
  return [...text.matchAll(pattern)].map((found) => [lineOf(text, found.index), says(found)]);
}

const isC = (name) => /\.[ch]$/.test(name);
const isOwnC = (name) => isC(name) && name.startsWith('src/');

// --- The rules: each takes a file's name and text and gives [line, sentence] for each breach.

const LICENSED = /\.(c|h|S|mjs|js|ts|tsx|css|sql|py|sh)$|(^|\/)(Makefile|meson\.build)$/;

function licence(name, text) {
  if (!LICENSED.test(name)) return [];
  const lines = text.split('\n', 2);
  const first = lines[0].startsWith('#!') ? lines[1] : lines[0];
  const right = (first ?? '').includes('SPDX-License-Identifier: AGPL-3.0-or-later');
  return right ? [] : [[1, 'the file does not begin with its licence line']];
}

function layout(name, text) {
  if (!/\.(c|h|mjs|js|ts|tsx|css|sql|py|sh|md|json|yaml|yml)$/.test(name)) return [];
  if (name.startsWith('tests/fuzz/corpus/')) return [];
  const breaches = matches(text, /[ \t]+$/gm, () => 'white space at the end of a line');
  if (text.includes('\r')) breaches.push([1, 'a carriage return']);
  if (isC(name)) breaches.push(...matches(text, /\t/g, () => 'a tab'));
  if (text !== '' && !text.endsWith('\n')) breaches.push([1, 'no newline at the end of the file']);
  return breaches;
}

function machinePaths(name, text) {
  // A document may speak of folders of the reader's machine; code may not know one of ours.
  const pattern = /(?:^|[^\w.])\/(?:work|home|root)\/\w+/gm;
  if (!/\.(c|h|mjs|js|ts|tsx|py|sh|md|json)$|meson\.build$/.test(name)) return [];
  return matches(text, pattern, () => 'a path of one machine');
}

function unfinished(name, text) {
  if (!/\.(c|h|mjs|js|ts|tsx|css|sql|py|sh)$/.test(name) || name === 'tools/lint.mjs') return [];
  return matches(text, /\b(TODO|FIXME|XXX|HACK)\b/g, ([word]) => `unfinished work: ${word}`);
}

const CALLS = [
  [/\b(system|popen|exec[lv]p?e?|posix_spawnp?|fork|vfork)\s*\(/g, 'starts a program or a shell'],
  [/\b(longjmp|siglongjmp)\s*\(/g, 'jumps over cleanup'],
  [/\b(setenv|putenv|unsetenv|setlocale)\s*\(/g, 'changes what every thread reads'],
  [/\b(inet_ntoa|gethostbyname|getpwnam|readdir_r)\s*\(/g, 'is not for threads'],
  [/\bassert\s*\([^;]*(\+\+|--|[^=!<>]=[^=])[^;]*\)\s*;/g, 'an assert with an effect'],
];

// `careops chaos` starts and kills what its operator tells it to; the server starts nothing.
const STARTS_PROGRAMS = 'src/chaos/process.c';

function bannedCalls(name, text) {
  if (!isOwnC(name)) return [];
  const code = bare(text);
  const calls = name === STARTS_PROGRAMS ? CALLS.slice(1) : CALLS;
  return calls.flatMap(([pattern, why]) =>
    matches(code, pattern, ([call]) => `${call.replace(/\s*\($/, '')}: ${why}`),
  );
}

/** Adjacent literals are one string to the compiler, and so to this rule. */
function sqlByFormat(name, text) {
  if (!isOwnC(name)) return [];
  const code = bare(text, { keepLiterals: true });
  const breaches = [];
  for (const found of code.matchAll(/"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*/g)) {
    const sql = /\b(SELECT\s|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)/;
    const conversion = /%[-+ #0]*(\d+|\*)?(\.(\d+|\*))?(hh|h|ll|l|z|j|t)?[diuoxXcsfgep]/;
    if (sql.test(found[0]) && conversion.test(found[0].replaceAll('%%', ''))) {
      breaches.push([lineOf(code, found.index), 'SQL made by a format: use parameters']);
    }
  }
  return breaches;
}

const OWNERS = [
  // The header, who may include it, and why nobody else.
  [/<sqlite3\.h>/, /^src\/db\//, 'one floor speaks to databases'],
  [/<libpq-fe\.h>/, /^src\/db\//, 'one floor speaks to databases'],
  [/<http_parser\.h>/, /^src\/http\//, 'one file knows the parser'],
  [/<curl\/curl\.h>/, /^src\/(mail|message|app|chaos)\//, 'one floor sends'],
];

function owners(name, text) {
  if (!isOwnC(name)) return [];
  return OWNERS.filter(([, folder]) => !folder.test(name)).flatMap(([header, , why]) =>
    matches(text, new RegExp(`^#include ${header.source}`, 'gm'), ([line]) => `${line}: ${why}`),
  );
}

function floorOf(folder) {
  const floor = FLOORS.indexOf(folder);
  return floor >= 0 ? floor : FLOORS.indexOf('feature');
}

function includesOf(name, text) {
  return [...text.matchAll(/^#include "([^"]+)"/gm)].map((found) => ({
    from: LEAVES.get(name.slice('src/'.length)) ?? name.split('/')[1],
    path: found[1],
    to: LEAVES.get(found[1]) ?? found[1].split('/')[0],
    line: lineOf(text, found.index),
  }));
}

function floors(name, text) {
  if (!isOwnC(name)) return [];
  return includesOf(name, text).flatMap(({ from, to, path, line }) => {
    if (!path.includes('/')) return [[line, `"${path}": name the folder too`]];
    if (floorOf(to) <= floorOf(from)) return [];
    return [[line, `${from} may not include ${path}: ${to} lies above it`]];
  });
}

/** What judges the program shares no code with what it judges, but for the floor of all. */
function apart(name, text) {
  if (!name.startsWith('src/chaos/') || !isC(name)) return [];
  return includesOf(name, text)
    .filter(({ to }) => !['chaos', 'base'].includes(to))
    .map(({ path, line }) => [line, `${path}: the Chaos Day knows nothing of the server`]);
}

function privateHeaders(name, text) {
  if (!isOwnC(name)) return [];
  return includesOf(name, text)
    .filter(({ path }) => /(^|[/_])internal\.h$/.test(path))
    .filter(({ path }) => dirname(path) !== name.split('/')[1])
    .map(({ path, line }) => [line, `${path} is private to its folder`]);
}

function sizes(name, text) {
  if (!isC(name)) return [];
  const lines = text.split('\n');
  const breaches = [];
  if (lines.length - 1 > FILE_LINES_MAX) {
    breaches.push([FILE_LINES_MAX, `${lines.length - 1} lines: this wants to be two files`]);
  }
  let start = 0;
  lines.forEach((line, index) => {
    if (line === '{') start = index;
    const length = index - start - 1;
    if (line === '}' && start > 0 && length > FUNCTION_LINES_MAX) {
      breaches.push([start, `a function of ${length} lines does not fit a screen`]);
    }
    if (line === '}') start = 0;
  });
  return breaches;
}

function mutableState(name, text) {
  // The log's sink is the one exception that the house allows (docs of src/base/log.h).
  if (!isOwnC(name) || name === 'src/base/log.c') return [];
  const pattern =
    /^(?:static\s+)?(?!typedef|extern|return)[a-z_][\w\s*]*?\b\w+(?:\[[^\]]*\])*\s*(?:=|;)/gm;
  return [...bare(text).matchAll(pattern)]
    .filter(([line]) => !/\bconst\b|\(|^(struct|enum|union)\s+\w+\s*;$/.test(line))
    .map((found) => [lineOf(text, found.index), `${found[0].trim()} is mutable and of the file`]);
}

function openingComment(name, text) {
  if (!isOwnC(name)) return [];
  const second = text.split('\n').slice(1, 3).join('\n');
  return /^\s*\/\*/.test(second) ? [] : [[2, 'no opening comment says what the file owns']];
}

// --- Rules over the whole tree: they take all the files and give breaches by file.

/** Circles between the folders of features, each told once by its members. */
function circles(files) {
  const edges = new Map();
  for (const [name, text] of files) {
    if (!isOwnC(name)) continue;
    for (const { from, to, path } of includesOf(name, text)) {
      if (from === to || !path.includes('/')) continue;
      if (!edges.has(from)) edges.set(from, new Map());
      edges.get(from).set(to, name);
    }
  }
  const reaches = (from, goal, seen = new Set()) =>
    [...(edges.get(from)?.keys() ?? [])].some((next) => {
      if (next === goal) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, goal, seen);
    });
  return [...edges].flatMap(([from, targets]) =>
    [...targets]
      .filter(([to]) => reaches(to, from))
      .map(([to, name]) => [name, 1, `${from} and ${to} include each other, perhaps by others`]),
  );
}

function lockFiles(files) {
  return [...files.keys()]
    .filter((name) => name.endsWith('package.json') && !name.includes('/fixtures/'))
    .filter((name) => !files.has(name.replace(/package\.json$/, 'package-lock.json')))
    .map((name) => [name, 1, 'no package-lock.json beside it']);
}

function lockAddresses(files) {
  return [...files]
    .filter(([name]) => name.endsWith('package-lock.json'))
    .flatMap(([name, text]) =>
      matches(text, /"resolved": "(?!file:)/g, () => 'a download address: npm finds its own')
        .slice(0, 1)
        .map(([line, says]) => [name, line, says]),
    );
}

const RULES = [
  ['each file begins with its licence', licence],
  ['no stray white space', layout],
  ['no path of one machine', machinePaths],
  ['nothing is left unfinished', unfinished],
  ['no call that starts programs, jumps or disturbs threads', bannedCalls],
  ['no SQL is made by a format', sqlByFormat],
  ['each foreign library has its floor', owners],
  ['a file includes only what lies below it', floors],
  ['the Chaos Day shares no code with the server', apart],
  ['private headers stay in their folder', privateHeaders],
  ['files and functions fit their bounds', sizes],
  ['no mutable data of a file', mutableState],
  ['each source file says what it owns', openingComment],
];
const TREE_RULES = [
  ['features include each other in no circle', circles],
  ['each package.json has its lock file', lockFiles],
  ['lock files name no registry', lockAddresses],
];

function main() {
  const readable = (name) => LICENSED.test(name) || /\.(md|json|yaml|yml|html)$/.test(name);
  const files = new Map(
    listFiles()
      .filter(readable)
      .map((name) => [name, readFileSync(join(ROOT, name), 'utf8')]),
  );
  let failed = 0;
  const tell = (title, breaches) => {
    if (breaches.length === 0) return;
    failed += 1;
    console.log(`FAILED: ${title}`);
    for (const [name, line, says] of breaches) console.log(`  ${name}:${line}: ${says}`);
  };
  for (const [title, rule] of RULES) {
    tell(
      title,
      [...files].flatMap(([name, text]) => rule(name, text).map((breach) => [name, ...breach])),
    );
  }
  for (const [title, rule] of TREE_RULES) tell(title, rule(files));
  const passed = RULES.length + TREE_RULES.length - failed;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
