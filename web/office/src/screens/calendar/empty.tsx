/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Nothing to show, for each reason in words of its own. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { DoorOpen, UsersRound } from 'lucide-react';
import { Empty } from '../../kit/states';
import { isOwner } from '../../shell/session';
import { words } from '../../words/calendar';
import type { Column } from './columns';
import type { Model } from './model';
import type { View } from './view';

/** Without columns there is no grid. */
export function NothingToDraw({ view }: { view: View }) {
  const isRooms = view.name === 'day' && view.by === 'room';
  const action = isOwner ? (
    <Button renderRoot={(props) => <Link to={isRooms ? '/app/resources' : '/app/team'} {...props} />}>
      {isRooms ? words.noRoomsAction : words.noPeopleAction}
    </Button>
  ) : null;
  return isRooms ? (
    <Empty icon={DoorOpen} title={words.noRooms} text={words.noRoomsText} action={action} />
  ) : (
    <Empty icon={UsersRound} title={words.noPeople} text={words.noPeopleText} action={action} />
  );
}

interface NothingProps {
  view: View;
  model: Model;
  columns: Column[];
  isSeeking: boolean;
}

/** Over a grid on which nothing stands; it is not in the way of a click. */
export function Nothing({ view, model, columns, isSeeking }: NothingProps) {
  if (isSeeking || columns.some(({ placed }) => placed.length > 0)) return null;
  if (view.name === 'week') return <Over title={words.emptyWeek} text={words.emptyDayText} />;
  const day = model.days[0];
  const isClosed = day?.closed || day?.open.length === 0;
  if (!isClosed) return <Over title={words.emptyDay} text={words.emptyDayText} />;
  const title = day?.closure ? words.closedBecause(day.closure) : words.closed;
  return <Over title={title} text={words.emptyClosedText} />;
}

function Over({ title, text }: { title: string; text: string }) {
  return (
    <div className="cal-nothing">
      <div>
        <b>{title}</b>
        <span>{text}</span>
      </div>
    </div>
  );
}
