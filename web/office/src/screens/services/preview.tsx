/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The card of the booking page, as this draft would make it. */
import { useQuery } from '@tanstack/react-query';
import { money } from '../../kit/time';
import { words } from '../../words/service';
import { duration, minorOf, minutesOf } from './amounts';
import { staffQuery } from './data';
import { type Draft, lengthOf } from './draft';

export function Preview({ draft }: { draft: Draft }) {
  const { data: staff = [] } = useQuery(staffQuery);
  const people = staff.filter(({ id, active, bookable }) => active && bookable && draft.staff.includes(id));
  const prices = people.map(({ id }) => minorOf(draft.terms[id]?.price ?? '') ?? minorOf(draft.price) ?? 0);
  const times = people.map(({ id }) => minutesOf(draft.terms[id]?.minutes ?? '') ?? lengthOf(draft));
  const least = prices.length > 0 ? Math.min(...prices) : (minorOf(draft.price) ?? 0);
  const time = times.length > 0 ? Math.min(...times) : lengthOf(draft);
  const isFrom = prices.some((price) => price !== least);
  const why = !draft.active ? words.previewOff : people.length === 0 ? words.previewNobody : null;
  return (
    <aside className="service-preview" aria-label={words.preview}>
      <h2>{words.preview}</h2>
      <div className="client-card" data-off={why !== null || undefined}>
        {draft.category && <p className="soft small">{draft.category}</p>}
        <p className="client-card-line">
          <strong>{draft.name || '…'}</strong>
          <span>{isFrom ? words.previewFrom(money(least)) : money(least)}</span>
        </p>
        <p className="soft small">
          {duration(time)}
          {draft.description.trim() && ` · ${draft.description.trim()}`}
        </p>
      </div>
      {why && <p className="soft small">{why}</p>}
    </aside>
  );
}
