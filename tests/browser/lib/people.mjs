// SPDX-License-Identifier: AGPL-3.0-or-later
// People at the sign-in page.

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const heading = (page, name) => page.getByRole('heading', { name, exact: true });

/** Fills the first step and sends it; what comes next is the caller's to wait for. */
export async function enter(page, server, email, password) {
  await page.goto(`${server.baseUrl}/login`);
  await fillIn(page, email, password);
}

export async function fillIn(page, email, password) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Sign in').click();
}

/** An owner, to their first page. */
export async function signInOwner(page, server, { ownerEmail, ownerPassword }) {
  await enter(page, server, ownerEmail, ownerPassword);
  await page.waitForURL('**/app');
}

/** The newest letter to an address whose text fits, once there are `count` of them. */
export async function letter(server, email, fits, count = 1) {
  const all = () => server.mail().filter((mail) => mail.to.includes(email) && fits.test(mail.text));
  await server.waitForMail(() => all().length >= count);
  return all().at(-1);
}

/** The link of a letter that leads to the sign-in page. */
export const linkOf = ({ text }) => /https?:\/\/\S+\/login#\S+/.exec(text)[0];
