/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All visits as a list: tabs of parts and of kept lists, filters in the address, a table that becomes cards. */
import './bookings.css';
import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { CalendarPlus, CalendarRange, Download, PartyPopper, SearchX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Act } from '../../kit/act';
import { Pages } from '../../kit/list';
import { PageHead } from '../../kit/page';
import { Empty, Waiting } from '../../kit/states';
import { words } from '../../words/bookings';
import { words as kit } from '../../words/kit';
import { type Filters, type Search, type Show, exportOf, filtersOf, listQuery, narrowed, showOf } from './data';
import { FilterBar } from './filters';
import { BookingTable } from './table';
import { Views } from './views';

export function BookingsScreen() {
  const search = useSearch({ from: '/app/bookings' });
  const filters = filtersOf(search);
  return (
    <div className="page bookings">
      <PageHead title={words.title} actions={<Actions filters={filters} />} />
      <Views search={search} />
      <FilterBar search={search} />
      <List filters={filters} search={search} />
    </div>
  );
}

function NewButton() {
  return (
    <Button
      renderRoot={(props) => (
        <Link to="." search={(last) => ({ ...last, new: 'now' })} resetScroll={false} {...props} />
      )}
      leftSection={<CalendarPlus size={17} aria-hidden="true" />}
    >
      {words.newVisit}
    </Button>
  );
}

function Actions({ filters }: { filters: Filters }) {
  return (
    <>
      <Button
        component="a"
        href={exportOf(filters)}
        download
        variant="default"
        leftSection={<Download size={17} aria-hidden="true" />}
      >
        {words.exportCsv}
      </Button>
      <NewButton />
    </>
  );
}

function List({ filters, search }: { filters: Filters; search: Search }) {
  const list = useInfiniteQuery({ ...listQuery(filters), placeholderData: keepPreviousData });
  const { hasNextPage, isFetching, fetchNextPage } = list;
  /* A page that has looked at much and found nothing is no end. */
  const isSeeking = hasNextPage && list.data?.pages.every((page) => page.data.length === 0);
  useEffect(() => {
    if (isSeeking && !isFetching) void fetchNextPage();
  }, [isSeeking, isFetching, fetchNextPage]);

  if (isSeeking) return <Waiting rows={8} height={60} />;
  const more = hasNextPage && <More busy={list.isFetchingNextPage} next={() => void fetchNextPage()} />;
  return (
    <Pages list={list} rows={8} height={60} nothing={<Nothing search={search} />} end={more}>
      {(bookings) => (
        <>
          {list.hasPreviousPage && (
            <Act
              className="list-more bookings-back"
              variant="subtle"
              busy={list.isFetchingPreviousPage}
              onClick={() => void list.fetchPreviousPage()}
            >
              {words.back}
            </Act>
          )}
          <BookingTable bookings={bookings} />
        </>
      )}
    </Pages>
  );
}

/** Goes on by itself as it comes into sight; by the keyboard it is a button. */
function More({ busy, next }: { busy: boolean; next: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  const go = useRef(next);
  useEffect(() => {
    go.current = next;
  });
  useEffect(() => {
    if (!end.current || busy) return;
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && go.current(), { rootMargin: '400px' });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [busy]);
  return (
    <div ref={end}>
      <Act className="list-more" variant="subtle" busy={busy} onClick={next}>
        {kit.more}
      </Act>
    </div>
  );
}

function Nothing({ search }: { search: Search }) {
  const show = showOf(search);
  if (narrowed(search)) {
    if (search.status === 'pending' && !search.q)
      return <Empty icon={PartyPopper} title={words.doneTitle} text={words.doneText} action={<Clear show={show} />} />;
    return <Empty icon={SearchX} title={words.noneTitle} text={words.noneText} action={<Clear show={show} />} />;
  }
  return <Empty icon={CalendarRange} {...words.empty[show]} action={<NewButton />} />;
}

function Clear({ show }: { show: Show }) {
  return (
    <Button
      renderRoot={(props) => (
        <Link {...props} to="/app/bookings" search={show === 'upcoming' ? {} : { show }} />
      )}
      variant="default"
    >
      {words.clear}
    </Button>
  );
}
