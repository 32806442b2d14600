/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How long it takes, of what parts, with what room around it. */
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { words } from '../../words/service';
import { duration } from './amounts';
import { type DraftSegment, lengthOf } from './draft';
import type { Editing } from './editing';
import { Part } from './part';
import { Strip } from './strip';

const MOST = 12;

export function Time({ editing: { draft, faults, edit } }: { editing: Editing }) {
  const { segments } = draft;
  const list = useRef<HTMLOListElement>(null);
  const focusNext = useRef<number | null>(null);
  /* After a part has come or gone, its place (or the last one) has the focus. */
  useEffect(() => {
    if (focusNext.current === null) return;
    const fields = list.current?.querySelectorAll<HTMLInputElement>('input');
    fields?.[Math.min(focusNext.current, fields.length - 1)]?.focus();
    focusNext.current = null;
  });
  const set = (at: number, change: Partial<DraftSegment>): void =>
    edit({ segments: segments.map((each, place) => (place === at ? { ...each, ...change } : each)) });
  const add = (kind: DraftSegment['kind']): void => {
    focusNext.current = segments.length;
    edit({ segments: [...segments, { kind, minutes: '15' }] });
  };
  const total = lengthOf(draft);
  return (
    <Part title={words.parts.time} hint={words.timeHint}>
      <Strip draft={draft} />
      <p className="time-total" role="status">
        {words.total(duration(total))}
        {faults['duration_min'] && (
          <span className="fault" tabIndex={-1} data-fault>
            {faults['duration_min']}
          </span>
        )}
      </p>
      <ol ref={list} className="segments">
        {segments.map((segment, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a part is what stands at its place
          <li key={at} data-kind={segment.kind}>
            <NativeSelect
              aria-label={words.kindOf(at + 1)}
              value={segment.kind}
              error={faults[`segments.${at}.kind`]}
              data={(['work', 'processing'] as const).map((value) => ({ value, label: words.kinds[value] }))}
              onChange={(event) => set(at, { kind: event.currentTarget.value === 'processing' ? 'processing' : 'work' })}
            />
            <TextInput
              aria-label={words.minutesOf(at + 1)}
              inputMode="numeric"
              value={segment.minutes}
              rightSection={<span className="soft small">{words.minutes}</span>}
              error={faults[`segments.${at}.minutes`]}
              onChange={(event) => set(at, { minutes: event.currentTarget.value })}
            />
            {segments.length > 1 && (
              <ActionIcon
                size={36}
                aria-label={words.removePart(at + 1)}
                onClick={() => {
                  focusNext.current = at;
                  edit({ segments: segments.toSpliced(at, 1) });
                }}
              >
                <X size={16} aria-hidden="true" />
              </ActionIcon>
            )}
          </li>
        ))}
      </ol>
      {segments.length < MOST && (
        <div className="row">
          {(['processing', 'work'] as const).map((kind) => (
            <Button
              key={kind}
              variant="light"
              size="xs"
              leftSection={<Plus size={15} aria-hidden="true" />}
              onClick={() => add(kind)}
            >
              {kind === 'work' ? words.addWork : words.addProcessing}
            </Button>
          ))}
        </div>
      )}
      <div className="pair">
        <TextInput
          label={words.before}
          inputMode="numeric"
          value={draft.before}
          error={faults['buffer_before_min']}
          onChange={(event) => edit({ before: event.currentTarget.value })}
        />
        <TextInput
          label={words.after}
          inputMode="numeric"
          value={draft.after}
          error={faults['buffer_after_min']}
          onChange={(event) => edit({ after: event.currentTarget.value })}
        />
      </div>
    </Part>
  );
}
