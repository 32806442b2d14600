/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What lies over the columns: the one visit in somebody's hands, the line of now, free places. */
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { words } from '../../words/calendar';
import { blocks } from './clash';
import type { Column } from './columns';
import { PX } from './geometry';
import { ghostNow, watchGhost } from './ghost';
import type { Model } from './model';
import { servicesText, timeText, whyText } from './say';

/** The axis is the grid's first column. What is placed absolutely ends where the grid does unless it is told where. */
const FIRST = 2;
const track = (first: number, last = first): string => `${first + FIRST} / ${last + FIRST + 1}`;

export function GhostView({ model }: { model: Model }) {
  const ghost = useSyncExternalStore(watchGhost, ghostNow);
  const own = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (ghost?.by === 'keys') own.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [ghost]);
  if (!ghost) return null;
  const { visit, place, verdict, at, minutes, column } = ghost;
  const why = verdict.code === 'free' ? '' : whyText(model, verdict, place);
  return (
    <div
      ref={own}
      className="cal-ghost"
      data-verdict={verdict.code === 'free' ? 'free' : blocks(verdict) ? 'bad' : 'off'}
      style={{ gridColumn: track(column), insetBlockStart: at * PX, blockSize: minutes * PX - 1 }}
      aria-hidden="true"
    >
      <b>
        {timeText(model, place.start)} – {timeText(model, place.start + minutes)}
      </b>
      <span>{why || `${visit.client.name} · ${servicesText(visit)}`}</span>
    </div>
  );
}

const MINUTE_MS = 60_000;
const TICK_MS = 20_000;
export const nowMinute = (): number => Math.floor(Date.now() / MINUTE_MS);

export function useNow(): number {
  const [now, setNow] = useState(nowMinute);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMinute()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function NowLine({ columns }: { columns: Column[] }) {
  const now = useNow();
  const isNow = ({ day }: Column): boolean => day.start <= now && now < day.start + day.minutes;
  const first = columns.findIndex(isNow);
  const day = columns[first]?.day;
  if (!day) return null;
  const last = columns.findLastIndex(isNow);
  return (
    <div
      className="cal-now"
      aria-hidden="true"
      style={{
        gridColumn: track(first, last),
        insetBlockStart: (now - day.start) * PX,
      }}
    />
  );
}

export interface Free {
  column: number;
  at: number;
  minutes: number;
  start: number;
}

interface FreePlacesProps {
  model: Model;
  places: Free[];
  who: (column: number) => string;
  take: (place: Free) => void;
}

const stopOf = (place: Free): string => `${place.column}:${place.at}`;

/** Where a visit could go: each place is a button, and one of them is what Tab comes to. */
export function FreePlaces({ model, places, who, take }: FreePlacesProps) {
  const [stop, setStop] = useState('');
  const isThere = places.some((place) => stopOf(place) === stop);
  return places.map((place, index) => (
    <button
      key={stopOf(place)}
      type="button"
      className="cal-free"
      data-free={stopOf(place)}
      tabIndex={(isThere ? stopOf(place) === stop : index === 0) ? 0 : -1}
      style={{
        gridColumn: track(place.column),
        insetBlockStart: place.at * PX,
        blockSize: place.minutes * PX - 2,
      }}
      aria-label={words.freeAt(timeText(model, place.start), who(place.column))}
      onFocus={() => setStop(stopOf(place))}
      onClick={() => take(place)}
    >
      {timeText(model, place.start)}
    </button>
  ));
}
