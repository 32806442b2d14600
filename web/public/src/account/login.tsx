/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Signing in, and what has to be done before one is inside: replacing the mailed password, setting up the
 * second step where the workspace asks for it, joining a workspace. Which of it comes next, the session
 * says; who is signed in already, the shell. Links from letters carry their token behind the `#`, which
 * no server sees and which leaves the address bar at once.
 */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../kit/contract';
import { usePlace } from '../kit/place';
import { shellData } from '../kit/shell';
import '../style/base.css';
import '../style/account.css';
import { account as words } from '../words/account';
import { Join } from './join';
import { OwnPassword } from './own_password';
import { Title } from './parts';
import { Forgot, Reset } from './recover';
import { SetUp } from './second_step';
import { SignIn } from './signin';

interface Token {
  kind: 'reset' | 'join';
  text: string;
}

interface State {
  session: Session | null;
  /** As just typed: what follows at once need not ask for it again. */
  password: string | null;
  token: Token | null;
  notice: string;
  turn: number;
}

function Login({ session, token }: { session: Session | null; token: Token | null }) {
  const place = usePlace();
  const [state, setState] = useState<State>({ session, password: null, token, notice: '', turn: 0 });
  const move = (more: Partial<State>): void =>
    setState((last) => ({ ...last, ...more, turn: last.turn + 1 }));
  const step = nextStep(state, place.query.get('step') === 'forgot');
  return (
    <main class="narrow" key={step}>
      <Step step={step} state={state} move={move} place={place} />
    </main>
  );
}

type Name = 'reset' | 'signin' | 'forgot' | 'password' | 'secure' | 'join' | 'home';

function nextStep({ session, token }: State, isForgot: boolean): Name {
  if (token?.kind === 'reset') return 'reset';
  if (!session) return isForgot ? 'forgot' : 'signin';
  if (session.user.must_change_password) return 'password';
  if (session.must_set_up_two_factor) return 'secure';
  return token ? 'join' : 'home';
}

interface StepProps {
  step: Name;
  state: State;
  move: (more: Partial<State>) => void;
  place: ReturnType<typeof usePlace>;
}

function Step({ step, state, move, place }: StepProps) {
  const { session, password, token, notice, turn } = state;
  const moved = turn > 0 || place.moved;
  if (step === 'reset') {
    return (
      <Reset
        token={token?.text ?? ''}
        onDone={() => move({ token: null, session: null, notice: words.resetDone })}
        onNewLink={() => {
          move({ token: null, session: null });
          place.go({ step: 'forgot' }, 'push');
        }}
      />
    );
  }
  if (step === 'forgot') return <Forgot place={place} />;
  if (step === 'signin' || !session) {
    return (
      <SignIn
        key={turn}
        place={place}
        lead={token ? words.joinSignin : undefined}
        notice={notice || undefined}
        moved={moved}
        onSigned={(signed, typed) => move({ session: signed, password: typed, notice: '' })}
      />
    );
  }
  if (step === 'password') {
    const done = (typed: string): void =>
      move({
        session: { ...session, user: { ...session.user, must_change_password: false } },
        password: typed,
      });
    return <OwnPassword mailed={password} onDone={done} />;
  }
  if (step === 'secure') {
    return (
      <>
        <Title moved={moved}>{words.secureTitle}</Title>
        <p class="lead">{words.secureLead(session.workspace.name)}</p>
        <SetUp
          password={password}
          onDone={() => move({ session: { ...session, must_set_up_two_factor: false } })}
        />
      </>
    );
  }
  if (step === 'join') {
    return (
      <Join
        token={token?.text ?? ''}
        session={session}
        moved={moved}
        onJoined={(joined) => move({ session: joined, token: null })}
        onOther={() => move({ session: null, password: null })}
      />
    );
  }
  return <Leave to={session.home} />;
}

/** Nothing is left to do here. Replaced, so that Back does not lead to a form that is done. */
function Leave({ to }: { to: string }) {
  useEffect(() => location.replace(to), [to]);
  return <h1>{words.signinTitle}</h1>;
}

/** `#reset=…` or `#join=…`, taken out of the address so that no history and no screenshot keeps it. */
function takeToken(): Token | null {
  const found = /^#(reset|join)=([\w-]+)$/.exec(location.hash);
  if (!found) return null;
  history.replaceState(null, '', location.pathname);
  return { kind: found[1] === 'join' ? 'join' : 'reset', text: found[2] ?? '' };
}

const root = document.getElementById('root');
if (root) {
  const token = takeToken();
  /* A letter opened in a tab that shows this page already changes only what is behind the `#`. */
  addEventListener('hashchange', () => location.reload());
  root.replaceChildren();
  render(<Login session={shellData<Session>('session')} token={token} />, root);
}
