/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An invented week to look around in: the offer while the calendar is empty, and the word of it while it is in. */
import './sample.css';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Sparkles, Trash2 } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { Act } from '../../kit/act';
import { api, ask, newKey } from '../../kit/api';
import { problemText } from '../../kit/problem';
import { Alarm, Failed } from '../../kit/states';
import { useToast } from '../../kit/toast';
import { isOwner } from '../../shell/session';
import { words } from '../../words/sample';
import { sampleQuery } from './data';

/* The start has no other dialog, and does not wait for this one. */
const Remove = lazy(() => import('./remove'));

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
      {isAsked && (
        <Suspense fallback={null}>
          <Remove sample={data} close={() => setAsked(false)} />
        </Suspense>
      )}
    </section>
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
