/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands over every page behind the sign-in: where one is, where else to go, and the way out. */
import { useEffect, useState } from 'preact/hooks';
import { call } from '../kit/api';
import type { Session } from '../kit/contract';
import { Alert } from '../kit/ui';
import { app as words } from '../words/app';

interface TopProps {
  title: string;
  session: Session | null;
  /** Which of the places this is. */
  here: 'overview' | 'team' | 'account';
}

export function Top({ title, session, here }: TopProps) {
  useLeaving();
  const isOwner = session?.role !== 'staff';
  const places = isOwner
    ? ([
        ['overview', '/app', words.overviewLink],
        ['team', '/app/team', words.teamLink],
        ['account', '/account', words.accountLink],
      ] as const)
    : ([
        ['overview', '/staff', words.overviewLink],
        ['account', '/account', words.accountLink],
      ] as const);
  return (
    <header class="top">
      <h1>{title}</h1>
      <p class="sub">{session?.user.email}</p>
      <SignOut />
      <nav aria-label={words.places}>
        <ul>
          {places.map(([name, path, label]) => (
            <li key={name}>
              <a href={path} aria-current={name === here ? 'page' : undefined}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

/** A page that Back brings out of the browser's memory asks again who is signed in. */
function useLeaving(): void {
  useEffect(() => {
    const back = (event: PageTransitionEvent): void => {
      if (event.persisted) location.reload();
    };
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, []);
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
