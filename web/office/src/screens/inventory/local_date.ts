/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A calendar date of the business, which has no hour and so no zone. */
const language = document.documentElement.lang || 'en';
const short = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

export function localDate(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  const isNear = Math.abs(at.getTime() - Date.now()) < 180 * 86_400_000;
  return (isNear ? short : long).format(at);
}
