/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The grid: columns beside a time axis, in a box that scrolls by itself. One visit is what Tab comes
 * to; arrows go on from there. Whatever moves, the focus stays on the visit that had it.
 */
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { words } from '../../words/calendar';
import { placeOfZone } from './clock';
import { Axis, ColumnView, Lines } from './column';
import { type Column, type Way, walk } from './columns';
import { PX } from './geometry';
import { COARSE, ghostNow } from './ghost';
import type { Carrying } from './hands';
import type { Model } from './model';
import { type Free, FreePlaces, GhostView, NowLine } from './over';
import { useHands } from './pointer';

export interface GridProps {
  model: Model;
  columns: Column[];
  nameOf: (column: Column) => string;
  head: (column: Column) => ReactNode;
  carrying: Carrying;
  open: (id: string) => void;
  gap: (column: Column, at: number) => void;
  /** Where the grid is to be scrolled to, and when anew. */
  scrollTo: { key: string; at: number };
  /** A visit that the focus is to come to once it is drawn. */
  wanted: { current: string | null };
  free: Free[];
  takeFree: (place: Free) => void;
  freeWho: (column: number) => string;
  /** Over the grid: that nothing is there. */
  children?: ReactNode;
}

const WAYS: Partial<Record<string, Way>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'first',
  End: 'last',
};

const isRtl = (): boolean => document.dir === 'rtl';
const mirrored = (way: Way): Way => (way === 'left' ? 'right' : way === 'right' ? 'left' : way);

