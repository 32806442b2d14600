/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Counting, item by item, on a phone in front of the shelf; and the finished count to read. */
import './inventory.css';
import './stocktake.css';
import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, CircleCheck, ClipboardX, CloudOff, MoreHorizontal, SearchX, Trash2 } from 'lucide-react';
import { type KeyboardEvent, Suspense, lazy, useEffect, useRef, useState } from 'react';
import { api, ask } from '../../kit/api';
import type { StocktakeLine } from '../../kit/contract';
import { Menu, MenuItem } from '../../kit/menu';
import { PageHead, QuietHead } from '../../kit/page';
import { Refusal } from '../../kit/refusal';
import { SearchField } from '../../kit/search';
import { Empty, Failed, Waiting } from '../../kit/states';
import { money } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/inventory';
import { useCounting } from './counting';
import { type Take, takeQuery } from './data';
import { Line } from './line';
import { Progress } from './progress';
import { StatusChip, titleOf, who } from './stocktakes';

const Finish = lazy(() => import('./finish'));

export function StocktakeScreen() {
  const { id } = useParams({ from: '/app/stocktakes/$id' });
  const { data, error, isPending, refetch } = useQuery(takeQuery(id));
  if (!data) {
    const isGone = error instanceof Refusal && [400, 404].includes(error.status);
    return (
      <div className="page">
        <QuietHead title={words.stocktakeTitle} />
        {isPending && <Waiting rows={6} height={72} />}
        {isGone && <Empty icon={ClipboardX} title={words.takeGone} text={words.goneText} action={<All />} />}
        {!isPending && !isGone && <Failed error={error} retry={() => void refetch()} />}
      </div>
    );
  }
  return (
    <div className="page counting">
      <Counting key={data.id} take={data} />
    </div>
  );
}

function All() {
  return (
    <Button variant="default" renderRoot={(props) => <Link to="/app/stocktakes" {...props} />}>
      {words.takesBack}
    </Button>
  );
}

function Back() {
  return (
    <Link to="/app/stocktakes">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.takesBack}
    </Link>
  );
}

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

function fits(line: StocktakeLine, q: string, show: string | undefined): boolean {
  if (show === 'left' && line.counted !== null) return false;
  return plain(`${line.name} ${line.sku ?? ''} ${line.category}`).includes(plain(q));
}

/** By name, as they are asked for; the order stays while one counts. */
const inOrder = (lines: StocktakeLine[]): StocktakeLine[] =>
  lines.toSorted((a, b) => a.category.localeCompare(b.category) || a.name.localeCompare(b.name));

