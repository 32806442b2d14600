/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Parts that signing up, signing in and the account share. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Field } from '../kit/ui';
import { form as formWords } from '../words/account';
import type { Choice } from './guess';

/** The server's own rule; it refuses the well-known ones besides. */
export const LEAST_PASSWORD = 8;

interface PasswordProps {
  id: string;
  label: string;
  hint?: string;
  value: string;
  error: string | undefined;
  autoComplete: 'new-password' | 'current-password';
  onValue: (value: string) => void;
}

/** A password that its owner may look at: better than typing it twice. */
export function PasswordField({ autoComplete, ...field }: PasswordProps) {
  const [isShown, setShown] = useState(false);
  const input = {
    autoComplete,
    required: true,
    autoCapitalize: 'none',
    spellcheck: false,
    maxLength: 1024,
  } as const;
  return (
    <Field {...field} input={isShown ? { ...input, type: 'text' } : { ...input, type: 'password' }}>
      <button
        type="button"
        class="peek"
        aria-pressed={isShown}
        aria-label={`${formWords.show}: ${field.label}`}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? formWords.hide : formWords.show}
      </button>
    </Field>
  );
}

/** The title of one step; the focus goes to it when a step before has led here. */
export function Title({ moved, children }: { moved: boolean; children: ComponentChildren }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (moved) title.current?.focus();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <h1 ref={title} tabIndex={-1}>
      {children}
    </h1>
  );
}

interface CodeProps {
  id: string;
  label: string;
  value: string;
  error: string | undefined;
  /** A recovery code has letters; an app's code is digits, for which phones have their own keys. */
  isRecovery?: boolean;
  onValue: (value: string) => void;
}

export function CodeField({ isRecovery = false, ...field }: CodeProps) {
  return (
    <Field
      {...field}
      input={{
        type: 'text',
        inputMode: isRecovery ? 'text' : 'numeric',
        autoComplete: isRecovery ? 'off' : 'one-time-code',
        autoCapitalize: 'none',
        spellcheck: false,
        required: true,
        maxLength: 64,
        class: 'code',
      }}
    />
  );
}

interface SelectProps {
  id: string;
  label: string;
  value: string;
  choices: Choice[];
  error: string | undefined;
  onValue: (value: string) => void;
}

export function Select({ id, label, value, choices, error, onValue }: SelectProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={id}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
