/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A visit in the hand of a pointer: the mouse takes it by moving, a finger by holding still for a
 * moment, since a finger that moves scrolls. At an edge the grid scrolls on. Escape lets go.
 *
 * What is measured is measured once, when it is taken: reading the page at every step would lay it
 * out again at every step.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { PX } from './geometry';

export interface Hands {
  /** May it be taken? Then it is in the hand. */
  take: (id: string, mode: 'move' | 'resize', column: number) => boolean;
  /** Over a column, at a minute: of its upper edge, or of its lower one when it is resized. */
  over: (column: number, at: number) => void;
  drop: () => void;
  cancel: () => void;
  /** A visit that was clicked, by whatever: Enter on it is a click too. */
  open: (id: string) => void;
  /** A free place that was clicked. */
  gap: (column: number, at: number) => void;
}

const HOLD_MS = 350;
const MOUSE_PX = 4;
const STILL_PX = 9;
const EDGE_PX = 44;
const SPEED = 0.22;

interface Sizes {
  box: DOMRect;
  /** Of the grid, without what the scroller has scrolled. */
  top: number;
  columns: { start: number; end: number }[];
}

interface Grip {
  pointer: number;
  id: string;
  mode: 'move' | 'resize';
  column: number;
  fromX: number;
  fromY: number;
  x: number;
  y: number;
  /** Where in the visit it was taken, in px. */
  deep: number;
  isHeld: boolean;
  timer: number;
}

/** How far into the edge, either way. */
const past = (at: number, from: number, to: number): number =>
  at < from + EDGE_PX ? at - from - EDGE_PX : at > to - EDGE_PX ? at - to + EDGE_PX : 0;

function measure(scroller: HTMLElement): Sizes {
  const box = scroller.getBoundingClientRect();
  const columns = [...scroller.querySelectorAll<HTMLElement>('[data-column]')].map((column) => {
    const { left, right } = column.getBoundingClientRect();
    return { start: left + scroller.scrollLeft, end: right + scroller.scrollLeft };
  });
  const first = scroller.querySelector('[data-column]')?.getBoundingClientRect();
  return { box, top: (first?.top ?? box.top) + scroller.scrollTop, columns };
}

export function useHands(scroller: RefObject<HTMLElement | null>, given: Hands): void {
  const hands = useRef(given);
  useLayoutEffect(() => {
    hands.current = given;
  });
  useEffect(() => (scroller.current ? listen(scroller.current, hands) : undefined), [scroller]);
}

