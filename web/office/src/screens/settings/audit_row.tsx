/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One event: who did what to what, and each field from what to what. */
import { ArrowRight } from 'lucide-react';
import { clock, dateTime, money } from '../../kit/time';
import { words } from '../../words/settings_audit';
import type { AuditEvent } from './data';

/** `slot_step_min` → `slot step min`, where the catalogue has no better word. */
const fieldName = (name: string): string => words.fields[name] ?? name.replaceAll('_', ' ');

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** In minor units, as the server counts. */
const SUMS = new Set(['price', 'unit_cost', 'variance_value']);

function shown(field: string, value: unknown): string {
  if (typeof value === 'number' && SUMS.has(field)) return money(value);
  if (value === null || value === '') return words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.map(String).join(', ');
  const text = String(value);
  return INSTANT.test(text) ? dateTime(text) : (words.values[text] ?? text);
}

export function AuditRow({ event }: { event: AuditEvent }) {
  const { at, actor_kind: kind, actor_name: name, entity, action, changes } = event;
  const isNew = action === 'created';
  const fields = Object.entries(changes).filter(([, change]) => !(isNew && Array.isArray(change) && isBlank(change[1])));
  return (
    <article className="audit-event">
      <time dateTime={at}>{clock(at)}</time>
      <div>
        <p>
          <strong>{name || words.kinds[kind]}</strong>{' '}
          <span>{words.did(words.actions[action] ?? action.replaceAll('_', ' '), words.entities[entity] ?? entity.replaceAll('_', ' '))}</span>
        </p>
        {fields.length > 0 && (
          <dl className="diff">
            {fields.map(([field, change]) => (
              <div key={field}>
                <dt>{fieldName(field)}</dt>
                <dd>{Array.isArray(change) ? <Change field={field} change={change} isNew={isNew} /> : <ins>{shown(field, change)}</ins>}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </article>
  );
}

const isBlank = (value: unknown): boolean => !value || value === '[]' || (Array.isArray(value) && value.length === 0);

/** What a thing began with came from nothing: that need not be said. */
function Change({ field, change: [before, after], isNew }: { field: string; change: unknown[]; isNew: boolean }) {
  if (isNew && isBlank(before)) return <ins>{shown(field, after)}</ins>;
  return (
    <>
      <del>{shown(field, before)}</del>
      <ArrowRight size={13} role="img" aria-label={words.became} />
      <ins>{shown(field, after)}</ins>
    </>
  );
}
