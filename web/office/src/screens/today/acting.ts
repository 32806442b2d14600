/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Does what a button says: the row goes at once, and comes back with the reason where the server
 * refuses. What has gone stays away until what is read anew no longer has it.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { problemText } from '../../kit/problem';
import { Refusal } from '../../kit/refusal';
import { useToast } from '../../kit/toast';
import { words } from '../../words/today';
import type { Deed } from './deeds';

/** A letter that goes again is taken or refused by then. */
const SLOW_MS = 3_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Somebody was quicker; but a gate that is unmet stands, and says why. */
const isStale = (error: unknown): boolean =>
  error instanceof Refusal && [404, 409, 412].includes(error.status) && error.code !== 'gate_unmet';

export interface Acting {
  gone: ReadonlySet<string>;
  act: (key: string, about: string, deed: Deed) => void;
}

export function useActing(): Acting {
  const client = useQueryClient();
  const toast = useToast();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());

  const readAgain = useCallback(
    () =>
      Promise.all(
        ['dashboard', 'health', 'bookings', 'workspace'].map((root) =>
          client.invalidateQueries({ queryKey: [root] }),
        ),
      ),
    [client],
  );
  const act = useCallback(
    (key: string, about: string, { send, said, undo, isSlow }: Deed) => {
      setGone((old) => new Set(old).add(key));
      const bring = (): void =>
        setGone((old) => {
          const left = new Set(old);
          left.delete(key);
          return left;
        });
      const takeBack = (answer: unknown) =>
        undo &&
        ((): void => {
          undo
            .send(answer)
            .then(() => toast.say(undo.said))
            .catch((error: unknown) => toast.fail(words.failed(about, problemText(error))))
            .finally(() => void readAgain());
        });
      const run = async (): Promise<void> => {
        try {
          const answer = await send();
          toast.say(said, takeBack(answer));
          if (isSlow) await pause(SLOW_MS);
          await readAgain();
        } catch (error) {
          if (isStale(error)) {
            toast.fail(words.meanwhile(about));
            await readAgain();
          } else {
            toast.fail(words.failed(about, problemText(error)));
          }
        } finally {
          bring();
        }
      };
      void run();
    },
    [readAgain, toast],
  );
  return { gone, act };
}
