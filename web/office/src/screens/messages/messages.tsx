/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Every letter that went out, waits or did not go; and who has not been told. */
import './messages.css';
import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { MailCheck, SearchX } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { Pages } from '../../kit/list';
import { PageHead } from '../../kit/page';
import { walkRows } from '../../kit/rows';
import { Empty } from '../../kit/states';
import { EXACT } from '../../kit/tab_link';
import { brief } from '../../kit/time';
import { isOwner } from '../../shell/session';
import { words } from '../../words/messages';
import { type Email, type Filters, STATUSES, listQuery, untoldQuery } from './data';
import { EmailChip } from './chip';
import { UntoldList } from './untold';

const Letter = lazy(() => import('./letter'));

const KINDS = Object.keys(words.kinds) as Email['kind'][];

export function MessagesScreen() {
  const search = useSearch({ from: '/app/messages' });
  const navigate = useNavigate();
  const isUntold = search.status === 'untold';
  const close = (): void => void navigate({ to: '.', search: (last) => ({ ...last, show: undefined }) });
  return (
    <div className="page">
      <PageHead title={words.title} />
      <Filter status={search.status} kind={search.kind} />
      {isUntold ? <UntoldList /> : <List filters={filtersOf(search)} />}
      <Suspense>{search.show && <Letter key={search.show} id={search.show} close={close} />}</Suspense>
    </div>
  );
}

function filtersOf(search: { status?: string; kind?: string }): Filters {
  const status = STATUSES.find((each) => each === search.status);
  const kind = KINDS.find((each) => each === search.kind);
  return { ...(status ? { status } : {}), ...(kind ? { kind } : {}) };
}

function Filter({ status: chosen, kind = '' }: { status: string | undefined; kind: string | undefined }) {
  const navigate = useNavigate();
  const { data: untold } = useQuery(untoldQuery);
  const count = untold?.data.length ?? 0;
  return (
    <div className="message-filter">
      <nav aria-label={words.which} className="message-tabs">
        {([undefined, 'queued', 'sent', 'failed', 'suppressed', 'untold'] as const).map((status) => (
          <Link
            key={status ?? 'all'}
            to="/app/messages"
            search={(last) => ({ ...last, status, show: undefined, kind: status === 'untold' ? undefined : last.kind })}
            className="filter"
            aria-current={status === chosen ? 'page' : undefined}
            activeProps={{}}
            activeOptions={EXACT}
          >
            {words.tabs[status ?? 'all']}
            {status === 'untold' && count > 0 && <span className="filter-count">{count}</span>}
          </Link>
        ))}
      </nav>
      <NativeSelect
        aria-label={words.kind}
        value={kind}
        onChange={(event) => {
          const next = event.currentTarget.value || undefined;
          void navigate({ to: '/app/messages', search: (last) => ({ ...last, kind: next }), replace: true });
        }}
        data={[
          { value: '', label: words.anyKind },
          ...KINDS.map((value) => ({ value, label: words.kinds[value] })),
        ]}
      />
    </div>
  );
}

function List({ filters }: { filters: Filters }) {
  const list = useInfiniteQuery({ ...listQuery(filters), placeholderData: keepPreviousData });
  return (
    <Pages list={list} rows={8} height={64} nothing={<Nothing filters={filters} />}>
      {(all) => (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
        <ul className="panel row-list message-list" aria-label={words.title} onKeyDown={walkRows}>
          {all.map((each) => (
            <Row key={each.id} of={each} />
          ))}
        </ul>
      )}
    </Pages>
  );
}

function Nothing({ filters }: { filters: Filters }) {
  if (Object.keys(filters).length === 0) {
    const action = isOwner && (
      <Button renderRoot={(props) => <Link to="/app/automations" {...props} />} variant="default">
        {words.emptyAction}
      </Button>
    );
    return <Empty icon={MailCheck} title={words.emptyTitle} text={words.emptyText} action={action} />;
  }
  if (filters.status === 'failed' && !filters.kind) {
    return <Empty icon={MailCheck} title={words.noneFailed} text={words.noneFailedText} />;
  }
  const action = (
    <Button renderRoot={(props) => <Link to="/app/messages" search={{}} {...props} />} variant="default">
      {words.showAll}
    </Button>
  );
  return <Empty icon={SearchX} title={words.noneTitle} text={words.noneText} action={action} />;
}

function Row({ of }: { of: Email }) {
  const { id, subject, to, to_name: name, kind, status, sent_at: sent, due_at: due, created_at: made } = of;
  return (
    <li>
      <div className="row-main">
        <Link to="/app/messages" search={(last) => ({ ...last, show: id })} className="row-link" data-row>
          {subject}
        </Link>
        <p className="soft small">
          {name ? `${name} · ${to}` : to}
        </p>
      </div>
      <span className="soft small message-kind">{words.kinds[kind]}</span>
      <EmailChip of={of} />
      <time className="soft small message-when" dateTime={sent ?? due ?? made}>
        {brief(status === 'queued' ? (due ?? made) : (sent ?? made))}
      </time>
    </li>
  );
}
