/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Switch, delay and words of an automation. Nothing is sent in other words before it is saved. */
import { Button, Switch, TextInput, Textarea } from '@mantine/core';
import { RotateCcw } from 'lucide-react';
import { type FormEvent, useEffect, useId, useRef } from 'react';
import { Act } from '../../kit/act';
import { problemText } from '../../kit/problem';
import { Refusal, faultsByField } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/automations';
import { words as kit } from '../../words/kit';
import { type Automation, type Change, useChange } from './data';
import { Delay } from './delay_field';
import type { Draft } from './draft';

const SUBJECT_MAX = 200;
const BODY_MAX = 5000;

interface EditorProps {
  of: Automation;
  draft: Draft;
}

export function Editor({ of, draft }: EditorProps) {
  const change = useChange();
  const toast = useToast();
  const { name } = words.kinds[of.key];
  const faults = faultsByField(change.error);
  const save = (what: Change, said: string, undo?: (now: Automation) => void): void =>
    change.mutate(
      { of, change: what },
      {
        onSuccess: (now) => {
          draft.reset();
          toast.say(said, undo && (() => undo(now)));
        },
      },
    );
  const back = (was: Automation) => (now: Automation) =>
    change.mutate(
      { of: now, change: { subject: was.subject ?? '', body: was.body ?? '' } },
      { onSuccess: draft.reset, onError: (error) => toast.fail(error) },
    );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (draft.isChanged) save(draft.change, words.saved);
  };
  useUnsaved(draft.isChanged);
  const isElsewhere = change.error instanceof Refusal && change.error.status === 412;
  return (
    <form className="panel stack automation-edit" onSubmit={submit}>
      {change.error && (isElsewhere || Object.keys(faults).length === 0) && (
        <Alarm>{problemText(change.error)}</Alarm>
      )}
      <Switch
        label={words.isOn}
        description={of.to_client ? words.isOnClient : undefined}
        aria-label={`${words.isOn}: ${name}`}
        checked={draft.enabled}
        onChange={(event) => draft.set({ enabled: event.currentTarget.checked })}
      />
      {of.delay_min !== null && <Delay of={of} draft={draft} error={faults['delay_min']} />}
      {of.subject !== null && <Wording of={of} draft={draft} faults={faults} />}
      <div className="row apart">
        {of.changed && of.subject !== null ? (
          <Act
            variant="subtle"
            busy={false}
            leftSection={<RotateCcw size={16} aria-hidden="true" />}
            onClick={() => save({ subject: null, body: null }, words.ours, back(of))}
          >
            {words.toOurs}
          </Act>
        ) : (
          <span />
        )}
        <div className="row">
          {draft.isChanged && (
            <Button variant="subtle" onClick={draft.reset}>
              {words.discard}
            </Button>
          )}
          <Act type="submit" busy={change.isPending} disabled={!draft.isChanged}>
            {kit.save}
          </Act>
        </div>
      </div>
    </form>
  );
}

/** The browser asks before a page with unsaved words is closed. */
function useUnsaved(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isChanged]);
}

interface WordingProps extends EditorProps {
  faults: Record<string, string>;
}

function Wording({ of, draft, faults }: WordingProps) {
  const subject = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTextAreaElement>(null);
  const last = useRef<'subject' | 'body'>('body');
  const hint = useId();
  /* Where the cursor was last, since a click on the button takes it away. */
  const put = (name: string): void => {
    const part = last.current;
    const field = part === 'subject' ? subject.current : body.current;
    if (!field) return;
    const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const word = `{${name}}`;
    draft.set({ [part]: field.value.slice(0, from) + word + field.value.slice(to) });
    field.focus();
    requestAnimationFrame(() => field.setSelectionRange(from + word.length, from + word.length));
  };
  return (
    <>
      <TextInput
        ref={subject}
        label={words.subject}
        value={draft.subject}
        maxLength={SUBJECT_MAX}
        error={faults['subject']}
        onFocus={() => (last.current = 'subject')}
        onChange={(event) => draft.set({ subject: event.currentTarget.value })}
      />
      <Textarea
        ref={body}
        label={words.body}
        description={words.bodyHint}
        value={draft.body}
        maxLength={BODY_MAX}
        autosize
        minRows={6}
        maxRows={16}
        error={faults['body']}
        onFocus={() => (last.current = 'body')}
        onChange={(event) => draft.set({ body: event.currentTarget.value })}
      />
      <div role="group" aria-labelledby={hint}>
        <p id={hint} className="soft small">
          {words.fieldsHint}
        </p>
        <p className="automation-fields">
          {of.fields.map((name) => (
            <button key={name} type="button" className="automation-field" onClick={() => put(name)}>
              {`{${name}}`}
            </button>
          ))}
        </p>
      </div>
    </>
  );
}
