/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What can be done to an item's stock; each opens its dialog by the address. */
import { ActionIcon } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { ClipboardCheck, MoreHorizontal, PackagePlus, SlidersHorizontal, Trash2 } from 'lucide-react';
import type { Item } from '../../kit/contract';
import { Menu, MenuItem } from '../../kit/menu';
import { words } from '../../words/inventory';
import type { HandKind, Kind } from './data';

export const KIND_ICONS = {
  receive: PackagePlus,
  count: ClipboardCheck,
  waste: Trash2,
  adjust: SlidersHorizontal,
} as const;

export function MoveMenu({ item, kinds, isIn }: { item: Item; kinds: readonly HandKind[]; isIn: 'list' | 'page' }) {
  const navigate = useNavigate();
  const open = (kind: Kind): void =>
    void navigate({
      to: '.',
      search: (last) => ({ ...last, do: kind, show: isIn === 'list' ? item.id : undefined }),
      resetScroll: false,
    });
  return (
    <Menu
      label={words.movesOf(item.name)}
      trigger={(props) => (
        <ActionIcon {...props} variant="default" aria-label={words.movesOf(item.name)} size="lg">
          <MoreHorizontal size={18} aria-hidden="true" />
        </ActionIcon>
      )}
    >
      {kinds.map((kind) => {
        const Icon = KIND_ICONS[kind];
        return (
          <MenuItem key={kind} icon={<Icon size={16} aria-hidden="true" />} onClick={() => open(kind)}>
            {words.kinds[kind]}
          </MenuItem>
        );
      })}
    </Menu>
  );
}
