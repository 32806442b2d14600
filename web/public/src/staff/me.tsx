/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A member's own time: weekly hours, time off, asking for more, and the way out. */
import { useState } from 'preact/hooks';
import type { List, RequestStatus, TimeOff, TimeOffRequest } from '../kit/contract';
import { weekdayName } from '../kit/format';
import { Alert } from '../kit/ui';
import { notLoaded } from '../words/shared';
import { staff as words } from '../words/staff';
import { ask, online, toSignIn, useRead } from './ask';
import { AskTimeOff } from './asktime';
import { useOwnHours, weekly } from './hours';
import { Failed, Heading, Skeleton, Spans, usePortal } from './parts';
import { queue } from './queue';
import { spanText } from '../kit/span';
import { useStore } from './store';

export function Me() {
  const { member } = usePortal();
  const requests = useRead<List<TimeOffRequest>>('/time-off-requests?limit=20', 'time');
  return (
    <>
      <Heading>{words.me}</Heading>
      <p class="sub">
        {member.user.name} · {member.user.email}
      </p>
      <a class="btn quiet" href="/account">
        {words.account}
      </a>
      <OwnHours />
      <TimeOffList />
      <Requests requests={requests} />
      <AskTimeOff onSent={requests.reload} />
      <SignOut />
    </>
  );
}

function OwnHours() {
  const { member } = usePortal();
  const { locale } = member.workspace;
  const read = useOwnHours();
  const spans = weekly(read, member);
  /* Where the owner keeps hours to themselves the answer is 403 or 404. */
  const isClosed = read.problem?.status === 403 || read.problem?.status === 404;
  return (
    <section class="panel">
      <h2>{words.hours}</h2>
      {read.loading && <Skeleton />}
      {isClosed && <p class="sub">{words.hoursUnknown}</p>}
      {!spans && !read.loading && !isClosed && <Failed read={read} />}
      {read.value?.inherits && <p class="sub">{words.hoursInherit}</p>}
      {spans && (
        <dl class="hours">
          {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
            <div key={weekday}>
              <dt>{weekdayName(weekday, locale)}</dt>
              <dd>
                <Spans spans={spans.filter((each) => each.weekday === weekday)} locale={locale} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function TimeOffList() {
  const { member } = usePortal();
  const [since] = useState(() => new Date().toISOString().replace(/\.\d+Z/, 'Z'));
  const read = useRead<List<TimeOff>>(
    `/staff/${member.staff_id}/time-off?from=${since}&limit=50`,
    'time',
  );
  const isClosed = read.problem?.status === 403 || read.problem?.status === 404;
  if (isClosed) return null;
  return (
    <section class="panel">
      <h2>{words.timeOff}</h2>
      {read.loading && <Skeleton />}
      {!read.value && !read.loading && <Failed read={read} />}
      {read.value?.data.length === 0 && <p class="sub">{words.noTimeOff}</p>}
      <ul class="lines">
        {read.value?.data.map((each) => (
          <li key={each.id}>
            <span>{spanText(each.local_start, each.local_end, member.workspace.locale)}</span>
            <span class="sub">{each.reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const TONE: Record<RequestStatus, string> = {
  pending: 'waits',
  approved: 'completed',
  declined: 'cancelled',
  withdrawn: 'cancelled',
};

function Requests({ requests }: { requests: ReturnType<typeof useRead<List<TimeOffRequest>>> }) {
  if (requests.problem?.status === 404) return null;
  if (!requests.value && !requests.loading) {
    return (
      <section class="panel">
        <h2>{words.requests}</h2>
        <Failed read={requests} />
      </section>
    );
  }
  if (!requests.value || requests.value.data.length === 0) return null;
  return (
    <section class="panel">
      <h2>{words.requests}</h2>
      <ul class="asked">
        {requests.value.data.map((each) => (
          <Request key={each.id} request={each} onChanged={requests.reload} />
        ))}
      </ul>
    </section>
  );
}

function Request({ request, onChanged }: { request: TimeOffRequest; onChanged: () => void }) {
  const { member } = usePortal();
  const isOnline = useStore(online);
  const [failedAt, setFailedAt] = useState(0);
  const when = spanText(request.local_start, request.local_end, member.workspace.locale);
  const withdraw = async (): Promise<void> => {
    const path = `/time-off-requests/${request.id}/withdraw`;
    const answer = await ask<TimeOffRequest>('POST', path, { version: request.version });
    if (answer.kind === 'ok') queue.said.set(words.withdrawn);
    else setFailedAt(Date.now());
    onChanged();
  };
  return (
    <li>
      <p>
        <strong>{when}</strong>{' '}
        <span class={`badge ${TONE[request.status]}`}>{words.requestStatus[request.status]}</span>
      </p>
      {request.reason && <p class="sub">{request.reason}</p>}
      {request.note && (
        <p class="quote">
          {request.note} {request.decided_by && <span class="sub">{words.decidedBy(request.decided_by)}</span>}
        </p>
      )}
      {failedAt > 0 && (
        <Alert key={failedAt}>
          <p>{notLoaded}</p>
        </Alert>
      )}
      {request.status === 'pending' && isOnline && (
        <button
          type="button"
          class="btn quiet"
          aria-label={`${words.withdraw}: ${when}`}
          onClick={() => void withdraw()}
        >
          {words.withdraw}
        </button>
      )}
    </li>
  );
}

/** What waits to be sent would go with the session, so that is asked first. */
function SignOut() {
  const waiting = useStore(queue.changes).length;
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [failedAt, setFailedAt] = useState(0);
  const leave = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    const answer = await ask<null>('DELETE', '/session');
    setBusy(false);
    const isOut =
      answer.kind === 'ok' || (answer.kind === 'problem' && answer.problem.status === 401);
    if (!isOut) {
      setFailedAt(Date.now());
      return;
    }
    queue.clear();
    toSignIn();
  };
  return (
    <section class="out">
      {failedAt > 0 && (
        <Alert key={failedAt}>
          <p>{words.signOutFailed}</p>
        </Alert>
      )}
      {isAsking && waiting > 0 ? (
        <Alert>
          <p>{words.signOutWaiting(waiting)}</p>
          <div class="actions">
            <button type="button" class="btn danger" onClick={() => void leave()}>
              {words.signOutAnyway}
            </button>
            <button type="button" class="btn quiet" onClick={() => setAsking(false)}>
              {words.stay}
            </button>
          </div>
        </Alert>
      ) : (
        <button
          type="button"
          class="btn quiet"
          aria-disabled={isBusy}
          onClick={() => (waiting > 0 ? setAsking(true) : void leave())}
        >
          {isBusy ? words.signingOut : words.signOut}
        </button>
      )}
    </section>
  );
}
