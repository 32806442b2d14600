/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Into which parts the settings fall, in the order of their list; each is a chunk of its own. */
import {
  Building2,
  CalendarCheck,
  ClipboardList,
  Clock,
  Database,
  KeyRound,
  type LucideIcon,
  Mail,
  Palette,
  ShieldCheck,
} from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { words } from '../../words/settings';

export interface Part {
  name: string;
  title: string;
  text: string;
  icon: LucideIcon;
  view: LazyExoticComponent<ComponentType>;
}

const { parts, lead } = words;

export const PARTS: Part[] = [
  { name: 'business', title: parts.business, text: lead.business, icon: Building2, view: lazy(() => import('./business')) },
  { name: 'hours', title: parts.hours, text: lead.hours, icon: Clock, view: lazy(() => import('./hours')) },
  { name: 'booking', title: parts.booking, text: lead.booking, icon: CalendarCheck, view: lazy(() => import('./booking')) },
  { name: 'brand', title: parts.brand, text: lead.brand, icon: Palette, view: lazy(() => import('./brand')) },
  { name: 'mail', title: parts.mail, text: lead.mail, icon: Mail, view: lazy(() => import('./mail')) },
  { name: 'team-security', title: parts.security, text: lead.security, icon: ShieldCheck, view: lazy(() => import('./security')) },
  { name: 'tokens', title: parts.tokens, text: lead.tokens, icon: KeyRound, view: lazy(() => import('./tokens')) },
  { name: 'data', title: parts.data, text: lead.data, icon: Database, view: lazy(() => import('./own_data')) },
  { name: 'audit', title: parts.audit, text: lead.audit, icon: ClipboardList, view: lazy(() => import('./audit')) },
];
