/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When an automation goes, as one sentence. */
import { words } from '../../words/automations';
import type { Automation } from './data';
import { asClock, inUnit } from './delay';

export function whenOf({ key, delay_min: delay }: Automation): string {
  const { when } = words.kinds[key];
  if (typeof when === 'string') return when;
  if (delay === null) return '';
  if (key === 'owner_daily_digest') return when(asClock(delay));
  const { count, unit } = inUnit(delay);
  return delay === 0 ? words.atOnce[key] ?? when(words.span(0, unit)) : when(words.span(count, unit));
}
