/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The shape of a period in a thumb's width. It says nothing that the words beside it do not. */
import type { Point } from './data';

const WIDTH = 240;
const HEIGHT = 48;
const EDGE = 3;

function pathOf(values: (number | null)[], most: number): string {
  const step = values.length > 1 ? (WIDTH - 2 * EDGE) / (values.length - 1) : 0;
  let isDown = false;
  return values
    .map((value, i) => {
      if (value === null) {
        isDown = false;
        return '';
      }
      const x = EDGE + i * step;
      const y = HEIGHT - EDGE - (value / most) * (HEIGHT - 2 * EDGE);
      const piece = `${isDown ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      isDown = true;
      return piece;
    })
    .join('');
}

export function Spark({ series }: { series: Point[] }) {
  const most = Math.max(1, ...series.flatMap((point) => [point.value ?? 0, point.previous ?? 0]));
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="spark-before" d={pathOf(series.map((point) => point.previous), most)} />
      <path className="spark-now" d={pathOf(series.map((point) => point.value), most)} />
    </svg>
  );
}
