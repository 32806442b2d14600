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

export interface Place {
  path: string;
  label: string;
  icon: LucideIcon;
  here: boolean;
}

/** Places that are gone to together stand together. */
export type Group = 'day' | 'people' | 'business';

const all: (Place & { open: boolean; group: Group })[] = [
  { path: isOwner ? '/app' : '/staff', label: isOwner ? words.today : words.day, icon: Sun, here: isOwner, open: true, group: 'day' },
  { path: '/app/calendar', label: words.calendar, icon: CalendarDays, here: true, open: may('bookings'), group: 'day' },
  { path: '/app/bookings', label: words.bookings, icon: List, here: true, open: may('bookings'), group: 'day' },
  { path: '/app/inbox', label: words.inbox, icon: Inbox, here: true, open: may('inbox'), group: 'day' },
  { path: '/app/clients', label: words.clients, icon: Users, here: true, open: may('clients'), group: 'people' },
  { path: '/app/team', label: words.team, icon: UsersRound, here: true, open: isOwner, group: 'people' },
  { path: '/app/forms', label: words.forms, icon: ClipboardList, here: true, open: isOwner, group: 'people' },
  { path: '/app/services', label: words.services, icon: Scissors, here: true, open: isOwner, group: 'business' },
  { path: '/app/resources', label: words.resources, icon: DoorOpen, here: true, open: isOwner, group: 'business' },
  { path: '/app/inventory', label: words.inventory, icon: Boxes, here: true, open: may('inventory'), group: 'business' },
  { path: '/app/automations', label: words.automations, icon: Zap, here: true, open: isOwner, group: 'business' },
  { path: '/app/messages', label: words.messages, icon: MailCheck, here: true, open: isOwner, group: 'business' },
  { path: '/app/reports', label: words.reports, icon: ChartColumn, here: true, open: may('reports'), group: 'business' },
  { path: '/app/settings', label: words.settings, icon: Settings, here: true, open: isOwner, group: 'business' },
];

export const places = all.filter((place) => place.open);
