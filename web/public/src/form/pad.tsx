/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Signing: the typed name, which is all that the keyboard needs, and beside it a place to draw with
 * finger, pen or mouse. The drawing is lines, so it follows the page's colours and width.
 */
import { useRef, useState } from 'preact/hooks';
import { form as words } from '../words/form';
import { HEIGHT, WIDTH, drawn, extended, pathOf, pointOf } from './stroke';
import type { Signature } from './value';

interface PadProps {
  id: string;
  name: string;
  signature: Signature;
  required: boolean;
  invalid: boolean;
  toldBy: string | undefined;
  onValue: (value: Signature) => void;
}

export function Pad({ id, name, signature, required, invalid, toldBy, onValue }: PadProps) {
  const [isFull, setFull] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const clear = (): void => {
    setFull(false);
    onValue({ ...signature, drawing: null });
    /* The button goes with its tap. */
    input.current?.focus();
  };
  return (
    <div class="sign">
      <label for={id} class="sub">
        {words.signName}
      </label>
      <input
        ref={input}
        id={id}
        name={name}
        autoComplete="name"
        maxLength={120}
        value={signature.name}
        required={required}
        aria-invalid={invalid ? 'true' : undefined}
        aria-describedby={toldBy}
        onInput={(event) => onValue({ ...signature, name: event.currentTarget.value })}
      />
      <Surface
        signature={signature}
        onStroke={(stroke) => {
          const drawing = drawn(signature.drawing, stroke);
          setFull(drawing === null);
          if (drawing) onValue({ ...signature, drawing });
        }}
      />
      {isFull && (
        <p class="error" role="alert">
          {words.signFull}
        </p>
      )}
      {signature.drawing && (
        <button type="button" class="btn quiet" onClick={clear}>
          {words.signClear}
        </button>
      )}
    </div>
  );
}

interface SurfaceProps {
  signature: Signature;
  onStroke: (stroke: number[]) => void;
}

function Surface({ signature, onStroke }: SurfaceProps) {
  /* The one under the finger; a second finger draws nothing. */
  const [stroke, setStroke] = useState<number[] | null>(null);
  const pointer = useRef<number | null>(null);
  const strokes = [...(signature.drawing?.strokes ?? []), ...(stroke ? [stroke] : [])];

  const begin = (event: PointerEvent & { currentTarget: SVGSVGElement }): void => {
    if (pointer.current !== null || event.button !== 0) return;
    event.preventDefault();
    const { currentTarget: pad } = event;
    pad.setPointerCapture(event.pointerId);
    pointer.current = event.pointerId;
    setStroke(pointOf(pad.getBoundingClientRect(), event.clientX, event.clientY));
  };
  const move = (event: PointerEvent & { currentTarget: SVGSVGElement }): void => {
    if (pointer.current !== event.pointerId) return;
    const box = event.currentTarget.getBoundingClientRect();
    const between = event.getCoalescedEvents?.() ?? [];
    const all = between.length > 0 ? between : [event];
    setStroke((last) =>
      all.reduce((line, at) => extended(line, pointOf(box, at.clientX, at.clientY)), last ?? []),
    );
  };
  const end = (event: PointerEvent): void => {
    if (pointer.current !== event.pointerId) return;
    pointer.current = null;
    setStroke(null);
    if (stroke) onStroke(stroke);
  };
  return (
    <div class="pad">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={signature.drawing ? words.signDrawn : words.signDraw}
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      >
        <path class="base" d={`M40 ${HEIGHT - 56}H${WIDTH - 40}`} />
        <path d={pathOf(strokes)} />
      </svg>
      {strokes.length === 0 && <span aria-hidden="true">{words.signHere}</span>}
    </div>
  );
}
