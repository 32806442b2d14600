/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The public page: its link, what it still lacks, and the button that opens it to clients. */
import { useEffect, useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import { call } from '../kit/api';
import type { Readiness, ReadinessCheck, Workspace } from '../kit/contract';
import { copyText } from '../kit/copy';
import { Icon } from '../kit/icons';
import { type Loaded, useLoad } from '../kit/load';
import { Alert, Reading, problemText } from '../kit/ui';
import { app as words } from '../words/app';

interface PublicPageProps {
  workspace: Workspace;
  onPublished: () => void;
}

export function PublicPage({ workspace, onPublished }: PublicPageProps) {
  const readiness = useLoad<Readiness>('/workspace/readiness');
  const [said, setSaid] = useState('');
  return (
    <section class="panel" aria-labelledby="page-title">
      <div class="row">
        <h2 id="page-title">{words.page}</h2>
        <span class={workspace.published ? 'badge good' : 'badge'}>
          {workspace.published ? words.live : words.notLive}
        </span>
      </div>
      <p>{workspace.published ? words.liveHint : words.notLiveHint}</p>
      <p role="status" class="said">
        {said}
      </p>
      <PageLink workspace={workspace} onSaid={setSaid} />
      <Checks readiness={readiness} />
      {!workspace.published && (
        <Publish
          isReady={readiness.value?.ready ?? false}
          onDone={() => {
            setSaid(words.published);
            readiness.reload();
            onPublished();
          }}
          onRefused={readiness.reload}
        />
      )}
    </section>
  );
}

function PageLink({ workspace, onSaid }: { workspace: Workspace; onSaid: (text: string) => void }) {
  const path = `/book/${encodeURIComponent(workspace.slug)}`;
  const link = location.origin + path;
  const copy = async (): Promise<void> =>
    onSaid((await copyText(link)) ? words.copied : words.copyFailed);
  return (
    <div class="link">
      <code>{link}</code>
      <button type="button" class="btn quiet" onClick={() => void copy()}>
        {words.copy}
      </button>
      {workspace.published && (
        <a class="btn quiet" href={path}>
          {words.open}
        </a>
      )}
    </div>
  );
}

function Checks({ readiness }: { readiness: Loaded<Readiness> }) {
  const { value } = readiness;
  if (!value) return <Reading load={readiness} />;
  const missing = value.checks.filter((check) => !check.ok && check.required).length;
  return (
    <div class="checks">
      <h3>{words.readiness}</h3>
      <p class="sub">{missing === 0 ? words.readinessDone : words.readinessMissing(missing)}</p>
      <ul>
        {value.checks.map((check) => (
          <Check key={check.code} check={check} />
        ))}
      </ul>
    </div>
  );
}

function Check({ check }: { check: ReadinessCheck }) {
  const state = check.ok ? words.ok : check.required ? words.missing : words.advised;
  return (
    <li class={check.ok ? 'good' : check.required ? 'open' : 'advised'}>
      <Icon name={check.ok ? 'check' : check.required ? 'cross' : 'plus'} />
      <span>
        <span class="unseen">{state}: </span>
        {check.message}
      </span>
    </li>
  );
}

interface PublishProps {
  isReady: boolean;
  onDone: () => void;
  onRefused: () => void;
}

function Publish({ isReady, onDone, onRefused }: PublishProps) {
  const { isBusy, failure, run } = useAct();
  /* What it lacks is read anew behind the words of the refusal, which have the focus first. */
  useEffect(() => {
    if (failure) onRefused();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [failure]);
  return (
    <>
      {failure && (
        <Alert key={failure.turn}>
          <p>{failure.problem?.status === 409 ? words.notReady : problemText(failure.problem)}</p>
        </Alert>
      )}
      <button
        type="button"
        class={isReady ? 'btn' : 'btn quiet'}
        aria-disabled={isBusy}
        onClick={() => run(() => call<unknown>('POST', '/workspace/publish'), onDone)}
      >
        {isBusy ? words.publishing : words.publish}
      </button>
    </>
  );
}
