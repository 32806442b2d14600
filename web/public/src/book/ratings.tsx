/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What clients say, quietly below the menu. The server writes the same markup (SHELL.md). */
import type { Shop } from '../kit/contract';
import { Stars } from '../kit/stars';
import { book as words } from '../words/book';

const SHOWN = 3;

export function Ratings({ ratings }: { ratings: Shop['ratings'] }) {
  if (!ratings) return null;
  const average = (ratings.average_tenths / 10).toFixed(1);
  return (
    <section class="said">
      <h3>{words.clientsSay}</h3>
      <p>
        <b>{average}</b> {words.ofRatings(ratings.count)}
      </p>
      {ratings.recent.length > 0 && (
        <ul>
          {ratings.recent.slice(0, SHOWN).map(({ stars, name, comment }, position) => (
            // Two may be alike, and none moves.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={position}>
              <Stars count={stars} /> <span class="sub">{name ?? words.aClient}</span>
              {comment && <p>{comment}</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
