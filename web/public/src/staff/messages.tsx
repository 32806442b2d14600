/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Conversations with the clients of this member, and writing in one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { isSettled } from '../kit/api';
import { Attempts } from '../kit/attempt';
import type { Conversation, List, Message } from '../kit/contract';
import type { Loaded } from '../kit/load';
import { BackLink, follow } from '../kit/link';
import { href } from '../kit/place';
import { forget, recall, remember } from '../kit/store';
import { useForm } from '../kit/submit';
import { Alert, Field, problemText } from '../kit/ui';
import { staff as words } from '../words/staff';
import { ask, online, stir, useRead } from './ask';
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

function useInstant(): (at: string) => string {
  const { locale, timezone } = usePortal().member.workspace;
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: timezone,
  });
  return (at) => format.format(new Date(at));
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
  const instant = useInstant();
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
      {read.loading && <Skeleton />}
      {!messages && !read.loading && <Failed read={read} />}
      {messages?.length === 0 && <p class="sub">{words.threadEmpty}</p>}
      <ol class="thread">
        {messages?.map((each) => (
          <li key={each.id} class={each.direction}>
            <p class="quote">{each.body}</p>
            <p class="hint">
              {each.direction === 'note' ? `${words.noteLabel} · ` : ''}
              {each.author ? `${each.author} · ` : ''}
              <time datetime={each.at}>{instant(each.at)}</time>
              {each.email_status
                ? ` · ${words.emailStatus[each.email_status]}`
                : ''}
            </p>
          </li>
        ))}
      </ol>
      <div ref={end} />
      {messages && <Writing key={messages.length} id={id} path={path} />}
    </>
  );
}

/** What is typed is remembered by the tab until it is sent. */
function Writing({ id, path }: { id: string; path: string }) {
  const draft = `draft.${id}`;
  const isOnline = useStore(online);
  const [internal, setInternal] = useState(false);
  const attempts = useState(() => new Attempts(`message.${id}`))[0];
  const form = useForm<{ body: string }, Message>({
    first: { body: recall<string>(draft) ?? '' },
    order: ['body'],
    check: ({ body }) => (body.trim() ? {} : { body: words.emptyMessage }),
    send: async ({ body }) => {
      const message = internal ? { body, internal_note: true } : { body };
      const idempotencyKey = attempts.keyFor(message);
      const answer = await ask<Message>('POST', `${path}/messages`, {
        body: message,
        idempotencyKey,
      });
      if (isSettled(answer)) attempts.settle();
      return answer;
    },
    done: () => {
      forget(draft);
      stir('messages');
    },
    changed: ({ body }) => remember(draft, body),
  });
  return (
    <form noValidate onSubmit={form.submit}>
      {form.failure && (
        <Alert key={form.failure.turn}>
          <p>{form.failure.problem ? problemText(form.failure.problem) : words.unsent}</p>
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
