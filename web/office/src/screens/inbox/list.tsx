/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The conversations: search, filters with their counts, rows. */
import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CheckCheck, Inbox, SearchX, ShieldCheck, UserCheck } from 'lucide-react';
import { Pages } from '../../kit/list';
import { useArrival } from '../../kit/page';
import { walkRows } from '../../kit/rows';
import { SearchField } from '../../kit/search';
import { Empty } from '../../kit/states';
import { EXACT } from '../../kit/tab_link';
import { may } from '../../shell/session';
import { words } from '../../words/inbox';
import { countsQuery } from './counts';
import { FILTERS, type Filter, filterOf, listQuery } from './data';
import { Row } from './row';

export function ConversationList({ openId }: { openId: string | undefined }) {
  const search = useSearch({ from: '/app/inbox' });
  const navigate = useNavigate();
  const filter = filterOf(search.filter);
  const q = search.q ?? '';
  const heading = useArrival<HTMLHeadingElement>(words.title);
  const seek = (value: string): void => {
    void navigate({
      to: '.',
      search: (last) => ({ ...last, q: value || undefined }),
      replace: true,
    });
  };
  return (
    <section className="inbox-list" aria-labelledby="inbox-title">
      <header className="inbox-top">
        <h1 id="inbox-title" ref={heading} tabIndex={-1}>
          {words.title}
        </h1>
        <SearchField label={words.search} value={q} onChange={seek} />
        <Filters current={filter} />
      </header>
      <Rows filter={filter} q={q} openId={openId} />
    </section>
  );
}

const MOST_SHOWN = 99;

function Filters({ current }: { current: Filter }) {
  const { data: counts } = useQuery(countsQuery);
  return (
    <nav className="filters" aria-label={words.filters}>
      <ul>
        {FILTERS.map((filter) => {
          const count = filter === 'all' ? 0 : (counts?.[filter] ?? 0);
          return (
            <li key={filter}>
              <Link
                to="/app/inbox"
                search={(last) => ({ ...last, filter: filter === 'all' ? undefined : filter })}
                activeOptions={EXACT}
                className="filter"
                aria-current={filter === current ? 'true' : undefined}
              >
                {words[filter]}
                {count > 0 && <span className="filter-count">{count > MOST_SHOWN ? '99+' : count}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

interface RowsProps {
  filter: Filter;
  q: string;
  openId: string | undefined;
}

function Rows({ filter, q, openId }: RowsProps) {
  const list = useInfiniteQuery({ ...listQuery(filter, q), placeholderData: keepPreviousData });
  return (
    <Pages list={list} rows={7} height={64} nothing={<Nothing filter={filter} q={q} />} className="inbox-rows">
      {(all) => (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links
        <ul aria-label={words.list} onKeyDown={walkRows}>
          {all.map((each) => (
            <Row key={each.id} conversation={each} isOpen={each.id === openId} />
          ))}
        </ul>
      )}
    </Pages>
  );
}

const ICONS = {
  all: Inbox,
  unanswered: CheckCheck,
  mine: UserCheck,
  unassigned: UserCheck,
  doubtful: ShieldCheck,
  found: SearchX,
};

function Nothing({ filter, q }: { filter: Filter; q: string }) {
  const why = q ? 'found' : filter;
  const [title, text] = words.empty[why];
  return (
    <Empty
      icon={ICONS[why]}
      title={title}
      text={text}
      action={why === 'all' ? may('clients') && <WriteFirst /> : <ShowAll label={q ? words.clearSearch : words.showAll} />}
    />
  );
}

const WriteFirst = () => (
  <Button renderRoot={(props) => <Link to="/app/clients" {...props} />}>{words.writeFirst}</Button>
);

const ShowAll = ({ label }: { label: string }) => (
  <Button renderRoot={(props) => <Link to="/app/inbox" search={{}} {...props} />} variant="default">
    {label}
  </Button>
);
