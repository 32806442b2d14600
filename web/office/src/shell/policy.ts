/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The page demands Trusted Types, and React writes the text of Mantine's style tags as HTML. A text
 * without `<` can make no element, so that is what the page lets through, and nothing else.
 */
interface Policies {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
policies?.createPolicy('default', {
  createHTML(text) {
    if (text.includes('<')) throw new TypeError('The office writes no HTML.');
    return text;
  },
});
