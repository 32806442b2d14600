/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What every short form does: check, send once however often it is tapped, put each error beside its
 * field with the focus on the first, and say what went wrong otherwise.
 */
import { useRef, useState } from 'preact/hooks';
import { type Answer, fieldErrors } from './api';
import type { Problem } from './contract';
import { focusFirst } from './ui';

export type Errors = Record<string, string>;

export interface Form<F> {
  filling: F;
  errors: Errors;
  /** The failure that no field explains; `turn` tells one from the next. */
  failure: { problem: Problem | null; turn: number } | null;
  isSending: boolean;
  edit: (name: keyof F & string) => (value: string) => void;
  submit: (event: Event) => void;
  /** The same as `submit`, for a button outside the form. */
  retry: () => void;
  /** Takes the failure away. */
  clear: () => void;
}

interface FormOptions<F, T> {
  first: F;
  /** The fields from top to bottom. */
  order: (keyof F & string)[];
  check: (filling: F) => Errors;
  send: (filling: F) => Promise<Answer<T>>;
  /** Fields that a refusal points to, where the answer itself names none. */
  explain?: (problem: Problem) => Errors;
  done: (value: T) => void;
  /** Told of every change, to keep what is typed over a reload. */
  changed?: (filling: F) => void;
}

export function useForm<F extends Record<string, string>, T>(options: FormOptions<F, T>): Form<F> {
  const [filling, setFilling] = useState<F>(options.first);
  const [errors, setErrors] = useState<Errors>({});
  const [failure, setFailure] = useState<Form<F>['failure']>(null);
  const [isSending, setSending] = useState(false);
  const inFlight = useRef(false);

  const send = async (): Promise<void> => {
    if (inFlight.current) return;
    const found = options.check(filling);
    setErrors(found);
    if (focusFirst(found, options.order)) return;

    inFlight.current = true;
    setSending(true);
    setFailure(null);
    const answer = await options.send(filling);
    if (answer.kind === 'ok') {
      /* Still in flight: a tap that comes before the next screen sends nothing more. */
      options.done(answer.value);
      return;
    }
    inFlight.current = false;
    setSending(false);
    const problem = answer.kind === 'problem' ? answer.problem : null;
    const told = problem ? { ...fieldErrors(problem), ...options.explain?.(problem) } : {};
    setErrors(told);
    if (!focusFirst(told, options.order)) setFailure({ problem, turn: Date.now() });
  };

  return {
    filling,
    errors,
    failure,
    isSending,
    edit: (name) => (value) => {
      const next = { ...filling, [name]: value };
      setFilling(next);
      options.changed?.(next);
      if (errors[name]) setErrors({ ...errors, [name]: '' });
    },
    submit: (event) => {
      event.preventDefault();
      void send();
    },
    retry: () => void send(),
    clear: () => setFailure(null),
  };
}
