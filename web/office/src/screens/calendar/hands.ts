/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Taking a visit, carrying it and putting it down, by whatever hand: the one way for mouse, touch and keys. */
import { useLayoutEffect, useMemo, useRef } from 'react';
import { words } from '../../words/calendar';
import { type Index, type Place, blocks, indexOf, judge } from './clash';
import type { Column } from './columns';
import { type Hold, carried, ghostNow, placeOf, pressed, setGhost } from './ghost';
import { type Model, type Visit, canMove, dayAt } from './model';
import { nameOf, timeText, visitLabel, whyText } from './say';

export interface Carrying {
  take: (id: string, mode: 'move' | 'resize', column: number, by: Hold['by']) => boolean;
  over: (column: number, at: number) => void;
  /** A key while it is held; false: it means nothing here. */
  press: (event: { key: string; altKey: boolean; shiftKey: boolean }, isRtl: boolean) => boolean;
  drop: () => void;
  cancel: () => void;
}

interface Given {
  model: Model;
  columns: Column[];
  speak: (text: string) => void;
  put: (visit: Visit, to: Place, override: boolean) => void;
  refuse: (visit: Visit, why: string) => void;
}

/** Off the business's grid, and nothing else in the way: whoever puts it there means it. */
export function isBetween(model: Model, place: Place): boolean {
  const day = dayAt(model.days, place.start);
  return day !== undefined && (place.start - day.start) % model.step !== 0;
}

export function useCarrying(given: Given): Carrying {
  const latest = useRef(given);
  useLayoutEffect(() => {
    latest.current = given;
  });
  const index = useRef<Index>(new Map());

  return useMemo(() => {
    /** The blocks are not drawn again for it. */
    const lift = (id: string, isLifted: boolean): void => {
      for (const block of document.querySelectorAll<HTMLElement>(`[data-visit="${id}"]`)) {
        if (isLifted) block.dataset['lifted'] = '';
        else delete block.dataset['lifted'];
      }
    };
    const show = (hold: Hold): void => {
      const { model, columns } = latest.current;
      const before = ghostNow();
      const place = placeOf(hold, columns);
      const isSame =
        before?.column === hold.column && before.at === hold.at && before.minutes === hold.minutes;
      if (isSame) return;
      setGhost({ ...hold, place, verdict: judge(model, index.current, hold.visit, place) });
    };
    const end = (): void => {
      const ghost = ghostNow();
      if (ghost) lift(ghost.visit.id, false);
      setGhost(null);
    };
    const cancel = (): void => {
      if (ghostNow()) latest.current.speak(words.putBack);
      end();
    };
    return {
      take(id, mode, column, by) {
        const { model, columns, speak } = latest.current;
        const visit = model.visits.find((each) => each.id === id);
        const day = columns[column]?.day;
        if (!visit || !day) return false;
        if (!canMove(visit)) {
          speak(words.ended);
          return false;
        }
        end();
        index.current = indexOf(model, id);
        show({ visit, mode, by, column, at: visit.start - day.start, minutes: visit.minutes });
        lift(id, true);
        if (by === 'keys') speak(words.pickedUp(visitLabel(model, visit)));
        return true;
      },
      over(column, at) {
        const ghost = ghostNow();
        if (ghost) show(carried(ghost, column, at, latest.current.columns));
      },
      press(event, isRtl) {
        const ghost = ghostNow();
        if (!ghost) return false;
        const { model, columns, speak } = latest.current;
        const next = pressed(ghost, event, columns, isRtl);
        if (!next) return false;
        show(next);
        const now = ghostNow();
        if (!now) return true;
        const time = timeText(model, now.place.start);
        const what = event.shiftKey ? words.minutes(now.minutes) : nameOf(model, now.place.staffId);
        speak(words.step(time, what, whyText(model, now.verdict, now.place)));
        return true;
      },
      drop() {
        const ghost = ghostNow();
        if (!ghost) return;
        const { visit, place, verdict } = ghost;
        const { model, put, refuse } = latest.current;
        end();
        if (blocks(verdict)) refuse(visit, whyText(model, verdict, place));
        else put(visit, place, verdict.code === 'free' && isBetween(model, place));
      },
      cancel,
    };
  }, []);
}
