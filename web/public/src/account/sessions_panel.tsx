/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where one is signed in, and ending it. */
import { useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import { ago } from '../kit/ago';
import { call } from '../kit/api';
import type { List, OpenSession } from '../kit/contract';
import { useLoad } from '../kit/load';
import { Failure, Reading } from '../kit/ui';
import { security as words } from '../words/security';
import { deviceName } from './device';

export function Sessions() {
  const sessions = useLoad<List<OpenSession>>('/sessions?limit=50');
  const act = useAct();
  const [said, setSaid] = useState('');
  const ended = (text: string): void => {
    setSaid(text);
    sessions.reload();
    /* The row that had the focus is gone. */
    document.getElementById('sessions-title')?.focus();
  };
  const all = sessions.value?.data ?? [];
  return (
    <section class="panel" aria-labelledby="sessions-title">
      <h2 id="sessions-title" tabIndex={-1}>
        {words.sessions}
      </h2>
      <p class="sub">{all.length === 1 ? words.onlyHere : words.sessionsLead}</p>
      <p role="status" class="said">
        {said}
      </p>
      <Failure of={act} />
      <Reading load={sessions} />
      <ul class="rows">
        {all.map((each) => (
          <Row
            key={each.id}
            session={each}
            isBusy={act.isBusy}
            onEnd={() =>
              act.run(
                () => call<null>('DELETE', `/sessions/${each.id}`),
                () => ended(words.ended),
              )
            }
          />
        ))}
      </ul>
      {sessions.value && (
        <div class="actions">
          {all.length > 1 && (
            <button
              type="button"
              class="btn quiet"
              aria-disabled={act.isBusy}
              onClick={() =>
                act.run(
                  () => call<null>('POST', '/sessions/end-others'),
                  () => ended(words.othersEnded),
                )
              }
            >
              {words.endOthers}
            </button>
          )}
          <button
            type="button"
            class="btn quiet"
            aria-disabled={act.isBusy}
            onClick={() =>
              act.run(
                () => call<null>('POST', '/sessions/end-all'),
                () => location.replace('/login'),
              )
            }
          >
            {words.endAll}
          </button>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  session: OpenSession;
  isBusy: boolean;
  onEnd: () => void;
}

function Row({ session, isBusy, onEnd }: RowProps) {
  const device = deviceName(session.user_agent);
  const name = device ? words.onSystem(...device) : words.unknownDevice;
  return (
    <li>
      <span>
        <strong>{name}</strong>
        <span class="sub">
          {words.lastSeen(ago(session.last_seen_at))} · {session.address}
        </span>
      </span>
      {session.current ? (
        <span class="badge good">{words.thisDevice}</span>
      ) : (
        <button
          type="button"
          class="btn quiet"
          aria-label={words.endLabel(name)}
          aria-disabled={isBusy}
          onClick={onEnd}
        >
          {words.end}
        </button>
      )}
    </li>
  );
}
