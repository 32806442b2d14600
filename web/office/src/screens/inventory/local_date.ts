/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A calendar date of the business, which has no hour and so no zone. */
import { session } from '../../shell/session';

/** The page's language, in the order of the business's region, as kit/time has it. */
function locale(): string {
  const language = document.documentElement.lang || 'en';
  try {
    const { region } = new Intl.Locale(session.workspace.locale).maximize();
    return region && language === 'en' ? `en-${region}` : language;
  } catch {
    return language;
  }
}

const short = new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const NEAR_MS = 180 * 86_400_000;

export function localDate(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  const isNear = Math.abs(at.getTime() - Date.now()) < NEAR_MS;
  return (isNear ? short : long).format(at);
}
