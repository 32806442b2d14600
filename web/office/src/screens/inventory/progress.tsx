/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How much of a stocktake is counted, in words and as a bar. */
import { words } from '../../words/inventory';

export function Progress({ counted, all }: { counted: number; all: number }) {
  return (
    <span className="counted">
      <span className="small">{words.progress(counted, all)}</span>
      <span className="counted-bar" aria-hidden="true">
        <span style={{ inlineSize: `${(counted / Math.max(all, 1)) * 100}%` }} />
      </span>
    </span>
  );
}
