/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Conversations with the clients of this member, and writing in one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { isSettled } from '../kit/api';
import { Attempts } from '../kit/attempt';
import type { Attachment, Conversation, List, Message, Problem } from '../kit/contract';
import type { Loaded } from '../kit/load';
import { BackLink, follow } from '../kit/link';
import { href } from '../kit/place';
import { forget, recall, remember } from '../kit/store';
import { useForm } from '../kit/submit';
import { Alert, Field, problemText } from '../kit/ui';
import { staff as words } from '../words/staff';
import { ask, online, stir, useRead } from './ask';
import { useAnswering, useSaying } from './answering';
import { useInstant } from './instant';
import { Failed, Heading, Skeleton, usePortal } from './parts';
import { useStore } from './store';

export function Messages({ inbox }: { inbox: Loaded<List<Conversation>> }) {
  const { place } = usePortal();
  const id = place.query.get('with');
  if (id) return <Thread id={id} inbox={inbox} />;
  const list = inbox.value?.data;
  return (
    <>
      <Heading>{words.messages}</Heading>
      {inbox.loading && <Skeleton />}
      {!list && !inbox.loading && <Failed read={inbox} />}
      {list?.length === 0 && (
        <div class="empty">
          <p>
            <strong>{words.noMessages}</strong>
          </p>
          <p>{words.noMessagesHint}</p>
        </div>
      )}
      <ol class="visits">
        {list?.map((each) => (
          <Row key={each.id} conversation={each} />
        ))}
      </ol>
    </>
  );
}

function Row({ conversation }: { conversation: Conversation }) {
  const { place } = usePortal();
  const to = { view: 'messages', with: conversation.id };
  const last = conversation.last_message;
  return (
    <li>
      <a class="talk" href={href(to)} onClick={follow(place, to)}>
        <span class="who">
          <strong>{conversation.client.name}</strong>
          <span class="sub preview">
            {last && last.direction !== 'in' && `${words.you}: `}
            {last?.preview ?? words.threadEmpty}
          </span>
        </span>
        <span class="marks">
          {conversation.unanswered && <span class="badge waits">{words.unanswered}</span>}
          {!conversation.unanswered && conversation.unread > 0 && (
            <span class="badge on">{words.unread}</span>
          )}
        </span>
      </a>
    </li>
  );
}

function Thread({ id, inbox }: { id: string; inbox: Loaded<List<Conversation>> }) {
  const { place } = usePortal();
  const path = `/conversations/${encodeURIComponent(id)}`;
  const listed = inbox.value?.data.find((each) => each.id === id) ?? null;
  const single = useRead<Conversation>(listed ? null : path, 'messages');
  const read = useRead<List<Message>>(`${path}/messages?limit=200`, 'messages');
  const end = useRef<HTMLDivElement>(null);
  const [sent, setSent] = useState(0);
  const conversation = listed ?? single.value;
  const messages = read.value?.data;
  const newest = messages?.at(-1)?.id;
  useEffect(() => {
    if (!newest) return;
    end.current?.scrollIntoView({ block: 'nearest' });
    void ask('POST', `${path}/read`, { body: {} });
  }, [newest, path]);
  return (
    <>
      <BackLink place={place} to={{ view: 'messages' }} label={words.messages} />
      <Heading>{conversation?.client.name ?? words.messages}</Heading>
      {conversation?.assigned_to && <Assigned to={conversation.assigned_to} />}
      {read.loading && <Skeleton />}
      {!messages && !read.loading && <Failed read={read} />}
      {messages?.length === 0 && <p class="sub">{words.threadEmpty}</p>}
      <ol class="thread">
        {messages?.map((each) => (
          <Said key={each.id} message={each} path={path} />
        ))}
      </ol>
      <div ref={end} />
      {messages && <Others id={id} first={conversation?.answering ?? []} />}
      {messages && (
        <Writing
          key={sent}
          id={id}
          path={path}
          seenId={newest ?? null}
          onSent={() => setSent(sent + 1)}
        />
      )}
    </>
  );
}

function Assigned({ to }: { to: { id: string; name: string } }) {
  const { member } = usePortal();
  return <p class="sub">{to.id === member.staff_id ? words.assignedYou : words.assigned(to.name)}</p>;
}

