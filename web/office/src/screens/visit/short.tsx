/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which materials are short, and by how much, where that is why something was refused. */
import { Refusal } from '../../kit/refusal';
import { words } from '../../words/visit';

interface ShortItem {
  item_id: string;
  name: string;
  needed: number;
  available: number;
}

export function Short({ error }: { error: unknown }) {
  const items = error instanceof Refusal && error.code === 'out_of_stock' ? error.more['items'] : null;
  if (!Array.isArray(items)) return null;
  return (
    <ul>
      {(items as ShortItem[]).map((item) => (
        <li key={item.item_id}>{words.short(item.name, item.needed, item.available)}</li>
      ))}
    </ul>
  );
}
