/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All that makes a question: its text, its kind, what can be answered, when it is shown. */
import { NativeSelect, Switch, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { words } from '../../words/forms';
import { Condition } from './condition';
import { type DraftField, type FieldType, hasOptions, retyped } from './draft';

const TYPES = Object.keys(words.types) as FieldType[];

interface EditProps {
  field: DraftField;
  at: number;
  all: DraftField[];
  faults: Record<string, string>;
  edit: (field: DraftField) => void;
}

export function FieldEdit({ field, at, all, faults, edit }: EditProps) {
  const { type } = field;
  return (
    <div className="stack">
      <div className="field-pair">
        <TextInput
          data-label
          label={words.labelOf[type] ?? words.label}
          value={field.label}
          required
          maxLength={200}
          error={faults['label']}
          onChange={(event) => edit({ ...field, label: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.type}
          value={type}
          data={TYPES.map((value) => ({ value, label: words.types[value] }))}
          error={faults['type']}
          onChange={(event) => {
            const next = TYPES.find((each) => each === event.currentTarget.value);
            if (next) edit(retyped(field, next));
          }}
        />
      </div>
      {hasOptions(type) && (
        <Textarea
          label={words.options}
          description={words.optionsHint}
          value={field.options.join('\n')}
          required
          autosize
          minRows={3}
          maxRows={12}
          error={faults['options']}
          onChange={(event) => edit({ ...field, options: event.currentTarget.value.split('\n') })}
        />
      )}
      {type === 'number' && (
        <div className="pair">
          <Bound label={words.min} value={field.min} error={faults['min']} set={(min) => edit({ ...field, min })} />
          <Bound label={words.max} value={field.max} error={faults['max']} set={(max) => edit({ ...field, max })} />
        </div>
      )}
      <Textarea
        label={words.help}
        description={words.helpHint}
        value={field.help}
        autosize
        minRows={1}
        maxRows={8}
        error={faults['help']}
        onChange={(event) => edit({ ...field, help: event.currentTarget.value })}
      />
      {type !== 'section' && (
        <Switch
          label={words.required}
          checked={field.required}
          onChange={(event) => edit({ ...field, required: event.currentTarget.checked })}
        />
      )}
      <Condition field={field} at={at} all={all} faults={faults} edit={edit} />
    </div>
  );
}

interface BoundProps {
  label: string;
  value: number | undefined;
  error: string | undefined;
  set: (value: number | undefined) => void;
}

/** A number with a point or a comma; what is none yet stays as it is typed. */
function Bound({ label, value, error, set }: BoundProps) {
  const [typed, setTyped] = useState(value === undefined ? '' : String(value));
  return (
    <TextInput
      label={label}
      inputMode="decimal"
      value={typed}
      error={error}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const number = Number(text.replace(',', '.'));
        set(text.trim() === '' || !Number.isFinite(number) ? undefined : number);
      }}
    />
  );
}
