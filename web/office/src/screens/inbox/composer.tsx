/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where one writes: an answer that goes out, or a note that stays. */
import { SegmentedControl, Textarea } from '@mantine/core';
import { Lock, Send } from 'lucide-react';
import { useRef, useState } from 'react';
import { Act } from '../../kit/act';
import type { Conversation } from '../../kit/contract';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { words } from '../../words/inbox';
import { useAnswering, useTelling } from './answering';
import { SavedReplies } from './saved';
import { type Kind, useWriting } from './sending';

interface ComposerProps {
  conversation: Conversation;
  /** The id of the newest message on show. */
  newest: string | undefined;
}

export function Composer({ conversation, newest }: ComposerProps) {
  const { id, client } = conversation;
  const field = useRef<HTMLTextAreaElement>(null);
  const [isMissing, setMissing] = useState(false);
  const others = useAnswering(conversation);
  const telling = useTelling(id);
  const writing = useWriting(id, newest, () => {
    telling.stop();
    field.current?.focus();
  });
  const isNote = writing.kind === 'note';

  const type = (text: string): void => {
    setMissing(false);
    writing.edit({ text });
    if (isNote || !text.trim()) telling.stop();
    else telling.typing();
  };
  const send = (): void => {
    if (writing.text.trim()) {
      writing.send();
      return;
    }
    setMissing(true);
    field.current?.focus();
  };
  return (
    <form
      className="composer"
      data-note={isNote || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p className="answering" role="status">
        {others.length > 0 && words.answering(others)}
      </p>
      {writing.meanwhile && (
        <Alarm>
          <strong>{words.meanwhile(writing.meanwhile)}</strong> {words.meanwhileHint}
        </Alarm>
      )}
      {Boolean(writing.error) && <Alarm>{problemText(writing.error)}</Alarm>}
      <div className="composer-box">
        <Textarea
          ref={field}
          aria-label={isNote ? words.noteLabel : words.replyLabel(client.name)}
          placeholder={isNote ? words.noteLabel : words.replyLabel(client.name)}
          value={writing.text}
          autosize
          minRows={2}
          maxRows={9}
          maxLength={10_000}
          variant="unstyled"
          error={isMissing && words.emptyBody}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            send();
          }}
        />
        <div className="composer-foot">
          <SegmentedControl<Kind>
            size="xs"
            aria-label={words.kind}
            value={writing.kind}
            onChange={(kind) => writing.edit({ kind })}
            data={[
              { value: 'reply', label: words.reply },
              { value: 'note', label: words.addNote },
            ]}
          />
          <SavedReplies
            conversationId={id}
            insert={(text) => {
              type(writing.text.trim() ? `${writing.text.trimEnd()}\n\n${text}` : text);
              field.current?.focus();
            }}
          />
          <span className="composer-hint">
            {isNote ? words.noteHint : words.replyHint}
            <kbd>{words.keys}</kbd>
          </span>
          <Act
            type="submit"
            busy={writing.isSending}
            leftSection={isNote ? <Lock size={16} aria-hidden="true" /> : <Send size={16} aria-hidden="true" />}
          >
            {isNote ? words.saveNote : words.send}
          </Act>
        </div>
      </div>
    </form>
  );
}
