/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All forms, and what waits for clients over all of them. */
import './forms.css';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { ChevronRight, ClipboardList, FilePlus2 } from 'lucide-react';
import type { Form } from '../../kit/contract';
import { Read } from '../../kit/list';
import { PageHead } from '../../kit/page';
import { walkRows } from '../../kit/rows';
import { Empty } from '../../kit/states';
import { EXACT } from '../../kit/tab_link';
import { words } from '../../words/forms';
import { STATES, type State, formsQuery, stateOf, waitingQuery } from './data';
import { SubmissionList } from './submission_list';

export function FormsScreen() {
  const search = useSearch({ from: '/app/forms' });
  const show = stateOf(search.show);
  return (
    <div className="page">
      <PageHead title={words.title} actions={<NewButton />} />
      <nav className="form-tabs" aria-label={words.status}>
        <ul className="tabs">
          {([null, ...STATES] as const).map((each) => (
            <li key={each ?? 'forms'}>
              <Link
                to="/app/forms"
                search={each ? { show: each } : {}}
                activeOptions={EXACT}
                className="tab"
                aria-current={each === show ? 'true' : undefined}
              >
                {words.shows[each ?? 'forms']}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {show ? <Asked key={show} state={show} /> : <All />}
    </div>
  );
}

function Asked({ state }: { state: State }) {
  const list = useInfiniteQuery(waitingQuery(state));
  return <SubmissionList list={list} empty={words.states[state]} withForm />;
}

function NewButton() {
  return (
    <Button
      renderRoot={(props) => <Link to="/app/forms/$id" params={{ id: 'new' }} {...props} />}
      leftSection={<FilePlus2 size={17} aria-hidden="true" />}
    >
      {words.newForm}
    </Button>
  );
}

function All() {
  return (
    <Read read={useQuery(formsQuery)} rows={4} height={76}>
      {(all) =>
        all.length === 0 ? (
          <Empty icon={ClipboardList} title={words.emptyTitle} text={words.emptyText} action={<NewButton />} />
        ) : (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
          <ul className="form-list" aria-label={words.list} onKeyDown={walkRows}>
            {all.map((form) => (
              <Row key={form.id} form={form} />
            ))}
          </ul>
        )
      }
    </Read>
  );
}

function Row({ form }: { form: Form }) {
  const count = form.fields.filter((field) => field.type !== 'section').length;
  return (
    <li>
      <Link to="/app/forms/$id" params={{ id: form.id }} className="form-row" data-row>
        <span className="form-mark">
          <ClipboardList size={20} strokeWidth={1.8} aria-hidden="true" />
        </span>
        <span className="form-main">
          <strong>{form.name}</strong>
          <span className="soft small">
            {[words.kinds[form.kind], form.external_url ? words.external : words.questions(count)].join(' · ')}
          </span>
        </span>
        <span className="form-chips">
          {form.clinical && (
            <span className="chip" data-tone="accent">
              {words.clinical}
            </span>
          )}
          {form.public && (
            <span className="chip" data-tone="good">
              {words.public}
            </span>
          )}
          {!form.active && <span className="chip">{words.inactive}</span>}
        </span>
        <ChevronRight size={18} aria-hidden="true" />
      </Link>
    </li>
  );
}
