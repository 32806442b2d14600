/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What comes before the visit: tests and other visits, and forms with their state. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import type { Booking, Submission } from '../../kit/contract';
import { useToast } from '../../kit/toast';
import { isOwner } from '../../shell/session';
import { words } from '../../words/visit';
import { formsQuery, gatesQuery } from './data';

export function Before({ booking }: { booking: Booking }) {
  const gates = useQuery(gatesQuery(booking.id));
  const forms = useQuery(formsQuery(booking.id));
  const visits = (gates.data ?? []).filter((gate) => gate.kind !== 'form');
  const asked = (forms.data ?? []).filter((form) => form.status !== 'dropped');
  if (visits.length === 0 && asked.length === 0) return null;
  return (
    <section className="visit-part">
      <h3>{words.before}</h3>
      <ul className="visit-list">
        {visits.map((gate) => (
          <li key={`${gate.kind}${gate.service_id}${gate.service}`} data-ok={gate.ok || undefined}>
            {gate.ok ? <CircleCheck size={17} aria-hidden="true" /> : <CircleAlert size={17} aria-hidden="true" />}
            <div>
              <strong>{gate.name}</strong>
              <p className="soft">{gate.done ? words.gate.ok : words.gate[gate.code]}</p>
            </div>
          </li>
        ))}
        {asked.map((form) => (
          <Form key={form.id} form={form} />
        ))}
      </ul>
    </section>
  );
}

function Form({ form }: { form: Submission }) {
  const isDone = form.status === 'completed';
  const cache = useQueryClient();
  const toast = useToast();
  const remind = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/submissions/{id}/remind', { params: { path: { id: form.id } } }),
      ),
    onSuccess: () => {
      toast.say(words.reminded);
      void cache.invalidateQueries({ queryKey: ['bookings'] });
    },
    onError: (error) => toast.fail(error),
  });
  const state = isDone ? words.form.completed : form.overdue ? words.form.overdue : words.form.pending;
  return (
    <li data-ok={isDone || undefined}>
      {isDone ? <CircleCheck size={17} aria-hidden="true" /> : <CircleAlert size={17} aria-hidden="true" />}
      <div>
        <strong>
          {isOwner ? (
            <Link to="/app/forms/$id" params={{ id: form.form.id }} search={{ tab: 'answers', show: form.id }}>
              {form.form.name}
            </Link>
          ) : (
            form.form.name
          )}
        </strong>
        <p className="soft">{state}</p>
      </div>
      {!isDone && (
        <Act
          size="compact-sm"
          variant="light"
          busy={remind.isPending}
          aria-label={words.remindOf(form.form.name)}
          onClick={() => remind.mutate()}
        >
          {words.remind}
        </Act>
      )}
    </li>
  );
}
