/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Small parts that every page is made of. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { notLoaded, shared } from '../words/shared';
import type { Problem } from './contract';
import type { Loaded } from './load';

/** A step begins at its top, with the focus on its heading, unless the page has just loaded. */
export function StepHeading({ moved, children }: { moved: boolean; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  /* Only on arrival: later moves within the step leave the focus where it is. */
  useEffect(() => {
    if (!moved) return;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}

/** Says what went wrong, takes the focus, and holds the way out. Remount it by key to say it again. */
export function Alert({
  children,
  tone = 'bad',
}: {
  children: ComponentChildren;
  tone?: 'bad' | 'note';
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={box} class={`alert ${tone}`} role="alert" tabIndex={-1}>
      {children}
    </div>
  );
}

export function problemText(problem: Problem | null): string {
  if (!problem) return shared.unreachable;
  if (problem.status === 429) return shared.tooMany(problem.retryAfterSeconds);
  if (problem.status >= 500) return shared.serverTrouble;
  return problem.detail || problem.title || shared.serverTrouble;
}

export function LoadFailed(props: { title: string; problem: Problem | null; retry: () => void }) {
  return (
    <div class="alert bad" role="alert">
      <p>
        <strong>{props.title}</strong> {problemText(props.problem)}
      </p>
      <button type="button" class="btn quiet" onClick={props.retry}>
        {shared.tryAgain}
      </button>
    </div>
  );
}

/** What stands for something that is being read, or could not be. */
export function Reading({ load }: { load: Omit<Loaded<unknown>, 'put'> }) {
  if (load.loading) return <p role="status">{shared.loading}</p>;
  if (!load.problem && !load.unreachable) return null;
  return <LoadFailed title={notLoaded} problem={load.problem} retry={load.reload} />;
}

interface FailureProps {
  /** A form or an action. `turn` tells one failure from the next. */
  of: { failure: { problem: Problem | null; turn: number } | null };
}

/** What no field explains, above the form or the buttons. */
export function Failure({ of: { failure } }: FailureProps) {
  if (!failure) return null;
  return (
    <Alert key={failure.turn}>
      <p>{problemText(failure.problem)}</p>
    </Alert>
  );
}

interface SubmitProps {
  isSending: boolean;
  label: string;
  busy: string;
}

export function Submit({ isSending, label, busy }: SubmitProps) {
  return (
    <button type="submit" class="btn" aria-disabled={isSending}>
      {isSending ? busy : label}
    </button>
  );
}

interface FieldProps {
  id: string;
  label: string;
  value: string;
  error: string | undefined;
  hint?: string;
  input?: JSX.IntrinsicElements['input'];
  rows?: number;
  /** Characters at most, of a text of several rows. */
  max?: number;
  children?: ComponentChildren;
  onValue: (value: string) => void;
}

/** A label, its control, and beside it what is wrong with it and how to mend that. */
export function Field({
  id,
  label,
  value,
  error,
  hint,
  input,
  rows,
  max = 1000,
  children,
  onValue,
}: FieldProps) {
  const told = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const common = {
    id,
    name: id,
    value,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': told || undefined,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="control">
        {rows ? (
          <textarea
            {...common}
            rows={rows}
            maxLength={max}
            onInput={(e) => onValue(e.currentTarget.value)}
          />
        ) : (
          <input
            maxLength={200}
            {...input}
            {...common}
            onInput={(e) => onValue(e.currentTarget.value)}
          />
        )}
        {children}
      </div>
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Puts the focus on the first of `order` that has an error; false when none has. */
export function focusFirst(errors: Record<string, string>, order: string[]): boolean {
  const first = order.find((name) => errors[name]);
  if (!first) return false;
  document.getElementById(first)?.focus();
  return true;
}

const LIKE_AN_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Only the slips of typing: whether an address works, its mailbox says. */
export const looksLikeEmail = (text: string): boolean => LIKE_AN_ADDRESS.test(text);
