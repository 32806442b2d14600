/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The form as its client will see it, with conditions that work. Nothing is sent. */
import { Checkbox, NativeSelect, Radio, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { words } from '../../words/forms';
import { type Draft, type DraftField, keyOf } from './draft';
import { type Filled, shownFields } from './shown';

export function Preview({ draft }: { draft: Draft }) {
  const [filled, setFilled] = useState<Filled>({});
  const url = draft.external_url.trim();
  return (
    <aside className="preview" aria-label={words.preview}>
      <header>
        <h2>{words.preview}</h2>
        <p className="soft small">{words.previewHint}</p>
      </header>
      <div className="preview-page">
        <h3>{draft.name || words.untitled}</h3>
        {url ? (
          <p>
            {words.previewExternal} <b>{url}</b>
          </p>
        ) : (
          shownFields(draft.fields, filled).map((field) => (
            <One
              key={field.id}
              field={field}
              value={filled[keyOf(field)]}
              fill={(value) => setFilled((last) => ({ ...last, [keyOf(field)]: value }))}
            />
          ))
        )}
      </div>
    </aside>
  );
}

interface OneProps {
  field: DraftField;
  value: Filled[string];
  fill: (value: Filled[string]) => void;
}

const INPUTS = { email: 'email', phone: 'tel', number: 'number', date: 'date' } as const;

function One({ field, value, fill }: OneProps) {
  const { type, help, options, required } = field;
  const label = field.label || words.unnamed;
  const text = typeof value === 'string' ? value : '';
  const shared = { label, description: help || undefined, withAsterisk: required };
  switch (type) {
    case 'section':
      return (
        <div className="preview-section">
          <h4>{label}</h4>
          {help && <p>{help}</p>}
        </div>
      );
    case 'long_text':
      return <Textarea {...shared} value={text} minRows={3} autosize onChange={(event) => fill(event.currentTarget.value)} />;
    case 'choice':
      return options.length > 6 ? (
        <NativeSelect
          {...shared}
          value={text}
          data={[words.chooseOne, ...options]}
          onChange={(event) => fill(event.currentTarget.value)}
        />
      ) : (
        <Radio.Group {...shared} value={text} onChange={fill}>
          <div className="preview-options">
            {options.filter(Boolean).map((each) => (
              <Radio key={each} value={each} label={each} />
            ))}
          </div>
        </Radio.Group>
      );
    case 'several':
      return (
        <Checkbox.Group {...shared} value={Array.isArray(value) ? value : []} onChange={fill}>
          <div className="preview-options">
            {options.filter(Boolean).map((each) => (
              <Checkbox key={each} value={each} label={each} />
            ))}
          </div>
        </Checkbox.Group>
      );
    case 'consent':
      return (
        <Checkbox
          label={required ? `${label} *` : label}
          description={help || undefined}
          checked={value === true}
          onChange={(event) => fill(event.currentTarget.checked)}
        />
      );
    case 'signature':
      return (
        <div className="preview-sign">
          <TextInput {...shared} value={text} onChange={(event) => fill(event.currentTarget.value)} />
          <p className="soft small">{words.previewSign}</p>
        </div>
      );
    default:
      return (
        <TextInput
          {...shared}
          type={type === 'text' ? 'text' : INPUTS[type]}
          value={text}
          onChange={(event) => fill(event.currentTarget.value)}
        />
      );
  }
}
