/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Why a time was refused, with the nearest free ones a tap away; or what is short. */
import { Button } from '@mantine/core';
import { problemText } from '../../kit/problem';
import { Refusal } from '../../kit/refusal';
import { Alarm } from '../../kit/states';
import { clock, dateTime, sameDay } from '../../kit/time';
import { words } from '../../words/visit';
import { Short } from './short';

interface NearestProps {
  error: Error;
  start: string | null;
  choose: (start: string) => void;
}

function nearestOf(error: Error): string[] {
  const told = error instanceof Refusal ? error.more['nearest'] : null;
  if (!Array.isArray(told)) return [];
  return told.flatMap((one: unknown) => {
    const start = typeof one === 'string' ? one : (one as { start?: unknown }).start;
    return typeof start === 'string' ? [start] : [];
  });
}

export function Refused({ error, start, choose }: NearestProps) {
  const isTaken = error instanceof Refusal && error.code === 'slot_taken';
  const nearest = nearestOf(error);
  return (
    <Alarm>
      <p>{isTaken ? words.taken : problemText(error)}</p>
      <Short error={error} />
      {nearest.length > 0 && (
        <div className="row pick-nearest">
          <span>{words.nearest}</span>
          {nearest.map((at) => (
            <Button key={at} size="compact-sm" variant="default" onClick={() => choose(at)}>
              {start && sameDay(at, start) ? clock(at) : dateTime(at)}
            </Button>
          ))}
        </div>
      )}
    </Alarm>
  );
}
