/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One message: the client's on the left, the business's on the right, a note across. */
import { useParams } from '@tanstack/react-router';
import { CircleAlert, Clock, Lock, MailCheck, MailX, Paperclip, Quote } from 'lucide-react';
import type { Message } from '../../kit/contract';
import { bytes } from '../../kit/bytes';
import { clock } from '../../kit/time';
import { words } from '../../words/inbox';

export function Bubble({ message, clientName }: { message: Message; clientName: string }) {
  const { direction, author, author_kind: kind } = message;
  const isNote = direction === 'note';
  const who = direction === 'in' ? clientName : kind === 'system' ? words.system : author;
  return (
    <article className="bubble" data-kind={direction}>
      <header>
        {isNote && <Lock size={13} aria-hidden="true" />}
        <b>{who}</b>
        {isNote && <span>{words.note}</span>}
        <time dateTime={message.at}>{clock(message.at)}</time>
        {message.via === 'mail' && <span>{words.viaMail}</span>}
        {message.doubtful && (
          <span className="chip" data-tone="warn">
            {message.doubt ? words.doubts[message.doubt] : words.messageDoubtful}
          </span>
        )}
      </header>
      {message.from && (
        <p className="bubble-from">{words.fromOther(message.from.address ?? message.from.name)}</p>
      )}
      <p className="bubble-text">{message.body}</p>
      {message.quoted && (
        <details className="quoted">
          <summary>
            <Quote size={13} aria-hidden="true" />
            {words.showQuoted}
          </summary>
          <p>{message.quoted}</p>
        </details>
      )}
      <Attachments message={message} />
      {message.email_status && <Letter status={message.email_status} />}
    </article>
  );
}

function Attachments({ message }: { message: Message }) {
  const { id } = useParams({ from: '/app/inbox/$id' });
  if (!message.attachments.length) return null;
  return (
    <ul className="files" aria-label={words.attachments}>
      {message.attachments.map((file) => (
        <li key={file.id}>
          {file.kept ? (
            <a href={`/api/v1/conversations/${id}/attachments/${file.id}`} download={file.name}>
              <Paperclip size={15} aria-hidden="true" />
              <span>{file.name}</span>
              <small>{bytes(file.size)}</small>
            </a>
          ) : (
            <span className="soft small">{words.leftOut(file.name, bytes(file.size))}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

const LETTERS = {
  queued: [Clock, undefined],
  sent: [MailCheck, undefined],
  failed: [MailX, 'bad'],
  suppressed: [CircleAlert, 'warn'],
} as const;

function Letter({ status }: { status: NonNullable<Message['email_status']> }) {
  const [Icon, tone] = LETTERS[status];
  return (
    <footer className="thread-letter" data-tone={tone}>
      <Icon size={14} aria-hidden="true" />
      {words.letters[status]}
    </footer>
  );
}
