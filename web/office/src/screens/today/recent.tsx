/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What has just happened, and by whom. */
import { Link } from '@tanstack/react-router';
import { words } from '../../words/today';
import type { Dashboard, RecentEvent } from './data';
import { when } from './when';

const SHOWN = 8;

export function Recent({ board }: { board: Dashboard }) {
  return (
    <section className="panel" aria-labelledby="recent-title">
      <header className="panel-head">
        <h2 id="recent-title">{words.recent}</h2>
      </header>
      {board.recent.length === 0 && <p className="soft">{words.noRecent}</p>}
      <ul className="recent">
        {board.recent.slice(0, SHOWN).map((each) => (
          <li key={each.id}>
            <p>
              {words.event(each.entity, each.action)} <What of={each} />
            </p>
            <p className="soft small">
              {[each.actor_kind === 'system' ? words.byItself : each.actor_name, when(each.at)].filter(Boolean).join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function What({ of }: { of: RecentEvent }) {
  const { name, booking_id: visit, client_id: client } = of;
  if (!name) return null;
  if (visit)
    return (
      <Link to="." search={(old) => ({ ...old, visit })}>
        {name}
      </Link>
    );
  if (client)
    return (
      <Link to="/app/clients/$id" params={{ id: client }}>
        {name}
      </Link>
    );
  return <b>{name}</b>;
}
