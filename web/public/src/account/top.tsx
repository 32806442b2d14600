/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands over every page behind the sign-in: where one is, where else to go, and the way out. */
import { useEffect } from 'preact/hooks';
import { useAct } from '../kit/act';
import { type Answer, call } from '../kit/api';
import type { Session } from '../kit/contract';
import { Alert } from '../kit/ui';
import { top as words } from '../words/top';

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
        ['overview', '/staff', words.dayLink],
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

/** A page behind the sign-in goes there once nobody is signed in any more. */
export function useSignIn(isOut: boolean): void {
  useEffect(() => {
    if (isOut) location.replace('/login');
  }, [isOut]);
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

/** Whoever is signed out already has got what they want. */
async function leave(): Promise<Answer<null>> {
  const answer = await call<null>('DELETE', '/session');
  const isOut = answer.kind === 'problem' && answer.problem.status === 401;
  return isOut ? { kind: 'ok', value: null } : answer;
}

function SignOut() {
  const { isBusy, failure, run } = useAct();
  return (
    <>
      <button type="button" class="btn quiet" aria-disabled={isBusy} onClick={() => run(leave, () => location.replace('/login'))}>
        {isBusy ? words.signingOut : words.signOut}
      </button>
      {failure && (
        <Alert key={failure.turn}>
          <p>{words.signOutFailed}</p>
        </Alert>
      )}
    </>
  );
}
