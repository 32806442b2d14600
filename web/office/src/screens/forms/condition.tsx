/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When a question is shown: always, or depending on an earlier answer. */
import { NativeSelect, TextInput } from '@mantine/core';
import { words } from '../../words/forms';
import { type DraftField, askable, keyOf } from './draft';

type ShowIf = NonNullable<DraftField['show_if']>;

interface ConditionProps {
  field: DraftField;
  at: number;
  all: DraftField[];
  faults: Record<string, string>;
  edit: (field: DraftField) => void;
}

/** What can be asked of an answer of this kind. */
function waysOf({ type }: DraftField): ShowIf['is'][] {
  if (type === 'several') return ['includes', 'answered'];
  return type === 'long_text' || type === 'signature' ? ['answered'] : ['equals', 'answered'];
}

function startOf(on: DraftField, is: ShowIf['is'] | undefined): ShowIf {
  const way = is ?? waysOf(on)[0] ?? 'answered';
  const key = keyOf(on);
  if (way === 'answered') return { key, is: way };
  const value = on.type === 'consent' ? 'true' : (on.options[0] ?? '');
  return { key, is: way, value };
}

export function Condition({ field, at, all, faults, edit }: ConditionProps) {
  const earlier = askable(all, at);
  const { show_if: condition, ...bare } = field;
  const on = condition && earlier.find((each) => keyOf(each) === condition.key);
  if (earlier.length === 0) return null;
  const set = (next: ShowIf | undefined): void => edit(next ? { ...bare, show_if: next } : bare);
  return (
    <div className="condition">
      <NativeSelect
        label={words.showIf}
        value={on ? keyOf(on) : ''}
        data={[
          { value: '', label: words.always },
          ...earlier.map((each) => ({ value: keyOf(each), label: each.label || words.unnamed })),
        ]}
        error={faults['show_if.key']}
        onChange={(event) => {
          const next = earlier.find((each) => keyOf(each) === event.currentTarget.value);
          set(next && startOf(next, undefined));
        }}
      />
      {on && condition && (
        <>
          <NativeSelect
            label={words.conditionHow}
            value={condition.is}
            data={waysOf(on).map((value) => ({ value, label: words.conditions[value] }))}
            error={faults['show_if.is']}
            onChange={(event) => {
              const way = waysOf(on).find((each) => each === event.currentTarget.value);
              if (way) set(startOf(on, way));
            }}
          />
          {condition.is !== 'answered' && (
            <Value on={on} condition={condition} error={faults['show_if.value']} set={set} />
          )}
        </>
      )}
    </div>
  );
}

interface ValueProps {
  on: DraftField;
  condition: ShowIf;
  error: string | undefined;
  set: (condition: ShowIf) => void;
}

function Value({ on, condition, error, set }: ValueProps) {
  const value = condition.value ?? '';
  const choose = (next: string): void => set({ ...condition, value: next });
  if (on.type === 'consent' || on.options.length > 0) {
    const data =
      on.type === 'consent'
        ? [
            { value: 'true', label: words.given },
            { value: 'false', label: words.notGiven },
          ]
        : on.options.filter(Boolean).map((each) => ({ value: each, label: each }));
    return (
      <NativeSelect
        label={words.conditionValue}
        value={value}
        data={data}
        error={error}
        onChange={(event) => choose(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      label={words.conditionValue}
      type={on.type === 'date' ? 'date' : 'text'}
      value={value}
      error={error}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}
