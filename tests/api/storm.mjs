// SPDX-License-Identifier: AGPL-3.0-or-later
// The storm of storm.test.mjs, in a process of its own so that it takes no time from the one that
// measures: each of so many people signs in from an address of their own, all at once, and tries again
// as long as they are told to. Told on standard output, a word a line: `blowing` once all have begun,
// and at the end the counts as JSON.
//
//   node storm.mjs BASE_URL COUNT '["a@b.example", …]' PASSWORD

import { Agent, request } from 'node:http';

const [baseUrl, count, emails, password] = process.argv.slice(2);
const people = JSON.parse(emails);
const CONNECTIONS_OF_ONE_ADDRESS = 60;
const agents = new Map();

/** The program takes so many connections of one address; a loopback has addresses enough. */
function agentOf(index) {
  const host = 2 + Math.floor(index / CONNECTIONS_OF_ONE_ADDRESS);
  if (!agents.has(host)) {
    agents.set(host, {
      agent: new Agent({ keepAlive: true, maxSockets: CONNECTIONS_OF_ONE_ADDRESS }),
      localAddress: `127.0.0.${host}`,
    });
  }
  return agents.get(host);
}

function signIn(index) {
  const body = JSON.stringify({ email: people[index % people.length], password });
  return new Promise((resolve, reject) => {
    const call = request(
      `${baseUrl}/api/v1/session`,
      {
        ...agentOf(index),
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-forwarded-for': `198.51.${Math.floor(index / 250)}.${1 + (index % 250)}`,
        },
      },
      (response) => {
        response.resume();
        response.on('end', () =>
          resolve([response.statusCode, Number(response.headers['retry-after'] ?? 1)]),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

const told = { signed_in: 0, turned_away: 0, other: 0 };
async function person(index) {
  for (;;) {
    const [status, wait] = await signIn(index);
    if (status === 200) {
      told.signed_in += 1;
      return;
    }
    if (status !== 503 && status !== 429) {
      told.other += 1;
      return;
    }
    told.turned_away += 1;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000 * (0.5 + Math.random())));
  }
}

const storm = Array.from({ length: Number(count) }, (_, index) => person(index));
console.log('blowing');
await Promise.all(storm);
for (const { agent } of agents.values()) agent.destroy();
console.log(JSON.stringify(told));
