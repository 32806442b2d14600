// SPDX-License-Identifier: AGPL-3.0-or-later
// The owner's office, and who comes into it.

import { expectStatus } from '../../lib/client.mjs';
import { openPage } from './browser.mjs';
import { enter, signInOwner } from './people.mjs';

export const WIDE = { width: 1440, height: 900 };

/** A screen of the office, signed in as the owner of a shop. */
export async function openOffice(t, server, shop, path, options) {
  const page = await openPage(t, options);
  await signInOwner(page, server, shop);
  await page.goto(server.baseUrl + path);
  return page;
}

/** A member who has arrived (../lib/members.mjs), at whatever is their first page. */
export async function signInMember(page, server, { email, password }) {
  await enter(page, server, email, password);
  await page.waitForURL('**/staff');
}

/** Somebody writes by the contact form, as API.md has it. */
export async function writeTo(shop, name, message) {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}.${shop.slug}@client.example`;
  expectStatus(await shop.visitor.post(`/public/${shop.slug}/contact`, { name, email, message }), 202);
}
