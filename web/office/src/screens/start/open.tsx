/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is still missing, a letter to try, and the button that opens the page to clients. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, CircleDashed, Copy, ExternalLink, Send } from 'lucide-react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import type { Workspace } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/start';
import { readinessQuery, useReread } from './data';

type Readiness = Awaited<ReturnType<NonNullable<typeof readinessQuery.queryFn>>>;

export function Open({ workspace, readiness }: { workspace: Workspace; readiness: Readiness }) {
  const reread = useReread();
  const toast = useToast();
  const publish = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/workspace/publish')),
    onSuccess: () => {
      document.getElementById('step-title')?.focus();
      toast.say(words.published);
    },
    onSettled: reread,
  });
  const test = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/automations/{key}/test', { params: { path: { key: 'booking_confirmation' } }, body: {} })),
    onSuccess: ({ to }) => toast.say(words.testSent(to)),
    onError: (error) => toast.fail(error),
  });
  return (
    <div className="stack">
      <ul className="start-checks">
        {readiness.checks.map(({ code, ok, required, fix_url: url }) => {
          const Icon = ok ? CircleCheck : required ? CircleAlert : CircleDashed;
          return (
            <li key={code} data-state={ok ? 'ok' : required ? 'missing' : 'advised'}>
              <Icon size={19} aria-hidden="true" />
              <span>
                <span className="unseen">{ok ? words.isOk : required ? words.isMissing : words.isAdvised}: </span>
                {(words.checks[code] ?? words.checks.other)[ok ? 0 : 1]}
              </span>
              {!ok && <a href={url}>{words.mend}</a>}
            </li>
          );
        })}
      </ul>
      <Act
        className="start"
        variant="default"
        busy={test.isPending}
        leftSection={<Send size={16} aria-hidden="true" />}
        onClick={() => test.mutate()}
      >
        {words.test}
      </Act>
      {publish.error && <Alarm>{problemText(publish.error)}</Alarm>}
      {workspace.published ? (
        <Live slug={workspace.slug} />
      ) : (
        <Act className="start" busy={publish.isPending} onClick={() => publish.mutate()}>
          {words.publish}
        </Act>
      )}
    </div>
  );
}

function Live({ slug }: { slug: string }) {
  const toast = useToast();
  const path = `/book/${encodeURIComponent(slug)}`;
  const link = location.origin + path;
  return (
    <div className="start-live">
      <p>
        <strong>{words.live}</strong>
      </p>
      <p className="start-link">{link}</p>
      <div className="row">
        <Button
          variant="default"
          leftSection={<Copy size={16} aria-hidden="true" />}
          onClick={() =>
            void navigator.clipboard.writeText(link).then(
              () => toast.say(words.copied),
              () => toast.fail(words.copyFailed),
            )
          }
        >
          {words.copy}
        </Button>
        <Button
          component="a"
          href={path}
          target="_blank"
          rel="noreferrer"
          variant="default"
          leftSection={<ExternalLink size={16} aria-hidden="true" />}
        >
          {words.look}
        </Button>
        <Button renderRoot={(props) => <Link to="/app/calendar" {...props} />}>{words.toCalendar}</Button>
      </div>
    </div>
  );
}
