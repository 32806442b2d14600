/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Over a conversation: the client, who looks after it, and what else can be done. */
import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, CalendarPlus, Check, MoreHorizontal, ShieldAlert, ShieldCheck, UserRound, UserRoundCheck } from 'lucide-react';
import { Act } from '../../kit/act';
import type { Conversation } from '../../kit/contract';
import { Face } from '../../kit/face';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../kit/menu';
import { useArrival } from '../../kit/page';
import { useToast } from '../../kit/toast';
import { may, session } from '../../shell/session';
import { words } from '../../words/inbox';
import { useChange } from './data';
import { staffQuery } from './staff';

export function ThreadHead({ conversation }: { conversation: Conversation }) {
  const { client } = conversation;
  const heading = useArrival<HTMLHeadingElement>(client.name);
  return (
    <header className="thread-head">
      <Link to="/app/inbox" search={(now) => now} className="thread-back" aria-label={words.back}>
        <ArrowLeft size={20} aria-hidden="true" />
      </Link>
      <Face name={client.name} size={36} />
      <h2 ref={heading} tabIndex={-1}>
        {may('clients') ? (
          <Link to="/app/clients/$id" params={{ id: client.id }}>
            {client.name}
          </Link>
        ) : (
          client.name
        )}
      </h2>
      <div className="thread-actions">
        <Assign conversation={conversation} />
        <More conversation={conversation} />
      </div>
    </header>
  );
}

function Assign({ conversation: { id, assigned_to: assigned } }: { conversation: Conversation }) {
  const { data: staff = [] } = useQuery(staffQuery);
  const change = useChange(id);
  const toast = useToast();
  const give = (to: { id: string; name: string } | null): void => {
    const before = assigned?.id ?? null;
    const say = to ? words.assigned(to.name) : words.unassignedNow;
    change.mutate(
      { assigned_to: to?.id ?? null },
      {
        onSuccess: () => toast.say(say, () => change.mutate({ assigned_to: before })),
        onError: (error) => toast.fail(error),
      },
    );
  };
  const label = assigned ? words.assignedTo(assigned.name) : words.assign;
  return (
    <Menu
      label={words.assignee}
      trigger={(props) => (
        <Act
          {...props}
          variant="default"
          className="thread-assign"
          aria-label={label}
          leftSection={<UserRoundCheck size={17} aria-hidden="true" />}
          busy={change.isPending}
        >
          {assigned ? assigned.name : words.assign}
        </Act>
      )}
    >
      <MenuLabel>{words.assignee}</MenuLabel>
      {[{ id: null, name: words.nobody }, ...staff].map((one) => (
        <MenuItem
          key={one.id ?? 'nobody'}
          end={(assigned?.id ?? null) === one.id ? <Check size={16} aria-hidden="true" /> : null}
          onClick={() => give(one.id === null ? null : { id: one.id, name: one.name })}
        >
          {one.id !== null && one.id === session.staff_id ? `${one.name} (${words.you})` : one.name}
        </MenuItem>
      ))}
    </Menu>
  );
}

function More({ conversation: { id, client, folder } }: { conversation: Conversation }) {
  const change = useChange(id);
  const toast = useToast();
  const navigate = useNavigate();
  const isDoubtful = folder === 'doubtful';
  const move = (): void => {
    change.mutate(
      { folder: isDoubtful ? 'inbox' : 'doubtful' },
      {
        onSuccess: () => toast.say(isDoubtful ? words.movedToInbox : words.movedToDoubtful),
        onError: (error) => toast.fail(error),
      },
    );
  };
  return (
    <Menu
      label={words.more}
      trigger={(props) => (
        <ActionIcon {...props} variant="default" size={36} aria-label={words.more}>
          <MoreHorizontal size={18} aria-hidden="true" />
        </ActionIcon>
      )}
    >
      {may('clients') && (
        <MenuItem
          icon={<UserRound size={16} aria-hidden="true" />}
          onClick={() => void navigate({ to: '/app/clients/$id', params: { id: client.id } })}
        >
          {words.client}
        </MenuItem>
      )}
      <MenuItem href={`/book/${session.workspace.slug}`} icon={<CalendarPlus size={16} aria-hidden="true" />}>
        {words.book}
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={
          isDoubtful ? <ShieldCheck size={16} aria-hidden="true" /> : <ShieldAlert size={16} aria-hidden="true" />
        }
        onClick={move}
      >
        {isDoubtful ? words.toInbox : words.toDoubtful}
      </MenuItem>
    </Menu>
  );
}
