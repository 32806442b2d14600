/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How wide an element is, as it changes; known before the first drawing is seen. */
import { useLayoutEffect, useRef, useState } from 'react';

export function useWidth<E extends HTMLElement>(first: number) {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    setWidth(Math.max(1, Math.floor(current.getBoundingClientRect().width)));
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(1, Math.floor(entry.contentRect.width)));
    });
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  return [element, width] as const;
}
