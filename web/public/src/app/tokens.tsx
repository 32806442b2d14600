/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** API tokens: what has access, giving it, and taking it away. The secret is shown once, and kept nowhere. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import { ago } from '../kit/ago';
import { call } from '../kit/api';
import type { List, Token, TokenMade } from '../kit/contract';
import { copyText } from '../kit/copy';
import { dayMedium } from '../kit/format';
import { useLoad } from '../kit/load';
import { type Errors, useForm } from '../kit/submit';
import { Alert, Failure, Field, Reading, Submit } from '../kit/ui';
import { team as words } from '../words/team';
import { PERMISSIONS, type TeamData } from './team_data';

const focusTitle = (): void => document.getElementById('tokens-title')?.focus();

export function Tokens({ data }: { data: TeamData }) {
  const load = useLoad<List<Token>>('/tokens?limit=200');
  const [made, setMade] = useState<TokenMade | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [said, setSaid] = useState('');
  const all = load.value?.data ?? [];
  return (
    <section class="panel" aria-labelledby="tokens-title">
      <h2 id="tokens-title" tabIndex={-1}>
        {words.tokensTitle}
      </h2>
      <p class="sub">{words.tokensLead}</p>
      <p role="status" class="said">
        {said}
      </p>
      {made && (
        <Secret
          token={made}
          onDone={() => {
            setMade(null);
            focusTitle();
          }}
        />
      )}
      <Reading load={load} />
      {load.value && all.length === 0 && !isMaking && <p>{words.noTokens}</p>}
      <ul class="rows">
        {all.map((each) => (
          <Row
            key={each.id}
            token={each}
            locale={data.workspace.locale}
            onRevoked={() => {
              setSaid(words.revoked);
              load.reload();
              focusTitle();
            }}
          />
        ))}
      </ul>
      {isMaking && (
        <Make
          onMade={(token) => {
            setMaking(false);
            setSaid('');
            setMade(token);
            load.reload();
          }}
          onCancel={() => {
            setMaking(false);
            focusTitle();
          }}
        />
      )}
      {load.value && !isMaking && !made && (
        <button type="button" class="btn quiet" onClick={() => setMaking(true)}>
          {words.newToken}
        </button>
      )}
    </section>
  );
}

interface RowProps {
  token: Token;
  locale: string;
  onRevoked: () => void;
}

function Row({ token, locale, onRevoked }: RowProps) {
  const act = useAct();
  const [isSure, setSure] = useState(false);
  const used = token.last_used_at ? words.lastUsed(ago(token.last_used_at)) : words.neverUsed;
  const until = token.expires_at
    ? words.until(dayMedium(token.expires_at.slice(0, 10), locale))
    : words.forever;
  return (
    <li>
      <span>
        <strong>{token.name}</strong>
        <span class="sub">
          {scopesText(token.scopes)} · {used} · {until}
        </span>
      </span>
      {!isSure && (
        <button
          type="button"
          class="btn quiet"
          aria-label={words.revokeLabel(token.name)}
          onClick={() => setSure(true)}
        >
          {words.revoke}
        </button>
      )}
      {isSure && (
        <div class="decide">
          <Failure of={act} />
          <Alert tone="note">
            <p>{words.revokeSure}</p>
            <div class="actions">
              <button
                type="button"
                class="btn danger"
                aria-disabled={act.isBusy}
                onClick={() => act.run(() => call<null>('DELETE', `/tokens/${token.id}`), onRevoked)}
              >
                {words.revokeYes}
              </button>
              <button type="button" class="btn quiet" onClick={() => setSure(false)}>
                {words.cancel}
              </button>
            </div>
          </Alert>
        </div>
      )}
    </li>
  );
}

/** `Bookings (read), Clients`. */
function scopesText(scopes: string[]): string {
  return scopes
    .map((scope) => {
      const [name = scope, level] = scope.split(':');
      const label = words.scopeNames[name] ?? name;
      return level === 'read' ? `${label} (read)` : label;
    })
    .join(', ');
}

