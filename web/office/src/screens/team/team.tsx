/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who works here, what waits for the owner, and time off to decide. */
import './team.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronRight, UserPlus, UsersRound } from 'lucide-react';
import { Suspense, lazy } from 'react';
import type { Staff } from '../../kit/contract';
import { Face } from '../../kit/face';
import { Read } from '../../kit/list';
import { PageHead } from '../../kit/page';
import { walkRows } from '../../kit/rows';
import { Empty } from '../../kit/states';
import { EXACT } from '../../kit/tab_link';
import { session } from '../../shell/session';
import { words } from '../../words/team';
import { invitationStatus, requestsQuery, staffQuery } from './data';
import { LeftWithoutStaff } from './left';
import { Requests } from './requests';

const Invite = lazy(() => import('./invite'));

export function TeamScreen() {
  const { view, member } = useSearch({ from: '/app/team' });
  const navigate = useNavigate();
  const close = (): void => void navigate({ to: '/app/team', search: (last) => ({ ...last, member: undefined }) });
  /* Letters of before lead to a member this way. */
  if (member && member !== 'new') return <Navigate to="/app/team/$id" params={{ id: member }} replace />;
  return (
    <div className="page">
      <PageHead title={words.title} actions={<InviteButton />} />
      <Views view={view} />
      {view === 'requests' ? <Requests /> : <People />}
      <Suspense>{member === 'new' && <Invite close={close} />}</Suspense>
    </div>
  );
}

function InviteButton() {
  return (
    <Button
      renderRoot={(props) => <Link to="/app/team" search={(last) => ({ ...last, member: 'new' })} {...props} />}
      leftSection={<UserPlus size={17} aria-hidden="true" />}
    >
      {words.invite}
    </Button>
  );
}

function Views({ view }: { view: string | undefined }) {
  const { data } = useQuery(requestsQuery);
  const waiting = data?.data.filter((each) => each.status === 'pending').length ?? 0;
  return (
    <nav className="tabs team-tabs" aria-label={words.views}>
      {([undefined, 'requests'] as const).map((each) => (
        <Link
          key={each ?? 'people'}
          to="/app/team"
          search={{ view: each }}
          className="tab"
          activeProps={{}}
          activeOptions={EXACT}
          aria-current={each === view ? 'page' : undefined}
        >
          {each ? words.requests : words.people}
          {each && waiting > 0 && <span className="chip" data-tone="accent">{waiting}</span>}
        </Link>
      ))}
    </nav>
  );
}

function People() {
  return (
    <Read read={useQuery(staffQuery)} rows={4} height={72}>
      {(all) => <Members all={all} />}
    </Read>
  );
}

function Members({ all: data }: { all: Staff[] }) {
  const active = data.filter((each) => each.active);
  const former = data.filter((each) => !each.active);
  return (
    <>
      <LeftWithoutStaff />
      <Rows label={words.people} members={active} />
      {data.length === 1 && (
        <Empty icon={UsersRound} title={words.alone} text={words.aloneHint} action={<InviteButton />} />
      )}
      {former.length > 0 && (
        <>
          <h2 className="team-former">{words.former}</h2>
          <Rows label={words.former} members={former} />
        </>
      )}
    </>
  );
}

function Rows({ label, members }: { label: string; members: Staff[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
    <ul className="panel row-list" aria-label={label} onKeyDown={walkRows}>
      {members.map((each) => (
        <Row key={each.id} of={each} />
      ))}
    </ul>
  );
}

function Row({ of }: { of: Staff }) {
  const status = invitationStatus(of);
  const isBad = status === 'failed' || status === 'expired';
  const role = of.role === 'owner' ? words.owner : words.staff;
  return (
    <li>
      <Face name={of.name} size={40} />
      <div className="row-main">
        <Link to="/app/team/$id" params={{ id: of.id }} className="row-link" data-row>
          {of.name}
        </Link>
        <p className="soft small">
          {of.active ? `${role} · ${of.bookable ? words.bookable : words.notBookable}` : of.email}
        </p>
      </div>
      {of.email === session.user.email && <span className="chip">{words.you}</span>}
      {status && (
        <span className="chip" data-tone={isBad ? 'bad' : undefined}>
          {words.status[status]}
        </span>
      )}
      <ChevronRight size={18} aria-hidden="true" />
    </li>
  );
}