function listen(box: HTMLElement, hands: RefObject<Hands>): () => void {
  let grip: Grip | null = null;
  let sizes: Sizes | null = null;
  let scrolled = { left: 0, top: 0 };
  let rolling = 0;
  /** The click that ends a drag is no click. */
  let isSpent = false;

  const columnAt = (x: number): number => {
    const across = x + scrolled.left;
    const columns = sizes?.columns ?? [];
    const found = columns.findIndex(({ start, end }) => start <= across && across < end);
    if (found >= 0) return found;
    const far = columns.map(({ start, end }) => Math.abs(across - (start + end) / 2));
    return far.indexOf(Math.min(...far));
  };
  const minuteAt = (y: number): number => (y + scrolled.top - (sizes?.top ?? 0)) / PX;
  const look = (): void => {
    sizes = measure(box);
    scrolled = { left: box.scrollLeft, top: box.scrollTop };
  };
  const tell = (): void => {
    if (grip?.isHeld) hands.current.over(columnAt(grip.x), minuteAt(grip.y - grip.deep));
  };

  const roll = (): void => {
    rolling = 0;
    if (!grip?.isHeld || !sizes) return;
    const { box: edge } = sizes;
    const by = { left: past(grip.x, edge.left, edge.right), top: past(grip.y, edge.top, edge.bottom) };
    if (by.left === 0 && by.top === 0) return;
    box.scrollBy({ left: by.left * SPEED, top: by.top * SPEED, behavior: 'instant' });
    rolling = requestAnimationFrame(roll);
  };

  const take = (): void => {
    if (!grip || grip.isHeld) return;
    if (!hands.current.take(grip.id, grip.mode, grip.column)) return end();
    grip.isHeld = true;
    box.dataset['dragging'] = '';
    box.setPointerCapture(grip.pointer);
  };
  const end = (): void => {
    if (grip) clearTimeout(grip.timer);
    grip = null;
    delete box.dataset['dragging'];
    cancelAnimationFrame(rolling);
    rolling = 0;
  };
  const letGo = (): void => {
    if (grip?.isHeld) hands.current.cancel();
    end();
  };

  const down = (event: PointerEvent): void => {
    isSpent = false;
    if (event.button !== 0 || grip || !(event.target instanceof Element)) return;
    const visit = event.target.closest<HTMLElement>('[data-visit]');
    const column = visit?.closest<HTMLElement>('[data-column]');
    const id = visit?.dataset['visit'];
    if (!visit || !column || !id) return;
    look();
    const mode = event.target.closest('[data-grip]') ? 'resize' : 'move';
    const core = (visit.querySelector('[data-core]') ?? visit).getBoundingClientRect();
    grip = {
      pointer: event.pointerId,
      id,
      mode,
      column: Number(column.dataset['column']),
      fromX: event.clientX,
      fromY: event.clientY,
      x: event.clientX,
      y: event.clientY,
      deep: event.clientY - (mode === 'move' ? core.top : core.bottom),
      isHeld: false,
      timer: event.pointerType === 'mouse' ? 0 : window.setTimeout(take, HOLD_MS),
    };
  };
  const move = (event: PointerEvent): void => {
    if (!grip || event.pointerId !== grip.pointer) return;
    grip.x = event.clientX;
    grip.y = event.clientY;
    const far = Math.hypot(grip.x - grip.fromX, grip.y - grip.fromY);
    if (!grip.isHeld) {
      if (grip.timer === 0 && far >= MOUSE_PX) take();
      else if (grip.timer !== 0 && far >= STILL_PX) end();
    }
    if (!grip?.isHeld) return;
    tell();
    rolling ||= requestAnimationFrame(roll);
  };
  const up = (event: PointerEvent): void => {
    if (!grip || event.pointerId !== grip.pointer) return;
    if (grip.isHeld) {
      isSpent = true;
      hands.current.drop();
    }
    end();
  };
  const click = (event: MouseEvent): void => {
    if (isSpent) {
      isSpent = false;
      event.stopPropagation();
      event.preventDefault();
      return;
    }
    if (!(event.target instanceof Element)) return;
    const id = event.target.closest<HTMLElement>('[data-visit]')?.dataset['visit'];
    if (id) return hands.current.open(id);
    if (event.target.closest('button, a')) return;
    const column = event.target.closest<HTMLElement>('[data-column]');
    if (!column) return;
    look();
    hands.current.gap(Number(column.dataset['column']), minuteAt(event.clientY));
  };
  const scroll = (): void => {
    scrolled = { left: box.scrollLeft, top: box.scrollTop };
    tell();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !grip?.isHeld) return;
    event.preventDefault();
    event.stopPropagation();
    isSpent = true;
    letGo();
  };
  /* A finger that holds a visit does not scroll, and opens no menu. */
  const touch = (event: TouchEvent): void => {
    if (grip?.isHeld) event.preventDefault();
  };
  const menu = (event: Event): void => {
    if (grip && grip.timer !== 0) event.preventDefault();
  };

  const off = new AbortController();
  const { signal } = off;
  box.addEventListener('pointerdown', down, { signal });
  box.addEventListener('pointermove', move, { signal });
  box.addEventListener('pointerup', up, { signal });
  box.addEventListener('pointercancel', letGo, { signal });
  box.addEventListener('click', click, { signal, capture: true });
  box.addEventListener('scroll', scroll, { signal, passive: true });
  box.addEventListener('touchmove', touch, { signal, passive: false });
  box.addEventListener('contextmenu', menu, { signal });
  addEventListener('keydown', key, { signal, capture: true });
  return () => {
    letGo();
    off.abort();
  };
}