const SCOPES = [...PERMISSIONS, 'admin'];
const DAY_MS = 86_400_000;

interface MakeProps {
  onMade: (token: TokenMade) => void;
  onCancel: () => void;
}

function Make({ onMade, onCancel }: MakeProps) {
  const [levels, setLevels] = useState<Record<string, string>>({});
  const [days, setDays] = useState(90);
  const scopes = SCOPES.flatMap((name) => {
    if (levels[name] === 'write') return [name];
    return levels[name] === 'read' ? [`${name}:read`] : [];
  });
  const form = useForm({
    first: { token_name: '' },
    order: ['token_name', 'scope-bookings'] as 'token_name'[],
    check: ({ token_name }) => {
      const errors: Errors = {};
      if (!token_name.trim()) errors.token_name = words.tokenNameMissing;
      if (scopes.length === 0) errors['scope-bookings'] = words.scopesMissing;
      return errors;
    },
    send: ({ token_name }) => {
      const ends = new Date(Date.now() + days * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
      const body = { name: token_name.trim(), scopes, ...(days > 0 ? { expires_at: ends } : {}) };
      return call<TokenMade>('POST', '/tokens', { body });
    },
    explain: ({ errors }): Errors => {
      const name = errors.find(({ path }) => path === 'name');
      return name ? { token_name: name.message } : {};
    },
    done: onMade,
  });
  const { filling, errors } = form;
  return (
    <form noValidate onSubmit={form.submit}>
      <Failure of={form} />
      <Field
        id="token_name"
        label={words.tokenName}
        hint={words.tokenNameHint}
        value={filling.token_name}
        error={errors.token_name}
        input={{ autoComplete: 'off', required: true, maxLength: 80 }}
        onValue={form.edit('token_name')}
      />
      <fieldset>
        <legend>{words.scopes}</legend>
        {errors['scope-bookings'] && (
          <p class="error" role="alert">
            {errors['scope-bookings']}
          </p>
        )}
        <div class="scopes">
          {SCOPES.map((name) => (
            <div key={name}>
              <label for={`scope-${name}`}>{words.scopeNames[name]}</label>
              <select
                id={`scope-${name}`}
                onChange={(event) => setLevels({ ...levels, [name]: event.currentTarget.value })}
              >
                {['none', 'read', 'write'].map((level) => (
                  <option key={level} value={level} selected={(levels[name] ?? 'none') === level}>
                    {words.level[level]}
                  </option>
                ))}
              </select>
            </div>
          ))}
        </div>
      </fieldset>
      <div class="field short">
        <label for="lifetime">{words.expires}</label>
        <select id="lifetime" onChange={(event) => setDays(Number(event.currentTarget.value))}>
          {words.lifetimes.map(([value, label]) => (
            <option key={value} value={value} selected={value === days}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div class="actions">
        <Submit isSending={form.isSending} label={words.makeToken} busy={words.makingToken} />
        <button type="button" class="btn quiet" onClick={onCancel}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}

function Secret({ token, onDone }: { token: TokenMade; onDone: () => void }) {
  const [said, setSaid] = useState('');
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, []);
  const copy = async (): Promise<void> =>
    setSaid((await copyText(token.secret)) ? words.copied : words.copyFailed);
  return (
    <div class="state">
      <h3 ref={title} tabIndex={-1}>
        {words.secretTitle}
      </h3>
      <p>{words.secretLead}</p>
      <code class="once">{token.secret}</code>
      <p role="status" class="said">
        {said}
      </p>
      <div class="actions">
        <button type="button" class="btn" onClick={() => void copy()}>
          {words.copy}
        </button>
        <button type="button" class="btn quiet" onClick={onDone}>
          {words.doneWithSecret}
        </button>
      </div>
    </div>
  );
}
