/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What has become of the last move, at the foot of the screen: the way back, and for ten seconds the
 * word that its client is not to be told. It stays while it is pointed at or has the focus.
 */
import { Button, CloseButton } from '@mantine/core';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { words } from '../../words/calendar';
import type { Moves, News as NewsOf } from './moves';

const STAYS_MS = 12_000;

export function News({ moves }: { moves: Moves }) {
  return (
    <div className="toasts cal-news" role="status" aria-live="polite">
      {moves.news && <One key={moves.news.id} news={moves.news} moves={moves} />}
    </div>
  );
}

function One({ news, moves }: { news: NewsOf; moves: Moves }) {
  const [isKept, keep] = useState(false);
  const [canHush, setHush] = useState(news.hush !== undefined);
  const isBad = news.kind === 'refused';
  const { dismiss } = moves;
  useEffect(() => {
    if (isKept || isBad) return;
    const timer = setTimeout(dismiss, STAYS_MS);
    return () => clearTimeout(timer);
  }, [dismiss, isBad, isKept]);
  useEffect(() => {
    if (news.hush === undefined) return;
    const timer = setTimeout(() => setHush(false), news.hush - Date.now());
    return () => clearTimeout(timer);
  }, [news.hush]);
  const { anyway, visit } = news;
  const Icon = isBad ? CircleAlert : CircleCheck;
  /* The button that was pressed goes; the focus goes to the visit. */
  const act = (work: () => void) => () => {
    document.querySelector<HTMLElement>(`[data-visit="${visit.id}"]`)?.focus({ preventScroll: true });
    work();
  };
  return (
    <div
      className="toast"
      data-bad={isBad || undefined}
      onPointerEnter={() => keep(true)}
      onPointerLeave={() => keep(false)}
      onFocus={() => keep(true)}
      onBlur={() => keep(false)}
    >
      <Icon size={18} aria-hidden="true" />
      <span>
        {news.text}
        {canHush && <small>{words.willTell(visit.client.name)}</small>}
      </span>
      {canHush && (
        <Button variant="subtle" size="compact-sm" onClick={act(moves.hush)}>
          {words.doNotTell(visit.client.name)}
        </Button>
      )}
      {news.kind === 'moved' && (
        <Button variant="subtle" size="compact-sm" onClick={act(moves.undo)}>
          {words.undo}
        </Button>
      )}
      {anyway && (
        <Button variant="subtle" size="compact-sm" onClick={act(() => moves.move(visit, anyway, true))}>
          {words.anyway}
        </Button>
      )}
      <CloseButton aria-label={words.close} onClick={act(dismiss)} />
    </div>
  );
}
