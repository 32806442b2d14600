/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Visits as rows; the whole row opens the visit beside the list. */
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { Booking } from '../../kit/contract';
import { walkRows } from '../../kit/rows';
import { clock, date, dayName, money, sameDay } from '../../kit/time';
import { words } from '../../words/bookings';
import { StatusChip } from '../visit/status';

export function BookingTable({ bookings }: { bookings: Booking[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
    <table className="list-table booking-table" aria-label={words.title} onKeyDown={walkRows}>
      <thead>
        <tr>
          <th scope="col">{words.columns.when}</th>
          <th scope="col">{words.columns.client}</th>
          <th scope="col">{words.columns.service}</th>
          <th scope="col">{words.columns.person}</th>
          <th scope="col">{words.columns.status}</th>
          <th scope="col" className="number">
            {words.columns.price}
          </th>
        </tr>
      </thead>
      <tbody>
        {bookings.map((booking, at) => {
          const before = bookings[at - 1];
          const isNewDay = !before || !sameDay(before.start, booking.start);
          return <Row key={booking.id} booking={booking} isNewDay={isNewDay} />;
        })}
      </tbody>
    </table>
  );
}

function Row({ booking, isNewDay }: { booking: Booking; isNewDay: boolean }) {
  const { id, start, end, client, services, staff, status, price } = booking;
  const isOpen = status === 'pending' || status === 'confirmed';
  const isLate = isOpen && Date.parse(end) < Date.now();
  return (
    <tr data-day={isNewDay || undefined} data-off={status === 'cancelled' || undefined}>
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- it has its words */}
      <td className="booking-when">
        <time dateTime={start}>
          <span className="booking-day" title={dayName(start)}>
            {date(start)}
          </span>
          <span className="booking-clock">
            {clock(start)}–{clock(end)}
          </span>
        </time>
      </td>
      <td className="booking-client">
        <Link
          to="."
          search={(last) => ({ ...last, visit: id })}
          resetScroll={false}
          preload={false}
          className="row-link"
          data-row
        >
          {client.name}
        </Link>
        {booking.client_alerts.length > 0 && (
          <span className="booking-alert" title={booking.client_alerts.join(', ')}>
            <TriangleAlert size={15} aria-hidden="true" />
            <span className="unseen">{booking.client_alerts.join(', ')}</span>
          </span>
        )}
      </td>
      <td>{services.map((service) => service.name).join(', ')}</td>
      <td>{staff.name}</td>
      <td>
        <StatusChip status={status} />
        {isLate && (
          <span className="chip" data-tone="warn">
            {words.unmarked}
          </span>
        )}
        {!booking.gates_ok && isOpen && !isLate && (
          <span className="chip" data-tone="warn">
            {words.gates}
          </span>
        )}
      </td>
      <td className="number">{money(price)}</td>
    </tr>
  );
}
