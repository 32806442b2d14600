/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where one can go, for whoever may. What is not `here` is a page of its own, outside the office. */
import { ClipboardList, House, Inbox, type LucideIcon, Users, UsersRound } from 'lucide-react';
import { words } from '../words/shell';
import { isOwner, may } from './session';

export interface Place {
  path: string;
  label: string;
  icon: LucideIcon;
  here: boolean;
}

const all: (Place & { open: boolean })[] = [
  {
    path: isOwner ? '/app' : '/staff',
    label: isOwner ? words.overview : words.day,
    icon: House,
    here: false,
    open: true,
  },
  { path: '/app/inbox', label: words.inbox, icon: Inbox, here: true, open: may('inbox') },
  { path: '/app/clients', label: words.clients, icon: Users, here: true, open: may('clients') },
  { path: '/app/forms', label: words.forms, icon: ClipboardList, here: true, open: isOwner },
  { path: '/app/team', label: words.team, icon: UsersRound, here: false, open: isOwner },
];

export const places: Place[] = all.filter((place) => place.open);
