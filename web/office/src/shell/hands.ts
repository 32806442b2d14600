/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What an action of the palette, or a key, can do. */
import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { useToast } from '../kit/toast';
import type { Language } from '../words/choose';
import { speak } from './language';
import { useLeave } from './leave';
import { type Overlay, show } from './overlays';

export interface Hands {
  /** To a screen of the office. */
  go: (href: string) => void;
  /** To a page outside it. */
  visit: (href: string) => void;
  /** Opens a new visit over the present screen. */
  newVisit: () => void;
  /** Today's screen, or today in the calendar. */
  today: (screen: string) => void;
  show: (overlay: Overlay) => void;
  look: (look: MantineColorScheme) => void;
  speak: (language: Language) => void;
  leave: () => void;
}

export function useHands(): Hands {
  const router = useRouter();
  const toast = useToast();
  const leave = useLeave();
  const { setColorScheme } = useMantineColorScheme();
  const now = useRef({ leave, setColorScheme });
  useEffect(() => {
    now.current = { leave, setColorScheme };
  });
  return useMemo(
    () => ({
      go: (href) => router.history.push(href),
      visit: (href) => location.assign(href),
      newVisit: () => void router.navigate({ to: '.', search: (old) => ({ ...old, new: 'now' }) }),
      today: (screen) => router.history.push(location.pathname === '/app/calendar' ? '/app/calendar' : screen),
      show,
      look: (look) => now.current.setColorScheme(look),
      speak: (language) => void speak(language).catch(toast.fail),
      leave: () => now.current.leave(),
    }),
    [router, toast],
  );
}
