/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How wide an element is, as it changes. */
import { useEffect, useRef, useState } from 'react';

export function useWidth<E extends HTMLElement>(first: number) {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(1, Math.floor(entry.contentRect.width)));
    });
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  return [element, width] as const;
}
