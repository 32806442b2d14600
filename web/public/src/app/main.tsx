/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The owner's first page. Without a session it leads to the sign-in. */
import { render } from 'preact';
import type { List, Named, Session, Workspace } from '../kit/contract';
import { type Loaded, useLoad } from '../kit/load';
import { shellData } from '../kit/shell';
import { Reading } from '../kit/ui';
import '../style/base.css';
import '../style/app.css';
import '../style/attention.css';
import { app as words } from '../words/app';
import { Attention } from './attention';
import { Bookings } from './bookings';
import { Inside } from './inside';
import { PublicPage } from './publish';
import { Top, useSignIn } from './top';

function Page({ first }: { first: Session | null }) {
  const session = useLoad<Session>('/session', first);
  const workspace = useLoad<Workspace>('/workspace');
  const isOut = session.problem?.status === 401 || workspace.problem?.status === 401;
  useSignIn(isOut);

  return (
    <div class="office">
      <Top
        title={workspace.value?.name ?? session.value?.workspace.name ?? words.overview}
        session={session.value}
        here="overview"
      />
      <main>
        {!isOut && <Overview workspace={workspace} isOwner={session.value?.role !== 'staff'} />}
      </main>
    </div>
  );
}

interface OverviewProps {
  workspace: Loaded<Workspace>;
  isOwner: boolean;
}

function Overview({ workspace, isOwner }: OverviewProps) {
  const services = useLoad<List<Named>>('/services?limit=200');
  const staff = useLoad<List<Named>>(isOwner ? '/staff?limit=200' : null);
  if (workspace.value) {
    return (
      <>
        {isOwner && <Attention workspace={workspace.value} />}
        {isOwner && <PublicPage workspace={workspace.value} onPublished={workspace.reload} />}
        <Bookings workspace={workspace.value} services={services.value} staff={staff.value} />
        {isOwner && <Inside services={services} staff={staff} />}
        <p class="sub">{isOwner ? words.honest : words.staffHonest}</p>
      </>
    );
  }
  return <Reading load={workspace} />;
}

const root = document.getElementById('root');
if (root) {
  root.replaceChildren();
  render(<Page first={shellData<Session>('session')} />, root);
}
