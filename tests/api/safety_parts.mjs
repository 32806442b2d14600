// SPDX-License-Identifier: AGPL-3.0-or-later
// What the safety tests share: every operation of the program as a list, and callers for them.

import { Client, expectStatus } from '../lib/client.mjs';

export const UNSAFE = ['POST', 'PUT', 'PATCH', 'DELETE'];
export const PAGES = ['/', '/login', '/signup', '/app', '/app/team', '/account', '/staff'];

/** `{ method, path, operation }` of each operation; ids and tokens that name nothing stand in it. */
export async function operations(server) {
  const { paths } = expectStatus(await new Client(server.baseUrl).get('/api/openapi.json'), 200);
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{[^}]+\}/g, '424242'),
        operation,
      })),
  );
}

/** A request to the server's root, with the client's cookies: pages as well as the API. */
export function visit(client, path, { method = 'GET', ...options } = {}) {
  return client.request(method, client.baseUrl + path, options);
}
