/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The staff's portal. Without a session it leads to the sign-in; without a network it goes on. */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { today } from '../kit/format';
import { usePlace } from '../kit/place';
import { applyAccent, shellData } from '../kit/shell';
import { LoadFailed } from '../kit/ui';
import '../style/base.css';
import '../style/staff.css';
import type { Conversation, List, Problem, Session } from '../kit/contract';
import { notLoaded } from '../words/shared';
import { ask, networkGone, online, stir, useNow, useRead, whenSignedOut } from './ask';
import { dropCopies, keepMember, keptMember, ownerOf } from './copy';
import { useDay } from './day';
import { Frame } from './frame';
import { follow } from './live';
import { Me } from './me';
import { Messages } from './messages';
import { PortalContext, Skeleton } from './parts';
import { queue } from './queue';
import { useStore } from './store';
import { Today } from './today';
import { VisitPage } from './visit';
import { Week } from './week';

const PROBE_MS = 8_000;
const INBOX = '/conversations?limit=50';

whenSignedOut(() => {
  dropCopies();
  location.replace('/login');
});

/** While there is no network, asks now and then whether there is one again. */
function useProbe(): void {
  const isOnline = useStore(online);
  useEffect(() => {
    addEventListener('offline', networkGone);
    return () => removeEventListener('offline', networkGone);
  }, []);
  useEffect(() => {
    if (isOnline) return;
    const probe = async (): Promise<void> => {
      const answer = await ask<Session>('GET', '/session');
      if (answer.kind !== 'unreachable') stir(null);
    };
    const timer = setInterval(() => void probe(), PROBE_MS);
    const now = (): void => void probe();
    addEventListener('online', now);
    return () => {
      clearInterval(timer);
      removeEventListener('online', now);
    };
  }, [isOnline]);
}

function PortalPage({ member }: { member: Session }) {
  const place = usePlace();
  useProbe();
  const date = today(member.workspace.timezone, new Date(useNow()));
  const day = useDay(member, date);
  const inbox = useRead<List<Conversation>>(INBOX, 'messages');
  const visitId = place.query.get('visit');
  const view = place.query.get('view') ?? 'today';
  const step = place.query.get('step') ?? '';
  const hasInbox = inbox.value !== null;
  const portal = { member, place, day, hasInbox };

  return (
    /* Whatever changes here changes most of the page. */
    // oxlint-disable-next-line react/jsx-no-constructed-context-values
    <PortalContext.Provider value={portal}>
      <Frame
        view={view}
        unanswered={inbox.value?.data.filter((each) => each.unanswered).length ?? 0}
        aside={visitId && view === 'today' ? <Today isAside /> : null}
        isStep={visitId !== null}
      >
        {visitId ? (
          <VisitPage key={`${visitId} ${step}`} id={visitId} />
        ) : view === 'week' ? (
          <Week key="week" />
        ) : view === 'me' ? (
          <Me key="me" />
        ) : view === 'messages' ? (
          <Messages key={`messages ${place.query.get('with') ?? ''}`} inbox={inbox} />
        ) : (
          <Today key="today" />
        )}
      </Frame>
    </PortalContext.Provider>
  );
}

/** Who is here: as the server put it into the page, else as it says now, else as the phone knows. */
function Boot({ first }: { first: Session | null }) {
  const [member, setMember] = useState(first);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (member) return;
    void ask<Session>('GET', '/session').then((answer) => {
      if (answer.kind === 'ok') setMember(answer.value);
      else if (answer.kind === 'unreachable') setMember(keptMember());
      else setProblem(answer.problem);
    });
  }, [turn, member]);
  useEffect(() => {
    if (!member) return;
    applyAccent(member.workspace.accent_color);
    keepMember(member);
    queue.open(ownerOf(member));
    void follow();
    void keepShell();
  }, [member]);
  if (member) return <PortalPage member={member} />;
  if (problem) {
    return (
      <main class="narrow">
        <LoadFailed
          title={notLoaded}
          problem={problem}
          retry={() => {
            setProblem(null);
            setTurn(turn + 1);
          }}
        />
      </main>
    );
  }
  return (
    <main class="narrow">
      <Skeleton />
    </main>
  );
}

/** Only the one address of our own is ever made a script of. */
async function keepShell(): Promise<void> {
  const address = '/staff/worker.js';
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
  const policy = types?.createPolicy('careops-worker', { createScriptURL: () => address });
  try {
    const script = policy ? policy.createScriptURL('') : address;
    await navigator.serviceWorker?.register(script as string, { scope: '/staff' });
  } catch {
    /* Plain http or a private window: the page needs a network then. */
  }
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (text: string) => string },
  ): { createScriptURL: (text: string) => unknown };
}

const root = document.getElementById('root');
if (root) {
  root.replaceChildren();
  render(<Boot first={shellData<Session>('session')} />, root);
}
