/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The visit's notes, written where they stand. */
import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { Act } from '../../kit/act';
import type { Booking } from '../../kit/contract';
import { words as kit } from '../../words/kit';
import { words } from '../../words/visit';
import { type Change, patch } from './change';

export function Notes({ booking, change }: { booking: Booking; change: Change }) {
  const [typed, setTyped] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const isChanged = typed !== null && typed !== booking.notes;
  const save = (): void => {
    if (typed === null) return;
    const notes = typed.trim();
    change.mutate(
      { said: words.said.noted, now: { notes }, run: patch({ notes }) },
      { onSuccess: () => setTyped(null) },
    );
    field.current?.focus();
  };
  return (
    <section className="visit-part">
      <Textarea
        ref={field}
        label={words.notes}
        placeholder={words.notesHint}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={2000}
        value={typed ?? booking.notes}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
      />
      {isChanged && (
        <div className="row visit-save">
          <Act size="compact-md" busy={change.isPending} onClick={save}>
            {kit.save}
          </Act>
          <Button
            size="compact-md"
            variant="subtle"
            onClick={() => {
              setTyped(null);
              field.current?.focus();
            }}
          >
            {kit.cancel}
          </Button>
        </div>
      )}
    </section>
  );
}
