/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One form: its questions and settings, being built, and what has been answered. */
import './forms.css';
import './builder.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { FileX2 } from 'lucide-react';
import { QuietHead } from '../../kit/page';
import { Refusal } from '../../kit/refusal';
import { Empty, Failed, Waiting } from '../../kit/states';
import { words } from '../../words/forms';
import { Builder } from './builder';
import { formQuery } from './data';

export function FormScreen() {
  const { id } = useParams({ from: '/app/forms/$id' });
  const search = useSearch({ from: '/app/forms/$id' });
  return (
    <div className="page">
      {id === 'new' ? <Builder key="new" form={null} search={search} /> : <Existing key={id} id={id} />}
    </div>
  );
}

function Existing({ id }: { id: string }) {
  const search = useSearch({ from: '/app/forms/$id' });
  const { data, error, isPending, refetch } = useQuery(formQuery(id));
  if (data) return <Builder form={data} search={search} />;
  const isGone = error instanceof Refusal && [400, 404].includes(error.status);
  return (
    <>
      <QuietHead title={words.formTitle} />
      {isPending && <Waiting rows={5} height={72} />}
      {isGone && <Gone />}
      {error && !isGone && <Failed error={error} retry={() => void refetch()} />}
    </>
  );
}

function Gone() {
  const action = (
    <Button variant="default" renderRoot={(props) => <Link to="/app/forms" {...props} />}>
      {words.back}
    </Button>
  );
  return <Empty icon={FileX2} title={words.gone} text={words.goneText} action={action} />;
}
