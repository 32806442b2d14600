/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who is signed in, as the server wrote it into the page. Without it there is no office. */
import type { Session } from '../kit/contract';

function read(): Session {
  const text = document.getElementById('careops-data')?.textContent;
  const data = text ? (JSON.parse(text) as { session?: Session }) : {};
  if (!data.session) {
    location.replace('/login');
    throw new Error('Nobody is signed in.');
  }
  return data.session;
}

export const session = read();

export type Permission = Session['permissions'][number];

export const isOwner = session.role === 'owner';

/** Owners may do everything. */
export function may(permission: Permission): boolean {
  return isOwner || session.permissions.includes(permission);
}
