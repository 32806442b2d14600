/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When the business is open: a week, and the days on which it is closed all the same. */
import { ActionIcon, Switch, TextInput } from '@mantine/core';
import { Copy, Plus, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import type { Workspace } from '../../kit/contract';
import { Menu, MenuItem } from '../../kit/menu';
import { useToast } from '../../kit/toast';
import { words } from '../../words/settings';
import { type Changing, useBusiness } from './changing';
import { Closures, closuresWrong } from './closures';
import { SaveForm } from './save_bar';
import { type Span, WEEKDAYS, copyDay, dayTitle, endOf, inOrder, nextSpan, shownEnd, spanFaults, weekMinutes } from './week';
import { WithWorkspace } from './with_workspace';

export default function Hours() {
  return <WithWorkspace>{(workspace) => <Fields workspace={workspace} />}</WithWorkspace>;
}

function Fields({ workspace }: { workspace: Workspace }) {
  const changing = useBusiness(workspace, 'hours', 'closures');
  const { hours, closures } = changing.value;
  const isWrong = spanFaults(hours).size > 0 || closuresWrong(closures);
  return (
    <SaveForm changing={changing} isWrong={isWrong}>
      <section className="panel" aria-labelledby="hours-week">
        <div className="panel-line">
          <h2 id="hours-week">{words.hours.week}</h2>
          <p className="soft">{words.hours.total(weekMinutes(hours))}</p>
        </div>
        <p className="soft small">{words.hours.weekHint(workspace.timezone)}</p>
        <ul className="open-week">
          {WEEKDAYS.map((weekday) => (
            <Day key={weekday} weekday={weekday} changing={changing} />
          ))}
        </ul>
      </section>
      <Closures changing={changing} />
    </SaveForm>
  );
}

interface DayProps {
  weekday: number;
  changing: Changing<Pick<Workspace, 'hours' | 'closures'>>;
}

function Day({ weekday, changing: { value, edit } }: DayProps) {
  const { hours } = value;
  const toast = useToast();
  const row = useRef<HTMLLIElement>(null);
  const title = dayTitle(weekday);
  const faults = spanFaults(hours);
  const mine = hours.flatMap((span, at) => (span.weekday === weekday ? [{ span, at }] : []));
  const set = (next: Span[]): void => edit({ hours: next });
  const copy = (to: readonly number[]): void => {
    set(copyDay(hours, weekday, to));
    toast.say(words.hours.copied(title), () => set(hours));
  };
  return (
    <li className="open-day" ref={row}>
      <Switch
        label={title}
        checked={mine.length > 0}
        onChange={(event) =>
          set(
            event.currentTarget.checked
              ? inOrder([...hours, nextSpan(hours, weekday)])
              : hours.filter((span) => span.weekday !== weekday),
          )
        }
      />
      <div className="open-spans">
        {mine.length === 0 && <p className="soft">{words.hours.closed}</p>}
        {mine.map(({ span, at }, place) => (
          <SpanFields
            key={at}
            label={words.hours.spanOf(title, place + 1)}
            span={span}
            fault={faults.get(at)}
            edit={(change) => set(hours.map((each, k) => (k === at ? { ...each, ...change } : each)))}
            remove={() => {
              set(hours.filter((_, k) => k !== at));
              row.current?.querySelector('input')?.focus();
            }}
          />
        ))}
      </div>
      <div className="open-acts">
        {mine.length > 0 && (
          <>
            <ActionIcon
              aria-label={words.hours.addTo(title)}
              title={words.hours.add}
              onClick={() => set(inOrder([...hours, nextSpan(hours, weekday)]))}
            >
              <Plus size={17} aria-hidden="true" />
            </ActionIcon>
            <Menu
              label={words.hours.copyOf(title)}
              trigger={(props) => (
                <ActionIcon {...props} aria-label={words.hours.copyOf(title)} title={words.hours.copy}>
                  <Copy size={16} aria-hidden="true" />
                </ActionIcon>
              )}
            >
              <MenuItem onClick={() => copy([1, 2, 3, 4, 5])}>{words.hours.toWorkdays}</MenuItem>
              <MenuItem onClick={() => copy(WEEKDAYS)}>{words.hours.toAll}</MenuItem>
              {WEEKDAYS.filter((day) => day !== weekday).map((day) => (
                <MenuItem key={day} onClick={() => copy([day])}>
                  {words.hours.toDay(dayTitle(day))}
                </MenuItem>
              ))}
            </Menu>
          </>
        )}
      </div>
    </li>
  );
}

interface SpanProps {
  label: string;
  span: Span;
  fault: keyof typeof words.hours.faults | undefined;
  edit: (change: Partial<Span>) => void;
  remove: () => void;
}

function SpanFields({ label, span, fault, edit, remove }: SpanProps) {
  return (
    <div className="span" role="group" aria-label={label}>
      <TextInput
        type="time"
        aria-label={words.hours.from}
        value={span.start}
        error={Boolean(fault)}
        onChange={(event) => edit({ start: event.currentTarget.value })}
      />
      <span aria-hidden="true">–</span>
      <TextInput
        type="time"
        aria-label={words.hours.to}
        value={shownEnd(span.end)}
        error={Boolean(fault)}
        onChange={(event) => edit({ end: event.currentTarget.value && endOf(event.currentTarget.value) })}
      />
      <ActionIcon aria-label={words.hours.removeOf(label)} onClick={remove}>
        <Trash2 size={16} aria-hidden="true" />
      </ActionIcon>
      {fault && (
        <p className="field-fault" role="alert">
          {words.hours.faults[fault]}
        </p>
      )}
    </div>
  );
}

