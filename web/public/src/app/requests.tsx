/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What staff ask for, and the owner's word on it. */
import { useState } from 'preact/hooks';
import { useAct } from '../kit/act';
import { call } from '../kit/api';
import type { List, TimeOffRequest } from '../kit/contract';
import { useLoad } from '../kit/load';
import type { Place } from '../kit/place';
import { spanText } from '../kit/span';
import { Failure, Field, Reading, StepHeading } from '../kit/ui';
import { team as words } from '../words/team';
import type { TeamData } from './team_data';

interface Outcome {
  text: string;
  /** Bookings that lie in what was approved. */
  count: number;
  staffId: string;
}

export function Requests({ place, data }: { place: Place; data: TeamData }) {
  const load = useLoad<List<TimeOffRequest>>('/time-off-requests?limit=100');
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const all = load.value?.data ?? [];
  const pending = all.filter(({ status }) => status === 'pending');
  const decided = all.filter(({ status }) => status !== 'pending');
  const { locale } = data.workspace;
  const settle = (next: TimeOffRequest, text: string): void => {
    setOutcome({ text, count: next.bookings?.length ?? 0, staffId: next.staff_id });
    load.reload();
    document.querySelector('h2')?.focus();
  };
  return (
    <section class="panel">
      <StepHeading moved={place.moved}>{words.requestsTitle}</StepHeading>
      <div role="status" class="said">
        {outcome?.text}
      </div>
      {outcome && outcome.count > 0 && (
        <p class="state">
          <strong>{words.bookingsIn(outcome.count)}</strong> {words.bookingsInLead}
        </p>
      )}
      <Reading load={load} />
      {load.value && pending.length === 0 && (
        <p class="sub">
          <strong>{words.noRequests}</strong> {words.noRequestsHint}
        </p>
      )}
      <ul class="rows">
        {pending.map((each) => (
          <Pending key={each.id} request={each} locale={locale} onDecided={settle} />
        ))}
      </ul>
      {decided.length > 0 && (
        <>
          <h3>{words.decided}</h3>
          <ul class="rows">
            {decided.map((each) => (
              <li key={each.id}>
                <span>
                  <strong>{each.staff_name}</strong>
                  <span class="sub">
                    {spanText(each.local_start, each.local_end, locale)}
                    {each.reason && ` · ${each.reason}`}
                  </span>
                </span>
                <span class={each.status === 'approved' ? 'badge good' : 'badge'}>
                  {words.requestStatus[each.status]}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface PendingProps {
  request: TimeOffRequest;
  locale: string;
  onDecided: (request: TimeOffRequest, said: string) => void;
}

function Pending({ request, locale, onDecided }: PendingProps) {
  const act = useAct();
  const [note, setNote] = useState('');
  const decide = (what: 'approve' | 'decline'): void =>
    act.run(
      () =>
        call<TimeOffRequest>('POST', `/time-off-requests/${request.id}/${what}`, {
          body: note.trim() ? { note: note.trim() } : {},
        }),
      (next) =>
        onDecided(
          next,
          what === 'approve' ? words.approved(request.staff_name) : words.declined(request.staff_name),
        ),
    );
  return (
    <li>
      <span>
        <strong>{request.staff_name}</strong>
        <span class="sub">{spanText(request.local_start, request.local_end, locale)}</span>
        {request.reason && <span>{request.reason}</span>}
      </span>
      <div class="decide">
        <Failure of={act} />
        <Field
          id={`note-${request.id}`}
          label={words.note}
          value={note}
          error={undefined}
          input={{ maxLength: 200, autoComplete: 'off' }}
          onValue={setNote}
        />
        <div class="actions">
          <button
            type="button"
            class="btn"
            aria-label={words.approveLabel(request.staff_name)}
            aria-disabled={act.isBusy}
            onClick={() => decide('approve')}
          >
            {words.approve}
          </button>
          <button
            type="button"
            class="btn quiet"
            aria-label={words.declineLabel(request.staff_name)}
            aria-disabled={act.isBusy}
            onClick={() => decide('decline')}
          >
            {words.decline}
          </button>
        </div>
      </div>
    </li>
  );
}
