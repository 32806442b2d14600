/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Changing the own password. */
import { useState } from 'preact/hooks';
import { call } from '../kit/api';
import { type Errors, useForm } from '../kit/submit';
import { Failure, Submit } from '../kit/ui';
import { security as words } from '../words/security';
import { LEAST_PASSWORD, PasswordField } from './parts';

export function Password() {
  const [changes, setChanges] = useState(0);
  return (
    <section class="panel" aria-labelledby="password-title">
      <h2 id="password-title">{words.password}</h2>
      <p role="status" class="said">
        {changes > 0 ? words.passwordChanged : ''}
      </p>
      <Change key={changes} onChanged={() => setChanges(changes + 1)} />
    </section>
  );
}

function Change({ onChanged }: { onChanged: () => void }) {
  const form = useForm({
    first: { current_password: '', new_password: '' },
    order: ['current_password', 'new_password'],
    check: ({ current_password, new_password }) => {
      const errors: Errors = {};
      if (!current_password) errors.current_password = words.passwordMissing;
      if (new_password.length < LEAST_PASSWORD) {
        errors.new_password = words.passwordShort(LEAST_PASSWORD);
      }
      return errors;
    },
    send: (body) => call<null>('POST', '/password/change', { body }),
    explain: ({ code }): Errors =>
      code === 'bad_credentials' ? { current_password: words.passwordWrong } : {},
    done: onChanged,
  });
  const { filling, errors, edit } = form;
  return (
    <form noValidate onSubmit={form.submit}>
      <Failure of={form} />
      <PasswordField
        id="current_password"
        label={words.currentPassword}
        value={filling.current_password}
        error={errors.current_password}
        autoComplete="current-password"
        onValue={edit('current_password')}
      />
      <PasswordField
        id="new_password"
        label={words.newPassword}
        hint={words.passwordHint}
        value={filling.new_password}
        error={errors.new_password}
        autoComplete="new-password"
        onValue={edit('new_password')}
      />
      <Submit isSending={form.isSending} label={words.changePassword} busy={words.changing} />
    </form>
  );
}
