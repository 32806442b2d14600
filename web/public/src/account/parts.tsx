/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Controls that only signing up and signing in need. */
import { useState } from 'preact/hooks';
import { Field } from '../kit/ui';
import { account as words } from '../words/account';
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
  } as const;
  return (
    <Field {...field} input={isShown ? { ...input, type: 'text' } : { ...input, type: 'password' }}>
      <button
        type="button"
        class="peek"
        aria-pressed={isShown}
        aria-label={`${words.show}: ${field.label}`}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? words.hide : words.show}
      </button>
    </Field>
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
