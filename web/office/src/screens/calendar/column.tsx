/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A column: what is shut hatched, time off named, the visits on top. */
import { memo } from 'react';
import { words } from '../../words/calendar';
import { Block } from './block';
import { hourText } from './clock';
import { type Column, shut } from './columns';
import { PX } from './geometry';
import { type Day, type Model } from './model';
import { timeText, visitTail } from './say';

interface ColumnProps {
  model: Model;
  column: Column;
  index: number;
  name: string;
  /** The visit that Tab comes to, where it is in this column. */
  stop: string | null;
  /** Its day is of another length than the axis's: it has hours of its own. */
  hasMarks: boolean;
}

export const ColumnView = memo(function ColumnView({ model, column, index, name, stop, hasMarks }: ColumnProps) {
  const { day, placed } = column;
  return (
    <div
      className="cal-column"
      role="group"
      aria-label={words.columnLabel(name, words.visits(placed.length))}
      data-column={index}
      data-own={hasMarks || undefined}
      style={{ gridColumn: index + 2, blockSize: day.minutes * PX }}
    >
      {hasMarks && <Lines day={day} hasLabels />}
      {shut(column).map(({ at, minutes }) => (
        <div key={at} className="cal-shut" style={{ insetBlockStart: at * PX, blockSize: minutes * PX }} />
      ))}
      {column.off.map(({ at, minutes }) => (
        <div key={at} className="cal-off" style={{ insetBlockStart: at * PX, blockSize: minutes * PX }}>
          {words.off}
        </div>
      ))}
      {placed.map(({ visit, at, minutes, lane, lanes }) => (
        <Block
          key={visit.id}
          visit={visit}
          tail={visitTail(model, visit)}
          time={timeText(model, visit.start)}
          at={at}
          minutes={minutes}
          lane={lane}
          lanes={lanes}
          isStop={stop === visit.id}
        />
      ))}
    </div>
  );
});

/** A line at each hour of the clock, so that a day on which it is set has its lines right too. */
export function Lines({ day, hasLabels = false }: { day: Day; hasLabels?: boolean }) {
  return (
    <div className="cal-lines" aria-hidden="true">
      {day.marks.map(({ at, wall_min: wall, again }) => (
        <div key={at} className="cal-line" style={{ insetBlockStart: at * PX }}>
          {hasLabels && <span>{again ? words.again(hourText(wall)) : hourText(wall)}</span>}
        </div>
      ))}
    </div>
  );
}

export function Axis({ day }: { day: Day }) {
  return (
    <div className="cal-axis" aria-hidden="true" style={{ blockSize: day.minutes * PX }}>
      {day.marks.map(({ at, wall_min: wall, again }) => (
        <span key={at} data-again={again || undefined} style={{ insetBlockStart: at * PX }}>
          {again ? words.again(hourText(wall)) : hourText(wall)}
        </span>
      ))}
    </div>
  );
}