function Said({ message, path }: { message: Message; path: string }) {
  const instant = useInstant();
  const { attachments = [], quoted } = message;
  const told = [
    message.direction === 'note' && words.noteLabel,
    message.author,
    message.via === 'mail' && message.direction === 'in' && words.viaMail,
    message.from && words.sentFrom(message.from.address ?? message.from.name),
  ];
  return (
    <li class={message.direction}>
      <p class="quote">{message.body}</p>
      {attachments.length > 0 && (
        <ul class="files" aria-label={words.attachments}>
          {attachments.map((each) => (
            <li key={each.id}>
              {each.kept ? (
                <a
                  href={`/api/v1${path}/attachments/${encodeURIComponent(each.id)}`}
                  download={each.name}
                >
                  {each.name}
                </a>
              ) : (
                each.name
              )}{' '}
              <span class="sub">{each.kept ? sizeText(each) : words.leftOut}</span>
            </li>
          ))}
        </ul>
      )}
      {quoted && (
        <details>
          <summary>{words.quoted}</summary>
          <p class="quote sub">{quoted}</p>
        </details>
      )}
      <p class="hint">
        {told.filter(Boolean).map((each) => `${each} · `)}
        <time datetime={message.at}>{instant(message.at)}</time>
        {message.email_status ? ` · ${words.emailStatus[message.email_status]}` : ''}
      </p>
    </li>
  );
}

/** As file managers say it. */
function sizeText({ size }: Attachment): string {
  const kilobytes = Math.max(1, Math.round(size / 1024));
  return kilobytes < 1024 ? `${kilobytes} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`;
}

function Others({ id, first }: { id: string; first: Conversation['answering'] }) {
  const { member } = usePortal();
  const names = useAnswering(id, member.staff_id, first);
  const all = names.join(', ');
  return (
    <p class="hint answering" role="status">
      {names.length === 0 ? '' : names.length === 1 ? words.answering(all) : words.answeringMany(all)}
    </p>
  );
}

/** What the server says of those who wrote before us, in words. */
function refusalText(problem: Problem | null): string {
  if (!problem) return words.unsent;
  return problem.code === 'answered_meanwhile'
    ? words.answeredMeanwhile([...new Set(problem.newer.map(({ author }) => author))].join(', '))
    : problemText(problem);
}

interface WritingProps {
  id: string;
  path: string;
  /** The newest message that is on show. */
  seenId: string | null;
  onSent: () => void;
}

/** What is typed is remembered by the tab until it is sent. */
function Writing({ id, path, seenId, onSent }: WritingProps) {
  const saying = useSaying(path);
  const draft = `draft.${id}`;
  const isOnline = useStore(online);
  const [internal, setInternal] = useState(false);
  const attempts = useState(() => new Attempts(`message.${id}`))[0];
  const form = useForm<{ body: string }, Message>({
    first: { body: recall<string>(draft) ?? '' },
    order: ['body'],
    check: ({ body }) => (body.trim() ? {} : { body: words.emptyMessage }),
    send: async ({ body }) => {
      const message = internal
        ? { body, internal_note: true }
        : { body, ...(seenId && { seen_id: seenId }) };
      const idempotencyKey = attempts.keyFor(message);
      const answer = await ask<Message>('POST', `${path}/messages`, {
        body: message,
        idempotencyKey,
      });
      if (isSettled(answer)) attempts.settle();
      /* What is new comes above what was typed. */
      if (answer.kind === 'problem' && answer.problem.status === 409) stir('messages');
      return answer;
    },
    done: () => {
      saying.typing(false);
      forget(draft);
      stir('messages');
      onSent();
    },
    changed: ({ body }) => {
      remember(draft, body);
      if (!internal) saying.typing(body.trim() !== '');
    },
  });
  return (
    <form noValidate onSubmit={form.submit}>
      {form.failure && (
        <Alert key={form.failure.turn}>
          <p>{refusalText(form.failure.problem)}</p>
        </Alert>
      )}
      <Field
        id="body"
        label={internal ? words.writeNote : words.write}
        value={form.filling.body}
        error={form.errors.body}
        rows={3}
        onValue={form.edit('body')}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={internal}
          onChange={(event) => setInternal(event.currentTarget.checked)}
        />
        {words.internal}
      </label>
      <button type="submit" class="btn" aria-disabled={form.isSending}>
        {form.isSending ? words.sending : internal ? words.sendNote : words.sendMessage}
      </button>
      {!isOnline && <p class="hint">{words.needsConnection}</p>}
    </form>
  );
}
