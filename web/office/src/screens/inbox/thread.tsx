/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One conversation: who it is with, what was written, and what to write. */
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SearchX, ShieldAlert } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { Act } from '../../kit/act';
import type { Conversation, Message } from '../../kit/contract';
import { Refusal } from '../../kit/refusal';
import { Empty, Failed, Waiting } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { dayName, sameDay } from '../../kit/time';
import { words } from '../../words/inbox';
import { Composer } from './composer';
import { messagesQuery, oneQuery, useChange, useMarkRead } from './data';
import { Bubble } from './message';
import { ThreadHead } from './thread_head';

export function Thread({ id }: { id: string }) {
  const one = useQuery(oneQuery(id));
  if (one.isPending) return <Waiting rows={5} height={72} />;
  if (!one.data) {
    const isGone = one.error instanceof Refusal && [400, 404].includes(one.error.status);
    if (!isGone) return <Failed error={one.error} retry={() => void one.refetch()} />;
    const action = (
      <Button renderRoot={(props) => <Link to="/app/inbox" {...props} />} variant="default">
        {words.back}
      </Button>
    );
    return <Empty icon={SearchX} title={words.gone} text={words.goneText} action={action} />;
  }
  return <Open conversation={one.data} />;
}

function Open({ conversation }: { conversation: Conversation }) {
  const { id, unread } = conversation;
  const list = useInfiniteQuery(messagesQuery(id));
  const messages = list.data?.pages.toReversed().flatMap((page) => page.data) ?? [];
  useReadHere(id, unread, list.isSuccess);
  return (
    <>
      <ThreadHead conversation={conversation} />
      {conversation.folder === 'doubtful' && <Doubtful id={id} />}
      {list.isPending && <Waiting rows={4} height={72} />}
      {list.isError && !list.data && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <Messages
          messages={messages}
          clientName={conversation.client.name}
          older={list.hasNextPage ? () => void list.fetchNextPage() : null}
          isFetching={list.isFetchingNextPage}
        />
      )}
      <Composer conversation={conversation} newest={messages.at(-1)?.id} />
    </>
  );
}

/** What is open before somebody's eyes is read. */
function useReadHere(id: string, unread: number, isShown: boolean): void {
  const { mutate, isPending } = useMarkRead(id);
  useEffect(() => {
    if (!isShown || unread === 0 || isPending) return;
    const read = (): void => {
      if (document.visibilityState === 'visible') mutate();
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
    // oxlint-disable-next-line react/exhaustive-deps -- a failed try waits for the next message
  }, [id, unread, isShown]);
}

function Doubtful({ id }: { id: string }) {
  const change = useChange(id);
  const toast = useToast();
  const move = (): void => {
    change.mutate(
      { folder: 'inbox' },
      {
        onSuccess: () => {
          toast.say(words.movedToInbox);
          /* What was pressed goes with the banner. */
          document.querySelector<HTMLElement>('.thread-head h2')?.focus();
        },
        onError: (error) => toast.fail(error),
      },
    );
  };
  return (
    <div className="doubt">
      <ShieldAlert size={20} aria-hidden="true" />
      <div>
        <strong>{words.doubtfulTitle}</strong>
        <p>{words.doubtfulText}</p>
      </div>
      <Act size="xs" variant="default" busy={change.isPending} onClick={move}>
        {words.toInbox}
      </Act>
    </div>
  );
}

const NEAR_PX = 160;

interface MessagesProps {
  messages: Message[];
  clientName: string;
  older: (() => void) | null;
  isFetching: boolean;
}

function Messages({ messages, clientName, older, isFetching }: MessagesProps) {
  const box = useRef<HTMLDivElement>(null);
  const last = messages.at(-1)?.id;
  const first = messages[0]?.id;
  const heightBefore = useRef(0);
  const lastSeen = useRef<string | undefined>(undefined);

  /* New ones come into view where one stands at the end; earlier ones push nothing down. */
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const fromEnd = heightBefore.current - current.scrollTop - current.clientHeight;
    if (lastSeen.current === undefined || (last !== lastSeen.current && fromEnd < NEAR_PX)) {
      current.scrollTop = current.scrollHeight;
    } else if (last === lastSeen.current) {
      current.scrollTop += current.scrollHeight - heightBefore.current;
    }
    heightBefore.current = current.scrollHeight;
    lastSeen.current = last;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- earlier ones change the first
  }, [first, last]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is to be reached by keys
    <div className="messages" ref={box} role="log" aria-label={words.thread} tabIndex={0}>
      {older && (
        <Act className="messages-older" variant="subtle" size="xs" busy={isFetching} onClick={older}>
          {words.older}
        </Act>
      )}
      {messages.length === 0 && <p className="messages-none">{words.noMessages}</p>}
      <ol>
        {messages.map((message, at) => {
          const before = messages[at - 1];
          return (
            <li key={message.id}>
              {(!before || !sameDay(before.at, message.at)) && <p className="thread-day">{dayName(message.at)}</p>}
              <Bubble message={message} clientName={clientName} />
            </li>
          );
        })}
      </ol>
    </div>
  );
}
