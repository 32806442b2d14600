/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What is counted goes to the server one number after the other. Each is written down on this device
 * first, with the moment when it was read off the shelf, and stays there until the server has it: so
 * neither a reload nor a broken line loses one, and what arrives late is taken for what it is.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { api, ask } from '../../kit/api';
import type { StocktakeLine } from '../../kit/contract';
import { keep, kept } from '../../kit/kept';
import { Refusal } from '../../kit/refusal';
import { useToast } from '../../kit/toast';
import { round } from './amount';
import { type Take, takeQuery } from './data';

interface Counted {
  counted: number | null;
  at: number;
}
type Waiting = Record<string, Counted>;

const AGAIN_MS = 4_000;
const nameOf = (id: string): string => `stocktake:${id}`;

function read(id: string): Waiting {
  try {
    return JSON.parse(kept(nameOf(id)) || '{}') as Waiting;
  } catch {
    return {};
  }
}

const write = (id: string, waiting: Waiting): void =>
  keep(nameOf(id), Object.keys(waiting).length > 0 ? JSON.stringify(waiting) : '');

const send = (id: string, itemId: string, { counted, at }: Counted): Promise<StocktakeLine> =>
  ask(
    api.PUT('/api/v1/stocktakes/{id}/lines/{item_id}', {
      params: { path: { id, item_id: itemId } },
      body: { counted, ago_s: Math.max(0, Math.round((Date.now() - at) / 1000)) },
    }),
  );

function withLine(take: Take, line: StocktakeLine): Take {
  const lines = take.lines.map((each) => (each.item_id === line.item_id ? line : each));
  return { ...take, lines, counted: lines.filter((each) => each.counted !== null).length };
}

export interface Counting {
  /** The lines as they will be once everything has arrived. */
  lines: StocktakeLine[];
  waiting: number;
  isStuck: boolean;
  put: (itemId: string, counted: number | null) => void;
}

export function useCounting(take: Take): Counting {
  const { id } = take;
  const [waiting, setWaiting] = useState(() => read(id));
  const [isStuck, setStuck] = useState(false);
  const [turn, setTurn] = useState(0);
  const cache = useQueryClient();
  const toast = useToast();

  const put = useCallback(
    (itemId: string, counted: number | null) => {
      setWaiting((last) => {
        const next = { ...last, [itemId]: { counted, at: Date.now() } };
        write(id, next);
        return next;
      });
    },
    [id],
  );

  const [first] = Object.entries(waiting);
  const [itemId, number] = first ?? [];
  useEffect(() => {
    if (itemId === undefined || number === undefined) return;
    let isOver = false;
    let timer = 0;
    const drop = (): void =>
      setWaiting((last) => {
        const { [itemId]: sent, ...rest } = last;
        const next = sent && sent.at !== number.at ? last : rest; // typed anew meanwhile: it goes next
        write(id, next);
        return next;
      });
    const again = (): void => {
      if (!isOver) setTurn((last) => last + 1);
    };
    send(id, itemId, number).then(
      (line) => {
        if (isOver) return;
        setStuck(false);
        cache.setQueryData(takeQuery(id).queryKey, (last) => last && withLine(last, line));
        drop();
      },
      (error: unknown) => {
        if (isOver) return;
        if (error instanceof Refusal && !error.mayPass) {
          toast.fail(error);
          drop();
          void cache.invalidateQueries({ queryKey: ['stocktakes'] });
          return;
        }
        setStuck(true);
        timer = window.setTimeout(again, AGAIN_MS);
        addEventListener('online', again, { once: true });
      },
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
      removeEventListener('online', again);
    };
  }, [id, itemId, number, turn, cache, toast]);

  const lines = take.lines.map((line) => {
    const mine = waiting[line.item_id];
    if (!mine || mine.counted === line.counted) return line;
    const variance = mine.counted === null || line.expected === null ? null : round(mine.counted - line.expected);
    return { ...line, counted: mine.counted, variance, value: null };
  });
  return { lines, waiting: Object.keys(waiting).length, isStuck, put };
}
