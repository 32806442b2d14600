/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Words that more than one page says. Each page has its own file beside this one. */

/** Apart, so that pages without parts leave it out. */
export const notLoaded = 'This part did not load.';

export const shared = {
  tryAgain: 'Try again',
  loading: 'Loading…',
  write: 'Write to us',
  call: (phone: string) => `Call ${phone}`,
  unreachable: 'We could not get through. Check your connection and try again.',
  serverTrouble: 'Something went wrong on our side. Please try again in a moment.',
  tooMany: (seconds: number | null) =>
    seconds
      ? `That was too many tries. Please wait ${seconds} seconds and try again.`
      : 'That was too many tries. Please wait a moment and try again.',
  openingHours: 'Opening hours',
  closed: 'Closed',
  closures: 'Closed soon',
  goodToKnow: 'Good to know',
  contact: 'Contact',
  policy: (cutoff: string) => `Change or cancel online until ${cutoff} before your visit.`,
  policyAnytime: 'Change or cancel online until your visit begins.',
};
