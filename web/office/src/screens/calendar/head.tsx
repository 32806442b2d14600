/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a column is headed by: a person, a room, or a day. */
import { Link } from '@tanstack/react-router';
import { Face } from '../../kit/face';
import { words } from '../../words/calendar';
import { dateLong, dateText, today } from './clock';
import type { Column } from './columns';
import { type Model, holds } from './model';
import { nameOf } from './say';

export function columnName(column: Column, model: Model): string {
  if (column.thingId) return model.things.find(({ id }) => id === column.thingId)?.name ?? '';
  if (model.days.length > 1) return dateLong(column.day.date);
  return column.staffId ? nameOf(model, column.staffId) : '';
}

export function Head({ column, model, isWeek }: { column: Column; model: Model; isWeek: boolean }) {
  const count = column.placed.filter(({ visit }) => holds(visit)).length;
  const note = column.day.closed && isWeek ? words.closed : words.visits(count);
  if (isWeek) {
    const { date } = column.day;
    return (
      <Link
        to="/app/calendar"
        search={(old) => ({ ...old, view: undefined, date })}
        data-today={date === today() || undefined}
      >
        <b>{dateText(date)}</b>
        <span>{note}</span>
      </Link>
    );
  }
  const name = columnName(column, model);
  return (
    <div>
      {column.staffId && <Face name={name} size={30} />}
      <p>
        <b>{name}</b>
        <span>{note}</span>
      </p>
    </div>
  );
}
