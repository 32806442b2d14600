/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A form being built: three tabs over one draft, and saving it. */
import { ActionIcon, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, MoreHorizontal, Trash2 } from 'lucide-react';
import { Suspense, lazy } from 'react';
import { Act } from '../../kit/act';
import type { Form } from '../../kit/contract';
import { Menu, MenuItem } from '../../kit/menu';
import { PageHead } from '../../kit/page';
import { problemText } from '../../kit/problem';
import { Alarm } from '../../kit/states';
import { EXACT } from '../../kit/tab_link';
import { Waiting } from '../../kit/states';
import { words } from '../../words/forms';
import { ofFormQuery } from './data';
import { Fields } from './fields';
import { Preview } from './preview';
import { SubmissionList } from './submission_list';
import { type Building, useBuilding } from './building';

const Settings = lazy(async () => ({ default: (await import('./settings')).Settings }));

const TABS = ['build', 'settings', 'answers'] as const;
type Tab = (typeof TABS)[number];
type Search = Partial<Record<'tab' | 'status' | 'show', string>>;

export function Builder({ form, search }: { form: Form | null; search: Search }) {
  const building = useBuilding(form);
  const { draft, faults, error } = building;
  const tab: Tab = TABS.find((each) => each === search.tab) ?? 'build';
  const back = (
    <Link to="/app/forms">
      <ArrowLeft size={16} aria-hidden="true" />
      {words.back}
    </Link>
  );
  return (
    <>
      <PageHead
        title={form?.name ?? words.newForm}
        back={back}
        note={form && !form.active && <span className="chip">{words.inactive}</span>}
        actions={<Actions form={form} building={building} />}
      />
      <Tabs tab={tab} isNew={!form} />
      {error !== null && (
        <Alarm>{Object.keys(faults).length > 0 ? words.faults : problemText(error)}</Alarm>
      )}
      {tab === 'build' && (
        <div className="builder">
          <Fields building={building} />
          <Preview draft={draft} />
        </div>
      )}
      {tab === 'settings' && (
        <Suspense fallback={<Waiting rows={4} />}>
          <Settings building={building} formId={form?.id ?? null} />
        </Suspense>
      )}
      {tab === 'answers' && form && <AnswersTab id={form.id} search={search} />}
    </>
  );
}

function Tabs({ tab, isNew }: { tab: Tab; isNew: boolean }) {
  return (
    <nav className="form-tabs" aria-label={words.title}>
      <ul className="tabs">
        {TABS.filter((each) => !isNew || each !== 'answers').map((each) => (
          <li key={each}>
            <Link
              to="."
              search={each === 'build' ? {} : { tab: each }}
              replace
              resetScroll={false}
              activeOptions={EXACT}
              className="tab"
              aria-current={each === tab ? 'true' : undefined}
            >
              {words.tabs[each]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Actions({ form, building }: { form: Form | null; building: Building }) {
  const { isDirty, isSaving, save, discard, remove } = building;
  return (
    <>
      {isDirty && <span className="soft small unsaved">{words.unsaved}</span>}
      {isDirty && form && (
        <Button variant="default" onClick={discard}>
          {words.discard}
        </Button>
      )}
      <Act busy={isSaving} disabled={!isDirty} onClick={save}>
        {form ? words.save : words.create}
      </Act>
      {form && (
        <Menu
          label={words.more}
          trigger={(props) => (
            <ActionIcon {...props} variant="default" size={36} aria-label={words.more}>
              <MoreHorizontal size={18} aria-hidden="true" />
            </ActionIcon>
          )}
        >
          <MenuItem
            isBad
            icon={<Trash2 size={16} aria-hidden="true" />}
            onClick={() => {
              if (globalThis.confirm(words.removeText(form.name))) remove();
            }}
          >
            {words.remove}
          </MenuItem>
        </Menu>
      )}
    </>
  );
}

const STATUSES = ['pending', 'completed'] as const;

function AnswersTab({ id, search }: { id: string; search: Search }) {
  const status = STATUSES.find((each) => each === search.status) ?? null;
  const list = useInfiniteQuery(ofFormQuery(id, status));
  return (
    <>
      <nav className="filters-line" aria-label={words.status}>
        <ul>
          {([null, ...STATUSES] as const).map((each) => (
            <li key={each ?? 'any'}>
              <Link
                to="."
                search={{ tab: 'answers', ...(each ? { status: each } : {}) }}
                replace
                activeOptions={EXACT}
                className="filter"
                aria-current={each === status ? 'true' : undefined}
              >
                {each ? words.statuses[each] : words.any}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <SubmissionList list={list} empty={words.states[status ?? 'all']} first={search.show} />
    </>
  );
}
