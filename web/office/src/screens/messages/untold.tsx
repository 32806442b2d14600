/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** People whom a letter did not reach, the most urgent first, each with the next step. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MailCheck, PhoneCall, RotateCw } from 'lucide-react';
import { Act } from '../../kit/act';
import { Read } from '../../kit/list';
import { Empty } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { words } from '../../words/messages';
import { type Untold, untoldQuery } from './data';
import { useDeeds } from './deeds';

export function UntoldList() {
  return (
    <Read read={useQuery(untoldQuery)} rows={4} height={96}>
      {({ data: all, next_cursor: rest }) =>
        all.length === 0 ? (
          <Empty icon={MailCheck} title={words.allTold} text={words.allToldText} />
        ) : (
          <>
            <ul className="panel row-list message-list">
              {all.map((each) => (
                <Row key={each.email_id} of={each} />
              ))}
            </ul>
            {rest && <p className="soft small">{words.behind}</p>}
          </>
        )
      }
    </Read>
  );
}

/** The row goes, so the focus does not stay on it. */
const arrive = (): void => document.getElementById('content')?.focus({ preventScroll: true });

function Row({ of }: { of: Untold }) {
  const { email_id: id, client, subject, why, next_step: step, booking_start: start } = of;
  const { retry, told } = useDeeds(arrive);
  return (
    <li className="message-untold">
      <div className="row-main">
        <p>
          {client.id ? (
            <Link to="/app/clients/$id" params={{ id: client.id }}>
              {client.name}
            </Link>
          ) : (
            <strong>{client.name}</strong>
          )}
          {start && <span className="soft"> · {dateTime(start)}</span>}
        </p>
        <p className="soft small">{subject}</p>
        <p>
          {why} {step.message}
        </p>
        {client.phone && (
          <a href={`tel:${client.phone.replace(/[^+\d]/g, '')}`} className="message-phone">
            {client.phone}
          </a>
        )}
      </div>
      <div className="row">
        {step.code === 'retry' && (
          <Act
            variant="default"
            busy={retry.isPending}
            aria-label={`${words.retry}: ${client.name}`}
            leftSection={<RotateCw size={17} aria-hidden="true" />}
            onClick={() => retry.mutate(id)}
          >
            {words.retry}
          </Act>
        )}
        <Act
          variant="default"
          busy={told.isPending}
          aria-label={`${words.told}: ${client.name}`}
          leftSection={<PhoneCall size={17} aria-hidden="true" />}
          onClick={() => told.mutate(id)}
        >
          {words.told}
        </Act>
      </div>
    </li>
  );
}
