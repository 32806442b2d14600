/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One service: everything that is to be said of it, and beside it what clients see. */
import './service.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { QuietHead } from '../../kit/page';
import { Refusal } from '../../kit/refusal';
import { Empty, Failed, Waiting } from '../../kit/states';
import { words } from '../../words/service';
import { serviceQuery } from './data';
import { Editor } from './editor';

export function ServiceScreen() {
  const { id } = useParams({ from: '/app/services/$id' });
  return (
    <div className="page">
      <One key={id} id={id} />
    </div>
  );
}

function One({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useQuery(serviceQuery(id));
  if (data) return <Editor service={data} />;
  const isGone = error instanceof Refusal && [400, 404].includes(error.status);
  const action = (
    <Button variant="default" renderRoot={(props) => <Link to="/app/services" search={{ state: 'off' }} {...props} />}>
      {words.back}
    </Button>
  );
  return (
    <>
      <QuietHead title={words.title} />
      {isPending && <Waiting rows={5} height={120} />}
      {isGone && <Empty icon={SearchX} title={words.gone} text={words.goneText} action={action} />}
      {!isPending && !isGone && <Failed error={error} retry={() => void refetch()} />}
    </>
  );
}
