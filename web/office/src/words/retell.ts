/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Says in Polish what the server said in English: by the sentence, else by the code, else not at all.
 * It comes with its table in a chunk of its own, which a Polish page loads at the first refusal.
 */
import { codes, sentences } from './problems_pl';

interface Template {
  /** What stands between the places: the more of it, the surer the match. */
  fixed: number;
  pattern: RegExp;
  told: string;
  places: readonly Record<string, string>[];
}

/** A reason within a sentence within a sentence is the deepest that the server builds. */
const DEPTH = 4;

const plain = new Map<string, string>();
const templates: Template[] = [];

for (const [said, entry] of Object.entries(sentences)) {
  const [told, ...places] = typeof entry === 'string' ? [entry] : entry;
  if (!/%[sd]/.test(said)) plain.set(said, told);
  else {
    const parts = said.split(/(%[sd])/).map((part) => {
      if (part === '%d') return String.raw`(-?\d+)`;
      return part === '%s' ? '(.*?)' : part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
    });
    templates.push({
      fixed: said.replaceAll(/%[sd]/g, '').length,
      pattern: new RegExp(`^${parts.join('')}$`, 's'),
      told,
      places,
    });
  }
}
templates.sort((a, b) => b.fixed - a.fixed);

/** What stands in a place: one of its words, a sentence again, or a name or number as it came. */
function partOf(part: string, words: Record<string, string> | undefined, depth: number): string | undefined {
  if (words && Object.keys(words).length > 0) return Object.hasOwn(words, part) ? words[part] : undefined;
  return find(part, depth + 1) ?? part;
}

function find(said: string, depth: number): string | undefined {
  const known = plain.get(said);
  if (known !== undefined || depth > DEPTH) return known;
  for (const { pattern, told, places } of templates) {
    const parts = pattern.exec(said)?.slice(1).map((part, i) => partOf(part, places[i], depth));
    if (!parts || parts.includes(undefined)) continue;
    let next = 0;
    return told.replaceAll(/%(?:(\d)\$)?[sd]/g, (_, place?: string) => parts[place ? Number(place) - 1 : next++] ?? '');
  }
  return undefined;
}

/** `2026-11-28 at 14:00` is the one thing of a sentence that the server writes in words of a language. */
const inPolish = (told: string): string =>
  told.replaceAll(/(\d{4})-(\d\d)-(\d\d) at (\d\d:\d\d)/g, '$3.$2.$1, $4');

/** The Polish sentence; that of the code where there is none; what was said where there is no code. */
export function retell(said: string, code = ''): string {
  const told = find(said, 0);
  if (told !== undefined) return inPolish(told);
  return Object.hasOwn(codes, code) ? codes[code]! : said;
}

const TELLING = new Set(['detail', 'last_error', 'message', 'why']);

/** The same answer, with the sentences in it told in Polish. */
export function retellIn<T>(answer: T): T {
  if (Array.isArray(answer)) return answer.map((each) => retellIn<unknown>(each)) as T;
  if (typeof answer !== 'object' || answer === null) return answer;
  const told = Object.entries(answer).map(([name, value]: [string, unknown]) => [
    name,
    TELLING.has(name) && typeof value === 'string' ? retell(value) : retellIn(value),
  ]);
  return Object.fromEntries(told) as T;
}
