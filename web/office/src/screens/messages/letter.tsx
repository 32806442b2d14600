/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One letter: its words, its way, and what can still be done. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarDays, PhoneCall, RotateCw, UserRound } from 'lucide-react';
import { Act } from '../../kit/act';
import { Dialog } from '../../kit/dialog';
import { Failed, Waiting } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { words } from '../../words/messages';
import { EmailChip } from './chip';
import { type Email, emailQuery } from './data';
import { useDeeds } from './deeds';

export default function Letter({ id, close }: { id: string; close: () => void }) {
  const { data, error, isPending, refetch } = useQuery(emailQuery(id));
  return (
    <Dialog onClose={close} title={data?.subject ?? words.letter} size="lg">
      {isPending && <Waiting rows={4} height={40} />}
      {!isPending && !data && <Failed error={error} retry={() => void refetch()} />}
      {data && <Whole of={data} />}
    </Dialog>
  );
}

function Whole({ of }: { of: Email }) {
  const { id, to, to_name: name, kind, status } = of;
  const { retry, told } = useDeeds();
  const isOpen = status === 'failed' || of.delivery === 'bounced' || of.delivery === 'complained';
  return (
    <div className="stack">
      <p className="row soft small">
        <EmailChip of={of} />
        {words.kinds[kind]}
        <span>{words.to(name ? `${name} <${to}>` : to)}</span>
      </p>
      {of.last_error && <p className="message-error">{of.last_error}</p>}
      <Way of={of} />
      {of.text && <p className="message-text">{of.text}</p>}
      <div className="row">
        {status === 'failed' && (
          <Act
            busy={retry.isPending}
            leftSection={<RotateCw size={17} aria-hidden="true" />}
            onClick={() => retry.mutate(id)}
          >
            {words.retry}
          </Act>
        )}
        {isOpen && !of.told_at && (
          <Act
            variant="default"
            busy={told.isPending}
            leftSection={<PhoneCall size={17} aria-hidden="true" />}
            onClick={() => told.mutate(id)}
          >
            {words.told}
          </Act>
        )}
        {of.booking_id && (
          <Button
            variant="default"
            leftSection={<CalendarDays size={17} aria-hidden="true" />}
            renderRoot={(props) => (
              <Link to="." search={(last) => ({ ...last, show: undefined, visit: of.booking_id ?? undefined })} {...props} />
            )}
          >
            {words.visit}
          </Button>
        )}
        {of.client_id && (
          <Button
            variant="default"
            leftSection={<UserRound size={17} aria-hidden="true" />}
            renderRoot={(props) => <Link to="/app/clients/$id" params={{ id: of.client_id ?? '' }} {...props} />}
          >
            {words.client}
          </Button>
        )}
      </div>
    </div>
  );
}

function Way({ of }: { of: Email }) {
  const steps: [string, string | null][] = [
    [words.steps.made, of.created_at],
    [words.steps.due, of.status === 'queued' ? of.due_at : null],
    [words.steps.sent, of.sent_at],
    [words.steps.delivered, of.delivered_at],
    [of.told_by ? words.toldBy(of.told_by) : words.steps.told, of.told_at],
  ];
  return (
    <dl className="message-way">
      {steps.map(
        ([step, at]) =>
          at && (
            <div key={step}>
              <dt>{step}</dt>
              <dd>{dateTime(at)}</dd>
            </div>
          ),
      )}
      {of.attempts > 1 && (
        <div>
          <dt>{words.steps.tries}</dt>
          <dd>{of.attempts}</dd>
        </div>
      )}
    </dl>
  );
}
