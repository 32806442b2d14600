/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What can be done with a client, from the top of their page. */
import { ActionIcon, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarPlus, Eraser, FileDown, MessageSquare, MoreHorizontal } from 'lucide-react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import { Menu, MenuItem, MenuLine } from '../../kit/menu';
import { useToast } from '../../kit/toast';
import { isOwner, may } from '../../shell/session';
import { words } from '../../words/clients';
import type { Overview } from './data';

interface ActionsProps {
  overview: Overview;
  erase: () => void;
}

export function ClientActions({ overview, erase }: ActionsProps) {
  const { id } = overview.client;
  return (
    <>
      {may('inbox') && <Write id={id} conversationId={overview.conversation_id} />}
      <Button
        renderRoot={(props) => (
          <Link to="." search={(last) => ({ ...last, new: 'now', client: id })} resetScroll={false} {...props} />
        )}
        leftSection={<CalendarPlus size={17} aria-hidden="true" />}
      >
        {words.book}
      </Button>
      {isOwner && (
        <Menu
          label={words.more}
          trigger={(props) => (
            <ActionIcon {...props} variant="default" aria-label={words.more} size={36}>
              <MoreHorizontal size={18} aria-hidden="true" />
            </ActionIcon>
          )}
        >
          <MenuItem
            href={`/api/v1/clients/${id}/export.html`}
            isDownload
            icon={<FileDown size={16} aria-hidden="true" />}
          >
            {words.exportPage}
          </MenuItem>
          <MenuItem
            href={`/api/v1/clients/${id}/export.json`}
            isDownload
            icon={<FileDown size={16} aria-hidden="true" />}
          >
            {words.exportJson}
          </MenuItem>
          <MenuLine />
          <MenuItem isBad icon={<Eraser size={16} aria-hidden="true" />} onClick={erase}>
            {words.erase}
          </MenuItem>
        </Menu>
      )}
    </>
  );
}

function Write({ id, conversationId }: { id: string; conversationId: string | null }) {
  const navigate = useNavigate();
  const toast = useToast();
  const open = useMutation({
    mutationFn: async () => {
      if (conversationId) return conversationId;
      const header = { 'Idempotency-Key': newKey() };
      const made = await ask(
        api.POST('/api/v1/conversations', { params: { header }, body: { client_id: id } }),
      );
      return made.id;
    },
    onSuccess: (to) => navigate({ to: '/app/inbox/$id', params: { id: to } }),
    onError: (error) => toast.fail(error),
  });
  return (
    <Act
      variant="default"
      busy={open.isPending}
      leftSection={<MessageSquare size={17} aria-hidden="true" />}
      onClick={() => open.mutate()}
    >
      {words.write}
    </Act>
  );
}
