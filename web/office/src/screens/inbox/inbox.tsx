/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All that clients write: a list beside the conversation; on a phone one of the two. */
import './inbox.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { Empty } from '../../kit/states';
import { words } from '../../words/inbox';
import { filterOf, listQuery } from './data';
import { ConversationList } from './list';
import { Thread } from './thread';

export function InboxScreen() {
  const { id } = useParams({ strict: false });
  const search = useSearch({ from: '/app/inbox' });
  const filter = filterOf(search.filter);
  const q = search.q ?? '';
  const list = useInfiniteQuery(listQuery(filter, q));
  const rows = list.data?.pages[0]?.data.length;
  const isFirstUse = !id && rows === 0 && filter === 'all' && !q;
  return (
    <div className="inbox" data-open={id ? true : undefined} data-none={isFirstUse || undefined}>
      {id && <h1 className="inbox-phone-title unseen">{words.title}</h1>}
      <ConversationList openId={id} />
      {!isFirstUse && (
        <section className="inbox-open" aria-label={words.thread}>
          {id && <Thread key={id} id={id} />}
          {!id && Boolean(rows) && (
            <Empty icon={MessagesSquare} title={words.chooseTitle} text={words.chooseText} />
          )}
        </section>
      )}
    </div>
  );
}
