/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The focus is never on nothing. Screens and overlays see to it themselves; this is for what they
 * cannot know: what had the focus went with the screen before, or with a row that an event took away.
 */
const PAUSE_MS = 60;

const isLost = (): boolean => !document.activeElement || document.activeElement === document.body;

export function keepFocus(): () => void {
  let timer = 0;
  let hadFocus = false;
  const look = (): void => {
    if (!isLost()) {
      hadFocus = true;
      return;
    }
    if (!hadFocus || !document.hasFocus()) return;
    document.getElementById('content')?.focus({ preventScroll: true });
  };
  /* A press on plain ground takes the focus away on purpose: Tab goes on from there. */
  const press = (): void => {
    hadFocus = false;
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(look, PAUSE_MS);
  };
  const changes = new MutationObserver((all) => {
    if (all.some((each) => each.removedNodes.length > 0)) soon();
  });
  changes.observe(document.body, { childList: true, subtree: true });
  const came = (): void => {
    hadFocus = true;
  };
  addEventListener('pointerdown', press, true);
  addEventListener('focusin', came);
  return () => {
    changes.disconnect();
    clearTimeout(timer);
    removeEventListener('pointerdown', press, true);
    removeEventListener('focusin', came);
  };
}
