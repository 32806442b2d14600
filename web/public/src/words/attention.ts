/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Words of what waits for the owner on their first page. */

export const attention = {
  title: 'Needs a hand',
  none: 'Nothing waits for you.',
  more: (count: number) => `Show ${count} more`,
  behind: 'There are more. They come up as these are done.',
  working: 'Saving…',
  /** What another window, person or the robot was quicker with. */
  meanwhile: (what: string) => `${what}: somebody has seen to it meanwhile.`,

  visits: 'Visits that have ended',
  visitsFailed: 'The visits to mark did not load.',
  completed: 'Completed',
  completedSaid: (client: string) => `${client}: completed.`,
  noShow: 'Did not come',
  noShowSaid: (client: string) => `${client}: did not come.`,
  visit: (services: string, person: string) => `${services} with ${person}`,

  gates: 'Visits that wait for something',
  gatesFailed: 'The visits that wait for something did not load.',
  bookFirst: (service: string) => `Book ${service}`,
  gateUnmet: 'Something has to come first.',

  untold: 'People who were not told',
  untoldFailed: 'Who was not told did not load.',
  letter: (subject: string) => `“${subject}”`,
  told: 'I have told them',
  /** Stands in the record of the letter. */
  toldHow: 'by phone',
  toldSaid: (client: string) => `Noted: ${client} has been told.`,
  resentSaid: (client: string) => `The letter to ${client} goes out again.`,

  ratings: 'Ratings to answer',
  ratingsFailed: 'The ratings to answer did not load.',
  seen: 'Seen to it',
  seenSaid: (client: string) => `The rating by ${client} is seen to.`,

  jobs: 'What could not be done',
  jobsFailed: 'What could not be done did not load.',
  jobSaid: (what: string) => `${what}: tried again now.`,
  tries: (count: number, when: string) =>
    `Tried ${count === 1 ? 'once' : `${count} times`}, last ${when}.`,
  noReason: 'No reason is known.',
  /** By the kinds of work that the program knows. */
  job: {
    booking_reminder: 'Reminding of a visit',
    visit_end: 'Noticing that a visit has ended',
    visit_completion: 'Completing a visit',
    follow_up: 'Thanking after a visit',
    form_request: 'Asking for a form',
    form_reminder: 'Reminding of a form',
    gate_review: 'Looking at what visits ask for first',
    owner_daily_digest: 'Your summary of the day',
  } as Record<string, string>,
  otherJob: 'Something that goes by itself',
};
