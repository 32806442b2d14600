/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The form of a word that goes with a count, in the page's language: English knows `one` and `other`,
 * Polish `one` (1 wizyta), `few` (2 wizyty), `many` (5 wizyt) and `other` (1,5 wizyty).
 */
const rules = new Map<string, Intl.PluralRules>();

export function plural(
  count: number,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
): string {
  const language = document.documentElement.lang || 'en';
  let rule = rules.get(language);
  if (rule === undefined) {
    rule = new Intl.PluralRules(language);
    rules.set(language, rule);
  }
  return forms[rule.select(count)] ?? forms.other;
}
