/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The lines of a signature, as whole numbers in a space of their own, so that a drawing looks the
 * same on every screen and on paper. Bounded as the server bounds them.
 */
import type { Drawing } from '../kit/contract';

export const WIDTH = 600;
export const HEIGHT = 240;
const STROKES_MAX = 100;
const STROKE_POINTS_MAX = 250;
const POINTS_MAX = 1500;
/** Points nearer than this to the last one add nothing that can be seen. */
const STEP = 3;
/** How far a line may run beside a point that is left out. */
const SLACK = 0.8;

type Stroke = number[];

const fit = (at: number, size: number): number => Math.round(Math.min(Math.max(at, 0), size));

/** Where a pointer is, in the drawing's own space. */
export function pointOf(
  box: Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>,
  clientX: number,
  clientY: number,
): [number, number] {
  return [
    fit(((clientX - box.left) / box.width) * WIDTH, WIDTH),
    fit(((clientY - box.top) / box.height) * HEIGHT, HEIGHT),
  ];
}

/** The stroke with one point more, unless that is where it is already. */
export function extended(stroke: Stroke, [x, y]: [number, number]): Stroke {
  const [lastX, lastY] = stroke.slice(-2) as [number, number];
  return Math.hypot(x - lastX, y - lastY) < STEP ? stroke : [...stroke, x, y];
}

/** The same line with fewer points (Ramer, Douglas, Peucker). */
export function thinned(stroke: Stroke, slack = SLACK): Stroke {
  const count = stroke.length / 2;
  if (count < 3) return stroke;
  const at = (n: number): [number, number] => [stroke[2 * n] ?? 0, stroke[2 * n + 1] ?? 0];
  const [ax, ay] = at(0);
  const [bx, by] = at(count - 1);
  const length = Math.hypot(bx - ax, by - ay);
  let [far, farthest] = [0, 0];
  for (let n = 1; n < count - 1; n += 1) {
    const [x, y] = at(n);
    const off = length
      ? Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
      : Math.hypot(x - ax, y - ay);
    if (off > far) [far, farthest] = [off, n];
  }
  if (far <= slack) return [ax, ay, bx, by];
  const head = thinned(stroke.slice(0, 2 * farthest + 2), slack);
  const tail = thinned(stroke.slice(2 * farthest), slack);
  return [...head, ...tail.slice(2)];
}

const pointsOf = (strokes: Stroke[]): number =>
  strokes.reduce((sum, stroke) => sum + stroke.length / 2, 0);

/** With one stroke more, a long one in pieces that touch; null where there is no room for it. */
export function drawn(drawing: Drawing | null, stroke: Stroke): Drawing | null {
  const strokes = [...(drawing?.strokes ?? [])];
  const line = thinned(stroke);
  const step = 2 * (STROKE_POINTS_MAX - 1);
  for (let from = 0; from === 0 || from + 2 < line.length; from += step) {
    strokes.push(line.slice(from, from + 2 * STROKE_POINTS_MAX));
  }
  if (strokes.length > STROKES_MAX || pointsOf(strokes) > POINTS_MAX) return null;
  return { width: WIDTH, height: HEIGHT, strokes };
}

/** As SVG draws it; a tap is a dot. */
export function pathOf(strokes: Stroke[]): string {
  return strokes
    .map((stroke) => {
      const [x, y, ...more] = stroke;
      if (more.length === 0) return `M${x} ${y}h.01`;
      return `M${x} ${y}L${more.join(' ')}`;
    })
    .join('');
}
