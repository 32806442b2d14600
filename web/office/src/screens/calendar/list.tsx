/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The days as lists: to read on a screen, and on paper as a sheet for each person. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CalendarPlus, CalendarRange } from 'lucide-react';
import { Empty } from '../../kit/states';
import { words } from '../../words/calendar';
import { StatusChip } from '../visit/status';
import { dateLong } from './clock';
import { type Day, type Model, type Visit, dayAt } from './model';
import { nameOf, servicesText, statusOf, timeText } from './say';

const ofDay = (model: Model, day: Day, who: string | null): Visit[] =>
  model.visits.filter((visit) => dayAt(model.days, visit.start) === day && (!who || visit.staff_id === who));

const thingsText = (model: Model, visit: Visit): string =>
  visit.resources
    .map(({ resource_id: id }) => model.things.find((thing) => thing.id === id)?.name ?? '')
    .filter(Boolean)
    .join(', ');

export function DayLists({ model, who }: { model: Model; who: string | null }) {
  if (model.days.every((day) => ofDay(model, day, who).length === 0)) {
    const book = (
      <Button
        renderRoot={(props) => <Link to="/app/calendar" search={(old) => ({ ...old, new: 'now' })} {...props} />}
        leftSection={<CalendarPlus size={17} aria-hidden="true" />}
      >
        {words.book}
      </Button>
    );
    return <Empty icon={CalendarRange} title={words.emptyWeek} text={words.emptyWeekText} action={book} />;
  }
  return (
    <div className="cal-lists">
      {model.days.map((day) => {
        const visits = ofDay(model, day, who);
        return (
          <section key={day.date} aria-labelledby={`list-${day.date}`}>
            <h2 id={`list-${day.date}`}>
              {dateLong(day.date)}
              <span>{day.closed ? words.closed : visits.length > 0 ? words.visits(visits.length) : ''}</span>
            </h2>
            {visits.length === 0 ? (
              <p className="cal-none">{words.sheetEmpty}</p>
            ) : (
              <ul>
                {visits.map((visit) => (
                  <Row key={visit.id} model={model} visit={visit} />
                ))}
              </ul>
            )}
          </section>
        );
      })}
    </div>
  );
}

function Row({ model, visit }: { model: Model; visit: Visit }) {
  const status = statusOf(visit);
  return (
    <li>
      <Link to="/app/calendar" search={(old) => ({ ...old, visit: visit.id })} data-look={status}>
        <span className="cal-row-time">
          {timeText(model, visit.start)} – {timeText(model, visit.start + visit.minutes)}
        </span>
        <b>{visit.client.name}</b>
        <span className="cal-row-what">{servicesText(visit)}</span>
        <span className="cal-row-who">{nameOf(model, visit.staff_id)}</span>
        {status === 'started' ? (
          <span className="chip" data-tone="good">
            {words.underWay}
          </span>
        ) : (
          <StatusChip status={status} />
        )}
      </Link>
    </li>
  );
}

/** Black on white, one person a page. */
export function Sheets({ model, who }: { model: Model; who: string | null }) {
  const people = model.people.filter(({ id }) => !who || id === who);
  return (
    <div className="cal-sheets">
      {people.flatMap((person) =>
        model.days.map((day) => ({ person, day, visits: ofDay(model, day, person.id) }))
          .filter(({ visits }) => model.days.length === 1 || visits.length > 0)
          .map(({ day, visits }) => (
            <section key={`${person.id} ${day.date}`} className="cal-sheet">
              <h2>{words.sheet(person.name, dateLong(day.date))}</h2>
              {visits.length === 0 ? <p>{words.sheetEmpty}</p> : <SheetTable model={model} visits={visits} />}
            </section>
          )),
      )}
    </div>
  );
}

function SheetTable({ model, visits }: { model: Model; visits: Visit[] }) {
  const { list } = words;
  const hasThings = visits.some((visit) => visit.resources.length > 0);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{list.time}</th>
          <th scope="col">{list.client}</th>
          <th scope="col">{list.services}</th>
          {hasThings && <th scope="col">{list.room}</th>}
          <th scope="col">{list.status}</th>
        </tr>
      </thead>
      <tbody>
        {visits.map((visit) => (
          <tr key={visit.id}>
            <td>
              {timeText(model, visit.start)} – {timeText(model, visit.start + visit.minutes)}
            </td>
            <td>
              <b>{visit.client.name}</b>
              {visit.client_alerts.length > 0 && <div>{words.alerts(visit.client_alerts.join(', '))}</div>}
            </td>
            <td>{servicesText(visit)}</td>
            {hasThings && <td>{thingsText(model, visit)}</td>}
            <td>{words.statuses[statusOf(visit)]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
