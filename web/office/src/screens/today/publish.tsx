/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The page where clients book: its link, what it lacks, and the button that opens it to them. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleDashed, CircleX, Copy, ExternalLink } from 'lucide-react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import { problemText } from '../../kit/problem';
import { Refusal } from '../../kit/refusal';
import { Alarm, Failed, Waiting } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { plural } from '../../words/plural';
import { words } from '../../words/today';
import { type Readiness, readinessQuery, workspaceQuery } from './data';

type Check = Readiness['checks'][number];

export function BookingPage() {
  const workspace = useQuery(workspaceQuery);
  const readiness = useQuery(readinessQuery);
  const error = workspace.error ?? readiness.error;
  const again = (): void => {
    void workspace.refetch();
    void readiness.refetch();
  };
  return (
    <section className="panel" aria-labelledby="page-title">
      <header className="panel-head">
        <h2 id="page-title">{words.page}</h2>
        {workspace.data && (
          <span className="chip" data-tone={workspace.data.published ? 'good' : 'warn'}>
            {workspace.data.published ? words.live : words.notLive}
          </span>
        )}
      </header>
      {workspace.data && readiness.data ? (
        <Body slug={workspace.data.slug} isPublished={workspace.data.published} readiness={readiness.data} />
      ) : error ? (
        <Failed error={error} retry={again} />
      ) : (
        <Waiting rows={2} height={40} />
      )}
    </section>
  );
}

interface BodyProps {
  slug: string;
  isPublished: boolean;
  readiness: Readiness;
}

function Body({ slug, isPublished, readiness }: BodyProps) {
  const open = readiness.checks.filter(({ ok }) => !ok);
  const missing = open.filter(({ required }) => required).length;
  return (
    <>
      <PageLink slug={slug} isPublished={isPublished} />
      {(missing > 0 || !isPublished) && (
        <p className="soft small">{missing === 0 ? words.ready : words.missing(missing, plural(missing, words.thingForms))}</p>
      )}
      {(isPublished ? open : readiness.checks).length > 0 && (
        <ul className="checks">
          {(isPublished ? open : readiness.checks).map((check) => (
            <Line key={check.code} check={check} />
          ))}
        </ul>
      )}
      {!isPublished && <Publish isReady={readiness.ready} />}
    </>
  );
}

function PageLink({ slug, isPublished }: { slug: string; isPublished: boolean }) {
  const toast = useToast();
  const path = `/book/${encodeURIComponent(slug)}`;
  const link = location.origin + path;
  const copy = (): void => {
    navigator.clipboard
      .writeText(link)
      .then(() => toast.say(words.copied))
      .catch(() => toast.fail(words.copyFailed));
  };
  return (
    <div className="page-link">
      <code>{link.replace(/^https?:\/\//, '')}</code>
      <div className="row">
        <Button size="compact-sm" variant="light" leftSection={<Copy size={14} aria-hidden="true" />} onClick={copy}>
          {words.copy}
        </Button>
        {isPublished && (
          <Button
            component="a"
            href={path}
            target="_blank"
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<ExternalLink size={14} aria-hidden="true" />}
          >
            {words.openPage}
          </Button>
        )}
      </div>
    </div>
  );
}

function Line({ check: { code, ok, required, message, fix_url: fix } }: { check: Check }) {
  const Icon = ok ? CircleCheck : required ? CircleX : CircleDashed;
  const text = words.checks[code]?.[ok ? 'good' : 'bad'] ?? message;
  return (
    <li className="check" data-tone={ok ? 'good' : required ? 'bad' : 'advice'}>
      <Icon size={17} aria-hidden="true" />
      <span>
        <span className="unseen">{ok ? words.isReady : required ? words.isMissing : words.isAdvised}: </span>
        {text}{' '}
        {!ok && (
          <a href={fix} aria-label={`${words.fix}: ${text}`}>
            {words.fix}
          </a>
        )}
      </span>
    </li>
  );
}

function Publish({ isReady }: { isReady: boolean }) {
  const client = useQueryClient();
  const toast = useToast();
  const publish = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/workspace/publish')),
    onSuccess: () => {
      toast.say(words.published);
      document.getElementById('content')?.focus({ preventScroll: true });
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['workspace'] }),
        client.invalidateQueries({ queryKey: ['dashboard'] }),
      ]),
  });
  const { error } = publish;
  return (
    <>
      {error && <Alarm>{error instanceof Refusal && error.status === 409 ? words.notReady : problemText(error)}</Alarm>}
      <Act variant={isReady ? 'filled' : 'default'} busy={publish.isPending} className="start" onClick={() => publish.mutate()}>
        {words.publish}
      </Act>
    </>
  );
}
