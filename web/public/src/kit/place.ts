/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Where in a flow the visitor stands, kept in the URL alone: Back, reload and shared links work
 * because there is no second truth. A step is pushed; a choice within a step replaces.
 */
import { useCallback, useLayoutEffect, useState } from 'preact/hooks';

export type Query = Record<string, string | null | undefined>;

export interface Place {
  query: URLSearchParams;
  /** False until the visitor has moved, so that a fresh page does not steal the focus. */
  moved: boolean;
  go: (query: Query, how: 'push' | 'replace') => void;
}

/** A link to the same page with exactly this query; empty values are left out. */
export function href(query: Query): string {
  const text = Object.entries(query)
    .filter((entry): entry is [string, string] => Boolean(entry[1]))
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`)
    .join('&');
  return text ? `?${text}` : location.pathname;
}

export function usePlace(): Place {
  const [at, setAt] = useState({ search: location.search, moved: false });

  /* At once, or Back would be missed for as long as the first frame takes. */
  useLayoutEffect(() => {
    const back = (): void => setAt({ search: location.search, moved: true });
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);

  const go = useCallback((query: Query, how: 'push' | 'replace'): void => {
    const target = href(query);
    if (how === 'push') history.pushState(null, '', target);
    else history.replaceState(null, '', target);
    setAt({ search: location.search, moved: true });
  }, []);

  return { query: new URLSearchParams(at.search), moved: at.moved, go };
}
