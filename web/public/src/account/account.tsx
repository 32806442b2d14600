/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Everybody's own account: password, second step, where one is signed in, and one's workspaces. */
import { render } from 'preact';
import { Top, useSignIn } from './top';
import { call } from '../kit/api';
import { useAct } from '../kit/act';
import type { Membership, Session } from '../kit/contract';
import { useLoad } from '../kit/load';
import { shellData } from '../kit/shell';
import { Failure, LoadFailed } from '../kit/ui';
import '../style/base.css';
import '../style/app.css';
import '../style/account.css';
import { security as words } from '../words/security';
import { notLoaded, shared } from '../words/shared';
import { Password } from './password_panel';
import { SecondStep } from './second_step_panel';
import { Sessions } from './sessions_panel';

function Page({ first }: { first: Session | null }) {
  const session = useLoad<Session>('/session', first);
  const isOut = session.problem?.status === 401;
  useSignIn(isOut);
  return (
    <div class="office">
      <Top title={words.title} session={session.value} here="account" />
      <main>
        {session.loading && <p role="status">{shared.loading}</p>}
        {!session.value && !session.loading && !isOut && (
          <LoadFailed title={notLoaded} problem={session.problem} retry={session.reload} />
        )}
        {session.value && (
          <>
            <SecondStep onChanged={session.reload} />
            <Sessions />
            <Password />
            <Workspaces session={session.value} />
          </>
        )}
      </main>
    </div>
  );
}

function Workspaces({ session }: { session: Session }) {
  const act = useAct();
  const all = session.workspaces;
  if (all.length < 2) return null;
  const move = (to: Membership): void =>
    act.run(
      () => call<Session>('POST', '/session/switch', { body: { workspace_id: to.id } }),
      (next) => location.assign(next.home),
    );
  return (
    <section class="panel" aria-labelledby="workspaces-title">
      <h2 id="workspaces-title">{words.workspaces}</h2>
      <p class="sub">{words.workspacesLead}</p>
      <Failure of={act} />
      <ul class="rows">
        {all.map((each) => (
          <li key={each.id}>
            <span>
              <strong>{each.name}</strong>
              <span class="sub">{words.roles[each.role]}</span>
            </span>
            {each.id === session.workspace.id ? (
              <span class="badge good">{words.here}</span>
            ) : (
              <button
                type="button"
                class="btn quiet"
                aria-disabled={act.isBusy}
                onClick={() => move(each)}
              >
                {words.switchTo(each.name)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const root = document.getElementById('root');
if (root) {
  root.replaceChildren();
  render(<Page first={shellData<Session>('session')} />, root);
}
