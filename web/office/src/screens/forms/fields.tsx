/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The questions of a form: a list whose rows open to be changed, move, and go. */
import { Button, TextInput } from '@mantine/core';
import { ListPlus, Plus, Rows2, UserPlus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useToast } from '../../kit/toast';
import { words } from '../../words/forms';
import type { Building } from './building';
import { type DraftField, forEverybody, lacksPublic, newField, placed } from './draft';
import { FieldCard } from './field_card';

export function Fields({ building }: { building: Building }) {
  const { draft, faults, edit, setFields } = building;
  const { fields } = draft;
  const [openId, setOpenId] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const [dragged, setDragged] = useState<number | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const focusNext = useRef<string | null>(null);
  const toast = useToast();

  /* What was pressed has moved or gone: the focus follows, or goes to what stands there now. */
  useEffect(() => {
    const wanted = focusNext.current;
    if (!wanted) return;
    focusNext.current = null;
    document.querySelector<HTMLElement>(wanted)?.focus();
  });

  const faultyAt = Object.keys(faults).find((path) => path.startsWith('fields.'))?.split('.')[1];
  const faulty = faultyAt === undefined ? undefined : fields[Number(faultyAt)]?.id;
  const shown = faulty ?? openId;

  const add = (...fresh: DraftField[]): void => {
    setFields([...fields, ...fresh]);
    const last = fresh.at(-1);
    if (!last) return;
    setOpenId(last.id);
    focusNext.current = `#${last.id} [data-label]`;
  };
  const move = (from: number, to: number, button?: 'up' | 'down'): void => {
    const field = fields[from];
    if (!field || to < 0 || to >= fields.length) return;
    setFields(placed(fields, from, to));
    setSaid(words.moved(field.label || words.unnamed, to + 1, fields.length));
    const isEnd = (button === 'up' && to === 0) || (button === 'down' && to === fields.length - 1);
    const which = isEnd ? (button === 'up' ? 'down' : 'up') : button;
    if (button) focusNext.current = `#${field.id} [data-move="${which}"]`;
  };
  const remove = (at: number): void => {
    const before = fields;
    const left = fields.toSpliced(at, 1);
    setFields(left);
    toast.say(words.fieldRemoved, () => edit({ fields: before }));
    const next = left[Math.min(at, left.length - 1)];
    focusNext.current = next ? `#${next.id} [data-open]` : '#add-question';
  };
  const duplicate = (at: number): void => {
    const field = fields[at];
    if (!field) return;
    const { type, id: _id, key: _key, isNew: _isNew, ...rest } = field;
    const copy = newField(type, rest);
    setFields(fields.toSpliced(at + 1, 0, copy));
    setOpenId(copy.id);
    focusNext.current = `#${copy.id} [data-label]`;
  };
  return (
    <section className="build" aria-label={words.fields}>
      <TextInput
        label={words.name}
        description={words.nameHint}
        value={draft.name}
        required
        maxLength={120}
        error={faults['name']}
        onChange={(event) => edit({ name: event.currentTarget.value })}
      />
      {fields.length === 0 && (
        <div className="build-none">
          <strong>{words.noFields}</strong>
          <p>{words.noFieldsText}</p>
        </div>
      )}
      <ol ref={list} className="build-list">
        {fields.map((field, at) => (
          <FieldCard
            key={field.id}
            field={field}
            at={at}
            all={fields}
            faults={faultsAt(faults, at)}
            isOpen={field.id === shown}
            isDragged={dragged === at}
            open={() => setOpenId(field.id)}
            close={() => {
              setOpenId(null);
              focusNext.current = `#${field.id} [data-open]`;
            }}
            edit={(next) => setFields(fields.with(at, next))}
            move={(by) => move(at, at + by, by < 0 ? 'up' : 'down')}
            remove={() => remove(at)}
            duplicate={() => duplicate(at)}
            drag={setDragged}
            drop={() => {
              if (dragged !== null && dragged !== at) move(dragged, at);
              setDragged(null);
            }}
          />
        ))}
      </ol>
      <p className="unseen" role="status">
        {said}
      </p>
      <div className="row">
        <Button
          id="add-question"
          variant="light"
          leftSection={<Plus size={17} aria-hidden="true" />}
          onClick={() => add(newField('text'))}
        >
          {words.add}
        </Button>
        <Button
          variant="default"
          leftSection={<Rows2 size={17} aria-hidden="true" />}
          onClick={() => add(newField('section'))}
        >
          {words.addSection}
        </Button>
        {draft.public && lacksPublic(draft) && (
          <Button
            variant="default"
            leftSection={<UserPlus size={17} aria-hidden="true" />}
            onClick={() => setFields([...forEverybody(), ...fields])}
          >
            {words.addPublic}
          </Button>
        )}
      </div>
      {faults['fields'] && (
        <p className="build-fault" role="alert">
          <ListPlus size={16} aria-hidden="true" />
          {faults['fields']}
        </p>
      )}
    </section>
  );
}

/** `fields.2.label` → `label`, of the second. */
function faultsAt(faults: Record<string, string>, at: number): Record<string, string> {
  const start = `fields.${at}.`;
  const own = Object.entries(faults).filter(([path]) => path.startsWith(start));
  return Object.fromEntries(own.map(([path, message]) => [path.slice(start.length), message]));
}
