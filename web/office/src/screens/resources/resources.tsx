/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Rooms and devices: what visits hold besides people. */
import './resources.css';
import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Cpu, DoorOpen, MoreHorizontal, Pencil, Plus, Power, Undo2 } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { Read } from '../../kit/list';
import { Menu, MenuItem } from '../../kit/menu';
import { PageHead } from '../../kit/page';
import { walkRows } from '../../kit/rows';
import { Empty } from '../../kit/states';
import { words } from '../../words/resources';
import { KINDS, type Resource, resourcesQuery } from './data';
import { useSwitch } from './switching';

const ResourceDialog = lazy(() => import('./resource_dialog'));

export function ResourcesScreen() {
  const { show } = useSearch({ from: '/app/resources' });
  const navigate = useNavigate();
  const close = (): void => void navigate({ to: '.', search: (last) => ({ ...last, show: undefined }) });
  return (
    <div className="page">
      <PageHead title={words.title} actions={<AddButton />} />
      <List />
      <Suspense>{show && <ResourceDialog key={show} id={show === 'new' ? null : show} close={close} />}</Suspense>
    </div>
  );
}

function AddButton() {
  return (
    <Button
      renderRoot={(props) => <Link to="/app/resources" search={{ show: 'new' }} {...props} />}
      leftSection={<Plus size={17} aria-hidden="true" />}
    >
      {words.add}
    </Button>
  );
}

function List() {
  return (
    <Read read={useQuery(resourcesQuery)} rows={4} height={64}>
      {(all) => <Kinds all={all} />}
    </Read>
  );
}

function Kinds({ all: data }: { all: Resource[] }) {
  if (data.length === 0) {
    return <Empty icon={DoorOpen} title={words.emptyTitle} text={words.emptyText} action={<AddButton />} />;
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys of its links
    <div className="resources" onKeyDown={walkRows}>
      {KINDS.map((kind) => {
        const all = data.filter((each) => each.kind === kind).toSorted((a, b) => Number(b.active) - Number(a.active));
        if (all.length === 0) return null;
        return (
          <section key={kind} aria-label={words.kinds[kind]}>
            <h2>{words.kinds[kind]}</h2>
            <ul className="resource-list">
              {all.map((resource) => (
                <Row key={resource.id} resource={resource} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Row({ resource }: { resource: Resource }) {
  const { id, name, kind, active } = resource;
  const navigate = useNavigate();
  const turn = useSwitch();
  const Icon = kind === 'room' ? DoorOpen : Cpu;
  return (
    <li className="resource-row" data-off={!active || undefined}>
      <span className="resource-mark">
        <Icon size={20} strokeWidth={1.8} aria-hidden="true" />
      </span>
      <Link to="/app/resources" search={{ show: id }} className="row-link resource-name" data-row>
        {name}
      </Link>
      {!active && <span className="chip">{words.off}</span>}
      <Menu
        label={words.actionsOf(name)}
        trigger={(trigger) => (
          <ActionIcon {...trigger} size={36} aria-label={words.actionsOf(name)}>
            <MoreHorizontal size={18} aria-hidden="true" />
          </ActionIcon>
        )}
      >
        <MenuItem
          icon={<Pencil size={16} aria-hidden="true" />}
          onClick={() => void navigate({ to: '/app/resources', search: { show: id } })}
        >
          {words.edit}
        </MenuItem>
        <MenuItem
          icon={active ? <Power size={16} aria-hidden="true" /> : <Undo2 size={16} aria-hidden="true" />}
          onClick={() => turn(resource, !active)}
        >
          {active ? words.turnOff : words.turnOn}
        </MenuItem>
      </Menu>
    </li>
  );
}
