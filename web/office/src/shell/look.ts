/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Light, dark, or as the device has it: kept by Mantine through this. */
import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { pref, setPref } from './prefs';

export const LOOKS = ['light', 'dark', 'auto'] as const satisfies MantineColorScheme[];

export const lookKeeper: MantineColorSchemeManager = {
  get: (fallback) => LOOKS.find((each) => each === pref('look')) ?? fallback,
  set: (look) => setPref('look', look === 'auto' ? '' : look),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => setPref('look', ''),
};
