/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The keys of the whole office. Ctrl or Cmd + K opens the palette from anywhere; single keys work where
 * nothing is typed and nothing is open, and can be switched off (WCAG 2.1.4). What they do stands in
 * actions.ts, which comes when the first of them is pressed, or when the browser has nothing to do.
 */
import type { Hands } from './hands';
import { hide, isShown, show } from './overlays';
import { pref, setPref } from './prefs';

const PREFIX = 'g';
const SECOND_KEY_MS = 1500;

const OFF = 'off';
export const hasSingleKeys = (): boolean => pref('keys') !== OFF;
export const setSingleKeys = (on: boolean): void => setPref('keys', on ? '' : OFF);

const TYPED = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true], [role=textbox], [role=combobox]';
const OPEN = '[role=dialog], [role=alertdialog], dialog[open], [popover]:popover-open';

function isBusy(target: EventTarget | null): boolean {
  return (target instanceof Element && target.closest(TYPED) !== null) || document.querySelector(OPEN) !== null;
}

function focusSearch(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement>('#content input[type=search]');
  const field = [...fields].find((each) => each.checkVisibility());
  field?.focus();
  field?.select();
  return field !== undefined;
}

const loadActions = () => import('./actions');

async function act(keys: string, hands: Hands): Promise<void> {
  const { actions } = await loadActions();
  actions.find((each) => each.keys === keys)?.run(hands);
}

export function followKeys(hands: Hands): () => void {
  let first = '';
  let timer = 0;
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const key = event.key.toLowerCase();
    if (key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      if (isShown('palette')) hide();
      else show('palette');
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || key.length !== 1) return;
    if (isBusy(event.target) || !hasSingleKeys()) return;
    const keys = first ? `${first} ${key}` : key;
    first = '';
    clearTimeout(timer);
    if (keys === PREFIX) {
      first = PREFIX;
      timer = window.setTimeout(() => {
        first = '';
      }, SECOND_KEY_MS);
      void loadActions();
    } else if (keys === '/') {
      event.preventDefault();
      if (!focusSearch()) show('palette');
    } else if (/^(?:[nt?]|g .)$/.test(keys)) {
      /* The letter must not land in the field that the action opens. */
      event.preventDefault();
      void act(keys, hands);
    }
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}
