/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How clients may book, and in a sentence what they will see of it. */
import { NativeSelect, Radio, Switch, TextInput } from '@mantine/core';
import { Eye } from 'lucide-react';
import type { Workspace } from '../../kit/contract';
import { words } from '../../words/settings';
import { useBusiness } from './changing';
import { SaveForm } from './save_bar';
import { WithWorkspace } from './with_workspace';

export default function Booking() {
  return <WithWorkspace>{(workspace) => <Fields workspace={workspace} />}</WithWorkspace>;
}

const HOUR = 60;
const DAY = 24 * HOUR;
const STEPS = [5, 10, 15, 20, 30, 60];
const NOTICES = [0, 30, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];
const ADVANCES = [7, 14, 30, 60, 90, 180, 365];
const CUTOFFS = [0, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];

/** The usual choices, and whatever the business has. */
const withOwn = (usual: number[], own: number): number[] =>
  usual.includes(own) ? usual : [...usual, own].toSorted((a, b) => a - b);

interface ChoiceProps {
  label: string;
  hint: string;
  choices: number[];
  own: number;
  name: (count: number) => string;
  value: number;
  error: string | undefined;
  onChange: (value: number) => void;
}

function Choice({ label, hint, choices, own, name, value, error, onChange }: ChoiceProps) {
  return (
    <NativeSelect
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={String(value)}
      data={withOwn(choices, own).map((each) => ({ value: String(each), label: name(each) }))}
      error={error}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    />
  );
}

function Fields({ workspace }: { workspace: Workspace }) {
  const changing = useBusiness(
    workspace,
    ...([
      'slot_step_min',
      'min_notice_min',
      'max_advance_days',
      'cancel_cutoff_min',
      'auto_confirm',
      'quiet_from',
      'quiet_until',
    ] as const),
  );
  const { value, faults, edit } = changing;
  const { booking } = words;
  return (
    <SaveForm changing={changing}>
      <aside className="seen" aria-label={booking.seenTitle}>
        <Eye size={18} aria-hidden="true" />
        <p aria-live="polite">{booking.seen(value)}</p>
      </aside>
      <section className="panel stack" aria-labelledby="booking-when">
        <h2 id="booking-when">{booking.when}</h2>
        <div className="pair">
          <Choice
            label={booking.step}
            hint={booking.stepHint}
            choices={STEPS}
            own={workspace.slot_step_min}
            name={booking.every}
            value={value.slot_step_min}
            error={faults['slot_step_min']}
            onChange={(next) => edit({ slot_step_min: next })}
          />
          <Choice
            label={booking.notice}
            hint={booking.noticeHint}
            choices={NOTICES}
            own={workspace.min_notice_min}
            name={booking.before}
            value={value.min_notice_min}
            error={faults['min_notice_min']}
            onChange={(next) => edit({ min_notice_min: next })}
          />
          <Choice
            label={booking.advance}
            hint={booking.advanceHint}
            choices={ADVANCES}
            own={workspace.max_advance_days}
            name={booking.ahead}
            value={value.max_advance_days}
            error={faults['max_advance_days']}
            onChange={(next) => edit({ max_advance_days: next })}
          />
          <Choice
            label={booking.cutoff}
            hint={booking.cutoffHint}
            choices={CUTOFFS}
            own={workspace.cancel_cutoff_min}
            name={booking.until}
            value={value.cancel_cutoff_min}
            error={faults['cancel_cutoff_min']}
            onChange={(next) => edit({ cancel_cutoff_min: next })}
          />
        </div>
      </section>
      <section className="panel" aria-labelledby="booking-confirm">
        <h2 id="booking-confirm">{booking.confirm}</h2>
        <Radio.Group
          aria-labelledby="booking-confirm"
          value={value.auto_confirm ? 'auto' : 'hand'}
          onChange={(next) => edit({ auto_confirm: next === 'auto' })}
        >
          <div className="stack">
            <Radio value="auto" label={booking.auto} description={booking.autoHint} />
            <Radio value="hand" label={booking.hand} description={booking.handHint} />
          </div>
        </Radio.Group>
      </section>
      <section className="panel stack" aria-labelledby="booking-quiet">
        <h2 id="booking-quiet">{booking.quiet}</h2>
        <Switch
          label={booking.quietOn}
          description={booking.quietHint}
          checked={value.quiet_from !== null}
          onChange={(event) =>
            edit(event.currentTarget.checked ? { quiet_from: '21:00', quiet_until: '08:00' } : { quiet_from: null, quiet_until: null })
          }
        />
        {value.quiet_from !== null && (
          <div className="row">
            <TextInput
              type="time"
              label={booking.quietFrom}
              value={value.quiet_from}
              error={faults['quiet_from']}
              onChange={(event) => edit({ quiet_from: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={booking.quietUntil}
              value={value.quiet_until ?? ''}
              error={faults['quiet_until']}
              onChange={(event) => edit({ quiet_until: event.currentTarget.value })}
            />
          </div>
        )}
      </section>
    </SaveForm>
  );
}
