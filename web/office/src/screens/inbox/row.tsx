/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One conversation in the list. */
import { Link } from '@tanstack/react-router';
import type { Conversation } from '../../kit/contract';
import { Face } from '../../kit/face';
import { brief } from '../../kit/time';
import { words } from '../../words/inbox';

export function Row({ conversation, isOpen }: { conversation: Conversation; isOpen: boolean }) {
  const { id, client, last_message: last, unanswered, unread, assigned_to: assigned } = conversation;
  return (
    <li>
      <Link
        to="/app/inbox/$id"
        params={{ id }}
        search={(now) => now}
        className="talk"
        data-row
        data-unread={unread > 0 || undefined}
        aria-current={isOpen ? 'true' : undefined}
      >
        <Face name={client.name} />
        <span className="talk-main">
          <span className="talk-line">
            <span className="talk-name">{client.name}</span>
            {last && <time dateTime={last.at}>{brief(last.at)}</time>}
          </span>
          <span className="talk-line">
            <span className="talk-preview">
              <Preview conversation={conversation} />
            </span>
            {unread > 0 && (
              <span className="count">
                <span aria-hidden="true">{unread}</span>
                <span className="unseen">{words.unread(unread)}</span>
              </span>
            )}
          </span>
          {(unanswered || assigned) && (
            <span className="talk-marks">
              {unanswered && (
                <span className="chip" data-tone="accent">
                  {words.unanswered}
                </span>
              )}
              {assigned && <span className="chip">{assigned.name}</span>}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

function Preview({ conversation: { last_message: last, match } }: { conversation: Conversation }) {
  if (match) return <>{match.excerpt}</>;
  if (!last) return <>{words.nothingYet}</>;
  if (last.direction === 'note') return <>{`${words.note}: ${last.preview}`}</>;
  return <>{last.direction === 'out' ? `${words.you}: ${last.preview}` : last.preview}</>;
}
