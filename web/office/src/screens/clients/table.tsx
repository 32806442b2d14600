/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Clients as rows; the whole row leads to the client's page. */
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { Client } from '../../kit/contract';
import { Face } from '../../kit/face';
import { walkRows } from '../../kit/rows';
import { date } from '../../kit/time';
import { words } from '../../words/clients';
import { StatusChip } from './status';

export function ClientTable({ clients }: { clients: Client[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
    <table className="list-table client-table" aria-label={words.list} onKeyDown={walkRows}>
      <thead>
        <tr>
          <th scope="col">{words.columns.name}</th>
          <th scope="col">{words.columns.contact}</th>
          <th scope="col">{words.columns.tags}</th>
          <th scope="col">{words.columns.status}</th>
          <th scope="col">{words.columns.since}</th>
        </tr>
      </thead>
      <tbody>
        {clients.map((client) => (
          <Row key={client.id} client={client} />
        ))}
      </tbody>
    </table>
  );
}

const TAGS_SHOWN = 3;

function Row({ client }: { client: Client }) {
  const { id, name, email, phone, tags, alerts, status } = client;
  return (
    <tr>
      <td className="client-name">
        <Face name={name} size={36} />
        <Link to="/app/clients/$id" params={{ id }} className="row-link" data-row>
          {name}
        </Link>
        {alerts.length > 0 && (
          <span className="client-alert" title={alerts.join(', ')}>
            <TriangleAlert size={16} aria-hidden="true" />
            <span className="unseen">{words.alerts(alerts.length)}</span>
          </span>
        )}
      </td>
      <td className="client-contact">
        {email && <span>{email}</span>}
        {phone && <span>{phone}</span>}
      </td>
      <td>
        <span className="client-tags">
          {tags.slice(0, TAGS_SHOWN).map((tag) => (
            <span key={tag} className="chip">
              {tag}
            </span>
          ))}
          {tags.length > TAGS_SHOWN && <span className="chip">+{tags.length - TAGS_SHOWN}</span>}
        </span>
      </td>
      <td>
        <StatusChip status={status} />
      </td>
      <td className="client-since">{date(client.created_at)}</td>
    </tr>
  );
}
