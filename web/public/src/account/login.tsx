/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Signing in; a password that came by invitation is replaced before anything else. */
import { render } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../kit/api';
import type { Session } from '../kit/contract';
import { useForm } from '../kit/submit';
import { Alert, Field, looksLikeEmail, problemText } from '../kit/ui';
import '../style/base.css';
import '../style/account.css';
import { account as words } from '../words/account';
import { LEAST_PASSWORD, PasswordField } from './parts';

interface Signed {
  home: string;
  password: string;
}

function Login() {
  const [signed, setSigned] = useState<Signed | null>(null);
  return (
    <main class="narrow" key={signed ? 'change' : 'signin'}>
      {signed ? <ChangePassword {...signed} /> : <SignIn onMustChange={setSigned} />}
    </main>
  );
}

function SignIn({ onMustChange }: { onMustChange: (signed: Signed) => void }) {
  const form = useForm({
    first: { email: '', password: '' },
    order: ['email', 'password'],
    check: ({ email, password }) => {
      const errors: Record<string, string> = {};
      if (!email.trim()) errors.email = words.emailMissing;
      else if (!looksLikeEmail(email.trim())) errors.email = words.emailWrong;
      if (!password) errors.password = words.passwordMissing;
      return errors;
    },
    send: ({ email, password }) =>
      call<Session>('POST', '/session', { body: { email: email.trim(), password } }),
    done: (session) => {
      if (session.user.must_change_password) {
        onMustChange({ home: session.home, password: form.filling.password });
      } else {
        location.assign(session.home);
      }
    },
  });
  const { filling, errors, edit } = form;
  const refused = form.failure?.problem?.status === 401;
  return (
    <>
      <h1>{words.signinTitle}</h1>
      {form.failure && (
        <Alert key={form.failure.turn}>
          <p>{refused ? words.badCredentials : problemText(form.failure.problem)}</p>
        </Alert>
      )}
      <form noValidate onSubmit={form.submit}>
        <Field
          id="email"
          label={words.email}
          value={filling.email}
          error={errors.email}
          input={{ type: 'email', inputMode: 'email', autoComplete: 'username', required: true }}
          onValue={edit('email')}
        />
        <PasswordField
          id="password"
          label={words.password}
          value={filling.password}
          error={errors.password}
          autoComplete="current-password"
          onValue={edit('password')}
        />
        <button type="submit" class="btn" aria-disabled={form.isSending}>
          {form.isSending ? words.signingIn : words.signin}
        </button>
      </form>
      <p class="sub">
        {words.noneYet} <a href="/signup">{words.signupLink}</a>
      </p>
    </>
  );
}

function ChangePassword({ home, password }: Signed) {
  const form = useForm({
    first: { new_password: '' },
    order: ['new_password'],
    check: ({ new_password }): Record<string, string> =>
      new_password.length < LEAST_PASSWORD
        ? { new_password: words.passwordShort(LEAST_PASSWORD) }
        : {},
    send: ({ new_password }) =>
      call<null>('POST', '/password/change', {
        body: { current_password: password, new_password },
      }),
    done: () => location.assign(home),
  });
  return (
    <>
      <h1>{words.newTitle}</h1>
      <p class="lead">{words.newLead}</p>
      {form.failure && (
        <Alert key={form.failure.turn}>
          <p>{problemText(form.failure.problem)}</p>
        </Alert>
      )}
      <form noValidate onSubmit={form.submit}>
        <PasswordField
          id="new_password"
          label={words.newPassword}
          hint={words.passwordHint}
          value={form.filling.new_password}
          error={form.errors.new_password}
          autoComplete="new-password"
          onValue={form.edit('new_password')}
        />
        <button type="submit" class="btn" aria-disabled={form.isSending}>
          {form.isSending ? words.changing : words.change}
        </button>
      </form>
    </>
  );
}

const root = document.getElementById('root');
if (root) {
  root.replaceChildren();
  render(<Login />, root);
}
