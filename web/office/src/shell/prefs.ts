/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What this browser shows the office like, whoever is signed in. In cookies of the office's own path,
 * because signing out empties the browser's stores.
 */
const YEAR_S = 31_536_000;

export function pref(name: string): string {
  const found = document.cookie.split('; ').find((each) => each.startsWith(`careops_${name}=`));
  return found?.split('=')[1] ?? '';
}

export function setPref(name: string, value: string): void {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  const life = value ? YEAR_S : 0;
  document.cookie = `careops_${name}=${value}; path=/app; max-age=${life}; samesite=lax${secure}`;
}