function Counting({ take }: { take: Take }) {
  const { lines, waiting, isStuck, put } = useCounting(take);
  const search = useSearch({ from: '/app/stocktakes/$id' });
  const navigate = useNavigate();
  const list = useRef<HTMLUListElement>(null);
  const [finds, setFinds] = useState(0);
  const isOpen = take.status === 'open';
  /* The buttons go with its end, and one of them had the focus. */
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    if (wasOpen.current && !isOpen) document.getElementById('content')?.focus({ preventScroll: true });
    wasOpen.current = isOpen;
  }, [isOpen]);
  const counted = lines.filter((line) => line.counted !== null).length;
  const shown = inOrder(lines).filter((line) => fits(line, search.q ?? '', search.show));
  const set = (name: 'q' | 'show' | 'do') => (value: string) =>
    void navigate({
      to: '.',
      search: (last) => ({ ...last, [name]: value || undefined }),
      replace: name !== 'do',
      resetScroll: false,
    });

  const fieldOf = (id: string): HTMLInputElement | null =>
    list.current?.querySelector<HTMLInputElement>(`[data-line="${id}"]`) ?? null;
  /** After one comes the next that is not counted, and at the end the search again. */
  const next = (line: StocktakeLine): void => {
    const at = shown.findIndex((each) => each.item_id === line.item_id);
    const rest = [...shown.slice(at + 1), ...shown.slice(0, at)];
    const free = rest.find((each) => each.counted === null);
    const field = free ? fieldOf(free.item_id) : document.querySelector<HTMLInputElement>('.count-find input');
    field?.focus();
    field?.scrollIntoView({ block: 'center' });
  };
  /** A scanner types the number and presses Enter. */
  const find = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    const wanted = event.target.value.trim();
    const found =
      lines.find((line) => line.sku !== null && plain(line.sku) === plain(wanted)) ??
      inOrder(lines).find((line) => fits(line, wanted, undefined));
    if (!wanted || !found) return;
    event.preventDefault();
    set('q')('');
    setFinds((last) => last + 1); // a new field: the old one would still tell what was typed in it
    requestAnimationFrame(() => {
      const field = fieldOf(found.item_id);
      field?.focus();
      field?.scrollIntoView({ block: 'center' });
    });
  };
  return (
    <>
      <PageHead
        title={titleOf(take)}
        back={<Back />}
        note={
          <>
            <StatusChip status={take.status} />
            <span className="small">{who(take)}</span>
          </>
        }
        actions={isOpen && <Actions take={take} isBusy={waiting > 0} finish={() => set('do')('finish')} />}
      />
      <div className="count-bar">
        <Progress counted={counted} all={take.items} />
        {take.variance_value !== null && (
          <span className="small">
            {words.differenceTotal}: <b>{money(take.variance_value)}</b>
          </span>
        )}
      </div>
      {waiting > 0 && isStuck && (
        <p className="count-waits" role="status">
          <CloudOff size={18} aria-hidden="true" />
          <span>
            <b>{words.waiting(waiting)}</b> {words.waitingText}
          </span>
        </p>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Enter of the field in it */}
      <div className="count-find" onKeyDown={find}>
        <SearchField key={finds} label={words.findLine} value={search.q ?? ''} onChange={set('q')} />
        <NativeSelect
          aria-label={words.showLines}
          value={search.show ?? ''}
          data={[
            { value: '', label: words.allLines },
            { value: 'left', label: words.uncountedOnly },
          ]}
          onChange={(event) => set('show')(event.currentTarget.value)}
        />
      </div>
      {shown.length === 0 && search.show === 'left' && !search.q && (
        <Empty icon={CircleCheck} title={words.allDone} />
      )}
      {shown.length === 0 && (search.show !== 'left' || search.q) && <Empty icon={SearchX} title={words.notOnList} />}
      <ul className="counts" ref={list}>
        {shown.map((line) => (
          <Line
            key={line.item_id}
            take={take.id}
            line={line}
            isOpen={isOpen}
            put={put}
            next={() => next(line)}
          />
        ))}
      </ul>
      <Suspense>
        {search.do === 'finish' && isOpen && <Finish take={take} lines={lines} close={() => set('do')('')} />}
      </Suspense>
    </>
  );
}

function Actions({ take, isBusy, finish }: { take: Take; isBusy: boolean; finish: () => void }) {
  const cache = useQueryClient();
  const toast = useToast();
  const navigate = useNavigate();
  const params = { path: { id: take.id } };
  const reopen = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/stocktakes/{id}/reopen', { params })),
    onSuccess: () => void navigate({ to: '/app/stocktakes/$id', params: { id: take.id } }),
    onError: (error) => toast.fail(error),
    onSettled: () => void cache.invalidateQueries({ queryKey: ['stocktakes'] }),
  });
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/stocktakes/{id}/cancel', { params })),
    onSuccess: () => {
      toast.say(words.cancelled, () => reopen.mutate());
      void navigate({ to: '/app/stocktakes' });
    },
    onError: (error) => toast.fail(error),
    onSettled: () => void cache.invalidateQueries({ queryKey: ['stocktakes'] }),
  });
  return (
    <>
      <Button
        leftSection={<CircleCheck size={17} aria-hidden="true" />}
        aria-disabled={isBusy || take.counted === 0 || undefined}
        onClick={() => {
          if (!isBusy && take.counted > 0) finish();
        }}
      >
        {words.finish}
      </Button>
      <Menu
        label={words.cancelTake}
        trigger={(props) => (
          <ActionIcon {...props} variant="default" aria-label={words.cancelTake} size={36}>
            <MoreHorizontal size={18} aria-hidden="true" />
          </ActionIcon>
        )}
      >
        <MenuItem isBad icon={<Trash2 size={16} aria-hidden="true" />} onClick={() => cancel.mutate()}>
          {words.cancelTake}
        </MenuItem>
      </Menu>
    </>
  );
}
