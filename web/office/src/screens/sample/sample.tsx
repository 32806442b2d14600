/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An invented week to look around in: the offer while the calendar is empty, and the word of it while it is in. */
import './sample.css';
import { Button } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Sparkles, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Alarm, Failed } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { isOwner } from '../../shell/session';
import { words } from '../../words/sample';

const sampleQuery = queryOptions({
  queryKey: ['workspace', 'sample'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/workspace/sample', { signal })),
});
type Sample = Awaited<ReturnType<NonNullable<typeof sampleQuery.queryFn>>>;

/** Nothing stands here while there is none, before that is known, nor for whoever could not take it out. */
export function SampleBand() {
  const { data } = useQuery({ ...sampleQuery, enabled: isOwner });
  const [isAsked, setAsked] = useState(false);
  if (!data?.present) return null;
  return (
    <section className="sample-band" aria-label={words.band}>
      <p>
        <strong>{words.band}</strong> <span className="soft">{words.bandText}</span>
      </p>
      <Button variant="default" leftSection={<Trash2 size={16} aria-hidden="true" />} onClick={() => setAsked(true)}>
        {words.remove}
      </Button>
      {isAsked && <Remove sample={data} close={() => setAsked(false)} />}
    </section>
  );
}

function Remove({ sample, close }: { sample: Sample; close: () => void }) {
  const cache = useQueryClient();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/workspace/sample')),
    /* The band goes with its dialog, which leaves the focus on the page. */
    onSuccess: () => {
      cache.setQueryData(sampleQuery.queryKey, { ...sample, present: false });
      void cache.invalidateQueries();
      toast.say(words.removed);
    },
  });
  return (
    <Dialog onClose={close} title={words.title}>
      <div className="stack">
        <p>{words.goes(sample)}</p>
        <p>{words.goesToo}</p>
        <p>{words.stays}</p>
        <p className="soft">{words.final}</p>
        {remove.error && <Alarm>{problemText(remove.error)}</Alarm>}
        <div className="row apart">
          <Button variant="default" data-autofocus onClick={close}>
            {words.keep}
          </Button>
          <Act color="red.9" busy={remove.isPending} onClick={() => remove.mutate()}>
            {words.removeDo}
          </Act>
        </div>
      </div>
    </Dialog>
  );
}

/** Only while nobody has ever been booked; `isReady`: there is something to book. */
export function SampleOffer({ isReady }: { isReady: boolean }) {
  const { data, error, refetch } = useQuery(sampleQuery);
  const [key] = useState(newKey);
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const put = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/workspace/sample', { params: { header: { 'Idempotency-Key': key } } })),
    onSuccess: async () => {
      await navigate({ to: '/app' });
      void cache.invalidateQueries();
      toast.say(words.put);
    },
  });
  if (!data && !error) return null;
  if (data && (data.present || !data.calendar_empty)) return null;
  return (
    <section className="panel sample-offer stack" aria-labelledby="sample-title">
      {data ? (
        <>
          <h2 id="sample-title">{words.offer}</h2>
          <p className="soft">{words.offerText}</p>
          {put.error && <Alarm>{problemText(put.error)}</Alarm>}
          {isReady ? (
            <Act
              className="start"
              variant="default"
              busy={put.isPending}
              leftSection={<Sparkles size={16} aria-hidden="true" />}
              onClick={() => put.mutate()}
            >
              {words.offerDo}
            </Act>
          ) : (
            <p>{words.offerFirst}</p>
          )}
        </>
      ) : (
        <>
          <h2 id="sample-title">{words.offer}</h2>
          <Failed error={error} retry={() => void refetch()} />
        </>
      )}
    </section>
  );
}
