/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One client: who they are at a glance, what has been, and what is to be known. */
import './client.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, TriangleAlert, UserRoundX } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { Face } from '../../kit/face';
import { PageHead, QuietHead } from '../../kit/page';
import { Refusal } from '../../kit/refusal';
import { Empty, Failed, Waiting } from '../../kit/states';
import { date } from '../../kit/time';
import { may } from '../../shell/session';
import { words } from '../../words/clients';
import { ClientActions } from './client_actions';
import { Clinical } from './clinical';
import { overviewQuery } from './data';
import { Details } from './details';
import { Duplicates } from './duplicates';
import { Glance } from './glance';
import { History } from './history';
import { StatusChip } from './status';

const Erase = lazy(() => import('./erase'));

export function ClientScreen() {
  const { id } = useParams({ from: '/app/clients/$id' });
  return (
    <div className="page">
      <One key={id} id={id} />
    </div>
  );
}

function One({ id }: { id: string }) {
  const [isErasing, setErasing] = useState(false);
  const { data, error, isPending, refetch } = useQuery(overviewQuery(id));
  if (!data) {
    const isGone = error instanceof Refusal && [400, 404].includes(error.status);
    return (
      <>
        <QuietHead title={words.clientTitle} />
        {isPending && <Waiting rows={5} height={96} />}
        {isGone && <Gone error={error} />}
        {error && !isGone && <Failed error={error} retry={() => void refetch()} />}
      </>
    );
  }
  const { client } = data;
  const back = (
    <Link to="/app/clients">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.back}
    </Link>
  );
  return (
    <>
      <div className="client-top">
        <Face name={client.name} size={56} />
        <PageHead
          title={client.name}
          back={back}
          note={
            <>
              <StatusChip status={client.status} />
              <span className="small">{words.since(date(client.created_at), words.sources[client.source])}</span>
            </>
          }
          actions={<ClientActions overview={data} erase={() => setErasing(true)} />}
        />
      </div>
      {client.alerts.length > 0 && (
        <ul className="client-alerts" aria-label={words.alertsLabel}>
          {client.alerts.map((alert) => (
            <li key={alert}>
              <TriangleAlert size={17} aria-hidden="true" />
              {alert}
            </li>
          ))}
        </ul>
      )}
      <div className="client-grid">
        <div className="stack">
          <Glance overview={data} />
          <History id={id} />
        </div>
        <div className="stack">
          <Details client={client} />
          {may('clinical') && <Clinical client={client} />}
          <Duplicates client={client} duplicates={data.duplicates} />
        </div>
      </div>
      <Suspense>{isErasing && <Erase client={client} close={() => setErasing(false)} />}</Suspense>
    </>
  );
}

/** A client who was merged leads to whom they were merged with. */
function Gone({ error }: { error: Refusal }) {
  const winner = error.more['client_id'] ?? error.more['merged_into'];
  return (
    <Empty
      icon={UserRoundX}
      title={words.gone}
      text={error.detail || words.goneText}
      action={
        typeof winner === 'string' ? (
          <Button renderRoot={(props) => <Link to="/app/clients/$id" params={{ id: winner }} {...props} />}>
            {words.openExisting}
          </Button>
        ) : (
          <Button variant="default" renderRoot={(props) => <Link to="/app/clients" {...props} />}>
            {words.back}
          </Button>
        )
      }
    />
  );
}
