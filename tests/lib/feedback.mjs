// SPDX-License-Identifier: AGPL-3.0-or-later
// A visit that has taken place, and the link by which its client rates it, as the letter after the
// visit would carry it. The link is written past the program: only its hash is kept.
//
//   const visit = await pastVisit(salon, { client: { name: 'Cleo' } });   a completed booking
//   const token = await feedbackLink(server, visit);
//   await salon.visitor.post(`/public/rate/${token}`, { stars: 5 });

import { createHash, randomBytes } from 'node:crypto';

import { expectStatus } from './client.mjs';
import { sql } from './contents.mjs';

let hours = 0;

/** Each lies an hour before the last, so that no two overlap. */
export async function pastVisit(salon, { services = [salon.services[0]], complete = true, ...more } = {}) {
  const day = Date.now() - 3 * 24 * 3_600_000;
  const at = new Date(Math.floor(day / 3_600_000) * 3_600_000 - 3 * 3_600_000 * (hours += 1));
  const body = {
    service_ids: services.map(({ id }) => id),
    staff_id: salon.staff[0].id,
    start: at.toISOString().replace('.000Z', 'Z'),
    client: { name: 'Cleo Client', email: `cleo.${randomBytes(6).toString('hex')}@client.example` },
    ...more,
  };
  if (body.client_id) delete body.client;
  const booking = expectStatus(await salon.owner.post('/bookings', body), 201);
  if (!complete) return booking;
  return expectStatus(await salon.owner.post(`/bookings/${booking.id}/complete`), 200);
}

export async function feedbackLink(server, booking) {
  const token = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(token).digest('hex');
  await sql(
    server,
    'INSERT INTO feedback_link (token_hash, workspace_id, booking_id, client_id, created_s)' +
      ` SELECT '${hash}', workspace_id, id, client_id, 0 FROM booking WHERE id = ${booking.id}`,
  );
  return token;
}

/** A completed visit and what its client said of it: { visit, token, path, view }. */
export async function rated(server, salon, words, options) {
  const visit = await pastVisit(salon, options);
  const token = await feedbackLink(server, visit);
  const path = `/public/rate/${token}`;
  const view = expectStatus(await salon.visitor.post(path, words), 200);
  return { visit, token, path, view };
}
