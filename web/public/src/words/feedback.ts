/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Words of the pages behind the link of a letter after a visit. */

export const stars = (count: number): string => `${count} of 5`;

export const rate = {
  title: 'How was your visit?',
  legend: 'Your rating',
  comment: 'Would you like to say more? (optional)',
  commentHint: (business: string) => `${business} reads this.`,
  mayShow: 'May be shown on our page with my first name',
  starsMissing: 'Choose from one to five stars.',
  submit: 'Send my rating',
  sending: 'Sending…',
  thanks: 'Thank you for your rating',
  given: 'Your rating of this visit',
  shown: 'It may be shown on the booking page with your first name.',
  changeUntil: (day: string) => `You can change it until ${day}.`,
  closed: 'It can no longer be changed.',
  change: 'Change my rating',
  lowThanks: (business: string) => `${business} has been told, and can get in touch with you.`,
  notYet: 'This visit cannot be rated',
  notYetHint: 'A visit can be rated once it has taken place.',
  with: (person: string) => `with ${person}`,
  notLoaded: 'Your visit did not load.',
};

export const unsubscribe = {
  title: 'Stop these messages?',
  hint: (business: string) =>
    `${business} will then send you no more thanks, reminders to come back, or news.`,
  stop: 'Stop these messages',
  stopping: 'Stopping…',
  stopped: 'These messages are stopped',
  stoppedHint: (business: string) => `${business} sends you no more thanks or news.`,
  still: 'Confirmations, changes and reminders of your own visits still come.',
  again: 'Send them again',
  starting: 'Starting…',
  on: 'You get these messages again',
  notLoaded: 'This page did not load.',
};
