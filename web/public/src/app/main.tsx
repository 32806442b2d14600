/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The owner's first page. Without a session it leads to the sign-in. */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../kit/api';
import type { List, Named, Session, Workspace } from '../kit/contract';
import { type Loaded, useLoad } from '../kit/load';
import { shellData } from '../kit/shell';
import { Alert, LoadFailed } from '../kit/ui';
import '../style/base.css';
import '../style/app.css';
import { app as words } from '../words/app';
import { shared } from '../words/shared';
import { Bookings } from './bookings';
import { Inside } from './inside';
import { PublicPage } from './publish';

function Page({ first }: { first: Session | null }) {
  const session = useLoad<Session>('/session', first);
  const workspace = useLoad<Workspace>('/workspace');
  const isOut = session.problem?.status === 401 || workspace.problem?.status === 401;
  useEffect(() => {
    if (isOut) location.replace('/login');
  }, [isOut]);

  return (
    <div class="office">
      <header class="top">
        <h1>{workspace.value?.name ?? session.value?.workspace.name ?? words.overview}</h1>
        <p class="sub">{session.value?.user.email}</p>
        <SignOut />
      </header>
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
        {isOwner && <PublicPage workspace={workspace.value} onPublished={workspace.reload} />}
        <Bookings workspace={workspace.value} services={services.value} staff={staff.value} />
        {isOwner && <Inside services={services} staff={staff} />}
        <p class="sub">{isOwner ? words.honest : words.staffHonest}</p>
      </>
    );
  }
  if (workspace.loading) return <p role="status">{shared.loading}</p>;
  return (
    <LoadFailed title={words.notLoaded} problem={workspace.problem} retry={workspace.reload} />
  );
}

function SignOut() {
  const [isBusy, setBusy] = useState(false);
  const [failedAt, setFailedAt] = useState(0);
  const leave = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    const answer = await call<null>('DELETE', '/session');
    const isOut =
      answer.kind === 'ok' || (answer.kind === 'problem' && answer.problem.status === 401);
    if (isOut) {
      location.replace('/login');
      return;
    }
    setBusy(false);
    setFailedAt(Date.now());
  };
  return (
    <>
      <button type="button" class="btn quiet" aria-disabled={isBusy} onClick={() => void leave()}>
        {isBusy ? words.signingOut : words.signOut}
      </button>
      {failedAt > 0 && (
        <Alert key={failedAt}>
          <p>{words.signOutFailed}</p>
        </Alert>
      )}
    </>
  );
}

const root = document.getElementById('root');
if (root) {
  root.replaceChildren();
  render(<Page first={shellData<Session>('session')} />, root);
}
