/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Forms that clients were asked to fill in; choosing one opens it beside the list. */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { CheckCheck } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import type { Submission } from '../../kit/contract';
import { Face } from '../../kit/face';
import { Pages } from '../../kit/list';
import { Empty } from '../../kit/states';
import { brief } from '../../kit/time';
import { words } from '../../words/forms';

const SubmissionView = lazy(() => import('./submission'));

interface Page {
  data: Submission[];
  next_cursor: string | null;
}

interface ListProps {
  list: UseInfiniteQueryResult<InfiniteData<Page>>;
  empty: [string, string];
  /** With the name of the form on each row. */
  withForm?: boolean;
  /** One that is open from the start. */
  first?: string | undefined;
}

export function SubmissionList({ list, empty, withForm = false, first }: ListProps) {
  const [open, setOpen] = useState<string | null>(first ?? null);
  const [title, text] = empty;
  return (
    <>
      <Pages list={list} rows={5} height={64} nothing={<Empty icon={CheckCheck} title={title} text={text} />}>
        {(all) => (
          <ul className="form-list">
            {all.map((each) => (
              <Row key={each.id} submission={each} withForm={withForm} open={() => setOpen(each.id)} />
            ))}
          </ul>
        )}
      </Pages>
      <Suspense>{open && <SubmissionView id={open} close={() => setOpen(null)} />}</Suspense>
    </>
  );
}

const TONES = { pending: 'warn', completed: 'good', dropped: undefined } as const;

export function SubmissionChip({ submission: { status, overdue } }: { submission: Submission }) {
  return (
    <span className="chip" data-tone={overdue ? 'bad' : TONES[status]}>
      {overdue ? words.overdue : words.statuses[status]}
    </span>
  );
}

function whenOf({ visit_start: visit, completed_at: completed, asked_at: asked }: Submission): string {
  const about = visit ? words.visitOn(brief(visit)) : words.asLead;
  return [about, completed ? words.completedOn(brief(completed)) : words.asked(brief(asked))].join(' · ');
}

interface RowProps {
  submission: Submission;
  withForm: boolean;
  open: () => void;
}

function Row({ submission, withForm, open }: RowProps) {
  const { client, form } = submission;
  return (
    <li>
      <button type="button" className="form-row" onClick={open}>
        <Face name={client.name} size={36} />
        <span className="form-main">
          <strong>{withForm ? `${client.name} · ${form.name}` : client.name}</strong>
          <span className="soft small">{whenOf(submission)}</span>
        </span>
        <SubmissionChip submission={submission} />
      </button>
    </li>
  );
}
