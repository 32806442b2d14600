/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One service of the menu: its name leads to its page, a menu to whatever else is done with it. */
import { ActionIcon } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Archive, ArrowDown, ArrowUp, Copy, EyeOff, GripVertical, Link2, type LucideIcon, MoreHorizontal, Pencil } from 'lucide-react';
import type { Staff } from '../../kit/contract';
import { Face } from '../../kit/face';
import { Menu, MenuItem, MenuLine } from '../../kit/menu';
import { words } from '../../words/services';
import { priceText, timeText } from './amounts';
import { useChanges } from './changes';
import type { Service } from './data';

const FACES = 4;

interface RowProps {
  service: Service;
  staff: Staff[];
  isFixed: boolean;
  isDragged: boolean;
  isFirst: boolean;
  isLast: boolean;
  move: (by: -1 | 1) => void;
  /** The one that is being dragged; null: none any more. */
  drag: (id: string | null) => void;
  drop: () => void;
}

export function Row(props: RowProps) {
  const { service, staff, isFixed, isDragged, move, drag, drop } = props;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the menu and the keys move it as well
    <li
      id={`service-${service.id}`}
      className="service-row"
      data-dragged={isDragged || undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        drop();
      }}
    >
      {!isFixed && (
        <span
          className="service-grip"
          title={words.drag}
          draggable
          aria-hidden="true"
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/plain', service.name);
            drag(service.id);
          }}
          onDragEnd={() => drag(null)}
        >
          <GripVertical size={17} />
        </span>
      )}
      <div className="service-main">
        <Link
          to="/app/services/$id"
          params={{ id: service.id }}
          className="service-name"
          data-row
          aria-keyshortcuts={isFixed ? undefined : 'Alt+ArrowUp Alt+ArrowDown'}
          onKeyDown={(event) => {
            const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
            if (!event.altKey || !by) return;
            event.preventDefault();
            event.stopPropagation();
            move(by < 0 ? -1 : 1);
          }}
        >
          {service.name}
        </Link>
        <Marks service={service} staff={staff} />
      </div>
      <Faces service={service} staff={staff} />
      <span className="service-time">{timeText(service)}</span>
      <span className="service-price">{priceText(service)}</span>
      <RowMenu {...props} />
    </li>
  );
}

/** What sets it apart from a plain one, and what keeps it from being booked. */
export function Marks({ service, staff }: { service: Service; staff: Staff[] }) {
  const isPerformed = service.staff_ids.some((id) => staff.some((each) => each.id === id && each.active && each.bookable));
  const marks = [
    ...(service.segments.some(({ kind }) => kind === 'processing') ? [words.processing] : []),
    ...(service.requires.length > 0 ? [words.gated] : []),
  ];
  return (
    <span className="service-marks">
      {staff.length > 0 && !isPerformed && (
        <span className="chip" data-tone="warn">
          {words.nobody}
        </span>
      )}
      {marks.map((each) => (
        <span key={each} className="chip">
          {each}
        </span>
      ))}
    </span>
  );
}

export function Faces({ service, staff }: { service: Service; staff: Staff[] }) {
  const people = staff.filter(({ id, active }) => active && service.staff_ids.includes(id));
  if (people.length === 0) return <span className="service-faces" />;
  return (
    <span className="service-faces" title={people.map(({ name }) => name).join(', ')}>
      <span className="unseen">{words.people(people.map(({ name }) => name).join(', '))}</span>
      {people.slice(0, FACES).map(({ id, name }) => (
        <Face key={id} name={name} size={28} />
      ))}
      {people.length > FACES && (
        <span className="soft small" aria-hidden="true">
          {words.more(people.length - FACES)}
        </span>
      )}
    </span>
  );
}

const icon = (Icon: LucideIcon) => <Icon size={16} aria-hidden="true" />;

function RowMenu({ service, isFixed, isFirst, isLast, move }: RowProps) {
  const navigate = useNavigate();
  const { act, duplicate, copyLink } = useChanges();
  return (
    <Menu
      label={words.actionsOf(service.name)}
      trigger={(trigger) => (
        <ActionIcon {...trigger} size={36} aria-label={words.actionsOf(service.name)}>
          <MoreHorizontal size={18} aria-hidden="true" />
        </ActionIcon>
      )}
    >
      <MenuItem icon={icon(Pencil)} onClick={() => void navigate({ to: '/app/services/$id', params: { id: service.id } })}>
        {words.open}
      </MenuItem>
      <MenuItem icon={icon(Link2)} onClick={() => copyLink(service)}>
        {words.copyLink}
      </MenuItem>
      <MenuItem icon={icon(Copy)} onClick={() => duplicate(service)}>
        {words.duplicate}
      </MenuItem>
      {!isFixed && !(isFirst && isLast) && <MenuLine />}
      {!isFixed && !isFirst && (
        <MenuItem icon={icon(ArrowUp)} end={<kbd>{words.keyUp}</kbd>} onClick={() => move(-1)}>
          {words.up}
        </MenuItem>
      )}
      {!isFixed && !isLast && (
        <MenuItem icon={icon(ArrowDown)} end={<kbd>{words.keyDown}</kbd>} onClick={() => move(1)}>
          {words.down}
        </MenuItem>
      )}
      <MenuLine />
      <MenuItem icon={icon(EyeOff)} onClick={() => act('off', service)}>
        {words.off}
      </MenuItem>
      <MenuItem isBad icon={icon(Archive)} onClick={() => act('retire', service)}>
        {words.retire}
      </MenuItem>
    </Menu>
  );
}