export function Grid(props: GridProps) {
  const { model, columns, nameOf, head, carrying, open, gap, scrollTo, wanted, free, takeFree, freeWho, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState({ column: '', id: '' });
  const axisDay = useMemo(
    () => columns.find(({ day }) => day.minutes === 1440)?.day ?? columns[0]?.day,
    [columns],
  );

  useHands(box, {
    take: (id, mode, column) => carrying.take(id, mode, column, 'pointer'),
    over: carrying.over,
    drop: carrying.drop,
    cancel: carrying.cancel,
    open,
    gap: (index, at) => {
      const column = columns[index];
      if (column) gap(column, Math.max(0, Math.floor(at / COARSE) * COARSE));
    },
  });
  useFocusKept(box, wanted);

  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = Math.max(0, scrollTo.at * PX);
    // oxlint-disable-next-line react/exhaustive-deps -- only when another day or view is shown
  }, [scrollTo.key]);

  const hasStop = columns.some(({ key, placed }) => key === stop.column && placed.some(({ visit }) => visit.id === stop.id));
  const firstFull = columns.find(({ placed }) => placed.length > 0);
  const tab = hasStop ? stop : { column: firstFull?.key ?? '', id: firstFull?.placed[0]?.visit.id ?? '' };

  /* Where nothing in it takes the focus, it takes it itself, to be scrolled by keys. */
  const isBare = tab.id === '' && free.length === 0;

  const goTo = useCallback(
    (column: number, id: string): void => {
      setStop({ column: columns[column]?.key ?? '', id });
      const block = box.current?.querySelector<HTMLElement>(`[data-column="${column}"] [data-visit="${id}"]`);
      block?.focus({ preventScroll: true });
      block?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    },
    [columns],
  );

  const walkFrom = (block: HTMLElement, id: string, way: Way): void => {
    const column = Number(block.closest<HTMLElement>('[data-column]')?.dataset['column']);
    const here = columns[column]?.placed.find(({ visit }) => visit.id === id);
    const next = here ? walk(columns.map(({ placed }) => placed), { column, at: here.at }, way) : null;
    if (next) goTo(next.column, next.item.visit.id);
  };

  const pressedHeld = (event: KeyboardEvent): boolean => {
    if (event.key === 'Escape') carrying.cancel();
    else if (event.key === 'Enter' || event.key === ' ') carrying.drop();
    else if (event.key === 'Tab') {
      carrying.cancel();
      return false;
    } else carrying.press(event, isRtl());
    return true;
  };

  const walkFree = (target: HTMLElement, way: Way): boolean => {
    const lists = columns.map((_, index) => free.filter((each) => each.column === index));
    const [column, at] = (target.dataset['free'] ?? '').split(':').map(Number);
    const next = column === undefined || at === undefined ? null : walk(lists, { column, at }, way);
    if (!next) return false;
    box.current?.querySelector<HTMLElement>(`[data-free="${next.column}:${next.item.at}"]`)?.focus();
    return true;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const take = (): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (ghostNow()?.by === 'keys') {
      if (pressedHeld(event)) take();
      return;
    }
    if (event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
    const given = WAYS[event.key];
    const way = given && isRtl() ? mirrored(given) : given;
    if (way && event.target.dataset['free'] !== undefined) {
      take();
      walkFree(event.target, way);
      return;
    }
    const block = event.target.closest<HTMLElement>('[data-visit]');
    const id = block?.dataset['visit'];
    if (!block || !id) return;
    if (way) {
      take();
      walkFrom(block, id, way);
    } else if (event.key.toLowerCase() === 'm' && !event.altKey) {
      take();
      const column = Number(block.closest<HTMLElement>('[data-column]')?.dataset['column']);
      carrying.take(id, 'move', column, 'keys');
    }
  };

  return (
    <div className="cal-box">
      <p id="cal-keys" className="unseen">
        {words.keysHelp}
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its keys are those of the visits in it */}
      <div
        ref={box}
        className="cal-scroll"
        {...(isBare ? { tabIndex: 0, role: 'region', 'aria-label': words.title } : {})}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const block = event.target.closest<HTMLElement>('[data-visit]');
          const column = Number(block?.closest<HTMLElement>('[data-column]')?.dataset['column']);
          const id = block?.dataset['visit'];
          if (id) setStop({ column: columns[column]?.key ?? '', id });
        }}
        onBlur={(event) => {
          if (ghostNow()?.by === 'keys' && event.relatedTarget !== null) carrying.cancel();
        }}
      >
        <div
          className="cal-grid"
          role="group"
          aria-label={words.title}
          aria-describedby="cal-keys"
          style={{ '--cols': columns.length }}
        >
          <div className="cal-corner" aria-hidden="true">
            {placeOfZone()}
          </div>
          {columns.map((column) => (
            <div key={column.key} className="cal-head">
              {head(column)}
            </div>
          ))}
          {axisDay && <Axis day={axisDay} />}
          {axisDay && (
            <div className="cal-back">
              <Lines day={axisDay} />
            </div>
          )}
          {columns.map((column, index) => (
            <ColumnView
              key={column.key}
              model={model}
              column={column}
              index={index}
              name={nameOf(column)}
              stop={tab.column === column.key ? tab.id : null}
              hasMarks={column.day.minutes !== axisDay?.minutes}
            />
          ))}
          <div className="cal-over">
            <FreePlaces model={model} places={free} who={freeWho} take={takeFree} />
            <NowLine columns={columns} />
            <GhostView model={model} />
          </div>
        </div>
      </div>
      {children}
    </div>
  );
}

/**
 * A visit that changes its column is another element, and the focus would fall from it to nowhere:
 * it comes back to it, and to the one that is `wanted`.
 */
function useFocusKept(box: { current: HTMLElement | null }, wanted: { current: string | null }): void {
  const last = useRef<string | null>(null);
  useLayoutEffect(() => {
    const noted = (event: FocusEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      last.current = target?.closest<HTMLElement>('[data-visit]')?.dataset['visit'] ?? null;
    };
    document.addEventListener('focusin', noted);
    return () => document.removeEventListener('focusin', noted);
  }, []);
  useLayoutEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    const id = wanted.current ?? (isLost ? last.current : null);
    if (!id) return;
    const block = box.current?.querySelector<HTMLElement>(`[data-visit="${id}"]`);
    if (!block) return;
    if (block !== document.activeElement) block.focus({ preventScroll: true });
    if (wanted.current) block.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    wanted.current = null;
  });
}
