/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Each file of this folder holds the words of one part, once per language, and hands out the ones of
 * the page's language. A further language is a further member here, and the compiler then names every
 * file that lacks it.
 */
export const LANGUAGES = ['en', 'pl'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The server wrote it into the page: the reader's own choice, else what the business speaks. */
export function pageLanguage(): Language {
  return LANGUAGES.find((each) => each === document.documentElement.lang) ?? 'en';
}

export function choose<T>(languages: Record<Language, T>): T {
  return languages[pageLanguage()];
}
