// SPDX-License-Identifier: AGPL-3.0-or-later
// What an authenticator app shows: RFC 6238 by Node's own HMAC, a second witness beside the
// program's.

import { createHmac } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const STEP_MS = 30_000;

/** The code of a secret in base32, so many steps from now. */
export function totp(secret, steps = 0, now = Date.now()) {
  const bits = [...secret].map((c) => BASE32.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / STEP_MS) + steps));
  const digest = createHmac('sha1', key).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Switches the second factor on for a signed-in client; the secret and the recovery codes. */
export async function switchOn(client, password) {
  const setup = await client.post('/two-factor/setup', { current_password: password });
  const { secret } = setup.body;
  const confirmed = await client.post('/two-factor/confirm', { code: totp(secret) });
  return { secret, codes: confirmed.body.recovery_codes, setup, confirmed };
}
