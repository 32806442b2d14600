/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Signing up: four fields to fill, and zone and currency guessed from the device, to be corrected. */
import { render } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { call, isSettled } from '../kit/api';
import { Attempts } from '../kit/attempt';
import { deviceZone } from '../kit/format';
import { type Errors, type Form, useForm } from '../kit/submit';
import { Failure, Field, Submit, looksLikeEmail } from '../kit/ui';
import '../style/base.css';
import '../style/account.css';
import { signup as words, form as formWords } from '../words/account';
import { currencyOf, currencyChoices, zoneChoices } from './guess';
import { LEAST_PASSWORD, PasswordField, Select } from './parts';

const BLANK = { business: '', owner: '', email: '', password: '', timezone: '', currency: '' };
type Filling = typeof BLANK;

function check(filling: Filling): Errors {
  const errors: Errors = {};
  if (!filling.business.trim()) errors.business = words.businessMissing;
  if (!filling.owner.trim()) errors.owner = words.ownerMissing;
  if (!filling.email.trim()) errors.email = formWords.emailMissing;
  else if (!looksLikeEmail(filling.email.trim())) errors.email = formWords.emailWrong;
  if (filling.password.length < LEAST_PASSWORD) {
    errors.password = formWords.passwordShort(LEAST_PASSWORD);
  }
  return errors;
}

function useSignup(): Form<Filling> {
  const attempts = useRef<Attempts | null>(null);
  attempts.current ??= new Attempts(null);
  return useForm<Filling, unknown>({
    first: { ...BLANK, timezone: deviceZone(), currency: currencyOf(navigator.language) },
    order: ['business', 'owner', 'email', 'password', 'timezone', 'currency'],
    check,
    send: async (filling) => {
      const body = {
        business: {
          name: filling.business.trim(),
          timezone: filling.timezone,
          currency: filling.currency,
          locale: navigator.language,
        },
        owner: {
          name: filling.owner.trim(),
          email: filling.email.trim(),
          password: filling.password,
        },
      };
      const idempotencyKey = attempts.current?.keyFor(body) ?? '';
      const answer = await call<unknown>('POST', '/signup', { body, idempotencyKey });
      if (isSettled(answer)) attempts.current?.settle();
      return answer;
    },
    explain: (problem): Errors => {
      if (problem.code === 'already_exists') return { email: words.emailTaken };
      const name = problem.errors.find((each) => each.path.endsWith('name'));
      if (!name) return {};
      return name.path.includes('owner') ? { owner: name.message } : { business: name.message };
    },
    done: () => location.assign('/app'),
  });
}

function Signup() {
  const form = useSignup();
  return (
    <main class="narrow">
      <h1>{words.signupTitle}</h1>
      <p class="lead">{words.signupLead}</p>
      <Failure of={form} />
      <form noValidate onSubmit={form.submit}>
        <Fields form={form} />
        <Place form={form} />
        <Submit isSending={form.isSending} label={words.signup} busy={words.signingUp} />
      </form>
      <p class="sub">
        {words.haveOne} <a href="/login">{words.signinLink}</a>
      </p>
    </main>
  );
}

function Fields({ form }: { form: Form<Filling> }) {
  const { filling, errors, edit } = form;
  return (
    <>
      <Field
        id="business"
        label={words.business}
        hint={words.businessHint}
        value={filling.business}
        error={errors.business}
        input={{ autoComplete: 'organization', required: true }}
        onValue={edit('business')}
      />
      <Field
        id="owner"
        label={words.owner}
        value={filling.owner}
        error={errors.owner}
        input={{ autoComplete: 'name', required: true }}
        onValue={edit('owner')}
      />
      <Field
        id="email"
        label={formWords.email}
        value={filling.email}
        error={errors.email}
        input={{ type: 'email', inputMode: 'email', autoComplete: 'username', required: true }}
        onValue={edit('email')}
      />
      <PasswordField
        id="password"
        label={formWords.password}
        hint={formWords.passwordHint}
        value={filling.password}
        error={errors.password}
        autoComplete="new-password"
        onValue={edit('password')}
      />
    </>
  );
}

/** Guessed from the device; wrong for an owner on a journey. */
function Place({ form }: { form: Form<Filling> }) {
  const { filling, errors, edit } = form;
  const zones = useMemo(zoneChoices, []);
  const currencies = useMemo(currencyChoices, []);

  return (
    <div class="pair">
      <Select
        id="timezone"
        label={words.timezone}
        value={filling.timezone}
        choices={zones}
        error={errors.timezone}
        onValue={edit('timezone')}
      />
      <Select
        id="currency"
        label={words.currency}
        value={filling.currency}
        choices={currencies}
        error={errors.currency}
        onValue={edit('currency')}
      />
    </div>
  );
}

const root = document.getElementById('root');
if (root) {
  root.replaceChildren();
  render(<Signup />, root);
}
