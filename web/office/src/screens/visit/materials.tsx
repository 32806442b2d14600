/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the visit takes from the shelves: held for it, or used up. */
import type { Booking } from '../../kit/contract';
import { unitAfter } from '../../words/units';
import { words } from '../../words/visit';

const number = new Intl.NumberFormat(document.documentElement.lang || 'en', { maximumFractionDigits: 3 });
export const amount = (quantity: number, unit: string): string =>
  `${number.format(quantity)} ${unitAfter(quantity, unit)}`;

export function Materials({ booking }: { booking: Booking }) {
  const isDone = booking.status === 'completed';
  const isOpen = booking.status === 'pending' || booking.status === 'confirmed';
  if (booking.materials.length === 0) return null;
  return (
    <section className="visit-part">
      <h3>{isDone ? words.used : isOpen ? words.held : words.released}</h3>
      <ul className="visit-amounts">
        {booking.materials.map((material) => (
          <li key={material.item_id}>
            <span>{material.name}</span>
            <span>
              {amount(isDone ? (material.used ?? 0) : material.quantity, material.unit)}
              {isDone && material.used !== material.quantity && (
                <span className="soft"> {words.planned(amount(material.quantity, material.unit))}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
