/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is kept, how it is taken along, and who was erased. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, UserX } from 'lucide-react';
import { Empty, Failed, Waiting } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { words } from '../../words/settings_more';
import { erasuresQuery } from './data';

export default function OwnData() {
  return (
    <div className="stack">
      <section className="panel stack" aria-labelledby="data-export">
        <h2 id="data-export">{words.exportTitle}</h2>
        <p className="soft">{words.exportText}</p>
        <div className="row">
          <Button
            component="a"
            href="/api/v1/workspace/export"
            download="business.json"
            leftSection={<Download size={16} aria-hidden="true" />}
          >
            {words.exportAll}
          </Button>
          <Button
            component="a"
            href="/api/v1/clients/export.csv"
            download
            variant="default"
            leftSection={<Download size={16} aria-hidden="true" />}
          >
            {words.exportClients}
          </Button>
        </div>
      </section>
      <section className="panel" aria-labelledby="data-kept">
        <h2 id="data-kept">{words.keptTitle}</h2>
        <dl className="kept">
          {words.kept.map(([what, long]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{long}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="panel" aria-labelledby="data-erased">
        <h2 id="data-erased">{words.erasedTitle}</h2>
        <p className="soft small">
          {words.erasedText} <Link to="/app/clients">{words.toClients}</Link>
        </p>
        <Erasures />
      </section>
    </div>
  );
}

function Erasures() {
  const list = useQuery(erasuresQuery);
  if (list.isPending) return <Waiting rows={2} height={44} />;
  if (!list.data) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (list.data.length === 0) return <Empty icon={UserX} title={words.noErasures} />;
  return (
    <ul className="erasures">
      {list.data.map(({ id, client_id: client, erased_at: at, by }) => (
        <li key={id}>
          <span>{words.erasedOne(client)}</span>
          <span className="soft">
            {dateTime(at)}
            {by && ` · ${by}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
