/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The services that can take it, and the visits ahead that hold it: what switching it off leaves behind. */
import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarClock } from 'lucide-react';
import { dateTime } from '../../kit/time';
import { words } from '../../words/resources';
import type { Resource } from './data';

export function UsedBy({ resource: { used_by: use, active } }: { resource: Resource }) {
  const navigate = useNavigate();
  if (!use) return null;
  const { services, visits = [] } = use;
  return (
    <div className="used-by stack">
      <section aria-label={words.services}>
        <h3>{words.services}</h3>
        {services.length === 0 && <p className="soft small">{words.noServices}</p>}
        <ul className="used-list">
          {services.map(({ id, name, alone }) => (
            <li key={id}>
              <Link to="/app/services/$id" params={{ id }}>
                {name}
              </Link>
              {alone && (
                <span className="chip" data-tone={active ? undefined : 'warn'}>
                  {active ? words.alone : words.without}
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={words.visits}>
        <h3>{words.visits}</h3>
        {visits.length === 0 && <p className="soft small">{words.noVisits}</p>}
        {visits.length > 0 && !active && <p className="used-warn">{words.keep(visits.length)}</p>}
        <ul className="used-list">
          {visits.map(({ id, start, client_name: client, staff_name: person }) => (
            <li key={id}>
              <button
                type="button"
                className="used-visit"
                onClick={() => void navigate({ to: '/app/resources', search: { visit: id } })}
              >
                <CalendarClock size={16} aria-hidden="true" />
                <span>{dateTime(start)}</span>
                <span>{client}</span>
                <span className="soft">{person}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
