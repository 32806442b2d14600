/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a screen reads to show as a list: still to come, failed, nothing there, or there with more behind it. */
import './style/list.css';
import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { words } from '../words/kit';
import { Act } from './act';
import { Failed, Waiting } from './states';

interface WaitingRows {
  /** How many rows of what height (px) stand there while nothing has come. */
  rows: number;
  height: number;
}

interface ReadProps<T> extends WaitingRows {
  read: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

/** What comes whole. */
export function Read<T>({ read: { data, error, isPending, refetch }, rows, height, children }: ReadProps<T>) {
  if (isPending) return <Waiting rows={rows} height={height} />;
  if (data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  return children(data);
}

type List<T> = UseInfiniteQueryResult<InfiniteData<{ data: T[] }>>;

interface PagesProps<T> extends WaitingRows {
  list: List<T>;
  nothing: ReactNode;
  /** Instead of the button that goes on. */
  end?: ReactNode;
  className?: string;
  children: (all: T[]) => ReactNode;
}

/** What comes page by page. */
export function Pages<T>({ list, rows, height, nothing, end, className, children }: PagesProps<T>) {
  if (list.isPending) return <Waiting rows={rows} height={height} />;
  if (!list.data) return <Failed error={list.error} retry={() => void list.refetch()} />;
  const all = list.data.pages.flatMap((page) => page.data);
  return (
    <div className={className} aria-busy={list.isPlaceholderData}>
      {all.length > 0 ? children(all) : nothing}
      {end ??
        (list.hasNextPage && (
          <Act className="list-more" variant="subtle" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {words.more}
          </Act>
        ))}
    </div>
  );
}
