/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A menu on the browser's own popover: what floats, closes on a click outside and gives the focus
 * back is the browser's; its place and its keys are ours. A tenth of what a library's menu weighs.
 */
import { type KeyboardEvent, type ReactElement, type ReactNode, type Ref, type ToggleEvent, useId, useRef, useState } from 'react';

export interface TriggerProps {
  ref: Ref<HTMLButtonElement>;
  popoverTarget: string;
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
  'aria-controls': string;
}

interface MenuProps {
  label: string;
  trigger: (props: TriggerProps) => ReactElement;
  children: ReactNode;
  /** Told when it opens, to read what it shows. */
  onOpen?: () => void;
}

const GAP_PX = 6;
const EDGE_PX = 8;

/** Under its button, and above it where there is more room. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = innerHeight - at.bottom - GAP_PX - EDGE_PX;
  const isUp = height > below && at.top > below;
  const top = isUp ? Math.max(EDGE_PX, at.top - GAP_PX - height) : at.bottom + GAP_PX;
  const isLeftwards = document.documentElement.dir === 'rtl';
  const near = isLeftwards ? innerWidth - at.right : at.left;
  const far = isLeftwards ? innerWidth - at.left : at.right;
  const start = near + width > innerWidth - EDGE_PX ? far - width : near;
  menu.style.insetBlockStart = `${top}px`;
  menu.style.insetInlineStart = `${Math.max(EDGE_PX, Math.min(start, innerWidth - width - EDGE_PX))}px`;
}

const itemsOf = (menu: HTMLElement): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];

function walk(event: KeyboardEvent<HTMLDivElement>): void {
  const items = itemsOf(event.currentTarget);
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  (items[to] ?? items.at(to < 0 ? -1 : 0))?.focus();
}

export function Menu({ label, trigger, children, onOpen }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  const toggled = (event: ToggleEvent<HTMLDivElement>): void => {
    const isNow = event.newState === 'open';
    setOpen(isNow);
    if (!isNow || !menu.current || !button.current) return;
    onOpen?.();
    place(menu.current, button.current);
    (itemsOf(menu.current)[0] ?? menu.current).focus();
  };
  return (
    <>
      {trigger({
        ref: button,
        popoverTarget: id,
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        'aria-controls': id,
      })}
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its items have the focus */}
      <div
        id={id}
        ref={menu}
        className="menu"
        popover="auto"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        onToggle={toggled}
        onKeyDown={walk}
      >
        {children}
      </div>
    </>
  );
}

interface ItemProps {
  icon?: ReactNode;
  end?: ReactNode;
  isBad?: boolean;
  children: ReactNode;
  onClick?: () => void;
  /** A file, or a page of its own. */
  href?: string;
  isDownload?: boolean;
}

const close = (from: HTMLElement): void => from.closest<HTMLElement>('.menu')?.hidePopover();

export function MenuItem({ icon, end, isBad, children, onClick, href, isDownload }: ItemProps) {
  const inside = (
    <>
      {icon}
      <span>{children}</span>
      {end}
    </>
  );
  const shared = { className: 'menu-item', role: 'menuitem', tabIndex: -1, 'data-bad': isBad || undefined } as const;
  if (href !== undefined) {
    const where = isDownload ? { download: '' } : { target: '_blank', rel: 'noreferrer' };
    return (
      <a {...shared} {...where} href={href} onClick={(event) => close(event.currentTarget)}>
        {inside}
      </a>
    );
  }
  return (
    <button
      {...shared}
      type="button"
      onClick={(event) => {
        close(event.currentTarget);
        onClick?.();
      }}
    >
      {inside}
    </button>
  );
}

export const MenuLabel = ({ children }: { children: ReactNode }) => <p className="menu-label">{children}</p>;
export const MenuLine = () => <hr className="menu-line" />;
