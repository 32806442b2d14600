/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** By which service the business's letters leave, tried before it is trusted. */
import { Radio, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Send, TriangleAlert } from 'lucide-react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import { problemText } from '../../kit/problem';
import { faultsByField } from '../../kit/refusal';
import { Alarm, Failed, Waiting } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { session } from '../../shell/session';
import { words } from '../../words/settings_mail';
import { useChanging } from './changing';
import { type MailSettings, type MailTest, mailQuery } from './data';
import { ResendFields, SmtpFields } from './mail_fields';
import { SaveForm } from './save_bar';

export default function Mail() {
  const { data, error, isPending, refetch } = useQuery(mailQuery);
  if (isPending) return <Waiting rows={3} height={88} />;
  if (!data) return <Failed error={error} retry={() => void refetch()} />;
  return <Fields settings={data} />;
}

export interface MailDraft {
  provider: MailSettings['provider'];
  from_name: string;
  from_address: string;
  host: string;
  port: string;
  security: MailSettings['smtp']['security'];
  username: string;
  password: string;
  api_key: string;
}

const draftOf = ({ provider, from_name, from_address, smtp }: MailSettings): MailDraft => ({
  provider,
  from_name,
  from_address,
  host: smtp.host,
  port: String(smtp.port),
  security: smtp.security,
  username: smtp.username,
  password: '',
  api_key: '',
});

/** What is asked of the server: only the chosen service's own fields, and a secret that was typed. */
function bodyOf(draft: MailDraft) {
  const { provider, from_name, from_address, host, port, security, username, password, api_key } = draft;
  const body = { provider, from_name: from_name.trim(), from_address: from_address.trim() || undefined };
  if (provider === 'smtp') {
    const smtp = { host: host.trim(), port: Number(port) || 0, security, username: username.trim() };
    return { ...body, smtp: password ? { ...smtp, password } : smtp };
  }
  return provider === 'resend' ? { ...body, resend: api_key ? { api_key: api_key.trim() } : {} } : body;
}

function Fields({ settings }: { settings: MailSettings }) {
  const cache = useQueryClient();
  const changing = useChanging<MailDraft>({
    base: draftOf(settings),
    version: settings.version,
    send: (_, version, whole) =>
      ask(
        api.PUT('/api/v1/workspace/mail', {
          params: { header: { 'If-Match': ifMatch(version) } },
          body: bodyOf(whole),
        }),
      ),
    reread: async () => (await cache.fetchQuery({ ...mailQuery, staleTime: 0 })).version,
  });
  const test = useMutation({
    mutationFn: (draft: MailDraft) =>
      ask(api.POST('/api/v1/workspace/mail/test', { body: { settings: bodyOf(draft) } })),
  });
  const { value, edit } = changing;
  const faults = { ...faultsByField(test.error), ...changing.faults };
  const change = (next: Partial<MailDraft>): void => {
    test.reset();
    edit(next);
  };
  return (
    <SaveForm changing={changing}>
      <State settings={settings} />
      <section className="panel" aria-labelledby="mail-by">
        <h2 id="mail-by">{words.by}</h2>
        <Radio.Group
          aria-labelledby="mail-by"
          value={value.provider}
          onChange={(next) => change({ provider: next as MailDraft['provider'] })}
        >
          <div className="choices">
            <Radio.Card value="server" className="choice" data-on={value.provider === 'server' || undefined}>
              <Radio.Indicator />
              <span>
                <strong>{words.server}</strong>
                <small>{words.serverHint(settings.server_from)}</small>
              </span>
            </Radio.Card>
            <Radio.Card value="smtp" className="choice" data-on={value.provider === 'smtp' || undefined}>
              <Radio.Indicator />
              <span>
                <strong>{words.smtp}</strong>
                <small>{words.smtpHint}</small>
              </span>
            </Radio.Card>
            <Radio.Card value="resend" className="choice" data-on={value.provider === 'resend' || undefined}>
              <Radio.Indicator />
              <span>
                <strong>{words.resend}</strong>
                <small>{words.resendHint}</small>
              </span>
            </Radio.Card>
          </div>
        </Radio.Group>
      </section>
      {value.provider !== 'server' && (
        <section className="panel stack" aria-labelledby="mail-from">
          <h2 id="mail-from">{words.from}</h2>
          <div className="pair">
            <TextInput
              label={words.fromName}
              placeholder={session.workspace.name}
              value={value.from_name}
              maxLength={120}
              error={faults['from_name']}
              onChange={(event) => change({ from_name: event.currentTarget.value })}
            />
            <TextInput
              label={words.fromAddress}
              description={words.fromAddressHint}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              type="email"
              required
              value={value.from_address}
              error={faults['from_address']}
              onChange={(event) => change({ from_address: event.currentTarget.value })}
            />
          </div>
        </section>
      )}
      {value.provider === 'smtp' && <SmtpFields value={value} settings={settings} faults={faults} change={change} />}
      {value.provider === 'resend' && <ResendFields value={value} settings={settings} faults={faults} change={change} />}
      <section className="panel stack" aria-labelledby="mail-test">
        <h2 id="mail-test">{words.test}</h2>
        <p className="soft">{words.testHint(session.user.email)}</p>
        <Act
          className="start"
          variant="default"
          busy={test.isPending}
          leftSection={<Send size={16} aria-hidden="true" />}
          onClick={() => test.mutate(value)}
        >
          {words.testDo}
        </Act>
        <div role="status" aria-live="polite">
          {test.data && <Answer got={test.data} />}
        </div>
        {test.error && Object.keys(faultsByField(test.error)).length === 0 && <Alarm>{problemText(test.error)}</Alarm>}
        {test.error && Object.keys(faultsByField(test.error)).length > 0 && <Alarm>{words.testFields}</Alarm>}
      </section>
    </SaveForm>
  );
}

function State({ settings: { failing_since: since, last_error: error, waiting, last_sent_at: sent, provider } }: { settings: MailSettings }) {
  if (since) {
    return (
      <Alarm>
        <strong>{words.failing(dateTime(since))}</strong>
        <p>{error}</p>
        <p>{words.failingText(waiting)}</p>
      </Alarm>
    );
  }
  if (provider === 'server' || !sent) return null;
  return (
    <p className="settings-good">
      <CircleCheck size={17} aria-hidden="true" />
      {words.working(dateTime(sent))}
    </p>
  );
}

function Answer({ got: { ok, outcome, to, detail, said } }: { got: MailTest }) {
  return (
    <div className="answer" data-bad={!ok || undefined}>
      {ok ? <CircleCheck size={18} aria-hidden="true" /> : <TriangleAlert size={18} aria-hidden="true" />}
      <div>
        <strong>{ok ? words.accepted(to) : words.outcomes[outcome]}</strong>
        {detail && <p>{detail}</p>}
        {said && (
          <p>
            {words.said} <code>{said}</code>
          </p>
        )}
        {ok && <p className="soft">{words.acceptedHint}</p>}
      </div>
    </div>
  );
}
