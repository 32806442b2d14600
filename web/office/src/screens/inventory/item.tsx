/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One item: its figures, its stock over time, what is booked of it, and who moved what and why. */
import './inventory.css';
import './item.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, PackagePlus, PackageX, TriangleAlert } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { PageHead, QuietHead } from '../../kit/page';
import { Refusal } from '../../kit/refusal';
import { Empty, Failed, Waiting } from '../../kit/states';
import { words } from '../../words/inventory';
import { Ahead } from './ahead';
import { Chart } from './chart';
import { HAND_KINDS, type ItemFull, itemQuery } from './data';
import { Details } from './details';
import { Figures } from './figures';
import { Ledger } from './ledger';
import { MoveMenu } from './move_menu';

const MoveDialog = lazy(() => import('./move_dialog'));
const OTHERS = ['count', 'waste', 'adjust'] as const;

export function ItemScreen() {
  const { id } = useParams({ from: '/app/inventory/$id' });
  return (
    <div className="page">
      <One key={id} id={id} />
    </div>
  );
}

function One({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useQuery(itemQuery(id));
  const search = useSearch({ from: '/app/inventory/$id' });
  const navigate = useNavigate();
  if (!data) {
    const isGone = error instanceof Refusal && [400, 404].includes(error.status);
    return (
      <>
        <QuietHead title={words.itemTitle} />
        {isPending && <Waiting rows={5} height={96} />}
        {isGone && <Gone />}
        {!isPending && !isGone && <Failed error={error} retry={() => void refetch()} />}
      </>
    );
  }
  const kind = HAND_KINDS.find((each) => each === search.do);
  const close = (): void =>
    void navigate({ to: '.', search: (last) => ({ ...last, do: undefined }), resetScroll: false });
  return (
    <>
      <PageHead title={data.name} back={<Back />} note={<Note item={data} />} actions={<Actions item={data} />} />
      <Figures item={data} />
      <div className="item-grid">
        <div className="stack">
          <Chart item={data} />
          <Ledger item={data} />
        </div>
        <div className="stack">
          <Details item={data} />
          <Ahead item={data} />
        </div>
      </div>
      <Suspense>{kind && <MoveDialog kind={kind} id={id} close={close} />}</Suspense>
    </>
  );
}

function Back() {
  return (
    <Link to="/app/inventory">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.back}
    </Link>
  );
}

function Note({ item }: { item: ItemFull }) {
  return (
    <>
      {item.low && item.active && (
        <span className="chip" data-tone="warn">
          <TriangleAlert size={12} aria-hidden="true" />
          {words.low}
        </span>
      )}
      {!item.active && <span className="chip">{words.retired}</span>}
      {item.sku && <span className="small">{item.sku}</span>}
    </>
  );
}

function Actions({ item }: { item: ItemFull }) {
  return (
    <>
      <Button
        renderRoot={(props) => (
          <Link to="." search={(last) => ({ ...last, do: 'receive' })} resetScroll={false} {...props} />
        )}
        leftSection={<PackagePlus size={17} aria-hidden="true" />}
      >
        {words.kinds.receive}
      </Button>
      <MoveMenu item={item} kinds={OTHERS} isIn="page" />
    </>
  );
}

function Gone() {
  return (
    <Empty
      icon={PackageX}
      title={words.gone}
      text={words.goneText}
      action={
        <Button renderRoot={(props) => <Link to="/app/inventory" {...props} />} variant="default">
          {words.back}
        </Button>
      }
    />
  );
}
