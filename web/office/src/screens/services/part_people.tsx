/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who performs it, and who takes another price or another time for it. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Face } from '../../kit/face';
import { Read } from '../../kit/list';
import { words } from '../../words/service';
import { symbol } from './amounts';
import { type Member, staffQuery } from './data';
import { type DraftTerms, lengthOf } from './draft';
import type { Editing } from './editing';
import { Part } from './part';

const SAME: DraftTerms = { price: '', minutes: '' };

export function People({ editing }: { editing: Editing }) {
  const read = useQuery(staffQuery);
  if (read.data) return <Performers all={read.data} editing={editing} />;
  return (
    <Part title={words.parts.people}>
      <Read read={read} rows={2} height={44}>
        {() => null}
      </Read>
    </Part>
  );
}

function Performers({ all, editing: { draft, faults, edit } }: { all: Member[]; editing: Editing }) {
  const people = all.filter(({ id, active }) => active || draft.staff.includes(id));
  const setTerms = (id: string, change: Partial<DraftTerms>): void =>
    edit({ terms: { ...draft.terms, [id]: { ...(draft.terms[id] ?? SAME), ...change } } });
  if (people.length === 0) {
    return (
      <Part title={words.parts.people}>
        <p className="soft">{words.noPeople}</p>
        <Button className="start" variant="default" renderRoot={(props) => <Link to="/app/team" {...props} />}>
          {words.toTeam}
        </Button>
      </Part>
    );
  }
  return (
    <Part title={words.parts.people} hint={words.peopleHint}>
      <div className="terms">
        <div className="terms-head" aria-hidden="true">
          <span />
          <span>{words.colPrice}</span>
          <span>{words.colTime}</span>
        </div>
        {people.map(({ id, name, active, bookable }) => {
          const isIn = draft.staff.includes(id);
          const terms = draft.terms[id] ?? SAME;
          return (
            <div key={id} className="terms-row" data-in={isIn || undefined}>
              <Checkbox
                checked={isIn}
                label={
                  <span className="terms-name">
                    <Face name={name} size={28} />
                    <span>
                      {name}
                      {!(active && bookable) && <span className="soft small">{words.notBookable}</span>}
                    </span>
                  </span>
                }
                onChange={(event) =>
                  edit({
                    staff: event.currentTarget.checked ? [...draft.staff, id] : draft.staff.filter((each) => each !== id),
                  })
                }
              />
              {isIn && (
                <>
                  <TextInput
                    aria-label={words.ownPrice(name)}
                    inputMode="decimal"
                    placeholder={draft.price}
                    leftSection={<span className="soft">{symbol}</span>}
                    value={terms.price}
                    error={faults[`terms.${id}.price`]}
                    onChange={(event) => setTerms(id, { price: event.currentTarget.value })}
                  />
                  <TextInput
                    aria-label={words.ownMinutes(name)}
                    inputMode="numeric"
                    placeholder={String(lengthOf(draft))}
                    rightSection={<span className="soft small">{words.minutes}</span>}
                    value={terms.minutes}
                    error={faults[`terms.${id}.duration_min`]}
                    onChange={(event) => setTerms(id, { minutes: event.currentTarget.value })}
                  />
                </>
              )}
            </div>
          );
        })}
      </div>
      {faults['staff_terms'] && (
        <p className="fault" tabIndex={-1} data-fault>
          {faults['staff_terms']}
        </p>
      )}
      {draft.segments.length > 1 && <p className="soft small">{words.resizeHint}</p>}
    </Part>
  );
}
