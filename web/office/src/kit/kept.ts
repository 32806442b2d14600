/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is kept in this browser for whoever is signed in: drafts. Gone when they sign out. */
import { session } from '../shell/session';

const PREFIX = 'careops-office:';
const mine = `${PREFIX}${session.user.id}:${session.workspace.id}:`;

export function keep(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(mine + name, value);
    else localStorage.removeItem(mine + name);
  } catch {
    /* A full or closed store keeps nothing; the page works on. */
  }
}

export function kept(name: string): string {
  try {
    return localStorage.getItem(mine + name) ?? '';
  } catch {
    return '';
  }
}

export function forgetAll(): void {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX)) localStorage.removeItem(name);
    }
  } catch {
    /* Nothing was kept. */
  }
}
