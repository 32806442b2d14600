/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The chart of a report. Amounts are columns, ratios and levels are lines; what was before is hatched or dashed, never told by
 * its colour alone. The points are one stop of the Tab key; arrows walk them, and what one is on is written below.
 */
import { scaleBand, scaleLinear } from '@visx/scale';
import { type KeyboardEvent, useId, useState } from 'react';
import { words } from '../../words/reports';
import type { Point, Report } from './data';
import { axis, longPart, ofUnit, shortPart } from './format';
import { Columns, Lines } from './marks';
import { useWidth } from './use_width';

const HEIGHT = 264;
const PAD = { top: 16, bottom: 28, start: 56, end: 8 };
const TICKS = 4;
const LABEL_PX = 56;
const FIRST_WIDTH = 640;

const isLine = ({ unit, kind }: Report): boolean => unit === 'permille' || unit === 'hundredths' || kind === 'stock_value';

/** Stars end at five; everything else begins at nothing and ends where it is. */
function mostOf({ unit, series }: Report): number {
  const most = Math.max(0, ...series.flatMap((point) => [point.value ?? 0, point.previous ?? 0]));
  if (unit === 'hundredths') return 500;
  return most === 0 ? 1 : most;
}

export function Chart({ report, label }: { report: Report; label: string }) {
  const { series, by, unit } = report;
  const [box, width] = useWidth<HTMLDivElement>(FIRST_WIDTH);
  const [at, setAt] = useState<number | null>(null);
  const hintId = useId();
  const x = scaleBand<number>({
    domain: series.map((_, i) => i),
    range: [PAD.start, width - PAD.end],
    padding: series.length > 40 ? 0.12 : 0.26,
  });
  const y = scaleLinear<number>({ domain: [0, mostOf(report)], range: [HEIGHT - PAD.bottom, PAD.top], nice: unit !== 'hundredths' && TICKS });
  const ticks = y.ticks(TICKS).filter((tick) => unit !== 'count' || Number.isInteger(tick));
  const each = Math.max(1, Math.ceil((series.length * LABEL_PX) / (width - PAD.start - PAD.end)));
  const on = at === null ? null : (series[at] ?? null);
  const Marks = isLine(report) ? Lines : Columns;

  const walk = (event: KeyboardEvent<SVGSVGElement>): void => {
    const from = at ?? 0;
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: series.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(series.length - 1, to));
    event.currentTarget.querySelectorAll<SVGElement>('[data-point]')[next]?.focus();
  };
  const told = (point: Point): string =>
    words.point(longPart(by, point.from, point.to), ofUnit(unit, point.value), point.previous === null ? null : ofUnit(unit, point.previous));
  return (
    <div className="chart" ref={box} dir="ltr">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its points have the focus */}
      <svg width={width} height={HEIGHT} role="group" aria-label={label} aria-describedby={hintId} onKeyDown={walk} onPointerLeave={() => setAt(null)}>
        <g className="chart-axis" aria-hidden="true">
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={PAD.start} x2={width - PAD.end} y1={y(tick)} y2={y(tick)} />
              <text x={PAD.start - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                {axis(unit, tick)}
              </text>
            </g>
          ))}
          {series.map((point, i) =>
            i % each === 0 ? (
              <text key={point.from} x={(x(i) ?? 0) + x.bandwidth() / 2} y={HEIGHT - 8} textAnchor="middle">
                {shortPart(by, point.from)}
              </text>
            ) : null,
          )}
        </g>
        <Marks series={series} x={x} y={y} at={at} base={HEIGHT - PAD.bottom} />
        {series.map((point, i) => (
          <rect
            key={point.from}
            className="chart-point"
            data-point
            role="img"
            aria-label={told(point)}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- read point by point
            tabIndex={i === (at ?? 0) ? 0 : -1}
            x={(x(i) ?? 0) - (x.step() - x.bandwidth()) / 2}
            y={PAD.top}
            width={x.step()}
            height={HEIGHT - PAD.top - PAD.bottom}
            onFocus={() => setAt(i)}
            onBlur={() => setAt(null)}
            onPointerEnter={() => setAt(i)}
            onPointerDown={() => setAt(i)}
          />
        ))}
      </svg>
      <p className="chart-told" aria-hidden="true">
        {on ? told(on) : ' '}
      </p>
      <p className="unseen" id={hintId}>
        {words.keys}
      </p>
    </div>
  );
}
