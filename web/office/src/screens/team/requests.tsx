/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Time off that members ask for, to decide; what was decided stands below. */
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarCheck } from 'lucide-react';
import { useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import { Face } from '../../kit/face';
import { problemText } from '../../kit/problem';
import { Alarm, Empty, Failed, Waiting } from '../../kit/states';
import { span } from '../../kit/local';
import { dateTime } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/team';
import { type Request, requestsQuery } from './data';

export function Requests() {
  const { data, error, isPending, refetch } = useQuery(requestsQuery);
  const [last, setLast] = useState<Request | null>(null);
  if (isPending) return <Waiting rows={3} height={120} />;
  if (!data) return <Failed error={error} retry={() => void refetch()} />;
  const pending = data.data.filter((each) => each.status === 'pending');
  const decided = data.data.filter((each) => each.status !== 'pending');
  return (
    <div className="stack">
      {last?.status === 'approved' && <Lying request={last} />}
      {pending.length === 0 ? (
        <Empty icon={CalendarCheck} title={words.noRequests} text={words.noRequestsHint} />
      ) : (
        <ul className="stack" aria-label={words.requestsTitle}>
          {pending.map((each) => (
            <Pending key={each.id} request={each} decided={setLast} />
          ))}
        </ul>
      )}
      {decided.length > 0 && (
        <section className="panel">
          <h2>{words.decided}</h2>
          <ul className="team-off">
            {decided.map((each) => (
              <li key={each.id}>
                <div>
                  <strong>{each.staff_name}</strong>
                  <p className="soft small">
                    {span(each.local_start, each.local_end)}
                    {each.reason && ` · ${each.reason}`}
                  </p>
                </div>
                <span className="chip" data-tone={each.status === 'approved' ? 'good' : undefined}>
                  {words.requestStatus[each.status]}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** What lies in the time that was just given. */
function Lying({ request: { bookings, staff_name: name } }: { request: Request }) {
  if (!bookings || bookings.length === 0) return null;
  return (
    <section className="panel" aria-label={words.bookingsIn(bookings.length)}>
      <h2>{words.bookingsIn(bookings.length)}</h2>
      <p className="soft">{words.bookingsInLead(name)}</p>
      <ul className="team-off">
        {bookings.map((each) => (
          <li key={each.id}>
            <strong>{each.client_name}</strong>
            <span className="soft">{dateTime(each.start)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Pending({ request, decided }: { request: Request; decided: (request: Request) => void }) {
  const { id, version, staff_name: name } = request;
  const [note, setNote] = useState('');
  const cache = useQueryClient();
  const toast = useToast();
  const decide = useMutation({
    mutationFn: (isYes: boolean) => {
      const params = { path: { id }, header: { 'If-Match': ifMatch(version) } };
      const body = note.trim() ? { note: note.trim() } : {};
      return ask(
        isYes
          ? api.POST('/api/v1/time-off-requests/{id}/approve', { params, body })
          : api.POST('/api/v1/time-off-requests/{id}/decline', { params, body }),
      );
    },
    onSuccess: (next) => {
      document.getElementById('content')?.focus({ preventScroll: true });
      toast.say(next.status === 'approved' ? words.approved(name) : words.declined(name));
      decided(next);
      void cache.invalidateQueries({ queryKey: requestsQuery.queryKey });
      void cache.invalidateQueries({ queryKey: ['staff', 'time-off', next.staff_id] });
    },
  });
  return (
    <li className="panel team-request">
      <Face name={name} size={40} />
      <div className="team-main">
        <strong>{name}</strong>
        <p className="soft">{span(request.local_start, request.local_end)}</p>
        {request.reason && <p>{request.reason}</p>}
        {decide.error && <Alarm>{problemText(decide.error)}</Alarm>}
        <div className="team-decide">
          <TextInput
            label={words.note}
            value={note}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Act busy={decide.isPending} aria-label={words.approveLabel(name)} onClick={() => decide.mutate(true)}>
            {words.approve}
          </Act>
          <Act
            variant="default"
            busy={decide.isPending}
            aria-label={words.declineLabel(name)}
            onClick={() => decide.mutate(false)}
          >
            {words.decline}
          </Act>
        </div>
      </div>
    </li>
  );
}
