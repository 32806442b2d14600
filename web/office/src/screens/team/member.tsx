/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One member: their invitation, what they do and may do, when they work and are away, and the end of it. */
import './team.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, UserRoundX } from 'lucide-react';
import { Face } from '../../kit/face';
import { PageHead } from '../../kit/page';
import { Refusal } from '../../kit/refusal';
import { Empty, Failed, Waiting } from '../../kit/states';
import { EXACT } from '../../kit/tab_link';
import { session } from '../../shell/session';
import { words } from '../../words/team';
import { memberQuery } from './data';
import { Details } from './details';
import { End } from './end';
import { Hours } from './hours';
import { Invitation } from './invitation';
import { LeftOf } from './left';
import { Away } from './away';

const TABS = [undefined, 'hours', 'away'] as const;

export function MemberScreen() {
  const { id } = useParams({ from: '/app/team/$id' });
  return (
    <div className="page team-member">
      <One key={id} id={id} />
    </div>
  );
}

function Back() {
  return (
    <Link to="/app/team">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.back}
    </Link>
  );
}

function One({ id }: { id: string }) {
  const { tab } = useSearch({ from: '/app/team/$id' });
  const { data, error, isPending, refetch } = useQuery(memberQuery(id));
  if (!data) {
    const isGone = error instanceof Refusal && [400, 404].includes(error.status);
    return (
      <>
        <PageHead title={words.memberTitle} back={<Back />} />
        {isPending && <Waiting rows={5} height={56} />}
        {isGone && <Empty icon={UserRoundX} title={words.gone} text={words.goneText} />}
        {!isPending && !isGone && <Failed error={error} retry={() => void refetch()} />}
      </>
    );
  }
  const role = data.role === 'owner' ? words.owner : words.staff;
  return (
    <>
      <div className="team-top">
        <Face name={data.name} size={52} />
        <PageHead title={data.name} back={<Back />} note={<span>{`${role} · ${data.email}`}</span>} />
      </div>
      <div className="stack">
        <Invitation member={data} />
        {!data.active && <LeftOf member={data} />}
        {data.active && (
          <section className="panel team-part">
            <nav className="tabs" aria-label={words.parts}>
              {TABS.map((each) => (
                <Link
                  key={each ?? 'details'}
                  to="/app/team/$id"
                  params={{ id }}
                  search={{ tab: each }}
                  className="tab"
                  activeProps={{}}
                  activeOptions={EXACT}
                  aria-current={each === tab ? 'page' : undefined}
                >
                  {words.tabs[each ?? 'details']}
                </Link>
              ))}
            </nav>
            <div className="team-inside">
              {tab === 'hours' && <Hours member={data} />}
              {tab === 'away' && <Away member={data} />}
              {tab !== 'hours' && tab !== 'away' && <Details member={data} />}
            </div>
          </section>
        )}
        {data.email !== session.user.email && <End member={data} />}
      </div>
    </>
  );
}
