// SPDX-License-Identifier: AGPL-3.0-or-later
// axe-core over a page as it stands: WCAG 2.2 A and AA, and its best practices.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The debugger brings axe in, because the page's own policy would rightly refuse it. */
export async function assertAccessible(page, what) {
  const inspector = await page.context().newCDPSession(page);
  await inspector.send('Runtime.evaluate', { expression: SOURCE });
  await inspector.detach();
  const found = await page.evaluate(async (rules) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: rules });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
    );
  }, RULES);
  assert.deepEqual(found, [], what);
}
