// SPDX-License-Identifier: AGPL-3.0-or-later
// Every SQL statement of the program, read from its source.
//
//   readStatements(folder)  { statements: [{ where, sqlite, postgres, types }], problems: [text] }
//   readSource(name, text)  the same of one file
//
// A statement is what stands at the SQL's place in a call of db_exec, db_count, db_query, db_one or
// one of their _values forms: string literals and macros (of the file, or of a header that it
// includes) side by side, a choice by `?:`, a pair by db_sql (sqlite and postgres are null where
// the other engine is meant), or a
// parameter that each caller in the file fills. What the program as it is built does not have
// (#ifdef CAREOPS_SEEDED) is left out. Whatever cannot be read so is a problem, and so is
// a literal that looks like SQL and stands in no statement: nothing is passed over in silence.
// `types` are the parameters' types as the program declares them to PostgreSQL ('unknown' where the
// call hands over an array).

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SQL_PLACE = { db_exec: 1, db_count: 2, db_query: 2, db_one: 2 };
const TYPES = { db_i: 'bigint', db_opt: 'bigint', db_s: 'text', db_z: 'text', db_bytes: 'bytea' };
// What SQLite would refuse, so that it stands in a branch for PostgreSQL alone.
const POSTGRES_ALONE = /\bFOR (?:NO KEY )?UPDATE\b|\bpg_\w+\(|\bset_config\(/;
const LOOKS_LIKE_SQL = /^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) /;
const TOKEN =
  /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|\s+|[^]/g;
const DIRECTIVE = /^[ \t]*#[ \t]*(\w+)(?:[^\n]*\\\n)*[^\n]*/gm;
const SEEDED_ALONE = /^#ifdef CAREOPS_SEEDED\n[^]*?^#endif$/gm;
const CALLS_DEEP_MAX = 3;

class Unreadable extends Error {}

function tokensOf(text, firstLine = 1) {
  const tokens = [];
  let line = firstLine;
  for (const [piece] of text.matchAll(TOKEN)) {
    if (!/^(?:\s|\/\*|\/\/)/.test(piece)) tokens.push({ text: piece, line });
    line += piece.split('\n').length - 1;
  }
  return tokens;
}

/** The macros without parameters, and the text with every directive blanked out. */
function withoutDirectives(text) {
  const macros = new Map();
  const code = text.replace(SEEDED_ALONE, (part) => part.replace(/[^\n]/g, ' ')).replace(DIRECTIVE, (directive, verb, at) => {
    const found = /^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+([^]*)$/.exec(directive);
    if (verb === 'define' && found) {
      const line = text.slice(0, at).split('\n').length;
      macros.set(found[1], tokensOf(found[2].replaceAll('\\\n', ' \n'), line));
    }
    return directive.replace(/[^\n]/g, ' ');
  });
  return { macros, code };
}

/** The list between the bracket at `open` and its partner, cut at the outermost commas. */
function argumentsAt(tokens, open) {
  const list = [[]];
  let depth = 0;
  for (let i = open; i < tokens.length; i += 1) {
    const { text } = tokens[i];
    if ('([{'.includes(text)) depth += 1;
    if (')]}'.includes(text)) depth -= 1;
    if (depth === 0) return { list, end: i };
    if (depth === 1 && text === ',') list.push([]);
    else if (i > open) list.at(-1).push(tokens[i]);
  }
  throw new Unreadable('a bracket without its partner');
}

/** The functions that the file defines: name, parameters' names, first and last token. */
function functionsOf(tokens) {
  const functions = [];
  let depth = 0;
  for (let i = 0; i < tokens.length; i += 1) {
    const { text } = tokens[i];
    if (text === '{') depth += 1;
    if (text === '}') depth -= 1;
    if (text === '}' && depth === 0 && functions.length) functions.at(-1).last ??= i;
    if (depth > 0 || text !== '(' || !/^\w+$/.test(tokens[i - 1]?.text ?? '')) continue;
    const { list, end } = argumentsAt(tokens, i);
    const parameters = list.map((one) => one.findLast((token) => /^\w/.test(token.text))?.text);
    if (tokens[end + 1]?.text === '{') {
      functions.push({ name: tokens[i - 1].text, parameters, first: i, last: null });
    }
    i = end;
  }
  return functions;
}

function splitChoice(tokens) {
  let depth = 0;
  let question = -1;
  for (let i = 0; i < tokens.length; i += 1) {
    if ('([{'.includes(tokens[i].text)) depth += 1;
    if (')]}'.includes(tokens[i].text)) depth -= 1;
    if (depth > 0) continue;
    if (tokens[i].text === '?') question = i;
    if (tokens[i].text === ':' && question >= 0) {
      return [tokens.slice(question + 1, i), tokens.slice(i + 1)];
    }
  }
  return null;
}

/** The macros of the program's own headers that a text includes, and of those that these do. */
function macrosOfHeaders(text, readHeader, seen = new Set()) {
  const macros = new Map();
  for (const [, path] of text.matchAll(/^#include "([^"]+)"/gm)) {
    const header = seen.has(path) ? null : readHeader(path);
    seen.add(path);
    if (header === null) continue;
    const found = [...macrosOfHeaders(header, readHeader, seen), ...withoutDirectives(header).macros];
    for (const [name, body] of found) macros.set(name, body);
  }
  return macros;
}

class Source {
  constructor(name, text, readHeader) {
    const { macros: own, code } = withoutDirectives(text);
    const macros = new Map([...macrosOfHeaders(text, readHeader), ...own]);
    Object.assign(this, { name, macros, own, tokens: tokensOf(code), used: new Set() });
    this.functions = functionsOf(this.tokens);
  }

  /** What an expression may be: [{ sqlite, postgres, line }], one for each way to come by it. */
  resolve(expression, place, deep = 0) {
    const choice = splitChoice(expression);
    if (choice) return choice.flatMap((one) => this.resolve(one, place, deep));
    if (expression[0]?.text === 'db_sql') {
      const [, sqlite, postgres] = argumentsAt(expression, 1).list;
      return [
        ...this.resolve(sqlite, place, deep).map((s) => ({ ...s, postgres: null })),
        ...this.resolve(postgres, place, deep).map((s) => ({ ...s, sqlite: null })),
      ];
    }
    const text = this.literal(expression);
    if (text !== null) return [{ sqlite: text, postgres: text, line: expression[0].line }];
    if (expression.length === 1 && deep < CALLS_DEEP_MAX) {
      return this.fromCallers(expression[0].text, place, deep);
    }
    throw new Unreadable(`no literal: ${expression.map((token) => token.text).join(' ')}`);
  }

  /** Literals and macros side by side as one text; null where anything else is among them. */
  literal(expression) {
    const parts = expression.map((token) => {
      if (token.text.startsWith('"')) {
        this.used.add(token);
        return JSON.parse(token.text);
      }
      const body = this.macros.get(token.text);
      return body ? this.literal(body) : null;
    });
    return parts.length === 0 || parts.includes(null) ? null : parts.join('');
  }

  fromCallers(parameter, place, deep) {
    const inside = this.functions.find((f) => f.first < place && place < f.last);
    const position = inside?.parameters.indexOf(parameter) ?? -1;
    if (position < 0) throw new Unreadable(`${parameter} is neither literal nor parameter`);
    const calls = this.calls([inside.name]).filter((call) => call.at !== inside.first - 1);
    if (calls.length === 0) throw new Unreadable(`nobody in the file calls ${inside.name}`);
    return calls.flatMap((call) => this.resolve(call.list[position], call.at, deep + 1));
  }

  calls(names) {
    const found = [];
    this.tokens.forEach((token, at) => {
      if (names.includes(token.text) && this.tokens[at + 1]?.text === '(') {
        found.push({ at, line: token.line, name: token.text, ...argumentsAt(this.tokens, at + 1) });
      }
    });
    return found;
  }
}

function typeOf(expression) {
  const maker = expression.find((token) => token.text in TYPES);
  return maker ? TYPES[maker.text] : 'unknown';
}

export function readSource(name, text, readHeader = () => null) {
  const source = new Source(name, text, readHeader);
  const statements = [];
  const problems = [];
  const names = Object.keys(SQL_PLACE).flatMap((verb) => [verb, `${verb}_values`]);
  for (const call of source.calls(names)) {
    const place = SQL_PLACE[call.name.replace('_values', '')];
    const types = call.list.slice(place + 1).map(typeOf);
    try {
      for (const { line, ...sql } of source.resolve(call.list[place] ?? [], call.at)) {
        if (POSTGRES_ALONE.test(sql.postgres)) sql.sqlite = null;
        statements.push({ where: `${name}:${line}`, ...sql, types });
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push(`${name}:${call.line}: ${call.name}: ${error.message}`);
    }
  }
  const bodies = [...source.own.values()].flat();
  for (const token of [...source.tokens, ...bodies]) {
    if (source.used.has(token) || !token.text.startsWith('"')) continue;
    if (LOOKS_LIKE_SQL.test(token.text.slice(1))) {
      problems.push(`${name}:${token.line}: SQL that no db_ call was seen to use: ${token.text}`);
    }
  }
  return { statements, problems };
}

/** `without`: folders or files of `folder` that are left out. */
export function readStatements(folder, without = []) {
  const statements = new Map();
  const problems = [];
  const files = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.c') && !without.some((one) => `${file}/`.startsWith(`${one}/`)))
    .sort();
  /** Null for what is generated. */
  const readHeader = (path) => {
    const whole = join(folder, path);
    return existsSync(whole) ? readFileSync(whole, 'utf8') : null;
  };
  for (const file of files) {
    const found = readSource(file, readFileSync(join(folder, file), 'utf8'), readHeader);
    for (const one of found.statements) {
      // The same literal at the same place, reached twice, is one statement.
      statements.set(`${one.where} ${one.sqlite} ${one.postgres}`, one);
    }
    problems.push(...found.problems);
  }
  return { statements: [...statements.values()], problems };
}
