// SPDX-License-Identifier: AGPL-3.0-or-later
// A closed loop of HTTP requests over kept connections: so many workers, each with one request under
// way, until the time or the work is over.

import { Agent, request } from 'node:http';

function once(agent, url, { method = 'GET', body, headers = {} }) {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, method, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/**
 * `next()` gives the next request as { url, method, body, headers }, or null when there is none left.
 * Every answer must have the status `expected`: a bench of refusals measures nothing.
 */
export async function load({ next, expected, workers = 16, seconds = 5 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: workers });
  const times = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const work = async () => {
    while (performance.now() < end) {
      const wanted = next();
      if (wanted === null) return;
      const start = performance.now();
      const status = await once(agent, wanted.url, wanted);
      times.push(performance.now() - start);
      if (status !== expected) throw new Error(`${wanted.url} answered ${status}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    agent.destroy();
  }
  const elapsed = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  return {
    count: times.length,
    per_s: times.length / elapsed,
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
  };
}
