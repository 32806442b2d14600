/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The owner's team page: who works here, what they may do, their time off, and the rules of access. Which
 * part is shown, and whose, stands in the address.
 */
import { render } from 'preact';
import type { List, Named, Session, Staff, Workspace } from '../kit/contract';
import { follow } from '../kit/link';
import { useLoad } from '../kit/load';
import { type Place, type Query, href, usePlace } from '../kit/place';
import { shellData } from '../kit/shell';
import { LoadFailed } from '../kit/ui';
import '../style/base.css';
import '../style/app.css';
import '../style/team.css';
import { notLoaded, shared } from '../words/shared';
import { team as words } from '../words/team';
import { Invite } from './invite';
import { MemberPage } from './member';
import { People } from './people';
import { Requests } from './requests';
import { Rules } from './rules';
import type { TeamData } from './team_data';
import { Tokens } from './tokens';
import { Top, useSignIn } from './top';

function Page({ first }: { first: Session | null }) {
  const place = usePlace();
  const session = useLoad<Session>('/session', first);
  const workspace = useLoad<Workspace>('/workspace');
  const members = useLoad<List<Staff>>('/staff?limit=200');
  const services = useLoad<List<Named>>('/services?limit=200');
  const isOut = [session, workspace, members].some((each) => each.problem?.status === 401);
  useSignIn(isOut);
  return (
    <div class="office">
      <Top title={words.title} session={session.value} here="team" />
      <Views place={place} />
      <main class="single">
        {workspace.loading && <p role="status">{shared.loading}</p>}
        {!workspace.value && !workspace.loading && !isOut && (
          <LoadFailed
            title={notLoaded}
            problem={workspace.problem}
            retry={workspace.reload}
          />
        )}
        {workspace.value && session.value && (
          <View
            place={place}
            session={session.value}
            data={{ workspace: workspace.value, members, services }}
            onWorkspace={workspace.put}
          />
        )}
      </main>
    </div>
  );
}

const VIEWS: [string | null, string][] = [
  [null, words.people],
  ['requests', words.requests],
  ['access', words.access],
];

function Views({ place }: { place: Place }) {
  const here = place.query.get('view');
  return (
    <nav class="views" aria-label={words.views}>
      <ul>
        {VIEWS.map(([name, label]) => {
          const to: Query = { view: name };
          return (
            <li key={label}>
              <a
                href={href(to)}
                aria-current={here === name ? 'page' : undefined}
                onClick={follow(place, to)}
              >
                {label}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

interface ViewProps {
  place: Place;
  session: Session;
  data: TeamData;
  onWorkspace: (workspace: Workspace) => void;
}

function View({ place, session, data, onWorkspace }: ViewProps) {
  const view = place.query.get('view');
  const member = place.query.get('member');
  if (view === 'requests') return <Requests key="requests" place={place} data={data} />;
  if (view === 'access') {
    return (
      <div class="stack" key="access">
        <Rules place={place} session={session} data={data} onWorkspace={onWorkspace} />
        <Tokens data={data} />
      </div>
    );
  }
  if (member === 'new') return <Invite key="invite" place={place} data={data} />;
  if (member) {
    return (
      <MemberPage key={member} id={member} place={place} data={data} self={session.user.email} />
    );
  }
  return <People key="people" place={place} data={data} self={session.user.email} />;
}

const root = document.getElementById('root');
if (root) {
  root.replaceChildren();
  render(<Page first={shellData<Session>('session')} />, root);
}
