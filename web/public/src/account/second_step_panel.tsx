/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The second step in one's account: on, off, and new recovery codes. */
import { useState } from 'preact/hooks';
import { type Answer, call } from '../kit/api';
import type { RecoveryCodes as Codes, TwoFactor } from '../kit/contract';
import { useLoad } from '../kit/load';
import { type Errors, useForm } from '../kit/submit';
import { Failure, Reading, Submit } from '../kit/ui';
import { security as words } from '../words/security';
import { CodeField, PasswordField } from './parts';
import { RecoveryCodes, SetUp, ownPassword } from './second_step';

type Doing = 'nothing' | 'setup' | 'codes' | 'off';

export function SecondStep({ onChanged }: { onChanged: () => void }) {
  const state = useLoad<TwoFactor>('/two-factor');
  const [doing, setDoing] = useState<Doing>('nothing');
  const [said, setSaid] = useState('');
  const finish = (text: string): void => {
    setDoing('nothing');
    setSaid(text);
    state.reload();
    onChanged();
  };
  const start = (next: Doing): void => {
    setSaid('');
    setDoing(next);
  };
  const { value } = state;
  return (
    <section class="panel" aria-labelledby="second-title">
      <div class="row">
        <h2 id="second-title">{words.second}</h2>
        {value && (
          <span class={value.enabled ? 'badge good' : 'badge'}>
            {value.enabled ? words.secondOn : words.secondOff}
          </span>
        )}
      </div>
      <p role="status" class="said">
        {said}
      </p>
      <Reading load={state} />
      {value && doing === 'nothing' && <Overview value={value} onStart={start} />}
      {doing === 'setup' && <SetUp password={null} onDone={() => finish(words.done)} />}
      {doing === 'codes' && <NewCodes onDone={() => finish(words.codesDone)} />}
      {doing === 'off' && <TurnOff onDone={() => finish(words.turnedOff)} />}
      {(doing === 'setup' || doing === 'off') && (
        <button type="button" class="btn quiet" onClick={() => start('nothing')}>
          {words.cancel}
        </button>
      )}
    </section>
  );
}

function Overview({ value, onStart }: { value: TwoFactor; onStart: (doing: Doing) => void }) {
  if (!value.enabled) {
    return (
      <>
        <p>{words.secondOffLead}</p>
        <button type="button" class="btn" onClick={() => onStart('setup')}>
          {words.setUp}
        </button>
      </>
    );
  }
  return (
    <>
      <p>{words.secondOnLead}</p>
      <p class="sub">
        {words.codesLeft(value.recovery_codes_left)} {value.required && words.secondRequired}
      </p>
      <div class="actions">
        <button type="button" class="btn quiet" onClick={() => onStart('codes')}>
          {words.newCodes}
        </button>
        {!value.required && (
          <button type="button" class="btn quiet" onClick={() => onStart('off')}>
            {words.turnOff}
          </button>
        )}
      </div>
    </>
  );
}

/** What weakens or renews the second step takes both: password and code. */
interface BothProps<T> {
  lead: string;
  label: string;
  busy: string;
  send: (body: Record<string, string>) => Promise<Answer<T>>;
  onDone: (value: T) => void;
}

function Both<T>({ lead, label, busy, send, onDone }: BothProps<T>) {
  const form = useForm({
    first: { own_password: '', code: '' },
    order: ['own_password', 'code'],
    check: ({ own_password, code }) => {
      const errors: Errors = {};
      if (!own_password) errors.own_password = words.passwordMissing;
      if (!code.trim()) errors.code = words.codeMissing;
      return errors;
    },
    send: ({ own_password, code }) =>
      send({ current_password: own_password, code: code.replaceAll(/\s/g, '') }),
    explain: (problem): Errors =>
      problem.code === 'bad_code' ? { code: words.codeWrong } : ownPassword(problem),
    done: onDone,
  });
  const { filling, errors, edit } = form;
  return (
    <form noValidate onSubmit={form.submit}>
      <p>{lead}</p>
      <Failure of={form} />
      <PasswordField
        id="own_password"
        label={words.currentPassword}
        value={filling.own_password}
        error={errors.own_password}
        autoComplete="current-password"
        onValue={edit('own_password')}
      />
      <CodeField
        id="code"
        label={words.code}
        value={filling.code}
        error={errors.code}
        onValue={edit('code')}
      />
      <Submit isSending={form.isSending} label={label} busy={busy} />
    </form>
  );
}

function TurnOff({ onDone }: { onDone: () => void }) {
  return (
    <Both
      lead={words.turnOffLead}
      label={words.turnOff}
      busy={words.turningOff}
      send={(body) => call<null>('POST', '/two-factor/disable', { body })}
      onDone={onDone}
    />
  );
}

function NewCodes({ onDone }: { onDone: () => void }) {
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  return (
    <Both<Codes>
      lead={words.newCodesLead}
      label={words.makeCodes}
      busy={words.making}
      send={(body) => call('POST', '/two-factor/recovery-codes', { body })}
      onDone={({ recovery_codes }) => setCodes(recovery_codes)}
    />
  );
}
