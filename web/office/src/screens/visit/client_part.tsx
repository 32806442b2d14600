/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who comes, how they are reached, and what is to be minded with them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Mail, Phone, TriangleAlert } from 'lucide-react';
import type { Booking } from '../../kit/contract';
import { Face } from '../../kit/face';
import { isOwner, may } from '../../shell/session';
import { words } from '../../words/visit';
import { ratingQuery } from './data';

export function ClientPart({ booking }: { booking: Booking }) {
  const { client, client_alerts: alerts } = booking;
  return (
    <section className="visit-part" aria-label={words.client}>
      <div className="visit-client">
        <Face name={client.name} size={44} />
        <div>
          <h3>
            {may('clients') ? (
              <Link to="/app/clients/$id" params={{ id: client.id }}>
                {client.name}
              </Link>
            ) : (
              client.name
            )}
          </h3>
          <p className="visit-reach">
            {client.phone && (
              <a href={`tel:${client.phone.replaceAll(/[^+\d]/g, '')}`}>
                <Phone size={15} aria-hidden="true" />
                {client.phone}
              </a>
            )}
            {client.email && (
              <a href={`mailto:${client.email}`}>
                <Mail size={15} aria-hidden="true" />
                {client.email}
              </a>
            )}
            {!client.phone && !client.email && <span className="soft">{words.noContact}</span>}
          </p>
        </div>
      </div>
      {alerts.length > 0 && (
        <ul className="visit-alerts" aria-label={words.alerts}>
          {alerts.map((alert) => (
            <li key={alert}>
              <TriangleAlert size={16} aria-hidden="true" />
              {alert}
            </li>
          ))}
        </ul>
      )}
      {isOwner && booking.status === 'completed' && <Rated booking={booking} />}
    </section>
  );
}

const STARS = 5;

function Rated({ booking }: { booking: Booking }) {
  const { data: rating } = useQuery(ratingQuery(booking.client.id, booking.id));
  if (!rating) return null;
  return (
    <div className="visit-rating">
      <span className="stars" role="img" aria-label={words.stars(rating.stars)}>
        {'★'.repeat(rating.stars)}
        {'☆'.repeat(STARS - rating.stars)}
      </span>
      {rating.comment && <p>{rating.comment}</p>}
    </div>
  );
}
