/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the business is called, where it is, and by which clock and money it goes. */
import { NativeSelect, TextInput, Textarea } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import type { Workspace } from '../../kit/contract';
import { words } from '../../words/settings';
import { useBusiness } from './changing';
import { SaveForm } from './save_bar';
import { WithWorkspace } from './with_workspace';

export default function Business() {
  return <WithWorkspace>{(workspace) => <Fields workspace={workspace} />}</WithWorkspace>;
}

const LANGUAGES = ['en-GB', 'en-US', 'pl-PL', 'de-DE', 'fr-FR', 'es-ES', 'it-IT', 'nl-NL', 'pt-PT', 'pt-BR', 'cs-CZ', 'sv-SE', 'da-DK', 'ja-JP'];

/** "English (United Kingdom)", in the office's language. */
function localeName(locale: string): string {
  try {
    return new Intl.DisplayNames(document.documentElement.lang, { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}

function currencyName(code: string): string {
  const name = new Intl.DisplayNames(document.documentElement.lang, { type: 'currency' }).of(code);
  return name && name !== code ? `${code} · ${name}` : code;
}

function Fields({ workspace }: { workspace: Workspace }) {
  const changing = useBusiness(
    workspace,
    ...(['name', 'slug', 'address', 'phone', 'contact_email', 'timezone', 'currency', 'locale'] as const),
  );
  const { value, faults, edit } = changing;
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const currencies = useMemo(
    () => Intl.supportedValuesOf('currency').map((code) => ({ value: code, label: currencyName(code) })),
    [],
  );
  const locales = [...new Set([workspace.locale, ...LANGUAGES])];
  return (
    <SaveForm changing={changing}>
      <section className="panel stack" aria-labelledby="business-who">
        <h2 id="business-who">{words.business.who}</h2>
        <TextInput
          label={words.business.name}
          value={value.name}
          required
          maxLength={120}
          error={faults['name']}
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
        <TextInput
          label={words.business.slug}
          description={`${location.host}/book/${value.slug}`}
          value={value.slug}
          required
          maxLength={63}
          spellCheck={false}
          autoCapitalize="none"
          error={faults['slug']}
          onChange={(event) => edit({ slug: event.currentTarget.value.toLowerCase() })}
        />
        {value.slug !== workspace.slug && (
          <p className="settings-warn" role="status">
            <TriangleAlert size={17} aria-hidden="true" />
            {words.business.slugWarning(`/book/${workspace.slug}`)}
          </p>
        )}
      </section>
      <section className="panel stack" aria-labelledby="business-reach">
        <h2 id="business-reach">{words.business.reach}</h2>
        <Textarea
          label={words.business.address}
          value={value.address}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={500}
          error={faults['address']}
          onChange={(event) => edit({ address: event.currentTarget.value })}
        />
        <div className="pair">
          <TextInput
            label={words.business.phone}
            type="tel"
            value={value.phone}
            maxLength={32}
            error={faults['phone']}
            onChange={(event) => edit({ phone: event.currentTarget.value })}
          />
          <TextInput
            label={words.business.email}
            description={words.business.emailHint}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            type="email"
            value={value.contact_email}
            error={faults['contact_email']}
            onChange={(event) => edit({ contact_email: event.currentTarget.value })}
          />
        </div>
      </section>
      <section className="panel stack" aria-labelledby="business-region">
        <h2 id="business-region">{words.business.region}</h2>
        <TextInput
          label={words.business.timezone}
          description={words.business.timezoneHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          list="time-zones"
          spellCheck={false}
          value={value.timezone}
          error={faults['timezone']}
          onChange={(event) => edit({ timezone: event.currentTarget.value })}
        />
        <datalist id="time-zones">
          {zones.map((each) => (
            <option key={each} value={each} aria-label={each} />
          ))}
        </datalist>
        <div className="pair">
          <NativeSelect
            label={words.business.currency}
            description={words.business.currencyHint}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            data={currencies}
            value={value.currency}
            error={faults['currency']}
            onChange={(event) => edit({ currency: event.currentTarget.value })}
          />
          <NativeSelect
            label={words.business.locale}
            description={words.business.localeHint}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            data={locales.map((each) => ({ value: each, label: localeName(each) }))}
            value={value.locale}
            error={faults['locale']}
            onChange={(event) => edit({ locale: event.currentTarget.value })}
          />
        </div>
      </section>
    </SaveForm>
  );
}
