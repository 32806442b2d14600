/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What waits for the owner, the most pressing first. A row that goes hands the focus to the one that
 * takes its place.
 */
import { Button } from '@mantine/core';
import { CircleCheckBig } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { plural } from '../../words/plural';
import { words } from '../../words/today';
import { useActing } from './acting';
import { type Dashboard, keyOf } from './data';
import { ATTENTION as TITLE, focusRow } from './focus';
import { WaitingRow } from './row';
import { useSteady } from './steady';

const SHOWN = 6;

/** By code, what the counts of the answer say, where a list is cut off. */
function countOf(board: Dashboard): number {
  const listed = (code: string): number => board.attention.filter((each) => each.code === code).length;
  const beyond = (count: number, ...codes: string[]): number =>
    Math.max(0, count - codes.reduce((sum, code) => sum + listed(code), 0));
  return (
    board.attention.length +
    beyond(board.unconfirmed, 'unconfirmed') +
    beyond(board.unmarked, 'unmarked') +
    beyond(board.unanswered, 'unanswered') +
    beyond(board.not_told, 'not_told') +
    beyond(board.low_stock, 'low_stock', 'short_stock') +
    beyond(board.low_ratings, 'low_rating') +
    beyond(board.parked_jobs, 'parked_job') +
    beyond(board.time_off_requests, 'time_off_request')
  );
}

export function Attention({ board }: { board: Dashboard }) {
  const { gone, act } = useActing();
  const [isWhole, setWhole] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const steady = useSteady(board.attention, keyOf);
  const waiting = steady.shown.filter((each) => !gone.has(keyOf(each)));
  const shown = isWhole ? waiting : waiting.slice(0, SHOWN);
  const hidden = waiting.length - shown.length;
  const all = countOf(board) - (board.attention.length - waiting.length);
  /* The button that shows the rest goes with it. */
  useLayoutEffect(() => {
    if (isWhole) focusRow(list.current, SHOWN, TITLE);
  }, [isWhole]);
  return (
    <section className="panel attention" aria-labelledby={TITLE}>
      <header className="panel-head">
        <h2 id={TITLE} tabIndex={-1}>
          {words.attention}
        </h2>
        {all > 0 && (
          <span className="chip" data-tone="accent">
            {all}
          </span>
        )}
      </header>
      {waiting.length === 0 ? (
        <AllDone board={board} />
      ) : (
        <ul className="waits" ref={list} {...steady.hold}>
          {shown.map((each) => (
            <WaitingRow key={keyOf(each)} of={each} act={act} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Button variant="subtle" className="more" onClick={() => setWhole(true)}>
          {words.showMore(hidden)}
        </Button>
      )}
      {hidden === 0 && all > waiting.length && waiting.length > 0 && <p className="soft small">{words.behind}</p>}
    </section>
  );
}

function AllDone({ board: { today } }: { board: Dashboard }) {
  const left = today.pending + today.confirmed;
  return (
    <div className="all-done">
      <CircleCheckBig size={30} strokeWidth={1.6} aria-hidden="true" />
      <p className="all-done-title">{words.nothing}</p>
      <p className="soft">
        {left > 0 ? words.leftToday(plural(left, words.visitsForms), left) : words.noneLeft}
      </p>
    </div>
  );
}
