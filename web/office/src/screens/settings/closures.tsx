/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Days on which the business is closed whatever the week says. */
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Workspace } from '../../kit/contract';
import { words } from '../../words/settings';
import type { Changing } from './changing';

type Closure = Workspace['closures'][number];
type Fault = 'missing' | 'order' | 'twice';

function faultOf(closures: Closure[], at: number): Fault | null {
  const one = closures[at];
  if (!one?.from || !one.to) return 'missing';
  if (one.to < one.from) return 'order';
  return closures.some((other, k) => k < at && other.from === one.from && other.to === one.to) ? 'twice' : null;
}

export const closuresWrong = (closures: Closure[]): boolean => closures.some((_, at) => faultOf(closures, at) !== null);

const today = (): string => new Date().toISOString().slice(0, 10);

export function Closures({ changing }: { changing: Changing<Pick<Workspace, 'hours' | 'closures'>> }) {
  const { value, edit } = changing;
  const { closures } = value;
  const [showsPast, setShowsPast] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const added = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    list.current?.querySelector<HTMLElement>('li:last-child input')?.focus();
  });
  const set = (next: Closure[]): void => edit({ closures: next });
  const all = closures.map((one, at) => ({ one, at }));
  const past = all.filter(({ one }) => one.to !== '' && one.to < today());
  const shown = showsPast ? all : all.filter((each) => !past.includes(each));
  return (
    <section className="panel" aria-labelledby="hours-closed">
      <h2 id="hours-closed">{words.closures.title}</h2>
      <p className="soft small">{words.closures.hint}</p>
      {closures.length === 0 && <p className="soft closures-none">{words.closures.none}</p>}
      <ul className="closures" ref={list}>
        {shown.map(({ one, at }) => (
          <Row
            key={at}
            place={at + 1}
            one={one}
            fault={faultOf(closures, at)}
            change={(change) => set(closures.map((each, k) => (k === at ? { ...each, ...change } : each)))}
            remove={() => {
              set(closures.filter((_, k) => k !== at));
              button.current?.focus();
            }}
          />
        ))}
      </ul>
      <div className="row">
        <Button
          ref={button}
          variant="default"
          leftSection={<Plus size={16} aria-hidden="true" />}
          onClick={() => {
            added.current = true;
            set([...closures, { from: '', to: '', reason: '' }]);
          }}
        >
          {words.closures.add}
        </Button>
        {past.length > 0 && (
          <Button variant="subtle" aria-expanded={showsPast} onClick={() => setShowsPast(!showsPast)}>
            {showsPast ? words.closures.hidePast : words.closures.past(past.length)}
          </Button>
        )}
      </div>
    </section>
  );
}

interface RowProps {
  place: number;
  one: Closure;
  fault: Fault | null;
  change: (change: Partial<Closure>) => void;
  remove: () => void;
}

function Row({ place, one, fault, change, remove }: RowProps) {
  return (
    <li>
      <div className="closure" role="group" aria-label={words.closures.one(place)}>
        <TextInput
          type="date"
          label={words.closures.from}
          value={one.from}
          error={fault === 'missing' && !one.from}
          onChange={(event) => {
            const from = event.currentTarget.value;
            /* One day unless more is said. */
            change(one.to === '' || one.to === one.from ? { from, to: from } : { from });
          }}
        />
        <TextInput
          type="date"
          label={words.closures.to}
          value={one.to}
          min={one.from || undefined}
          error={fault === 'order' || fault === 'twice' || (fault === 'missing' && !one.to)}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
        <TextInput
          className="closure-why"
          label={words.closures.reason}
          value={one.reason ?? ''}
          maxLength={200}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        <ActionIcon aria-label={words.closures.remove(place)} onClick={remove}>
          <Trash2 size={16} aria-hidden="true" />
        </ActionIcon>
        {fault && fault !== 'missing' && (
          <p className="field-fault" role="alert">
            {words.closures.faults[fault]}
          </p>
        )}
      </div>
    </li>
  );
}
