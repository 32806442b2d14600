// SPDX-License-Identifier: AGPL-3.0-or-later
// Every screen of the office, one a line: its name, its path, and its heading where that is always the
// same; `over`: a dialog opens over it. `{thing}` in a path is the id of one that the business has (office_world.mjs says which there
// are); a business that has none shows what it shows for one that is not there. A new screen is a new
// line: the matrix, the crawler and the check of right-to-left then see it.

export const SCREENS = [
  { name: 'today', path: '/app', heading: 'Today' },
  { name: 'start', path: '/app/start' },
  { name: 'calendar', path: '/app/calendar' },
  { name: 'calendar-week', path: '/app/calendar?view=week' },
  { name: 'calendar-list', path: '/app/calendar?view=list' },
  { name: 'bookings', path: '/app/bookings', heading: 'Bookings' },
  { name: 'visit', path: '/app/bookings?visit={booking}', heading: 'Bookings', over: true },
  { name: 'new-visit', path: '/app/bookings?new=now', heading: 'Bookings', over: true },
  { name: 'inbox', path: '/app/inbox', heading: 'Inbox' },
  { name: 'conversation', path: '/app/inbox/{conversation}', heading: 'Inbox' },
  { name: 'clients', path: '/app/clients', heading: 'Clients' },
  { name: 'client', path: '/app/clients/{client}' },
  { name: 'team', path: '/app/team', heading: 'Team' },
  { name: 'member', path: '/app/team/{member}' },
  { name: 'forms', path: '/app/forms', heading: 'Forms' },
  { name: 'form', path: '/app/forms/{form}' },
  { name: 'services', path: '/app/services', heading: 'Services' },
  { name: 'service', path: '/app/services/{service}' },
  { name: 'resources', path: '/app/resources', heading: 'Rooms and devices' },
  { name: 'inventory', path: '/app/inventory', heading: 'Inventory' },
  { name: 'item', path: '/app/inventory/{item}' },
  { name: 'stocktakes', path: '/app/stocktakes', heading: 'Stocktakes' },
  { name: 'stocktake', path: '/app/stocktakes/{stocktake}' },
  { name: 'automations', path: '/app/automations', heading: 'Automations' },
  { name: 'automation', path: '/app/automations/{automation}' },
  { name: 'messages', path: '/app/messages', heading: 'Messages' },
  { name: 'reports', path: '/app/reports', heading: 'Reports' },
  { name: 'settings', path: '/app/settings', heading: 'Settings' },
  { name: 'settings-hours', path: '/app/settings/hours' },
  { name: 'settings-audit', path: '/app/settings/audit' },
  { name: 'settings-mail', path: '/app/settings/mail' },
  { name: 'settings-brand', path: '/app/settings/brand' },
  { name: 'settings-tokens', path: '/app/settings/tokens' },
];

/** The path of a screen in a business: with the ids of what it has. */
export const pathIn = (business, { path }) =>
  path.replaceAll(/\{(\w+)\}/g, (_, thing) => business.ids[thing] ?? '1');
