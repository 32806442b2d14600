/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Every movement of an item, the newest first: what, why, by whom, and the visit behind it. */
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Bookmark, BookmarkX, Droplet, Download, History, SearchX } from 'lucide-react';
import type { Movement } from '../../kit/contract';
import { Pages } from '../../kit/list';
import { Empty } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { may } from '../../shell/session';
import { words } from '../../words/inventory';
import { amount, difference } from './amount';
import { type ItemFull, KINDS, ledgerQuery } from './data';
import { KIND_ICONS } from './move_menu';

const ICONS = { ...KIND_ICONS, reserve: Bookmark, release: BookmarkX, consume: Droplet } as const;

export function Ledger({ item }: { item: ItemFull }) {
  const search = useSearch({ from: '/app/inventory/$id' });
  const navigate = useNavigate();
  const kind = KINDS.find((each) => each === search.kind);
  return (
    <section className="panel ledger" aria-labelledby="ledger-title">
      <div className="ledger-head">
        <h2 id="ledger-title">{words.ledger}</h2>
        <NativeSelect
          aria-label={words.kindLabel}
          value={kind ?? ''}
          data={[{ value: '', label: words.anyKind }, ...KINDS.map((value) => ({ value, label: words.done[value] }))]}
          onChange={(event) => {
            const value = event.currentTarget.value || undefined;
            void navigate({ to: '.', search: (last) => ({ ...last, kind: value }), replace: true, resetScroll: false });
          }}
        />
        <Button
          component="a"
          href={`/api/v1/items/${item.id}/movements.csv`}
          download
          variant="subtle"
          size="compact-sm"
          leftSection={<Download size={15} aria-hidden="true" />}
        >
          {words.ledgerCsv}
        </Button>
      </div>
      <Rows item={item} kind={kind} />
    </section>
  );
}

function Rows({ item, kind }: { item: ItemFull; kind: Movement['kind'] | undefined }) {
  const list = useInfiniteQuery(ledgerQuery(item.id, kind));
  const nothing = kind ? (
    <Empty icon={SearchX} title={words.ledgerNone} text={words.ledgerNoneText} />
  ) : (
    <Empty icon={History} title={words.ledgerEmpty} text={words.ledgerEmptyText} />
  );
  return (
    <Pages list={list} rows={4} height={48} nothing={nothing}>
      {(all) => (
        <ol className="moves">
          {all.map((move) => (
            <Row key={move.id} move={move} unit={item.unit} />
          ))}
        </ol>
      )}
    </Pages>
  );
}

function Row({ move, unit }: { move: Movement; unit: string }) {
  const Icon = ICONS[move.kind];
  const isHeld = move.kind === 'reserve' || move.kind === 'release';
  const delta = isHeld ? move.reserved_delta : move.on_hand_delta;
  return (
    <li>
      <span className="move-icon" data-kind={move.kind}>
        <Icon size={17} aria-hidden="true" />
      </span>
      <div className="move-what">
        <p>
          <strong>{words.done[move.kind]}</strong> <Cause move={move} />
        </p>
        {move.reason && <p className="move-why">{move.reason}</p>}
        <p className="move-who">
          {words.actors[move.actor] ?? move.actor} · {dateTime(move.at)}
        </p>
      </div>
      <span className="move-sum">
        <b>{difference(delta, unit)}</b>
        <small>
          {isHeld ? words.reservedAfter(amount(move.reserved_after, unit)) : words.after(amount(move.on_hand_after, unit))}
        </small>
      </span>
    </li>
  );
}

/** The visit or the stocktake behind it, as a way there for those who may go. */
function Cause({ move: { visit, stocktake_id: take } }: { move: Movement }) {
  if (take) {
    return (
      <Link to="/app/stocktakes/$id" params={{ id: take }}>
        {words.byStocktake}
      </Link>
    );
  }
  if (!visit) return null;
  const when = dateTime(visit.start);
  const text = visit.client ? words.forClient(visit.client.name || words.someone, when) : words.forVisit(when);
  if (!may('bookings')) return <span>{text}</span>;
  return (
    <Link to="." search={(last) => ({ ...last, visit: visit.id })} resetScroll={false}>
      {text}
    </Link>
  );
}
