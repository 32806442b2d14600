/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * One visit in a column: its buffers hatched, its processing lighter. Drawn again only when something
 * of it has changed: everything that it is given is a text, a number, or the visit itself.
 */
import { Check, CircleHelp, ClipboardList, Play, TriangleAlert, UserX } from 'lucide-react';
import { memo } from 'react';
import { PX } from './geometry';
import { type Visit, canMove } from './model';
import { servicesText, statusOf } from './say';

interface BlockProps {
  visit: Visit;
  /** What is heard after what it shows. */
  tail: string;
  time: string;
  /** In minutes of the column, with its buffers. */
  at: number;
  minutes: number;
  lane: number;
  lanes: number;
  isStop: boolean;
}

const SMALL_PX = 34;
const NARROW = 3;
const ICONS = { pending: CircleHelp, started: Play, completed: Check, no_show: UserX } as const;

export const Block = memo(function Block({ visit, tail, time, at, minutes, lane, lanes, isStop }: BlockProps) {
  const look = statusOf(visit);
  const before = Math.max(0, -(visit.segments[0]?.at ?? 0));
  const after = Math.max(0, minutes - before - visit.minutes);
  const Icon = look in ICONS ? ICONS[look as keyof typeof ICONS] : null;
  const services = servicesText(visit);
  return (
    <button
      type="button"
      className="cal-visit"
      data-visit={visit.id}
      data-look={look}
      data-small={visit.minutes * PX < SMALL_PX || undefined}
      data-narrow={lanes >= NARROW || undefined}
      tabIndex={isStop ? 0 : -1}
      style={{
        insetBlockStart: at * PX,
        blockSize: minutes * PX,
        insetInlineStart: `calc(${(100 * lane) / lanes}% + 3px)`,
        inlineSize: `calc(${100 / lanes}% - 6px)`,
      }}
    >
      <span className="cal-core" data-core style={{ insetBlock: `${before * PX}px ${after * PX}px` }}>
        {visit.segments.map((part) =>
          part.kind === 'processing' ? (
            <span
              key={part.at}
              className="cal-processing"
              style={{ insetBlockStart: part.at * PX, blockSize: part.minutes * PX }}
            />
          ) : null,
        )}
        <span className="cal-text">
          <b>
            {Icon && <Icon size={13} strokeWidth={2.4} aria-hidden="true" />}
            <span>{visit.client.name}</span>
            {visit.client_alerts.length > 0 && <TriangleAlert className="cal-alert" size={13} strokeWidth={2.4} aria-hidden="true" />}
            {!visit.gates_ok && <ClipboardList className="cal-alert" size={13} strokeWidth={2.4} aria-hidden="true" />}
          </b>
          <span className="cal-what">
            {time} · {services}
          </span>
          <span className="unseen">{tail}</span>
        </span>
        {canMove(visit) && <span className="cal-grip" data-grip />}
      </span>
    </button>
  );
});
