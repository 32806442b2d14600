/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How full the shelf is: what is free, what visits hold, and the mark under which one reorders. */
import type { Item } from '../../kit/contract';
import { words } from '../../words/inventory';
import { amount } from './amount';

/** The mark stands at two fifths of what is a usual shelf, so that a full one is seen to be full. */
const USUAL = 2.5;

export function Level({ item }: { item: Item }) {
  const { available, reserved, on_hand: onHand, reorder_point: mark, unit } = item;
  const full = Math.max(onHand, mark * USUAL) || 1;
  const part = (value: number): string => `${Math.min(100, (value / full) * 100)}%`;
  return (
    <div
      className="level"
      role="img"
      data-low={item.low || undefined}
      aria-label={words.level(amount(available, unit), amount(reserved, unit), amount(mark, unit))}
    >
      <span className="level-free" style={{ inlineSize: part(available) }} />
      <span className="level-held" style={{ inlineSize: part(reserved) }} />
      {mark > 0 && <span className="level-mark" style={{ insetInlineStart: part(mark) }} />}
    </div>
  );
}
