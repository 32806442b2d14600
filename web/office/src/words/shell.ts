/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  office: 'CareOps',
  skip: 'Skip to the content',
  places: 'Places',
  today: 'Today',
  calendar: 'Calendar',
  bookings: 'Bookings',
  services: 'Services',
  resources: 'Rooms and devices',
  inventory: 'Inventory',
  automations: 'Automations',
  messages: 'Messages',
  reports: 'Reports',
  settings: 'Settings',
  day: 'My day',
  inbox: 'Inbox',
  clients: 'Clients',
  forms: 'Forms',
  team: 'Team',
  account: 'Your account',
  signOut: 'Sign out',
  signOutFailed: 'You are still signed in: the server did not answer. Try again.',
  menu: 'Account and more',
  offline: 'No connection. What you see may be out of date.',
  waiting: (count: string) => `${count} unanswered`,
  notFound: 'This page is not here',
  notFoundText: 'The address may be mistyped, or what stood here is gone.',
  screenFailed: 'This screen could not be shown',
  reload: 'Load the page again',
};

export const words = choose({ en });
