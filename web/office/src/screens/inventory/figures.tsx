/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An item in four figures. */
import type { ReactNode } from 'react';
import { money } from '../../kit/time';
import { words } from '../../words/inventory';
import { about, amount } from './amount';
import type { ItemFull } from './data';
import { Level } from './level';
import { localDate } from './local_date';

export function Figures({ item }: { item: ItemFull }) {
  const { unit, available, reserved, on_hand: onHand, reorder_point: mark, unit_cost: cost, value } = item;
  return (
    <section className="item-glance" aria-label={words.glance}>
      <Figure label={words.availableTitle} note={words.reorderAt(amount(mark, unit))}>
        {amount(available, unit)}
        <Level item={item} />
      </Figure>
      <Figure label={words.onHand} note={reserved > 0 ? words.reserved(amount(reserved, unit)) : null}>
        {amount(onHand, unit)}
      </Figure>
      <Lasts item={item} />
      <Figure label={words.worthTitle} note={cost === null ? null : words.perUnit(money(cost), unit)}>
        {value === null ? <small>{words.worthNone}</small> : money(value)}
      </Figure>
    </section>
  );
}

function Lasts({ item }: { item: ItemFull }) {
  const { days_left: left, runs_out_on: on, runs_out_by: by, per_day: perDay, on_hand: onHand, unit } = item;
  if (left === null || on === null) {
    return (
      <Figure label={words.lasts} note={null}>
        <small>{onHand > 0 ? words.noUse : words.usedUp}</small>
      </Figure>
    );
  }
  const why = by === 'visits' ? words.byVisits : words.byAverage(about(perDay, unit));
  return (
    <Figure label={words.lasts} note={onHand > 0 ? `${words.until(localDate(on))}. ${why}` : why}>
      {onHand > 0 ? words.daysLeft(left) : words.usedUp}
    </Figure>
  );
}

function Figure({ label, note, children }: { label: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="item-figure">
      <h2>{label}</h2>
      <div className="item-value">{children}</div>
      {note && <p className="item-note">{note}</p>}
    </div>
  );
}
