/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All that clients write: a list beside the conversation; on a phone one of the two. */
import './inbox.css';
import { useParams } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { Empty } from '../../kit/states';
import { words } from '../../words/inbox';
import { ConversationList } from './list';
import { Thread } from './thread';

export function InboxScreen() {
  const { id } = useParams({ strict: false });
  return (
    <div className="inbox" data-open={id ? true : undefined}>
      {id && <h1 className="inbox-phone-title unseen">{words.title}</h1>}
      <ConversationList openId={id} />
      <section className="inbox-open" aria-label={words.thread}>
        {id ? (
          <Thread key={id} id={id} />
        ) : (
          <Empty icon={MessagesSquare} title={words.chooseTitle} text={words.chooseText} />
        )}
      </section>
    </div>
  );
}
