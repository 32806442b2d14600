/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The form around fields that wait to be saved: its bar is there while something is unsaved, Ctrl or
 * Cmd with S saves, and leaving asks once.
 */
import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { Act } from '../../kit/act';
import { Dialog } from '../../kit/dialog';
import { Alarm } from '../../kit/states';
import { words as kit } from '../../words/kit';
import { words } from '../../words/settings';

interface SaveFormProps {
  changing: Pick<
    { isDirty: boolean; isSaving: boolean; failure: string | null; error: unknown; save: () => void; discard: () => void },
    'isDirty' | 'isSaving' | 'failure' | 'error' | 'save' | 'discard'
  >;
  /** What is wrong already here; nothing is sent then. */
  isWrong?: boolean;
  children: ReactNode;
}

export function SaveForm({ changing, isWrong = false, children }: SaveFormProps) {
  const { isDirty, isSaving, failure, error, save, discard } = changing;
  const form = useRef<HTMLFormElement>(null);
  const showFirst = (): void =>
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  /* What the server says beside a field is looked at first. */
  useEffect(showFirst, [error]);
  useEffect(() => {
    const saveByKey = (event: KeyboardEvent): void => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.current?.requestSubmit();
    };
    addEventListener('keydown', saveByKey);
    return () => removeEventListener('keydown', saveByKey);
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isWrong) showFirst();
    else save();
  };
  return (
    <form
      ref={form}
      className="stack settings-form"
      noValidate
      onSubmit={submit}
    >
      {children}
      {failure && <Alarm>{failure}</Alarm>}
      {isDirty && (
        <div className="save-bar" role="region" aria-label={words.unsaved}>
          <p>{words.unsaved}</p>
          <Button
            variant="default"
            onClick={() => {
              discard();
              document.getElementById('content')?.focus({ preventScroll: true });
            }}
          >
            {words.discard}
          </Button>
          <Act type="submit" busy={isSaving}>
            {kit.save}
          </Act>
        </div>
      )}
      <Leaving isDirty={isDirty} />
    </form>
  );
}

function Leaving({ isDirty }: { isDirty: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  return (
    <Dialog title={words.leaveTitle} onClose={reset}>
      <div className="stack">
        <p>{words.leaveText}</p>
        <div className="row apart">
          <Button variant="default" data-autofocus onClick={reset}>
            {words.stay}
          </Button>
          <Button color="red.9" onClick={proceed}>
            {words.leave}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
