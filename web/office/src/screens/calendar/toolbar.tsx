/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which day, which view, whose: over the grid. */
import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Plus, Printer } from 'lucide-react';
import { useArrival } from '../../kit/page';
import { EXACT } from '../../kit/tab_link';
import { words } from '../../words/calendar';
import { dateText, dayNumber, plusDays, rangeText, today, weekOf, weekdayText } from './clock';
import type { Model } from './model';
import { VIEWS, type View } from './view';

const WEEK = [0, 1, 2, 3, 4, 5, 6];
const ICON = { size: 18, 'aria-hidden': true } as const;

export function Toolbar({ view, model }: { view: View; model: Model | null }) {
  const heading = useArrival<HTMLHeadingElement>(words.title);
  const isDay = view.name === 'day';
  return (
    <header className="cal-bar">
      <h1 ref={heading} tabIndex={-1}>
        <span className="unseen">{words.title}, </span>
        {isDay ? dateText(view.date) : rangeText(view.from, view.to)}
      </h1>
      <Steps view={view} />
      <div className="cal-choices">
        <Who view={view} model={model} />
        {isDay && <By view={view} />}
        <nav className="cal-switch" aria-label={words.view}>
          {VIEWS.map((name) => (
            <Link
              key={name}
              to="/app/calendar"
              search={(old) => ({ ...old, view: name === 'day' ? undefined : name, date: view.date })}
              aria-current={view.name === name ? 'true' : undefined}
              activeOptions={EXACT}
              activeProps={{}}
            >
              {words.views[name]}
            </Link>
          ))}
        </nav>
        <ActionIcon className="cal-print" variant="default" aria-label={words.print} onClick={() => print()}>
          <Printer {...ICON} />
        </ActionIcon>
        <Button
          className="cal-book"
          renderRoot={(props) => <Link to="/app/calendar" search={(old) => ({ ...old, new: 'now' })} {...props} />}
          leftSection={<Plus {...ICON} />}
        >
          {words.book}
        </Button>
      </div>
      {isDay && <DayStrip view={view} />}
    </header>
  );
}

function Steps({ view }: { view: View }) {
  const navigate = useNavigate();
  const isDay = view.name === 'day';
  const by = isDay ? 1 : 7;
  const step = (days: number, label: string, icon: typeof ChevronLeft) => {
    const Icon = icon;
    return (
      <ActionIcon
        variant="default"
        aria-label={label}
        renderRoot={(props) => (
          <Link to="/app/calendar" search={(old) => ({ ...old, date: plusDays(view.date, days) })} {...props} />
        )}
      >
        <Icon {...ICON} className="cal-arrow" />
      </ActionIcon>
    );
  };
  return (
    <div className="cal-steps">
      {step(-by, isDay ? words.previousDay : words.previousWeek, ChevronLeft)}
      {step(by, isDay ? words.nextDay : words.nextWeek, ChevronRight)}
      <Button
        variant="default"
        renderRoot={(props) => <Link to="/app/calendar" search={(old) => ({ ...old, date: undefined })} {...props} />}
      >
        {words.today}
      </Button>
      <input
        type="date"
        className="cal-date"
        aria-label={words.date}
        value={view.date}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value) void navigate({ to: '/app/calendar', search: (old) => ({ ...old, date: value }) });
        }}
      />
    </div>
  );
}

function Who({ view, model }: { view: View; model: Model | null }) {
  const navigate = useNavigate();
  const people = model?.people ?? [];
  if (view.name === 'day' && view.by === 'room') return null;
  return (
    <NativeSelect
      className="cal-who"
      aria-label={words.who}
      value={view.who ?? ''}
      onChange={(event) => {
        const who = event.currentTarget.value || undefined;
        void navigate({ to: '/app/calendar', search: (old) => ({ ...old, who, person: undefined }) });
      }}
      data={[
        { value: '', label: words.everyone },
        ...people.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}

function By({ view }: { view: View }) {
  return (
    <nav className="cal-switch cal-by" aria-label={words.columns}>
      {(['person', 'room'] as const).map((by) => (
        <Link
          key={by}
          to="/app/calendar"
          search={(old) => ({ ...old, by: by === 'room' ? by : undefined })}
          aria-current={view.by === by ? 'true' : undefined}
          activeOptions={EXACT}
          activeProps={{}}
        >
          {words.by[by]}
        </Link>
      ))}
    </nav>
  );
}

/** On a phone: the days of the week, a tap away. */
function DayStrip({ view }: { view: View }) {
  const monday = weekOf(view.date);
  const present = today();
  return (
    <nav className="cal-strip" aria-label={words.days}>
      {WEEK.map((index) => {
        const date = plusDays(monday, index);
        return (
          <Link
            key={date}
            to="/app/calendar"
            search={(old) => ({ ...old, date })}
            aria-current={date === view.date ? 'date' : undefined}
            activeOptions={EXACT}
            activeProps={{}}
            data-today={date === present || undefined}
          >
            <span>{weekdayText(date)}</span>
            <b>{dayNumber(date)}</b>
          </Link>
        );
      })}
    </nav>
  );
}
