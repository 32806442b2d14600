/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A forgotten password: asking for the link, and the page that the link opens. */
import { useState } from 'preact/hooks';
import { call } from '../kit/api';
import { BackLink } from '../kit/link';
import type { Place } from '../kit/place';
import { type Errors, useForm } from '../kit/submit';
import { Alert, Failure, Field, Submit, looksLikeEmail, problemText } from '../kit/ui';
import { account as words, form as formWords } from '../words/account';
import { LEAST_PASSWORD, PasswordField, Title } from './parts';

/** The answer is the same for every address, and so are the words. */
export function Forgot({ place }: { place: Place }) {
  const [sentTo, setSentTo] = useState('');
  return sentTo ? (
    <Sent key="sent" email={sentTo} place={place} />
  ) : (
    <Ask key="ask" place={place} onSent={setSentTo} />
  );
}

const ask = (email: string) =>
  call<unknown>('POST', '/password/forgot', { body: { email: email.trim() } });

function Ask({ place, onSent }: { place: Place; onSent: (email: string) => void }) {
  const form = useForm({
    first: { email: '' },
    order: ['email'],
    check: ({ email }): Errors => {
      if (!email.trim()) return { email: formWords.emailMissing };
      return looksLikeEmail(email.trim()) ? {} : { email: formWords.emailWrong };
    },
    send: ({ email }) => ask(email),
    done: () => onSent(form.filling.email.trim()),
  });
  return (
    <>
      <BackLink place={place} to={{}} label={words.backToSignin} />
      <Title moved={place.moved}>{words.forgotTitle}</Title>
      <p class="lead">{words.forgotLead}</p>
      <Failure of={form} />
      <form noValidate onSubmit={form.submit}>
        <Field
          id="email"
          label={formWords.email}
          value={form.filling.email}
          error={form.errors.email}
          input={{ type: 'email', inputMode: 'email', autoComplete: 'username', required: true }}
          onValue={form.edit('email')}
        />
        <Submit isSending={form.isSending} label={words.sendLink} busy={words.sendingLink} />
      </form>
    </>
  );
}

function Sent({ email, place }: { email: string; place: Place }) {
  const [said, setSaid] = useState('');
  const [isBusy, setBusy] = useState(false);
  const again = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    const answer = await ask(email);
    setBusy(false);
    if (answer.kind === 'ok') setSaid(words.sentAgain);
    else setSaid(problemText(answer.kind === 'problem' ? answer.problem : null));
  };
  return (
    <>
      <BackLink place={place} to={{}} label={words.backToSignin} />
      <Title moved>{words.sentTitle}</Title>
      <p class="lead">{words.sentLead(email)}</p>
      <p class="sub">{words.sentHint}</p>
      <p role="status" class="said">
        {said}
      </p>
      <button
        type="button"
        class="btn quiet"
        aria-disabled={isBusy}
        onClick={() => void again()}
      >
        {isBusy ? words.sendingLink : words.sendAgain}
      </button>
    </>
  );
}

interface ResetProps {
  token: string;
  onDone: () => void;
  onNewLink: () => void;
}

/** The token has no field of its own: what is wrong with it ends the way here. */
export function Reset({ token, onDone, onNewLink }: ResetProps) {
  const form = useForm({
    first: { password: '' },
    order: ['password'],
    check: ({ password }): Errors =>
      password.length < LEAST_PASSWORD ? { password: formWords.passwordShort(LEAST_PASSWORD) } : {},
    send: ({ password }) =>
      call<null>('POST', '/password/reset', { body: { token, password } }),
    done: onDone,
  });
  const status = form.failure?.problem?.status ?? 0;
  const isOver = form.errors.token !== undefined || (status >= 400 && status < 500 && status !== 429);
  if (isOver) {
    return (
      <>
        <Title moved={false}>{words.resetTitle}</Title>
        <Alert>
          <p>{words.resetExpired}</p>
          <button type="button" class="btn" onClick={onNewLink}>
            {words.newLink}
          </button>
        </Alert>
      </>
    );
  }
  return (
    <>
      <Title moved={false}>{words.resetTitle}</Title>
      <p class="lead">{words.resetLead}</p>
      <Failure of={form} />
      <form noValidate onSubmit={form.submit}>
        <PasswordField
          id="password"
          label={words.newPassword}
          hint={formWords.passwordHint}
          value={form.filling.password}
          error={form.errors.password}
          autoComplete="new-password"
          onValue={form.edit('password')}
        />
        <Submit isSending={form.isSending} label={words.resetSave} busy={words.changing} />
      </form>
    </>
  );
}
