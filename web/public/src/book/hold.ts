/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The chosen time is kept for the visitor while they fill in the form, and given back when they
 * leave the step. Nothing depends on it: where nothing is kept, the booking is tried all the same.
 * A reload goes on with the hold that there is.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, call } from '../kit/api';
import { newKey } from '../kit/attempt';
import type { Held, Problem, Shop } from '../kit/contract';
import { forget, recall, remember } from '../kit/store';
import { type StepProps, wishOf } from './visit';

interface Kept {
  /** The wish as JSON; empty once it has been given back. */
  wish: string;
  /** A lost answer is asked for again with the same key, or one's own hold would be in the way. */
  key: string;
  replaces: string | null;
  token: string | null;
  untilMs: number;
  /** With whom it is held. */
  price?: number;
}

export interface Hold {
  /** Null until it is known. */
  price: number | null;
  /** The time is somebody else's. */
  refusal: Problem | null;
  /** False in the last two minutes, true after them, null before. */
  isOver: boolean | null;
  /** What goes with the booking; waits for the server's answer. */
  token: () => Promise<string | null>;
  giveBack: () => Promise<unknown>;
  /** The booking has taken it over. */
  settle: () => void;
}

const LAST_MS = 120_000;
const nameOf = (shop: Shop): string => `hold.${shop.slug}`;
const pathOf = (shop: Shop): string => `/public/${encodeURIComponent(shop.slug)}/holds`;

/** The latest token of this tab: what it held is still one's own while it is being given back. */
export const lastToken = (shop: Shop): string | null =>
  recall<Kept>(nameOf(shop))?.token ?? null;

/** `mayAsk` false: a booking of this time may have been made already, and would be in the way. */
export function useHold({ shop, visit }: StepProps, mayAsk: boolean): Hold {
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const [untilMs, setUntilMs] = useState(0);
  const [isOver, setIsOver] = useState<boolean | null>(null);
  const kept = useRef<Kept | null>(null);
  const asking = useRef<Promise<Answer<Held> | null>>(Promise.resolve(null));
  const wish = JSON.stringify(wishOf(visit));

  const keep = (next: Kept): void => {
    kept.current = next;
    setUntilMs(next.untilMs);
    remember(nameOf(shop), next);
  };

  const ask = async (): Promise<Answer<Held>> => {
    const last = kept.current;
    const isSame = last?.wish === wish && !last.token;
    const next: Kept = isSame
      ? last
      : { wish, key: newKey(), replaces: last?.token ?? null, token: null, untilMs: 0 };
    keep(next);
    const answer = await call<Held>('POST', pathOf(shop), {
      body: { ...wishOf(visit), ...(next.replaces && { replaces: next.replaces }) },
      idempotencyKey: next.key,
    });
    const isHere = kept.current === next;
    if (answer.kind === 'ok') {
      const { hold_token: token, expires_in: seconds, price } = answer.value;
      if (isHere) keep({ ...next, token, price, untilMs: Date.now() + seconds * 1000 });
      else void call('DELETE', `${pathOf(shop)}/${token}`);
    } else if (isHere && answer.kind === 'problem' && answer.problem.code === 'slot_taken') {
      setRefusal(answer.problem);
    }
    return answer;
  };

  const giveBack = async (): Promise<unknown> => {
    const { token } = kept.current ?? {};
    if (kept.current) keep({ ...kept.current, wish: '', untilMs: 0 });
    return token && call('DELETE', `${pathOf(shop)}/${token}`);
  };

  useEffect(() => {
    setRefusal(null);
    kept.current ??= recall<Kept>(nameOf(shop));
    if (kept.current?.wish === wish && kept.current.untilMs > Date.now())
      setUntilMs(kept.current.untilMs);
    else if (mayAsk) asking.current = ask();
    return () => void giveBack();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [wish]);

  useEffect(() => {
    setIsOver(null);
    if (!untilMs) return;
    const leftMs = untilMs - Date.now();
    const soon = setTimeout(setIsOver, leftMs - LAST_MS, false);
    const over = setTimeout(setIsOver, leftMs, true);
    return () => {
      clearTimeout(soon);
      clearTimeout(over);
    };
  }, [untilMs]);

  return {
    price: kept.current?.wish === wish ? (kept.current.price ?? null) : null,
    refusal,
    isOver,
    token: async () => {
      const answer = await asking.current;
      if (answer?.kind === 'unreachable') asking.current = ask();
      await asking.current;
      return kept.current?.token ?? null;
    },
    giveBack,
    settle: () => {
      kept.current = null;
      forget(nameOf(shop));
    },
  };
}
