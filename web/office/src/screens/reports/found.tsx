/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which way it went, as an arrow beside the words that say it. */
import { ArrowDownRight, ArrowUpRight, Minus } from 'lucide-react';
import type { Found } from './finding';

export function WayMark({ found: { way, tone } }: { found: Found }) {
  if (!way) return null;
  const Icon = { up: ArrowUpRight, down: ArrowDownRight, same: Minus }[way];
  return (
    <span className="report-way" data-tone={tone ?? undefined} aria-hidden="true">
      <Icon size={16} strokeWidth={2.2} />
    </span>
  );
}
