/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Stands over every screen while the address has `?visit=<id>`: everything about one visit. */
import './visit.css';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CalendarX2 } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import type { Booking } from '../../kit/contract';
import { Refusal } from '../../kit/refusal';
import { Sheet } from '../../kit/sheet';
import { Empty, Failed, Waiting } from '../../kit/states';
import { clock, date, dayName, money } from '../../kit/time';
import { words } from '../../words/visit';
import { Actions } from './actions';
import { Before } from './before';
import { useChange } from './change';
import { ClientPart } from './client_part';
import { visitQuery } from './data';
import { History } from './history';
import { Materials } from './materials';
import { Notes } from './notes';
import { StatusChip } from './status';
import { Told } from './told';

const MoveForm = lazy(() => import('./move'));
const CompleteForm = lazy(() => import('./complete'));

export function VisitDrawer({ id }: { id: string }) {
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(visitQuery(id));
  const close = (): void =>
    void navigate({
      to: '.',
      search: (old: Record<string, unknown>) => ({ ...old, visit: undefined }),
      replace: true,
      resetScroll: false,
    });
  const title = data ? data.services.map((service) => service.name).join(', ') : words.visit;
  return (
    <Sheet onClose={close} title={title} className="visit">
      {data ? <One booking={data} /> : error ? <Lost error={error} retry={() => void refetch()} /> : <Waiting rows={5} height={72} />}
    </Sheet>
  );
}

function Lost({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof Refusal && [400, 404].includes(error.status))
    return <Empty icon={CalendarX2} title={words.gone} text={words.goneText} />;
  return <Failed error={error} retry={retry} />;
}

export type Doing = 'move' | 'complete' | null;

function One({ booking }: { booking: Booking }) {
  const change = useChange(booking);
  const [doing, setDoing] = useState<Doing>(null);
  const done = (): void => {
    setDoing(null);
    /* The form that had the focus is gone. */
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.visit-actions button')?.focus());
  };
  return (
    <div className="visit-body">
      <Head booking={booking} />
      {doing === null && <Actions booking={booking} change={change} begin={setDoing} />}
      <Suspense fallback={<Waiting rows={2} height={64} />}>
        {doing === 'move' && <MoveForm booking={booking} change={change} done={done} />}
        {doing === 'complete' && <CompleteForm booking={booking} change={change} done={done} />}
      </Suspense>
      <ClientPart booking={booking} />
      <Notes booking={booking} change={change} />
      <Before booking={booking} />
      <Materials booking={booking} />
      <Told id={booking.id} />
      <History booking={booking} />
    </div>
  );
}

const minutesOf = (booking: Booking): number => (Date.parse(booking.end) - Date.parse(booking.start)) / 60_000;

function Head({ booking }: { booking: Booking }) {
  const rooms = booking.resources.map((room) => room.name).join(', ');
  return (
    <section className="visit-head" aria-label={words.when}>
      <p className="visit-when">
        <strong>
          {clock(booking.start)}–{clock(booking.end)}
        </strong>
        <StatusChip status={booking.status} />
        {booking.started_at && ['pending', 'confirmed'].includes(booking.status) && (
          <span className="chip" data-tone="accent">
            {words.startedAt(clock(booking.started_at))}
          </span>
        )}
      </p>
      <p>{dayName(booking.start)}</p>
      <dl className="visit-facts">
        <div>
          <dt>{words.person}</dt>
          <dd>{booking.staff.name}</dd>
        </div>
        <div>
          <dt>{words.length}</dt>
          <dd>{words.minutes(minutesOf(booking))}</dd>
        </div>
        <div>
          <dt>{words.price}</dt>
          <dd>{money(booking.price)}</dd>
        </div>
        {rooms && (
          <div>
            <dt>{words.room}</dt>
            <dd>{rooms}</dd>
          </div>
        )}
      </dl>
      {booking.services.length > 1 && (
        <ul className="visit-services">
          {booking.services.map((service, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- the same service may be there twice
            <li key={`${service.id}${at}`}>
              <span>{service.name}</span>
              <span>
                {words.minutes(service.duration_min)} · {money(service.price)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="soft small">{words.madeBy(booking.source, date(booking.created_at))}</p>
    </section>
  );
}
