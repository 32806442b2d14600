/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * All that can be done from anywhere: the palette lists it, the keys do it, and the list of keys is
 * made of it. Whoever may not do a thing has no action for it.
 */
import {
  Boxes,
  CalendarPlus,
  ClipboardCheck,
  FilePlus2,
  Globe,
  Languages,
  LogOut,
  type LucideIcon,
  MonitorCog,
  Moon,
  Scissors,
  Sun,
  Upload,
  UserPlus,
  UserRound,
  UserRoundPlus,
} from 'lucide-react';
import { words } from '../words/actions';
import { LANGUAGES, pageLanguage } from '../words/choose';
import { languageNames } from '../words/shell';
import type { Hands } from './hands';
import { places } from './places';
import { isOwner, may, session } from './session';

export interface Action {
  id: string;
  group: 'go' | 'create' | 'do' | 'screen';
  label: string;
  /** One key, or two one after the other: `g c`. */
  keys?: string;
  icon?: LucideIcon;
  run: (hands: Hands) => void;
  /** It is what the palette itself is for, or nothing to look for: among the keys alone. */
  isKeyOnly?: boolean;
}

const goes: Action[] = places.map(({ path, label, icon, key, here }) => ({
  id: `go ${path}`,
  group: 'go',
  label,
  icon,
  keys: `g ${key}`,
  run: (hands) => (here ? hands.go(path) : hands.visit(path)),
}));

interface Making {
  label: string;
  icon: LucideIcon;
  href: string;
  open: boolean;
}

const makes: Making[] = [
  { label: words.newClient, icon: UserPlus, href: '/app/clients?do=new', open: may('clients') },
  { label: words.newService, icon: Scissors, href: '/app/services?show=new', open: isOwner },
  { label: words.newItem, icon: Boxes, href: '/app/inventory?do=new', open: may('inventory') },
  { label: words.newStocktake, icon: ClipboardCheck, href: '/app/stocktakes?do=new', open: may('inventory') },
  { label: words.newMember, icon: UserRoundPlus, href: '/app/team?member=new', open: isOwner },
  { label: words.newForm, icon: FilePlus2, href: '/app/forms/new', open: isOwner },
  { label: words.importClients, icon: Upload, href: '/app/clients?do=import', open: may('clients') },
];

const visits: Action[] = may('bookings')
  ? [
      {
        id: 'new visit',
        group: 'create',
        label: words.newVisit,
        keys: 'n',
        icon: CalendarPlus,
        run: (hands) => hands.newVisit(),
      },
    ]
  : [];

const creates: Action[] = makes
  .filter((each) => each.open)
  .map(({ label, icon, href }) => ({ id: href, group: 'create', label, icon, run: (hands) => hands.go(href) }));

const looks: Action[] = [
  { id: 'light', group: 'do', label: words.light, icon: Sun, run: (hands) => hands.look('light') },
  { id: 'dark', group: 'do', label: words.dark, icon: Moon, run: (hands) => hands.look('dark') },
  { id: 'auto', group: 'do', label: words.auto, icon: MonitorCog, run: (hands) => hands.look('auto') },
];

const languages: Action[] = LANGUAGES.filter((each) => each !== pageLanguage()).map((each) => ({
  id: `language ${each}`,
  group: 'do',
  label: words.language(languageNames[each]),
  icon: Languages,
  run: (hands) => hands.speak(each),
}));

const others: Action[] = [
  {
    id: 'booking page',
    group: 'do',
    label: words.bookingPage,
    icon: Globe,
    run: (hands) => hands.visit(`/book/${session.workspace.slug}`),
  },
  { id: 'account', group: 'do', label: words.account, icon: UserRound, run: (hands) => hands.visit('/account') },
  { id: 'sign out', group: 'do', label: words.signOut, icon: LogOut, run: (hands) => hands.leave() },
];

/** Done by keys.ts itself, and listed here. */
const frame: Action[] = [
  { id: 'palette', group: 'screen', label: words.open, isKeyOnly: true, run: (hands) => hands.show('palette') },
  /* Here to be listed: kit/toast.tsx knows what there is to take back. */
  { id: 'undo', group: 'screen', label: words.undo, isKeyOnly: true, run: () => undefined },
  { id: 'search', group: 'screen', label: words.search, keys: '/', isKeyOnly: true, run: (hands) => hands.show('palette') },
  ...(isOwner || may('bookings')
    ? [
        {
          id: 'today',
          group: 'screen',
          label: words.today,
          keys: 't',
          isKeyOnly: true,
          run: (hands: Hands) => hands.today(isOwner ? '/app' : '/app/calendar'),
        } satisfies Action,
      ]
    : []),
  { id: 'help', group: 'screen', label: words.help, keys: '?', isKeyOnly: true, run: (hands) => hands.show('keys') },
];

export const actions: Action[] = [...visits, ...creates, ...goes, ...others, ...looks, ...languages, ...frame];
