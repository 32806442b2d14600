/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The fields of a mail service of the business's own. A secret is typed and never shown again. */
import { NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { words } from '../../words/settings_mail';
import type { MailSettings } from './data';
import type { MailDraft } from './mail';

interface FieldsProps {
  value: MailDraft;
  settings: MailSettings;
  faults: Record<string, string>;
  change: (change: Partial<MailDraft>) => void;
}

const PORTS: Record<string, string> = { starttls: '587', tls: '465', none: '25' };

export function SmtpFields({ value, settings, faults, change }: FieldsProps) {
  const { smtp, private_allowed: isPrivate } = settings;
  const isSame =
    value.host.trim() === smtp.host &&
    value.username.trim() === smtp.username &&
    value.port === String(smtp.port) &&
    value.security === smtp.security;
  const securities = (['starttls', 'tls', 'none'] as const).filter((each) => each !== 'none' || isPrivate);
  return (
    <section className="panel stack" aria-labelledby="mail-smtp">
      <h2 id="mail-smtp">{words.smtp}</h2>
      <div className="pair mail-server">
        <TextInput
          label={words.host}
          placeholder="smtp.example.com"
          required
          spellCheck={false}
          autoCapitalize="none"
          value={value.host}
          error={faults['host']}
          onChange={(event) => change({ host: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.security}
          value={value.security}
          data={securities.map((each) => ({ value: each, label: words.securities[each] }))}
          error={faults['security']}
          onChange={(event) => {
            const security = securities.find((each) => each === event.currentTarget.value);
            if (!security) return;
            const isUsual = Object.values(PORTS).includes(value.port);
            change({ security, ...(isUsual ? { port: PORTS[security] } : {}) });
          }}
        />
        <TextInput
          label={words.port}
          inputMode="numeric"
          maxLength={5}
          value={value.port}
          error={faults['port']}
          onChange={(event) => change({ port: event.currentTarget.value.replaceAll(/\D/g, '') })}
        />
      </div>
      <div className="pair">
        <TextInput
          label={words.username}
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="none"
          value={value.username}
          error={faults['username']}
          onChange={(event) => change({ username: event.currentTarget.value })}
        />
        <PasswordInput
          label={words.password}
          description={smtp.has_password ? (isSame ? words.kept : words.giveAgain) : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={smtp.has_password && isSame ? '••••••••' : undefined}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': words.showPassword }}
          value={value.password}
          error={faults['password']}
          onChange={(event) => change({ password: event.currentTarget.value })}
        />
      </div>
    </section>
  );
}

export function ResendFields({ value, settings, faults, change }: FieldsProps) {
  const { has_key: hasKey, key_hint: hint } = settings.resend;
  return (
    <section className="panel stack" aria-labelledby="mail-resend">
      <h2 id="mail-resend">{words.resend}</h2>
      <PasswordInput
        label={words.apiKey}
        description={hasKey ? words.keyKept(hint ?? '') : words.keyHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        placeholder={hasKey ? `••••••••${hint ?? ''}` : 're_…'}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': words.showPassword }}
        value={value.api_key}
        error={faults['api_key']}
        onChange={(event) => change({ api_key: event.currentTarget.value })}
      />
    </section>
  );
}
