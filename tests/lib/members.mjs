// SPDX-License-Identifier: AGPL-3.0-or-later
// Members of staff as they arrive: the mailed password lets in once, and then only to choosing one's
// own.
//
//   const ann = await arrive(server, salon.staff[0]);      // a signed-in Client, with .password

import { Client, expectStatus } from './client.mjs';

export const OWN_PASSWORD = 'another long secret 8';

/** The password in an invitation. */
export function mailedPassword(mail) {
  const found = /^Password: (\S+)\s*$/m.exec(mail.text);
  if (!found) throw new Error(`no password in ${mail.text}`);
  return found[1];
}

/** The newest invitation that was mailed to this address. */
export async function invitationTo(server, email) {
  const fits = (mail) => mail.to.includes(email) && /invites you/.test(mail.subject);
  await server.waitForMail(fits);
  return server.mail().filter(fits).at(-1);
}

/** Signs in with the mailed password and chooses their own. */
export async function arrive(server, member, { client, password = OWN_PASSWORD } = {}) {
  const given = mailedPassword(await invitationTo(server, member.email));
  const who = client ?? new Client(server.baseUrl);
  expectStatus(await who.post('/session', { email: member.email, password: given }), 200);
  const change = { current_password: given, new_password: password };
  expectStatus(await who.post('/password/change', change), 204);
  return Object.assign(who, { email: member.email, password });
}
