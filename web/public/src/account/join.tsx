/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Whoever has an account joins another workspace with it, by the link of a letter. */
import { useAct } from '../kit/act';
import { call } from '../kit/api';
import type { Session } from '../kit/contract';
import { Alert, problemText } from '../kit/ui';
import { account as words } from '../words/account';
import { Title } from './parts';

interface JoinProps {
  token: string;
  session: Session;
  moved: boolean;
  onJoined: (session: Session) => void;
  /** Signed out, to sign in as somebody else and join then. */
  onOther: () => void;
}

export function Join({ token, session, moved, onJoined, onOther }: JoinProps) {
  const { isBusy, failure, run } = useAct();
  const status = failure?.problem?.status ?? 0;
  const isOther = failure?.problem?.code === 'wrong_account';
  const isOver = status >= 400 && status < 500 && status !== 429 && status !== 401;
  return (
    <>
      <Title moved={moved}>{words.joinTitle}</Title>
      <p class="lead">{words.joinLead(session.user.email)}</p>
      {failure && (
        <Alert key={failure.turn}>
          <p>{isOver && !isOther ? words.joinExpired : problemText(failure.problem)}</p>
        </Alert>
      )}
      <div class="actions">
        {isOver ? (
          <a class="btn" href={session.home}>
            {words.goHome(session.workspace.name)}
          </a>
        ) : (
          <button
            type="button"
            class="btn"
            aria-disabled={isBusy}
            onClick={() =>
              run(() => call<Session>('POST', '/invitations/accept', { body: { token } }), onJoined)
            }
          >
            {isBusy ? words.joining : words.join}
          </button>
        )}
        <button
          type="button"
          class="btn quiet"
          aria-disabled={isBusy}
          onClick={() => run(() => call<null>('DELETE', '/session'), onOther)}
        >
          {words.joinNotMine}
        </button>
      </div>
    </>
  );
}
