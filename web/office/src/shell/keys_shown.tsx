/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { words } from '../words/actions';

/** `g c` as two keys, one after the other. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {keys.split(' ').map((key, at) => (
        <span key={key}>
          {at > 0 && <i> {words.thenKey} </i>}
          <kbd>{key.toUpperCase()}</kbd>
        </span>
      ))}
    </span>
  );
}
