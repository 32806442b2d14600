/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One question with its control, its help, and beside it what is wrong with the answer. */
import type { ComponentChildren, JSX } from 'preact';
import type { FormField } from '../kit/contract';
import { form as words } from '../words/form';
import { Pad } from './pad';
import { type Value, isSignature } from './value';

/** More than these are easier to find in a list that opens. */
const RADIOS_MAX = 8;

/** Apart from the ids of the page itself, whatever an owner calls a field. */
export const idOf = (key: string): string => `q-${key}`;

interface ControlProps {
  field: FormField;
  value: Value;
  error: string | undefined;
  onValue: (value: Value) => void;
}

const INPUTS: Partial<Record<FormField['type'], JSX.IntrinsicElements['input']>> = {
  text: { maxLength: 500 },
  email: { type: 'email', inputMode: 'email', autoComplete: 'email', maxLength: 254 },
  phone: { type: 'tel', autoComplete: 'tel', maxLength: 32 },
  number: { inputMode: 'decimal', maxLength: 15 },
  date: { type: 'date', max: '9999-12-31' },
};

const HINTS: Partial<Record<FormField['type'], string>> = {
  several: words.severalHint,
  signature: words.signatureHint,
};

export function Control(props: ControlProps) {
  const { type, options } = props.field;
  if (type === 'consent') return <Consent {...props} />;
  if (type === 'signature') return <Sign {...props} />;
  if (type === 'several') return <Ticks {...props} />;
  if (type === 'choice' && options.length <= RADIOS_MAX) return <Radios {...props} />;
  return <Typed {...props} />;
}

function hintOf({ help, type }: FormField): string {
  return help || (HINTS[type] ?? '');
}

/** The ids of what explains a control. */
function toldBy({ field, error }: ControlProps): string | undefined {
  const id = idOf(field.key);
  const told = [error && `${id}-error`, hintOf(field) && `${id}-hint`];
  return told.filter(Boolean).join(' ') || undefined;
}

function Told({ field, error }: ControlProps) {
  const id = idOf(field.key);
  const hint = hintOf(field);
  return (
    <>
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
    </>
  );
}

function Label({ field }: { field: FormField }) {
  return (
    <>
      {field.label} {!field.required && <span class="sub">{words.optional}</span>}
    </>
  );
}

function Typed(props: ControlProps) {
  const { field, value, error, onValue } = props;
  const id = idOf(field.key);
  const common = {
    id,
    name: field.key,
    value: typeof value === 'string' ? value : '',
    required: field.required,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': toldBy(props),
  };
  return (
    <div class="field">
      <label for={id}>
        <Label field={field} />
      </label>
      {field.type === 'long_text' ? (
        <textarea
          {...common}
          rows={4}
          maxLength={5000}
          onInput={(e) => onValue(e.currentTarget.value)}
        />
      ) : field.type === 'choice' ? (
        <select {...common} onChange={(e) => onValue(e.currentTarget.value)}>
          <option value="">{words.choose}</option>
          {field.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input
          {...INPUTS[field.type]}
          {...common}
          onInput={(e) => onValue(e.currentTarget.value)}
        />
      )}
      <Told {...props} />
    </div>
  );
}

/** Several controls under one question. */
function Group({ children, ...props }: ControlProps & { children: ComponentChildren }) {
  return (
    <fieldset class={props.error ? 'field wrong' : 'field'} aria-describedby={toldBy(props)}>
      <legend>
        <Label field={props.field} />
      </legend>
      {children}
      <Told {...props} />
    </fieldset>
  );
}

/** The first bears the question's id: there the focus goes when the answer is wrong. */
const placeOf = (field: FormField, i: number): string =>
  i === 0 ? idOf(field.key) : `${idOf(field.key)}-${i}`;

function Radios(props: ControlProps) {
  const { field, value, onValue } = props;
  return (
    <Group {...props}>
      {field.options.map((option, i) => (
        <label key={option} class="tick">
          <input
            type="radio"
            id={placeOf(field, i)}
            name={field.key}
            checked={value === option}
            required={field.required}
            onChange={() => onValue(option)}
          />
          <span>{option}</span>
        </label>
      ))}
    </Group>
  );
}

function Ticks(props: ControlProps) {
  const { field, value, onValue } = props;
  const chosen = Array.isArray(value) ? value : [];
  const turn = (option: string, on: boolean): void =>
    onValue(field.options.filter((one) => (one === option ? on : chosen.includes(one))));
  return (
    <Group {...props}>
      {field.options.map((option, i) => (
        <label key={option} class="tick">
          <input
            type="checkbox"
            id={placeOf(field, i)}
            name={field.key}
            checked={chosen.includes(option)}
            onChange={(e) => turn(option, e.currentTarget.checked)}
          />
          <span>{option}</span>
        </label>
      ))}
    </Group>
  );
}

function Consent(props: ControlProps) {
  const { field, value, error, onValue } = props;
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label class="tick">
        <input
          type="checkbox"
          id={idOf(field.key)}
          name={field.key}
          checked={value === true}
          required={field.required}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={toldBy(props)}
          onChange={(e) => onValue(e.currentTarget.checked)}
        />
        <span>
          <Label field={field} />
        </span>
      </label>
      <Told {...props} />
    </div>
  );
}

function Sign(props: ControlProps) {
  const { field, value, error, onValue } = props;
  return (
    <Group {...props}>
      <Pad
        id={idOf(field.key)}
        name={field.key}
        signature={isSignature(value) ? value : { name: '', drawing: null }}
        required={field.required}
        invalid={Boolean(error)}
        toldBy={toldBy(props)}
        onValue={onValue}
      />
    </Group>
  );
}
