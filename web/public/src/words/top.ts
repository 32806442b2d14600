/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Words that stand over every page behind the sign-in. */

export const top = {
  signOut: 'Sign out',
  signingOut: 'Signing out…',
  signOutFailed: 'You are still signed in: the server did not answer. Try again.',
  places: 'Places',
  overviewLink: 'Overview',
  dayLink: 'My day',
  teamLink: 'Team',
  accountLink: 'Your account',
};
