/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Finds by the beginnings of words, whatever their accents. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'L')
    .toLowerCase();

const parts = (text: string): string[] => plain(text).split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');

/** Each word that was typed begins a word of the text. */
export function fits(text: string, typed: string): boolean {
  const have = parts(text);
  return parts(typed).every((wanted) => have.some((part) => part.startsWith(wanted)));
}
