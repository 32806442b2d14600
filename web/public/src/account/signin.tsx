/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Address and password, and where the account has one, the second step. */
import { useState } from 'preact/hooks';
import { type Answer, call } from '../kit/api';
import type { Session } from '../kit/contract';
import { follow } from '../kit/link';
import { type Place, href } from '../kit/place';
import { type Errors, useForm } from '../kit/submit';
import { Alert, Failure, Field, Submit, looksLikeEmail } from '../kit/ui';
import { account as words, form as formWords } from '../words/account';
import { CodeField, PasswordField, Title } from './parts';

type Credentials = Record<'email' | 'password', string>;

interface SignInProps {
  place: Place;
  /** Why there is something to sign in to. */
  lead?: string | undefined;
  /** What has just been done. */
  notice?: string | undefined;
  moved: boolean;
  onSigned: (session: Session, password: string) => void;
}

const FORGOT = { step: 'forgot' };

export function SignIn(props: SignInProps) {
  const [known, setKnown] = useState<Credentials | null>(null);
  const [turn, setTurn] = useState(0);
  return known ? (
    <SecondStep
      key="code"
      known={known}
      onSigned={(session) => props.onSigned(session, known.password)}
      onBack={() => {
        setKnown(null);
        setTurn(turn + 1);
      }}
    />
  ) : (
    <FirstStep key={`first${turn}`} {...props} moved={props.moved || turn > 0} onCode={setKnown} />
  );
}

interface FirstStepProps extends SignInProps {
  onCode: (known: Credentials) => void;
}

function FirstStep({ place, lead, notice, moved, onSigned, onCode }: FirstStepProps) {
  const form = useForm<Credentials, Session | null>({
    first: { email: '', password: '' },
    order: ['email', 'password'],
    check: ({ email, password }) => {
      const errors: Errors = {};
      if (!email.trim()) errors.email = formWords.emailMissing;
      else if (!looksLikeEmail(email.trim())) errors.email = formWords.emailWrong;
      if (!password) errors.password = words.passwordMissing;
      return errors;
    },
    send: async ({ email, password }) => codeIsWanted(await signIn({ email: email.trim(), password })),
    done: (session) => {
      const { email, password } = form.filling;
      if (session) onSigned(session, password);
      else onCode({ email: email.trim(), password });
    },
  });
  const { filling, errors, edit } = form;
  return (
    <>
      <Title moved={moved}>{words.signinTitle}</Title>
      {lead && <p class="lead">{lead}</p>}
      {notice && !form.failure && (
        <Alert tone="note">
          <p>{notice}</p>
        </Alert>
      )}
      <Failure of={form} />
      <form noValidate onSubmit={form.submit}>
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
          value={filling.password}
          error={errors.password}
          autoComplete="current-password"
          onValue={edit('password')}
        />
        <Submit isSending={form.isSending} label={words.signin} busy={words.signingIn} />
      </form>
      <p class="sub">
        <a href={href(FORGOT)} onClick={follow(place, FORGOT)}>
          {words.forgot}
        </a>
      </p>
      <p class="sub">
        {words.noneYet} <a href="/signup">{words.signupLink}</a>
      </p>
    </>
  );
}

/** Whoever cannot sign in is told in our own words. */
async function signIn(body: Record<string, string>): Promise<Answer<Session>> {
  const answer = await call<Session>('POST', '/session', { body });
  if (answer.kind === 'problem' && answer.problem.code === 'bad_credentials') {
    answer.problem.detail = words.badCredentials;
  }
  return answer;
}

/** That a code is wanted is no failure, but the next step: null. */
function codeIsWanted(answer: Answer<Session>): Answer<Session | null> {
  const isWanted = answer.kind === 'problem' && answer.problem.code === 'two_factor_required';
  return isWanted ? { kind: 'ok', value: null } : answer;
}

interface SecondStepProps {
  known: Credentials;
  onSigned: (session: Session) => void;
  onBack: () => void;
}

function SecondStep({ known, onSigned, onBack }: SecondStepProps) {
  const [isRecovery, setRecovery] = useState(false);
  const form = useForm({
    first: { code: '' },
    order: ['code'],
    check: ({ code }): Errors =>
      code.trim() ? {} : { code: isRecovery ? words.recoveryMissing : words.codeMissing },
    send: ({ code }) => signIn({ ...known, code: code.replaceAll(/\s/g, '') }),
    explain: ({ code }): Errors =>
      code === 'bad_code' ? { code: isRecovery ? words.recoveryWrong : words.codeWrong } : {},
    done: onSigned,
  });
  return (
    <>
      <Title key={String(isRecovery)} moved>
        {isRecovery ? words.recoveryTitle : words.codeTitle}
      </Title>
      <p class="lead">{isRecovery ? words.recoveryLead : words.codeLead}</p>
      <Failure of={form} />
      <form noValidate onSubmit={form.submit}>
        <CodeField
          id="code"
          label={isRecovery ? words.recoveryCode : words.code}
          value={form.filling.code}
          error={form.errors.code}
          isRecovery={isRecovery}
          onValue={form.edit('code')}
        />
        <Submit isSending={form.isSending} label={words.signin} busy={words.signingIn} />
      </form>
      <div class="actions">
        <button
          type="button"
          class="btn quiet"
          onClick={() => {
            form.edit('code')('');
            setRecovery(!isRecovery);
          }}
        >
          {isRecovery ? words.withApp : words.withRecovery}
        </button>
        <button type="button" class="btn quiet" onClick={onBack}>
          {words.backToSignin}
        </button>
      </div>
    </>
  );
}
