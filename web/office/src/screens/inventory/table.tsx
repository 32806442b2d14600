/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Items as rows, which are cards on a phone; the row leads to the item, its buttons move stock. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { PackagePlus, TriangleAlert } from 'lucide-react';
import type { Item } from '../../kit/contract';
import { walkRows } from '../../kit/rows';
import { words } from '../../words/inventory';
import { amount } from './amount';
import { Lasts } from './lasts';
import { Level } from './level';
import { MoveMenu } from './move_menu';

const OTHERS = ['waste', 'adjust', 'count'] as const;

export function ItemTable({ items }: { items: Item[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
    <table className="list-table item-table" aria-label={words.list} onKeyDown={walkRows}>
      <thead>
        <tr>
          <th scope="col">{words.columns.name}</th>
          <th scope="col">{words.columns.level}</th>
          <th scope="col" className="number">
            {words.columns.onHand}
          </th>
          <th scope="col" className="number">
            {words.columns.left}
          </th>
          <th scope="col">
            <span className="unseen">{words.columns.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ item }: { item: Item }) {
  const { id, name, sku, category, unit, available, reserved, on_hand: onHand } = item;
  const more = [category, sku].filter(Boolean).join(' · ');
  return (
    <tr data-retired={!item.active || undefined}>
      <td className="item-name">
        <Link to="/app/inventory/$id" params={{ id }} className="row-link" data-row>
          {name}
        </Link>
        {item.low && item.active && (
          <span className="chip" data-tone="warn">
            <TriangleAlert size={12} aria-hidden="true" />
            {words.low}
          </span>
        )}
        {!item.active && <span className="chip">{words.retired}</span>}
        {more && <small>{more}</small>}
      </td>
      <td className="item-level">
        <span className="item-amount">{amount(available, unit)}</span>
        <Level item={item} />
        {reserved > 0 && <small>{words.reserved(amount(reserved, unit))}</small>}
      </td>
      <td className="number item-hand">{amount(onHand, unit)}</td>
      <td className="number item-lasts">
        <Lasts item={item} />
      </td>
      <td className="item-acts">
        <span>
          <Button
            renderRoot={(props) => (
              <Link to="." search={(last) => ({ ...last, do: 'receive', show: id })} resetScroll={false} {...props} />
            )}
            variant="default"
            size="sm"
            aria-label={words.moveTitle.receive(name)}
            leftSection={<PackagePlus size={16} aria-hidden="true" />}
          >
            {words.kinds.receive}
          </Button>
          <MoveMenu item={item} kinds={OTHERS} isIn="list" />
        </span>
      </td>
    </tr>
  );
}
