/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Setting up the second step: the password once more, the picture to scan, a first code, and the recovery
 * codes, which are shown once. The secret is drawn here and goes nowhere.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { call } from '../kit/api';
import type { Problem, RecoveryCodes as Codes, TwoFactorSecret } from '../kit/contract';
import { copyText } from '../kit/copy';
import { type Errors, useForm } from '../kit/submit';
import { Failure, LoadFailed, Submit } from '../kit/ui';
import { secondStep as words } from '../words/account';
import { shared } from '../words/shared';
import { CodeField, PasswordField } from './parts';
import { qr, qrPath } from './qr';

interface SetUpProps {
  /** Where it has just been typed, it is not asked for again. */
  password: string | null;
  onDone: () => void;
}

export function SetUp({ password, onDone }: SetUpProps) {
  const [secret, setSecret] = useState<TwoFactorSecret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (secret) return <Scan key="scan" secret={secret} onCodes={setCodes} />;
  return password === null ? (
    <Again key="again" onSecret={setSecret} />
  ) : (
    <Fetch key="fetch" password={password} onSecret={setSecret} />
  );
}

const begin = (password: string) =>
  call<TwoFactorSecret>('POST', '/two-factor/setup', { body: { current_password: password } });

function Fetch({ password, onSecret }: { password: string; onSecret: (secret: TwoFactorSecret) => void }) {
  const [failure, setFailure] = useState<{ problem: Problem | null } | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isGone = false;
    void begin(password).then((answer) => {
      if (isGone) return;
      if (answer.kind === 'ok') onSecret(answer.value);
      else setFailure({ problem: answer.kind === 'problem' ? answer.problem : null });
    });
    return () => {
      isGone = true;
    };
  }, [password, turn, onSecret]);
  if (!failure) return <p role="status">{shared.loading}</p>;
  return (
    <LoadFailed
      title=""
      problem={failure.problem}
      retry={() => {
        setFailure(null);
        setTurn(turn + 1);
      }}
    />
  );
}

function Again({ onSecret }: { onSecret: (secret: TwoFactorSecret) => void }) {
  const form = useForm({
    first: { own_password: '' },
    order: ['own_password'],
    check: ({ own_password }): Errors =>
      own_password ? {} : { own_password: words.passwordMissing },
    send: ({ own_password }) => begin(own_password),
    explain: ownPassword,
    done: onSecret,
  });
  return (
    <form noValidate onSubmit={form.submit}>
      <Failure of={form} />
      <PasswordField
        id="own_password"
        label={words.password}
        hint={words.passwordLead}
        value={form.filling.own_password}
        error={form.errors.own_password}
        autoComplete="current-password"
        onValue={form.edit('own_password')}
      />
      <Submit isSending={form.isSending} label={words.next} busy={words.checking} />
    </form>
  );
}

/** The field has a name of its own, since a form for changing the password may stand beside it. */
export function ownPassword(problem: Problem): Errors {
  const wrong = problem.errors.find(({ path }) => path === 'current_password');
  return wrong ? { own_password: wrong.message } : {};
}

const GROUP = /.{1,4}/g;

function Scan({ secret, onCodes }: { secret: TwoFactorSecret; onCodes: (codes: string[]) => void }) {
  const [said, setSaid] = useState('');
  const title = useFocus();
  const form = useForm({
    first: { code: '' },
    order: ['code'],
    check: ({ code }): Errors => (code.trim() ? {} : { code: words.codeMissing }),
    send: ({ code }) =>
      call<Codes>('POST', '/two-factor/confirm', {
        body: { code: code.replaceAll(/\s/g, '') },
      }),
    explain: ({ code }): Errors => (code === 'bad_code' ? { code: words.codeWrong } : {}),
    done: ({ recovery_codes }) => onCodes(recovery_codes),
  });
  const copy = async (): Promise<void> =>
    setSaid((await copyText(secret.secret)) ? words.copied : words.copyFailed);
  return (
    <>
      <h2 ref={title} tabIndex={-1}>
        {words.scanTitle}
      </h2>
      <p class="sub">{words.scanLead}</p>
      <Picture text={secret.otpauth_url} />
      <div class="secret">
        <h3>{words.key}</h3>
        <code>{(secret.secret.match(GROUP) ?? []).join(' ')}</code>
        <div class="actions">
          <button type="button" class="btn quiet" onClick={() => void copy()}>
            {words.copyKey}
          </button>
          <a class="btn quiet" href={secret.otpauth_url}>
            {words.openApp}
          </a>
        </div>
        <p role="status" class="said">
          {said}
        </p>
      </div>
      <form noValidate onSubmit={form.submit}>
        <Failure of={form} />
        <CodeField
          id="code"
          label={words.code}
          value={form.filling.code}
          error={form.errors.code}
          onValue={form.edit('code')}
        />
        <Submit isSending={form.isSending} label={words.confirm} busy={words.confirming} />
      </form>
    </>
  );
}

const QUIET = 4;

function Picture({ text }: { text: string }) {
  const { path, side } = useMemo(() => {
    const grid = qr(text);
    return { path: qrPath(grid, QUIET), side: grid.length + 2 * QUIET };
  }, [text]);
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={words.picture}
      shape-rendering="crispEdges"
    >
      <path class="ground" d={`M0 0h${side}v${side}H0z`} />
      <path d={path} />
    </svg>
  );
}

export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [said, setSaid] = useState('');
  const title = useFocus();
  const copy = async (): Promise<void> =>
    setSaid((await copyText(codes.join('\n'))) ? words.copied : words.copyFailed);
  return (
    <>
      <h2 ref={title} tabIndex={-1}>
        {words.codesTitle}
      </h2>
      <p>{words.codesLead}</p>
      <ul class="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p role="status" class="said">
        {said}
      </p>
      <div class="actions">
        <button type="button" class="btn quiet" onClick={() => void copy()}>
          {words.copyCodes}
        </button>
        <button type="button" class="btn quiet" onClick={() => print()}>
          {words.print}
        </button>
        <button type="button" class="btn" onClick={onDone}>
          {words.kept}
        </button>
      </div>
    </>
  );
}

function useFocus() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return heading;
}
