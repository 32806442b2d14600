// SPDX-License-Identifier: AGPL-3.0-or-later
// A reporter for node --test: failures in full, one line for each file, and the sums as JSON in the
// file that CAREOPS_COUNTS names. A file without a single test counts as a failure.

import { writeFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { inspect } from 'node:util';

function isFile(data) {
  // The runner reports a file as a test of its own when it held none, or when it broke down.
  return data.nesting === 0 && data.file !== undefined && resolve(data.name) === resolve(data.file);
}

function describeFailure(data) {
  const error = data.details?.error;
  const cause = error?.cause ?? error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
  return `FAILED ${basename(data.file ?? '?')}: ${data.name}\n${text.replace(/^/gm, '    ')}\n`;
}

export default async function* report(source) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const files = new Map();
  const sumsOf = (data) => {
    const file = data.file ? relative('.', data.file) : '?';
    if (!files.has(file)) files.set(file, { passed: 0, failed: 0, skipped: 0, ms: 0 });
    return files.get(file);
  };
  const count = (data, kind) => {
    total[kind] += 1;
    sumsOf(data)[kind] += 1;
  };

  for await (const { type, data } of source) {
    if ((type === 'test:pass' || type === 'test:fail') && data.nesting === 0) {
      sumsOf(data).ms += data.details?.duration_ms ?? 0;
    }
    if (type === 'test:stderr' || type === 'test:stdout') {
      yield data.message;
    } else if (type === 'test:fail') {
      // A parent fails with its subtest; the subtest has been told already.
      const ofSubtest = data.details?.error?.failureType === 'subtestsFailed';
      if (!ofSubtest) yield describeFailure(data);
      if (data.details?.type !== 'suite' || !ofSubtest) count(data, 'failed');
    } else if (type === 'test:pass' && data.details?.type !== 'suite') {
      if (isFile(data)) {
        yield `FAILED ${basename(data.file)}: it holds no test\n`;
        count(data, 'failed');
      } else {
        count(data, data.skip !== undefined || data.todo !== undefined ? 'skipped' : 'passed');
      }
    }
  }

  for (const [file, { passed, failed, skipped, ms }] of files) {
    const mark = failed > 0 ? 'FAILED' : 'ok';
    const parts = [`${passed} passed`];
    if (failed > 0) parts.push(`${failed} failed`);
    if (skipped > 0) parts.push(`${skipped} skipped`);
    yield `  ${mark} ${file}: ${parts.join(', ')} (${(ms / 1000).toFixed(1)} s)\n`;
  }
  if (process.env.CAREOPS_COUNTS) {
    writeFileSync(process.env.CAREOPS_COUNTS, JSON.stringify(total));
  }
}
