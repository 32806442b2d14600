/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where one can go, for whoever may. What is not `here` is a page of its own, outside the office. */
import {
  Boxes,
  CalendarDays,
  ChartColumn,
  ClipboardList,
  DoorOpen,
  Inbox,
  List,
  type LucideIcon,
  MailCheck,
  Scissors,
  Settings,
  Sun,
  Users,
  UsersRound,
  Zap,
} from 'lucide-react';
import { words } from '../words/shell';
import { isOwner, may } from './session';

/** Places that are gone to together stand together. */
export const GROUPS = ['day', 'people', 'business'] as const;
export type Group = (typeof GROUPS)[number];

export interface Place {
  path: string;
  /** Behind G it goes there. */
  key: string;
  label: string;
  icon: LucideIcon;
  here: boolean;
  group: Group;
}

const all: (Place & { open: boolean })[] = [
  { path: isOwner ? '/app' : '/staff', key: 'd', label: isOwner ? words.today : words.day, icon: Sun, here: isOwner, open: true, group: 'day' },
  { path: '/app/calendar', key: 'c', label: words.calendar, icon: CalendarDays, here: true, open: may('bookings'), group: 'day' },
  { path: '/app/bookings', key: 'b', label: words.bookings, icon: List, here: true, open: may('bookings'), group: 'day' },
  { path: '/app/inbox', key: 'i', label: words.inbox, icon: Inbox, here: true, open: may('inbox'), group: 'day' },
  { path: '/app/clients', key: 'k', label: words.clients, icon: Users, here: true, open: may('clients'), group: 'people' },
  { path: '/app/team', key: 'e', label: words.team, icon: UsersRound, here: true, open: isOwner, group: 'people' },
  { path: '/app/forms', key: 'f', label: words.forms, icon: ClipboardList, here: true, open: isOwner, group: 'people' },
  { path: '/app/services', key: 's', label: words.services, icon: Scissors, here: true, open: isOwner, group: 'business' },
  { path: '/app/resources', key: 'r', label: words.resources, icon: DoorOpen, here: true, open: isOwner, group: 'business' },
  { path: '/app/inventory', key: 'v', label: words.inventory, icon: Boxes, here: true, open: may('inventory'), group: 'business' },
  { path: '/app/automations', key: 'a', label: words.automations, icon: Zap, here: true, open: isOwner, group: 'business' },
  { path: '/app/messages', key: 'm', label: words.messages, icon: MailCheck, here: true, open: isOwner, group: 'business' },
  { path: '/app/reports', key: 'p', label: words.reports, icon: ChartColumn, here: true, open: may('reports'), group: 'business' },
  { path: '/app/settings', key: 'o', label: words.settings, icon: Settings, here: true, open: isOwner, group: 'business' },
];

export const places = all.filter((place) => place.open);

const FOOT = 4;
const first = new Set(['/app', '/staff', '/app/calendar', '/app/inbox', '/app/clients']);

/** A phone's bar: what is gone to all day long; the others are a tap further. */
export const footPlaces = places
  .toSorted((a, b) => Number(first.has(b.path)) - Number(first.has(a.path)))
  .slice(0, FOOT);
