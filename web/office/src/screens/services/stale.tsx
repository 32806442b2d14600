/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Somebody else has saved meanwhile: what they changed, beside what is changed here. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { words } from '../../words/service';
import { staffQuery } from './data';
import { type Draft, type Field, differing, draftOf, lengthOf } from './draft';
import type { Editing } from './editing';

const count = (list: unknown[]): string => (list.length > 0 ? words.amount(list.length) : words.none);

function useShow(): (field: Field, draft: Draft) => string {
  const { data: staff = [] } = useQuery(staffQuery);
  const nameOf = (id: string): string => staff.find((each) => each.id === id)?.name ?? id;
  return (field, draft) => {
    switch (field) {
      case 'active':
        return draft.active ? words.yes : words.no;
      case 'duration_min':
        return `${lengthOf(draft)} ${words.minutes}`;
      case 'buffer_before_min':
        return `${draft.before} ${words.minutes}`;
      case 'buffer_after_min':
        return `${draft.after} ${words.minutes}`;
      case 'segments':
        return draft.segments.map(({ kind, minutes }) => words.part(words.kinds[kind], Number(minutes))).join(', ');
      case 'staff_ids':
        return draft.staff.map(nameOf).join(', ') || words.none;
      case 'staff_terms':
        return (
          draft.staff
            .flatMap((id) => {
              const { price = '', minutes = '' } = draft.terms[id] ?? {};
              const own = [price, minutes && `${minutes} ${words.minutes}`].filter(Boolean);
              return own.length > 0 ? [`${nameOf(id)}: ${own.join(', ')}`] : [];
            })
            .join('; ') || words.none
        );
      case 'materials':
        return count(draft.materials);
      case 'needs':
        return count(draft.needs);
      case 'form_ids':
        return count(draft.forms);
      case 'requires':
        return count(draft.requires);
      default:
        return draft[field] || words.none;
    }
  };
}

export function Stale({ editing, theirs }: { editing: Editing; theirs: NonNullable<Editing['theirs']> }) {
  const { draft, isSaving, takeTheirs, save } = editing;
  const show = useShow();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const fresh = draftOf(theirs.service);
  const mine = new Set(differing(fresh, draft));
  return (
    <section className="panel stale" role="alert">
      <h2 ref={title} tabIndex={-1}>
        {words.staleTitle}
      </h2>
      <p>{words.staleText}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.staleField}</th>
            <th scope="col">{words.staleTheirs}</th>
            <th scope="col">{words.staleYours}</th>
          </tr>
        </thead>
        <tbody>
          {differing(theirs.base, fresh).map((field) => (
            <tr key={field}>
              <th scope="row">{words.fields[field]}</th>
              <td>{show(field, fresh)}</td>
              <td>{mine.has(field) ? show(field, draft) : <span className="soft">{words.staleSame}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <Button variant="default" onClick={takeTheirs}>
          {words.takeTheirs}
        </Button>
        <Button aria-disabled={isSaving || undefined} onClick={save}>
          {words.keepMine}
        </Button>
      </div>
    </section>
  );
}
