/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a chart draws of its points: columns or lines. */
import { AreaClosed, Bar, LinePath } from '@visx/shape';
import { useId } from 'react';
import type { Point } from './data';

interface Band {
  (at: number): number | undefined;
  bandwidth: () => number;
}
interface MarksProps {
  series: Point[];
  x: Band;
  y: ((value: number) => number) & { range: () => number[]; domain: () => number[]; copy: () => unknown };
  at: number | null;
  base: number;
}

const LEAST_PX = 2;
const ROUND_PX = 3;
/** Beside each other where there is room, else what was before stands behind. */
const SIDE_BY_SIDE_PX = 14;

export function Columns({ series, x, y, at, base }: MarksProps) {
  const hatch = useId();
  const width = x.bandwidth();
  const isSided = width >= SIDE_BY_SIDE_PX && series.some((point) => point.previous !== null);
  const own = isSided ? width * 0.58 : width;
  const column = (value: number) => ({ y: y(value), height: Math.max(value > 0 ? LEAST_PX : 0, base - y(value)) });
  return (
    <g aria-hidden="true">
      <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line className="chart-hatch" x1="0" x2="0" y1="0" y2="6" />
      </pattern>
      {series.map((point, i) => (
        <g key={point.from} className="chart-column" data-on={at === i || undefined}>
          {point.previous !== null && (
            <Bar
              className="chart-before"
              fill={`url(#${hatch})`}
              x={(x(i) ?? 0) + (isSided ? own : 0)}
              width={isSided ? width - own : width}
              rx={ROUND_PX}
              {...column(point.previous)}
            />
          )}
          {point.value !== null && (
            <Bar className="chart-now" x={x(i) ?? 0} width={own} rx={ROUND_PX} {...column(point.value)} />
          )}
        </g>
      ))}
    </g>
  );
}

export function Lines({ series, x, y, at, base }: MarksProps) {
  const middle = (i: number): number => (x(i) ?? 0) + x.bandwidth() / 2;
  const now = series.map((point, i) => ({ i, value: point.value }));
  const before = series.map((point, i) => ({ i, value: point.previous }));
  const shared = {
    x: (each: { i: number }) => middle(each.i),
    y: (each: { value: number | null }) => y(each.value ?? 0),
    defined: (each: { value: number | null }) => each.value !== null,
  };
  return (
    <g aria-hidden="true">
      <AreaClosed data={now} {...shared} y0={base} yScale={y as never} className="chart-area" />
      <LinePath data={before} {...shared} className="chart-line-before" />
      <LinePath data={now} {...shared} className="chart-line" />
      {now.map(({ i, value }) =>
        value === null ? null : <circle key={i} className="chart-dot" data-on={at === i || undefined} cx={middle(i)} cy={y(value)} r={at === i ? 5 : 3} />,
      )}
    </g>
  );
}
