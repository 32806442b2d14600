/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What visits to come hold of an item, day by day. */
import { TriangleAlert } from 'lucide-react';
import { words } from '../../words/inventory';
import { amount } from './amount';
import type { ItemFull } from './data';
import { localDate } from './local_date';

const SHOWN = 10;

export function Ahead({ item }: { item: ItemFull }) {
  const { demand, held_by_past: past, unit } = item;
  const most = Math.max(...demand.map(({ quantity }) => quantity), 0) || 1;
  return (
    <section className="panel" aria-labelledby="ahead-title">
      <h2 id="ahead-title">{words.ahead}</h2>
      {past > 0 && (
        <p className="ahead-past">
          <TriangleAlert size={16} aria-hidden="true" />
          {words.heldByPast(amount(past, unit))}
        </p>
      )}
      {demand.length === 0 && <p className="soft">{words.aheadNone}</p>}
      <ul className="ahead">
        {demand.slice(0, SHOWN).map(({ date, visits, quantity }) => (
          <li key={date}>
            <span>{localDate(date)}</span>
            <span className="ahead-bar" aria-hidden="true">
              <span style={{ inlineSize: `${(quantity / most) * 100}%` }} />
            </span>
            <span className="ahead-amount">
              {amount(quantity, unit)}
              <small>{words.aheadVisits(visits)}</small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
