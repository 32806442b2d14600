/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The letter with a real visit in it, as it is being written; and one sent to oneself. */
import { NativeSelect, Skeleton } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask } from '../../kit/api';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { dateTime } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/automations';
import { session } from '../../shell/session';
import type { Automation } from './data';
import type { Draft } from './draft';

const PAUSE_MS = 350;
const CHOICES = 20;

/** What was typed, once it has stood still for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as T), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function Preview({ of, draft }: { of: Automation; draft: Draft }) {
  const [visit, setVisit] = useState('');
  const wording = useSettled({ subject: draft.subject, body: draft.body });
  const body = { ...wording, ...(visit ? { booking_id: visit } : {}) };
  const path = { key: of.key };
  const letter = useQuery({
    queryKey: ['automations', 'preview', of.key, body],
    queryFn: ({ signal }) => ask(api.POST('/api/v1/automations/{key}/preview', { params: { path }, body, signal })),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const toast = useToast();
  const test = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/automations/{key}/test', { params: { path }, body })),
    onSuccess: ({ to }) => toast.say(words.testSent(to)),
    onError: (error) => toast.fail(error),
  });
  return (
    <section className="automation-preview" aria-label={words.preview}>
      <div className="row apart">
        <h2>{words.preview}</h2>
        <Act
          variant="default"
          size="sm"
          leftSection={<Send size={16} aria-hidden="true" />}
          busy={test.isPending}
          onClick={() => test.mutate()}
        >
          {words.test}
        </Act>
      </div>
      <Visits chosen={visit} choose={setVisit} />
      {letter.error && <Alarm>{problemText(letter.error)}</Alarm>}
      {letter.isPending && <Skeleton height={280} radius="md" />}
      {letter.data && !letter.error && (
        <article className="letter" aria-busy={letter.isPlaceholderData} aria-label={letter.data.subject}>
          <header>
            <p className="soft small">{words.from(session.workspace.name)}</p>
            <h3>{letter.data.subject}</h3>
          </header>
          <p className="letter-text">{letter.data.text}</p>
        </article>
      )}
    </section>
  );
}

function Visits({ chosen, choose }: { chosen: string; choose: (id: string) => void }) {
  const { data } = useQuery({
    queryKey: ['bookings', 'newest', CHOICES],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/bookings', { params: { query: { limit: CHOICES } }, signal }))).data,
  });
  if (!data || data.length === 0) return <p className="soft small">{words.madeUp}</p>;
  return (
    <NativeSelect
      label={words.withVisit}
      value={chosen}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[
        { value: '', label: words.newest },
        ...data.map(({ id, client, start }) => ({ value: id, label: `${client.name}, ${dateTime(start)}` })),
      ]}
    />
  );
}
