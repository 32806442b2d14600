/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** For how long an item will do, in a word. */
import type { Item } from '../../kit/contract';
import { words } from '../../words/inventory';
import { localDate } from './local_date';

export function Lasts({ item }: { item: Item }) {
  const { days_left: left, runs_out_on: on, on_hand: onHand } = item;
  if (onHand <= 0) return <span className="lasts-none">{words.usedUp}</span>;
  if (left === null) return <span className="soft">{words.noUseShort}</span>;
  return (
    <>
      {words.daysShort(left)}
      {on && <small>{words.until(localDate(on))}</small>}
    </>
  );
}
