// SPDX-License-Identifier: AGPL-3.0-or-later
// Forms that wait for their client, put past the program into its database, as form_ask and
// form_link would have them.
//
//   const form = await makeForm(owner, { fields: [...] })           through the API
//   const { id, token } = await askForm(server, form, booking)      as the row and its link
//   await askForm(server, form, booking, { requestedAgoS: 3600 })

import { createHash, randomBytes, randomInt } from 'node:crypto';

import { expectStatus } from './client.mjs';
import { sql } from './contents.mjs';

export const FIELDS = [
  { key: 'name', label: 'Your name', type: 'text', required: true },
  { key: 'email', label: 'E-mail', type: 'email', required: false },
  { key: 'agree', label: 'I agree to the treatment', type: 'consent', required: true },
];

export const makeForm = async (owner, form = {}) =>
  expectStatus(
    await owner.post('/forms', {
      ...{ name: 'Health questions', kind: 'intake', fields: FIELDS, every_visit: false },
      ...form,
    }),
    201,
  );

const nowS = () => Math.floor(Date.now() / 1000);

/** A further link to a submission. */
export async function linkTo(server, id) {
  const token = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(token).digest('hex');
  await sql(
    server,
    `INSERT INTO form_link (token_hash, workspace_id, submission_id, created_s)` +
      ` SELECT '${hash}', workspace_id, id, ${nowS()} FROM form_submission WHERE id = ${id}`,
  );
  return token;
}

export async function askForm(server, form, booking, { requestedAgoS } = {}) {
  const id = `${Date.now()}${randomInt(100, 1000)}`;
  const requested = requestedAgoS === undefined ? 'NULL' : nowS() - requestedAgoS;
  await sql(
    server,
    `INSERT INTO form_submission (workspace_id, id, form_id, form_revision, booking_id, client_id,` +
      ` status, asked_s, requested_s)` +
      ` SELECT workspace_id, ${id}, ${form.id}, ${form.revision}, id, client_id, 'pending',` +
      ` ${nowS()}, ${requested} FROM booking WHERE id = ${booking.id}`,
  );
  return { id, token: await linkTo(server, id) };
}
