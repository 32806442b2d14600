/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Clinical notes: read only when somebody asks for them, because each reading is recorded. */
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { LockKeyhole } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import type { Client } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/clients';
import { words as kit } from '../../words/kit';

export function Clinical({ client: { id } }: { client: Client }) {
  const [text, setText] = useState<string | null>(null);
  const [version, setVersion] = useState(0);
  const toast = useToast();
  const cache = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  const path = { id };
  const read = useMutation({
    mutationFn: () => ask(api.GET('/api/v1/clients/{id}/clinical-notes', { params: { path } })),
    onSuccess: (notes) => {
      setText(notes.text);
      setVersion(notes.version);
    },
  });
  const save = useMutation({
    mutationFn: (now: string) =>
      ask(
        api.PUT('/api/v1/clients/{id}/clinical-notes', {
          params: { path, header: { 'If-Match': ifMatch(version) } },
          body: { text: now },
        }),
      ),
    onSuccess: (notes) => {
      setVersion(notes.version);
      void cache.invalidateQueries({ queryKey: ['clients'] });
      toast.say(words.clinicalSaved);
    },
  });
  const isOpen = text !== null;
  useEffect(() => {
    if (isOpen) field.current?.focus();
    else if (wasOpen.current) button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const error = read.error ?? save.error;
  return (
    <section className="panel" aria-labelledby="clinical-title">
      <h2 id="clinical-title">{words.clinical}</h2>
      <div className="stack">
        <p className="clinical-why">
          <LockKeyhole size={16} aria-hidden="true" />
          {words.clinicalSealed}
        </p>
        {error && <Alarm>{problemText(error)}</Alarm>}
        {isOpen ? (
          <>
            <Textarea
              ref={field}
              aria-label={words.clinicalLabel}
              placeholder={words.clinicalNone}
              value={text}
              autosize
              minRows={4}
              maxRows={20}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <div className="row apart">
              <Button variant="default" onClick={() => setText(null)}>
                {words.clinicalHide}
              </Button>
              <Act busy={save.isPending} onClick={() => save.mutate(text)}>
                {kit.save}
              </Act>
            </div>
          </>
        ) : (
          <Act ref={button} variant="default" busy={read.isPending} onClick={() => read.mutate()}>
            {words.clinicalShow}
          </Act>
        )}
      </div>
    </section>
  );
}
