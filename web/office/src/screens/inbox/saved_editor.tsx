/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where the owner writes saved replies. */
import { Button, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, ChevronRight, Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, ifMatch, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { faultsByField } from '../../kit/refusal';
import { Alarm, Failed, Waiting } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { words } from '../../words/inbox';
import { words as kit } from '../../words/kit';
import { savedQuery } from './saved';

interface Reply {
  id: string | null;
  title: string;
  body: string;
  version: number;
}

const BLANK: Reply = { id: null, title: '', body: '', version: 0 };

export default function SavedEditor({ close }: { close: () => void }) {
  const [open, setOpen] = useState<Reply | null>(null);
  return (
    <Dialog onClose={close} title={words.savedEdit} size="lg">
      {open ? <Edit reply={open} done={() => setOpen(null)} /> : <All choose={setOpen} />}
    </Dialog>
  );
}

function All({ choose }: { choose: (reply: Reply) => void }) {
  const { data, error, isPending, refetch } = useQuery(savedQuery);
  if (isPending) return <Waiting rows={3} />;
  if (!data) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <div className="stack">
      <p className="soft">{words.savedHint}</p>
      <ul className="saved-list">
        {data.map((reply) => (
          <li key={reply.id}>
            <button type="button" onClick={() => choose(reply)}>
              <span>
                <span className="saved-title">{reply.title}</span>
                <span className="saved-text">{reply.body}</span>
              </span>
              <ChevronRight size={18} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <Button
        data-autofocus
        variant="light"
        leftSection={<Plus size={17} aria-hidden="true" />}
        onClick={() => choose(BLANK)}
      >
        {words.savedNew}
      </Button>
    </div>
  );
}

function useStore(reply: Reply, done: () => void) {
  const client = useQueryClient();
  const toast = useToast();
  const [key] = useState(newKey);
  const after = (text: string) => () => {
    void client.invalidateQueries({ queryKey: savedQuery.queryKey });
    toast.say(text);
    done();
  };
  const { id } = reply;
  const store = useMutation({
    mutationFn: (body: { title: string; body: string }) =>
      id === null
        ? ask(api.POST('/api/v1/saved-replies', { params: { header: { 'Idempotency-Key': key } }, body }))
        : ask(
            api.PATCH('/api/v1/saved-replies/{id}', {
              params: { path: { id }, header: { 'If-Match': ifMatch(reply.version) } },
              body,
            }),
          ),
    onSuccess: after(words.savedStored),
  });
  const remove = useMutation({
    mutationFn: (gone: string) =>
      ask(api.DELETE('/api/v1/saved-replies/{id}', { params: { path: { id: gone } } })),
    onSuccess: after(words.savedDeleted),
  });
  return { store, remove };
}

function Edit({ reply, done }: { reply: Reply; done: () => void }) {
  const [title, setTitle] = useState(reply.title);
  const [body, setBody] = useState(reply.body);
  const { store, remove } = useStore(reply, done);
  const error = store.error ?? remove.error;
  const faults = faultsByField(error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    store.mutate({ title: title.trim(), body: body.trim() });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Button
        className="start"
        variant="subtle"
        size="compact-sm"
        leftSection={<ArrowLeft size={16} aria-hidden="true" />}
        onClick={done}
      >
        {words.savedBack}
      </Button>
      {error && Object.keys(faults).length === 0 && <Alarm>{problemText(error)}</Alarm>}
      <TextInput
        data-autofocus
        label={words.savedTitle}
        value={title}
        required
        maxLength={80}
        error={faults['title']}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Textarea
        label={words.savedBody}
        description={words.savedFields}
        value={body}
        required
        autosize
        minRows={5}
        maxRows={14}
        error={faults['body']}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      <div className="row apart">
        {reply.id !== null ? (
          <Act
            variant="subtle"
            color="red"
            busy={remove.isPending}
            onClick={() => reply.id !== null && remove.mutate(reply.id)}
          >
            {words.savedRemove}
          </Act>
        ) : (
          <span />
        )}
        <Act type="submit" busy={store.isPending}>
          {kit.save}
        </Act>
      </div>
    </form>
  );
}
