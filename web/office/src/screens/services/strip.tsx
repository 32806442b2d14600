/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A visit's time as it passes: buffers, work, and what is processing while the person is free. */
import { words } from '../../words/service';
import { minutesOf } from './amounts';
import type { Draft } from './draft';

type Part = 'buffer' | 'work' | 'processing';

export function Strip({ draft }: { draft: Pick<Draft, 'segments' | 'before' | 'after'> }) {
  const parts: { kind: Part; minutes: number }[] = [
    { kind: 'buffer' as const, minutes: minutesOf(draft.before) ?? 0 },
    ...draft.segments.map(({ kind, minutes }) => ({ kind, minutes: minutesOf(minutes) ?? 0 })),
    { kind: 'buffer' as const, minutes: minutesOf(draft.after) ?? 0 },
  ].filter(({ minutes }) => minutes > 0);
  const text = parts.map(({ kind, minutes }) => words.part(words.kinds[kind], minutes)).join(', ');
  return (
    <figure className="strip">
      <div className="strip-bar" role="img" aria-label={text}>
        {parts.map(({ kind, minutes }, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- parts have nothing else to go by
          <span key={at} data-kind={kind} style={{ flexGrow: minutes }}>
            <i>{minutes}</i>
          </span>
        ))}
      </div>
      <figcaption aria-hidden="true">
        {(['work', 'processing', 'buffer'] as const)
          .filter((kind) => parts.some((part) => part.kind === kind))
          .map((kind) => (
            <span key={kind} data-kind={kind}>
              {words.kinds[kind]}
            </span>
          ))}
      </figcaption>
    </figure>
  );
}
