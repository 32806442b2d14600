/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Stars that were given, in a line; the number is said, not only shown. */

const MOST = 5;

export function Stars({ count }: { count: number }) {
  return (
    <span class="stars" role="img" aria-label={`${count} of ${MOST} stars`}>
      {'★'.repeat(count) + '☆'.repeat(MOST - count)}
    </span>
  );
}
