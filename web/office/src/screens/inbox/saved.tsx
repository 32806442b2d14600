/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Saved replies: choosing one while writing. The owner also writes them. */
import { ActionIcon } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { PencilLine, Text } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { api, ask } from '../../kit/api';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../kit/menu';
import { useToast } from '../../kit/toast';
import { isOwner } from '../../shell/session';
import { words } from '../../words/inbox';

const SavedEditor = lazy(() => import('./saved_editor'));

export const savedQuery = queryOptions({
  queryKey: ['saved-replies'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/saved-replies', { signal }))).data,
});

interface SavedProps {
  conversationId: string;
  insert: (text: string) => void;
}

export function SavedReplies({ conversationId, insert }: SavedProps) {
  const [isEditing, setEditing] = useState(false);
  const [isWanted, setWanted] = useState(false);
  const { data: replies = [] } = useQuery({ ...savedQuery, enabled: isWanted });
  const toast = useToast();
  const use = async (id: string): Promise<void> => {
    try {
      const query = { conversation_id: conversationId };
      const filled = await ask(
        api.GET('/api/v1/saved-replies/{id}/filled', { params: { path: { id }, query } }),
      );
      insert(filled.body);
    } catch (error) {
      toast.fail(error);
    }
  };
  return (
    <>
      <Menu
        label={words.saved}
        onOpen={() => setWanted(true)}
        trigger={(props) => (
          <ActionIcon {...props} id="saved-replies" aria-label={words.saved} title={words.saved}>
            <Text size={18} aria-hidden="true" />
          </ActionIcon>
        )}
      >
        <MenuLabel>{words.saved}</MenuLabel>
        {replies.length === 0 && <p className="saved-none">{words.savedNone}</p>}
        {replies.map((reply) => (
          <MenuItem key={reply.id} onClick={() => void use(reply.id)}>
            <span className="saved-title">{reply.title}</span>
            <span className="saved-text">{reply.body}</span>
          </MenuItem>
        ))}
        {isOwner && (
          <>
            <MenuLine />
            <MenuItem
              icon={<PencilLine size={16} aria-hidden="true" />}
              onClick={() => setEditing(true)}
            >
              {words.savedManage}
            </MenuItem>
          </>
        )}
      </Menu>
      {isEditing && (
        <Suspense>
          <SavedEditor
            close={() => setEditing(false)}
          />
        </Suspense>
      )}
    </>
  );
}
