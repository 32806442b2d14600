/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Each file of this folder holds the words of one part, once per language, and hands out the ones of
 * the page's language. A further language is a further entry with the same shape.
 */
export function choose<T>(languages: { en: T } & Partial<Record<string, T>>): T {
  return languages[document.documentElement.lang] ?? languages.en;
}
