/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Before the end: what was counted, what differs, and what it is worth. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Act } from '../../kit/act';
import { api, ask, ifMatch } from '../../kit/api';
import type { StocktakeLine } from '../../kit/contract';
import { Dialog } from '../../kit/dialog';
import { problemText } from '../../kit/problem';
import { Refusal } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { money } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { words } from '../../words/inventory';
import { amount, difference } from './amount';
import { type Take, takeQuery } from './data';

interface FinishProps {
  take: Take;
  lines: StocktakeLine[];
  close: () => void;
}

export default function Finish({ take, lines, close }: FinishProps) {
  const cache = useQueryClient();
  const toast = useToast();
  const finish = useMutation({
    mutationFn: async () => {
      /* Over a number that came meanwhile nobody finishes unseen. */
      const fresh = await cache.fetchQuery({ ...takeQuery(take.id), staleTime: 0 });
      const isSeen = fresh.lines.every((line) => lines.some((each) => each.item_id === line.item_id && each.counted === line.counted));
      if (!isSeen) throw new Refusal(412, 'stale_version', '', [], {});
      const params = { path: { id: take.id }, header: { 'If-Match': ifMatch(fresh.version) } };
      return ask(api.POST('/api/v1/stocktakes/{id}/finish', { params }));
    },
    onSuccess: (done) => {
      cache.setQueryData(takeQuery(take.id).queryKey, done);
      toast.say(words.finished);
      close();
    },
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: ['stocktakes'] });
      void cache.invalidateQueries({ queryKey: ['items'] });
    },
  });
  const counted = lines.filter((line) => line.counted !== null);
  const differs = counted.filter((line) => line.variance !== 0);
  const sum = differs.reduce((all, line) => all + (line.value ?? 0), 0);
  return (
    <Dialog onClose={close} title={words.finishTitle}>
      <div className="stack">
        {finish.error && <Told error={finish.error} lines={lines} />}
        <p>{words.finishText(counted.length, take.items)}</p>
        {differs.length === 0 ? (
          <p>{words.finishSame}</p>
        ) : (
          <>
            <h3>{words.finishDiffers(differs.length)}</h3>
            <ul className="differences">
              {differs.map((line) => (
                <li key={line.item_id}>
                  <span>{line.name}</span>
                  <b>{line.variance === null ? '' : difference(line.variance, line.unit)}</b>
                  <span className="soft">{line.value === null ? '' : money(line.value)}</span>
                </li>
              ))}
            </ul>
            <p className="difference-sum">
              {words.differenceTotal}: <b>{money(sum)}</b>
            </p>
          </>
        )}
        <p className="soft small">{words.finishKeep}</p>
        <div className="row apart">
          <Button variant="default" onClick={close}>
            {words.countOn}
          </Button>
          <Act data-autofocus busy={finish.isPending} onClick={() => finish.mutate()}>
            {words.finishDo}
          </Act>
        </div>
      </div>
    </Dialog>
  );
}

interface Short {
  item_id: string;
  name: string;
  needed: number;
  available: number;
}

/** Where bookings hold more than there is, which items. */
function Told({ error, lines }: { error: Error; lines: StocktakeLine[] }) {
  const short = error instanceof Refusal && Array.isArray(error.more['items']) ? (error.more['items'] as Short[]) : [];
  const unitOf = (id: string): string => lines.find((line) => line.item_id === id)?.unit ?? '';
  return (
    <Alarm>
      {problemText(error)}
      {short.length > 0 && (
        <ul>
          {short.map((each) => (
            <li key={each.item_id}>
              {each.name}: {amount(each.available, unitOf(each.item_id))} / {amount(each.needed, unitOf(each.item_id))}
            </li>
          ))}
        </ul>
      )}
    </Alarm>
  );
}
